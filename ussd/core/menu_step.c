/* Where an answer or an outcome leads. */
#include "ussd/core/menu_program.h"

#include <string.h>

#define HOPS_MAX 16 /* screens that only lead on, one after the other */

struct walk { /* one call into the engine */
	const struct menu_program *p;
	struct menu_state *s;
	const struct menu_facts *facts;
	unsigned language;
	struct menu_out *out;
	struct menu_note note;
};

static struct walk
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
	out->once = false;
	memset(out->secret, 0, sizeof out->secret);
	return w;
}

static struct menu_scope
scope_of(const struct walk *w)
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

static int64_t
order_of(const struct menu_condition *c, const struct menu_value *v)
{
	if (c->word != NULL)
		return strcmp(v == NULL ? "" : v->text, c->word);
	if (v == NULL)
		return c->number == 0 ? 0 : c->number > 0 ? -1 : 1;
	return v->number == c->number ? 0 : v->number > c->number ? 1 : -1;
}

static bool
compare_holds(enum menu_compare compare, int64_t order)
{
	switch (compare) {
	case CMP_GT:
		return order > 0;
	case CMP_GE:
		return order >= 0;
	case CMP_LT:
		return order < 0;
	case CMP_LE:
		return order <= 0;
	case CMP_EQ:
		return order == 0;
	case CMP_NE:
		return order != 0;
	}
	return false;
}

static bool
is_set(const struct menu_value *v)
{
	if (v == NULL)
		return false;
	return v->kind == MENU_TEXT ? v->text[0] != '\0' && strcmp(v->text, "0") != 0
	                            : v->number != 0;
}

bool
menu_holds(const struct menu_scope *scope, const struct menu_condition *c)
{
	bool holds = false;

	if (c->compares) {
		holds = compare_holds(c->compare,
		                      order_of(c, menu_find_value(scope, c->name[0])));
		return holds != c->negate;
	}
	for (unsigned i = 0; i < c->names && !holds; i++)
		holds = is_set(menu_find_value(scope, c->name[i]));
	return holds != c->negate;
}

static void
finish_lost(struct walk *w)
{
	struct menu_pen pen = { .septets = 0 };
	struct menu_scope scope = scope_of(w);
	const char *help = menu_const(w->p, "help");

	w->s->screen = 0;
	buf_init(&pen.out, w->out->text, sizeof w->out->text);
	menu_write(&pen, &scope,
	           w->p->phrase[help == NULL ? PHRASE_LOST : PHRASE_LOST_HELP]);
	w->out->want = MENU_FINISH;
	w->out->len = pen.out.len;
	w->out->septets = pen.septets;
}

static void
show(struct walk *w)
{
	menu_show(w->p, w->s, &w->note, w->facts, w->language, w->out);
}

/* ---- moving about ------------------------------------------------------------------ */

static bool
can_return_to(const struct menu_screen *screen)
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

static void
begin_action(struct walk *w, const struct menu_screen *screen)
{
	const struct menu_do *act = screen->action;
	struct menu_scope scope = scope_of(w);
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
	w->s->waiting = true;
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

/* The screen a condition at the door sends one to; NULL: come in. */
static const struct menu_screen *
sent_on(const struct walk *w, const struct menu_screen *screen)
{
	struct menu_scope scope = scope_of(w);

	if (screen->condition != NULL && !menu_holds(&scope, screen->condition))
		return screen->otherwise.screen >= 0
		           ? &w->p->screen[screen->otherwise.screen]
		           : &w->p->screen[w->p->home];
	for (const struct menu_redirect *r = screen->redirects; r != NULL; r = r->next)
		if (menu_holds(&scope, r->condition))
			return &w->p->screen[r->to.screen >= 0 ? r->to.screen
			                                       : w->p->home];
	return NULL;
}

static void
enter(struct walk *w, const struct menu_screen *screen)
{
	const struct menu_screen *from = menu_screen_of(w->p, w->s);
	const struct menu_screen *home = &w->p->screen[w->p->home];
	bool push_from = w->s->screen == from->hash && can_return_to(from);

	for (unsigned hops = 0; hops < HOPS_MAX; hops++) {
		const struct menu_screen *next;

		if (screen == home) {
			forget(w->s);
			push_from = false;
		}
		next = sent_on(w, screen);
		if (next == NULL)
			break;
		screen = next;
	}
	if (push_from && screen != from)
		push(w->s, from->hash);
	for (unsigned i = 0; i < w->s->back_count; i++)
		if (w->s->back[i] == screen->hash)
			w->s->back_count = (uint8_t)i;
	settle_at(w->s, screen);
	if (!menu_is_shown(screen) && screen->action != NULL)
		begin_action(w, screen);
	else if (!menu_is_shown(screen))
		finish_lost(w); /* screens that lead to each other for ever */
	else
		show(w);
}

static void
go_home(struct walk *w)
{
	w->s->screen = 0;
	enter(w, &w->p->screen[w->p->home]);
}

static void
go_back(struct walk *w)
{
	struct menu_state *s = w->s;

	while (s->back_count > 0) {
		int i = menu_find_screen(w->p, s->back[--s->back_count]);

		if (i == w->p->home)
			break;
		if (i == TARGET_NONE || !can_return_to(&w->p->screen[i]))
			continue;
		settle_at(s, &w->p->screen[i]);
		show(w);
		return;
	}
	go_home(w);
}

static void
go(struct walk *w, const struct menu_target *t)
{
	if (t->screen == TARGET_BACK)
		go_back(w);
	else if (t->screen >= 0)
		enter(w, &w->p->screen[t->screen]);
	else
		go_home(w);
}

/* ---- answers ------------------------------------------------------------------------
 */

static void
wrong(struct walk *w, const struct menu_string *why)
{
	if (++w->s->errors >= MENU_ERRORS) {
		finish_lost(w);
		return;
	}
	w->note.text = why;
	show(w);
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
		begin_action(w, screen);
	else
		go(w, t);
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

static void
answer_choice(struct walk *w, const struct menu_screen *screen, unsigned digit)
{
	struct menu_scope scope = scope_of(w);

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
	struct menu_scope scope = scope_of(w);
	struct menu_value v;
	const struct menu_string *why = NULL;

	switch (menu_read_input(&scope, ask, input, len, &v, w->note.value)) {
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

/* 0, 00 and 98: true if it was one of them. */
static bool
answer_keys(struct walk *w, const char *input, size_t len)
{
	if (len == 2 && memcmp(input, "00", 2) == 0) {
		go_home(w);
		return true;
	}
	if (len == 1 && *input == '0') {
		if (w->s->page == 0) {
			go_back(w);
			return true;
		}
		w->s->page--;
		show(w);
		return true;
	}
	if (len != 2 || memcmp(input, "98", 2) != 0 ||
	    !menu_has_more(w->p, w->s, w->facts, w->language))
		return false;
	w->s->page++;
	w->s->errors = 0;
	show(w);
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void
menu_step(const struct menu_program *p, struct menu_state *s, const char *input,
          size_t len, const struct menu_facts *facts, unsigned language,
          struct menu_out *out)
{
	struct walk w = walk_begin(p, s, facts, language, out);
	const struct menu_screen *screen = menu_screen_of(p, s);

	for (; len > 0 && is_blank(*input); input++)
		len--;
	while (len > 0 && is_blank(input[len - 1]))
		len--;
	if (s->screen != screen->hash || !can_return_to(screen)) {
		/* a screen that is gone, or one nobody answers */
		if (screen->pin == NULL || s->screen != screen->hash) {
			go_home(&w);
			return;
		}
	}
	s->waiting = false;
	if (answer_keys(&w, input, len))
		return;
	if (screen->pin != NULL)
		answer_pin(&w, screen, input, len);
	else if (screen->list != NULL)
		answer_list(&w, screen, digit_of(input, len));
	else if (screen->choices != NULL)
		answer_choice(&w, screen, digit_of(input, len));
	else if (screen->ask != NULL)
		answer_ask(&w, screen, input, len);
	else if (screen->next.screen != TARGET_NONE)
		proceed(&w, screen, &screen->next);
	else
		wrong_choice(&w, screen);
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
		go_home(&w);
		return;
	}
	if (known)
		s->serial++;
	if (screen->action->once && result->outcome != MENU_FAIL)
		s->back_count = 0;
	rule = rule_for(screen->action, result);
	if (rule == NULL) {
		finish_lost(&w);
		return;
	}
	w.note.text = rule->note;
	/* a question that was answered well stays behind once its action is done */
	if (screen->action->once && result->outcome != MENU_FAIL)
		s->screen = 0;
	go(&w, &rule->to);
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

	memset(s, 0, sizeof *s);
	s->serial = serial;
	enter(&w, &p->screen[at == TARGET_NONE ? p->home : at]);
}

void
menu_leave(const struct menu_program *p, struct menu_state *s, const char *screen,
           const struct menu_facts *facts, unsigned language, struct menu_out *out)
{
	struct walk w = walk_begin(p, s, facts, language, out);
	int at = menu_find_screen(p, menu_hash(screen));

	if (at == TARGET_NONE) {
		go_home(&w);
		return;
	}
	enter(&w, &p->screen[at]);
}

void
menu_again(const struct menu_program *p, const struct menu_state *s,
           const struct menu_facts *facts, unsigned language, struct menu_out *out)
{
	struct menu_state copy = *s;
	struct walk w = walk_begin(p, &copy, facts, language, out);
	const struct menu_screen *screen = menu_screen_of(p, s);

	if (menu_is_shown(screen))
		show(&w);
	else
		finish_lost(&w);
}

bool
menu_under_way(const struct menu_program *p, const struct menu_state *s)
{
	const struct menu_screen *screen = menu_screen_of(p, s);

	if (s->screen != screen->hash || screen == &p->screen[p->home] ||
	    screen->end != NULL)
		return false;
	return can_return_to(screen) || s->back_count > 0;
}
