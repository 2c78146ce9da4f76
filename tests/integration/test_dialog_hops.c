/* Hops as carriers send them: again, at once, too late, and with Redis away. */
#include "tests/integration/dialog_bed.h"

#include <libpq-fe.h>
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

/* ---- in time ---- */

/* Somebody holds the loans, so that whoever reads them waits. */
static PGconn *
hold_loans(void)
{
	PGconn *db = PQconnectdb(bed.conninfo);

	PQclear(PQexec(db, "begin"));
	PQclear(PQexec(db, "lock table loans in access exclusive mode"));
	return db;
}

static void
a_slow_look_ends_with_nothing_done(void **state)
{
	int64_t before = bed.settings.ussd.hop_ms;
	struct phone p;
	PGconn *held;

	(void)state;
	phone_init(&p, &bed, MARY);
	phone_fresh(&p);
	bed.settings.ussd.hop_ms = 800;
	held = hold_loans();
	phone_type(&p, "1");
	PQfinish(held);
	bed.settings.ussd.hop_ms = before;
	phone_ended(&p, true);
	phone_shows(&p, "takes too long");
}

static void
a_slow_action_goes_on_and_tells_by_sms(void **state)
{
	const char *const to_pin[] = { "1", "50000", "1", "1", NULL };
	int64_t before = bed.settings.ussd.hop_ms, deadline;
	struct phone p;
	PGconn *held;

	(void)state;
	phone_init(&p, &bed, MARY);
	phone_fresh(&p);
	phone_walk(&p, to_pin);
	bed.settings.ussd.hop_ms = 800;
	held = hold_loans();
	phone_type(&p, "6047");
	bed.settings.ussd.hop_ms = before;
	phone_ended(&p, true);
	phone_shows(&p, "SMS follows");
	PQfinish(held);
	clock_update(&bed.clock);
	deadline = bed.clock.mono_ms + 8000;
	while (bed_number(&bed, "select count(*) from messages where template = "
	                        "'dialog.done'") == 0 &&
	       bed.clock.mono_ms < deadline)
		loop_turn(bed.loop, 20);
	assert_int_equal(bed_number(&bed, "select count(*) from loans"), 1);
	assert_true(bed.clock.mono_ms < deadline);
	phone_again(&p); /* the carrier repeats it: said once, done once */
	phone_shows(&p, "SMS follows");
	phone_fresh(&p);
	phone_type(&p, "1");
	phone_shows(&p, "waits for approval");
}

static void
without_the_database_one_reads_it_is_away(void **state)
{
	struct pg_options away = { .conninfo = "host=127.0.0.1 port=18798",
		                   .connections = 1,
		                   .in_flight = 4,
		                   .connect_ms = 200,
		                   .statement_ms = 1000 };
	int64_t before = bed.settings.ussd.hop_ms;
	struct pg *pg = bed.env.pg;
	struct phone p;

	(void)state;
	bed.settings.ussd.hop_ms = 800;
	bed.env.pg = pg_new(bed.loop, &away);
	phone_init(&p, &bed, NEEMA);
	phone_dial(&p);
	phone_ended(&p, true);
	phone_shows(&p, "Jaribu tena");
	pg_free(bed.env.pg);
	bed.env.pg = pg;
	bed.settings.ussd.hop_ms = before;
	phone_dial(&p);
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
		cmocka_unit_test(a_slow_look_ends_with_nothing_done),
		cmocka_unit_test(a_slow_action_goes_on_and_tells_by_sms),
		cmocka_unit_test(without_the_database_one_reads_it_is_away),
	};

	return cmocka_run_group_tests(tests, open_bed, close_bed);
}
