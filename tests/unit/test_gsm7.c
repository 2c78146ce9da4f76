#include "ussd/core/gsm7.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
texts_fold_and_count(void **state)
{
	static const struct {
		const char *in, *out;
		int septets;
		unsigned lost;
	} row[] = {
		{ "Salio: 50,000 TZS", "Salio: 50,000 TZS", 17, 0 },
		{ "café à Ç é ñ ü", "café à Ç é ñ ü", 14, 0 },
		{ "ça fenêtre île hôtel août œuf", "ca fenetre ile hotel aout oeuf", 30,
		  0 },
		{ "\u2018a\u2019 \u201cb\u201d \u2013 \u2014 \u2026", "'a' \"b\" - - ...",
		  15, 0 },
		{ "50\u00a0000\u202fF", "50 000 F", 8, 0 },
		{ "ɓaɗa ŋɛɔ Ƙ", "bada neo K", 10, 0 },
		{ "a{b}€", "a{b}€", 8, 0 },
		{ "e\u0301te\u0301", "ete", 3, 0 },
		{ "Ắ ầ ọ", "A a o", 5, 0 },
		{ "日本", "??", 2, 2 },
		{ "bad\xff\xc3", "bad??", 5, 2 },
		{ "", "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char room[128];
		struct buf out;

		buf_init(&out, room, sizeof room);
		assert_int_equal(gsm7_fold(&out, row[i].in, strlen(row[i].in)),
		                 row[i].lost);
		assert_string_equal(room, row[i].out);
		assert_int_equal(gsm7_septets(out.at, out.len), row[i].septets);
	}
	assert_int_equal(gsm7_septets("ê", 2), -1);
}

static void
packing_goes_there_and_back(void **state)
{
	static const struct {
		const char *text;
		const char *octets;
		size_t n;
	} row[] = {
		{ "1234567", "\x31\xd9\x8c\x56\xb3\xdd\x1a", 7 },
		{ "hellohello", "\xe8\x32\x9b\xfd\x46\x97\xd9\xec\x37", 9 },
		{ "{", "\x1b\x14", 2 },
		{ "@", "\x00", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		uint8_t septets[64], octets[64], again[64];
		size_t n = gsm7_encode(row[i].text, strlen(row[i].text), septets, 64);
		size_t packed = gsm7_pack(septets, n, octets, 64);
		char room[64];
		struct buf out;

		assert_int_equal(packed, row[i].n);
		assert_memory_equal(octets, row[i].octets, packed);
		assert_int_equal(gsm7_unpack(octets, packed, again, 64), n);
		buf_init(&out, room, sizeof room);
		gsm7_decode(again, n, &out);
		assert_string_equal(room, row[i].text);
	}
}

static void
every_septet_has_a_letter(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 128; i++) {
		uint8_t septet = (uint8_t)i, back[2];
		char room[8];
		struct buf out;

		if (i == 0x1b)
			continue;
		buf_init(&out, room, sizeof room);
		gsm7_decode(&septet, 1, &out);
		assert_int_equal(gsm7_encode(out.at, out.len, back, 2), 1);
		assert_int_equal(back[0], septet);
	}
}

/* The way there has tables of its own: it agrees with the way back. */
static void
every_letter_comes_back(void **state)
{
	unsigned found = 0;

	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		int septet = gsm7_septet(c);

		if (septet < 0)
			continue;
		found++;
		assert_int_equal(gsm7_letter(septet & 0x7f, septet & 0x80), c);
	}
	assert_int_equal(found, 127 + 10); /* all but the escape, and those behind it */
}

static void
what_does_not_fit_is_refused(void **state)
{
	uint8_t out[4];

	(void)state;
	assert_int_equal(gsm7_encode("12345", 5, out, 4), 0);
	assert_int_equal(gsm7_encode("abc{", 4, out, 4), 0);
	assert_int_equal(gsm7_encode("ê", 2, out, 4), 0);
	assert_int_equal(gsm7_pack((const uint8_t *)"12345", 5, out, 4), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_fold_and_count),
		cmocka_unit_test(packing_goes_there_and_back),
		cmocka_unit_test(every_septet_has_a_letter),
		cmocka_unit_test(every_letter_comes_back),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
