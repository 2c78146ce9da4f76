#include "lib/buf.h"
#include "lib/hex.h"
#include "lib/http_server.h"

#include <string.h>

/* The character at *at, which moves past it; -1 if the escape is broken or means NUL. */
static int
next_char(const char **at, const char *end)
{
	const char *p = *at;
	int byte;

	*at = p + 1;
	if (*p == '+')
		return ' ';
	if (*p != '%')
		return *p == '\0' ? -1 : (unsigned char)*p;
	if (end - p < 3)
		return -1;
	*at = p + 3;
	byte = hex_byte(p + 1);
	return byte > 0 ? byte : -1;
}

static bool
is_name(const char *p, const char *end, const char *name)
{
	while (p < end) {
		int c = next_char(&p, end);

		if (c < 0 || c != (unsigned char)*name)
			return false;
		name++;
	}
	return *name == '\0';
}

static long
decode(const char *p, const char *end, char *out, size_t cap)
{
	size_t n = 0;

	while (p < end) {
		int c = next_char(&p, end);

		if (c < 0 || n + 1 >= cap)
			return -2;
		out[n++] = (char)c;
	}
	if (cap == 0)
		return -2;
	out[n] = '\0';
	return (long)n;
}

long
form_get(const char *form, size_t n, const char *name, char *out, size_t cap)
{
	const char *p = form, *end = form ? form + n : form;

	if (cap > 0)
		out[0] = '\0';
	while (p < end) {
		const char *amp = memchr(p, '&', (size_t)(end - p));
		const char *stop = amp ? amp : end;
		const char *eq = memchr(p, '=', (size_t)(stop - p));
		long len;

		/* most differ in their first letter */
		if (*p != *name && *p != '%' && *p != '+') {
			p = amp ? amp + 1 : end;
			continue;
		}
		if (is_name(p, eq ? eq : stop, name)) {
			len = decode(eq ? eq + 1 : stop, stop, out, cap);
			if (len < 0 && cap > 0)
				out[0] = '\0';
			return len;
		}
		p = amp ? amp + 1 : end;
	}
	return -1;
}

static void
put_escaped(struct buf *b, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || strchr("-._~", c)) {
			buf_putc(b, (char)c);
			continue;
		}
		buf_putc(b, '%');
		buf_putc(b, digits[c >> 4]);
		buf_putc(b, digits[c & 15]);
	}
}

void
form_put(struct buf *b, const char *name, const char *value)
{
	if (b->len > 0)
		buf_putc(b, '&');
	put_escaped(b, name);
	buf_putc(b, '=');
	put_escaped(b, value);
}
