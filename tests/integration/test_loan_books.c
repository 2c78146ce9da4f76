/* What an event of a loan means in the books, on real PostgreSQL: a loan that is given
 * up. */
#include "payments/flow/arrive.h"
#include "payments/flow/loan_money.h"
#include "payments/flow/write_off.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

struct telling {
	struct uuid loan_id;
	struct loan_event event;
	struct arena *arena;
	struct books books;
	struct loan_record loan;
	struct loan_money money;
};

static void
on_told(void *arg, const struct settle_answer *a)
{
	(void)arg;
	assert_int_equal(a->err.code, ERR_NONE);
	assert_int_equal(a->result, OP_DONE);
	got.waiting--;
}

static void
on_loan_read(void *arg, const struct pg_reply *r)
{
	struct telling *t = arg;
	struct account_ref cash = account_float("mtn", "TZS");
	struct err err = err_none();

	assert_int_equal(r->err.code, ERR_NONE);
	assert_true(loan_read(r, t->arena, &t->loan));
	assert_int_equal(loan_money_open(&t->money, t->arena, &t->loan, &err), 0);
	assert_int_equal(loan_money_tell(&t->money, t->event, &err), 0);
	books_begin(&t->books, &env, t->arena, 1, "loan.event", NULL);
	books_key(&t->books, "loan.event/%d/%d", (int)t->event.kind, (int)t->loan.today);
	loan_money_put(&t->money, &t->books, &cash);
	settle_submit(env.settle, &t->books.op, 5000, on_told, NULL);
}

/* An event of the loan, so many days from now. */
static void
tell_after(int days, const struct uuid *loan, struct loan_event event)
{
	struct telling t = { .loan_id = *loan,
		             .event = event,
		             .arena = arena_new(1 << 22) };
	struct pg_args *a = pg_args_new();

	pg_i32(a, 1);
	pg_uuid(a, loan);
	pg_null(a);
	pg_i64(a, loop_clock(env.loop)->wall_ms + days * DAY_MS);
	pg_call(env.pg, &loan_by_id, a, 5000, on_loan_read, &t);
	wait_all(1);
	arena_free(t.arena);
	books_balance();
}

static struct uuid
lent(int64_t amount)
{
	lend(amount);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	return got.loan.loan_id;
}

/* Four weeks at 50,000 each are agreed, one of them has passed: only that was income, and
 * only that is lost with the principal. */
static void
given_up_after_a_week(void **state)
{
	struct uuid loan = lent(4000000);

	(void)state;
	tell_after(7, &loan, (struct loan_event){ .kind = EVENT_WRITE_OFF });
	assert_int_equal(balance(ACC_FEE_INCOME, NULL, "TZS"), -50000);
	assert_int_equal(balance(ACC_BAD_DEBT, NULL, "TZS"), 4050000);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 0);
	assert_int_equal(bed_query(&bed, "select count(*) from loans "
	                                 "where state = 'written_off'"),
	                 1);
}

/* What she brings later is no repayment: no income of weeks that never were. */
static void
what_comes_after(void **state)
{
	struct uuid loan = got.loan.loan_id;

	(void)state;
	tell_after(40, &loan,
	           (struct loan_event){ .kind = EVENT_RECOVER, .amount = 300000 });
	assert_int_equal(balance(ACC_RECOVERIES, NULL, "TZS"), -300000);
	assert_int_equal(balance(ACC_FEE_INCOME, NULL, "TZS"), -50000);
	assert_int_equal(balance(ACC_BAD_DEBT, NULL, "TZS"), 4050000);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 0);
}

/* Paid ahead of time, charges are income by the payment: the loss is what is left. */
static void
given_up_after_a_payment(void **state)
{
	struct uuid loan = lent(4000000);

	(void)state;
	tell_after(7, &loan,
	           (struct loan_event){ .kind = EVENT_REPAY, .amount = 1050000 });
	assert_int_equal(balance(ACC_FEE_INCOME, NULL, "TZS"), -100000);
	tell_after(9, &loan, (struct loan_event){ .kind = EVENT_WRITE_OFF });
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(balance(ACC_LOAN_FEE, &loan, "TZS"), 0);
	assert_int_equal(balance(ACC_FEE_INCOME, NULL, "TZS") +
	                     balance(ACC_BAD_DEBT, NULL, "TZS"),
	                 4050000 + 3000000 - 100000);
}

/* ---- two officers give a loan up ---- */

static struct late_loan late;

static void
on_late(void *arg, const struct payments_answer *a, const struct late_loan *l)
{
	(void)arg;
	late = *l;
	got.answer = *a;
	got.waiting--;
}

static void
look(const struct who *who, const char *code)
{
	payments_late_loan(&env, who, code, on_late, NULL);
	wait_all(1);
}

static void
write_off(const struct who *who, const char *pin, struct uuid loan, struct uuid key)
{
	struct write_off_ask ask = {
		.who = *who, .loan_id = loan, .pin = pin, .key = key
	};

	payments_write_off(&env, &ask, on_late, NULL);
	wait_all(1);
}

static void
two_officers(void **state)
{
	struct uuid loan = lent(4000000), first = fresh_key(), second = fresh_key();
	int64_t lost = balance(ACC_BAD_DEBT, NULL, "TZS");
	char code[16];

	(void)state;
	snprintf(code, sizeof code, "%s", got.loan.code);
	look(&officer, code);
	expect(OUTCOME_FAIL, "not_late");
	write_off(&officer, OFFICER_PIN, loan, first);
	expect(OUTCOME_FAIL, "stale");
	bed.clock.skew_ms = 8 * DAY_MS; /* the first week was not paid */
	clock_update(&bed.clock);
	look(&neema, code);
	expect(OUTCOME_FAIL, "not_allowed");
	look(&officer, "AAAAAAAA");
	expect(OUTCOME_FAIL, "not_found");
	look(&officer, code);
	expect(OUTCOME_OK, "");
	assert_int_equal(late.late_days, 1);
	assert_int_equal(late.past_due, 1050000);
	assert_int_equal(late.loan.owed, 4200000);
	assert_false(late.asked);
	write_off(&neema, NEEMA_PIN, loan, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	write_off(&officer, "0000", loan, fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");
	write_off(&officer, OFFICER_PIN, loan, first);
	expect(OUTCOME_PENDING, "second_needed");
	write_off(&officer, OFFICER_PIN, loan, first); /* told twice */
	expect(OUTCOME_PENDING, "second_needed");
	write_off(&officer, OFFICER_PIN, loan, fresh_key()); /* never alone */
	expect(OUTCOME_PENDING, "second_needed");
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 4000000);
	look(&treasurer, code);
	assert_true(late.asked);
	write_off(&treasurer, TREASURER_PIN, loan, second);
	expect(OUTCOME_OK, "");
	write_off(&treasurer, TREASURER_PIN, loan, second);
	expect(OUTCOME_FAIL, "stale");
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_true(balance(ACC_BAD_DEBT, NULL, "TZS") - lost >= 4050000);
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'loan.written_off'"),
	                 1);
	assert_int_equal(bed_query(&bed, "select count(*) from audit "
	                                 "where action like 'loan.write_off%'"),
	                 2);
}

static void
on_arrival(void *arg, const struct payments_answer *a, const struct arrival *v)
{
	(void)v;
	on_plain(arg, a);
}

/* By the loan's code: what was lost comes back, and not more than that. */
static void
money_for_a_loss(void **state)
{
	int64_t back = balance(ACC_RECOVERIES, NULL, "TZS");
	int64_t hers = balance(ACC_MEMBER, &neema.member_id, "TZS");
	struct till_ask ask = { .who = treasurer,
		                .member = late.loan.code,
		                .amount = 1000000,
		                .pin = TREASURER_PIN,
		                .key = fresh_key() };

	(void)state;
	payments_till(&env, &ask, on_arrival, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_RECOVERIES, NULL, "TZS") - back, -1000000);
	ask.amount = 4000000; /* 4,200,000 were owed */
	ask.key = fresh_key();
	payments_till(&env, &ask, on_arrival, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_RECOVERIES, NULL, "TZS") - back, -4200000);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS") - hers, -800000);
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'loan.recovered'"),
	                 2);
	ask.amount = 500; /* nothing is lost any more */
	ask.key = fresh_key();
	payments_till(&env, &ask, on_arrival, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS") - hers, -800500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(given_up_after_a_week),
		cmocka_unit_test(what_comes_after),
		cmocka_unit_test(given_up_after_a_payment),
		cmocka_unit_test(two_officers),
		cmocka_unit_test(money_for_a_loss),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
