#include "lib/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
buf_init(struct buf *b, char *storage, size_t cap)
{
	*b = (struct buf){ .at = storage, .cap = cap };
	storage[0] = '\0';
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	b->at[0] = '\0';
}

void
buf_put(struct buf *b, const void *bytes, size_t n)
{
	size_t room = b->cap - 1 - b->len;

	if (n > room) {
		b->failed = true;
		n = room;
	}
	if (n > 0)
		memcpy(b->at + b->len, bytes, n);
	b->len += n;
	b->at[b->len] = '\0';
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void
buf_put_i64(struct buf *b, int64_t v)
{
	char digits[20];
	size_t at = sizeof digits;
	uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

	if (v < 0)
		buf_putc(b, '-');
	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	buf_put(b, digits + at, sizeof digits - at);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->cap - b->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(b->at + b->len, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room) {
		b->failed = true;
		b->len = b->cap - 1;
		b->at[b->len] = '\0';
		return;
	}
	b->len += (size_t)n;
}

void
text_copy(char *out, size_t cap, const char *text)
{
	size_t n = strnlen(text, cap - 1);

	memcpy(out, text, n);
	out[n] = '\0';
}

size_t
buf_utf8_count(const char *utf8)
{
	size_t n = 0;

	for (; *utf8 != '\0'; utf8++)
		n += ((unsigned char)*utf8 & 0xC0) != 0x80;
	return n;
}
