/* What is judged before money leaves: whose a wallet is, and whether the float holds it.
 */
#include "payments/core/person.h"
#include "payments/core/purse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
test_person(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} row[] = {
		{ "Neema Juma", "Neema Juma", true },
		{ "Neema Juma", "NEEMA JUMA", true },
		{ "Neema Juma", "juma, neema", true },
		{ "Neema Juma", "  Neema   Juma ", true },
		{ "Neema Juma", "Neema Amina Juma", true }, /* no middle name */
		{ "Juma Neema", "Neema Amina Juma", true },
		{ "Neema Juma", "Nema Juma", true },   /* a letter too few */
		{ "Neema Juma", "Neemaa Juma", true }, /* too many  */
		{ "Neema Juma", "Neena Juma", true },  /* another   */
		{ "Neema Juma", "Neeam Juma", true },  /* swapped   */
		{ "Neema Juma", "Juam Amina Neema", true },
		{ "Neema Juma", "Nema Jma", false }, /* two slips */
		{ "Neema Juma", "Neeamm Juma", false },
		{ "Adjoua Koné", "ADJOUA KONE", true },
		{ "Adjoua Kone\xcc\x81", "Adjoua Koné", true }, /* the accent apart */
		{ "Łukasz Żak", "lukasz zak", true },
		{ "Jean-Pierre Kabila", "KABILA JEAN PIERRE", true },
		{ "N'Golo Kanté", "Ngolo Kante", true },
		{ "Ali Said", "Ati Said", false }, /* too short for a slip */
		{ "Neema Juma", "Baraka Juma", false },
		{ "Neema Juma", "Neema Mushi", false },
		{ "Neema Juma", "Neema", false }, /* one word is not enough */
		{ "Neema", "Neema Juma", false },
		{ "Neema", "NEEMA", true },
		{ "Neema Neema", "Neema Juma", false }, /* a word counts once */
		{ "", "", false },
		{ "Neema Juma", "", false },
		{ "...", "***", false },
		{ "ነማ ጁማ", "ነማ ጁማ", true },
		{ "ነማ ጁማ", "ነማ ዳዊ", false },
		{ "a b c d e f g h i j k", "a b c d e f g h", true },
		{ "\xc3", "\xc5", false }, /* half a sign */
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		if (person_is(row[i].a, row[i].b) != row[i].same ||
		    person_is(row[i].b, row[i].a) != row[i].same)
			fail_msg("\"%s\" and \"%s\"", row[i].a, row[i].b);
	}
}

static void
test_purse(void **state)
{
	static const struct {
		struct purse purse;
		int64_t amount, now_ms;
		enum purse_say say;
	} row[] = {
		{ { 0 }, 100, 1000, PURSE_ASK },
		{ { .asked_ms = 1000, .known = true, .holds = 100 },
		  100,
		  2000,
		  PURSE_GO },
		{ { .asked_ms = 1000, .known = true, .holds = 99 },
		  100,
		  2000,
		  PURSE_WAIT },
		{ { .asked_ms = 1000, .known = true, .holds = 99 },
		  100,
		  5999,
		  PURSE_WAIT },
		{ { .asked_ms = 1000, .known = true, .holds = 99 },
		  100,
		  6000,
		  PURSE_ASK }, /* filled meanwhile? */
		{ { .asked_ms = 1000, .known = true, .holds = 100 },
		  100,
		  60999,
		  PURSE_GO },
		{ { .asked_ms = 1000, .known = true, .holds = 100 },
		  100,
		  61000,
		  PURSE_ASK },
		{ { .asked_ms = 1000, .known = false, .holds = 0 },
		  100,
		  2000,
		  PURSE_GO }, /* unknown is not zero */
		{ { .asked_ms = 1000, .known = false, .holds = 0 },
		  100,
		  61000,
		  PURSE_ASK },
		{ { .asked_ms = 1000, .known = true, .holds = -5 },
		  100,
		  2000,
		  PURSE_WAIT },
		{ { .asked_ms = 9000, .known = true, .holds = 100 },
		  100,
		  2000,
		  PURSE_ASK }, /* the clock went back */
	};
	struct purse p = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_int_equal(
		    purse_judge(&row[i].purse, row[i].amount, row[i].now_ms, 60000),
		    row[i].say);
	purse_told(&p, true, 250, 1000);
	purse_take(&p, 100);
	assert_int_equal(purse_judge(&p, 150, 1001, 60000), PURSE_GO);
	purse_take(&p, 100);
	assert_int_equal(purse_judge(&p, 100, 1002, 60000), PURSE_WAIT);
	purse_told(&p, false, 250, 1003);
	purse_take(&p, 100);
	assert_int_equal(purse_judge(&p, 100, 1004, 60000), PURSE_GO);
}

/* What comes unasked makes less of an answer, or is one where there is none; and it alone
 * lets nobody wait. */
static void
test_purse_heard(void **state)
{
	static const struct {
		struct purse before;
		int64_t holds, at_ms;
		bool changes;
		int64_t holds_then;
		enum purse_say say; /* about 100, at 10000 */
	} row[] = {
		/* nobody asked yet, or it is old, or nobody knew */
		{ { 0 }, 100, 9000, true, 100, PURSE_GO },
		{ { 0 }, 99, 9000, true, 99, PURSE_ASK },
		{ { .asked_ms = 1, .known = false }, 99, 9000, true, 99, PURSE_ASK },
		{ { .asked_ms = 1, .known = false }, 500, 9000, true, 500, PURSE_GO },
		/* asked, and more was said: what is on its way is not in it */
		{ { .asked_ms = 8000, .known = true, .holds = 50 },
		  900,
		  9000,
		  false,
		  50,
		  PURSE_WAIT },
		/* asked, and less */
		{ { .asked_ms = 8000, .known = true, .holds = 900 },
		  50,
		  9000,
		  true,
		  50,
		  PURSE_ASK },
		{ { .asked_ms = 8000, .known = true, .holds = 900 },
		  200,
		  9000,
		  true,
		  200,
		  PURSE_GO },
		/* older than the answer */
		{ { .asked_ms = 8000, .known = true, .holds = 900 },
		  50,
		  8000,
		  false,
		  900,
		  PURSE_GO },
		/* their clock is ahead */
		{ { 0 }, 100, 99000, true, 100, PURSE_GO },
		{ { 0 }, 100, -50000, false, 0, PURSE_ASK }, /* too old to be believed */
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct purse p = row[i].before;

		assert_int_equal(
		    purse_heard(&p, row[i].holds, row[i].at_ms, 10000, 60000),
		    row[i].changes);
		assert_int_equal(p.holds, row[i].holds_then);
		if (purse_judge(&p, 100, 10000, 60000) != row[i].say)
			fail_msg("row %zu", i);
		purse_told(&p, true, 0, 10000); /* asked: now it is a "no" */
		assert_int_equal(purse_judge(&p, 100, 10001, 60000), PURSE_WAIT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_person),
		cmocka_unit_test(test_purse),
		cmocka_unit_test(test_purse_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
