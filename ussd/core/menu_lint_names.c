/* Values that somebody must have set, and digits that must not move. */
#include "ussd/core/menu_program.h"

#include <stdio.h>
#include <string.h>

static bool
somebody_sets(const struct menu_program *p, const char *name)
{
	for (size_t i = 0; i < p->facts; i++)
		if (strcmp(p->fact[i], name) == 0)
			return true;
	for (size_t i = 0; i < p->action_count; i++)
		if (menu_listed(p->actions[i].gives, name))
			return true;
	for (size_t i = 0; i < p->screens; i++) {
		if (p->screen[i].ask != NULL && strcmp(p->screen[i].ask->var, name) == 0)
			return true;
		if (p->screen[i].list != NULL && p->screen[i].list->skip != NULL &&
		    strcmp(p->screen[i].list->skip, name) == 0)
			return true;
		for (const struct menu_choice *c = p->screen[i].choices; c != NULL;
		     c = c->next)
			if (c->set != NULL && strcmp(c->set, name) == 0)
				return true;
	}
	return false;
}

static void
need(const struct menu_program *p, const struct menu_place *at, const char *name,
     struct menu_diags *d)
{
	if (name != NULL && !somebody_sets(p, name))
		menu_fault(d, at, "E13",
		           "nobody sets %s: no question, no action, and it is no fact of "
		           "the member",
		           name);
}

static void
need_condition(const struct menu_program *p, const struct menu_condition *c,
               struct menu_diags *d)
{
	for (unsigned i = 0; c != NULL && i < c->names; i++)
		if (strncmp(c->var[i], "role.", 5) != 0 || c->compares)
			need(p, &c->at, c->var[i], d);
		else if (!somebody_sets(p, c->var[i]))
			menu_fault(d, &c->at, "E13", "there is no role %s",
			           c->var[i] + 5);
}

static void
lint_screen(const struct menu_program *p, const struct menu_screen *s,
            struct menu_diags *d)
{
	need_condition(p, s->condition, d);
	for (const struct menu_redirect *r = s->redirects; r != NULL; r = r->next)
		need_condition(p, r->condition, d);
	for (const struct menu_say *say = s->says; say != NULL; say = say->next)
		need_condition(p, say->condition, d);
	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next)
		need_condition(p, c->condition, d);
	if (s->ask != NULL) {
		need(p, &s->ask->at, s->ask->low.var, d);
		need(p, &s->ask->at, s->ask->high.var, d);
	}
	for (unsigned i = 0; s->action != NULL && i < s->action->args; i++)
		need(p, &s->action->at, s->action->arg[i].var, d);
}

void
menu_lint_names(const struct menu_program *p, struct menu_diags *d)
{
	if (p->actions == NULL || p->fact == NULL)
		return;
	for (size_t i = 0; i < p->screens; i++)
		lint_screen(p, &p->screen[i], d);
	for (const struct menu_string *s = p->strings; s != NULL; s = s->next) {
		if (s->is_sms || s->is_keyword || strcmp(s->context, "engine") == 0)
			continue;
		for (unsigned i = 0; i < s->in[0].count; i++) {
			const char *name = s->in[0].piece[i].var;

			if (name != NULL && strcmp(name, "low") != 0 &&
			    strcmp(name, "high") != 0)
				need(p, &s->at, name, d);
		}
	}
}

/* ---- digits
 * ---------------------------------------------------------------------------- */

static const char *
target_name(const struct menu_screen *s, const struct menu_choice *c)
{
	if (c->to.name != NULL)
		return c->to.name;
	return s->next.name != NULL ? s->next.name : "-";
}

void
menu_digits(const struct menu_program *p, struct buf *out)
{
	for (size_t i = 0; i < p->screens; i++)
		for (const struct menu_choice *c = p->screen[i].choices; c != NULL;
		     c = c->next) {
			buf_puts(out, p->screen[i].name);
			buf_putc(out, ' ');
			buf_put_i64(out, c->digit);
			buf_putc(out, ' ');
			buf_puts(out, target_name(&p->screen[i], c));
			buf_putc(out, ' ');
			buf_puts(out, c->label->id);
			buf_putc(out, '\n');
		}
}

/* Takes a word off the line. */
static size_t
word_of(const char **at, const char *end, const char **word)
{
	*word = *at;
	while (*at < end && **at != ' ')
		++*at;
	if (*at < end) {
		++*at;
		return (size_t)(*at - *word) - 1;
	}
	return (size_t)(*at - *word);
}

static bool
same(const char *name, const char *text, size_t n)
{
	return strlen(name) == n && memcmp(name, text, n) == 0;
}

struct locked {
	const char *screen, *digit, *target, *label;
	size_t screen_len, digit_len, target_len, label_len;
};

static void
compare_digit(const struct menu_program *p, const struct locked *k, struct menu_diags *d)
{
	for (size_t i = 0; i < p->screens; i++) {
		const struct menu_screen *s = &p->screen[i];

		if (!same(s->name, k->screen, k->screen_len))
			continue;
		for (const struct menu_choice *c = s->choices; c != NULL; c = c->next) {
			char digit[8];

			snprintf(digit, sizeof digit, "%u", c->digit);
			if (!same(digit, k->digit, k->digit_len) ||
			    same(target_name(s, c), k->target, k->target_len) ||
			    same(c->label->id, k->label, k->label_len))
				continue;
			menu_fault(d, &c->at, "E12",
			           "%u was %.*s: people know digits by heart; give the "
			           "new choice a new "
			           "digit",
			           c->digit, (int)k->label_len, k->label);
		}
	}
}

void
menu_lint_digits(const struct menu_program *p, const char *locked, size_t len,
                 struct menu_diags *d)
{
	const char *at = locked, *end = locked + len;

	while (at < end) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		struct locked k;

		if (line_end == NULL)
			line_end = end;
		k.screen_len = word_of(&at, line_end, &k.screen);
		k.digit_len = word_of(&at, line_end, &k.digit);
		k.target_len = word_of(&at, line_end, &k.target);
		k.label = at;
		k.label_len = (size_t)(line_end - at);
		if (k.screen_len > 0 && *k.screen != '#')
			compare_digit(p, &k, d);
		at = line_end + 1;
	}
}
