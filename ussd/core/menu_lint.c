/* Where the screens lead, what the actions want, and the order of all checks. */
#include "ussd/core/menu_program.h"

#include <string.h>

#define EXCHANGES_MAX 9 /* of 20 s each in a session of 180 s */
#define LEVELS_MAX    3 /* menus above an action that changes something */

/* Calls fn for every way that leads out of a screen. */
typedef void edge_fn(void *arg, const struct menu_screen *from,
                     const struct menu_target *to);

static void
each_way(const struct menu_screen *s, edge_fn *fn, void *arg)
{
	fn(arg, s, &s->otherwise);
	for (const struct menu_redirect *r = s->redirects; r != NULL; r = r->next)
		fn(arg, s, &r->to);
	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next)
		fn(arg, s, &c->to);
	if (s->list != NULL)
		fn(arg, s, &s->list->to);
	if (s->list != NULL && s->list->skip != NULL)
		fn(arg, s, &s->list->more);
	fn(arg, s, &s->next);
	for (const struct menu_rule *r = s->action == NULL ? NULL : s->action->rules;
	     r != NULL; r = r->next)
		fn(arg, s, &r->to);
}

struct distance { /* from home, for every screen; UINT16_MAX: not reached */
	const struct menu_program *p;
	uint16_t *exchanges, *menus;
	bool changed;
};

static void
relax(uint16_t *to, uint16_t from, unsigned step, bool *changed)
{
	if (from == UINT16_MAX || from + step >= *to)
		return;
	*to = (uint16_t)(from + step);
	*changed = true;
}

static void
relax_way(void *arg, const struct menu_screen *from, const struct menu_target *to)
{
	struct distance *d = arg;
	size_t at = (size_t)(from - d->p->screen);
	unsigned answers = menu_is_shown(from) ? 1 : 0;
	bool menu = from->choices != NULL && from->ask == NULL;

	if (to->screen < 0)
		return;
	relax(&d->exchanges[to->screen], d->exchanges[at], answers, &d->changed);
	relax(&d->menus[to->screen], d->menus[at], menu ? 1 : 0, &d->changed);
}

static void
measure(struct distance *d)
{
	size_t n = d->p->screens * sizeof *d->menus;

	d->exchanges = arena_zalloc(d->p->arena, n);
	d->menus = arena_zalloc(d->p->arena, n);
	memset(d->exchanges, 0xff, n);
	memset(d->menus, 0xff, n);
	for (size_t i = 0; i < d->p->screens; i++)
		if ((int)i == d->p->home || d->p->screen[i].is_entry)
			d->exchanges[i] = d->menus[i] = 0;
	do {
		d->changed = false;
		for (size_t i = 0; i < d->p->screens; i++)
			each_way(&d->p->screen[i], relax_way, d);
	} while (d->changed);
}

static bool
is_retry(const struct menu_screen *s, const struct menu_screen *from)
{
	return s == from || (from->pin != NULL && from->action != NULL &&
	                     strcmp(from->action->action, s->action->action) == 0);
}

/* Two choices or more below a text that shows what it is about. */
static bool
is_confirm(const struct menu_screen *s)
{
	unsigned choices = 0, values = 0;

	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next)
		choices++;
	for (const struct menu_say *say = s->says; say != NULL; say = say->next)
		for (unsigned i = 0; i < say->text->in[0].count; i++)
			values += say->text->in[0].piece[i].var != NULL;
	return choices >= 2 && values > 0;
}

struct confirm {
	const struct menu_program *p;
	const struct menu_screen *money;
	struct menu_diags *d;
	bool told;
};

static void
check_confirm(void *arg, const struct menu_screen *from, const struct menu_target *to)
{
	struct confirm *c = arg;

	if (to->screen < 0 || &c->p->screen[to->screen] != c->money || c->told ||
	    is_retry(c->money, from) || is_confirm(from))
		return;
	c->told = true;
	menu_fault(c->d, &c->money->at, "E11",
	           "%s moves money, and %s leads here without confirming: show what, to "
	           "whom and "
	           "how much, with 1 Yes 2 No, before it",
	           c->money->action->action, from->name);
}

static void
lint_money(const struct menu_program *p, const struct menu_screen *s,
           struct menu_diags *d)
{
	const struct menu_action *known = s->action == NULL ? NULL : s->action->known;
	struct confirm c = { .p = p, .money = s, .d = d };

	if (s->pin != NULL && s->action == NULL)
		menu_fault(d, &s->at, "E10",
		           "a PIN without an action is lost: write do below it");
	if (s->pin != NULL && known != NULL && !known->secret)
		menu_fault(d, &s->at, "E10", "%s wants no PIN: remove pin", known->name);
	if (s->pin == NULL && known != NULL && known->secret)
		menu_fault(d, &s->action->at, "E10", "%s wants a PIN: write pin above it",
		           known->name);
	if (known == NULL || !known->money)
		return;
	for (size_t i = 0; i < p->screens; i++)
		each_way(&p->screen[i], check_confirm, &c);
}

/* ---- actions --------------------------------------------------------------------------
 */

bool
menu_listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = list; at != NULL && (at = strstr(at, name)) != NULL;
	     at += n)
		if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
			return true;
	return false;
}

static const struct menu_rule *
find_rule(const struct menu_do *act, enum menu_outcome outcome)
{
	for (const struct menu_rule *r = act->rules; r != NULL; r = r->next)
		if (r->outcome == outcome && r->reason == NULL)
			return r;
	return NULL;
}

static void
lint_outcomes(const struct menu_do *act, struct menu_diags *d)
{
	const char *reasons = act->known == NULL ? NULL : act->known->reasons;

	if (find_rule(act, MENU_OK) == NULL)
		menu_fault(d, &act->at, "E9",
		           "what follows when %s went well? write ok -> SCREEN",
		           act->action);
	if (act->once && find_rule(act, MENU_PENDING) == NULL)
		menu_fault(d, &act->at, "E9",
		           "what follows when the outcome of %s is not known yet? write "
		           "pending -> SCREEN",
		           act->action);
	if (find_rule(act, MENU_FAIL) == NULL)
		menu_fault(d, &act->at, "E9",
		           "what follows when %s fails? write fail * -> SCREEN",
		           act->action);
	for (const struct menu_rule *r = act->rules; r != NULL; r = r->next)
		if (r->outcome == MENU_FAIL && r->reason != NULL && reasons != NULL &&
		    !menu_listed(reasons, r->reason))
			menu_fault(d, &r->at, "E9", "%s never fails with %s: it knows %s",
			           act->action, r->reason, reasons);
}

static unsigned
count_names(const char *list)
{
	unsigned n = 0;

	for (; list != NULL && *list != '\0'; list++)
		n += *list != ' ' && (list[1] == ' ' || list[1] == '\0');
	return n;
}

static void
lint_action(const struct menu_program *p, const struct menu_do *act, struct menu_diags *d)
{
	const struct menu_action *known = act->known;

	lint_outcomes(act, d);
	if (p->actions == NULL)
		return;
	if (known == NULL) {
		menu_fault(d, &act->at, "E9",
		           "there is no action %s: see the list in the manual",
		           act->action);
		return;
	}
	if (known->changes && !act->once)
		menu_fault(d, &act->at, "E9",
		           "%s changes something: write once behind it", act->action);
	if (!known->changes && act->once)
		menu_fault(d, &act->at, "E9", "%s changes nothing: remove once",
		           act->action);
	for (unsigned i = 0; i < act->args; i++)
		if (!menu_listed(known->args, act->arg[i].name))
			menu_fault(d, &act->at, "E9", "%s takes no %s: it takes (%s)",
			           act->action, act->arg[i].name,
			           known->args == NULL ? "" : known->args);
	if (act->args != count_names(known->args))
		menu_fault(d, &act->at, "E9", "%s takes (%s): give each of them once",
		           act->action, known->args == NULL ? "" : known->args);
}

/* ---- ways
 * ------------------------------------------------------------------------------ */

void
menu_lint_ways(const struct menu_program *p, struct menu_diags *d)
{
	struct distance far = { .p = p };

	measure(&far);
	for (size_t i = 0; i < p->screens; i++) {
		const struct menu_screen *s = &p->screen[i];

		if (far.exchanges[i] == UINT16_MAX)
			menu_fault(d, &s->at, "E4",
			           "nothing leads to %s: remove it, or write entry "
			           "behind its name if "
			           "the program itself goes there",
			           s->name);
		if (!menu_is_shown(s) && s->action == NULL)
			menu_fault(d, &s->at, "E5",
			           "%s shows nothing when no condition fits: give it a "
			           "say or a do",
			           s->name);
		if (s->action == NULL || !s->action->once ||
		    far.exchanges[i] == UINT16_MAX)
			continue;
		if (far.exchanges[i] + 1 > EXCHANGES_MAX)
			menu_fault(d, &s->at, "W3",
			           "%u exchanges to get here take longer than a session "
			           "of 180 s",
			           far.exchanges[i] + 1U);
		if (far.menus[i] > LEVELS_MAX + 1)
			menu_fault(d, &s->at, "W2", "%u menus to get here: %d are enough",
			           far.menus[i], LEVELS_MAX);
	}
}

void
menu_lint_money(const struct menu_program *p, struct menu_diags *d)
{
	for (size_t i = 0; i < p->screens; i++) {
		lint_money(p, &p->screen[i], d);
		if (p->screen[i].action != NULL)
			lint_action(p, p->screen[i].action, d);
	}
}

void
menu_lint(const struct menu_program *p, const char *locked, size_t locked_len,
          struct menu_diags *diags)
{
	menu_lint_ways(p, diags);
	menu_lint_money(p, diags);
	menu_lint_names(p, diags);
	menu_lint_texts(p, diags);
	if (locked != NULL)
		menu_lint_digits(p, locked, locked_len, diags);
}
