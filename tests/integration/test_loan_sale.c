/* Both stories on a real PostgreSQL, at the level of the facade: borrow, be paid, sell,
 * repay from the sale and by a pull; after every step the books balance, and doing
 * anything twice does it once. */
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int
open_with_neema(void **state)
{
	if (story_open_with_neema(state) != 0)
		return -1;
	bed_query(&bed, "update members set wallet_tier = 3"); /* paid at once */
	return 0;
}

/* ---- the loan ------------------------------------------------------------------------
 */

static void
offers(void **state)
{
	static const struct {
		int64_t amount;
		unsigned weeks;
		const char *reason;
	} t[] = {
		{ 5000000, 0, "" },       { 5000000, 13, "bad_input" },
		{ 999999, 0, "minimum" }, { 25000001, 0, "limit" },
		{ 25000000, 12, "" },     { -1, 0, "bad_input" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		offer(NULL, t[i].amount, t[i].weeks);
		expect(t[i].reason[0] == '\0' ? OUTCOME_OK : OUTCOME_FAIL, t[i].reason);
		assert_int_equal(got.offer.limit, 25000000);
	}
	offer(NULL, 5000000, 0);
	assert_int_equal(got.offer.terms.fee, 250000);
	assert_int_equal(got.offer.terms.total, 5250000);
	assert_int_equal(got.offer.terms.instalment, 1312500);
	assert_int_equal(got.offer.terms.last_due_day - got.offer.terms.first_due_day,
	                 21);
}

static void
loan_refused(void **state)
{
	struct uuid key = fresh_key();

	(void)state;
	ask_loan(&neema, 5000000, "0001", fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");
	ask_loan(&neema, 5000000, NEEMA_PIN, key);
	expect(OUTCOME_PENDING, "approval");
	ask_loan(&neema, 5000000, NEEMA_PIN, fresh_key());
	expect(OUTCOME_FAIL, "has_loan");
	payments_approvals(&env, &treasurer, 0, on_loans, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.loans.total, 1);
	assert_string_equal(got.loans.at[0].member_name, "Neema");
	decide(&neema, NEEMA_PIN, got.loans.at[0].loan_id, true, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	decide(&treasurer, TREASURER_PIN, got.loans.at[0].loan_id, false, key);
	expect(OUTCOME_OK, "");
	decide(&treasurer, TREASURER_PIN, got.loans.at[0].loan_id, true, fresh_key());
	expect(OUTCOME_FAIL, "stale");
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "no_loan");
}

static void
nobody_approves_their_own(void **state)
{
	struct uuid loan;

	(void)state;
	ask_loan(&treasurer, 2000000, TREASURER_PIN, fresh_key());
	expect(OUTCOME_PENDING, "approval");
	loan = got.loan.loan_id;
	payments_approvals(&env, &treasurer, 0, on_loans, NULL);
	wait_all(1);
	assert_int_equal(got.loans.total, 0);
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	expect(OUTCOME_FAIL, "own_work");
	decide(&officer, OFFICER_PIN, loan, false, fresh_key());
	expect(OUTCOME_OK, "");
}

static void
payout_that_fails(void **state)
{
	struct payment p;

	(void)state;
	ask_loan(&neema, 5000000, NEEMA_PIN, fresh_key());
	decide(&treasurer, TREASURER_PIN, got.loan.loan_id, true, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	payments_float(&env, &treasurer, on_cash, NULL);
	wait_all(1);
	assert_int_equal(got.cash.held, 5000000);
	p = fetch_payment(&got.loan.loan_id);
	record_as(p, PAY_FAILED);
	assert_int_equal(got.err.code, ERR_NONE);
	record_as(p, PAY_PAID); /* a final outcome never flips */
	assert_int_equal(got.err.code, ERR_CONFLICT);
	payments_float(&env, &treasurer, on_cash, NULL);
	wait_all(1);
	assert_int_equal(got.cash.available, FLOAT_OPEN);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "no_loan");
}

static void
loan_by_two(void **state)
{
	struct uuid loan, key = fresh_key();

	(void)state;
	ask_loan(&neema, 24000000, NEEMA_PIN, key);
	expect(OUTCOME_PENDING, "approval");
	assert_true(got.loan.needs_second);
	loan = got.loan.loan_id;
	ask_loan(&neema, 24000000, NEEMA_PIN, key); /* the same hop again */
	expect(OUTCOME_PENDING, "approval");
	assert_true(uuid_equal(&loan, &got.loan.loan_id));
	decide(&officer, OFFICER_PIN, loan, true, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed"); /* the treasurer goes first */
	decide(&treasurer, TREASURER_PIN, loan, true, key);
	expect(OUTCOME_PENDING, "second_needed");
	decide(&treasurer, TREASURER_PIN, loan, true, key);
	expect(OUTCOME_PENDING, "second_needed");
	decide(&officer, OFFICER_PIN, loan, true, key);
	expect(OUTCOME_PENDING, "paying");
	decide(&officer, OFFICER_PIN, loan, true, key);
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(bed_query(&bed, "select count(*) from payments p join loans l "
	                                 "on l.loan_id = p.purpose_id "
	                                 "where l.state = 'approved'"),
	                 1);
	verdict(&loan, PAY_PAID);
	verdict(&loan, PAY_PAID); /* told twice */
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.loan.state, LOAN_LIVE);
	assert_int_equal(got.loan.owed, 25200000);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 24000000);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 0); /* not earned yet */
}

/* ---- the sale ------------------------------------------------------------------------
 */

static void
prices(void **state)
{
	struct price_ask set = { .who = treasurer,
		                 .fine_gram = 26000000,
		                 .source = "market",
		                 .pin = TREASURER_PIN,
		                 .key = fresh_key(),
		                 .mineral = "gold" };
	struct decide_ask confirm = { .approve = true, .key = fresh_key() };

	(void)state;
	bed_query(&bed, "update price_board set confirmed_ms = 0");
	weigh(10000, fresh_key());
	expect(OUTCOME_FAIL, "stale_price");
	set.who = neema;
	set.pin = NEEMA_PIN;
	payments_price_set(&env, &set, on_price, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "not_allowed");
	set.who = treasurer;
	set.pin = TREASURER_PIN;
	for (int i = 0; i < 2; i++) {
		payments_price_set(&env, &set, on_price, NULL);
		wait_all(1);
		expect(OUTCOME_PENDING, "second_needed");
	}
	payments_dialler(&env, OFFICER, on_dialler, NULL);
	wait_all(1);
	assert_int_equal(got.dialler.prices, 1);
	payments_price(&env, &officer, "", on_price, NULL);
	wait_all(1);
	assert_true(got.price.stale);
	assert_int_equal(got.price.waiting_fine_gram, 26000000);
	confirm.id = got.price.waiting_id;
	confirm.who = treasurer;
	confirm.pin = TREASURER_PIN;
	payments_price_confirm(&env, &confirm, on_price, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "own_work");
	confirm.who = officer;
	confirm.pin = OFFICER_PIN;
	for (int i = 0; i < 2; i++) {
		payments_price_confirm(&env, &confirm, on_price, NULL);
		wait_all(1);
		expect(OUTCOME_OK, "");
		assert_int_equal(got.price.fine_gram, 26000000);
		assert_false(got.price.stale);
	}
}

static void
sale(void **state)
{
	struct uuid key = fresh_key(), lot;
	const struct price_quote *q = &got.lot.quote;
	char code[12];

	(void)state;
	weigh(10000, key);
	expect(OUTCOME_OK, "");
	lot = got.lot.lot_id;
	weigh(10000, key);
	assert_true(uuid_equal(&lot, &got.lot.lot_id));
	/* 9 g fine at 260,000: 2,340,000; 95 % of it; 8 % levies; 30 % of the net repays
	 */
	assert_int_equal(q->world_value, 234000000);
	assert_int_equal(q->gross_value, 222300000);
	assert_int_equal(q->levy_count, 3);
	assert_int_equal(q->levies_total, 17784000);
	assert_int_equal(q->net, 204516000);
	assert_int_equal(q->loan_share, 25200000);
	payments_lots(&env, &neema, 0, on_lots, NULL);
	wait_all(1);
	assert_int_equal(got.lots.total, 1);
	consent(lot, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	consent(lot, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	assert_string_not_equal(got.lot.receipt_code, "");
	snprintf(code, sizeof code, "%s", got.lot.receipt_code);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "no_loan"); /* the share closed it */
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -179316000);
	payments_receipt(&env, code, on_receipt, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_true(got.receipt.intact);
	assert_false(got.receipt.paid);
	assert_int_equal(got.receipt.number, 1);
	verdict(&lot, PAY_PAID);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), 0);
	payments_receipt(&env, code, on_receipt, NULL);
	wait_all(1);
	assert_true(got.receipt.paid);
	assert_int_equal(bed_query(&bed, "select sum(balance) from accounts "
	                                 "where unit = 'mg.Au.fine' and kind = 9"),
	                 9000);
}

static void
receipts_hold(void **state)
{
	uint8_t hash[32];
	char hex[65];

	(void)state;
	weigh(2000, fresh_key());
	consent(got.lot.lot_id, fresh_key());
	verdict(&got.lot.lot_id, PAY_FAILED); /* the sale stands, we owe her */
	payments_home(&env, &neema, on_home, NULL);
	wait_all(1);
	assert_int_equal(got.home.member_balance, got.lot.quote.payout);
	payments_receipts(&env, &neema, 0, on_receipts, NULL);
	wait_all(1);
	assert_int_equal(got.receipts.total, 2);
	payments_receipt(&env, got.receipts.at[0].code, on_receipt, NULL);
	wait_all(1);
	assert_int_equal(got.receipt.number, 2);
	receipt_hash(got.receipt.text, strlen(got.receipt.text), hash);
	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	assert_string_equal(hex, got.receipt.hash);
	got.receipt.code[3] = got.receipt.code[3] == 'A' ? 'B' : 'A';
	payments_receipt(&env, got.receipt.code, on_receipt, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "bad_input");
	/* an altered receipt is found, and so is a removed one */
	bed_query(&bed, "update receipts set text = replace(text, 'GEITA-1', 'GEITA-2') "
	                "where number = 1");
	assert_true(bed_query(&bed, "select count(*) from receipt_breaks") > 0);
	bed_query(&bed, "update receipts set text = replace(text, 'GEITA-2', 'GEITA-1') "
	                "where number = 1");
	books_balance();
}

static void
quotes_expire_and_are_refused(void **state)
{
	struct consent_ask ask = { .who = neema };

	(void)state;
	weigh(3000, fresh_key());
	ask.lot_id = got.lot.lot_id;
	bed_query(&bed, "update lots set expires_ms = 1 where state = 'quoted'");
	consent(ask.lot_id, fresh_key());
	expect(OUTCOME_FAIL, "expired");
	weigh(3000, fresh_key());
	ask.lot_id = got.lot.lot_id;
	for (int i = 0; i < 2; i++) {
		ask.key = fresh_key();
		payments_lot_refuse(&env, &ask, on_lot, NULL);
		wait_all(1);
		expect(OUTCOME_OK, "");
	}
	consent(ask.lot_id, fresh_key());
	expect(OUTCOME_FAIL, "stale");
}

static void
float_too_short(void **state)
{
	struct uuid key = fresh_key(), lot;

	(void)state;
	weigh(60000, fresh_key()); /* about 12 million: more than the float */
	lot = got.lot.lot_id;
	consent(lot, key);
	expect(OUTCOME_FAIL, "no_funds");
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'sale.nofunds'"),
	                 1);
	consent(lot, key); /* the same key stays refused */
	expect(OUTCOME_FAIL, "no_funds");
	payments_lot(&env, &neema, &lot, on_lot, NULL);
	wait_all(1);
	assert_int_equal(got.lot.state, LOT_QUOTED);
	assert_string_equal(got.lot.receipt_code, "");
}

/* ---- paying back ---------------------------------------------------------------------
 */

static void
repayments(void **state)
{
	struct uuid key = fresh_key(), loan;

	(void)state;
	pull(100000, fresh_key());
	expect(OUTCOME_FAIL, "no_loan");
	lend(4000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	assert_int_equal(got.loan.owed, 4200000);
	pull(1000000, key);
	expect(OUTCOME_PENDING, "paying");
	pull(1000000, key);
	expect(OUTCOME_PENDING, "paying");
	pull(1000000, fresh_key());
	expect(OUTCOME_FAIL, "busy");
	verdict(&loan, PAY_FAILED);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.owed, 4200000);
	pull(1200000, fresh_key());
	verdict(&loan, PAY_PAID);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.owed, 3000000);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 0);
	pull(3500000, fresh_key());
	verdict(&loan, PAY_PAID);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "no_loan");
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	payments_home(&env, &neema, on_home, NULL);
	wait_all(1);
	assert_true(got.home.member_balance >= 500000);
}

/* ---- at the same time -----------------------------------------------------------------
 */

struct many {
	unsigned ok, fail;
};

static void
count_loan(void *arg, const struct payments_answer *a, const struct loan_view *v)
{
	struct many *m = arg;

	(void)v;
	if (a->outcome == OUTCOME_FAIL)
		m->fail++;
	else
		m->ok++;
	got.waiting--;
}

static void
approve_and_refuse_at_once(void **state)
{
	struct decide_ask yes = { .who = treasurer,
		                  .approve = true,
		                  .pin = TREASURER_PIN,
		                  .key = fresh_key() };
	struct decide_ask no = { .who = officer, .pin = OFFICER_PIN, .key = fresh_key() };
	struct many m = { 0, 0 };

	(void)state;
	ask_loan(&neema, 2000000, NEEMA_PIN, fresh_key());
	yes.id = no.id = got.loan.loan_id;
	payments_approval_decide(&env, &yes, count_loan, &m);
	payments_approval_decide(&env, &no, count_loan, &m);
	wait_all(2);
	books_balance();
	assert_int_equal(m.ok, 1);
	assert_int_equal(m.fail, 1);
	if (bed_query(&bed, "select count(*) from loans where state = 'approved'") == 1)
		verdict(&yes.id, PAY_FAILED);
}

/* A copy that trails the first by some turns meets it at each of its stages. */
static void
one_key_many_times_at_once(void **state)
{
	(void)state;
	for (int trail = 0; trail < 8; trail++) {
		struct loan_ask ask = neema_asks(2000000);
		struct many m = { 0, 0 };

		payments_loan_request(&env, &ask, count_loan, &m);
		for (int turns = 0; turns < trail; turns++)
			loop_turn(bed.loop, 0);
		payments_loan_request(&env, &ask, count_loan, &m);
		wait_all(2);
		books_balance();
		assert_int_equal(m.ok, 2);
		assert_int_equal(bed_query(&bed, "select count(*) from loans "
		                                 "where state = 'requested'"),
		                 1);
		payments_loan_status(&env, &neema, on_loan, NULL);
		wait_all(1);
		decide(&treasurer, TREASURER_PIN, got.loan.loan_id, false, fresh_key());
	}
}

static void
cancelled_calls_stay_silent(void **state)
{
	struct loan_ask ask = neema_asks(2000000);

	(void)state;
	for (int turns = 0; turns < 6; turns++) {
		struct payments_op *op = payments_loan_request(&env, &ask, on_loan, NULL);

		for (int i = 0; i < turns; i++)
			loop_turn(bed.loop, 0);
		payments_cancel(&op);
		assert_null(op);
	}
	got.waiting = 0;
	for (int i = 0; i < 50; i++)
		loop_turn(bed.loop, 5);
	assert_int_equal(got.waiting, 0);
	books_balance();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offers),
		cmocka_unit_test(loan_refused),
		cmocka_unit_test(nobody_approves_their_own),
		cmocka_unit_test(payout_that_fails),
		cmocka_unit_test(loan_by_two),
		cmocka_unit_test(prices),
		cmocka_unit_test(sale),
		cmocka_unit_test(receipts_hold),
		cmocka_unit_test(quotes_expire_and_are_refused),
		cmocka_unit_test(float_too_short),
		cmocka_unit_test(repayments),
		cmocka_unit_test(approve_and_refuse_at_once),
		cmocka_unit_test(one_key_many_times_at_once),
		cmocka_unit_test(cancelled_calls_stay_silent),
	};

	return cmocka_run_group_tests(tests, open_with_neema, story_close);
}
