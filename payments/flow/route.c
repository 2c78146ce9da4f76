#include "payments/flow/route.h"

#include <string.h>

size_t
route_fits(const char *prefixes, const char *msisdn)
{
	size_t best = 0;

	while (*prefixes != '\0') {
		size_t n = strcspn(prefixes, " ");

		if (n > best && strncmp(prefixes, msisdn, n) == 0)
			best = n;
		prefixes += n + (prefixes[n] == ' ');
	}
	return best;
}

const struct settings_provider *
route_find(const struct settings *s, const char *msisdn, const char *currency)
{
	const struct settings_provider *found = NULL;
	size_t best = 0;

	for (unsigned i = 0; s != NULL && i < s->provider_count; i++) {
		const struct settings_provider *p = &s->providers[i];
		size_t n = strcmp(p->currency, currency) == 0
		               ? route_fits(p->numbers, msisdn)
		               : 0;

		if (n > best) {
			best = n;
			found = p;
		}
	}
	return found;
}

void
route_name(const struct settings *s, const char *msisdn, const char *currency,
           char provider[16])
{
	const struct settings_provider *to = route_find(s, msisdn, currency);

	if (to != NULL)
		memcpy(provider, to->name, sizeof to->name);
}

void
route_payment(const struct settings *s, struct payment *p)
{
	_Static_assert(sizeof p->provider == 16, "a name of the settings fits");
	route_name(s, p->msisdn, p->currency, p->provider);
}
