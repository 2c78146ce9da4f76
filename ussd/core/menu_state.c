/*
 * The state as bytes: a version, the fields, then values as number (zigzag varint) or
 * text (length and bytes).  Setting a value checks that the whole still fits, so that
 * what was set can always be stored.
 */
#include "ussd/core/menu_program.h"

#include <string.h>

#define STATE_VERSION 1
#define VALUE_MOST    (5 + 1 + MENU_VALUE_BYTES) /* bytes of one value */

struct writer {
	uint8_t *at;
	size_t len, cap;
	bool failed;
};

static void
put8(struct writer *w, uint8_t b)
{
	if (w->len == w->cap) {
		w->failed = true;
		return;
	}
	w->at[w->len++] = b;
}

static void
put32(struct writer *w, uint32_t v)
{
	for (int i = 0; i < 4; i++, v >>= 8)
		put8(w, (uint8_t)v);
}

static void
put_varint(struct writer *w, int64_t number)
{
	uint64_t v = (uint64_t)number << 1 ^ (number < 0 ? UINT64_MAX : 0);

	for (; v > 0x7f; v >>= 7)
		put8(w, (uint8_t)(v | 0x80));
	put8(w, (uint8_t)v);
}

/* 0 none, 1 number, 2.. text of that length less two */
static void
put_value(struct writer *w, const struct menu_value *v)
{
	size_t n;

	if (v->kind != MENU_TEXT) {
		put8(w, v->kind);
		if (v->kind == MENU_NUMBER)
			put_varint(w, v->number);
		return;
	}
	n = strnlen(v->text, MENU_VALUE_BYTES);
	put8(w, (uint8_t)(n + 2));
	for (size_t i = 0; i < n; i++)
		put8(w, (uint8_t)v->text[i]);
}

void
menu_state_clear(struct menu_state *s)
{
	memset(s, 0, offsetof(struct menu_state, var));
}

size_t
menu_state_encode(const struct menu_state *s, uint8_t *out, size_t cap)
{
	struct writer w = { .at = out,
		            .cap = cap < MENU_STATE_MAX ? cap : MENU_STATE_MAX };

	put8(&w, STATE_VERSION);
	put32(&w, s->screen);
	put32(&w, s->serial);
	put8(&w, s->page);
	put8(&w, s->errors);
	put8(&w, s->waiting);
	put8(&w, s->back_count);
	for (unsigned i = 0; i < s->back_count; i++)
		put32(&w, s->back[i]);
	put8(&w, s->var_count);
	for (unsigned i = 0; i < s->var_count; i++) {
		put32(&w, s->var[i].name);
		put_value(&w, &s->var[i]);
	}
	put8(&w, s->row_count);
	put8(&w, s->column_count);
	for (unsigned c = 0; c < s->column_count; c++)
		put32(&w, s->row_count == 0 ? 0 : s->row[0][c].name);
	for (unsigned r = 0; r < s->row_count; r++)
		for (unsigned c = 0; c < s->column_count; c++)
			put_value(&w, &s->row[r][c]);
	return w.failed ? 0 : w.len;
}

struct reader {
	const uint8_t *at;
	size_t left;
	bool failed;
};

static uint8_t
take8(struct reader *r)
{
	if (r->left == 0) {
		r->failed = true;
		return 0;
	}
	r->left--;
	return *r->at++;
}

static uint32_t
take32(struct reader *r)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < 32; i += 8)
		v |= (uint32_t)take8(r) << i;
	return v;
}

static int64_t
take_varint(struct reader *r)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t b = take8(r);

		v |= (uint64_t)(b & 0x7f) << shift;
		if (b < 0x80)
			return (int64_t)(v >> 1 ^ (0 - (v & 1)));
	}
	r->failed = true;
	return 0;
}

static void
take_value(struct reader *r, struct menu_value *v, uint32_t name)
{
	char text[MENU_VALUE_BYTES + 1] = "";
	uint8_t kind = take8(r);

	memset(v, 0, sizeof *v);
	if (kind < 2) {
		v->kind = kind;
		v->number = kind == MENU_NUMBER ? take_varint(r) : 0;
	} else if (kind - 2 > MENU_VALUE_BYTES) {
		r->failed = true;
	} else {
		for (unsigned i = 0; i + 2 < kind; i++)
			text[i] = (char)take8(r);
		if (strlen(text) != (size_t)(kind - 2))
			r->failed = true;
		menu_value_text(v, "", text);
	}
	v->name = name;
}

static uint8_t
take_count(struct reader *r, uint8_t most)
{
	uint8_t n = take8(r);

	if (n <= most)
		return n;
	r->failed = true;
	return 0;
}

static void
take_rows(struct reader *r, struct menu_state *s)
{
	uint32_t name[MENU_COLUMNS] = { 0 };

	s->row_count = take_count(r, MENU_ROWS);
	s->column_count = take_count(r, MENU_COLUMNS);
	for (unsigned c = 0; c < s->column_count; c++)
		name[c] = take32(r);
	for (unsigned i = 0; i < s->row_count; i++)
		for (unsigned c = 0; c < s->column_count; c++)
			take_value(r, &s->row[i][c], name[c]);
}

bool
menu_state_decode(const uint8_t *bytes, size_t n, struct menu_state *out)
{
	struct reader r = { .at = bytes, .left = n };

	menu_state_clear(out);
	r.failed = n > MENU_STATE_MAX || take8(&r) != STATE_VERSION;
	out->screen = take32(&r);
	out->serial = take32(&r);
	out->page = take8(&r);
	out->errors = take8(&r);
	out->waiting = take_count(&r, 1) == 1;
	out->back_count = take_count(&r, MENU_BACK);
	for (unsigned i = 0; i < out->back_count; i++)
		out->back[i] = take32(&r);
	out->var_count = take_count(&r, MENU_VARS);
	for (unsigned i = 0; i < out->var_count && !r.failed; i++) {
		uint32_t name = take32(&r);

		take_value(&r, &out->var[i], name);
	}
	take_rows(&r, out);
	if (!r.failed && r.left == 0)
		return true;
	menu_state_clear(out);
	return false;
}

/* ---- setting values ---------------------------------------------------------------- */

static bool
fits(const struct menu_state *s, size_t more)
{
	uint8_t room[MENU_STATE_MAX];
	size_t n = menu_state_encode(s, room, sizeof room);

	return n > 0 && n + more <= sizeof room;
}

bool
menu_set_value(struct menu_state *s, uint32_t name, const struct menu_value *value)
{
	unsigned i = 0;

	while (i < s->var_count && s->var[i].name != name)
		i++;
	if (i == MENU_VARS || !fits(s, VALUE_MOST))
		return false;
	s->var[i] = *value;
	s->var[i].name = name;
	if (i == s->var_count)
		s->var_count++;
	return true;
}

bool
menu_set_number(struct menu_state *s, const char *name, int64_t number)
{
	struct menu_value v;

	menu_value_number(&v, name, number);
	return menu_set_value(s, v.name, &v);
}

bool
menu_set_text(struct menu_state *s, const char *name, const char *text)
{
	struct menu_value v;

	menu_value_text(&v, name, text);
	return menu_set_value(s, v.name, &v);
}

const struct menu_value *
menu_get(const struct menu_state *s, const char *name)
{
	uint32_t hash = menu_hash(name);

	for (unsigned i = 0; i < s->var_count; i++)
		if (s->var[i].name == hash)
			return &s->var[i];
	return NULL;
}

void
menu_rows_clear(struct menu_state *s)
{
	s->row_count = s->column_count = 0;
}

/* A row is added with all its columns empty; each costs one byte until it is filled. */
bool
menu_row_add(struct menu_state *s)
{
	if (s->row_count == MENU_ROWS || !fits(s, (size_t)MENU_COLUMNS * 16))
		return false;
	memset(s->row[s->row_count], 0, sizeof s->row[0]);
	for (unsigned c = 0; s->row_count > 0 && c < s->column_count; c++)
		s->row[s->row_count][c].name = s->row[0][c].name;
	s->row_count++;
	return true;
}

static bool
row_set(struct menu_state *s, const struct menu_value *v)
{
	unsigned c = 0;

	if (s->row_count == 0 || !fits(s, VALUE_MOST + MENU_ROWS))
		return false;
	while (c < s->column_count && s->row[0][c].name != v->name)
		c++;
	if (c == MENU_COLUMNS)
		return false;
	if (c == s->column_count) {
		for (unsigned r = 0; r < s->row_count; r++) {
			memset(&s->row[r][c], 0, sizeof s->row[r][c]);
			s->row[r][c].name = v->name;
		}
		s->column_count++;
	}
	s->row[s->row_count - 1][c] = *v;
	return true;
}

bool
menu_row_number(struct menu_state *s, const char *name, int64_t number)
{
	struct menu_value v;

	menu_value_number(&v, name, number);
	return row_set(s, &v);
}

bool
menu_row_text(struct menu_state *s, const char *name, const char *text)
{
	struct menu_value v;

	menu_value_text(&v, name, text);
	return row_set(s, &v);
}
