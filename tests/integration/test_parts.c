/* A payout above the wallet's limits, on a real PostgreSQL: part after part, day after
 * day, every part once, nothing lost when one is refused or told twice.
 */
#include "payments/flow/parts.h"
#include "payments/flow/pay_owed.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS  INT64_C(86400000)
#define HUNDRED INT64_C(10000000) /* 100,000 TZS in minor units */

static int
open_with_neema(void **state)
{
	if (story_open(state) != 0)
		return -1;
	join(NEEMA, "Neema", NEEMA_PIN);
	neema = find(NEEMA);
	return 0;
}

/* Limits of the provider, from today on: over those of the country. */
static void
limits(int64_t per_payment, int64_t per_day)
{
	char sql[400];

	snprintf(sql, sizeof sql,
	         "insert into wallet_limits values ('TZ', 'mtn', 'TZS', 1, "
	         "'2001-01-01', %lld, %lld, 0, 0, 'test') on conflict "
	         "(country, provider, currency, tier, valid_from) do update set "
	         "per_payment = excluded.per_payment, per_day = excluded.per_day",
	         (long long)per_payment, (long long)per_day);
	bed_query(&bed, sql);
}

static void
next_day(void)
{
	bed.clock.skew_ms += DAY_MS;
	clock_update(&bed.clock);
	bed_query(&bed, "update price_board set confirmed_ms = confirmed_ms + 86400000");
}

struct claimed {
	int rows;
	struct payment p;
};

static void
on_claimed(void *arg, const struct pg_reply *r)
{
	struct claimed *c = arg;

	assert_int_equal(r->err.code, ERR_NONE);
	c->rows = r->rows;
	if (r->rows > 0)
		payment_read(r, 0, &c->p);
	got.waiting--;
}

static void
on_marked(void *arg, const struct pg_reply *r)
{
	(void)arg;
	assert_int_equal(r->err.code, ERR_NONE);
	assert_true(reply_bool(r, 0, 0));
	got.waiting--;
}

/* What the rails would hand over now: one payment at most, marked as sent. */
static bool
send(struct payment *out)
{
	int64_t now = loop_clock(bed.loop)->wall_ms;
	struct uuid claim = fresh_key();
	struct pg_args *a = pg_args_new();
	struct claimed c = { 0 };

	pg_i32(a, 1);
	pg_text(a, "mtn");
	pg_uuid(a, &claim);
	pg_i64(a, now);
	pg_i64(a, now + 1000);
	pg_i32(a, 10);
	pg_bool(a, true);
	pg_i64(a, 0);
	pg_call(bed.pg, &payments_claim, a, 5000, on_claimed, &c);
	wait_all(1);
	assert_true(c.rows <= 1); /* one part at a time */
	if (c.rows == 0)
		return false;
	pg_call(bed.pg, &payment_sent, payment_sent_args(&c.p, now, now + 1000), 5000,
	        on_marked, NULL);
	wait_all(1);
	*out = c.p;
	return true;
}

static void
ends(struct payment p, enum pay_state to, enum pay_reason reason)
{
	struct verdict why = { .kind = to == PAY_PAID ? VERDICT_PAID : VERDICT_FAILED,
		               .reason = reason,
		               .amount_minor = -1 };

	purpose_by_name(p.purpose)->record(&env, &p, to, &why, on_recorded, NULL);
	wait_all(1);
	books_balance();
}

/* Sends what is due and has it paid; what it was, or 0. */
static int64_t
pay(void)
{
	struct payment p;

	if (!send(&p))
		return 0;
	ends(p, PAY_PAID, REASON_NONE);
	assert_int_equal(got.err.code, ERR_NONE);
	return p.amount;
}

static void
on_payout(void *arg, const struct payments_answer *a, const struct owed_payout *p)
{
	(void)p;
	on_plain(arg, a);
}

static int64_t
owed(void)
{
	return -balance(ACC_MEMBER, &neema.member_id, "TZS");
}

static int64_t
held(void)
{
	return bed_query(&bed, "select coalesce(sum(pending_credit), 0) from accounts "
	                       "where kind = 0");
}

static int64_t
told(const char *template)
{
	char sql[160];

	snprintf(sql, sizeof sql, "select count(*) from messages where template = '%s'",
	         template);
	return bed_query(&bed, sql);
}

static int64_t
value_of(const char *template, const char *name)
{
	char sql[200];

	snprintf(sql, sizeof sql,
	         "select text_values->>'%s' from messages where template = '%s' "
	         "order by message_id desc limit 1",
	         name, template);
	return bed_query(&bed, sql);
}

static int64_t
paid_out(void)
{
	return bed_query(&bed, "select coalesce(sum(amount), 0) from payments where "
	                       "direction = 'out' and state = 'paid'");
}

/* A sale of so many milligrams; what is to be paid out. */
static int64_t
sell(int64_t mg)
{
	weigh(mg, fresh_key());
	expect(OUTCOME_OK, "");
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	return got.lot.quote.payout;
}

static void
within_the_limits(void **state)
{
	int64_t before = paid_out(), due;

	(void)state;
	due = sell(4000); /* 748,000 or so; the first tier takes 1,000,000 a day */
	assert_true(due < 10 * HUNDRED && due > 5 * HUNDRED);
	assert_int_equal(pay(), due);
	assert_int_equal(pay(), 0);
	assert_int_equal(paid_out() - before, due);
	assert_int_equal(held(), 0);
	assert_int_equal(told("payout.later") + told("payout.parts"), 0);
	next_day();
}

static void
tomorrow(void **state)
{
	int64_t before = paid_out(), due = sell(8000);
	char receipt[16];
	struct payment p;

	(void)state;
	snprintf(receipt, sizeof receipt, "%s", got.lot.receipt_code);
	assert_int_equal(told("payout.later"), 1);
	assert_int_equal(value_of("payout.later", "now"), 10 * HUNDRED);
	assert_int_equal(value_of("payout.later", "later"), due - 10 * HUNDRED);
	assert_int_equal(held(), due); /* nobody else can spend it */
	assert_true(send(&p));
	assert_int_equal(p.amount, 10 * HUNDRED);
	assert_int_equal(p.rest, due - p.amount);
	ends(p, PAY_PAID, REASON_NONE);
	ends(p, PAY_PAID, REASON_NONE); /* told twice */
	ledger_bed_restart(&bed);       /* and once more after a kill */
	env.settle = bed.settle;
	ends(p, PAY_PAID, REASON_NONE);
	assert_int_equal(got.err.code, ERR_NONE);
	assert_int_equal(bed_query(&bed, "select count(*) from payments where part = 2"),
	                 1);
	assert_int_equal(pay(), 0); /* not today */
	assert_int_equal(owed(), due - 10 * HUNDRED);
	assert_int_equal(held(), due - 10 * HUNDRED);
	payments_receipt(&env, receipt, on_receipt, NULL);
	wait_all(1);
	assert_false(got.receipt.paid);
	next_day();
	assert_int_equal(pay(), due - 10 * HUNDRED);
	assert_int_equal(pay(), 0);
	assert_int_equal(paid_out() - before, due);
	assert_int_equal(owed(), 0);
	assert_int_equal(held(), 0);
	payments_receipt(&env, receipt, on_receipt, NULL);
	wait_all(1);
	assert_true(got.receipt.paid);
	assert_int_equal(told("sale.paid"), 3);
	next_day();
}

static void
a_known_holder(void **state)
{
	int64_t due;

	(void)state;
	bed_query(&bed, "update members set wallet_tier = 3");
	due = sell(8000);
	assert_int_equal(pay(), due); /* 10,000,000 at once */
	bed_query(&bed, "update members set wallet_tier = null");
	next_day();
}

/* 250,000 at once and 500,000 a day, as in Kenya. */
static void
parts_of_one_day(void **state)
{
	int64_t due;

	(void)state;
	limits(5 * HUNDRED / 2, 5 * HUNDRED);
	due = sell(2000);
	assert_true(due > 3 * HUNDRED && due < 5 * HUNDRED);
	assert_int_equal(told("payout.parts"), 1);
	assert_int_equal(value_of("payout.parts", "parts"), 2);
	assert_int_equal(pay(), 5 * HUNDRED / 2);
	assert_int_equal(pay(), due - 5 * HUNDRED / 2);
	assert_int_equal(pay(), 0);
	assert_int_equal(owed(), 0);
	/* another sale the same day: what fits, then the next days */
	due += sell(8000);
	assert_int_equal(told("payout.days"), 1);
	assert_int_equal(value_of("payout.days", "days"), 3);
	for (int64_t left = due; left > 0; next_day()) {
		int64_t today = left == due ? due - got.lot.quote.payout : 0, part;

		left -= today;
		while ((part = pay()) > 0) {
			assert_true(part <= 5 * HUNDRED / 2);
			today += part;
			left -= part;
		}
		assert_true(today == 5 * HUNDRED || left == 0);
		assert_int_equal(owed(), left);
		assert_int_equal(held(), left);
	}
	assert_int_equal(owed(), 0);
}

/* A part refused for good leaves the rest owed, until somebody asks for it. */
static void
a_refused_part(void **state)
{
	struct pay_owed_ask ask = { treasurer, neema.member_id, TREASURER_PIN,
		                    fresh_key() };
	int64_t before = paid_out(), due;
	struct payment p;

	(void)state;
	limits(5 * HUNDRED / 2, 20 * HUNDRED);
	due = sell(4000);
	assert_int_equal(pay(), 5 * HUNDRED / 2);
	assert_true(send(&p));
	ends(p, PAY_FAILED, REASON_NOT_REGISTERED);
	assert_int_equal(owed(), due - 5 * HUNDRED / 2);
	assert_int_equal(value_of("sale.unpaid", "amount"), due - 5 * HUNDRED / 2);
	assert_int_equal(held(), 0);
	ends(p, PAY_PAID, REASON_NONE); /* never flips */
	assert_int_equal(got.err.code, ERR_CONFLICT);
	next_day();
	assert_int_equal(pay(), 0); /* not by itself */
	payments_pay_owed(&env, &ask, on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	while (pay() > 0)
		;
	assert_int_equal(paid_out() - before, due);
	assert_int_equal(owed(), 0);
	next_day();
}

/* The wallet itself takes no more today: tomorrow, and not for ever. */
static void
a_full_wallet(void **state)
{
	int64_t before = paid_out(), due, waits = told("payout.tomorrow");
	struct payment p;

	(void)state;
	limits(0, 0);
	due = sell(2000);
	for (int day = 0; day < WAITS_MAX; day++) {
		assert_true(send(&p));
		assert_int_equal(p.waits, day);
		assert_int_equal(p.amount, due);
		ends(p, PAY_FAILED, REASON_LIMIT);
		assert_int_equal(owed(), due);
		assert_int_equal(held(), due);
		assert_int_equal(pay(), 0); /* never blindly again */
		if (day == 0) {
			assert_int_equal(value_of("payout.tomorrow", "later"), due);
			ends(p, PAY_FAILED, REASON_LIMIT); /* told twice */
			assert_int_equal(held(), due);
		}
		next_day();
	}
	assert_int_equal(told("payout.tomorrow") - waits, WAITS_MAX);
	assert_true(send(&p));
	ends(p, PAY_FAILED, REASON_LIMIT);
	assert_int_equal(owed(), due); /* a person must look */
	assert_int_equal(held(), 0);
	assert_int_equal(paid_out(), before);
}

/* What stays owed is paid in parts, too, and a limit only delays it. */
static void
owed_in_parts(void **state)
{
	struct pay_owed_ask ask = { neema, neema.member_id, NEEMA_PIN, fresh_key() };
	int64_t due = owed(), before = paid_out();
	struct payment p;

	(void)state;
	assert_true(due > 3 * HUNDRED);
	limits(2 * HUNDRED, 2 * HUNDRED);
	payments_pay_owed(&env, &ask, on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	assert_true(send(&p));
	assert_int_equal(p.amount, 2 * HUNDRED);
	ends(p, PAY_FAILED, REASON_LIMIT);
	next_day();
	assert_int_equal(pay(), 2 * HUNDRED);
	next_day();
	assert_int_equal(pay(), due - 2 * HUNDRED);
	assert_int_equal(owed(), 0);
	assert_int_equal(paid_out() - before, due);
	next_day();
}

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
	limits(HUNDRED / 2, HUNDRED / 2);
	loan = approve(2 * HUNDRED - HUNDRED / 4);
	assert_int_equal(held(), 2 * HUNDRED - HUNDRED / 4);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_true(send(&p));
	again = p;
	assert_int_equal(p.amount, HUNDRED / 2);
	ends(p, PAY_PAID, REASON_NONE);
	ends(again, PAY_PAID, REASON_NONE);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.state, LOAN_LIVE);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 2 * HUNDRED - HUNDRED / 4);
	assert_int_equal(owed(), HUNDRED + HUNDRED / 4);
	assert_int_equal(value_of("loan.paid", "amount"), HUNDRED / 2);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(pay(), 0);
		next_day();
		assert_int_equal(pay(), i < 2 ? HUNDRED / 2 : HUNDRED / 4);
	}
	assert_int_equal(owed(), 0);
	assert_int_equal(held(), 0);
	assert_int_equal(bed_query(&bed, "select count(*) from payments "
	                                 "where purpose = 'loan_out'"),
	                 4);
	next_day();
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
	assert_int_equal(pay(), HUNDRED / 2);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	pull(got.loan.owed, fresh_key());
	record_as(fetch_payment(&loan), PAY_PAID);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	next_day();
	assert_int_equal(pay(), HUNDRED / 2);
	assert_int_equal(owed(), 0);
	next_day();
}

static void
a_loan_refused_at_the_first_part(void **state)
{
	struct uuid loan;
	struct payment p;

	(void)state;
	loan = approve(HUNDRED);
	assert_true(send(&p));
	ends(p, PAY_FAILED, REASON_LIMIT);
	assert_int_equal(held(), 0);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(owed(), 0);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "no_loan");
	next_day();
	assert_int_equal(pay(), 0);
}

/* A later part of a loan that is refused stays owed to her; the loan stands. */
static void
a_loan_refused_at_a_later_part(void **state)
{
	struct uuid loan;
	struct payment p;

	(void)state;
	loan = approve(HUNDRED);
	assert_int_equal(pay(), HUNDRED / 2);
	next_day();
	assert_true(send(&p));
	ends(p, PAY_FAILED, REASON_NOT_REGISTERED);
	assert_int_equal(owed(), HUNDRED / 2);
	assert_int_equal(held(), 0);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), HUNDRED);
	assert_int_equal(value_of("owed.unpaid", "amount"), HUNDRED / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(within_the_limits),
		cmocka_unit_test(tomorrow),
		cmocka_unit_test(a_known_holder),
		cmocka_unit_test(parts_of_one_day),
		cmocka_unit_test(a_refused_part),
		cmocka_unit_test(a_full_wallet),
		cmocka_unit_test(owed_in_parts),
		cmocka_unit_test(a_loan_in_parts),
		cmocka_unit_test(repaid_before_the_last_part),
		cmocka_unit_test(a_loan_refused_at_the_first_part),
		cmocka_unit_test(a_loan_refused_at_a_later_part),
	};

	return cmocka_run_group_tests(tests, open_with_neema, story_close);
}
