/* A batch of payouts on a real PostgreSQL: two officers, each row once, parts of a wallet
 * that takes no more, what fails stays owed or goes back, and a float that is short. */
#include "config/settings.h"
#include "payments/flow/batches.h"
#include "tests/integration/parts_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define DIGGER "255713555500" /* no member */

static unsigned made;

/* Of one row; false if it was refused.  The batch has the code "B<n>". */
static bool
make_to(const char *number, const char *payee, const char *source, int64_t amount)
{
	char sql[700];

	snprintf(sql, sizeof sql,
	         "select count(*) from batch_make('MGODI', gen_random_uuid(), 'B%u', "
	         "'test', '%s', gen_random_uuid(), 'M-0001', jsonb_build_array("
	         "jsonb_build_object('line', 2, 'msisdn', '%s', 'amount', %lld, "
	         "'note', 'test', 'member', '', 'payee', '%s', 'provider', '')), %lld) "
	         "where why = 'made'",
	         ++made, source, number, (long long)amount, payee,
	         (long long)loop_clock(bed.loop)->wall_ms);
	return bed_query(&bed, sql) == 1;
}

static bool
make(const char *source, int64_t amount)
{
	return make_to(NEEMA, "", source, amount);
}

static bool
decide_batch(const char *verb, const char *by)
{
	char sql[200];

	snprintf(sql, sizeof sql,
	         "select (batch_decide('B%u', '%s', '%s', %lld) = '')::integer", made,
	         verb, by, (long long)loop_clock(bed.loop)->wall_ms);
	return bed_query(&bed, sql) == 1;
}

static int64_t
rows(const char *state)
{
	char sql[200];

	snprintf(
	    sql, sizeof sql,
	    "select count(*) from batch_rows r join batches b using (cooperative_id, "
	    "batch_id) where b.code = 'B%u' and r.state = '%s'",
	    made, state);
	return bed_query(&bed, sql);
}

/* The gateway's part, until the row is no more in that state. */
static void
run_while(const char *state)
{
	struct batches *b = batches_start(&env, 1);

	for (int turn = 0; turn < 2000 && rows(state) > 0; turn++)
		loop_turn(bed.loop, 5);
	batches_stop(&b);
	assert_null(b);
	assert_int_equal(rows(state), 0);
	books_balance();
}

static void
two_officers(void **state)
{
	(void)state;
	assert_true(make("dividend", HUNDRED));
	assert_false(decide_batch("approve", "M-0001"));
	assert_false(decide_batch("approve", "M-0003")); /* she is no officer */
	assert_false(decide_batch("resume", "M-0002"));
	assert_true(decide_batch("approve", "M-0002"));
	assert_false(decide_batch("approve", "M-0002"));
	run_while("new");
	assert_int_equal(rows("paying"), 1);
	assert_int_equal(parts_pay(), HUNDRED);
	assert_int_equal(rows("paid"), 1);
	assert_int_equal(bed_query(&bed, "select count(*) from batches where state = "
	                                 "'done'"),
	                 1);
	assert_int_equal(parts_told("batch.paid"), 1);
	parts_next_day();
}

static void
stopped(void **state)
{
	int64_t before = parts_paid_out();

	(void)state;
	assert_true(make("dividend", HUNDRED));
	assert_true(decide_batch("cancel", "M-0001"));
	assert_false(decide_batch("approve", "M-0002"));
	assert_int_equal(rows("cancelled"), 1);
	assert_true(make("dividend", HUNDRED));
	assert_true(decide_batch("approve", "M-0002"));
	assert_true(decide_batch("pause", "M-0001"));
	assert_int_equal(bed_query(&bed, "select count(*) from batch_rows_due("
	                                 "9000000000000000, 10)"),
	                 0);
	assert_true(decide_batch("resume", "M-0001"));
	run_while("new");
	assert_int_equal(parts_pay(), HUNDRED);
	assert_int_equal(parts_paid_out() - before, HUNDRED);
	parts_next_day();
}

/* The wallet takes a million a day. */
static void
in_parts(void **state)
{
	(void)state;
	assert_true(make("dividend", 15 * HUNDRED));
	assert_true(decide_batch("approve", "M-0002"));
	run_while("new");
	assert_int_equal(parts_pay(), 10 * HUNDRED);
	assert_int_equal(rows("paying"), 1);
	parts_next_day();
	assert_int_equal(parts_pay(), 5 * HUNDRED);
	assert_int_equal(rows("paid"), 1);
	assert_int_equal(bed_query(&bed, "select sum(paid) from batch_rows where state = "
	                                 "'paid' and amount > 10000000"),
	                 15 * HUNDRED);
	assert_int_equal(parts_held(), 0);
	parts_next_day();
}

static void
what_fails(void **state)
{
	struct payment p;
	int64_t equity = balance(ACC_EQUITY, NULL, "TZS"), due;

	(void)state;
	assert_true(make("dividend", HUNDRED)); /* goes back */
	assert_true(decide_batch("approve", "M-0002"));
	run_while("new");
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_NOT_REGISTERED);
	assert_int_equal(rows("failed"), 1);
	assert_int_equal(balance(ACC_EQUITY, NULL, "TZS"), equity);
	assert_int_equal(parts_held(), 0);

	assert_false(make("owed", HUNDRED)); /* nothing is */
	due = parts_sell(2000);
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_NOT_REGISTERED);
	assert_int_equal(parts_owed(), due);
	assert_false(make("owed", due + 1));
	assert_true(make("owed", due));
	assert_true(decide_batch("approve", "M-0002"));
	run_while("new");
	assert_true(parts_send(&p));
	parts_end_as(p, PAY_FAILED, REASON_NOT_REGISTERED);
	assert_int_equal(rows("failed"), 1);
	assert_int_equal(parts_owed(), due); /* still */
	assert_int_equal(parts_told("owed.unpaid"), 1);
	assert_true(make("owed", due));
	assert_true(decide_batch("approve", "M-0002"));
	run_while("new");
	assert_int_equal(parts_pay(), due);
	assert_int_equal(parts_owed(), 0);
	parts_next_day();
}

/* Whom it pays need not be a member; what fails was never spent. */
static void
wages(void **state)
{
	struct payment p;
	int64_t equity = balance(ACC_EQUITY, NULL, "TZS");

	(void)state;
	assert_false(make_to(DIGGER, "Asha Juma", "dividend", HUNDRED));
	assert_false(make_to(DIGGER, "", "wages", HUNDRED));
	assert_true(make_to(DIGGER, "Asha Juma", "wages", HUNDRED));
	assert_false(decide_batch("approve", "M-0001"));
	assert_true(decide_batch("approve", "M-0002"));
	run_while("new");
	assert_int_equal(balance(ACC_WAGES, NULL, "TZS"), 0);
	assert_true(parts_send(&p));
	assert_string_equal(p.msisdn, DIGGER);
	parts_end_as(p, PAY_FAILED, REASON_NOT_REGISTERED);
	assert_int_equal(rows("failed"), 1);
	assert_int_equal(parts_held(), 0);
	assert_int_equal(balance(ACC_WAGES, NULL, "TZS"), 0);

	assert_true(make_to(DIGGER, "Asha Juma", "wages", 15 * HUNDRED)); /* in parts */
	assert_true(decide_batch("approve", "M-0002"));
	run_while("new");
	assert_int_equal(parts_pay(), 10 * HUNDRED);
	assert_int_equal(balance(ACC_WAGES, NULL, "TZS"), 10 * HUNDRED);
	parts_next_day();
	assert_int_equal(parts_pay(), 5 * HUNDRED);
	assert_int_equal(rows("paid"), 1);
	assert_int_equal(balance(ACC_WAGES, NULL, "TZS"), 15 * HUNDRED);
	assert_int_equal(bed_query(&bed, "select count(*) from messages where msisdn = "
	                                 "'" DIGGER "' and member_id is null and "
	                                 "template = 'batch.paid' and language = 'en'"),
	                 2);

	assert_true(make_to(NEEMA, "Neema", "wages", HUNDRED)); /* who is one */
	assert_true(decide_batch("approve", "M-0002"));
	run_while("new");
	assert_int_equal(parts_pay(), HUNDRED);
	assert_int_equal(balance(ACC_WAGES, NULL, "TZS"), 16 * HUNDRED);
	assert_int_equal(balance(ACC_EQUITY, NULL, "TZS"), equity);
	parts_next_day();
}

/* It is not refused for ever: a minute later it is tried under another key. */
static void
a_float_that_is_short(void **state)
{
	struct payment p;

	(void)state;
	bed_query(&bed,
	          "with x as (update wallet_limits set per_payment = 0, per_day = 0, "
	          "per_month = 0, per_year = 0, balance = 0 returning 1) "
	          "select count(*) from x");
	assert_true(make("dividend", 2 * FLOAT_OPEN));
	assert_true(decide_batch("approve", "M-0002"));
	for (int i = 0; i < 2; i++) {
		struct batches *b = batches_start(&env, 1);

		bed_query(&bed, "with x as (update batch_rows set next_try_ms = 0 "
		                "returning 1) select count(*) from x");
		for (int turn = 0;
		     turn < 2000 &&
		     bed_query(&bed, "select max(tries) from batch_rows") <= i;
		     turn++)
			loop_turn(bed.loop, 5);
		batches_stop(&b);
	}
	assert_int_equal(bed_query(&bed, "select max(tries) from batch_rows"), 2);
	assert_int_equal(rows("new"), 1);
	assert_false(parts_send(&p));
	assert_true(decide_batch("cancel", "M-0002"));
	books_balance();
}

static int
open_world(void **state)
{
	static struct settings settings = { .ussd = { .language = "en" } };

	if (parts_open(state) != 0)
		return -1;
	env.settings = &settings;
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_officers), cmocka_unit_test(stopped),
		cmocka_unit_test(in_parts),     cmocka_unit_test(what_fails),
		cmocka_unit_test(wages),        cmocka_unit_test(a_float_that_is_short),
	};

	return cmocka_run_group_tests(tests, open_world, story_close);
}
