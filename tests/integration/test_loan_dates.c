/* Two officers give a loan other dates, on real PostgreSQL. */
#include "payments/flow/day_run.h"
#include "payments/flow/reschedule.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

static struct reschedule_view view;
static struct uuid loan;
static char code[16];
static int32_t today;

static void
on_view(void *arg, const struct payments_answer *a, const struct reschedule_view *v)
{
	(void)arg;
	got.answer = *a;
	view = *v;
	got.waiting--;
}

static void
look(const struct who *who, const char *of)
{
	payments_reschedule_look(&env, who, of, on_view, NULL);
	wait_all(1);
}

static void
ask(const struct who *who, const char *pin, struct reschedule terms, struct uuid key)
{
	struct reschedule_ask a = {
		.who = *who, .loan_id = loan, .terms = terms, .pin = pin, .key = key
	};

	payments_reschedule(&env, &a, on_view, NULL);
	wait_all(1);
}

static void
say(const struct who *who, const char *pin, bool agree, struct uuid key)
{
	struct reschedule_word w = { .who = *who,
		                     .loan_id = loan,
		                     .reschedule_id = view.asked.reschedule_id,
		                     .agree = agree,
		                     .pin = pin,
		                     .key = key };

	payments_reschedule_say(&env, &w, on_view, NULL);
	wait_all(1);
}

static void
both(struct reschedule terms)
{
	ask(&officer, OFFICER_PIN, terms, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	look(&treasurer, code);
	expect(OUTCOME_PENDING, "second_needed");
	say(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_OK, "");
}

static void
rows_are(int count, int first, int last)
{
	char sql[300];

	snprintf(sql, sizeof sql,
	         "select (array[count(*)::int, min(due_day) - %d, max(due_day) - %d] = "
	         "array[%d,%d,%d])::int from loan_rows r join loans l "
	         "using (cooperative_id, loan_id) where l.state = 'live'",
	         (int)today, (int)today, count, first, last);
	if (bed_query(&bed, sql) != 1)
		fail_msg("rows are not %d, first %d, last %d", count, first, last);
}

static const struct reschedule skip_one = { .kind = RESCHEDULE_SKIP,
	                                    .count = 1,
	                                    .policy = HOLIDAY_INTEREST_STOPS };

static void
two_officers_skip_a_payment(void **state)
{
	struct uuid first = fresh_key();

	(void)state;
	lend(4000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	snprintf(code, sizeof code, "%s", got.loan.code);
	today = got.loan.terms.first_due_day - 7;
	look(&neema, code);
	expect(OUTCOME_FAIL, "not_allowed");
	look(&officer, "AAAAAAAA");
	expect(OUTCOME_FAIL, "not_found");
	look(&officer, code);
	expect(OUTCOME_OK, "");
	assert_int_equal(view.now.owed, 4200000);
	assert_int_equal(view.now.next_day, today + 7);
	ask(&neema, NEEMA_PIN, skip_one, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	ask(&officer, "0000", skip_one, fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");
	ask(&officer, OFFICER_PIN, (struct reschedule){ .kind = RESCHEDULE_SKIP },
	    fresh_key());
	expect(OUTCOME_FAIL, "bad_count");
	ask(&officer, OFFICER_PIN, skip_one, first);
	expect(OUTCOME_PENDING, "second_needed");
	ask(&officer, OFFICER_PIN, skip_one, first); /* told twice */
	expect(OUTCOME_PENDING, "second_needed");
	ask(&treasurer, TREASURER_PIN, skip_one, fresh_key());
	expect(OUTCOME_FAIL, "taken");
	look(&officer, code);
	expect(OUTCOME_PENDING, "second_needed");
	assert_int_equal(view.then.next_day, today + 14);
	assert_int_equal(view.then.last_day, today + 35);
	say(&officer, OFFICER_PIN, true, fresh_key());
	expect(OUTCOME_FAIL, "own_work");
	rows_are(4, 7, 28);
	look(&treasurer, code);
	say(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_OK, "");
	rows_are(4, 14, 35);
	say(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_FAIL, "stale");
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'loan.dates'"),
	                 1);
}

static void
the_first_takes_it_back(void **state)
{
	(void)state;
	ask(&officer, OFFICER_PIN, skip_one, fresh_key());
	look(&officer, code);
	say(&officer, OFFICER_PIN, false, fresh_key());
	expect(OUTCOME_OK, "");
	look(&officer, code);
	expect(OUTCOME_OK, "");
	rows_are(4, 14, 35);
}

static void
more_and_smaller(void **state)
{
	(void)state;
	both((struct reschedule){ .kind = RESCHEDULE_MORE, .count = 4 });
	rows_are(8, 14, 63);
	look(&officer, code);
	assert_int_equal(view.now.owed, 4200000);
	assert_int_equal(view.now.next_amount, 525000);
}

static void
on_day(void *arg, const struct err *err, const struct day_counts *c)
{
	(void)arg;
	assert_int_equal(err->code, ERR_NONE);
	assert_int_equal(c->failed, 0);
	got.waiting--;
}

/* The last one is late, its penalty has a row of its own past the last day; that day
 * moves later, and the row is gone. */
static void
all_late_then_moved(void **state)
{
	(void)state;
	got.waiting = 1;
	day_run_start(&env, 0, loop_clock(env.loop)->wall_ms + 70 * DAY_MS, on_day, NULL);
	wait_all(0);
	books_balance();
	rows_are(9, 14, 70);
	bed.clock.skew_ms = 70 * DAY_MS;
	clock_update(&bed.clock);
	both((struct reschedule){ .kind = RESCHEDULE_DATE, .to = today + 80 });
	rows_are(8, 80, 129);
	pull(view.then.owed, fresh_key());
	verdict(&loan, PAY_PAID);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 0);
	look(&officer, code);
	expect(OUTCOME_FAIL, "not_found");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_officers_skip_a_payment),
		cmocka_unit_test(the_first_takes_it_back),
		cmocka_unit_test(more_and_smaller),
		cmocka_unit_test(all_late_then_moved),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
