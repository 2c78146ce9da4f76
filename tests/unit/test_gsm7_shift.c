/* The nations' tables whole, as npm smpp (MIT) and 3GPP TS 23.038 have them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "ussd/core/gsm7.h"
#include "ussd/core/gsm7_shift.h"

#include <cmocka.h>
#include <string.h>

/* 128 letters each; the escape's place holds a '|' that is never looked at. */
static const char *const LOCKING[] = {
	[GSM7_NO_NATION] = "@£$¥èéùìòÇ\nØø\rÅåΔ_"
	                   "ΦΓΛΩΠΨΣΘΞ|ÆæßÉ !\"#¤%&'()*+,-./"
	                   "0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
	                   "¿abcdefghijklmnopqrstuvwxyzäöñüà",
	[GSM7_TURKISH] = "@£$¥€éùıòÇ\nĞğ\rÅåΔ_"
	                 "ΦΓΛΩΠΨΣΘΞ|ŞşßÉ !\"#¤%&'()*+,-./"
	                 "0123456789:;<=>?İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
	                 "çabcdefghijklmnopqrstuvwxyzäöñüà",
	[GSM7_PORTUGUESE] = "@£$¥êéúíóç\nÔô\rÁáΔ_"
	                    "ªÇÀ∞^\\€Ó||ÂâÊÉ !\"#º%&'()*+,-./"
	                    "0123456789:;<=>?ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§"
	                    "~abcdefghijklmnopqrstuvwxyzãõ`üà",
};

/* Letters behind the escape, and their places. */
static const struct {
	enum gsm7_nation nation;
	const char *letters;
	const char *places;
} SINGLE[] = {
	{ GSM7_NO_NATION, "\f^{}\\[~]|€", "\n\x14()/<=>@e" },
	{ GSM7_TURKISH, "\f^{}\\[~]|ĞİŞç€ğış", "\n\x14()/<=>@GIScegis" },
	{ GSM7_SPANISH, "ç\f^{}\\[~]|ÁÍÓÚá€íóú", "\t\n\x14()/<=>@AIOUaeiou" },
	{ GSM7_PORTUGUESE, "êç\fÔôÁáΦΓ^ΩΠΨΣΘÊ{}\\[~]|ÀÍÓÚÃÕÂ€íóúãõâ",
	  "\x05\t\n\x0b\x0c\x0e\x0f\x12\x13\x14\x15\x16\x17\x18\x19\x1f()/"
	  "<=>@AIOU[\\aeiou"
	  "{|\x7f" },
};

static void
check_letter(struct gsm7_tables tables, const uint8_t *septets, size_t n, uint32_t c)
{
	char want[8], got[8];
	struct buf a, b;

	buf_init(&a, want, sizeof want);
	utf8_put(&a, c);
	buf_init(&b, got, sizeof got);
	gsm7_decode_in(tables, septets, n, &b);
	if (strcmp(want, got) != 0)
		fail_msg("tables %d/%d, septet %02x: %s, not %s", (int)tables.locking,
		         (int)tables.single, septets[n - 1], got, want);
}

static void
locking_tables(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof LOCKING / sizeof *LOCKING; i++) {
		struct gsm7_tables tables = { (enum gsm7_nation)i, GSM7_NO_NATION };
		const char *s = LOCKING[i];
		size_t n = s == NULL ? 0 : strlen(s);

		for (uint8_t septet = 0; n > 0; septet++) {
			uint32_t c = utf8_take(&s, &n);
			uint8_t back[2];

			assert_true(septet < 128);
			if (septet == 0x1b)
				continue;
			check_letter(tables, &septet, 1, c);
			assert_int_equal(gsm7_put_in(tables, c, back), 1);
			assert_int_equal(back[0], septet);
			assert_int_equal(n == 0, septet == 127);
		}
	}
}

static void
single_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof SINGLE / sizeof *SINGLE; i++) {
		struct gsm7_tables tables = { GSM7_NO_NATION, SINGLE[i].nation };
		const char *s = SINGLE[i].letters, *place = SINGLE[i].places;
		size_t n = strlen(s);

		for (; n > 0; place++) {
			uint32_t c = utf8_take(&s, &n);
			uint8_t septets[2] = { 0x1b, (uint8_t)*place }, back[2];

			check_letter(tables, septets, 2, c);
			if (gsm7_cost(c) == 1) /* Greek, and the letters both have */
				continue;
			assert_int_equal(gsm7_put_in(tables, c, back), 2);
			assert_memory_equal(back, septets, 2);
		}
		assert_int_equal(*place, '\0');
	}
}

static void
names_and_numbers(void **state)
{
	(void)state;
	assert_int_equal(gsm7_nation_of("pt"), GSM7_PORTUGUESE);
	assert_int_equal(gsm7_nation_of("sw"), GSM7_NO_NATION);
	assert_int_equal(gsm7_nation_of(""), GSM7_NO_NATION);
	assert_true(gsm7_nation_known(GSM7_SPANISH, false));
	assert_false(gsm7_nation_known(GSM7_SPANISH, true));
	assert_false(gsm7_nation_known(0, false));
	assert_false(gsm7_nation_known(4, false));
	/* an escape that leads nowhere shows the base letter of the table in force */
	check_letter((struct gsm7_tables){ GSM7_PORTUGUESE, GSM7_NO_NATION },
	             (const uint8_t *)"\x1b\x7b", 2, 0xe3);
	assert_int_equal(gsm7_cost_in(GSM7_PLAIN, 0xe3), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locking_tables),
		cmocka_unit_test(single_tables),
		cmocka_unit_test(names_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
