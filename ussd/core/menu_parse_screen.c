#include "ussd/core/menu_parse.h"

#include <string.h>

static struct menu_screen *
new_screen(struct menu_program *p)
{
	if ((p->screens & (p->screens - 1)) == 0) { /* full at 0, 1, 2, 4, 8, ... */
		size_t room = p->screens == 0 ? 1 : p->screens * 2;
		struct menu_screen *grown = arena_zalloc(p->arena, room * sizeof *grown);

		if (p->screens > 0)
			memcpy(grown, p->screen, p->screens * sizeof *grown);
		p->screen = grown;
	}
	return &p->screen[p->screens++];
}

bool
parse_screen_head(struct parser *r)
{
	struct menu_place at = r->scan.place;
	const char *name;
	struct menu_screen *s;

	if (!parse_name(r, "the name of a screen", &name))
		return false;
	if (strcmp(name, "back") == 0)
		menu_fault(r->diags, &at, "E0",
		           "back leads to the screen before: take another name");
	for (size_t i = 0; i < r->p->screens; i++)
		if (strcmp(r->p->screen[i].name, name) == 0)
			menu_fault(r->diags, &at, "E0",
			           "screen %s is there twice: also in %s line %u", name,
			           r->p->screen[i].at.file, r->p->screen[i].at.line);
	s = new_screen(r->p);
	s->name = name;
	s->at = at;
	s->hash = menu_hash(name);
	s->otherwise.screen = s->next.screen = TARGET_NONE;
	r->screen = s;
	r->say = &s->says;
	r->redirect = &s->redirects;
	r->choice = &s->choices;
	r->rule = NULL;
	if (parse_is_word(r, "entry")) {
		s->is_entry = true;
		scan_next(&r->scan);
	}
	if (parse_is_word(r, "read")) {
		s->is_read = true;
		scan_next(&r->scan);
	}
	if (!parse_is_word(r, "if"))
		return true;
	if (!parse_condition(r, &s->condition))
		return false;
	s->otherwise =
	    (struct menu_target){ .at = at, .name = "home", .screen = TARGET_NONE };
	if (!parse_is_word(r, "else"))
		return true;
	s->otherwise.at = r->scan.place;
	scan_next(&r->scan);
	return parse_name(r, "the name of a screen", &s->otherwise.name);
}

static bool
parse_say(struct parser *r)
{
	struct menu_say *say = arena_zalloc(r->p->arena, sizeof *say);

	if (!parse_string(r, r->screen->name, &say->text))
		return false;
	*r->say = say;
	r->say = &say->next;
	return !parse_is_word(r, "if") || parse_condition(r, &say->condition);
}

static bool
parse_redirect(struct parser *r)
{
	struct menu_redirect *redirect = arena_zalloc(r->p->arena, sizeof *redirect);

	if (!parse_condition(r, &redirect->condition) || !parse_target(r, &redirect->to))
		return false;
	*r->redirect = redirect;
	r->redirect = &redirect->next;
	return true;
}

/* One of `-> TARGET`, `if COND`, `set VAR VALUE`; *found is false if it is none. */
static bool
parse_choice_part(struct parser *r, struct menu_choice *c, bool *found)
{
	*found = true;
	if (r->scan.token == TOKEN_ARROW)
		return parse_target(r, &c->to);
	if (parse_is_word(r, "if"))
		return parse_condition(r, &c->condition);
	*found = parse_is_word(r, "set");
	if (!*found)
		return true;
	scan_next(&r->scan);
	if (!parse_name(r, "a variable", &c->set) || !parse_literal(r, &c->value))
		return false;
	c->value.name = menu_hash(c->set);
	return true;
}

static bool
parse_choice(struct parser *r)
{
	struct menu_choice *c = arena_zalloc(r->p->arena, sizeof *c);
	bool more = true;

	c->at = r->scan.place;
	c->digit = (unsigned)(r->scan.milli / 1000);
	c->to.screen = TARGET_NONE;
	c->to.at = c->at;
	if (!r->scan.whole || r->scan.milli < 1000 || r->scan.milli > 97000)
		return parse_fault(
		    r, "a choice has a number from 1 to 97 (0, 00 and 98 are taken)");
	for (struct menu_choice *o = r->screen->choices; o != NULL; o = o->next)
		if (o->digit == c->digit)
			return parse_fault(
			    r, "%u is taken on this screen: write another number",
			    c->digit);
	scan_next(&r->scan);
	if (!parse_string(r, r->screen->name, &c->label))
		return false;
	*r->choice = c;
	r->choice = &c->next;
	while (more)
		if (!parse_choice_part(r, c, &more))
			return false;
	return true;
}

static bool
parse_bound(struct parser *r, struct menu_bound *b)
{
	switch (r->scan.token) {
	case TOKEN_NUMBER:
		b->milli = r->scan.milli;
		break;
	case TOKEN_WORD:
	case TOKEN_VALUE:
		b->var = r->scan.text;
		b->name = menu_hash(b->var);
		break;
	case TOKEN_END:
	case TOKEN_LINE:
	case TOKEN_TEXT:
	case TOKEN_ARROW:
	case TOKEN_RANGE:
	case TOKEN_COMPARE:
	case TOKEN_SIGN:
	case TOKEN_WRONG:
		return true; /* open on this side */
	}
	b->given = true;
	scan_next(&r->scan);
	return true;
}

static bool
parse_type(struct parser *r, struct menu_ask *ask)
{
	static const char *const type[TYPES] = {
		[TYPE_MONEY] = "money",     [TYPE_GRAMS] = "grams",
		[TYPE_PERCENT] = "percent", [TYPE_COUNT] = "count",
		[TYPE_DATE] = "date",       [TYPE_PHONE] = "phone",
		[TYPE_MEMBER] = "member",   [TYPE_CHOICE] = "choice",
		[TYPE_TEXT] = "text"
	};
	unsigned t = 0;

	while (t < TYPES && !parse_is_word(r, type[t]))
		t++;
	if (t == TYPES)
		return parse_fault(
		    r, "write a type: money, grams, percent, count, date, member, "
		       "phone, choice or text(20)");
	ask->type = (enum menu_type)t;
	scan_next(&r->scan);
	if (ask->type != TYPE_TEXT)
		return true;
	if (!parse_sign(r, '('))
		return false;
	ask->size = (unsigned)(r->scan.milli / 1000);
	if (r->scan.token != TOKEN_NUMBER || !r->scan.whole || ask->size < 1 ||
	    ask->size > MENU_VALUE_BYTES)
		return parse_fault(r, "write how many characters, 1 to %d: text(20)",
		                   MENU_VALUE_BYTES);
	scan_next(&r->scan);
	return parse_sign(r, ')');
}

static bool
parse_ask(struct parser *r)
{
	struct menu_ask *ask = arena_zalloc(r->p->arena, sizeof *ask);

	ask->at = r->scan.place;
	if (r->screen->ask != NULL)
		return parse_fault(r, "a screen asks once: begin another screen");
	if (!parse_name(r, "a variable", &ask->var) || !parse_type(r, ask))
		return false;
	ask->name = menu_hash(ask->var);
	r->screen->ask = ask;
	if (r->scan.token == TOKEN_LINE || r->scan.token == TOKEN_END)
		return true;
	if (!parse_bound(r, &ask->low))
		return false;
	if (r->scan.token != TOKEN_RANGE)
		return parse_fault(r, "write the bounds as 1..20, 1.. or ..{limit}");
	scan_next(&r->scan);
	if (ask->type > TYPE_DATE)
		return parse_fault(r, "this type has no bounds: leave them out");
	return parse_bound(r, &ask->high);
}

static bool
parse_hint(struct parser *r)
{
	struct menu_ask *ask = r->screen->ask;
	struct menu_string **out;

	if (ask == NULL)
		return parse_fault(r, "bad, low and high stand below their ask");
	out = parse_is_word(r, "bad")   ? &ask->bad
	      : parse_is_word(r, "low") ? &ask->too_low
	                                : &ask->too_high;
	scan_next(&r->scan);
	return parse_string(r, r->screen->name, out);
}

static bool
parse_pin(struct parser *r)
{
	if (r->screen->pin != NULL)
		return parse_fault(r, "a screen asks for one PIN: begin another screen");
	return parse_string(r, r->screen->name, &r->screen->pin);
}

static bool
parse_end(struct parser *r)
{
	return parse_string(r, r->screen->name, &r->screen->end);
}

static bool
parse_list(struct parser *r)
{
	struct menu_list *list = arena_zalloc(r->p->arena, sizeof *list);

	list->at = r->scan.place;
	if (!parse_string(r, r->screen->name, &list->row))
		return false;
	r->screen->list = list;
	list->to.screen = list->more.screen = TARGET_NONE;
	return parse_target(r, &list->to);
}

static bool
parse_more(struct parser *r)
{
	struct menu_list *list = r->screen->list;

	if (list == NULL)
		return parse_fault(r, "more stands below a list");
	if (!parse_name(r, "a variable", &list->skip))
		return false;
	list->skip_name = menu_hash(list->skip);
	return parse_target(r, &list->more);
}

static bool
parse_none(struct parser *r)
{
	if (r->screen->list == NULL)
		return parse_fault(r, "none stands below a list");
	return parse_string(r, r->screen->name, &r->screen->list->none);
}

static bool
parse_argument(struct parser *r, struct menu_do *act)
{
	struct menu_parameter *a = &act->arg[act->args];

	if (act->args == MENU_ARGS)
		return parse_fault(r, "at most %d arguments", MENU_ARGS);
	if (!parse_name(r, "a variable", &a->name))
		return false;
	act->args++;
	a->var = a->name;
	a->hash = menu_hash(a->name);
	if (r->scan.token != TOKEN_COMPARE || r->scan.compare != CMP_EQ)
		return true;
	scan_next(&r->scan);
	if (r->scan.token != TOKEN_WORD && r->scan.token != TOKEN_VALUE) {
		a->var = NULL;
		return parse_literal(r, &a->value);
	}
	a->var = r->scan.text;
	a->hash = menu_hash(a->var);
	scan_next(&r->scan);
	return true;
}

static bool
parse_do(struct parser *r)
{
	struct menu_do *act = arena_zalloc(r->p->arena, sizeof *act);

	act->at = r->scan.place;
	if (r->screen->action != NULL)
		return parse_fault(r, "a screen does one thing: begin another screen");
	if (!parse_name(r, "the name of an action", &act->action))
		return false;
	r->screen->action = act;
	r->rule = &act->rules;
	if (r->scan.token == TOKEN_SIGN && r->scan.sign == '(') {
		scan_next(&r->scan);
		while (r->scan.token == TOKEN_WORD) {
			if (!parse_argument(r, act))
				return false;
			if (r->scan.token != TOKEN_SIGN || r->scan.sign != ',')
				break;
			scan_next(&r->scan);
		}
		if (!parse_sign(r, ')'))
			return false;
	}
	if (parse_is_word(r, "once")) {
		act->once = true;
		scan_next(&r->scan);
	}
	return true;
}

#define RULE_REASONS 8

/* One rule for each reason named. */
static bool
parse_rules(struct parser *r, enum menu_outcome outcome)
{
	const char *reason[RULE_REASONS] = { NULL };
	struct menu_rule model = { .at = r->scan.place, .outcome = outcome };
	unsigned n = 0;

	while (r->scan.token == TOKEN_WORD && n < RULE_REASONS) {
		if (!parse_name(r, "a reason", &reason[n++]))
			return false;
	}
	if (n == 0 && r->scan.token == TOKEN_SIGN && r->scan.sign == '*')
		scan_next(&r->scan);
	else if (n == 0 && outcome == MENU_FAIL)
		return parse_fault(r, "write a reason or *: fail * -> oops");
	if (n > 0 && outcome == MENU_OK)
		return parse_fault(r, "ok has no reasons");
	if (r->scan.token == TOKEN_TEXT && !parse_string(r, r->screen->name, &model.note))
		return false;
	if (!parse_target(r, &model.to))
		return false;
	for (unsigned i = 0; i < (n == 0 ? 1 : n); i++) {
		struct menu_rule *rule = arena_zalloc(r->p->arena, sizeof *rule);

		*rule = model;
		rule->reason = reason[i];
		*r->rule = rule;
		r->rule = &rule->next;
	}
	return true;
}

static bool
parse_outcome(struct parser *r)
{
	enum menu_outcome outcome = parse_is_word(r, "ok")        ? MENU_OK
	                            : parse_is_word(r, "pending") ? MENU_PENDING
	                                                          : MENU_FAIL;

	if (r->rule == NULL)
		return parse_fault(r, "ok, pending and fail stand below their do");
	scan_next(&r->scan);
	return parse_rules(r, outcome);
}

static bool
parse_next(struct parser *r)
{
	if (r->screen->next.name != NULL)
		return parse_fault(r, "a screen leads on once: remove one of the arrows");
	return parse_target(r, &r->screen->next);
}

bool
parse_screen_line(struct parser *r)
{
	static const struct {
		const char *word;
		bool keep; /* the statement looks at the word itself */
		bool (*parse)(struct parser *);
	} statement[] = {
		{ "say", false, parse_say },     { "if", true, parse_redirect },
		{ "ask", false, parse_ask },     { "bad", true, parse_hint },
		{ "low", true, parse_hint },     { "high", true, parse_hint },
		{ "pin", false, parse_pin },     { "end", false, parse_end },
		{ "list", false, parse_list },   { "none", false, parse_none },
		{ "more", false, parse_more },   { "do", false, parse_do },
		{ "ok", true, parse_outcome },   { "pending", true, parse_outcome },
		{ "fail", true, parse_outcome },
	};

	if (r->scan.token == TOKEN_NUMBER)
		return parse_choice(r);
	if (r->scan.token == TOKEN_ARROW)
		return parse_next(r);
	for (unsigned i = 0; i < sizeof statement / sizeof *statement; i++) {
		if (!parse_is_word(r, statement[i].word))
			continue;
		if (!statement[i].keep)
			scan_next(&r->scan);
		return statement[i].parse(r);
	}
	return parse_fault(r,
	                   "unknown line: write say, ask, pin, list, do, end, a numbered "
	                   "choice, or -> and a screen");
}
