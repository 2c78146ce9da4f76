#include "ussd/core/gsm7_shift.h"

#include "ussd/core/gsm7.h"

#include <string.h>

#define ESCAPE      0x1b
#define REPLACEMENT 0xfffd

struct place {
	uint8_t septet;
	uint16_t c;
};

/* Where a nation's locking table differs from the base alphabet. */
static const struct place turkish[] = {
	{ 0x04, 0x20ac }, { 0x07, 0x0131 }, { 0x0b, 0x011e },
	{ 0x0c, 0x011f }, { 0x1c, 0x015e }, { 0x1d, 0x015f },
	{ 0x40, 0x0130 }, { 0x60, 0xe7 },   { 0, 0 },
};
static const struct place portuguese[] = {
	{ 0x04, 0xea },   { 0x06, 0xfa }, { 0x07, 0xed }, { 0x08, 0xf3 },
	{ 0x09, 0xe7 },   { 0x0b, 0xd4 }, { 0x0c, 0xf4 }, { 0x0e, 0xc1 },
	{ 0x0f, 0xe1 },   { 0x12, 0xaa }, { 0x13, 0xc7 }, { 0x14, 0xc0 },
	{ 0x15, 0x221e }, { 0x16, '^' },  { 0x17, '\\' }, { 0x18, 0x20ac },
	{ 0x19, 0xd3 },   { 0x1a, '|' },  { 0x1c, 0xc2 }, { 0x1d, 0xe2 },
	{ 0x1e, 0xca },   { 0x24, 0xba }, { 0x40, 0xcd }, { 0x5b, 0xc3 },
	{ 0x5c, 0xd5 },   { 0x5d, 0xda }, { 0x60, '~' },  { 0x7b, 0xe3 },
	{ 0x7c, 0xf5 },   { 0x7d, '`' },  { 0, 0 },
};

/* What a nation's single shift table adds to the plain one; all hold what that holds. */
static const struct place turkish_more[] = {
	{ 0x47, 0x011e }, { 0x49, 0x0130 }, { 0x53, 0x015e }, { 0x63, 0xe7 },
	{ 0x67, 0x011f }, { 0x69, 0x0131 }, { 0x73, 0x015f }, { 0, 0 },
};
static const struct place spanish_more[] = {
	{ 0x09, 0xe7 }, { 0x41, 0xc1 }, { 0x49, 0xcd }, { 0x4f, 0xd3 }, { 0x55, 0xda },
	{ 0x61, 0xe1 }, { 0x69, 0xed }, { 0x6f, 0xf3 }, { 0x75, 0xfa }, { 0, 0 },
};
static const struct place portuguese_more[] = {
	{ 0x05, 0xea },   { 0x09, 0xe7 },   { 0x0b, 0xd4 },   { 0x0c, 0xf4 },
	{ 0x0e, 0xc1 },   { 0x0f, 0xe1 },   { 0x12, 0x03a6 }, { 0x13, 0x0393 },
	{ 0x15, 0x03a9 }, { 0x16, 0x03a0 }, { 0x17, 0x03a8 }, { 0x18, 0x03a3 },
	{ 0x19, 0x0398 }, { 0x1f, 0xca },   { 0x41, 0xc0 },   { 0x49, 0xcd },
	{ 0x4f, 0xd3 },   { 0x55, 0xda },   { 0x5b, 0xc3 },   { 0x5c, 0xd5 },
	{ 0x61, 0xc2 },   { 0x69, 0xed },   { 0x6f, 0xf3 },   { 0x75, 0xfa },
	{ 0x7b, 0xe3 },   { 0x7c, 0xf5 },   { 0x7f, 0xe2 },   { 0, 0 },
};

static const struct {
	char language[3];
	const struct place *locking, *single;
} nations[] = {
	[GSM7_NO_NATION] = { "", NULL, NULL },
	[GSM7_TURKISH] = { "tr", turkish, turkish_more },
	[GSM7_SPANISH] = { "es", NULL, spanish_more },
	[GSM7_PORTUGUESE] = { "pt", portuguese, portuguese_more },
};

#define NATIONS (sizeof nations / sizeof *nations)

enum gsm7_nation
gsm7_nation_of(const char *language)
{
	for (unsigned i = GSM7_TURKISH; i < NATIONS; i++)
		if (strcmp(nations[i].language, language) == 0)
			return (enum gsm7_nation)i;
	return GSM7_NO_NATION;
}

bool
gsm7_nation_known(unsigned id, bool locking)
{
	return id < NATIONS &&
	       (locking ? nations[id].locking : nations[id].single) != NULL;
}

/* By letter; NULL if it is not there. */
static const struct place *
find_letter(const struct place *p, uint32_t c)
{
	for (; p != NULL && p->c != 0; p++)
		if (p->c == c)
			return p;
	return NULL;
}

static const struct place *
find_septet(const struct place *p, uint8_t septet)
{
	for (; p != NULL && p->c != 0; p++)
		if (p->septet == septet)
			return p;
	return NULL;
}

unsigned
gsm7_put_in(struct gsm7_tables tables, uint32_t c, uint8_t out[2])
{
	const struct place *locking = nations[tables.locking].locking;
	const struct place *at = find_letter(locking, c);
	int plain;

	if (at != NULL) {
		out[0] = at->septet;
		return 1;
	}
	plain = gsm7_septet(c);
	if (plain >= 0 && plain < 0x80 && find_septet(locking, (uint8_t)plain) == NULL) {
		out[0] = (uint8_t)plain;
		return 1;
	}
	at = find_letter(nations[tables.single].single, c);
	if (at == NULL && plain < 0x80)
		return 0;
	out[0] = ESCAPE;
	out[1] = at != NULL ? at->septet : (uint8_t)(plain & 0x7f);
	return 2;
}

unsigned
gsm7_cost_in(struct gsm7_tables tables, uint32_t c)
{
	uint8_t septets[2];

	return gsm7_put_in(tables, c, septets);
}

static uint32_t
base_letter(struct gsm7_tables tables, uint8_t septet)
{
	const struct place *at = find_septet(nations[tables.locking].locking, septet);

	return at != NULL ? at->c : gsm7_letter(septet, false);
}

static uint32_t
escaped_letter(struct gsm7_tables tables, uint8_t septet)
{
	const struct place *at = find_septet(nations[tables.single].single, septet);
	int plain;

	if (at != NULL)
		return at->c;
	plain = gsm7_septet(gsm7_letter(septet, true));
	return plain == (septet | 0x80) ? gsm7_letter(septet, true)
	                                : base_letter(tables, septet);
}

void
gsm7_decode_in(struct gsm7_tables tables, const uint8_t *septets, size_t n,
               struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (septets[i] > 0x7f)
			utf8_put(out, REPLACEMENT);
		else if (septets[i] != ESCAPE)
			utf8_put(out, base_letter(tables, septets[i]));
		else if (i + 1 < n && septets[i + 1] < 0x80 && septets[i + 1] != ESCAPE)
			utf8_put(out, escaped_letter(tables, septets[++i]));
		else
			buf_putc(out, ' ');
	}
}
