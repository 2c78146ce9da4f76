#include "lib/buf.h"
#include "payments/provider/provider.h"

#include <string.h>

#define SCALE_MAX 9u

static int64_t
power_of_ten(unsigned n)
{
	int64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

int
provider_amount_text(int64_t minor, unsigned exponent, unsigned scale, char *out,
                     size_t cap)
{
	struct buf b;
	int64_t unit;
	char fraction[SCALE_MAX + 1] = "";

	if (minor <= 0 || exponent > SCALE_MAX || scale > SCALE_MAX)
		return -1;
	unit = power_of_ten(exponent);
	if (scale < exponent && minor % power_of_ten(exponent - scale) != 0)
		return -1;
	for (unsigned i = 0; i < scale; i++) {
		int64_t digit = 0;

		if (i < exponent)
			digit = minor / power_of_ten(exponent - i - 1) % 10;
		fraction[i] = (char)('0' + digit);
	}
	buf_init(&b, out, cap);
	buf_put_i64(&b, minor / unit);
	if (scale > 0) {
		buf_putc(&b, '.');
		buf_puts(&b, fraction);
	}
	return buf_ok(&b) ? 0 : -1;
}

int64_t
provider_amount_minor(const char *text, unsigned exponent)
{
	size_t whole = strspn(text, "0123456789");
	const char *fraction = text + whole;
	int64_t v = 0;

	if (whole == 0 || whole > 15 || exponent > SCALE_MAX / 3)
		return -1;
	for (size_t i = 0; i < whole; i++)
		v = v * 10 + (text[i] - '0');
	if (*fraction == '.' && fraction[1] != '\0')
		fraction++;
	else if (*fraction != '\0')
		return -1;
	if (fraction[strspn(fraction, "0123456789")] != '\0')
		return -1;
	for (unsigned i = 0; i < exponent; i++)
		v = v * 10 + (*fraction != '\0' ? *fraction++ - '0' : 0);
	return fraction[strspn(fraction, "0")] == '\0' ? v : -1;
}
