/* A loan as its borrower sees it, replayed for each day on a real PostgreSQL: what comes
 * next, every instalment, what is late, and what ends it. */
#include "payments/flow/day_run.h"
#include "payments/flow/loan_plan.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

static struct loan_plan plan; /* the latest answer */

static void
on_plan(void *arg, const struct payments_answer *a, const struct loan_plan *p)
{
	plan = *p;
	on_plain(arg, a);
}

/* Asks so many days from now. */
static void
look(int days, unsigned skip)
{
	bed.clock.skew_ms = days * DAY_MS;
	payments_loan_plan(&env, &neema, skip, on_plan, NULL);
	wait_all(1);
	bed.clock.skew_ms = 0;
	clock_update(&bed.clock);
}

static void
on_day(void *arg, const struct err *err, const struct day_counts *c)
{
	(void)arg;
	assert_int_equal(err->code, ERR_NONE);
	assert_int_equal(c->failed, 0);
	got.waiting--;
}

static int64_t
left(void)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < plan.count; i++)
		sum += plan.at[i].left;
	return sum;
}

static void
no_loan_yet(void **state)
{
	(void)state;
	look(0, 0);
	expect(OUTCOME_FAIL, "no_loan");
}

static void
on_the_first_day(void **state)
{
	(void)state;
	lend(4000000);
	look(0, 0);
	expect(OUTCOME_OK, "");
	assert_int_equal(plan.total, 4);
	assert_int_equal(plan.count, 4);
	assert_int_equal(plan.owed, 4200000); /* 5 % fee */
	assert_int_equal(left(), 4200000);
	assert_int_equal(plan.pay_off, 4200000);
	assert_int_equal(plan.pay_off_part[PART_PRINCIPAL], 4000000);
	assert_int_equal(plan.past_due, 0);
	assert_int_equal(plan.late_days, 0);
	assert_int_equal(plan.next_amount, 1050000);
	assert_int_equal(plan.next_day, plan.at[0].due);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(plan.at[i].nr, i + 1);
		assert_int_equal(plan.at[i].amount, 1050000);
		assert_int_equal(plan.at[i].due, plan.at[0].due + 7 * (int)i);
		assert_int_equal(plan.at[i].late_days, 0);
	}
	look(0, 3);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.total, 4);
	assert_int_equal(plan.at[0].nr, 4);
	look(0, 4);
	assert_int_equal(plan.count, 0);
}

static void
a_part_is_paid(void **state)
{
	(void)state;
	pull(1250000, fresh_key());
	record_as(fetch_payment(&got.repayment.loan.loan_id), PAY_PAID);
	look(0, 0);
	assert_int_equal(plan.owed, 2950000);
	assert_int_equal(plan.at[0].left, 0);
	assert_int_equal(plan.at[1].left, 850000);
	assert_int_equal(plan.at[1].amount, 1050000);
	assert_int_equal(plan.next_amount, 850000);
	assert_int_equal(plan.next_day, plan.at[1].due);
}

/* The second instalment is due on day 14; nobody has run the day. */
static void
late_without_anybody_doing_anything(void **state)
{
	(void)state;
	look(14, 0);
	assert_int_equal(plan.past_due, 0); /* due today is not late */
	assert_int_equal(plan.next_amount, 850000);
	look(16, 0);
	assert_int_equal(plan.past_due, 850000);
	assert_int_equal(plan.late_days, 2);
	assert_int_equal(plan.at[1].late_days, 2);
	assert_int_equal(plan.at[0].late_days, 0);
	assert_int_equal(plan.next_day, plan.at[2].due);
	assert_int_equal(plan.next_amount, 1050000);
	assert_int_equal(plan.owed, 2950000);
	look(100, 0); /* all are late: nothing comes next */
	assert_int_equal(plan.past_due, 2950000);
	assert_int_equal(plan.next_day, 0);
	assert_int_equal(plan.next_amount, 0);
}

static void
a_penalty_is_part_of_it(void **state)
{
	(void)state;
	got.waiting = 1;
	day_run_start(&env, 0, loop_clock(env.loop)->wall_ms + 18 * DAY_MS, on_day, NULL);
	wait_all(0);
	look(18, 0);
	assert_true(plan.penalty > 0);
	assert_int_equal(plan.owed, 2950000 + plan.penalty);
	assert_int_equal(left(), plan.owed);
	assert_int_equal(plan.pay_off, plan.owed);
	assert_int_equal(plan.pay_off_part[PART_PENALTY], plan.penalty);
	/* charged today, so it is due with the next instalment */
	assert_int_equal(plan.past_due, 850000);
	assert_int_equal(plan.next_amount, 1050000 + plan.penalty);
}

static void
what_it_says_ends_the_loan(void **state)
{
	struct uuid loan;

	(void)state;
	look(0, 0);
	loan = plan.loan.loan_id;
	pull(plan.pay_off, fresh_key());
	record_as(fetch_payment(&loan), PAY_PAID);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 0);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), 0);
	look(0, 0);
	expect(OUTCOME_FAIL, "no_loan");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_loan_yet),
		cmocka_unit_test(on_the_first_day),
		cmocka_unit_test(a_part_is_paid),
		cmocka_unit_test(late_without_anybody_doing_anything),
		cmocka_unit_test(a_penalty_is_part_of_it),
		cmocka_unit_test(what_it_says_ends_the_loan),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
