/* Two officers declare days without payments for a site, on real PostgreSQL: dates move,
 * days inside count for nothing, a run that is cut off goes on. */
#include "config/settings.h"
#include "payments/flow/day_run.h"
#include "payments/flow/evening.h"
#include "payments/flow/moratorium.h"
#include "payments/flow/moratorium_run.h"
#include "payments/flow/site.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

static struct moratorium_counts told;
static struct day_counts counts;
static struct moratorium_list list;
static int32_t today;
/* md5('MGODI/GEITA-1'), as seeded */
static const char *site = "6d20698d-4dd8-5f8c-17b8-1a2c939a14e2";

static int64_t
after(int days)
{
	return loop_clock(env.loop)->wall_ms + days * DAY_MS;
}

static void
on_run(void *arg, const struct err *err, const struct moratorium_counts *c)
{
	(void)arg;
	assert_int_equal(err->code, ERR_NONE);
	told = *c;
	got.waiting--;
}

static void
run(void)
{
	got.waiting = 1;
	moratorium_run_start(&env, 0, after(0), on_run, NULL);
	wait_all(0);
	assert_int_equal(told.failed, 0);
	books_balance();
}

static void
on_day(void *arg, const struct err *err, const struct day_counts *c)
{
	(void)arg;
	assert_int_equal(err->code, ERR_NONE);
	counts = *c;
	got.waiting--;
}

static void
day(int days)
{
	got.waiting = 1;
	day_run_start(&env, 0, after(days), on_day, NULL);
	wait_all(0);
	assert_int_equal(counts.failed, 0);
	books_balance();
}

static void
ask(const struct who *who, const char *pin, int from, int to, struct uuid key)
{
	struct moratorium_ask a = {
		.who = *who,
		.days = { today + from, today + to, HOLIDAY_INTEREST_RUNS },
		.pin = pin,
		.key = key,
	};

	assert_true(uuid_parse(site, 36, &a.site_id));
	payments_moratorium(&env, &a, on_plain, NULL);
	wait_all(1);
}

static void
on_sites(void *arg, const struct payments_answer *a, const struct site_list *l)
{
	got.answer = *a;
	uuid_text(&l->at[l->count - 1].site_id, arg);
	got.waiting--;
}

/* From now on it is the last site by code. */
static void
got_site(char *text)
{
	struct uuid nobody = { { 0 } };

	payments_sites(&env, &officer, &nobody, 0, on_sites, text);
	wait_all(1);
	site = text;
}

static void
on_list(void *arg, const struct payments_answer *a, const struct moratorium_list *l)
{
	(void)arg;
	got.answer = *a;
	list = *l;
	got.waiting--;
}

static void
look(const struct who *who)
{
	payments_moratoria(&env, who, 0, on_list, NULL);
	wait_all(1);
}

static void
say(const struct who *who, const char *pin, bool agree, struct uuid key)
{
	struct moratorium_word w = { .who = *who,
		                     .moratorium_id = list.at[0].moratorium_id,
		                     .agree = agree,
		                     .pin = pin,
		                     .key = key };

	payments_moratorium_say(&env, &w, on_plain, NULL);
	wait_all(1);
}

/* The loan's next days, counted from today. */
static void
due_after(int a, int b, int c, int d)
{
	char sql[300];

	snprintf(
	    sql, sizeof sql,
	    "select (array_agg(due_day - %d order by row) = array[%d,%d,%d,%d])::int "
	    "from loan_rows r join loans l using (cooperative_id, loan_id) "
	    "where l.state = 'live'",
	    (int)today, a, b, c, d);
	assert_int_equal(bed_query(&bed, sql), 1);
}

static void
two_officers_declare(void **state)
{
	struct uuid first = fresh_key(), second = fresh_key();

	(void)state;
	lend(4000000);
	today = (int32_t)bed_query(&bed, "select local_day(1, (extract(epoch from now()) "
	                                 "* 1000)::bigint)");
	due_after(7, 14, 21, 28);
	ask(&neema, NEEMA_PIN, 10, 16, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	ask(&officer, "0000", 10, 16, fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");
	ask(&officer, OFFICER_PIN, -32, 16, fresh_key());
	expect(OUTCOME_FAIL, "bad_from");
	ask(&officer, OFFICER_PIN, 10, 9, fresh_key());
	expect(OUTCOME_FAIL, "bad_to");
	ask(&officer, OFFICER_PIN, 10, 16, first);
	expect(OUTCOME_PENDING, "second_needed");
	ask(&treasurer, TREASURER_PIN, 16, 20, fresh_key());
	expect(OUTCOME_FAIL, "overlaps");
	look(&neema);
	expect(OUTCOME_FAIL, "not_allowed");
	look(&officer);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.at[0].loans, 1);
	say(&officer, OFFICER_PIN, true, fresh_key());
	expect(OUTCOME_FAIL, "own_work");
	run(); /* asked for only: nothing happens */
	assert_int_equal(told.loans, 0);
	say(&treasurer, TREASURER_PIN, true, second);
	expect(OUTCOME_OK, "");
	say(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_FAIL, "stale");
}

static void
dates_move_once(void **state)
{
	(void)state;
	run();
	assert_int_equal(told.told, 1);
	due_after(7, 21, 28, 35);
	run();
	assert_int_equal(told.loans, 0);
	due_after(7, 21, 28, 35);
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'loan.holiday'"),
	                 1);
	assert_int_equal(bed_query(&bed, "select days from moratorium_loans"), 7);
}

/* The first payment is late from the 8th day; the 10th to the 16th do not count, so its
 * three days of grace are over on the 17th. */
static void
no_penalty_inside(void **state)
{
	(void)state;
	day(11);
	assert_int_equal(counts.penalties, 0);
	day(14); /* due then once: nobody is reminded of it */
	assert_int_equal(counts.reminders, 0);
	day(17);
	assert_int_equal(counts.penalties, 0);
	day(18);
	assert_int_equal(counts.penalties, 1);
}

static void
the_first_officer_takes_it_back(void **state)
{
	(void)state;
	ask(&officer, OFFICER_PIN, 60, 70, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	look(&officer);
	assert_int_equal(list.count, 1);
	say(&officer, OFFICER_PIN, false, fresh_key());
	expect(OUTCOME_OK, "");
	look(&officer);
	assert_int_equal(list.count, 0);
	run();
	assert_int_equal(told.loans, 0);
}

static void
a_run_cut_off_goes_on(void **state)
{
	struct moratorium_run *cut;

	(void)state;
	ask(&officer, OFFICER_PIN, 20, 30, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	look(&treasurer);
	say(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_OK, "");
	for (int turns = 0; turns < 12; turns++) {
		got.waiting = 1;
		cut = moratorium_run_start(&env, 0, after(0), on_run, NULL);
		for (int i = 0; i < turns && got.waiting > 0; i++)
			loop_turn(env.loop, 5);
		if (got.waiting > 0)
			moratorium_run_stop(&cut);
		got.waiting = 0;
	}
	run();
	due_after(7, 35, 42, 49);
	assert_int_equal(bed_query(&bed, "select count(*) from moratorium_loans"), 2);
	assert_int_equal(
	    bed_query(&bed, "select count(*) from loan_events where kind = 'holiday'"),
	    2);
}

/* Paid out while two are declared: the day's run tells her before anything else, and the
 * interest that she was shown is what she pays. */
static void
a_loan_that_comes_later(void **state)
{
	struct uuid loan;
	int64_t owed;

	(void)state;
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	pull(got.loan.owed, fresh_key());
	verdict(&loan, PAY_PAID);
	lend(2000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	owed = got.loan.owed;
	due_after(7, 14, 21, 28);
	day(0);
	due_after(7, 35, 42, 49);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.owed, owed);
	assert_int_equal(
	    bed_query(&bed, "select count(*) from loan_events e join loans l "
	                    "using (cooperative_id, loan_id) where l.state = 'live' "
	                    "and kind = 'holiday' and body->>'policy' = 'STOPS'"),
	    2);
}

/* Another site, and the rain has come already: the first payment was due inside, and the
 * penalty that was told for it is waived.  The gateway sees to it by itself. */
static void
declared_afterwards(void **state)
{
	struct site_by_hand add = { "MGODI", NULL, "PIT-2", "Pit two" };
	struct site_by_hand place = { "MGODI", NEEMA, "PIT-2", NULL };
	static struct settings settings;
	struct evening *evening;
	static char text[40];
	struct uuid loan;

	(void)state;
	payments_site_by_hand(&env, &add, on_plain, NULL);
	wait_all(1);
	payments_site_by_hand(&env, &place, on_plain, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	pull(got.loan.owed, fresh_key());
	verdict(&loan, PAY_PAID);
	lend(4000000);
	bed.clock.skew_ms = 12 * DAY_MS;
	clock_update(&bed.clock);
	day(0);
	assert_int_equal(counts.penalties, 1);
	due_after(7, 14, 21, 28); /* those of the other site are not for her */
	got_site(text);
	ask(&officer, OFFICER_PIN, 6, 22, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	look(&treasurer);
	say(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_OK, "");
	settings.payments.evening_hour = 24; /* never: only the moratorium */
	env.settings = &settings;
	evening = evening_start(&env, 5);
	for (int i = 0;
	     i < 2000 && bed_query(&bed, "select count(*) from moratorium_loans") < 5;
	     i++)
		loop_turn(env.loop, 5);
	evening_stop(&evening);
	books_balance();
	due_after(28, 35, 42, 49);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.owed, 4200000);
	assert_int_equal(got.loan.past_due, 0);
	assert_int_equal(bed_query(&bed, "select count(*) from day_runs"), 0);
}

/* Interest that follows the days: dates stay, the days count for nothing. */
static void
dates_that_stay(void **state)
{
	struct uuid loan;

	(void)state;
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	pull(got.loan.owed, fresh_key());
	verdict(&loan, PAY_PAID);
	lend(4000000);
	bed_query(&bed, "update loans set contract = contract || '{\"recalculate\":true,"
	                "\"interest_type\":\"DECLINING_BALANCE\","
	                "\"interest_calc_period\":\"DAILY\"}' where state = 'live' "
	                "returning 1");
	due_after(19, 26, 33, 40);
	run();
	assert_int_equal(told.told, 1);
	due_after(19, 26, 33, 40);
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'loan.paused'"),
	                 1);
	day(11); /* its fourth day late would be a penalty: one day counts */
	assert_int_equal(counts.penalties, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_officers_declare),
		cmocka_unit_test(dates_move_once),
		cmocka_unit_test(no_penalty_inside),
		cmocka_unit_test(the_first_officer_takes_it_back),
		cmocka_unit_test(a_run_cut_off_goes_on),
		cmocka_unit_test(a_loan_that_comes_later),
		cmocka_unit_test(declared_afterwards),
		cmocka_unit_test(dates_that_stay),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
