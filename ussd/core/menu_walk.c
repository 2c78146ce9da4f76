#include "ussd/core/menu_walk.h"

#include <string.h>

#define HOPS_MAX 16 /* screens that only lead on, one after the other */

struct walk
walk_begin(const struct menu_program *p, struct menu_state *s,
           const struct menu_facts *facts, unsigned language, struct menu_out *out)
{
	struct walk w = { .p = p, .s = s, .facts = facts, .out = out };

	w.language = language < p->languages ? language : 0;
	out->text[0] = '\0';
	out->len = 0;
	out->septets = 0;
	out->argc = 0;
	out->action = out->screen = "";
	out->once = out->noted = false;
	memset(out->secret, 0, sizeof out->secret);
	return w;
}

struct menu_scope
walk_scope(const struct walk *w)
{
	return (struct menu_scope){
		.p = w->p, .state = w->s, .facts = w->facts, .language = w->language
	};
}

const struct menu_screen *
menu_screen_of(const struct menu_program *p, const struct menu_state *s)
{
	int i = menu_find_screen(p, s->screen);

	return &p->screen[i == TARGET_NONE ? p->home : i];
}

void
walk_lost(struct walk *w)
{
	struct menu_pen pen = { .septets = 0 };
	struct menu_scope scope = walk_scope(w);
	const char *help = menu_const(w->p, "help");

	w->s->screen = 0;
	buf_init(&pen.out, w->out->text, sizeof w->out->text);
	menu_write(&pen, &scope,
	           w->p->phrase[help == NULL ? PHRASE_LOST : PHRASE_LOST_HELP]);
	w->out->want = MENU_FINISH;
	w->out->len = pen.out.len;
	w->out->septets = pen.septets;
}

void
walk_show(struct walk *w)
{
	menu_show(w->p, w->s, &w->note, w->facts, w->language, w->out);
	w->out->noted = w->note.text != NULL;
}

/* ---- moving about ------------------------------------------------------------------ */

bool
walk_returns_to(const struct menu_screen *screen)
{
	return menu_is_shown(screen) && screen->pin == NULL && screen->end == NULL;
}

static void
push(struct menu_state *s, uint32_t hash)
{
	for (unsigned i = 0; i < s->back_count; i++)
		if (s->back[i] == hash)
			s->back_count =
			    (uint8_t)i; /* been there: the round trip is forgotten */
	if (s->back_count == MENU_BACK) {
		/* the oldest but home goes */
		memmove(s->back + 1, s->back + 2, (MENU_BACK - 2) * sizeof *s->back);
		s->back_count--;
	}
	s->back[s->back_count++] = hash;
}

void
walk_act(struct walk *w, const struct menu_screen *screen)
{
	const struct menu_do *act = screen->action;
	struct menu_scope scope = walk_scope(w);
	struct menu_out *out = w->out;

	out->want = MENU_DO;
	out->action = act->action;
	out->once = act->once;
	out->screen = screen->name;
	out->serial = w->s->serial;
	out->argc = act->args;
	for (unsigned i = 0; i < act->args; i++) {
		const struct menu_parameter *a = &act->arg[i];
		const struct menu_value *v =
		    a->var == NULL ? &a->value : menu_find_value(&scope, a->hash);

		out->arg[i].name = a->name;
		if (v == NULL)
			memset(&out->arg[i].value, 0, sizeof out->arg[i].value);
		else
			out->arg[i].value = *v;
	}
	menu_rows_clear(w->s); /* those of the action before */
	w->s->waiting = true;
}

/* The list that an action fills if it goes well; NULL: none. */
static const struct menu_list *
list_behind(const struct menu_program *p, const struct menu_screen *screen)
{
	for (const struct menu_rule *r = screen->action->rules; r != NULL; r = r->next)
		if (r->outcome == MENU_OK && r->to.screen >= 0)
			return p->screen[r->to.screen].list;
	return NULL;
}

static void
set_skip(struct walk *w, const struct menu_list *list, int64_t skip)
{
	struct menu_value v;

	menu_value_number(&v, list->skip, skip > 0 ? skip : 0);
	menu_set_value(w->s, v.name, &v);
}

/* A list that is come to anew begins with its first row. */
static void
act_at_once(struct walk *w, const struct menu_screen *screen)
{
	const struct menu_list *list = list_behind(w->p, screen);

	if (list != NULL && list->skip != NULL && !w->keep_skip)
		set_skip(w, list, 0);
	walk_act(w, screen);
}

static void
settle_at(struct menu_state *s, const struct menu_screen *screen)
{
	s->screen = screen->hash;
	s->page = 0;
	s->errors = 0;
	s->waiting = false;
}

static void
forget(struct menu_state *s)
{
	s->back_count = 0;
	s->var_count = 0;
	menu_rows_clear(s);
}

/* The screen a condition at the door sends one to; TARGET_NONE: come in. */
static int
sent_on(const struct walk *w, const struct menu_screen *screen)
{
	struct menu_scope scope = walk_scope(w);

	if (screen->condition != NULL && !menu_holds(&scope, screen->condition))
		return screen->otherwise.screen >= 0 ? screen->otherwise.screen
		                                     : w->p->home;
	for (const struct menu_redirect *r = screen->redirects; r != NULL; r = r->next)
		if (menu_holds(&scope, r->condition))
			return r->to.screen >= 0 ? r->to.screen : w->p->home;
	return TARGET_NONE;
}

void
walk_enter(struct walk *w, const struct menu_screen *screen)
{
	const struct menu_screen *from = menu_screen_of(w->p, w->s);
	const struct menu_screen *home = &w->p->screen[w->p->home];
	bool push_from = w->s->screen == from->hash && walk_returns_to(from);

	for (unsigned hops = 0; hops < HOPS_MAX; hops++) {
		int next;

		if (screen == home) {
			forget(w->s);
			push_from = false;
		}
		next = sent_on(w, screen);
		if (next == TARGET_NONE)
			break;
		screen = &w->p->screen[next];
	}
	if (push_from && screen != from)
		push(w->s, from->hash);
	for (unsigned i = 0; i < w->s->back_count; i++)
		if (w->s->back[i] == screen->hash)
			w->s->back_count = (uint8_t)i;
	settle_at(w->s, screen);
	if (!menu_is_shown(screen) && screen->action != NULL)
		act_at_once(w, screen);
	else if (!menu_is_shown(screen))
		walk_lost(w); /* screens that lead to each other for ever */
	else
		walk_show(w);
}

void
walk_home(struct walk *w)
{
	w->s->screen = 0;
	walk_enter(w, &w->p->screen[w->p->home]);
}

void
walk_rows(struct walk *w, const struct menu_list *list, int64_t skip)
{
	set_skip(w, list, skip);
	w->s->screen = 0; /* the same list: nothing to come back to */
	w->keep_skip = true;
	walk_to(w, &list->more);
}

/* The screen that only gets the rows of this one; NULL: there is none. */
static const struct menu_screen *
fills(const struct menu_program *p, const struct menu_screen *screen)
{
	for (size_t i = 0; screen->list != NULL && i < p->screens; i++) {
		const struct menu_screen *s = &p->screen[i];

		if (s->action != NULL && !s->action->once && !menu_is_shown(s) &&
		    list_behind(p, s) == screen->list)
			return s;
	}
	return NULL;
}

/* A list is got again: what was done since has taken its rows, or changed them. */
static void
return_to(struct walk *w, const struct menu_screen *screen)
{
	const struct menu_screen *filler = fills(w->p, screen);

	if (filler == NULL) {
		settle_at(w->s, screen);
		walk_show(w);
		return;
	}
	w->s->screen = 0;
	w->keep_skip = true;
	walk_enter(w, filler);
}

void
walk_back(struct walk *w)
{
	struct menu_state *s = w->s;

	while (s->back_count > 0) {
		int i = menu_find_screen(w->p, s->back[--s->back_count]);

		if (i == w->p->home)
			break;
		if (i == TARGET_NONE || !walk_returns_to(&w->p->screen[i]))
			continue;
		return_to(w, &w->p->screen[i]);
		return;
	}
	walk_home(w);
}

void
walk_to(struct walk *w, const struct menu_target *t)
{
	if (t->screen == TARGET_BACK)
		walk_back(w);
	else if (t->screen >= 0)
		walk_enter(w, &w->p->screen[t->screen]);
	else
		walk_home(w);
}
