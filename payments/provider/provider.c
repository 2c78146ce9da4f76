#include "payments/provider/provider.h"

#include <string.h>

const char *
pay_reason_name(enum pay_reason r)
{
	static const char *const names[PAY_REASONS] = {
		[REASON_NONE] = "none",
		[REASON_NO_FUNDS] = "no_funds",
		[REASON_WRONG_PIN] = "wrong_pin",
		[REASON_CANCELLED] = "cancelled",
		[REASON_IGNORED] = "ignored",
		[REASON_UNREACHABLE] = "unreachable",
		[REASON_LIMIT] = "limit",
		[REASON_NOT_REGISTERED] = "not_registered",
		[REASON_NOT_ALLOWED] = "not_allowed",
		[REASON_OUR_FLOAT] = "our_float",
		[REASON_OUR_SETUP] = "our_setup",
		[REASON_PROVIDER_DOWN] = "provider_down",
		[REASON_OTHER] = "other",
	};

	return r < PAY_REASONS ? names[r] : "other";
}

const struct provider *
provider_at(size_t i)
{
	static const struct provider *const all[] = {
		&provider_mtn,  &provider_airtel,  &provider_daraja,  &provider_pawapay,
		&provider_gsma, &provider_vodacom, &provider_mpesamz, &provider_orange
	};

	return i < sizeof all / sizeof all[0] ? all[i] : NULL;
}

const struct provider *
provider_by_name(const char *name)
{
	const struct provider *p;
	size_t i = 0;

	while ((p = provider_at(i)) != NULL && strcmp(p->name, name) != 0)
		i++;
	return p;
}
