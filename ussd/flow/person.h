/*
 * person - what the menus know of who dials: a session as facts.
 *
 * The facts are named like the variables of the menus; a conversation's own value of the
 * same name comes first.
 */
#ifndef USSD_FLOW_PERSON_H
#define USSD_FLOW_PERSON_H

#include "ussd/core/menu.h"
#include "ussd/core/session.h"

#define PERSON_FACTS 24

struct person {
	struct menu_value value[PERSON_FACTS];
	struct menu_facts facts; /* points into the above */
};

/* Borrows nothing but the program's text of the country table. */
void person_of(const struct session *s, const char *msisdn, const char *service_code,
               int64_t now_ms, struct person *out);
/* The names, for checking menus. */
const char *const *person_names(size_t *count);

#endif
