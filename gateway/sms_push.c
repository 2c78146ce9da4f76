#include "gateway/sms_push.h"

#include "payments/flow/route.h"

#include <string.h>

#define VALUES_MAX 24

static const struct {
	const char *template, *screen;
	const char *subject; /* which of its values the screen is about */
} ASKED[] = {
	{ "lot.quoted", "sell.pushed", "lot" },
	{ "group.asked", "group.pushed", NULL },
};

static bool
find_subject(const struct message *m, const char *name, struct menu_value *out)
{
	struct menu_value value[VALUES_MAX];
	const char *json = m->values == NULL ? "{}" : m->values;
	size_t n = menu_values_json(json, strlen(json), value, VALUES_MAX);

	for (size_t i = 0; i < n; i++) {
		if (value[i].name != menu_hash(name))
			continue;
		*out = value[i];
		return true;
	}
	return false;
}

bool
sms_push_read(const struct message *m, struct dialog_push *what)
{
	memset(what, 0, sizeof *what);
	if (m->attempts != 1 ||
	    !msisdn_parse(m->msisdn, strlen(m->msisdn), NULL, &what->msisdn))
		return false;
	for (size_t i = 0; i < sizeof ASKED / sizeof *ASKED; i++) {
		if (strcmp(m->template, ASKED[i].template) != 0)
			continue;
		what->screen = ASKED[i].screen;
		return ASKED[i].subject == NULL ||
		       find_subject(m, ASKED[i].subject, &what->subject);
	}
	return false;
}

struct smpp_carrier *
sms_push_choose(const struct sms_push_carriers *carriers, const struct message *m,
                struct dialog_push *what)
{
	struct smpp_carrier *best = NULL;
	size_t longest = 0;

	if (!sms_push_read(m, what))
		return NULL;
	for (unsigned i = 0; i < carriers->count; i++) {
		struct smpp_carrier *c = carriers->at[i];
		const char *numbers = smpp_carrier_numbers(c);
		size_t fits = route_fits(numbers, m->msisdn);

		if (!smpp_carrier_can_push(c) || (fits == 0 && numbers[0] != '\0') ||
		    (best != NULL && fits <= longest))
			continue;
		best = c;
		longest = fits;
	}
	return best;
}
