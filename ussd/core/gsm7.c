#include "ussd/core/gsm7.h"

#include <string.h>

#define ESCAPE 0x1b
#define CR     0x0d

#define GREEK_LAST 0x03a9
#define EURO       0x20ac

/* The base table; 0xFFFF stands for the escape. */
static const uint16_t base[128] = {
	'@',    0xa3,   '$',    0xa5,   0xe8,   0xe9,   0xf9,   0xec,   0xf2,   0xc7,
	'\n',   0xd8,   0xf8,   '\r',   0xc5,   0xe5,   0x0394, '_',    0x03a6, 0x0393,
	0x039b, 0x03a9, 0x03a0, 0x03a8, 0x03a3, 0x0398, 0x039e, 0xffff, 0xc6,   0xe6,
	0xdf,   0xc9,   ' ',    '!',    '"',    '#',    0xa4,   '%',    '&',    '\'',
	'(',    ')',    '*',    '+',    ',',    '-',    '.',    '/',    '0',    '1',
	'2',    '3',    '4',    '5',    '6',    '7',    '8',    '9',    ':',    ';',
	'<',    '=',    '>',    '?',    0xa1,   'A',    'B',    'C',    'D',    'E',
	'F',    'G',    'H',    'I',    'J',    'K',    'L',    'M',    'N',    'O',
	'P',    'Q',    'R',    'S',    'T',    'U',    'V',    'W',    'X',    'Y',
	'Z',    0xc4,   0xd6,   0xd1,   0xdc,   0xa7,   0xbf,   'a',    'b',    'c',
	'd',    'e',    'f',    'g',    'h',    'i',    'j',    'k',    'l',    'm',
	'n',    'o',    'p',    'q',    'r',    's',    't',    'u',    'v',    'w',
	'x',    'y',    'z',    0xe4,   0xf6,   0xf1,   0xfc,   0xe0,
};

static const struct {
	uint8_t septet;
	uint16_t c;
} extension[] = {
	{ 0x0a, 0x0c }, { 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2f, '\\' },
	{ 0x3c, '[' },  { 0x3d, '~' }, { 0x3e, ']' }, { 0x40, '|' }, { 0x65, EURO },
};

/* The septets of U+00A0 and up, where most letters outside ASCII are; 0 for none. */
static const uint8_t latin1[0x60] = {
	[0x01] = 0x40, [0x03] = 0x01, [0x04] = 0x24, [0x05] = 0x03, [0x07] = 0x5f,
	[0x1f] = 0x60, [0x24] = 0x5b, [0x25] = 0x0e, [0x26] = 0x1c, [0x27] = 0x09,
	[0x29] = 0x1f, [0x31] = 0x5d, [0x36] = 0x5c, [0x38] = 0x0b, [0x3c] = 0x5e,
	[0x3f] = 0x1e, [0x40] = 0x7f, [0x44] = 0x7b, [0x45] = 0x0f, [0x46] = 0x1d,
	[0x48] = 0x04, [0x49] = 0x05, [0x4c] = 0x07, [0x51] = 0x7d, [0x52] = 0x08,
	[0x56] = 0x7c, [0x58] = 0x0c, [0x59] = 0x06, [0x5c] = 0x7e,
};

#define EXTENSIONS (sizeof extension / sizeof *extension)

/* Has the same number in ASCII. */
static inline bool
is_shared(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= ' ' && c <= '?' && c != '$') || c == '\n';
}

/* Bytes in front that are all such: most of most texts, and taken in one piece. */
static size_t
shared_run(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && is_shared((unsigned char)s[i]))
		i++;
	return i;
}

int
gsm7_septet(uint32_t c)
{
	if (is_shared(c))
		return (int)c;
	if (c >= 0xa0 && c <= 0xff)
		return latin1[c - 0xa0] > 0 ? latin1[c - 0xa0] : -1;
	if (c > GREEK_LAST && c != EURO)
		return -1;
	for (unsigned i = 0; i < 128; i++)
		if (base[i] == c)
			return (int)i;
	for (unsigned i = 0; i < EXTENSIONS; i++)
		if (extension[i].c == c)
			return extension[i].septet | 0x80;
	return -1;
}

unsigned
gsm7_cost(uint32_t c)
{
	int septet = gsm7_septet(c);

	return septet < 0 ? 0 : septet & 0x80 ? 2 : 1;
}

int
gsm7_septets(const char *s, size_t n)
{
	int sum = 0;

	while (n > 0) {
		unsigned cost = gsm7_cost(utf8_take(&s, &n));

		if (cost == 0)
			return -1;
		sum += (int)cost;
	}
	return sum;
}

unsigned
gsm7_fold(struct buf *out, const char *s, size_t n)
{
	unsigned lost = 0;

	for (;;) {
		size_t run = shared_run(s, n);
		const char *instead;
		uint32_t c;

		buf_put(out, s, run);
		s += run;
		n -= run;
		if (n == 0)
			return lost;
		c = utf8_take(&s, &n);
		if (c != 0x0c && gsm7_cost(c) > 0) {
			utf8_put(out, c);
			continue;
		}
		instead = gsm7_stand_in(c);
		lost += instead == NULL;
		buf_puts(out, instead == NULL ? "?" : instead);
	}
}

size_t
gsm7_encode(const char *s, size_t n, uint8_t *out, size_t cap)
{
	size_t len = 0;

	for (;;) {
		size_t run = shared_run(s, n);
		int septet;

		if (run > cap - len)
			return 0;
		memcpy(out + len, s, run);
		len += run;
		s += run;
		n -= run;
		if (n == 0)
			return len;
		septet = gsm7_septet(utf8_take(&s, &n));
		if (septet < 0 || len + 1 + (septet & 0x80 ? 1 : 0) > cap)
			return 0;
		if (septet & 0x80)
			out[len++] = ESCAPE;
		out[len++] = (uint8_t)(septet & 0x7f);
	}
}

uint32_t
gsm7_letter(uint8_t septet, bool escaped)
{
	for (unsigned i = 0; escaped && i < EXTENSIONS; i++)
		if (extension[i].septet == septet)
			return extension[i].c;
	return base[septet]; /* what phones do with an escape they do not know */
}

void
gsm7_decode(const uint8_t *septets, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t septet = septets[i] & 0x7f;

		if (septet != ESCAPE)
			utf8_put(out, gsm7_letter(septet, false));
		else if (i + 1 < n && (septets[i + 1] & 0x7f) != ESCAPE)
			utf8_put(out, gsm7_letter(septets[++i] & 0x7f, true));
		else
			buf_putc(out, ' ');
	}
}

size_t
gsm7_pack(const uint8_t *septets, size_t n, uint8_t *out, size_t cap)
{
	size_t bits = n * 7;
	size_t octets = (bits + 7) / 8;

	if (octets > cap)
		return 0;
	memset(out, 0, octets);
	for (size_t i = 0; i < n; i++) {
		size_t at = i * 7;
		unsigned v = (septets[i] & 0x7fU) << (at % 8);

		out[at / 8] |= (uint8_t)v;
		if (v > 0xff)
			out[at / 8 + 1] |= (uint8_t)(v >> 8);
	}
	if (bits % 8 == 1)
		out[octets - 1] |= (uint8_t)(CR << 1);
	return octets;
}

size_t
gsm7_unpack(const uint8_t *octets, size_t n, uint8_t *septets, size_t cap)
{
	size_t count = n * 8 / 7;

	if (count > cap)
		return 0;
	for (size_t i = 0; i < count; i++) {
		size_t at = i * 7;
		unsigned v = octets[at / 8];

		if (at / 8 + 1 < n)
			v |= (unsigned)octets[at / 8 + 1] << 8;
		septets[i] = (uint8_t)(v >> (at % 8) & 0x7f);
	}
	if (count > 0 && n * 8 % 7 == 0 && n > 0 && septets[count - 1] == CR)
		count--;
	return count;
}
