/* A screen as text: what it says, as many numbered lines as fit, and the way back. */
#include "ussd/core/menu_program.h"

#include <string.h>

#define PAGES_MAX 16

struct show { /* one screen being written */
	const struct menu_program *p;
	const struct menu_state *state;
	const struct menu_screen *screen;
	const struct menu_note *note;
	struct menu_scope scope;
	struct menu_pen pen;
	bool more;       /* something is behind the page */
	bool lines_left; /* of what is at hand           */
};

static void
new_line(struct menu_pen *pen)
{
	if (pen->out.len > 0)
		menu_write_plain(pen, "\n", 1, 1);
}

static void
write_key(struct menu_pen *pen, const struct show *show, const char *key,
          enum menu_phrase phrase)
{
	menu_write_plain(pen, key, strlen(key), (unsigned)strlen(key));
	menu_write_plain(pen, " ", 1, 1);
	menu_write(pen, &show->scope, show->p->phrase[phrase]);
}

/* Is it home, or where home itself leads to (the officers' home)? */
static bool
is_home(const struct menu_program *p, uint32_t hash)
{
	const struct menu_screen *home = &p->screen[p->home];

	if (home->hash == hash)
		return true;
	for (const struct menu_redirect *r = home->redirects; r != NULL; r = r->next)
		if (r->to.screen >= 0 && p->screen[r->to.screen].hash == hash)
			return true;
	return home->condition != NULL && home->otherwise.screen >= 0 &&
	       p->screen[home->otherwise.screen].hash == hash;
}

int64_t
menu_rows_skipped(const struct menu_state *s, const struct menu_screen *screen)
{
	const struct menu_value *v = NULL;

	if (screen->list != NULL && screen->list->skip != NULL)
		v = menu_get(s, screen->list->skip);
	return v == NULL || v->number < 0 ? 0 : v->number;
}

/* Has the action more rows than it has given? */
static bool
rows_follow(const struct show *show)
{
	const struct menu_value *v = NULL;

	if (show->screen->list != NULL && show->screen->list->skip != NULL)
		v = menu_get(show->state, "rows_more");
	return v != NULL && v->number > 0;
}

/* "0 Back 00 Home 98 More", as far as they lead anywhere. */
static void
write_keys(struct menu_pen *pen, const struct show *show, bool more)
{
	const struct menu_state *s = show->state;
	bool at_home = s->back_count == 0 && is_home(show->p, show->screen->hash);
	bool within = s->page > 0 || menu_rows_skipped(s, show->screen) > 0;
	bool back = s->back_count > 0 || within;
	bool only_home = !within && s->back_count == 1 && is_home(show->p, s->back[0]);
	size_t before;

	if (show->screen->end != NULL || (at_home && !within && !more))
		return;
	new_line(pen);
	before = pen->out.len;
	if (back)
		write_key(pen, show, "0", PHRASE_BACK);
	if (!at_home && !(back && only_home)) {
		if (pen->out.len > before)
			menu_write_plain(pen, " ", 1, 1);
		write_key(pen, show, "00", PHRASE_HOME);
	}
	if (more) {
		if (pen->out.len > before)
			menu_write_plain(pen, " ", 1, 1);
		write_key(pen, show, "98", PHRASE_MORE);
	}
}

static unsigned
keys_septets(const struct show *show, bool more)
{
	char room[128];
	struct menu_pen pen = { .septets = 0 };

	buf_init(&pen.out, room, sizeof room);
	menu_write_plain(&pen, ".", 1, 0); /* so that the line break counts */
	write_keys(&pen, show, more);
	return pen.septets;
}

static void
write_says(struct show *show)
{
	const struct menu_screen *screen = show->screen;

	for (const struct menu_say *say = screen->says; say != NULL; say = say->next) {
		if (say->condition != NULL && !menu_holds(&show->scope, say->condition))
			continue;
		new_line(&show->pen);
		menu_write(&show->pen, &show->scope, say->text);
	}
	if (screen->pin != NULL || screen->end != NULL) {
		new_line(&show->pen);
		menu_write(&show->pen, &show->scope,
		           screen->pin != NULL ? screen->pin : screen->end);
	}
	if (screen->list != NULL && screen->list->none != NULL &&
	    show->state->row_count == 0) {
		new_line(&show->pen);
		menu_write(&show->pen, &show->scope, screen->list->none);
	}
}

/* "3 " on a line of its own. */
static void
write_number(struct menu_pen *pen, unsigned number)
{
	size_t before;

	new_line(pen);
	before = pen->out.len;
	buf_put_i64(&pen->out, number);
	buf_putc(&pen->out, ' ');
	pen->septets += (unsigned)(pen->out.len - before);
}

static void
write_row(struct show *show, unsigned i)
{
	write_number(&show->pen, i + 1);
	show->scope.row = show->state->row[i];
	show->scope.columns = show->state->column_count;
	menu_write(&show->pen, &show->scope, show->screen->list->row);
	show->scope.columns = 0;
}

/* The i-th of the numbered lines that are there to choose. */
static void
write_line(struct show *show, unsigned i)
{
	const struct menu_choice *c = show->screen->choices;

	if (show->screen->list != NULL) {
		write_row(show, i);
		return;
	}
	for (; c != NULL; c = c->next) {
		if (c->condition != NULL && !menu_holds(&show->scope, c->condition))
			continue;
		if (i-- == 0)
			break;
	}
	if (c == NULL)
		return;
	write_number(&show->pen, c->digit);
	menu_write(&show->pen, &show->scope, c->label);
}

static unsigned
count_lines(struct show *show)
{
	unsigned n = 0;

	if (show->screen->list != NULL)
		return show->state->row_count;
	for (const struct menu_choice *c = show->screen->choices; c != NULL; c = c->next)
		n += c->condition == NULL || menu_holds(&show->scope, c->condition);
	return n;
}

/* Lines from `first` as far as they fit; returns the first that did not. */
static unsigned
write_lines(struct show *show, unsigned first, unsigned lines)
{
	unsigned with_more = MENU_SEPTETS - keys_septets(show, true);
	unsigned without = MENU_SEPTETS - keys_septets(show, rows_follow(show));
	unsigned i = first;

	for (; i < lines; i++) {
		struct menu_pen before = show->pen;

		write_line(show, i);
		if (show->pen.septets <= (i + 1 == lines ? without : with_more) ||
		    i == first)
			continue;
		show->pen = before;
		show->pen.out.at[show->pen.out.len] = '\0';
		break;
	}
	return i;
}

static void
clear(struct show *show, struct menu_out *out)
{
	buf_init(&show->pen.out, out->text, sizeof out->text);
	show->pen.septets = 0;
}

/* Lines first..next-1 with what stands above them. */
static void
write_all(struct show *show, struct menu_out *out, bool note, bool says,
          const unsigned line[2])
{
	clear(show, out);
	if (note) {
		show->scope.extra = show->note->value;
		show->scope.extras = show->note->values;
		menu_write(&show->pen, &show->scope, show->note->text);
		show->scope.extras = 0;
	}
	if (says)
		write_says(show);
	for (unsigned i = line[0]; i < line[1]; i++)
		write_line(show, i);
	write_keys(&show->pen, show, show->more);
}

/* Pages are cut without the note, so that a wrong answer moves no line.  A note that does
 * not fit above the text takes its place, for it says what to do. */
static void
write_page(struct show *show, struct menu_out *out)
{
	unsigned lines = count_lines(show), page = 0;
	unsigned line[2] = { 0, 0 };
	bool note = show->note != NULL && show->note->text != NULL;

	clear(show, out);
	write_says(show);
	line[1] = write_lines(show, 0, lines);
	for (; page < show->state->page && page < PAGES_MAX && line[1] < lines; page++) {
		clear(show, out);
		line[0] = line[1];
		line[1] = write_lines(show, line[0], lines);
	}
	show->more = line[1] < lines || rows_follow(show);
	show->lines_left = line[1] < lines;
	if (!note) {
		write_keys(&show->pen, show, show->more);
		return;
	}
	write_all(show, out, true, page == 0, line);
	if (show->pen.septets > MENU_SEPTETS && page == 0)
		write_all(show, out, true, false, line);
	if (show->pen.septets > MENU_SEPTETS && lines > 0)
		write_all(show, out, false, page == 0, line);
}

static struct show
show_of(const struct menu_program *p, const struct menu_state *s,
        const struct menu_facts *facts, unsigned language)
{
	struct show show = { .p = p, .state = s, .screen = menu_screen_of(p, s) };

	show.scope = (struct menu_scope){ .p = p, .state = s, .facts = facts };
	show.scope.language = language < p->languages ? language : 0;
	return show;
}

void
menu_show(const struct menu_program *p, const struct menu_state *s,
          const struct menu_note *note, const struct menu_facts *facts, unsigned language,
          struct menu_out *out)
{
	struct show show = show_of(p, s, facts, language);

	show.note = note;
	out->want = show.screen->end != NULL ? MENU_FINISH : MENU_SHOW;
	write_page(&show, out);
	out->len = show.pen.out.len;
	out->septets = show.pen.septets;
}

enum menu_more
menu_has_more(const struct menu_program *p, const struct menu_state *s,
              const struct menu_facts *facts, unsigned language)
{
	struct show show = show_of(p, s, facts, language);
	struct menu_out out;

	if (show.screen->list == NULL && show.screen->choices == NULL)
		return MORE_NOTHING;
	write_page(&show, &out);
	if (show.lines_left)
		return MORE_LINES;
	return show.more ? MORE_ROWS : MORE_NOTHING;
}
