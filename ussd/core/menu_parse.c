#include "ussd/core/menu_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool
parse_fault(struct parser *r, const char *fmt, ...)
{
	char text[sizeof r->diags->at[0].at.text];
	va_list ap;

	if (r->scan.token == TOKEN_WRONG)
		return false; /* told already */
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	menu_fault(r->diags, &r->scan.place, "E0", "%s", text);
	return false;
}

bool
parse_is_word(const struct parser *r, const char *word)
{
	return r->scan.token == TOKEN_WORD && strcmp(r->scan.text, word) == 0;
}

bool
parse_sign(struct parser *r, char sign)
{
	if (r->scan.token != TOKEN_SIGN || r->scan.sign != sign)
		return parse_fault(r, "write %c here", sign);
	scan_next(&r->scan);
	return true;
}

bool
parse_name(struct parser *r, const char *what, const char **name)
{
	if (r->scan.token != TOKEN_WORD)
		return parse_fault(r, "here stands %s, in small letters: loan.amount",
		                   what);
	for (const char *c = r->scan.text; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			return parse_fault(r, "%s is written in small letters", what);
	*name = r->scan.text;
	scan_next(&r->scan);
	return true;
}

bool
parse_string(struct parser *r, const char *context, struct menu_string **out)
{
	struct scan *s = &r->scan;
	struct menu_place at = s->place;
	const char *id;

	if (s->token != TOKEN_TEXT)
		return parse_fault(r, "write a text between \" here");
	id = s->text;
	for (;;) {
		if (scan_text_below(s))
			scan_next(s); /* the end of the line */
		if (scan_next(s) != TOKEN_TEXT)
			break;
		id = arena_printf(r->p->arena, "%s%s", id, s->text);
	}
	*out = menu_string_new(r->p, &at, context, id);
	return true;
}

bool
parse_target(struct parser *r, struct menu_target *out)
{
	if (r->scan.token != TOKEN_ARROW)
		return parse_fault(r, "write -> and a screen here");
	scan_next(&r->scan);
	*out = (struct menu_target){ .at = r->scan.place, .screen = TARGET_NONE };
	return parse_name(r, "the name of a screen", &out->name);
}

bool
parse_literal(struct parser *r, struct menu_value *out)
{
	switch (r->scan.token) {
	case TOKEN_NUMBER:
		if (!r->scan.whole)
			return parse_fault(r, "write a whole number");
		out->kind = MENU_NUMBER;
		out->number = r->scan.milli / 1000;
		break;
	case TOKEN_TEXT:
	case TOKEN_WORD:
		if (strlen(r->scan.text) > MENU_VALUE_BYTES)
			return parse_fault(r, "longer than %d bytes: shorten it",
			                   MENU_VALUE_BYTES);
		menu_value_text(out, "", r->scan.text);
		break;
	case TOKEN_END:
	case TOKEN_LINE:
	case TOKEN_VALUE:
	case TOKEN_ARROW:
	case TOKEN_RANGE:
	case TOKEN_COMPARE:
	case TOKEN_SIGN:
	case TOKEN_WRONG:
		return parse_fault(r, "write a number, a word or a \"text\" here");
	}
	scan_next(&r->scan);
	return true;
}

static bool
parse_roles(struct parser *r, struct menu_condition *c)
{
	while (r->scan.token == TOKEN_WORD && !parse_is_word(r, "else") &&
	       !parse_is_word(r, "set")) {
		if (c->names == CONDITION_NAMES)
			return parse_fault(r, "at most %d roles", CONDITION_NAMES);
		c->var[c->names] = arena_printf(r->p->arena, "role.%s", r->scan.text);
		c->name[c->names] = menu_hash(c->var[c->names]);
		c->names++;
		scan_next(&r->scan);
	}
	return c->names > 0 || parse_fault(r, "name a role: if role treasurer");
}

static bool
parse_comparison(struct parser *r, struct menu_condition *c)
{
	struct menu_value v = { 0 };

	if (!parse_name(r, "a value", &c->var[0]))
		return false;
	c->name[0] = menu_hash(c->var[0]);
	c->names = 1;
	if (r->scan.token != TOKEN_COMPARE)
		return true;
	c->compares = true;
	c->compare = r->scan.compare;
	scan_next(&r->scan);
	if (!parse_literal(r, &v))
		return false;
	c->number = v.number;
	if (v.kind == MENU_TEXT)
		c->word = arena_strdup(r->p->arena, v.text);
	return true;
}

/* At `if`. */
bool
parse_condition(struct parser *r, const struct menu_condition **out)
{
	struct menu_condition *c = arena_zalloc(r->p->arena, sizeof *c);

	c->at = r->scan.place;
	scan_next(&r->scan);
	if (parse_is_word(r, "not")) {
		c->negate = true;
		scan_next(&r->scan);
	}
	*out = c;
	if (!parse_is_word(r, "role"))
		return parse_comparison(r, c);
	scan_next(&r->scan);
	return parse_roles(r, c);
}

/* ---- statements outside a screen ------------------------------------------------------
 */

static struct menu_named *
named(struct parser *r, struct menu_named **list, const char *name,
      const struct menu_place *at)
{
	struct menu_named *n = arena_zalloc(r->p->arena, sizeof *n);

	while (*list != NULL) {
		if (strcmp((*list)->name, name) == 0)
			menu_fault(r->diags, at, "E0",
			           "%s is said twice: also in %s line %u", name,
			           (*list)->at.file, (*list)->at.line);
		list = &(*list)->next;
	}
	n->name = name;
	n->hash = menu_hash(name);
	n->at = *at;
	return *list = n;
}

static bool
parse_text(struct parser *r)
{
	struct menu_place at = r->scan.place;
	const char *name = "";
	struct menu_named *n;

	if (!parse_name(r, "the name of an SMS text", &name))
		return false;
	n = named(r, &r->p->texts, name, &at);
	if (!parse_string(r, name, &n->text))
		return false;
	n->text->is_sms = true;
	return true;
}

static bool
parse_const(struct parser *r)
{
	struct menu_place at = r->scan.place;
	const char *name = "";
	struct menu_named *n;

	if (!parse_name(r, "the name of a const", &name))
		return false;
	if (r->scan.token != TOKEN_TEXT)
		return parse_fault(r, "write a text between \" here");
	n = named(r, &r->p->consts, name, &at);
	n->value = r->scan.text;
	scan_next(&r->scan);
	return true;
}

static bool
parse_sms(struct parser *r)
{
	struct menu_keyword_row *first = NULL, **at = &first, **list = &r->p->keywords;
	const char *context, *command = "";

	while (r->scan.token == TOKEN_TEXT) {
		struct menu_keyword_row *row = arena_zalloc(r->p->arena, sizeof *row);

		row->word = menu_string_new(r->p, &r->scan.place, "sms", r->scan.text);
		row->word->is_keyword = true;
		*at = row;
		at = &row->next;
		scan_next(&r->scan);
	}
	if (first == NULL)
		return parse_fault(
		    r, "write keywords between \": sms \"BALANCE\" -> balance");
	if (r->scan.token != TOKEN_ARROW)
		return parse_fault(r, "write -> and a command here");
	scan_next(&r->scan);
	if (!parse_name(r, "the name of a command", &command))
		return false;
	context = arena_printf(r->p->arena, "sms.%s", command);
	for (struct menu_keyword_row *row = first; row != NULL; row = row->next) {
		row->command = command;
		row->word->context = context;
	}
	while (*list != NULL)
		list = &(*list)->next;
	*list = first;
	return true;
}

static bool
parse_line(struct parser *r)
{
	static const struct {
		const char *word;
		bool (*parse)(struct parser *);
	} statement[] = { { "text", parse_text },
		          { "const", parse_const },
		          { "sms", parse_sms },
		          { "screen", parse_screen_head } };

	for (unsigned i = 0; i < sizeof statement / sizeof *statement; i++) {
		if (!parse_is_word(r, statement[i].word))
			continue;
		r->screen = NULL;
		scan_next(&r->scan);
		return statement[i].parse(r);
	}
	if (r->screen == NULL)
		return parse_fault(r, "begin with screen, text, sms or const");
	return parse_screen_line(r);
}

void
menu_parse(struct menu_program *p, const struct menu_file *file, struct menu_diags *diags)
{
	struct parser r = { .p = p, .diags = diags };

	scan_begin(&r.scan, p->arena, file, diags);
	scan_next(&r.scan);
	while (r.scan.token != TOKEN_END) {
		if (r.scan.token != TOKEN_LINE && parse_line(&r) &&
		    r.scan.token != TOKEN_LINE && r.scan.token != TOKEN_END)
			parse_fault(&r, "nothing more may stand on this line");
		scan_skip_line(&r.scan);
		if (r.scan.token == TOKEN_LINE)
			scan_next(&r.scan);
	}
}
