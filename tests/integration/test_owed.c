/* What stays owed to a member is paid again, on a real PostgreSQL: a payout that failed,
 * money paid beyond a loan, one payout at a time, and doing anything twice does it once.
 */
#include "payments/flow/pay_owed.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct owed_payout payout; /* the latest answer */

static void
on_payout(void *arg, const struct payments_answer *a, const struct owed_payout *p)
{
	payout = *p;
	on_plain(arg, a);
}

static void
pay_owed(const struct who *by, const char *pin, struct uuid key)
{
	struct pay_owed_ask ask = { *by, neema.member_id, pin, key };

	payments_pay_owed(&env, &ask, on_payout, NULL);
	wait_all(1);
}

static int64_t
owed(void)
{
	return -balance(ACC_MEMBER, &neema.member_id, "TZS");
}

/* A sale whose payout fails; gives what it left owed. */
static int64_t
unpaid_sale(int64_t mg)
{
	weigh(mg, fresh_key());
	expect(OUTCOME_OK, "");
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	verdict(&got.lot.lot_id, PAY_FAILED);
	return got.lot.quote.payout;
}

static int64_t
messages(const char *template)
{
	char sql[120];

	snprintf(sql, sizeof sql, "select count(*) from messages where template = '%s'",
	         template);
	return bed_query(&bed, sql);
}

static void
on_settled(void *arg, const struct settle_answer *a)
{
	(void)arg;
	assert_int_equal(a->err.code, ERR_NONE);
	assert_int_equal(a->result, OP_DONE);
	got.waiting--;
}

/* Money leaves the float, or comes back (amount < 0). */
static void
drain(int64_t amount)
{
	struct account_ref cash = account_float("mtn", "TZS");
	struct account_ref equity = account(ACC_EQUITY, NULL, "TZS");
	struct arena *arena = arena_new(1u << 20);
	struct books b;

	books_begin(&b, &env, arena, 1, "test.drain", NULL);
	books_key(&b, "test.drain/%lld", (long long)amount);
	if (amount > 0)
		books_post(&b, equity, cash, amount);
	else
		books_post(&b, cash, equity, -amount);
	settle_submit(bed.settle, &b.op, 5000, on_settled, NULL);
	wait_all(1);
	arena_free(arena);
}

static void
one_may_approve(int64_t most)
{
	char sql[160];

	snprintf(sql, sizeof sql,
	         "with c as (update loan_products set second_above = %lld returning 1) "
	         "select count(*) from c",
	         (long long)most);
	assert_true(bed_query(&bed, sql) > 0);
}

static void
nothing_is_owed(void **state)
{
	(void)state;
	one_may_approve(INT64_C(1000000000000));
	pay_owed(&treasurer, TREASURER_PIN, fresh_key());
	expect(OUTCOME_FAIL, "nothing_owed");
}

static void
who_may(void **state)
{
	struct who baraka;
	struct pay_owed_ask ask = { treasurer, fresh_key(), TREASURER_PIN, fresh_key() };

	(void)state;
	join("255712000101", "Baraka", "7391");
	baraka = find("255712000101");
	pay_owed(&baraka, "7391", fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	pay_owed(&treasurer, "5555", fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");
	payments_pay_owed(&env, &ask, on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "not_found");
}

static void
float_is_short(void **state)
{
	int64_t due = unpaid_sale(2000);
	struct uuid key = fresh_key();

	(void)state;
	assert_true(due > 0);
	drain(FLOAT_OPEN - due + 1);
	pay_owed(&treasurer, TREASURER_PIN, key);
	expect(OUTCOME_FAIL, "no_funds");
	assert_int_equal(payout.amount, due);
	drain(-(FLOAT_OPEN - due + 1));
	pay_owed(&treasurer, TREASURER_PIN, key); /* nothing was decided under the key */
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(payout.amount, due);
	verdict(&neema.member_id, PAY_PAID);
	assert_int_equal(owed(), 0);
	assert_int_equal(messages("owed.paid"), 1);
}

static void
one_at_a_time(void **state)
{
	int64_t first = unpaid_sale(2000), second;
	struct uuid key = fresh_key();
	struct payment p;
	char code[12];

	(void)state;
	pay_owed(&neema, NEEMA_PIN, key); /* who is owed may ask, too */
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(payout.amount, first);
	snprintf(code, sizeof code, "%s", payout.code);
	p = fetch_payment(&neema.member_id);
	assert_string_equal(p.code, code);
	assert_string_equal(p.msisdn, NEEMA);
	pay_owed(&neema, NEEMA_PIN, key);
	expect(OUTCOME_PENDING, "paying");
	assert_string_equal(payout.code, code);
	pay_owed(&treasurer, TREASURER_PIN, fresh_key());
	expect(OUTCOME_FAIL, "nothing_owed"); /* all of it is on its way */
	second = unpaid_sale(3000);
	pay_owed(&treasurer, TREASURER_PIN, fresh_key());
	expect(OUTCOME_FAIL, "busy");
	record_as(p, PAY_FAILED);
	assert_int_equal(got.err.code, ERR_NONE);
	assert_int_equal(owed(), first + second);
	assert_int_equal(messages("owed.unpaid"), 1);
	record_as(p, PAY_PAID); /* a final outcome never flips */
	assert_int_equal(got.err.code, ERR_CONFLICT);
	pay_owed(&treasurer, TREASURER_PIN, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(payout.amount, first + second);
	verdict(&neema.member_id, PAY_PAID);
	verdict(&neema.member_id, PAY_PAID); /* told twice */
	assert_int_equal(owed(), 0);
	assert_int_equal(messages("owed.paid"), 2);
}

/* More than one officer may approve takes two, and not her. */
static void
much_takes_two(void **state)
{
	int64_t due;
	struct uuid key = fresh_key();

	(void)state;
	due = unpaid_sale(2000);
	one_may_approve(due - 1);
	pay_owed(&neema, NEEMA_PIN, fresh_key());
	expect(OUTCOME_FAIL, "large");
	pay_owed(&treasurer, TREASURER_PIN, key);
	expect(OUTCOME_PENDING, "second_needed");
	assert_int_equal(messages("owed.second"), 1);
	pay_owed(&treasurer, TREASURER_PIN, key);
	expect(OUTCOME_PENDING, "second_needed");
	pay_owed(&treasurer, TREASURER_PIN, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	assert_int_equal(messages("owed.second"), 1);
	assert_int_equal(bed_query(&bed, "select count(*) from payments "
	                                 "where purpose = 'owed_out' and state = "
	                                 "'created'"),
	                 0);
	due += unpaid_sale(1000); /* that was not what was asked for */
	pay_owed(&officer, OFFICER_PIN, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	pay_owed(&treasurer, TREASURER_PIN, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(payout.amount, due);
	assert_int_equal(bed_query(&bed, "select count(*) from owed_asks"), 0);
	verdict(&neema.member_id, PAY_FAILED);
	pay_owed(&treasurer, TREASURER_PIN, fresh_key()); /* each time */
	expect(OUTCOME_PENDING, "second_needed");
	pay_owed(&officer, OFFICER_PIN, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	verdict(&neema.member_id, PAY_PAID);
	assert_int_equal(owed(), 0);
	one_may_approve(INT64_C(1000000000000));
}

/* Two officers at the same moment: one payout. */
static void
two_ask_at_once(void **state)
{
	struct pay_owed_ask a = { treasurer, neema.member_id, TREASURER_PIN,
		                  fresh_key() };
	struct pay_owed_ask b = { officer, neema.member_id, OFFICER_PIN, fresh_key() };
	int64_t before, due;

	(void)state;
	due = unpaid_sale(2000);
	before =
	    bed_query(&bed, "select count(*) from payments where purpose = 'owed_out'");
	payments_pay_owed(&env, &a, on_payout, NULL);
	payments_pay_owed(&env, &b, on_payout, NULL);
	wait_all(2);
	books_balance();
	assert_int_equal(bed_query(&bed, "select count(*) from payments "
	                                 "where purpose = 'owed_out'"),
	                 before + 1);
	verdict(&neema.member_id, PAY_PAID);
	assert_int_equal(owed(), 0);
	assert_true(due > 0);
}

static void
paid_beyond_the_loan(void **state)
{
	(void)state;
	lend(5000000);
	pull(6000000, fresh_key()); /* she owes 5,250,000 */
	expect(OUTCOME_PENDING, "paying");
	record_as(fetch_payment(&got.repayment.loan.loan_id), PAY_PAID);
	assert_int_equal(owed(), 750000);
	pay_owed(&officer, OFFICER_PIN, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(payout.amount, 750000);
	verdict(&neema.member_id, PAY_PAID);
	assert_int_equal(owed(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_owed),      cmocka_unit_test(who_may),
		cmocka_unit_test(float_is_short),       cmocka_unit_test(one_at_a_time),
		cmocka_unit_test(much_takes_two),       cmocka_unit_test(two_ask_at_once),
		cmocka_unit_test(paid_beyond_the_loan),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
