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
provider_by_name(const char *name)
{
	static const struct provider *const all[] = { &provider_mtn, NULL };
	const struct provider *const *at = all;

	while (*at != NULL && strcmp((*at)->name, name) != 0)
		at++;
	return *at;
}
