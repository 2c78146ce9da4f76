#include "ussd/flow/person.h"

#include "payments/flow/members.h"

#include <stddef.h>

#define DAY_MS 86400000

static const struct {
	const char *fact;
	enum role role;
} ROLES[] = {
	{ "role.miner", ROLE_MINER },         { "role.weigher", ROLE_WEIGHER },
	{ "role.treasurer", ROLE_TREASURER }, { "role.officer", ROLE_OFFICER },
	{ "role.auditor", ROLE_AUDITOR },     { "role.operator", ROLE_OPERATOR },
	{ "role.admin", ROLE_ADMIN },
};

const char *const *
person_names(size_t *count)
{
	static const char *const names[] = {
		"role.miner",   "role.weigher",  "role.treasurer", "role.officer",
		"role.auditor", "role.operator", "role.admin",     "member",
		"name",         "number",        "cooperative",    "cooperative_code",
		"msisdn",       "service",       "language",       "approvals",
		"prices_wait",  "lots_wait",
	};

	*count = sizeof names / sizeof *names;
	return names;
}

static void
add_number(struct person *p, const char *name, int64_t number)
{
	menu_value_number(&p->value[p->facts.count++], name, number);
}

static void
add_text(struct person *p, const char *name, const char *text)
{
	menu_value_text(&p->value[p->facts.count++], name, text);
}

void
person_of(const struct session *s, const char *msisdn, const char *service_code,
          int64_t now_ms, struct person *out)
{
	out->facts = (struct menu_facts){
		.value = out->value,
		.currency = s->currency,
		.exponent = s->exponent,
		.country = msisdn_country(s->country),
		.today = (int32_t)(now_ms / DAY_MS),
	};
	for (size_t i = 0; i < sizeof ROLES / sizeof *ROLES; i++)
		add_number(out, ROLES[i].fact, (s->roles & ROLES[i].role) != 0);
	add_number(out, "member", s->member);
	add_text(out, "name", s->name);
	add_text(out, "number", s->number);
	add_text(out, "cooperative", s->cooperative);
	add_text(out, "cooperative_code", s->cooperative_code);
	add_text(out, "msisdn", msisdn);
	add_text(out, "service", service_code);
	add_text(out, "language", s->language);
	add_number(out, "approvals", s->approvals);
	add_number(out, "prices_wait", s->prices);
	add_number(out, "lots_wait", s->lots);
}
