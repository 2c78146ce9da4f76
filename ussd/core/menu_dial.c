/*
 * Which screens may be answered by digits that were dialled behind the service code:
 * menus whose every choice leads to a screen that she reads before anything is done, and
 * that are not themselves to be read.
 */
#include "ussd/core/menu_program.h"

/* Does it change anything at all?  Also what a menu need not call `once`. */
static bool
acts(const struct menu_do *act)
{
	return act->once ||
	       (act->known != NULL &&
	        (act->known->changes || act->known->money || act->known->keeps));
}

static bool
deed_behind(const bool *deed, const struct menu_target *t)
{
	return t->screen >= 0 && deed[t->screen];
}

/* Entering it, does something happen before she has read a screen, or is a PIN asked for
 * that makes it happen?  What is known of other screens so far is in deed[]. */
static bool
deed_inside(const struct menu_screen *s, const bool *deed)
{
	bool goes_on = deed_behind(deed, &s->otherwise);

	for (const struct menu_redirect *r = s->redirects; r != NULL; r = r->next)
		goes_on |= deed_behind(deed, &r->to);
	if (goes_on || s->action == NULL || (menu_is_shown(s) && s->pin == NULL))
		return goes_on;
	if (acts(s->action))
		return true;
	for (const struct menu_rule *r = s->pin != NULL ? NULL : s->action->rules;
	     r != NULL; r = r->next)
		goes_on |= deed_behind(deed, &r->to);
	return goes_on;
}

/* May any answer to it lead to a deed? */
static bool
deed_follows(const struct menu_screen *s, const bool *deed)
{
	bool follows = deed_behind(deed, &s->next);

	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next)
		follows |= deed_behind(deed, &c->to);
	if (s->list != NULL)
		follows |= deed_behind(deed, &s->list->to);
	if (s->list != NULL && s->list->skip != NULL)
		follows |= deed_behind(deed, &s->list->more);
	if (s->action == NULL)
		return follows;
	follows |= acts(s->action);
	for (const struct menu_rule *r = s->action->rules; r != NULL; r = r->next)
		follows |= deed_behind(deed, &r->to);
	return follows;
}

static bool
is_menu(const struct menu_screen *s)
{
	if (s->pin != NULL || s->end != NULL || s->is_read)
		return false;
	return s->list != NULL ||
	       (s->choices != NULL && (s->ask == NULL || s->ask->type == TYPE_CHOICE));
}

void
menu_mark_dial(struct menu_program *p)
{
	bool *deed = arena_zalloc(p->arena, p->screens * sizeof *deed);
	bool changed;

	do {
		changed = false;
		for (size_t i = 0; i < p->screens; i++) {
			if (deed[i] || !deed_inside(&p->screen[i], deed))
				continue;
			deed[i] = changed = true;
		}
	} while (changed);
	for (size_t i = 0; i < p->screens; i++) {
		struct menu_screen *s = &p->screen[i];

		s->takes_dial = is_menu(s) && !deed_follows(s, deed);
	}
}

bool
menu_takes_dial(const struct menu_program *p, const struct menu_state *s)
{
	const struct menu_screen *screen = menu_screen_of(p, s);

	return s->screen == screen->hash && screen->takes_dial;
}
