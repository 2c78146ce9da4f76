#include "ussd/core/menu_program.h"

#include "lib/hex.h"
#include "lib/utf8.h"

#include <string.h>

/* FNV-1a; 0 is kept free for "none". */
uint32_t
menu_hash(const char *name)
{
	uint32_t h = 0x811c9dc5U;

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 0x01000193U;
	return h == 0 ? 1 : h;
}

void
menu_value_number(struct menu_value *v, const char *name, int64_t number)
{
	v->name = menu_hash(name);
	v->kind = MENU_NUMBER;
	v->number = number;
	v->text[0] = '\0';
}

/* All digits, perhaps behind a minus: the number; else 0. */
static int64_t
number_in(const char *text)
{
	bool minus = *text == '-';
	int64_t n = 0;
	unsigned digits = 0;

	for (text += minus; *text >= '0' && *text <= '9' && digits < 18; text++, digits++)
		n = n * 10 + (*text - '0');
	return *text != '\0' || digits == 0 ? 0 : minus ? -n : n;
}

void
menu_value_text(struct menu_value *v, const char *name, const char *text)
{
	size_t n = strnlen(text, MENU_VALUE_BYTES + 1);

	if (n > MENU_VALUE_BYTES) {
		n = MENU_VALUE_BYTES;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	v->name = menu_hash(name);
	v->kind = MENU_TEXT;
	memcpy(v->text, text, n);
	v->text[n] = '\0';
	v->number = number_in(v->text);
}

/* ---- a flat JSON object, without a tree for it ---------------------------------------
 */

struct reader {
	const char *at, *end;
};

static bool
take(struct reader *r, char c)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\t'))
		r->at++;
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool
take_hex(struct reader *r, uint32_t *c)
{
	*c = 0;
	for (int i = 0; i < 4; i++) {
		int digit = r->at < r->end ? hex_digit(*r->at++) : -1;

		if (digit < 0)
			return false;
		*c = *c << 4 | (uint32_t)digit;
	}
	return true;
}

static bool
take_escape(struct reader *r, struct buf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/  \n  ";
	char d = (char)(r->at < r->end ? *r->at++ : '\0');
	const char *known = d == '\0' ? NULL : strchr(from, d);
	uint32_t c;

	if (known != NULL) {
		buf_putc(out, to[known - from]);
		return true;
	}
	if (d != 'u' || !take_hex(r, &c))
		return false;
	utf8_put(out, c < ' ' ? ' ' : c);
	return true;
}

static bool
take_string(struct reader *r, char *room, size_t cap)
{
	struct buf out;

	buf_init(&out, room, cap);
	if (!take(r, '"'))
		return false;
	while (r->at < r->end && *r->at != '"') {
		char c = *r->at++;

		if (c != '\\')
			buf_putc(&out, (char)(c == '\0' ? ' ' : c));
		else if (!take_escape(r, &out))
			return false;
	}
	return take(r, '"');
}

/* A number, true, false or null, as it stands. */
static bool
take_bare(struct reader *r, char *room, size_t cap)
{
	size_t n = 0;

	while (r->at < r->end && strchr(",} \n\t", *r->at) == NULL && n + 1 < cap)
		room[n++] = *r->at++;
	room[n] = '\0';
	return n > 0;
}

size_t
menu_values_json(const char *json, size_t len, struct menu_value *out, size_t cap)
{
	struct reader r = { .at = json, .end = json + len };
	char name[64], text[256];
	size_t count = 0;

	if (!take(&r, '{'))
		return 0;
	while (count < cap && take_string(&r, name, sizeof name) && take(&r, ':')) {
		bool quoted = take(&r, '"');

		r.at -= quoted;
		if (quoted ? !take_string(&r, text, sizeof text)
		           : !take_bare(&r, text, sizeof text))
			break;
		menu_value_text(&out[count++], name, text);
		if (!take(&r, ','))
			break;
	}
	return count;
}
