/* A text with values in it: read once while compiling, written on every hop. */
#include "ussd/core/gsm7.h"
#include "ussd/core/menu_program.h"

#include <stdio.h>
#include <string.h>

#define WIDTH_MAX 160

static const struct {
	const char *name;
	unsigned width; /* how wide a value may get when the text does not say */
} filters[FILTERS] = {
	[FILTER_PLAIN] = { "", 0 },         [FILTER_MONEY] = { "money", 15 },
	[FILTER_NUMBER] = { "number", 11 }, [FILTER_WORDS] = { "words", 0 },
	[FILTER_GRAMS] = { "grams", 12 },   [FILTER_PERCENT] = { "percent", 6 },
	[FILTER_COUNT] = { "count", 7 },    [FILTER_DAY] = { "day", 11 },
	[FILTER_SHORT] = { "short", 6 },    [FILTER_PHONE] = { "phone", 16 },
};

const char *
menu_filter_name(enum menu_filter f)
{
	return filters[f].name;
}

unsigned
menu_filter_width(enum menu_filter f, unsigned width)
{
	return width > 0              ? width
	       : filters[f].width > 0 ? filters[f].width
	                              : MENU_VALUE_BYTES;
}

unsigned
menu_unfoldable(const char *s, uint32_t *first)
{
	size_t n = strlen(s);
	unsigned count = 0;

	while (n > 0) {
		uint32_t c = utf8_take(&s, &n);

		if (gsm7_cost(c) > 0 || gsm7_stand_in(c) != NULL)
			continue;
		if (count++ == 0)
			*first = c;
	}
	return count;
}

/* ---- reading ---------------------------------------------------------------------- */

struct reader {
	struct menu_program *p;
	const struct menu_string *s;
	struct menu_diags *diags;
	const char *language;
	struct menu_piece piece[64];
	unsigned count;
};

static bool
complain(struct reader *r, const char *what)
{
	menu_fault(r->diags, &r->s->at, "E7", "%s in \"%.60s\" (%s)", what, r->s->id,
	           r->language);
	return false;
}

static bool
add_letters(struct reader *r, const char *text, size_t n)
{
	size_t cap = n * 4 + 8;
	char *room;
	struct buf folded;
	struct menu_piece *piece;

	if (n == 0)
		return true;
	if (r->count == sizeof r->piece / sizeof *r->piece)
		return complain(r, "too many values: shorten the text");
	room = arena_zalloc(r->p->arena, cap);
	buf_init(&folded, room, cap);
	gsm7_fold(&folded, text, n);
	piece = &r->piece[r->count++];
	*piece = (struct menu_piece){ .text = folded.at, .len = folded.len };
	piece->septets = (unsigned)gsm7_septets(folded.at, folded.len);
	return true;
}

static const struct menu_named *
find_const(const struct menu_program *p, const char *name)
{
	for (const struct menu_named *n = p->consts; n != NULL; n = n->next)
		if (strcmp(n->name, name) == 0)
			return n;
	return NULL;
}

static bool
read_filter(struct reader *r, const char **at, struct menu_piece *piece)
{
	size_t n = strspn(*at, "abcdefghijklmnopqrstuvwxyz");

	for (unsigned f = FILTER_MONEY; f < FILTERS; f++) {
		if (strlen(filters[f].name) != n || memcmp(filters[f].name, *at, n) != 0)
			continue;
		piece->filter = (enum menu_filter)f;
		*at += n;
		return true;
	}
	return complain(
	    r, "unknown filter: write |money |number |words |grams |percent |count "
	       "|day |short or |phone");
}

static bool
read_width(struct reader *r, const char **at, struct menu_piece *piece)
{
	for (; **at >= '0' && **at <= '9'; ++*at) {
		piece->width = piece->width * 10 + (unsigned)(**at - '0');
		if (piece->width > WIDTH_MAX)
			return complain(r, "a width is at most 160");
	}
	return piece->width > 0 ||
	       complain(r, "write a width behind the colon: {name:12}");
}

/* Behind the opening brace. */
static bool
read_value(struct reader *r, const char **at)
{
	struct menu_piece piece = { .filter = FILTER_PLAIN };
	size_t n = strspn(*at, "abcdefghijklmnopqrstuvwxyz0123456789_.");
	const struct menu_named *constant;

	if (n == 0)
		return complain(r, "write the name of a value between { and }");
	piece.var = arena_strndup(r->p->arena, *at, n);
	piece.name = menu_hash(piece.var);
	*at += n;
	constant = find_const(r->p, piece.var);
	if (**at == '|') {
		++*at;
		if (!read_filter(r, at, &piece))
			return false;
	}
	if (**at == ':') {
		++*at;
		if (!read_width(r, at, &piece))
			return false;
	}
	if (**at != '}')
		return complain(r,
		                "a value ends with }: write {name:12} or {amount|money}");
	++*at;
	if (constant != NULL)
		return add_letters(r, constant->value, strlen(constant->value));
	if (piece.filter == FILTER_WORDS && piece.width == 0)
		return complain(r, "words need a width: {amount|words:40}");
	if (r->count == sizeof r->piece / sizeof *r->piece)
		return complain(r, "too many values: shorten the text");
	r->piece[r->count++] = piece;
	return true;
}

bool
menu_template_read(struct menu_program *p, struct menu_string *s, unsigned language,
                   struct menu_diags *diags)
{
	struct reader r = {
		.p = p, .s = s, .diags = diags, .language = p->language[language]
	};
	const char *at = s->raw[language];
	struct menu_piece *piece;

	while (*at != '\0') {
		size_t n = strcspn(at, "{}");

		if (!add_letters(&r, at, n))
			return false;
		at += n;
		if (*at == '}')
			return complain(&r, "a } without {");
		if (*at == '{') {
			at++;
			if (!read_value(&r, &at))
				return false;
		}
	}
	piece = arena_zalloc(p->arena, (r.count + 1) * sizeof *piece);
	memcpy(piece, r.piece, r.count * sizeof *piece);
	s->in[language] = (struct menu_template){ .piece = piece, .count = r.count };
	return true;
}

unsigned
menu_widest(const struct menu_string *s, unsigned language)
{
	const struct menu_template *t = &s->in[language];
	unsigned sum = 0;

	for (unsigned i = 0; i < t->count; i++)
		sum += t->piece[i].var == NULL
		           ? t->piece[i].septets
		           : menu_filter_width(t->piece[i].filter, t->piece[i].width);
	return sum;
}

/* ---- writing ---------------------------------------------------------------------- */

const struct menu_value *
menu_find_value(const struct menu_scope *scope, uint32_t name)
{
	for (unsigned i = 0; i < scope->columns; i++)
		if (scope->row[i].name == name)
			return &scope->row[i];
	for (unsigned i = 0; i < scope->extras; i++)
		if (scope->extra[i].name == name)
			return &scope->extra[i];
	for (unsigned i = 0; scope->state != NULL && i < scope->state->var_count; i++)
		if (scope->state->var[i].name == name)
			return &scope->state->var[i];
	for (size_t i = 0; scope->facts != NULL && i < scope->facts->count; i++)
		if (scope->facts->value[i].name == name)
			return &scope->facts->value[i];
	return NULL;
}

void
menu_write_plain(struct menu_pen *pen, const char *text, size_t len, unsigned septets)
{
	buf_put(&pen->out, text, len);
	pen->septets += septets;
}

/* A day, or the day of a text that is YYYY-MM-DD. */
static bool
day_of(const struct menu_value *v, int64_t *day)
{
	struct civil c = { 0 };
	unsigned part[3] = { 0 };
	unsigned p = 0;
	int32_t d;

	if (v->kind == MENU_NUMBER) {
		*day = v->number;
		return true;
	}
	for (const char *t = v->text; *t != '\0' && p < 3; t++) {
		if (*t == '-')
			p++;
		else if (*t >= '0' && *t <= '9' && part[p] < 10000)
			part[p] = part[p] * 10 + (unsigned)(*t - '0');
		else
			break;
	}
	c.year = part[0];
	c.month = part[1];
	c.day = part[2];
	if (!day_from_civil(&c, &d))
		return false;
	*day = d;
	return true;
}

static void
put_words(struct buf *out, int64_t minor, const struct menu_facts *facts, unsigned width,
          enum render_style style)
{
	char room[256];
	struct buf words;
	int64_t one = 1;

	for (unsigned i = 0; facts != NULL && i < facts->exponent; i++)
		one *= 10;
	if (minor % one != 0)
		return;
	buf_init(&words, room, sizeof room);
	render_words(&words, minor / one, style);
	/* a number cut short would be another number */
	if (words.len <= width)
		buf_put(out, words.at, words.len);
}

static void
put_plain(struct buf *out, const struct menu_value *v)
{
	if (v->kind == MENU_TEXT)
		buf_puts(out, v->text);
	else
		buf_put_i64(out, v->number);
}

static void
put_value(struct buf *out, const struct menu_piece *piece, const struct menu_value *v,
          const struct menu_scope *scope)
{
	enum render_style style = scope->p->style[scope->language];
	const struct menu_facts *facts = scope->facts;
	unsigned exponent = facts == NULL ? 0 : facts->exponent;
	int64_t day;

	switch (piece->filter) {
	case FILTER_MONEY:
		render_money(out, v->number, exponent,
		             facts == NULL ? "" : facts->currency, style);
		break;
	case FILTER_NUMBER:
		render_money(out, v->number, exponent, "", style);
		break;
	case FILTER_WORDS:
		put_words(out, v->number, facts, piece->width, style);
		break;
	case FILTER_GRAMS:
		render_grams(out, v->number, style);
		break;
	case FILTER_PERCENT:
		render_percent(out, v->number, style);
		break;
	case FILTER_COUNT:
		render_count(out, v->number, style);
		break;
	case FILTER_DAY:
	case FILTER_SHORT:
		if (day_of(v, &day))
			render_day(out, day, piece->filter == FILTER_DAY, style);
		break;
	case FILTER_PHONE:
		if (v->kind == MENU_NUMBER || (v->text[0] >= '0' && v->text[0] <= '9'))
			buf_putc(out, '+');
		put_plain(out, v);
		break;
	case FILTER_PLAIN:
	case FILTERS:
		put_plain(out, v);
		break;
	}
}

/* At most `width` septets of a folded text: a text is cut, a number never is. */
static void
write_cut(struct menu_pen *pen, const char *text, size_t len, unsigned width)
{
	const char *at = text;
	size_t left = len;
	unsigned septets = 0;

	while (left > 0) {
		const char *from = at;
		unsigned cost = gsm7_cost(utf8_take(&at, &left));

		if (width > 0 && septets + cost > width) {
			at = from;
			break;
		}
		septets += cost;
	}
	menu_write_plain(pen, text, (size_t)(at - text), septets);
}

static void
write_value(struct menu_pen *pen, const struct menu_scope *scope,
            const struct menu_piece *piece)
{
	const struct menu_value *v = menu_find_value(scope, piece->name);
	char room[256], folded_room[256];
	struct buf raw, folded;

	if (v == NULL || v->kind == MENU_NONE)
		return;
	buf_init(&raw, room, sizeof room);
	put_value(&raw, piece, v, scope);
	buf_init(&folded, folded_room, sizeof folded_room);
	gsm7_fold(&folded, raw.at, raw.len);
	write_cut(pen, folded.at, folded.len,
	          piece->filter == FILTER_PLAIN && v->kind == MENU_TEXT ? piece->width
	                                                                : 0);
}

void
menu_write(struct menu_pen *pen, const struct menu_scope *scope,
           const struct menu_string *text)
{
	const struct menu_template *t = &text->in[scope->language];

	for (unsigned i = 0; i < t->count; i++) {
		const struct menu_piece *piece = &t->piece[i];

		if (piece->var == NULL)
			menu_write_plain(pen, piece->text, piece->len, piece->septets);
		else
			write_value(pen, scope, piece);
	}
}
