/* What providers charge, on real PostgreSQL: a line of the outcome, by the tariff of the
 * day; owed where the float does not cover it.  After every step the books hold. */
#include "payments/flow/day_run.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

static int64_t
sum(unsigned kind)
{
	char sql[160];

	snprintf(sql, sizeof sql,
	         "select coalesce(sum(balance), 0)::bigint from accounts where kind = %u",
	         kind);
	return bed_query(&bed, sql);
}

static void
tariff(const char *direction, const char *from, const char *bands)
{
	char sql[400];

	snprintf(
	    sql, sizeof sql,
	    "with b as (insert into provider_tariffs (provider, currency, direction, "
	    "valid_from, source, set_by, set_ms, up_to, fixed, share_bp, most) "
	    "select 'mtn', 'TZS', '%s', '%s', 'test', 'test', 0, v.* "
	    "from (values %s) v returning 1) select count(*) from b",
	    direction, from, bands);
	assert_true(bed_query(&bed, sql) > 0);
}

static void
no_tariff_no_line(void **state)
{
	(void)state;
	lend(4000000);
	assert_int_equal(sum(ACC_PROVIDER_FEE), 0);
	assert_int_equal(sum(ACC_FLOAT), FLOAT_OPEN - 4000000);
	assert_int_equal(bed_query(&bed, "select count(*) from payment_fees"), 0);
}

static void
a_collection_costs(void **state)
{
	int64_t cash = sum(ACC_FLOAT);

	(void)state;
	tariff("in", "2020-01-01", "(0, 0, 50, 20000)"); /* 0.5 %, at most 200 */
	pull(1000000, fresh_key());
	verdict(&got.repayment.loan.loan_id, PAY_FAILED);
	assert_int_equal(sum(ACC_PROVIDER_FEE), 0); /* nothing was collected */
	pull(1000000, fresh_key());
	verdict(&got.repayment.loan.loan_id, PAY_PAID);
	assert_int_equal(sum(ACC_PROVIDER_FEE), 5000);
	assert_int_equal(sum(ACC_FLOAT), cash + 1000000 - 5000);
	assert_int_equal(bed_query(&bed, "select fee from payment_fees"), 5000);
	assert_int_equal(bed_query(&bed, "select count(*) from trial_balance() where "
	                                 "kind = 'provider_fee' and debit = 5000"),
	                 1);
}

/* By the day it was sent on, not the day the answer came. */
static void
by_the_day_it_was_sent(void **state)
{
	int64_t now = bed.clock.wall_ms, before = sum(ACC_PROVIDER_FEE);
	struct payment p;

	(void)state;
	bed_query(&bed,
	          "with b as (insert into provider_tariffs (provider, currency, "
	          "direction, valid_from, up_to, fixed, source, set_by, set_ms) "
	          "select 'mtn', 'TZS', 'in', (now() at time zone "
	          "'Africa/Dar_es_Salaam')::date, v.*, 'test', 'test', 0 from (values "
	          "(200000, 700), (0, 900)) v returning 1) select count(*) from b");
	pull(200000, fresh_key());
	p = fetch_payment(&got.repayment.loan.loan_id);
	p.sent_ms = now - 2 * DAY_MS;
	record_as(p, PAY_PAID); /* 0.5 % */
	assert_int_equal(sum(ACC_PROVIDER_FEE), before + 1000);
	pull(200000, fresh_key());
	verdict(&got.repayment.loan.loan_id, PAY_PAID);
	assert_int_equal(sum(ACC_PROVIDER_FEE), before + 1000 + 700);
	pull(200001, fresh_key());
	verdict(&got.repayment.loan.loan_id, PAY_PAID);
	assert_int_equal(sum(ACC_PROVIDER_FEE), before + 1000 + 700 + 900);
}

static void
on_settled(void *arg, const struct settle_answer *a)
{
	(void)arg;
	assert_int_equal(a->result, OP_DONE);
	got.waiting--;
}

/* Leaves that much on the float. */
static void
empty_but(int64_t amount)
{
	struct account_ref cash = account_float("mtn", "TZS");
	struct arena *arena = arena_new(1u << 20);
	struct books *b = arena_zalloc(arena, sizeof *b);

	books_begin(b, &env, arena, 1, "test.elsewhere", NULL);
	books_key(b, "test.elsewhere");
	books_post(b, account(ACC_EQUITY, NULL, "TZS"), cash,
	           balance(ACC_FLOAT, &cash.owner, "TZS") - amount);
	settle_submit(env.settle, &b->op, 5000, on_settled, NULL);
	wait_all(1);
	arena_free(arena);
}

/* All that is left goes out: the payout was made, its fee is owed. */
static void
the_float_does_not_cover_it(void **state)
{
	int64_t before = sum(ACC_PROVIDER_FEE), loan;
	struct payment p;

	(void)state;
	tariff("out", "2020-01-01", "(0, 1500, 0, 0)");
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.owed;
	pull(loan, fresh_key());
	verdict(&got.repayment.loan.loan_id, PAY_PAID);
	before = sum(ACC_PROVIDER_FEE);
	ask_loan(&neema, 4000000, NEEMA_PIN, fresh_key());
	decide(&treasurer, TREASURER_PIN, got.loan.loan_id, true, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	p = fetch_payment(&got.loan.loan_id);
	empty_but(4000000); /* what else was there went elsewhere */
	record_as(p, PAY_PAID);
	assert_int_equal(got.err.code, ERR_NONE);
	assert_int_equal(sum(ACC_PROVIDER_FEE), before + 1500);
	assert_int_equal(sum(ACC_FEE_DUE), -1500);
	assert_int_equal(sum(ACC_FLOAT), 0);
	record_as(p, PAY_PAID); /* told twice */
	assert_int_equal(sum(ACC_PROVIDER_FEE), before + 1500);
}

static void
on_day(void *arg, const struct err *err, const struct day_counts *counts)
{
	(void)arg;
	(void)counts;
	assert_int_equal(err->code, ERR_NONE);
	got.waiting--;
}

static void
day(unsigned after)
{
	static int64_t noon; /* one day, whatever midnight does meanwhile */

	if (noon == 0)
		noon = bed.clock.wall_ms / DAY_MS * DAY_MS + DAY_MS / 2;
	day_run_start(&env, 0, noon + after * DAY_MS, on_day, NULL);
	wait_all(1);
	books_balance();
}

/* Nothing while the float is empty; then what is there, then the rest, and no more. */
static void
what_is_owed_is_paid_when_there_is_money(void **state)
{
	int64_t fees = sum(ACC_PROVIDER_FEE);

	(void)state;
	day(0);
	assert_int_equal(sum(ACC_FEE_DUE), -1500);
	pull(600, fresh_key()); /* and of it, 7.00 for collecting: owed, too */
	verdict(&got.repayment.loan.loan_id, PAY_PAID);
	assert_int_equal(sum(ACC_FEE_DUE), -1500 - 700);
	assert_int_equal(sum(ACC_FLOAT), 600);
	fees += 700;
	day(0);
	assert_int_equal(sum(ACC_FEE_DUE), -1600);
	assert_int_equal(sum(ACC_FLOAT), 0);
	pull(500000, fresh_key());
	verdict(&got.repayment.loan.loan_id, PAY_PAID);
	fees += 900;
	day(0); /* once a day */
	assert_int_equal(sum(ACC_FEE_DUE), -1600);
	day(1);
	assert_int_equal(sum(ACC_FEE_DUE), 0);
	assert_int_equal(sum(ACC_FLOAT), 500000 - 900 - 1600);
	day(1);
	day(2);
	assert_int_equal(sum(ACC_FLOAT), 500000 - 900 - 1600);
	assert_int_equal(sum(ACC_PROVIDER_FEE), fees); /* booked once, when it arose */
	assert_int_equal(bed_query(&bed, "select count(*) from audit where action = "
	                                 "'fee.due'"),
	                 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_tariff_no_line),
		cmocka_unit_test(a_collection_costs),
		cmocka_unit_test(by_the_day_it_was_sent),
		cmocka_unit_test(the_float_does_not_cover_it),
		cmocka_unit_test(what_is_owed_is_paid_when_there_is_money),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
