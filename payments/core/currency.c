#include "payments/core/currency.h"

#include <string.h>

static const struct {
	char code[4];
	uint8_t exponent;
} currencies[] = {
	{ "CDF", 2 }, { "COP", 2 }, { "EUR", 2 }, { "GHS", 2 }, { "GNF", 0 },
	{ "KES", 2 }, { "MGA", 2 }, { "MZN", 2 }, { "NGN", 2 }, { "PEN", 2 },
	{ "PHP", 2 }, { "RWF", 0 }, { "SLE", 2 }, { "TZS", 2 }, { "UGX", 0 },
	{ "USD", 2 }, { "XAF", 0 }, { "XOF", 0 }, { "ZMW", 2 }, { "ZWG", 2 },
};

int
currency_decimals(const char *code)
{
	for (unsigned i = 0; i < sizeof currencies / sizeof *currencies; i++)
		if (strcmp(currencies[i].code, code) == 0)
			return currencies[i].exponent;
	return -1;
}

int64_t
currency_grain(const char *code, unsigned decimals)
{
	int64_t grain = 1;

	for (int e = currency_decimals(code); e > (int)decimals; e--)
		grain *= 10;
	return grain;
}
