/* Where an answer or an outcome leads. */
#include "ussd/core/menu_walk.h"

#include <string.h>

/* ---- answers ------------------------------------------------------------------------
 */

static void
wrong(struct walk *w, const struct menu_string *why)
{
	if (++w->s->errors >= MENU_ERRORS) {
		walk_lost(w);
		return;
	}
	w->note.text = why;
	walk_show(w);
}

static void
wrong_choice(struct walk *w, const struct menu_screen *screen)
{
	bool own = screen->ask != NULL && screen->ask->bad != NULL;

	wrong(w, own ? screen->ask->bad : w->p->phrase[PHRASE_BAD + TYPE_CHOICE]);
}

/* A good answer was taken: the action, or the screen behind the arrow. */
static void
proceed(struct walk *w, const struct menu_screen *screen, const struct menu_target *t)
{
	w->s->errors = 0;
	if (t->screen == TARGET_NONE && screen->action != NULL)
		walk_act(w, screen);
	else
		walk_to(w, t);
}

/* A number of one or two digits; 0 if it is something else. */
static unsigned
digit_of(const char *input, size_t len)
{
	unsigned n = 0;

	if (len == 0 || len > 2)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (input[i] < '0' || input[i] > '9')
			return 0;
		n = n * 10 + (unsigned)(input[i] - '0');
	}
	return n;
}

/* The choice beside a question that has this digit; NULL: none. */
static const struct menu_choice *
choice_beside(const struct walk *w, const struct menu_screen *screen, unsigned digit)
{
	struct menu_scope scope = walk_scope(w);

	for (const struct menu_choice *c = screen->choices; c != NULL; c = c->next)
		if (c->digit == digit &&
		    (c->condition == NULL || menu_holds(&scope, c->condition)))
			return c;
	return NULL;
}

static void
answer_choice(struct walk *w, const struct menu_screen *screen, unsigned digit)
{
	struct menu_scope scope = walk_scope(w);

	for (const struct menu_choice *c = screen->choices; c != NULL; c = c->next) {
		if (c->digit != digit ||
		    (c->condition != NULL && !menu_holds(&scope, c->condition)))
			continue;
		if (c->set != NULL)
			menu_set_value(w->s, c->value.name, &c->value);
		if (c->set != NULL && screen->ask != NULL)
			menu_set_value(w->s, screen->ask->name, &c->value);
		proceed(w, screen, &c->to);
		return;
	}
	wrong_choice(w, screen);
}

static void
answer_list(struct walk *w, const struct menu_screen *screen, unsigned digit)
{
	if (digit < 1 || digit > w->s->row_count) {
		wrong_choice(w, screen);
		return;
	}
	for (unsigned c = 0; c < w->s->column_count; c++) {
		const struct menu_value *v = &w->s->row[digit - 1][c];

		menu_set_value(w->s, v->name, v);
	}
	proceed(w, screen, &screen->list->to);
}

static void
answer_pin(struct walk *w, const struct menu_screen *screen, const char *input,
           size_t len)
{
	bool good = len >= 4 && len <= 6;

	for (size_t i = 0; i < len && good; i++)
		good = input[i] >= '0' && input[i] <= '9';
	if (!good) {
		wrong(w, w->p->phrase[PHRASE_BAD_PIN]);
		return;
	}
	proceed(w, screen, &screen->next);
	if (w->out->want == MENU_DO)
		memcpy(w->out->secret, input, len);
}

static void
answer_ask(struct walk *w, const struct menu_screen *screen, const char *input,
           size_t len)
{
	const struct menu_ask *ask = screen->ask;
	struct menu_scope scope = walk_scope(w);
	struct menu_value v;
	const struct menu_choice *beside = choice_beside(w, screen, digit_of(input, len));
	const struct menu_string *why = NULL;
	enum menu_answer got =
	    menu_read_input(&scope, ask, input, len, &v, w->note.value);

	if (got != ANSWER_GOOD && beside != NULL) {
		proceed(w, screen, &beside->to); /* in bounds it would be an amount */
		return;
	}
	switch (got) {
	case ANSWER_GOOD:
		menu_set_value(w->s, ask->name, &v);
		proceed(w, screen, &screen->next);
		return;
	case ANSWER_LOW:
		why = ask->too_low != NULL ? ask->too_low
		                           : w->p->phrase[PHRASE_LOW + ask->type];
		break;
	case ANSWER_HIGH:
		why = ask->too_high != NULL ? ask->too_high
		                            : w->p->phrase[PHRASE_HIGH + ask->type];
		break;
	case ANSWER_LONG:
		why = ask->bad != NULL ? ask->bad : w->p->phrase[PHRASE_LONG];
		break;
	case ANSWER_BAD:
		why = ask->bad != NULL ? ask->bad : w->p->phrase[PHRASE_BAD + ask->type];
		break;
	}
	w->note.values = 2;
	wrong(w, why);
}

/* 0: the page before, the rows before, the screen before. */
static void
answer_back(struct walk *w, const struct menu_screen *screen)
{
	int64_t skipped = menu_rows_skipped(w->s, screen);

	if (w->s->page > 0) {
		w->s->page--;
		walk_show(w);
	} else if (skipped > 0) {
		walk_rows(w, screen->list, skipped - MENU_ROWS);
	} else {
		walk_back(w);
	}
}

/* 98: false if there is no more. */
static bool
answer_more(struct walk *w, const struct menu_screen *screen)
{
	switch (menu_has_more(w->p, w->s, w->facts, w->language)) {
	case MORE_NOTHING:
		return false;
	case MORE_LINES:
		w->s->page++;
		w->s->errors = 0;
		walk_show(w);
		return true;
	case MORE_ROWS:
		walk_rows(w, screen->list,
		          menu_rows_skipped(w->s, screen) + w->s->row_count);
		return true;
	}
	return false;
}

/* 0, 00 and 98: true if it was one of them. */
static bool
answer_keys(struct walk *w, const struct menu_screen *screen, const char *input,
            size_t len)
{
	if (len == 2 && memcmp(input, "00", 2) == 0) {
		walk_home(w);
		return true;
	}
	if (len == 1 && *input == '0') {
		answer_back(w, screen);
		return true;
	}
	return len == 2 && memcmp(input, "98", 2) == 0 && answer_more(w, screen);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Does somebody wait for an answer here?  Not on a screen that is gone, acts or ended. */
static bool
is_open(const struct menu_state *s, const struct menu_screen *screen)
{
	return s->screen == screen->hash &&
	       (walk_returns_to(screen) || screen->pin != NULL);
}

static void
answer(struct walk *w, const struct menu_screen *screen, const char *input, size_t len)
{
	if (screen->pin != NULL)
		answer_pin(w, screen, input, len);
	else if (screen->list != NULL)
		answer_list(w, screen, digit_of(input, len));
	else if (screen->choices != NULL &&
	         (screen->ask == NULL || screen->ask->type == TYPE_CHOICE))
		answer_choice(w, screen, digit_of(input, len));
	else if (screen->ask != NULL)
		answer_ask(w, screen, input, len);
	else if (screen->next.screen != TARGET_NONE)
		proceed(w, screen, &screen->next);
	else
		wrong_choice(w, screen);
}

void
menu_step(const struct menu_program *p, struct menu_state *s, struct menu_input input,
          const struct menu_facts *facts, unsigned language, struct menu_out *out)
{
	struct walk w = walk_begin(p, s, facts, language, out);
	const struct menu_screen *screen = menu_screen_of(p, s);

	for (; input.len > 0 && is_blank(*input.text); input.text++)
		input.len--;
	while (input.len > 0 && is_blank(input.text[input.len - 1]))
		input.len--;
	s->waiting = false;
	if (!is_open(s, screen))
		walk_home(&w);
	else if (!answer_keys(&w, screen, input.text, input.len))
		answer(&w, screen, input.text, input.len);
}

/* ---- outcomes -----------------------------------------------------------------------
 */

static const struct menu_rule *
rule_for(const struct menu_do *act, const struct menu_result *result)
{
	const char *reason = result->reason == NULL ? "" : result->reason;
	const struct menu_rule *any = NULL;

	for (const struct menu_rule *r = act->rules; r != NULL; r = r->next) {
		if (r->outcome != result->outcome)
			continue;
		if (r->reason != NULL && strcmp(r->reason, reason) == 0)
			return r;
		if (r->reason == NULL && any == NULL)
			any = r;
	}
	return any;
}

void
menu_resume(const struct menu_program *p, struct menu_state *s,
            const struct menu_result *result, const struct menu_facts *facts,
            unsigned language, struct menu_out *out)
{
	struct walk w = walk_begin(p, s, facts, language, out);
	const struct menu_screen *screen = menu_screen_of(p, s);
	const struct menu_rule *rule;
	bool known = result->outcome != MENU_PENDING || result->reason == NULL ||
	             strcmp(result->reason, "not_known") != 0;

	s->waiting = false;
	if (s->screen != screen->hash || screen->action == NULL) {
		walk_home(&w);
		return;
	}
	if (known)
		s->serial++;
	if (screen->action->once && result->outcome != MENU_FAIL)
		s->back_count = 0;
	rule = rule_for(screen->action, result);
	if (rule == NULL) {
		walk_lost(&w);
		return;
	}
	w.note.text = rule->note;
	/* a question that was answered well stays behind once its action is done */
	if (screen->action->once && result->outcome != MENU_FAIL)
		s->screen = 0;
	walk_to(&w, &rule->to);
}

/* ---- beginnings ----------------------------------------------------------------------
 */

void
menu_start(const struct menu_program *p, struct menu_state *s, const char *screen,
           const struct menu_facts *facts, unsigned language, struct menu_out *out)
{
	struct walk w = walk_begin(p, s, facts, language, out);
	int at = screen == NULL ? TARGET_NONE : menu_find_screen(p, menu_hash(screen));
	uint32_t serial = s->serial;

	menu_state_clear(s);
	s->serial = serial;
	walk_enter(&w, &p->screen[at == TARGET_NONE ? p->home : at]);
}

void
menu_leave(const struct menu_program *p, struct menu_state *s, const char *screen,
           const struct menu_facts *facts, unsigned language, struct menu_out *out)
{
	struct walk w = walk_begin(p, s, facts, language, out);
	int at = menu_find_screen(p, menu_hash(screen));

	if (at == TARGET_NONE) {
		walk_home(&w);
		return;
	}
	walk_enter(&w, &p->screen[at]);
}

void
menu_again(const struct menu_program *p, const struct menu_state *s,
           const struct menu_facts *facts, unsigned language, struct menu_out *out)
{
	struct menu_state copy = *s;
	struct walk w = walk_begin(p, &copy, facts, language, out);
	const struct menu_screen *screen = menu_screen_of(p, s);

	if (menu_is_shown(screen))
		walk_show(&w);
	else
		walk_lost(&w);
}

bool
menu_under_way(const struct menu_program *p, const struct menu_state *s)
{
	const struct menu_screen *screen = menu_screen_of(p, s);

	if (s->screen != screen->hash || screen == &p->screen[p->home] ||
	    screen->end != NULL)
		return false;
	return walk_returns_to(screen) || s->back_count > 0;
}
