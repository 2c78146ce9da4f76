/* Lengths, letters, translations, keywords, labels. */
#include "ussd/core/gsm7.h"
#include "ussd/core/menu_program.h"

#include <string.h>

#define SEPTETS_WARN 140
#define CHOICES_MAX  5
#define WORDS_MAX    3
#define ALIKE        5 /* letters that two labels may not both begin with */

static unsigned
keys_width(const struct menu_program *p, unsigned language, bool more)
{
	unsigned sum = (unsigned)strlen("\n0  00 ");

	sum += menu_widest(p->phrase[PHRASE_BACK], language);
	sum += menu_widest(p->phrase[PHRASE_HOME], language);
	if (more)
		sum += 4 + menu_widest(p->phrase[PHRASE_MORE], language);
	return sum;
}

/* One value cannot be two words. */
static bool
two_words(const struct menu_condition *a, const struct menu_condition *b)
{
	return a->compares && b->compares && a->compare == CMP_EQ &&
	       b->compare == CMP_EQ && !a->negate && !b->negate && a->word != NULL &&
	       b->word != NULL && strcmp(a->word, b->word) != 0 &&
	       a->name[0] == b->name[0];
}

static bool
opposite(const struct menu_condition *a, const struct menu_condition *b)
{
	if (a != NULL && b != NULL && two_words(a, b))
		return true;
	if (a == NULL || b == NULL || a->negate == b->negate || a->names != b->names ||
	    a->compares != b->compares || a->compare != b->compare ||
	    a->number != b->number || (a->word == NULL) != (b->word == NULL) ||
	    (a->word != NULL && strcmp(a->word, b->word) != 0))
		return false;
	return memcmp(a->name, b->name, sizeof a->name) == 0;
}

/* Is a text never seen together with a wider one, because their conditions exclude each
 * other? */
static bool
outdone(const struct menu_screen *s, const struct menu_say *say, unsigned language)
{
	for (const struct menu_say *o = s->says; o != NULL; o = o->next) {
		unsigned mine = menu_widest(say->text, language);
		unsigned other = menu_widest(o->text, language);

		if (opposite(say->condition, o->condition) &&
		    (other > mine || (other == mine && o > say)))
			return true;
	}
	return false;
}

static unsigned
head_width(const struct menu_screen *s, unsigned language)
{
	unsigned sum = 0;

	for (const struct menu_say *say = s->says; say != NULL; say = say->next)
		if (!outdone(s, say, language))
			sum += menu_widest(say->text, language) + 1;
	if (s->pin != NULL)
		sum += menu_widest(s->pin, language) + 1;
	if (s->end != NULL)
		sum += menu_widest(s->end, language) + 1;
	return sum == 0 ? 0 : sum - 1;
}

static unsigned
line_width(unsigned digit, const struct menu_string *text, unsigned language)
{
	return 1 + (digit > 9 ? 3U : 2U) + menu_widest(text, language);
}

/* The first page cannot be shorter than its text, one line and the keys. */
unsigned
menu_widest_screen(const struct menu_program *p, const struct menu_screen *s,
                   unsigned language)
{
	unsigned sum = head_width(s, language), line = 0;

	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next) {
		unsigned width = line_width(c->digit, c->label, language);

		line = width > line ? width : line;
	}
	if (s->list != NULL)
		line = line_width(10, s->list->row, language);
	if (s->end == NULL)
		sum += keys_width(p, language, line > 0);
	return sum + line;
}

static unsigned
all_lines(const struct menu_program *p, const struct menu_screen *s, unsigned language)
{
	unsigned sum = head_width(s, language) + keys_width(p, language, false);

	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next)
		sum += line_width(c->digit, c->label, language);
	return sum;
}

static void
lint_length(const struct menu_program *p, const struct menu_screen *s, unsigned language,
            struct menu_diags *d)
{
	unsigned all = s->choices == NULL ? menu_widest_screen(p, s, language)
	                                  : all_lines(p, s, language);

	if (all > MENU_SEPTETS)
		menu_fault(d, &s->at, "E1",
		           "%s takes %u septets in %s at its widest, %d are allowed: "
		           "shorten it, or "
		           "give values a width",
		           s->name, all, p->language[language], MENU_SEPTETS);
	else if (all > SEPTETS_WARN)
		menu_fault(d, &s->at, "W7",
		           "%s takes %u septets in %s: some networks cut at %d", s->name,
		           all, p->language[language], SEPTETS_WARN);
}

/* A note that replaces the text of its screen must fit alone. */
static void
lint_note(const struct menu_program *p, const struct menu_string *note, unsigned language,
          struct menu_diags *d)
{
	unsigned width;

	if (note == NULL)
		return;
	width = menu_widest(note, language) + keys_width(p, language, false);
	if (width > MENU_SEPTETS)
		menu_fault(d, &note->at, "E1",
		           "takes %u septets with its keys in %s, %d are allowed", width,
		           p->language[language], MENU_SEPTETS);
}

static void
lint_screen(const struct menu_program *p, const struct menu_screen *s,
            struct menu_diags *d)
{
	for (unsigned l = 0; l < p->languages; l++) {
		if (menu_is_shown(s))
			lint_length(p, s, l, d);
		if (s->ask != NULL) {
			lint_note(p, s->ask->bad, l, d);
			lint_note(p, s->ask->too_low, l, d);
			lint_note(p, s->ask->too_high, l, d);
		}
		for (const struct menu_rule *r = s->action == NULL ? NULL
		                                                   : s->action->rules;
		     r != NULL; r = r->next)
			lint_note(p, r->note, l, d);
	}
}

/* ---- single texts --------------------------------------------------------------------
 */

static bool
has_value(const struct menu_template *t, const struct menu_piece *wanted)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->piece[i].var != NULL && t->piece[i].name == wanted->name &&
		    t->piece[i].filter == wanted->filter)
			return true;
	return false;
}

static void
lint_values(const struct menu_program *p, const struct menu_string *s, unsigned l,
            struct menu_diags *d)
{
	const struct menu_template *pair[2] = { &s->in[0], &s->in[l] };

	for (unsigned side = 0; side < 2; side++) {
		for (unsigned i = 0; i < pair[side]->count; i++) {
			const struct menu_piece *piece = &pair[side]->piece[i];

			if (piece->var == NULL || has_value(pair[1 - side], piece))
				continue;
			menu_fault(d, &s->at, "E7",
			           "{%s%s%s} stands only in %s, not in %s: \"%.60s\"",
			           piece->var, piece->filter == FILTER_PLAIN ? "" : "|",
			           menu_filter_name(piece->filter),
			           p->language[side == 0 ? 0 : l],
			           p->language[side == 0 ? l : 0], s->id);
		}
	}
}

static void
lint_string(const struct menu_program *p, const struct menu_string *s,
            struct menu_diags *d)
{
	for (unsigned l = 0; l < p->languages; l++) {
		uint32_t c = 0;

		if (!s->translated[l])
			continue;
		if (menu_unfoldable(s->raw[l], &c) > 0)
			menu_fault(d, &s->at, "E2",
			           "U+%04X in %s is not in the alphabet of phones: "
			           "replace it in "
			           "\"%.60s\"",
			           c, p->language[l], s->raw[l]);
		if (l > 0 && !s->is_keyword)
			lint_values(p, s, l, d);
		if (s->is_sms && menu_widest(s, l) > MENU_SEPTETS)
			menu_fault(
			    d, &s->at, "E1",
			    "%s takes %u septets in %s at its widest, one SMS holds %d",
			    s->context, menu_widest(s, l), p->language[l], MENU_SEPTETS);
	}
}

/* After all else: there may be many, and they would crowd the others out. */
static void
lint_missing(const struct menu_program *p, struct menu_diags *d)
{
	for (const struct menu_string *s = p->strings; s != NULL; s = s->next)
		for (unsigned l = 1; l < p->languages; l++)
			if (!s->translated[l])
				menu_fault(d, &s->at, "E6",
				           "no translation in %s.po of \"%.80s\" (%s)",
				           p->language[l], s->id, s->context);
}

/* ---- keywords -------------------------------------------------------------------------
 */

/* Letters and digits in small letters without marks. */
static void
plain_word(const char *word, char *out, size_t cap)
{
	char room[128];
	struct buf folded;
	size_t n = 0;

	buf_init(&folded, room, sizeof room);
	while (*word != '\0' && buf_ok(&folded)) {
		const char *from = word;
		size_t left = strlen(word);
		const char *stand_in = gsm7_stand_in(utf8_take(&word, &left));

		if (stand_in != NULL)
			buf_puts(&folded, stand_in);
		else
			buf_put(&folded, from, (size_t)(word - from));
	}
	for (const char *c = folded.at; *c != '\0' && n + 1 < cap; c++)
		if (*c != ' ' && *c != '-')
			out[n++] = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	out[n] = '\0';
}

/* A topic's word stands behind STOP and START: the same may be a command by itself. */
static bool
is_topic(const struct menu_word *w)
{
	return strncmp(w->command, "topic.", 6) == 0;
}

static void
lint_keywords(const struct menu_program *p, struct menu_diags *d)
{
	char a[64], b[64];

	for (size_t i = 0; i < p->words; i++) {
		plain_word(p->word[i].word, a, sizeof a);
		for (size_t j = 0; j < i; j++) {
			plain_word(p->word[j].word, b, sizeof b);
			if (is_topic(&p->word[i]) == is_topic(&p->word[j]) &&
			    strcmp(a, b) == 0 &&
			    strcmp(p->word[i].command, p->word[j].command) != 0)
				menu_fault(d, &p->word[i].at, "E8",
				           "%s (%s) means %s here and %s in %s line %u: "
				           "take another word",
				           p->word[i].word,
				           p->language[p->word[i].language],
				           p->word[i].command, p->word[j].command,
				           p->word[j].at.file, p->word[j].at.line);
		}
	}
}

/* ---- labels ---------------------------------------------------------------------------
 */

static unsigned
count_words(const char *s)
{
	unsigned n = 0;

	for (; *s != '\0'; s++)
		n += *s != ' ' && (s[1] == ' ' || s[1] == '\0');
	return n;
}

static void
lint_labels(const struct menu_screen *s, struct menu_diags *d)
{
	unsigned choices = 0;

	for (const struct menu_choice *c = s->choices; c != NULL; c = c->next) {
		choices++;
		if (count_words(c->label->id) > WORDS_MAX)
			menu_fault(d, &c->at, "W4", "a long label: %d words are enough",
			           WORDS_MAX);
		for (const struct menu_choice *o = s->choices; o != c; o = o->next)
			if (strncmp(o->label->id, c->label->id, ALIKE) == 0)
				menu_fault(
				    d, &c->at, "W5",
				    "begins like choice %u: begin with what differs",
				    o->digit);
	}
	if (choices > CHOICES_MAX)
		menu_fault(d, &s->at, "W1", "%u choices on %s: %d are enough", choices,
		           s->name, CHOICES_MAX);
}

/* A number without a word beside it says nothing. */
static void
lint_bare(const struct menu_string *s, struct menu_diags *d)
{
	const struct menu_template *t = &s->in[0];

	if (t->count != 1 || t->piece[0].var == NULL)
		return;
	if (t->piece[0].filter == FILTER_COUNT || t->piece[0].filter == FILTER_NUMBER)
		menu_fault(d, &s->at, "W6", "a bare number: say what it counts");
}

void
menu_lint_texts(const struct menu_program *p, struct menu_diags *d)
{
	for (size_t i = 0; i < p->screens; i++) {
		lint_screen(p, &p->screen[i], d);
		lint_labels(&p->screen[i], d);
	}
	for (const struct menu_string *s = p->strings; s != NULL; s = s->next) {
		lint_string(p, s, d);
		if (!s->is_keyword)
			lint_bare(s, d);
	}
	lint_keywords(p, d);
	lint_missing(p, d);
}
