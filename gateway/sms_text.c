#include "gateway/sms_text.h"

#include <string.h>

#define VALUES_MAX 24

bool
sms_text(const struct menu_program *program, const struct message *m, const char *service,
         int32_t today, struct menu_out *out)
{
	struct menu_value value[VALUES_MAX];
	struct menu_facts facts = {
		.value = value,
		.currency = m->currency,
		.exponent = m->exponent,
		.country = msisdn_country(m->country),
		.today = today,
	};

	if (m->values != NULL)
		facts.count =
		    menu_values_json(m->values, strlen(m->values), value, VALUES_MAX - 1);
	menu_value_text(&value[facts.count++], "service", service);
	return menu_text(program, m->template, &facts,
	                 menu_language(program, m->language), out);
}
