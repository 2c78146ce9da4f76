/* A sale above the wallet's limits, on a real PostgreSQL: part after part, day after day,
 * every part once, nothing lost when one is refused or told twice.
 */
#include "config/settings.h"
#include "payments/core/currency.h"
#include "payments/flow/receipts.h"
#include "tests/integration/parts_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
within_the_limits(void **state)
{
	int64_t before = parts_paid_out(), due;

	(void)state;
	due = parts_sell(4000); /* 748,000 or so; the first tier takes 1,000,000 a day */
	assert_true(due < 10 * HUNDRED && due > 5 * HUNDRED);
	assert_int_equal(parts_pay(), due);
	assert_int_equal(parts_pay(), 0);
	assert_int_equal(parts_paid_out() - before, due);
	assert_int_equal(parts_held(), 0);
	assert_int_equal(parts_told("payout.later") + parts_told("payout.parts"), 0);
	parts_next_day();
}

static void
tomorrow(void **state)
{
	int64_t before = parts_paid_out(), due = parts_sell(8000);
	char receipt[16];
	struct payment p;

	(void)state;
	snprintf(receipt, sizeof receipt, "%s", got.lot.receipt_code);
	assert_int_equal(parts_told("payout.later"), 1);
	assert_int_equal(parts_value("payout.later", "now"), 10 * HUNDRED);
	assert_int_equal(parts_value("payout.later", "later"), due - 10 * HUNDRED);
	assert_int_equal(parts_held(), due); /* nobody else can spend it */
	assert_true(parts_send(&p));
	assert_int_equal(p.amount, 10 * HUNDRED);
	assert_int_equal(p.rest, due - p.amount);
	parts_end_as(p, PAY_PAID, REASON_NONE);
	parts_end_as(p, PAY_PAID, REASON_NONE); /* told twice */
	ledger_bed_restart(&bed);               /* and once more after a kill */
	env.settle = bed.settle;
	parts_end_as(p, PAY_PAID, REASON_NONE);
	assert_int_equal(got.err.code, ERR_NONE);
	assert_int_equal(bed_query(&bed, "select count(*) from payments where part = 2"),
	                 1);
	assert_int_equal(parts_pay(), 0); /* not today */
	assert_int_equal(parts_owed(), due - 10 * HUNDRED);
	assert_int_equal(parts_held(), due - 10 * HUNDRED);
	payments_receipt(&env, receipt, on_receipt, NULL);
	wait_all(1);
	assert_false(got.receipt.paid);
	parts_next_day();
	assert_int_equal(parts_pay(), due - 10 * HUNDRED);
	assert_int_equal(parts_pay(), 0);
	assert_int_equal(parts_paid_out() - before, due);
	assert_int_equal(parts_owed(), 0);
	assert_int_equal(parts_held(), 0);
	payments_receipt(&env, receipt, on_receipt, NULL);
	wait_all(1);
	assert_true(got.receipt.paid);
	assert_int_equal(parts_told("sale.paid"), 3);
	parts_next_day();
}

/* A provider without decimals pays shillings only: cents stay owed and are paid with what
 * makes them whole; a pull asks for a whole shilling more, and what is over is hers. */
static void
cents_stay_owed(void **state)
{
	static const struct settings whole = {
		.provider_count = 1,
		.providers = { { .name = "mtn",
		                 .currency = "TZS",
		                 .scale = 0,
		                 .collection_scale = -1 } },
	};
	int64_t before = parts_paid_out(), due = parts_sell(1001), cents = due % 100;

	(void)state;
	assert_int_not_equal(cents, 0); /* else it shows nothing */
	assert_int_equal(parts_pay(), due);
	env.settings = &whole;
	due = parts_sell(1001);
	assert_int_equal(parts_held(), due); /* the cents, too, until it is paid */
	assert_int_equal(parts_pay(), due - cents);
	assert_int_equal(parts_pay(), 0);
	assert_int_equal(parts_owed(), cents);
	assert_int_equal(parts_held(), 0);
	env.settings = NULL;
	payments_pay_owed(&env,
	                  &(struct pay_owed_ask){ treasurer, neema.member_id,
	                                          TREASURER_PIN, fresh_key() },
	                  parts_on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(parts_pay(), cents);
	assert_int_equal(parts_owed(), 0);
	assert_int_equal(parts_paid_out() - before, 2 * due);
	parts_next_day();
}

/* The table of C and that of the database. */
static void
currencies_agree(void **state)
{
	static const char codes[][4] = { "CDF", "COP", "EUR", "GHS", "GNF", "KES", "MGA",
		                         "MZN", "NGN", "PEN", "PHP", "RWF", "SLE", "TZS",
		                         "UGX", "USD", "XAF", "XOF", "ZMW", "ZWG" };
	char sql[100];

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		snprintf(sql, sizeof sql,
		         "select exponent from currencies where code = '%.3s'", codes[i]);
		assert_int_equal(currency_decimals(codes[i]), bed_query(&bed, sql));
	}
	assert_int_equal(bed_query(&bed, "select count(*) from currencies"),
	                 sizeof codes / sizeof *codes);
	assert_int_equal(currency_decimals("XYZ"), -1);
}

static void
a_known_holder(void **state)
{
	int64_t due;

	(void)state;
	bed_query(&bed, "update members set wallet_tier = 3");
	due = parts_sell(8000);
	assert_int_equal(parts_pay(), due); /* 10,000,000 at once */
	bed_query(&bed, "update members set wallet_tier = null");
	parts_next_day();
}

/* 250,000 at once and 500,000 a day, as in Kenya. */
static void
parts_of_one_day(void **state)
{
	int64_t due;

	(void)state;
	parts_limits(5 * HUNDRED / 2, 5 * HUNDRED);
	due = parts_sell(2000);
	assert_true(due > 3 * HUNDRED && due < 5 * HUNDRED);
	assert_int_equal(parts_told("payout.parts"), 1);
	assert_int_equal(parts_value("payout.parts", "parts"), 2);
	assert_int_equal(parts_pay(), 5 * HUNDRED / 2);
	assert_int_equal(parts_pay(), due - 5 * HUNDRED / 2);
	assert_int_equal(parts_pay(), 0);
	assert_int_equal(parts_owed(), 0);
	/* another sale the same day: what fits, then the next days */
	due += parts_sell(8000);
	assert_int_equal(parts_told("payout.days"), 1);
	assert_int_equal(parts_value("payout.days", "days"), 3);
	for (int64_t left = due; left > 0; parts_next_day()) {
		int64_t today = left == due ? due - got.lot.quote.payout : 0, part;

		left -= today;
		while ((part = parts_pay()) > 0) {
			assert_true(part <= 5 * HUNDRED / 2);
			today += part;
			left -= part;
		}
		assert_true(today == 5 * HUNDRED || left == 0);
		assert_int_equal(parts_owed(), left);
		assert_int_equal(parts_held(), left);
	}
	assert_int_equal(parts_owed(), 0);
}

/* A part refused for good leaves the rest owed, until somebody asks for it. */
static void
a_refused_part(void **state)
{
	struct pay_owed_ask ask = { treasurer, neema.member_id, TREASURER_PIN,
		                    fresh_key() };
	int64_t before = parts_paid_out(), due;
	struct payment p;

	(void)state;
	parts_limits(5 * HUNDRED / 2, 20 * HUNDRED);
	due = parts_sell(4000);
	assert_int_equal(parts_pay(), 5 * HUNDRED / 2);
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_NOT_REGISTERED);
	assert_int_equal(parts_owed(), due - 5 * HUNDRED / 2);
	assert_int_equal(parts_value("sale.unpaid", "amount"), due - 5 * HUNDRED / 2);
	assert_int_equal(parts_held(), 0);
	parts_end_as(p, PAY_PAID, REASON_NONE); /* never flips */
	assert_int_equal(got.err.code, ERR_CONFLICT);
	parts_next_day();
	assert_int_equal(parts_pay(), 0); /* not by itself */
	payments_pay_owed(&env, &ask, parts_on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	while (parts_pay() > 0)
		;
	assert_int_equal(parts_paid_out() - before, due);
	assert_int_equal(parts_owed(), 0);
	parts_next_day();
}

/* The wallet itself takes no more today: tomorrow, and not for ever. */
static void
a_full_wallet(void **state)
{
	int64_t before = parts_paid_out(), due, waits = parts_told("payout.tomorrow");
	struct payment p;

	(void)state;
	parts_limits(0, 0);
	due = parts_sell(2000);
	for (int day = 0; day < WAITS_MAX; day++) {
		assert_true(parts_send(&p));
		assert_int_equal(p.waits, day);
		assert_int_equal(p.amount, due);
		parts_end_as(p, PAY_FAILED, REASON_LIMIT);
		assert_int_equal(parts_owed(), due);
		assert_int_equal(parts_held(), due);
		assert_int_equal(parts_pay(), 0); /* never blindly again */
		if (day == 0) {
			assert_int_equal(parts_value("payout.tomorrow", "later"), due);
			parts_end_as(p, PAY_FAILED, REASON_LIMIT); /* told twice */
			assert_int_equal(parts_held(), due);
		}
		parts_next_day();
	}
	assert_int_equal(parts_told("payout.tomorrow") - waits, WAITS_MAX);
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_LIMIT);
	assert_int_equal(parts_owed(), due); /* a person must look */
	assert_int_equal(parts_held(), 0);
	assert_int_equal(parts_paid_out(), before);
}

/* What stays owed is paid in parts, too, and a limit only delays it. */
static void
owed_in_parts(void **state)
{
	struct pay_owed_ask ask = { neema, neema.member_id, NEEMA_PIN, fresh_key() };
	int64_t due = parts_owed(), before = parts_paid_out();
	struct payment p;

	(void)state;
	assert_true(due > 3 * HUNDRED);
	parts_limits(2 * HUNDRED, 2 * HUNDRED);
	payments_pay_owed(&env, &ask, parts_on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	assert_true(parts_send(&p));
	assert_int_equal(p.amount, 2 * HUNDRED);
	parts_end_as(p, PAY_FAILED, REASON_LIMIT);
	parts_next_day();
	assert_int_equal(parts_pay(), 2 * HUNDRED);
	parts_next_day();
	assert_int_equal(parts_pay(), due - 2 * HUNDRED);
	assert_int_equal(parts_owed(), 0);
	assert_int_equal(parts_paid_out() - before, due);
	parts_next_day();
}

static void
on_heard(void *arg, const struct pg_reply *r)
{
	(void)arg;
	assert_int_equal(r->err.code, ERR_NONE);
	got.waiting--;
}

/* A recheck of a settled payment finds the opposite, as the rails write it down. */
static void
contradict(struct payment p)
{
	static const struct verdict says = { .kind = VERDICT_PAID, .code = "SUCCESSFUL" };
	struct payment_note note = { .kind = "contradiction",
		                     .verdict = &says,
		                     .now = loop_clock(bed.loop)->wall_ms };

	bed_query(&bed,
	          "update payments set claim = '00000000-0000-4000-8000-00000000000a' "
	          "where state = 'failed'");
	assert_true(uuid_parse("00000000-0000-4000-8000-00000000000a", 36, &p.claim));
	p.state = PAY_FAILED;
	memcpy(p.attention, "contradiction", sizeof "contradiction");
	pg_call(bed.pg, &payment_heard, payment_heard_args(&p, &note), 5000, on_heard,
	        NULL);
	wait_all(1);
}

static int64_t
decide_about(const char *function, const struct payment *p, const char *earlier)
{
	char sql[200];

	snprintf(sql, sizeof sql, "select %s('%s', %s%s%s 1)::integer", function, p->code,
	         earlier == NULL ? "" : "'", earlier == NULL ? "" : earlier,
	         earlier == NULL ? "" : "',");
	return bed_query(&bed, sql);
}

/* Refused for a full wallet, waiting for tomorrow, and then it was paid after all. */
static void
a_refusal_that_was_none(void **state)
{
	struct payment first, again;
	int64_t due;

	(void)state;
	parts_limits(0, 0);
	for (int round = 0; round < 2; round++) {
		due = parts_sell(2000);
		assert_true(parts_send(&first));
		parts_end_as(first, PAY_FAILED, REASON_LIMIT);
		contradict(first);
		again = fetch_payment(&first.purpose_id);
		assert_int_equal(again.amount, due);
		parts_next_day();
		assert_int_equal(parts_pay(), 0); /* stopped */
		assert_int_equal(parts_held(), due);
		assert_int_equal(bed_query(&bed, "select count(*) from "
		                                 "payments_attention(1, 0) where why in "
		                                 "('contradiction', 'stopped')"),
		                 2);
		if (round == 0) { /* it was paid: this one counts */
			assert_int_equal(
			    decide_about("payment_settled", &again, "NOSUCH"), 0);
			assert_int_equal(
			    decide_about("payment_settled", &again, first.code), 1);
			assert_int_equal(decide_about("payment_resume", &again, NULL), 0);
			record_as(again, PAY_PAID); /* as the rails do, asking nobody */
		} else {                            /* it was not */
			assert_int_equal(decide_about("payment_resume", &again, NULL), 1);
			assert_int_equal(parts_pay(), due);
			assert_int_equal(
			    bed_query(&bed, "select payment_seen(code, 1, '')::integer "
			                    "from payments where attention <> ''"),
			    1);
		}
		assert_int_equal(parts_owed(), 0);
		assert_int_equal(parts_held(), 0);
		assert_int_equal(
		    bed_query(&bed, "select count(*) from payments_attention(1, 0)"), 0);
	}
}

/* The same for what is asked for after the contradiction. */
static void
owed_during_a_contradiction(void **state)
{
	struct pay_owed_ask ask = { officer, neema.member_id, OFFICER_PIN, fresh_key() };
	int64_t due = parts_sell(2000);
	struct payment p;

	(void)state;
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_NOT_REGISTERED);
	contradict(p);
	payments_pay_owed(&env, &ask, parts_on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(parts_pay(), 0); /* stopped */
	assert_int_equal(parts_held(), due);
	parts_sell(1000); /* another sale is not */
	assert_true(parts_pay() > 0);
	p = fetch_payment(&neema.member_id);
	assert_int_equal(decide_about("payment_resume", &p, NULL), 1);
	assert_int_equal(parts_pay(), due);
	assert_int_equal(parts_owed(), 0);
}

/* The year is used up: the sale stands, the net stays owed, and she is told. */
static void
a_full_year(void **state)
{
	struct pay_owed_ask ask = { treasurer, neema.member_id, TREASURER_PIN,
		                    fresh_key() };
	int64_t due, before = parts_paid_out();

	(void)state;
	parts_limits(0, 0);
	bed_query(
	    &bed,
	    "update wallet_limits set per_year = 1, minimum = 2 where provider = 'mtn'");
	due = parts_sell(2000);
	assert_int_equal(parts_owed(), due);
	assert_int_equal(parts_held(), 0);
	assert_int_equal(parts_value("payout.none", "later"), due);
	assert_int_equal(bed_query(&bed, "select amount from payments_attention(1, 0) "
	                                 "where why = 'unplanned'"),
	                 due);
	parts_next_day();
	assert_int_equal(parts_pay(), 0);
	payments_pay_owed(&env, &ask, parts_on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "limit");
	bed_query(
	    &bed,
	    "update wallet_limits set per_year = 0, minimum = 0 where provider = 'mtn'");
	ask.key = fresh_key();
	payments_pay_owed(&env, &ask, parts_on_payout, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(parts_pay(), due);
	assert_int_equal(parts_paid_out() - before, due);
	assert_int_equal(bed_query(&bed, "select count(*) from payments_attention(1, 0)"),
	                 0);
}

/* A failed payout is listed although a later sale was paid, until it is paid itself. */
static void
what_stays_owed_is_listed(void **state)
{
	struct pay_owed_ask ask = { officer, neema.member_id, OFFICER_PIN, fresh_key() };
	int64_t due = parts_sell(2000);
	struct payment p;

	(void)state;
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_NOT_REGISTERED);
	parts_sell(1500);
	assert_true(parts_pay() > 0);
	assert_int_equal(bed_query(&bed, "select amount from payments_attention(0, 0) "
	                                 "where why = 'owed' and said = "
	                                 "'not_registered'"),
	                 due);
	payments_pay_owed(&env, &ask, parts_on_payout, NULL);
	wait_all(1);
	assert_int_equal(parts_pay(), due);
	assert_int_equal(bed_query(&bed, "select count(*) from payments_attention(0, 0)"),
	                 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(within_the_limits),
		cmocka_unit_test(tomorrow),
		cmocka_unit_test(cents_stay_owed),
		cmocka_unit_test(currencies_agree),
		cmocka_unit_test(a_known_holder),
		cmocka_unit_test(parts_of_one_day),
		cmocka_unit_test(a_refused_part),
		cmocka_unit_test(a_full_wallet),
		cmocka_unit_test(owed_in_parts),
		cmocka_unit_test(a_full_year),
		cmocka_unit_test(what_stays_owed_is_listed),
		cmocka_unit_test(a_refusal_that_was_none),
		cmocka_unit_test(owed_during_a_contradiction),
	};

	return cmocka_run_group_tests(tests, parts_open, story_close);
}
