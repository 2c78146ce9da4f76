#include "ussd/core/catalog.h"
#include "ussd/core/menu_program.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Where the next fault goes: when all places are taken an error takes that of the last
 * warning. */
static struct menu_diag *
room_for(struct menu_diags *d, bool is_warning)
{
	if (d->count < MENU_DIAGS)
		return &d->at[d->count++];
	for (size_t i = MENU_DIAGS; i-- > 0 && !is_warning;)
		if (d->at[i].is_warning)
			return &d->at[i];
	return NULL;
}

void
menu_fault(struct menu_diags *d, const struct menu_place *at, const char *code,
           const char *fmt, ...)
{
	bool is_warning = code[0] == 'W';
	struct menu_diag *out;
	va_list ap;

	if (is_warning)
		d->warnings++;
	else
		d->errors++;
	out = room_for(d, is_warning);
	if (out == NULL)
		return;
	memset(out, 0, sizeof *out);
	snprintf(out->code, sizeof out->code, "%s", code);
	out->is_warning = is_warning;
	snprintf(out->at.file, sizeof out->at.file, "%s", at->file);
	out->at.line = at->line;
	out->at.column = at->column;
	va_start(ap, fmt);
	vsnprintf(out->at.text, sizeof out->at.text, fmt, ap);
	va_end(ap);
}

struct menu_string *
menu_string_new(struct menu_program *p, const struct menu_place *at, const char *context,
                const char *id)
{
	struct menu_string *s = arena_zalloc(p->arena, sizeof *s);

	s->at = *at;
	s->context = context;
	s->id = id;
	for (unsigned l = 0; l < MENU_LANGUAGES; l++)
		s->raw[l] = id;
	s->translated[0] = true;
	s->next = p->strings; /* turned round when all are read */
	p->strings = s;
	return s;
}

static void
turn_strings_round(struct menu_program *p)
{
	struct menu_string *turned = NULL, *next;

	for (struct menu_string *s = p->strings; s != NULL; s = next) {
		next = s->next;
		s->next = turned;
		turned = s;
	}
	p->strings = turned;
}

static void
add_phrases(struct menu_program *p)
{
	static const char *const phrase[PHRASES] = {
		[PHRASE_BACK] = "Back",
		[PHRASE_HOME] = "Home",
		[PHRASE_MORE] = "More",
		[PHRASE_BAD + TYPE_MONEY] = "Type an amount. Example: 50000",
		[PHRASE_BAD + TYPE_GRAMS] = "Type the weight in grams. Example: 12.5",
		[PHRASE_BAD + TYPE_PERCENT] = "Type percent. Example: 91.5",
		[PHRASE_BAD + TYPE_COUNT] = "Type a number. Example: 8",
		[PHRASE_BAD + TYPE_DATE] = "Type a date. Example: 23.11.2026",
		[PHRASE_BAD + TYPE_PHONE] = "Type a phone number. Example: 0712000100",
		[PHRASE_BAD + TYPE_MEMBER] =
		    "Type a member number or phone. Example: M-0001",
		[PHRASE_BAD + TYPE_CHOICE] = "Type one of the numbers below.",
		[PHRASE_BAD + TYPE_TEXT] = "Type your answer.",
		[PHRASE_BAD_PIN] = "A PIN is 4 to 6 digits.",
		[PHRASE_LONG] = "Too long. Type it shorter.",
		[PHRASE_LOW + TYPE_MONEY] = "At least {low|money}.",
		[PHRASE_LOW + TYPE_GRAMS] = "At least {low|grams}.",
		[PHRASE_LOW + TYPE_PERCENT] = "At least {low|percent}.",
		[PHRASE_LOW + TYPE_COUNT] = "At least {low|count}.",
		[PHRASE_LOW + TYPE_DATE] = "Not before {low|day}.",
		[PHRASE_HIGH + TYPE_MONEY] = "At most {high|money}.",
		[PHRASE_HIGH + TYPE_GRAMS] = "At most {high|grams}.",
		[PHRASE_HIGH + TYPE_PERCENT] = "At most {high|percent}.",
		[PHRASE_HIGH + TYPE_COUNT] = "At most {high|count}.",
		[PHRASE_HIGH + TYPE_DATE] = "Not after {high|day}.",
		[PHRASE_LOST] = "Sorry, that did not work. Please dial again.",
		[PHRASE_LOST_HELP] =
		    "Sorry, that did not work. Please dial again. For help call {help}.",
	};
	static const struct menu_place nowhere = { .file = "engine" };

	for (unsigned i = 0; i < PHRASES; i++)
		p->phrase[i] = menu_string_new(p, &nowhere, "engine", phrase[i]);
}

static void
translate(struct menu_program *p, const struct menu_sources *in, struct menu_diags *d)
{
	for (unsigned l = 1; l < p->languages; l++) {
		struct catalog c;

		if (!catalog_open(&c, in->catalog[l - 1].mo, in->catalog[l - 1].len)) {
			struct menu_place at = { .file = p->language[l] };

			menu_fault(d, &at, "E6",
			           "not a .mo file: make it anew with msgfmt");
			continue;
		}
		for (struct menu_string *s = p->strings; s != NULL; s = s->next) {
			const char *found = catalog_find(&c, s->context, s->id);

			if (found == NULL)
				continue;
			s->raw[l] = arena_strdup(p->arena, found);
			s->translated[l] = true;
		}
	}
}

static void
read_templates(struct menu_program *p, struct menu_diags *d)
{
	for (struct menu_string *s = p->strings; s != NULL; s = s->next) {
		for (unsigned l = 0; l < p->languages && !s->is_keyword; l++) {
			if (s->translated[l])
				menu_template_read(p, s, l, d);
			else
				s->in[l] = s->in[0];
		}
	}
}

static void
collect_keywords(struct menu_program *p)
{
	size_t rows = 0;

	for (struct menu_keyword_row *k = p->keywords; k != NULL; k = k->next)
		rows++;
	p->word = arena_zalloc(p->arena, (rows * p->languages + 1) * sizeof *p->word);
	for (struct menu_keyword_row *k = p->keywords; k != NULL; k = k->next) {
		for (unsigned l = 0; l < p->languages; l++) {
			if (!k->word->translated[l] ||
			    (l > 0 && strcmp(k->word->raw[l], k->word->id) == 0))
				continue;
			p->word[p->words++] = (struct menu_word){ .word = k->word->raw[l],
				                                  .command = k->command,
				                                  .at = k->word->at,
				                                  .language = l };
		}
	}
}

/* ---- screens and where they lead ------------------------------------------------------
 */

static void
index_screens(struct menu_program *p, struct menu_diags *d)
{
	p->slots = 16;
	while (p->slots < p->screens * 2)
		p->slots *= 2;
	p->slot = arena_zalloc(p->arena, p->slots * sizeof *p->slot);
	for (size_t i = 0; i < p->screens; i++) {
		size_t at = p->screen[i].hash & (p->slots - 1);

		for (; p->slot[at] != 0; at = (at + 1) & (p->slots - 1)) {
			const struct menu_screen *o = &p->screen[p->slot[at] - 1];

			if (o->hash == p->screen[i].hash &&
			    strcmp(o->name, p->screen[i].name) != 0)
				menu_fault(d, &p->screen[i].at, "E0",
				           "by bad luck this name looks like %s to us: "
				           "change it",
				           o->name);
		}
		p->slot[at] = (uint16_t)(i + 1);
	}
}

int
menu_find_screen(const struct menu_program *p, uint32_t hash)
{
	for (size_t at = hash & (p->slots - 1); p->slot[at] != 0;
	     at = (at + 1) & (p->slots - 1))
		if (p->screen[p->slot[at] - 1].hash == hash)
			return p->slot[at] - 1;
	return TARGET_NONE;
}

static void
resolve(const struct menu_program *p, struct menu_target *t, struct menu_diags *d)
{
	t->screen = TARGET_NONE;
	if (t->name == NULL)
		return;
	if (strcmp(t->name, "back") == 0) {
		t->screen = TARGET_BACK;
		return;
	}
	t->screen = menu_find_screen(p, menu_hash(t->name));
	if (t->screen == TARGET_NONE)
		menu_fault(d, &t->at, "E3",
		           "there is no screen %s: write it, or name another", t->name);
}

static void
resolve_screen(struct menu_program *p, struct menu_screen *s, struct menu_diags *d)
{
	resolve(p, &s->otherwise, d);
	resolve(p, &s->next, d);
	for (struct menu_redirect *r = s->redirects; r != NULL; r = r->next)
		resolve(p, &r->to, d);
	for (struct menu_choice *c = s->choices; c != NULL; c = c->next) {
		resolve(p, &c->to, d);
		if (c->to.name == NULL)
			c->to.screen = s->next.screen;
	}
	if (s->list != NULL)
		resolve(p, &s->list->to, d);
	if (s->list != NULL && s->list->skip != NULL)
		resolve(p, &s->list->more, d);
	for (struct menu_rule *r = s->action == NULL ? NULL : s->action->rules; r != NULL;
	     r = r->next)
		resolve(p, &r->to, d);
}

bool
menu_is_shown(const struct menu_screen *s)
{
	return s->says != NULL || s->ask != NULL || s->pin != NULL || s->list != NULL ||
	       s->choices != NULL || s->end != NULL;
}

/* What a screen is made of must fit together: at most one way to answer. */
static void
check_questions(const struct menu_screen *s, struct menu_diags *d)
{
	bool typed = s->ask != NULL && s->ask->type != TYPE_CHOICE;
	bool picks = s->choices != NULL || s->list != NULL;

	if (s->pin != NULL && (s->ask != NULL || picks))
		menu_fault(d, &s->at, "E10",
		           "a PIN stands alone: move the rest to another screen");
	if (typed &&
	    (s->list != NULL || (s->choices != NULL && s->ask->type > TYPE_COUNT)))
		menu_fault(d, &s->at, "E0",
		           "only a question for a number has choices beside it: make two "
		           "screens");
	if (s->list != NULL && s->choices != NULL)
		menu_fault(d, &s->at, "E0",
		           "a list numbers its rows: move the choices elsewhere");
	if (s->ask != NULL && !typed && s->choices == NULL)
		menu_fault(d, &s->ask->at, "E0",
		           "a choice needs numbered choices below it");
	if ((typed || s->pin != NULL) && s->action == NULL && s->next.name == NULL)
		menu_fault(d, &s->at, "E0",
		           "nothing follows a good answer: write -> and a screen");
}

static void
check_shape(const struct menu_screen *s, struct menu_diags *d)
{
	bool asks =
	    s->ask != NULL || s->pin != NULL || s->list != NULL || s->choices != NULL;

	if (s->end != NULL && (asks || s->action != NULL || s->next.name != NULL))
		menu_fault(d, &s->at, "E0",
		           "behind end nothing goes on: remove the rest");
	if (s->action != NULL && !asks && s->says != NULL)
		menu_fault(d, &s->action->at, "E0",
		           "this screen asks nothing, so its text is never seen: move "
		           "say to the "
		           "screens its outcomes lead to");
	if (s->action != NULL && s->next.name != NULL)
		menu_fault(d, &s->next.at, "E0",
		           "the action's outcomes lead on: remove this arrow");
	if (!menu_is_shown(s) && s->action == NULL && s->redirects == NULL)
		menu_fault(d, &s->at, "E0", "an empty screen: write say, ask, do or end");
}

static void
check_choices(const struct menu_screen *s, struct menu_diags *d)
{
	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next) {
		bool worth = s->ask != NULL && s->ask->type == TYPE_CHOICE;

		if (c->to.name == NULL && (s->ask != NULL && !worth))
			menu_fault(d, &c->at, "E0",
			           "write -> and a screen: beside a question a choice "
			           "leads away from it");
		if (c->to.name == NULL && s->next.name == NULL && s->action == NULL)
			menu_fault(d, &c->at, "E0",
			           "this choice leads nowhere: write -> and a screen");
		if (c->set == NULL && worth)
			menu_fault(d, &c->at, "E0",
			           "say what this choice is worth: set %s VALUE",
			           s->ask->var);
	}
}

static const struct menu_action *
find_action(const struct menu_program *p, const char *name)
{
	for (size_t i = 0; i < p->action_count; i++)
		if (strcmp(p->actions[i].name, name) == 0)
			return &p->actions[i];
	return NULL;
}

static uint64_t
stir(uint64_t h, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * UINT64_C(0x100000001b3);
	return h;
}

static uint64_t
version_of(const struct menu_sources *in)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < in->files; i++)
		h = stir(stir(h, in->file[i].name, strlen(in->file[i].name)),
		         in->file[i].text, in->file[i].len);
	for (size_t i = 0; i < in->catalogs; i++)
		h = stir(
		    stir(h, in->catalog[i].language, strlen(in->catalog[i].language)),
		    in->catalog[i].mo, in->catalog[i].len);
	return h;
}

static void
set_languages(struct menu_program *p, const struct menu_sources *in, struct menu_diags *d)
{
	p->language[0] = arena_strdup(p->arena, in->language);
	p->languages = 1;
	for (size_t i = 0; i < in->catalogs; i++) {
		if (p->languages == MENU_LANGUAGES) {
			struct menu_place at = { .file = in->catalog[i].language };

			menu_fault(d, &at, "E0", "at most %d languages", MENU_LANGUAGES);
			break;
		}
		p->language[p->languages++] =
		    arena_strdup(p->arena, in->catalog[i].language);
	}
	for (unsigned l = 0; l < p->languages; l++)
		p->style[l] = render_style(p->language[l]);
}

static void
check_home(struct menu_program *p, const struct menu_sources *in, struct menu_diags *d)
{
	struct menu_place at = { .file = in->files > 0 ? in->file[0].name : "menus" };

	p->home = menu_find_screen(p, menu_hash("home"));
	if (p->home == TARGET_NONE)
		menu_fault(d, &at, "E0",
		           "there is no screen home: 00 must lead somewhere");
}

struct menu_program *
menu_compile(struct arena *arena, const struct menu_sources *in, struct menu_diags *diags)
{
	struct menu_program *p = arena_zalloc(arena, sizeof *p);

	p->arena = arena;
	p->actions = in->action;
	p->action_count = in->action == NULL ? 0 : in->actions;
	p->fact = in->fact;
	p->facts = in->facts;
	p->version = version_of(in);
	set_languages(p, in, diags);
	add_phrases(p);
	for (size_t i = 0; i < in->files; i++) {
		struct menu_file file = in->file[i];

		file.name = arena_strdup(arena, file.name);
		menu_parse(p, &file, diags);
	}
	turn_strings_round(p);
	translate(p, in, diags);
	read_templates(p, diags);
	collect_keywords(p);
	index_screens(p, diags);
	check_home(p, in, diags);
	for (size_t i = 0; i < p->screens; i++) {
		resolve_screen(p, &p->screen[i], diags);
		check_questions(&p->screen[i], diags);
		check_shape(&p->screen[i], diags);
		check_choices(&p->screen[i], diags);
		if (p->screen[i].action != NULL)
			p->screen[i].action->known =
			    find_action(p, p->screen[i].action->action);
	}
	if (diags->errors > 0)
		return NULL;
	menu_mark_dial(p);
	return p;
}
