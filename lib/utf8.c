#include "lib/utf8.h"

uint32_t
utf8_take(const char **s, size_t *n)
{
	const unsigned char *u = (const unsigned char *)*s;
	unsigned more = u[0] < 0x80   ? 0
	                : u[0] < 0xc2 ? 9
	                : u[0] < 0xe0 ? 1
	                : u[0] < 0xf0 ? 2
	                              : 3;
	uint32_t c = more == 0 ? u[0] : u[0] & (0x3fU >> more);

	if (more > 3 || more >= *n || u[0] > 0xf4) {
		*s += 1;
		*n -= 1;
		return UINT32_MAX;
	}
	for (unsigned i = 1; i <= more; i++) {
		if ((u[i] & 0xc0) != 0x80) {
			*s += i;
			*n -= i;
			return UINT32_MAX;
		}
		c = c << 6 | (u[i] & 0x3f);
	}
	*s += more + 1;
	*n -= more + 1;
	if ((more == 2 && c < 0x800) || (more == 3 && c < 0x10000) || c > 0x10ffff)
		return UINT32_MAX;
	return c;
}

void
utf8_put(struct buf *out, uint32_t c)
{
	char b[4];

	if (c < 0x80) {
		buf_putc(out, (char)c);
	} else if (c < 0x800) {
		b[0] = (char)(0xc0 | c >> 6);
		b[1] = (char)(0x80 | (c & 0x3f));
		buf_put(out, b, 2);
	} else if (c < 0x10000) {
		b[0] = (char)(0xe0 | c >> 12);
		b[1] = (char)(0x80 | (c >> 6 & 0x3f));
		b[2] = (char)(0x80 | (c & 0x3f));
		buf_put(out, b, 3);
	} else {
		b[0] = (char)(0xf0 | c >> 18);
		b[1] = (char)(0x80 | (c >> 12 & 0x3f));
		b[2] = (char)(0x80 | (c >> 6 & 0x3f));
		b[3] = (char)(0x80 | (c & 0x3f));
		buf_put(out, b, 4);
	}
}
