/* Hops as carriers send them: again, at once, too late, and with Redis away. */
#include "tests/integration/dialog_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEEMA "255712000100"
#define MARY  "255712000500"

static struct dialog_bed bed;

static int
open_bed(void **state)
{
	(void)state;
	if (dialog_bed_open(&bed) != 0)
		return -1;
	bed_forget(&bed, NEEMA);
	bed_forget(&bed, MARY);
	bed_join(&bed, NEEMA, "2", "Neema Juma", "7391");
	bed_join(&bed, MARY, "1", "Mary Banda", "6047");
	return 0;
}

static int
close_bed(void **state)
{
	(void)state;
	dialog_bed_close(&bed);
	return 0;
}

/* ---- hops that come again ---- */

static void
a_repeated_hop_gets_the_first_reply(void **state)
{
	struct phone p;
	char first[700];

	(void)state;
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	snprintf(first, sizeof first, "%s", p.screen);
	phone_again(&p);
	assert_string_equal(p.screen, first);
	phone_type(&p, "5");
	snprintf(first, sizeof first, "%s", p.screen);
	phone_again(&p);
	assert_string_equal(p.screen, first);
	phone_type(&p, "0");
	phone_shows(&p, "1 Mkopo");
}

static void
two_copies_at_once_are_one_hop(void **state)
{
	struct phone a, b;
	unsigned waiting = 0;

	(void)state;
	phone_init(&a, &bed, NEEMA);
	phone_fresh(&a);
	snprintf(a.typed, sizeof a.typed, "5");
	b = a;
	phone_start(&a, HOP_CONTINUE, &waiting);
	phone_start(&b, HOP_CONTINUE, &waiting);
	dialog_bed_wait(&bed, &waiting);
	assert_string_equal(a.screen, b.screen);
	phone_shows(&a, "Neema Juma");
}

static void
a_goodbye_is_taken_quietly(void **state)
{
	struct phone p;
	unsigned waiting = 0;

	(void)state;
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_start(&p, HOP_ABORT, &waiting);
	dialog_bed_wait(&bed, &waiting);
	assert_string_equal(p.screen, "");
}

static void
a_redial_asks_whether_to_go_on(void **state)
{
	struct phone p;

	(void)state;
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, "Kiasi gani");
	phone_dial(&p);
	phone_shows(&p, "1 Endelea");
	phone_type(&p, "1");
	phone_shows(&p, "Kiasi gani");
	phone_dial(&p);
	phone_type(&p, "2");
	phone_shows(&p, "1 Mkopo");
}

static void
a_redial_never_comes_back_to_a_pin(void **state)
{
	const char *const to_pin[] = { "1", "50000", "1", "1", NULL };
	struct phone p;

	(void)state;
	phone_init(&p, &bed, MARY);
	phone_fresh(&p);
	phone_walk(&p, to_pin);
	phone_shows(&p, "PIN");
	phone_dial(&p);
	phone_type(&p, "1");
	phone_shows_not(&p, "PIN");
	phone_shows(&p, "1 Yes");
	phone_type(&p, "2");
	phone_shows(&p, "1 Loan");
}

static void
an_unknown_answer_says_what_to_type(void **state)
{
	struct phone p;

	(void)state;
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_type(&p, "9");
	phone_shows(&p, "1 Mkopo");
	phone_ended(&p, false);
	phone_type(&p, "1");
	phone_type(&p, "abc");
	phone_shows(&p, "Kiasi gani");
	phone_ended(&p, false);
}

/* ---- without Redis ---- */

static void
without_redis_nothing_moves_and_it_comes_back(void **state)
{
	const char *redis = getenv("ADIT_REDIS");
	struct phone p;

	(void)state;
	dialog_bed_redis(&bed, "127.0.0.1:18799");
	phone_init(&p, &bed, NEEMA);
	phone_fresh(&p);
	phone_ended(&p, true);
	phone_shows(&p, "No money moved");
	dialog_bed_redis(&bed, redis);
	phone_fresh(&p);
	phone_ended(&p, false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_repeated_hop_gets_the_first_reply),
		cmocka_unit_test(two_copies_at_once_are_one_hop),
		cmocka_unit_test(a_goodbye_is_taken_quietly),
		cmocka_unit_test(a_redial_asks_whether_to_go_on),
		cmocka_unit_test(a_redial_never_comes_back_to_a_pin),
		cmocka_unit_test(an_unknown_answer_says_what_to_type),
		cmocka_unit_test(without_redis_nothing_moves_and_it_comes_back),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
