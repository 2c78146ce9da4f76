#include "gateway/sms_text.h"

#include "lib/onetime.h"

#include <sodium.h>
#include <string.h>

#define VALUES_MAX 24

/* The code is nowhere but in the text that tells it. */
static void
add_code(struct menu_facts *facts, struct menu_value *value, const uint8_t *key)
{
	uint8_t seed[ONETIME_SEED];
	char code[ONETIME_DIGITS + 1];
	size_t n;

	for (size_t i = 0; i < facts->count; i++) {
		if (value[i].name != menu_hash("seed") ||
		    sodium_hex2bin(seed, sizeof seed, value[i].text,
		                   strlen(value[i].text), NULL, &n, NULL) != 0 ||
		    n != sizeof seed)
			continue;
		onetime_code(key, seed, code);
		menu_value_text(&value[facts->count++], "code", code);
		sodium_memzero(code, sizeof code);
		return;
	}
}

bool
sms_text(const struct menu_program *program, const struct message *m,
         const struct sms_text_facts *about, struct menu_out *out)
{
	struct menu_value value[VALUES_MAX];
	struct menu_facts facts = {
		.value = value,
		.currency = m->currency,
		.exponent = m->exponent,
		.country = msisdn_country(m->country),
		.today = about->today,
	};
	bool found;

	if (m->values != NULL)
		facts.count =
		    menu_values_json(m->values, strlen(m->values), value, VALUES_MAX - 2);
	menu_value_text(&value[facts.count++], "service", about->service);
	add_code(&facts, value, about->code_key);
	found = menu_text(program, m->template, &facts,
	                  menu_language(program, m->language), out);
	sodium_memzero(value, sizeof value);
	return found;
}
