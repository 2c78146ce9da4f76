/* A caller that leaves at each turn of a flow that moves money, on real PostgreSQL: what
 * was begun happens once or not at all, and the same order under the same key ends it.
 * Then the books hold and there is one payment. */
#include "config/settings.h"
#include "payments/flow/batches.h"
#include "payments/flow/pay_owed.h"
#include "payments/flow/refund.h"
#include "payments/flow/send_back.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CUTS_MAX 60 /* turns; a flow is over long before */

static struct arrival arrival;   /* the latest */
static struct uuid key, subject; /* of the order under way, and what it is about */
static unsigned cut;             /* turns until its caller leaves */

static void
on_arrival(void *arg, const struct payments_answer *a, const struct arrival *r)
{
	arrival = *r;
	on_plain(arg, a);
}

static void
on_owed(void *arg, const struct payments_answer *a, const struct owed_payout *p)
{
	(void)p;
	on_plain(arg, a);
}

static void
on_refund(void *arg, const struct payments_answer *a, const struct refund_view *v)
{
	subject = v->refund_id;
	on_plain(arg, a);
}

static void
push(const char *what, const char *msisdn)
{
	char txn[24];
	struct push_ask ask = { 1, "mtn", txn, msisdn, "", 30000, "TZS" };

	snprintf(txn, sizeof txn, "%s-%u", what, cut);
	payments_push(&env, &ask, on_arrival, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
}

/* ---- the orders ---- */

struct order {
	void (*prepare)(void);
	struct payments_op *(*begin)(void);
	const char *purpose;
};

static void
prepare_back(void)
{
	push("B", "255799000999");
	subject = arrival.arrival_id;
}

static struct payments_op *
begin_back(void)
{
	struct back_ask ask = { treasurer, subject, TREASURER_PIN, key };

	return payments_send_back(&env, &ask, on_arrival, NULL);
}

static void
prepare_owed(void)
{
	push("O", NEEMA);
	subject = neema.member_id;
}

static struct payments_op *
begin_owed(void)
{
	struct pay_owed_ask ask = { treasurer, neema.member_id, TREASURER_PIN, key };

	return payments_pay_owed(&env, &ask, on_owed, NULL);
}

/* Two officers have agreed: the books have not heard of it yet. */
static void
prepare_refund(void)
{
	struct refund_say say = { officer, NULL, "paid twice", OFFICER_PIN };

	push("R", "255799000888");
	say.code = arrival.code;
	payments_refund_ask(&env, &say, on_refund, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "second_needed");
	say.who = treasurer;
	say.pin = TREASURER_PIN;
	payments_refund_answer(&env, &say, true, on_refund, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	assert_false(uuid_is_nil(&subject));
}

static struct payments_op *
begin_refund(void)
{
	return payments_refund_pay(&env, 1, &subject, on_plain, NULL);
}

/* ---- cut short ---- */

static int64_t
open_payments(const char *purpose)
{
	char sql[200];

	snprintf(sql, sizeof sql,
	         "select count(*) from payments where purpose = '%s' and state = "
	         "'created'",
	         purpose);
	return bed_query(&bed, sql);
}

/* True if it was over before its caller left. */
static bool
leave_after(struct payments_op *op, unsigned turns)
{
	got.waiting = 1;
	for (unsigned t = 0; t < turns && got.waiting > 0; t++)
		loop_turn(bed.loop, 5);
	if (got.waiting == 0)
		return true;
	payments_cancel(&op);
	assert_null(op);
	for (int t = 0; t < 4; t++)
		loop_turn(bed.loop, 2);
	assert_int_equal(got.waiting, 1); /* nobody is told any more */
	got.waiting = 0;
	return false;
}

/* What another caller under this key is told: it is on its way. */
static void
say_it_again(const struct order *o)
{
	o->begin();
	wait_all(1);
	if (strcmp(got.answer.reason, "nothing_owed") != 0 && /* it is held already */
	    strcmp(got.answer.reason, "stale") != 0)
		expect(OUTCOME_PENDING, "paying");
}

static struct uuid
newest(const char *purpose)
{
	static struct uuid id;
	char sql[300];

	for (int i = 0; i < 2; i++) {
		int64_t half;

		snprintf(sql, sizeof sql,
		         "select ('x' || substr(replace(purpose_id::text, '-', ''), %d, "
		         "16))::bit(64)::bigint from payments where purpose = '%s' and "
		         "state = 'created'",
		         1 + 16 * i, purpose);
		half = bed_query(&bed, sql);
		for (int k = 0; k < 8; k++)
			id.b[8 * i + k] = (uint8_t)((uint64_t)half >> (56 - 8 * k));
	}
	return id;
}

static void
cut_at_each_turn(const struct order *o)
{
	bool over = false;

	for (cut = 0; cut < CUTS_MAX && !over; cut++) {
		struct uuid about;

		key = fresh_key();
		o->prepare();
		over = leave_after(o->begin(), cut);
		say_it_again(o);
		assert_int_equal(open_payments(o->purpose), 1);
		about = newest(o->purpose);
		verdict(&about, cut % 2 == 0 ? PAY_PAID : PAY_FAILED);
		assert_int_equal(open_payments(o->purpose), 0);
	}
	assert_true(over);
}

static void
money_of_nobody_that_goes_back(void **state)
{
	(void)state;
	cut_at_each_turn(&(struct order){ prepare_back, begin_back, "back_out" });
}

static void
what_is_owed(void **state)
{
	(void)state;
	cut_at_each_turn(&(struct order){ prepare_owed, begin_owed, "owed_out" });
}

static void
what_is_given_back(void **state)
{
	(void)state;
	cut_at_each_turn(&(struct order){ prepare_refund, begin_refund, "back_out" });
}

/* The gateway ends at each turn between taking rows up and their commits. */
static void
a_batch(void **state)
{
	static struct settings settings;
	int64_t total = 0;

	(void)state;
	settings_defaults(&settings);
	env.settings = &settings;
	for (cut = 0; cut < 8; cut++) {
		struct batches *b;
		char sql[900];
		long long now = loop_clock(bed.loop)->wall_ms;

		snprintf(sql, sizeof sql,
		         "select count(*) from batch_make('MGODI', gen_random_uuid(), "
		         "'C%u', 'test', 'dividend', gen_random_uuid(), 'M-0001', "
		         "(select jsonb_agg(jsonb_build_object('line', x.line, 'msisdn', "
		         "x.msisdn, 'amount', 100000, 'note', '', 'member', '', "
		         "'provider', '')) from (values (2, '" NEEMA "'), (3, '" TREASURER
		         "'), (4, '" OFFICER "')) x(line, msisdn)), %lld) where why = "
		         "'made'",
		         cut, now);
		assert_int_equal(bed_query(&bed, sql), 1);
		snprintf(sql, sizeof sql,
		         "select (batch_decide('C%u', 'approve', 'M-0002', %lld) = "
		         "'')::integer",
		         cut, now);
		assert_int_equal(bed_query(&bed, sql), 1);
		total += 3;
		for (int times = 0; times < 2; times++) {
			b = batches_start(&env, 1);
			for (unsigned t = 0;
			     t < (times == 0 ? cut * 2 : 2000) &&
			     bed_query(&bed, "select count(*) from batch_rows "
			                     "where state = 'new'") > 0;
			     t++)
				loop_turn(bed.loop, 5);
			batches_stop(&b);
		}
		assert_int_equal(open_payments("batch_div"), total);
		assert_int_equal(bed_query(&bed, "select count(distinct purpose_id) from "
		                                 "payments where purpose = 'batch_div'"),
		                 total);
		books_balance();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_of_nobody_that_goes_back),
		cmocka_unit_test(what_is_owed),
		cmocka_unit_test(what_is_given_back),
		cmocka_unit_test(a_batch),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
