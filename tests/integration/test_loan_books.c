/* What an event of a loan means in the books, on real PostgreSQL: a loan that is given
 * up. */
#include "payments/flow/loan_money.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(given_up_after_a_week),
		cmocka_unit_test(what_comes_after),
		cmocka_unit_test(given_up_after_a_payment),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
