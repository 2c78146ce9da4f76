/*
 * menu_walk - how a call into the engine moves the state from screen to screen.
 */
#ifndef USSD_CORE_MENU_WALK_H
#define USSD_CORE_MENU_WALK_H

#include "ussd/core/menu_program.h"

struct walk { /* one call into the engine */
	const struct menu_program *p;
	struct menu_state *s;
	const struct menu_facts *facts;
	unsigned language;
	struct menu_out *out;
	struct menu_note note; /* said above the next screen */
	bool keep_skip;        /* a list is gone on with, not begun      */
};

struct walk walk_begin(const struct menu_program *p, struct menu_state *s,
                       const struct menu_facts *facts, unsigned language,
                       struct menu_out *out);
struct menu_scope walk_scope(const struct walk *w);
/* The present screen. */
void walk_show(struct walk *w);
/* Ends with a word of regret and where to find help. */
void walk_lost(struct walk *w);
/* Asks the caller for the screen's action. */
void walk_act(struct walk *w, const struct menu_screen *screen);
/* In by the door: conditions, redirects, way back. */
void walk_enter(struct walk *w, const struct menu_screen *screen);
void walk_home(struct walk *w);
void walk_back(struct walk *w);
/* Gets the rows of a list from that one on. */
void walk_rows(struct walk *w, const struct menu_list *list, int64_t skip);
void walk_to(struct walk *w, const struct menu_target *t);
/* May `back` lead to it? */
bool walk_returns_to(const struct menu_screen *screen);

#endif
