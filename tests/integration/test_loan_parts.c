/* A loan above the wallet's limits, on a real PostgreSQL: live from its first part on,
 * the rest owed to the member.
 */
#include "payments/flow/loans.h"
#include "tests/integration/parts_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct uuid
approve(int64_t amount)
{
	struct uuid loan;

	ask_loan(&neema, amount, NEEMA_PIN, fresh_key());
	expect(OUTCOME_PENDING, "approval");
	loan = got.loan.loan_id;
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	return loan;
}

static void
a_loan_in_parts(void **state)
{
	struct uuid loan;
	struct payment p, again;

	(void)state;
	parts_limits(HUNDRED / 2, HUNDRED / 2);
	loan = approve(2 * HUNDRED - HUNDRED / 4);
	assert_int_equal(parts_held(), 2 * HUNDRED - HUNDRED / 4);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_true(parts_send(&p));
	again = p;
	assert_int_equal(p.amount, HUNDRED / 2);
	parts_end_as(p, PAY_PAID, REASON_NONE);
	parts_end_as(again, PAY_PAID, REASON_NONE);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.state, LOAN_LIVE);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 2 * HUNDRED - HUNDRED / 4);
	assert_int_equal(parts_owed(), HUNDRED + HUNDRED / 4);
	assert_int_equal(parts_value("loan.paid", "amount"), HUNDRED / 2);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(parts_pay(), 0);
		parts_next_day();
		assert_int_equal(parts_pay(), i < 2 ? HUNDRED / 2 : HUNDRED / 4);
	}
	assert_int_equal(parts_owed(), 0);
	assert_int_equal(parts_held(), 0);
	assert_int_equal(bed_query(&bed, "select count(*) from payments "
	                                 "where purpose = 'loan_out'"),
	                 4);
	parts_next_day();
}

/* Paid back before all of it came: her debt ends, ours does not. */
static void
repaid_before_the_last_part(void **state)
{
	struct uuid loan;
	int64_t owes;

	(void)state;
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	owes = got.loan.owed;
	loan = got.loan.loan_id;
	pull(owes, fresh_key());
	verdict(&loan, PAY_PAID);
	loan = approve(HUNDRED);
	assert_int_equal(parts_pay(), HUNDRED / 2);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	pull(got.loan.owed, fresh_key());
	record_as(fetch_payment(&loan), PAY_PAID);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	parts_next_day();
	assert_int_equal(parts_pay(), HUNDRED / 2);
	assert_int_equal(parts_owed(), 0);
	parts_next_day();
}

static void
a_loan_refused_at_the_first_part(void **state)
{
	struct uuid loan;
	struct payment p;

	(void)state;
	loan = approve(HUNDRED);
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_LIMIT);
	assert_int_equal(parts_held(), 0);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(parts_owed(), 0);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "no_loan");
	parts_next_day();
	assert_int_equal(parts_pay(), 0);
}

/* A later part of a loan that is refused stays owed to her; the loan stands. */
static void
a_loan_refused_at_a_later_part(void **state)
{
	struct uuid loan;
	struct payment p;

	(void)state;
	loan = approve(HUNDRED);
	assert_int_equal(parts_pay(), HUNDRED / 2);
	parts_next_day();
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_NOT_REGISTERED);
	assert_int_equal(parts_owed(), HUNDRED / 2);
	assert_int_equal(parts_held(), 0);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), HUNDRED);
	assert_int_equal(parts_value("owed.unpaid", "amount"), HUNDRED / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loan_in_parts),
		cmocka_unit_test(repaid_before_the_last_part),
		cmocka_unit_test(a_loan_refused_at_the_first_part),
		cmocka_unit_test(a_loan_refused_at_a_later_part),
	};

	return cmocka_run_group_tests(tests, parts_open, story_close);
}
