/* The program for other eyes: translators and people who look at pictures. */
#include "ussd/core/menu_program.h"

#include <string.h>

/* ---- pot ------------------------------------------------------------------------------
 */

static void
put_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		if (*text == '\n')
			buf_puts(out, "\\n");
		else
			buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

static bool
seen_before(const struct menu_program *p, const struct menu_string *s)
{
	for (const struct menu_string *o = p->strings; o != s; o = o->next)
		if (strcmp(o->id, s->id) == 0 && strcmp(o->context, s->context) == 0)
			return true;
	return false;
}

/* Septets left in the source language on what a text stands on; -1 if that says nothing.
 */
static int
septets_left(const struct menu_program *p, const struct menu_string *s)
{
	int i = menu_find_screen(p, menu_hash(s->context));

	if (s->is_sms)
		return MENU_SEPTETS - (int)menu_widest(s, 0);
	if (s->is_keyword || i == TARGET_NONE)
		return -1;
	return MENU_SEPTETS - (int)menu_widest_screen(p, &p->screen[i], 0);
}

void
menu_pot(const struct menu_program *p, struct buf *out)
{
	buf_puts(
	    out,
	    "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
	    "\"Content-Transfer-Encoding: 8bit\\n\"\n");
	for (const struct menu_string *s = p->strings; s != NULL; s = s->next) {
		int left = septets_left(p, s);

		if (seen_before(p, s))
			continue;
		buf_putc(out, '\n');
		if (left >= 0) {
			buf_puts(out, "#. ");
			buf_put_i64(out, left);
			buf_puts(out, " septets left in ");
			buf_puts(out, p->language[0]);
			buf_putc(out, '\n');
		}
		if (s->at.line > 0) {
			buf_puts(out, "#: ");
			buf_puts(out, s->at.file);
			buf_putc(out, ':');
			buf_put_i64(out, s->at.line);
			buf_putc(out, '\n');
		}
		buf_puts(out, "msgctxt ");
		put_quoted(out, s->context);
		buf_puts(out, "\nmsgid ");
		put_quoted(out, s->id);
		buf_puts(out, "\nmsgstr \"\"\n");
	}
}

/* ---- graph ----------------------------------------------------------------------------
 */

struct drawing {
	const struct menu_program *p;
	enum menu_graph form;
	struct buf *out;
};

static void
put_label(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\' || *text == '|' || *text == '{' ||
		    *text == '}')
			buf_putc(out, ' ');
		else
			buf_putc(out, (char)(*text == '\n' ? ' ' : *text));
	}
}

enum look { LOOK_SHOWN, LOOK_ACTS, LOOK_PIN, LOOK_END };

static enum look
look_of(const struct menu_screen *s)
{
	if (s->end != NULL)
		return LOOK_END;
	if (s->pin != NULL)
		return LOOK_PIN;
	return menu_is_shown(s) ? LOOK_SHOWN : LOOK_ACTS;
}

static void
put_node(const struct drawing *d, size_t i)
{
	static const struct {
		const char *dot, *open, *close;
	} shape[] = {
		[LOOK_SHOWN] = { "box, style=rounded", "(", ")" },
		[LOOK_ACTS] = { "box", "[", "]" },
		[LOOK_PIN] = { "hexagon", "{{", "}}" },
		[LOOK_END] = { "doubleoctagon", "[[", "]]" },
	};
	const struct menu_screen *s = &d->p->screen[i];
	enum look look = look_of(s);

	if (d->form == MENU_DOT) {
		buf_puts(d->out, "  \"");
		buf_puts(d->out, s->name);
		buf_puts(d->out, "\" [shape=");
		buf_puts(d->out, shape[look].dot);
		buf_puts(d->out, "];\n");
		return;
	}
	buf_puts(d->out, "  s");
	buf_put_i64(d->out, (int64_t)i);
	buf_puts(d->out, shape[look].open);
	buf_puts(d->out, s->name);
	buf_puts(d->out, shape[look].close);
	buf_putc(d->out, '\n');
}

static void
put_edge(const struct drawing *d, size_t from, const struct menu_target *to,
         const char *first, const char *second)
{
	if (to->screen < 0)
		return;
	if (d->form == MENU_DOT) {
		buf_puts(d->out, "  \"");
		buf_puts(d->out, d->p->screen[from].name);
		buf_puts(d->out, "\" -> \"");
		buf_puts(d->out, d->p->screen[to->screen].name);
		buf_puts(d->out, "\" [label=\"");
	} else {
		buf_puts(d->out, "  s");
		buf_put_i64(d->out, (int64_t)from);
		buf_puts(d->out, " -->|\"");
	}
	buf_puts(d->out, first);
	if (*first != '\0' && *second != '\0')
		buf_putc(d->out, ' ');
	put_label(d->out, second);
	buf_puts(d->out, *first == '\0' && *second == '\0' ? " " : "");
	if (d->form == MENU_DOT) {
		buf_puts(d->out, "\"];\n");
	} else {
		buf_puts(d->out, "\"| s");
		buf_put_i64(d->out, to->screen);
		buf_putc(d->out, '\n');
	}
}

static void
put_rules(const struct drawing *d, size_t i, const struct menu_do *act)
{
	static const char *const outcome[] = { "ok", "pending", "fail" };

	for (const struct menu_rule *r = act->rules; r != NULL; r = r->next)
		put_edge(d, i, &r->to, outcome[r->outcome],
		         r->reason == NULL ? "" : r->reason);
}

static void
put_edges(const struct drawing *d, size_t i)
{
	const struct menu_screen *s = &d->p->screen[i];

	put_edge(d, i, &s->otherwise, "else", "");
	for (const struct menu_redirect *r = s->redirects; r != NULL; r = r->next)
		put_edge(d, i, &r->to, r->condition->negate ? "if not" : "if",
		         r->condition->var[0]);
	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next) {
		char room[16];
		struct buf digit;

		buf_init(&digit, room, sizeof room);
		buf_put_i64(&digit, c->digit);
		put_edge(d, i, &c->to, room, c->label->id);
	}
	if (s->list != NULL)
		put_edge(d, i, &s->list->to, "row", "");
	if (s->list != NULL && s->list->skip != NULL)
		put_edge(d, i, &s->list->more, "98", "");
	if (s->choices == NULL)
		put_edge(d, i, &s->next, s->ask == NULL ? "" : s->ask->var, "");
	if (s->action != NULL)
		put_rules(d, i, s->action);
}

void
menu_graph(const struct menu_program *p, enum menu_graph form, struct buf *out)
{
	struct drawing d = { p, form, out };

	buf_puts(out, form == MENU_DOT ? "digraph menus {\n" : "flowchart LR\n");
	for (size_t i = 0; i < p->screens; i++)
		put_node(&d, i);
	for (size_t i = 0; i < p->screens; i++)
		put_edges(&d, i);
	if (form == MENU_DOT)
		buf_puts(out, "}\n");
}
