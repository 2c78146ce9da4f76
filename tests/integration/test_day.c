/* A loan's days on real PostgreSQL: reminded, late, penalised once, paid, closed. */
#include "config/settings.h"
#include "payments/flow/day_run.h"
#include "payments/flow/evening.h"
#include "payments/flow/news.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

static struct day_counts counts;

static void
on_day(void *arg, const struct err *err, const struct day_counts *c)
{
	(void)arg;
	assert_int_equal(err->code, ERR_NONE);
	counts = *c;
	got.waiting--;
}

static void
day(int after)
{
	got.waiting = 1;
	day_run_start(&env, 0, loop_clock(env.loop)->wall_ms + after * DAY_MS, on_day,
	              NULL);
	while (got.waiting > 0)
		loop_turn(env.loop, 10);
	assert_int_equal(counts.failed, 0);
	books_balance();
}

/* What the sum of the cooperative says, so many days after the loan was paid out. */
static int64_t
at_risk(int after, const char *column)
{
	char sql[200];

	snprintf(sql, sizeof sql,
	         "select %s from portfolio_at_risk(local_day(1, %lld), 0) "
	         "where cooperative_id = 1 and product = ''",
	         column, (long long)(loop_clock(env.loop)->wall_ms + after * DAY_MS));
	return bed_query(&bed, sql);
}

/* Due every 7 days: late on the day after, at risk over 30 days on the 31st after that.
 */
static void
a_loan_at_risk(void)
{
	assert_int_equal(at_risk(7, "loans"), 1);
	assert_int_equal(at_risk(7, "principal"), 4000000);
	assert_int_equal(at_risk(7, "past_due"), 0);
	assert_int_equal(at_risk(8, "over_1"), 4000000);
	assert_int_equal(at_risk(8, "past_due"), 1050000);
	assert_int_equal(at_risk(14, "past_due"), 1050000);
	assert_int_equal(at_risk(15, "past_due"), 2100000);
	assert_int_equal(at_risk(37, "over_30"), 0);
	assert_int_equal(at_risk(38, "over_30"), 4000000);
	assert_int_equal(at_risk(67, "over_60"), 0);
	assert_int_equal(at_risk(68, "over_60"), 4000000);
	assert_int_equal(at_risk(97, "over_90"), 0);
	assert_int_equal(at_risk(98, "over_90"), 4000000);
}

/* STOP ends reminders, and nothing that tells what was done with money. */
static void
stop_ends_the_reminders(void)
{
	payments_news_set(&env, NEEMA, TOPIC_NONE, false, on_plain, NULL);
	wait_all(1);
	bed_query(&bed, "select count(*) from messages_claim(1, gen_random_uuid(), "
	                "100000000000000, 100000000060000, 100)");
	assert_int_equal(
	    bed_query(&bed, "select count(*) from messages where state = "
	                    "'stopped' and template = 'loan.due' and topic = 'loan'"),
	    2);
	assert_int_equal(
	    bed_query(&bed, "select count(*) from messages where state = 'stopped'"), 2);
	assert_int_equal(bed_query(&bed, "select count(*) from messages where state = "
	                                 "'sending' and template = 'loan.late'"),
	                 1);
	payments_news_set(&env, NEEMA, TOPIC_NONE, true, on_plain, NULL);
	wait_all(1);
}

static void
a_late_loan(void **state)
{
	struct uuid loan;

	(void)state;
	lend(4000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	a_loan_at_risk();
	day(0);
	assert_int_equal(counts.loans, 1);
	assert_int_equal(counts.written, 0);
	day(4);
	assert_int_equal(counts.reminders, 1);
	day(4); /* the same day again */
	assert_int_equal(counts.written, 0);
	day(7); /* due: the fee of a week is earned */
	assert_int_equal(counts.reminders, 1);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 50000);
	day(10); /* in grace */
	assert_int_equal(counts.penalties, 0);
	assert_int_equal(counts.late[0], 1);
	day(11);
	assert_int_equal(counts.penalties, 1);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 70000);
	day(11);
	day(12);
	assert_int_equal(counts.penalties, 0); /* once an instalment */
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.owed, 4220000);
	pull(4220000, fresh_key());
	verdict(&loan, PAY_PAID);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "no_loan");
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 0);
	assert_int_equal(balance(ACC_FEE_INCOME, NULL, "TZS"), -220000);
	day(30);
	assert_int_equal(counts.loans, 0);
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'loan.late'"),
	                 1);
	stop_ends_the_reminders();
}

/* What a run that was cut off left undone, the next one does; what it did stays done. */
static void
a_run_cut_off_goes_on(void **state)
{
	struct day_run *run;
	struct uuid loan;

	(void)state;
	lend(2000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	for (int turns = 0; turns < 12; turns++) {
		run = day_run_start(&env, 0, loop_clock(env.loop)->wall_ms + 11 * DAY_MS,
		                    on_day, NULL);
		got.waiting = 1;
		for (int i = 0; i < turns && got.waiting > 0; i++)
			loop_turn(env.loop, 5);
		if (got.waiting > 0)
			day_run_stop(&run);
		got.waiting = 0;
	}
	day(11);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 25000 + 10000);
	assert_int_equal(bed_query(&bed,
	                           "select count(*) from loan_events "
	                           "where kind = 'charge' and loan_id = (select loan_id "
	                           "from loans where state = 'live')"),
	                 1);
}

static void
the_evening_comes_once(void **state)
{
	static struct settings settings;
	const struct settings *before = env.settings;
	struct evening *evening;

	(void)state;
	env.settings = &settings; /* hour 0: it is always evening */
	evening = evening_start(&env, 5);
	while (bed_query(&bed, "select count(*) from day_runs") == 0)
		loop_turn(env.loop, 5);
	for (int i = 0; i < 20; i++)
		loop_turn(env.loop, 5);
	evening_stop(&evening);
	assert_int_equal(bed_query(&bed, "select count(*) from day_runs where loans = 1"),
	                 1);
	assert_int_equal(bed_query(&bed, "select count(*) from days_waiting("
	                                 "(extract(epoch from now()) * 1000)::bigint + "
	                                 "86400000, 24)"),
	                 0);
	assert_int_equal(bed_query(&bed, "select count(*) from days_waiting("
	                                 "(extract(epoch from now()) * 1000)::bigint + "
	                                 "86400000, 0) where cooperative_id = 1"),
	                 1);
	env.settings = before;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_late_loan),
		cmocka_unit_test(a_run_cut_off_goes_on),
		cmocka_unit_test(the_evening_comes_once),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
