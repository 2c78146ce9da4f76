#include "lib/json.h"

#include <string.h>

static void
put_string(struct buf *b, const char *s, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	buf_putc(b, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\') {
			buf_putc(b, '\\');
			buf_putc(b, s[i]);
		} else if (c == '\n') {
			buf_put(b, "\\n", 2);
		} else if (c < 0x20 || c == 0x7f) {
			buf_put(b, "\\u00", 4);
			buf_putc(b, hex[c >> 4]);
			buf_putc(b, hex[c & 15]);
		} else {
			buf_putc(b, s[i]);
		}
	}
	buf_putc(b, '"');
}

static void
begin(struct json_writer *w, const char *key)
{
	if (w->comma)
		buf_putc(w->out, ',');
	if (key != NULL) {
		put_string(w->out, key, strlen(key));
		buf_putc(w->out, ':');
	}
	w->comma = true;
}

void
jw_init(struct json_writer *w, struct buf *out)
{
	*w = (struct json_writer){ .out = out };
}

static void
open_level(struct json_writer *w, const char *key, char sign)
{
	begin(w, key);
	buf_putc(w->out, sign);
	w->depth++;
	w->comma = false;
}

static void
close_level(struct json_writer *w, char sign)
{
	buf_putc(w->out, sign);
	w->depth--;
	w->comma = true;
}

void
jw_object(struct json_writer *w, const char *key)
{
	open_level(w, key, '{');
}

void
jw_array(struct json_writer *w, const char *key)
{
	open_level(w, key, '[');
}

void
jw_end_object(struct json_writer *w)
{
	close_level(w, '}');
}

void
jw_end_array(struct json_writer *w)
{
	close_level(w, ']');
}

void
jw_text_n(struct json_writer *w, const char *key, const char *value, size_t n)
{
	begin(w, key);
	put_string(w->out, value, n);
}

void
jw_text(struct json_writer *w, const char *key, const char *value)
{
	if (value == NULL)
		jw_null(w, key);
	else
		jw_text_n(w, key, value, strlen(value));
}

void
jw_uuid(struct json_writer *w, const char *key, const struct uuid *value)
{
	char text[UUID_TEXT_SIZE];

	if (!uuid_is_nil(value))
		jw_text(w, key, uuid_text(value, text));
}

void
jw_i64(struct json_writer *w, const char *key, int64_t value)
{
	begin(w, key);
	buf_put_i64(w->out, value);
}

void
jw_bool(struct json_writer *w, const char *key, bool value)
{
	begin(w, key);
	buf_puts(w->out, value ? "true" : "false");
}

void
jw_null(struct json_writer *w, const char *key)
{
	begin(w, key);
	buf_puts(w->out, "null");
}

void
jw_raw(struct json_writer *w, const char *key, const char *json)
{
	begin(w, key);
	buf_puts(w->out, json);
}
