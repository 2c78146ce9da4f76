/* Texts as short messages: alphabet, sizes, cuts, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "gateway/channel/smpp/text.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define PT                                                                               \
	{                                                                                \
		GSM7_PORTUGUESE, GSM7_PORTUGUESE                                         \
	}
#define ES                                                                               \
	{                                                                                \
		GSM7_NO_NATION, GSM7_SPANISH                                             \
	}

static const struct smpp_style USUAL = { .ucs2 = SMPP_UCS2_NEEDED,
	                                 .parts_max = SMPP_PARTS_MAX };

/* n times the text, into one static place. */
static const char *
times(const char *text, unsigned n)
{
	static char room[16384];
	size_t len = strlen(text);

	assert_true(n * len < sizeof room);
	for (unsigned i = 0; i < n; i++)
		memcpy(room + i * len, text, len);
	room[n * len] = '\0';
	return room;
}

static void
sizes(void **state)
{
	static const struct {
		const char *letter;
		unsigned n;
		enum smpp_long cut;
		struct gsm7_tables nation;
		unsigned parts; /* billed */
		uint8_t coding;
		uint16_t first_len;
	} rows[] = {
		{ "a", 0, SMPP_LONG_UDH8, { 0 }, 1, 0, 0 },
		{ "a", 160, SMPP_LONG_UDH8, { 0 }, 1, 0, 160 },
		{ "a", 161, SMPP_LONG_UDH8, { 0 }, 2, 0, 6 + 153 },
		{ "a", 306, SMPP_LONG_UDH8, { 0 }, 2, 0, 6 + 153 },
		{ "a", 307, SMPP_LONG_UDH8, { 0 }, 3, 0, 6 + 153 },
		{ "a", 161, SMPP_LONG_UDH16, { 0 }, 2, 0, 7 + 152 },
		{ "a", 305, SMPP_LONG_UDH16, { 0 }, 3, 0, 7 + 152 },
		{ "a", 304, SMPP_LONG_SAR, { 0 }, 2, 0, 152 },
		{ "a", 305, SMPP_LONG_SAR, { 0 }, 3, 0, 152 },
		{ "a", 305, SMPP_LONG_PAYLOAD, { 0 }, 3, 0, 305 },
		/* an escape pair is never cut: 76 pairs, one septet stays empty */
		{ "{", 80, SMPP_LONG_UDH8, { 0 }, 1, 0, 160 },
		{ "{", 81, SMPP_LONG_UDH8, { 0 }, 2, 0, 6 + 152 },
		{ "€", 153, SMPP_LONG_UDH8, { 0 }, 3, 0, 6 + 152 },
		{ "日", 70, SMPP_LONG_UDH8, { 0 }, 1, 8, 140 },
		{ "日", 71, SMPP_LONG_UDH8, { 0 }, 2, 8, 6 + 134 },
		{ "日", 134, SMPP_LONG_UDH16, { 0 }, 3, 8, 7 + 132 },
		{ "日", 133, SMPP_LONG_SAR, { 0 }, 3, 8, 132 },
		/* a surrogate pair is never cut: 33 of 67 */
		{ "😀", 35, SMPP_LONG_UDH8, { 0 }, 1, 8, 140 },
		{ "😀", 36, SMPP_LONG_UDH8, { 0 }, 2, 8, 6 + 132 },
		/* folded: an accent lost is better than half the room */
		{ "ê", 160, SMPP_LONG_UDH8, { 0 }, 1, 0, 160 },
		/* a nation's tables: two septets each by the single one alone, one each
		 * by the locking one */
		{ "í", 77, SMPP_LONG_UDH8, ES, 1, 0, 4 + 154 },
		{ "í", 78, SMPP_LONG_UDH8, ES, 2, 0, 9 + 148 },
		{ "ã", 77, SMPP_LONG_UDH8, PT, 1, 0, 4 + 154 },
		{ "ã", 78, SMPP_LONG_UDH8, PT, 1, 0, 4 + 78 },
		{ "ã", 155, SMPP_LONG_UDH8, PT, 1, 0, 4 + 155 },
		{ "ã", 156, SMPP_LONG_UDH8, PT, 2, 0, 9 + 149 },
		{ "ã", 299, SMPP_LONG_UDH8, PT, 3, 0, 9 + 149 },
		{ "ã", 297, SMPP_LONG_UDH16, PT, 3, 0, 10 + 148 },
		/* who does not write the headers cannot name the tables in each: folded
		 */
		{ "ã", 156, SMPP_LONG_SAR, PT, 1, 0, 156 },
		{ "ã", 161, SMPP_LONG_SAR, PT, 2, 0, 152 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static struct smpp_parts got;
		struct smpp_style style = USUAL;
		const char *text = times(rows[i].letter, rows[i].n);

		style.cut = rows[i].cut;
		style.nation = rows[i].nation;
		assert_int_equal(
		    smpp_text_write(&style, text, strlen(text), 0x1234, &got, NULL), 0);
		if (got.billed != rows[i].parts || got.data_coding != rows[i].coding ||
		    got.part[0].len != rows[i].first_len)
			fail_msg("%u x %s, %s: %u parts, coding %u, %u octets first",
			         rows[i].n, rows[i].letter, smpp_long_name(rows[i].cut),
			         got.billed, got.data_coding, got.part[0].len);
		assert_int_equal(got.lost, 0);
	}
}

static void
headers(void **state)
{
	static const struct {
		enum smpp_long cut;
		struct gsm7_tables nation;
		const char *letter;
		const char *first, *second; /* the headers */
		size_t n;
	} rows[] = {
		{ SMPP_LONG_UDH8, { 0 }, "a", "\5\0\3\x34\2\1", "\5\0\3\x34\2\2", 6 },
		{ SMPP_LONG_UDH16,
		  { 0 },
		  "a",
		  "\6\x08\4\x12\x34\2\1",
		  "\6\x08\4\x12\x34\2\2",
		  7 },
		{ SMPP_LONG_UDH8, ES, "í", "\x08\0\3\x34\4\1\x24\1\2",
		  "\x08\0\3\x34\4\2\x24\1\2", 9 },
		{ SMPP_LONG_UDH8, PT, "ã", "\x08\0\3\x34\2\1\x25\1\3",
		  "\x08\0\3\x34\2\2\x25\1\3", 9 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static struct smpp_parts got;
		struct smpp_style style = USUAL;
		const char *text = times(rows[i].letter, 230);

		style.cut = rows[i].cut;
		style.nation = rows[i].nation;
		assert_int_equal(
		    smpp_text_write(&style, text, strlen(text), 0x1234, &got, NULL), 0);
		assert_true(got.has_header);
		assert_memory_equal(got.bytes, rows[i].first, rows[i].n);
		assert_memory_equal(got.bytes + got.part[1].at, rows[i].second,
		                    rows[i].n);
	}
}

struct writes {
	const char *text;
	struct smpp_style style;
	uint8_t coding;
	const char *octets;
	size_t n;
	unsigned lost;
};

/* What each meaning of data_coding 0 makes of a text. */
static void
alphabets(void **state)
{
	static const struct writes rows[] = {
		{ "@_$", { .parts_max = 1 }, 0, "\x00\x11\x02", 3, 0 },
		{ "@_$", { .zero = SMPP_ZERO_LATIN1, .parts_max = 1 }, 0, "@_$", 3, 0 },
		{ "@_$", { .zero = SMPP_ZERO_ASCII, .parts_max = 1 }, 0, "@_$", 3, 0 },
		{ "é", { .zero = SMPP_ZERO_LATIN1, .parts_max = 1 }, 0, "\xe9", 1, 0 },
		{ "é", { .zero = SMPP_ZERO_ASCII, .parts_max = 1 }, 0, "e", 1, 0 },
		{ "ê", { .zero = SMPP_ZERO_LATIN1, .parts_max = 1 }, 0, "e", 1, 0 },
		{ "¶",
		  { .latin1 = true, .ucs2 = SMPP_UCS2_NEEDED, .parts_max = 1 },
		  3,
		  "\xb6",
		  1,
		  0 },
		{ "¶", { .ucs2 = SMPP_UCS2_NEEDED, .parts_max = 1 }, 8, "\0\xb6", 2, 0 },
		{ "¶", { .parts_max = 1 }, 0, "?", 1, 1 },
		{ "“a”…", { .parts_max = 1 }, 0, "\"a\"...", 6, 0 },
		{ "ok", { .ucs2 = SMPP_UCS2_ALWAYS, .parts_max = 1 }, 8, "\0o\0k", 4, 0 },
		{ "😀",
		  { .ucs2 = SMPP_UCS2_NEEDED, .parts_max = 1 },
		  8,
		  "\xd8\x3d\xde\0",
		  4,
		  0 },
		{ "ɓ ŋ", { .ucs2 = SMPP_UCS2_NEEDED, .parts_max = 1 }, 0, "b n", 3, 0 },
		{ "a\xff", { .ucs2 = SMPP_UCS2_NEEDED, .parts_max = 1 }, 0, "a?", 2, 1 },
		{ "€", { .zero = SMPP_ZERO_LATIN1, .parts_max = 1 }, 0, "?", 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static struct smpp_parts got;

		assert_int_equal(smpp_text_write(&rows[i].style, rows[i].text,
		                                 strlen(rows[i].text), 1, &got, NULL),
		                 0);
		if (got.data_coding != rows[i].coding || got.part[0].len != rows[i].n ||
		    memcmp(got.bytes, rows[i].octets, rows[i].n) != 0 ||
		    got.lost != rows[i].lost)
			fail_msg("row %zu, %s: coding %u, %u octets, %u lost", i,
			         rows[i].text, got.data_coding, got.part[0].len,
			         got.lost);
	}
}

static void
too_long_is_said(void **state)
{
	static struct smpp_parts got;
	struct smpp_style style = USUAL;
	struct err err;
	const char *text = times("a", 307);

	(void)state;
	style.parts_max = 2;
	assert_int_equal(smpp_text_write(&style, text, 307, 1, &got, &err), -1);
	assert_int_equal(err.code, ERR_TOO_LONG);
	/* UCS-2 that would be too long is not taken: letters are lost instead */
	style.parts_max = 1;
	text = times("日", 71);
	assert_int_equal(smpp_text_write(&style, text, strlen(text), 1, &got, &err), 0);
	assert_int_equal(got.lost, 71);
}

static void
screens(void **state)
{
	static const struct {
		const char *letter;
		unsigned n;
		bool packed;
		int result;
		uint8_t coding;
		size_t len;
	} rows[] = {
		{ "a", 182, false, 0, 0, 182 },   { "a", 183, false, -1, 0, 0 },
		{ "a", 182, true, 0, 15, 160 },   { "ê", 182, false, 0, 0, 182 },
		{ "日", 80, false, 0, 8, 160 },   { "日", 81, false, 0, 0, 81 },
		{ "1234567", 1, true, 0, 15, 7 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smpp_screen got;
		const char *text = times(rows[i].letter, rows[i].n);

		assert_int_equal(smpp_screen_write(&USUAL, rows[i].packed, text,
		                                   strlen(text), &got, NULL),
		                 rows[i].result);
		if (rows[i].result == 0 &&
		    (got.data_coding != rows[i].coding || got.len != rows[i].len))
			fail_msg("row %zu: coding %u, %zu octets", i, got.data_coding,
			         got.len);
	}
}

/* What goes out packed comes in packed. */
static void
screens_come_back(void **state)
{
	static const char *const texts[] = { "1",     "1234567", "12345678",
		                             "50000", "é{€}",    "ح" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct smpp_screen screen;
		struct smpp_body in = { 0 };
		struct smpp_piece piece;
		uint8_t septets[SMPP_SCREEN_MAX];
		char room[64];
		struct buf text;

		assert_int_equal(smpp_screen_write(&USUAL, true, texts[i],
		                                   strlen(texts[i]), &screen, NULL),
		                 0);
		in.bytes = screen.bytes;
		in.len = screen.len;
		in.data_coding = screen.data_coding;
		assert_int_equal(smpp_text_read(&USUAL, &in, &piece, NULL), 0);
		assert_true(smpp_piece_unpack(&piece, septets, sizeof septets));
		buf_init(&text, room, sizeof room);
		smpp_text_utf8(piece.alphabet, piece.nation, piece.bytes, piece.len,
		               &text);
		assert_string_equal(room, texts[i]);
	}
}

struct reads {
	const char *octets;
	size_t n;
	uint8_t coding;
	uint8_t esm;
	const char *text; /* NULL: refused */
	const char *why;
};

static void
inbound(void **state)
{
	static const struct reads rows[] = {
		{ "BALANCE", 7, 0, 0, "BALANCE", NULL },
		{ "\x00\x11\x02\x1b\x65", 5, 0, 0, "@_$€", NULL },
		{ "a\x80", 2, 0, 0, "a\xef\xbf\xbd", NULL },
		{ "@\xe9", 2, 1, 0, "@\xef\xbf\xbd", NULL },
		{ "R\xe9\xe7u", 4, 3, 0, "Réçu", NULL },
		{ "\x06\x2d\0S", 4, 8, 0,
		  "ح"
		  "S",
		  NULL },
		{ "\xd8\x3d\xde\0", 4, 8, 0, "😀", NULL },
		{ "\xd8\x3d\0a\0", 5, 8, 0,
		  "\xef\xbf\xbd"
		  "a\xef\xbf\xbd",
		  NULL },
		{ "hi", 2, 0xf0, 0, "hi", NULL },
		{ "hi", 2, 0xc8, 0, "hi", NULL },
		{ "\0h", 2, 0xe0, 0, "h", NULL },
		{ "\0h", 2, 0x18, 0, "h", NULL },
		{ "hi", 2, 0x11, 0, "hi", NULL },
		{ "hi", 2, 15, 0, "hi", NULL },
		{ "hi", 2, 4, 0, NULL, "binary" },
		{ "hi", 2, 2, 0, NULL, "binary" },
		{ "hi", 2, 0xf5, 0, NULL, "binary" },
		{ "hi", 2, 0x15, 0, NULL, "binary" },
		{ "hi", 2, 0x31, 0, NULL, "compressed" },
		{ "hi", 2, 6, 0, NULL, "not ours" },
		{ "hi", 2, 0x55, 0, NULL, "reserved" },
		/* a header that is one part of one: gone */
		{ "\5\0\3\x07\1\1hi", 8, 0, 0x40, "hi", NULL },
		{ "\3\x24\1\3\x1b\x7b", 6, 0, 0x40, "ã", NULL },
		{ "\6\x24\1\3\x25\1\3\x7b", 8, 0, 0x43, "ã", NULL },
		{ "\3\x25\1\1\x07", 5, 0, 0x40, "ı", NULL },
		/* tables that nobody has: the plain ones */
		{ "\3\x25\1\2\x7b", 5, 0, 0x40, "ä", NULL },
		{ "\3\x24\1\x63\x1b\x7b", 6, 0, 0x40, "ä", NULL },
		{ "\6\x05\4\x23\xf4\0\0hi", 9, 0, 0x40, NULL, "port" },
		{ "\x09hi", 3, 0, 0x40, NULL, "header is longer" },
		{ "\3\x24\5\1h", 5, 0, 0x40, NULL, "element is longer" },
		{ "", 0, 0, 0x40, NULL, "header is longer" },
		{ "", 0, 0, 0, "", NULL },
		/* without the bit it is text */
		{ "\nhi", 3, 0, 0, "\nhi", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smpp_body in = { .bytes = (const uint8_t *)rows[i].octets,
			                .len = rows[i].n,
			                .data_coding = rows[i].coding,
			                .esm_class = rows[i].esm };
		struct smpp_piece piece;
		struct err err;
		char room[64];
		struct buf text;
		int r = smpp_text_read(&USUAL, &in, &piece, &err);

		if (rows[i].text == NULL) {
			if (r == 0 || strstr(err.what, rows[i].why) == NULL)
				fail_msg("row %zu: not refused for %s", i, rows[i].why);
			continue;
		}
		assert_int_equal(r, 0);
		buf_init(&text, room, sizeof room);
		smpp_text_utf8(piece.alphabet, piece.nation, piece.bytes, piece.len,
		               &text);
		if (strcmp(room, rows[i].text) != 0)
			fail_msg("row %zu: \"%s\"", i, room);
	}
}

static void
places_in_a_set(void **state)
{
	static const struct {
		const char *octets;
		size_t n;
		struct smpp_body sar;
		enum smpp_cut_by by;
		uint16_t reference;
		uint8_t total, number;
	} rows[] = {
		{ "\5\0\3\x07\3\2x", 7, { 0 }, SMPP_BY_UDH8, 7, 3, 2 },
		{ "\6\x08\4\x12\x34\3\2x", 8, { 0 }, SMPP_BY_UDH16, 0x1234, 3, 2 },
		{ "\5\0\3\x07\3\4x", 7, { 0 }, SMPP_WHOLE, 0, 1, 1 },
		{ "\5\0\3\x07\3\0x", 7, { 0 }, SMPP_WHOLE, 0, 1, 1 },
		{ "\5\0\3\x07\0\0x", 7, { 0 }, SMPP_WHOLE, 0, 1, 1 },
		{ NULL,
		  1,
		  { .has_sar = true,
		    .sar_reference = 9,
		    .sar_total = 2,
		    .sar_number = 1 },
		  SMPP_BY_SAR,
		  9,
		  2,
		  1 },
		{ NULL,
		  1,
		  { .has_sar = true,
		    .sar_reference = 9,
		    .sar_total = 2,
		    .sar_number = 3 },
		  SMPP_WHOLE,
		  0,
		  1,
		  1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smpp_body in = rows[i].sar;
		struct smpp_piece p;

		in.bytes = (const uint8_t *)(rows[i].octets ? rows[i].octets : "x");
		in.len = rows[i].n;
		in.esm_class = rows[i].octets ? 0x40 : 0;
		assert_int_equal(smpp_text_read(&USUAL, &in, &p, NULL), 0);
		if (p.cut_by != rows[i].by || p.reference != rows[i].reference ||
		    p.total != rows[i].total || p.number != rows[i].number)
			fail_msg("row %zu: by %d, ref %u, %u of %u", i, (int)p.cut_by,
			         p.reference, p.number, p.total);
		assert_int_equal(p.len, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),     cmocka_unit_test(headers),
		cmocka_unit_test(alphabets), cmocka_unit_test(too_long_is_said),
		cmocka_unit_test(screens),   cmocka_unit_test(screens_come_back),
		cmocka_unit_test(inbound),   cmocka_unit_test(places_in_a_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
