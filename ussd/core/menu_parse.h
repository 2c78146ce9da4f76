/*
 * menu_parse - what the two halves of the parser share: whole files and single screens.
 */
#ifndef USSD_CORE_MENU_PARSE_H
#define USSD_CORE_MENU_PARSE_H

#include "ussd/core/menu_scan.h"

struct parser {
	struct menu_program *p;
	struct menu_diags *diags;
	struct scan scan;           /* its token is the next to be looked at     */
	struct menu_screen *screen; /* being read; NULL before the first         */
	struct menu_say **say;      /* where its next part goes                  */
	struct menu_redirect **redirect;
	struct menu_choice **choice;
	struct menu_rule **rule;
};

/* Each takes what it names and leaves the token behind it.  False after telling the
 * fault; the rest of the line is then skipped by parse_lines. */
bool parse_fault(struct parser *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
bool parse_is_word(const struct parser *r, const char *word);
bool parse_name(struct parser *r, const char *what, const char **name);
bool parse_string(struct parser *r, const char *context, struct menu_string **out);
bool parse_target(struct parser *r, struct menu_target *out); /* behind the arrow */
bool parse_condition(struct parser *r, const struct menu_condition **out);
bool parse_sign(struct parser *r, char sign);
/* A number, a "text", or a word taken as a text. */
bool parse_literal(struct parser *r, struct menu_value *out);

/* Begins a screen: everything behind its name. */
bool parse_screen_head(struct parser *r);
/* One line of a screen. */
bool parse_screen_line(struct parser *r);

#endif
