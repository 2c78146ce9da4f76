/* Money for a loan that was given up, on real PostgreSQL: asked for before, laid on the
 * table, sent with its code; the first officer's word taken back. */
#include "payments/flow/arrive.h"
#include "payments/flow/write_off.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)
#define OWED   INT64_C(4200000)

static struct uuid loan;
static char code[16];
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
on_arrival(void *arg, const struct payments_answer *a, const struct arrival *r)
{
	(void)arg;
	(void)r;
	got.answer = *a;
	got.waiting--;
}

static void
give_up(const struct who *who, const char *pin)
{
	struct write_off_ask ask = {
		.who = *who, .loan_id = loan, .pin = pin, .key = fresh_key()
	};

	payments_write_off(&env, &ask, on_late, NULL);
	wait_all(1);
}

static void
take_back(const struct who *who, const char *pin)
{
	struct write_off_ask ask = {
		.who = *who, .loan_id = loan, .pin = pin, .key = fresh_key()
	};

	payments_write_off_back(&env, &ask, on_late, NULL);
	wait_all(1);
}

static void
look(const struct who *who)
{
	payments_late_loan(&env, who, code, on_late, NULL);
	wait_all(1);
}

static void
till(const char *whose, int64_t amount)
{
	struct till_ask ask = { .who = treasurer,
		                .member = whose,
		                .amount = amount,
		                .pin = TREASURER_PIN,
		                .key = fresh_key() };

	payments_till(&env, &ask, on_arrival, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
}

/* What she still sees of it. */
static int64_t
given_up(void)
{
	payments_home(&env, &neema, on_home, NULL);
	wait_all(1);
	return got.home.given_up;
}

static void
the_first_word_is_taken_back(void **state)
{
	(void)state;
	lend(4000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	snprintf(code, sizeof code, "%s", got.loan.code);
	pull(500000, fresh_key()); /* her wallet takes its time */
	bed.clock.skew_ms = 8 * DAY_MS;
	clock_update(&bed.clock);
	take_back(&officer, OFFICER_PIN);
	expect(OUTCOME_FAIL, "stale");
	give_up(&officer, OFFICER_PIN);
	expect(OUTCOME_PENDING, "second_needed");
	look(&officer);
	assert_true(late.mine);
	look(&treasurer);
	assert_true(late.asked);
	assert_false(late.mine);
	take_back(&treasurer, TREASURER_PIN);
	expect(OUTCOME_FAIL, "own_work");
	take_back(&neema, NEEMA_PIN);
	expect(OUTCOME_FAIL, "not_allowed");
	take_back(&officer, "0000");
	expect(OUTCOME_FAIL, "pin_wrong");
	take_back(&officer, OFFICER_PIN);
	expect(OUTCOME_OK, "");
	look(&treasurer);
	assert_false(late.asked);
	give_up(&treasurer, TREASURER_PIN); /* the first again: nothing is given up */
	expect(OUTCOME_PENDING, "second_needed");
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 4000000);
	give_up(&officer, OFFICER_PIN);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(given_up(), OWED);
	take_back(&officer, OFFICER_PIN);
	expect(OUTCOME_FAIL, "stale");
}

/* Asked for while the loan was live, paid when it is not any more. */
static void
what_was_on_its_way(void **state)
{
	(void)state;
	verdict(&loan, PAY_PAID);
	assert_int_equal(balance(ACC_RECOVERIES, NULL, "TZS"), -500000);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), 0);
	assert_int_equal(given_up(), OWED - 500000);
}

static void
cash_on_the_table(void **state)
{
	(void)state;
	till(code, 1000000);
	assert_int_equal(balance(ACC_RECOVERIES, NULL, "TZS"), -1500000);
	assert_int_equal(balance(ACC_TILL, NULL, "TZS"), 1000000);
	assert_int_equal(given_up(), OWED - 1500000);
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'loan.recovered'"),
	                 2);
	/* what names no loan is hers */
	till(NEEMA, 30000);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -30000);
	assert_int_equal(balance(ACC_RECOVERIES, NULL, "TZS"), -1500000);
}

/* More than was lost never comes back: the rest is hers. */
static void
sent_with_its_code(void **state)
{
	struct push_ask ask = { .cooperative_id = 1,
		                .provider = "mtn",
		                .provider_txn = "T-1",
		                .msisdn = NEEMA,
		                .reference = code,
		                .amount = 3000000,
		                .currency = "TZS" };

	(void)state;
	payments_push(&env, &ask, on_arrival, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_RECOVERIES, NULL, "TZS"), -OWED);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -330000);
	assert_int_equal(given_up(), 0);
	ask.provider_txn = "T-2";
	ask.amount = 1000;
	payments_push(&env, &ask, on_arrival, NULL);
	wait_all(1);
	assert_int_equal(balance(ACC_RECOVERIES, NULL, "TZS"), -OWED);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -331000);
}

/* With a live loan again, the code of the old one still is the old one's. */
static void
beside_a_live_loan(void **state)
{
	(void)state;
	assert_int_equal(bed_query(&bed, "select count(*) from loans "
	                                 "where state = 'written_off' and lost = 4200000 "
	                                 "and recovered = 4200000"),
	                 1);
	lend(1000000);
	till(code, 2000);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -333000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.owed, 1050000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_word_is_taken_back),
		cmocka_unit_test(what_was_on_its_way),
		cmocka_unit_test(cash_on_the_table),
		cmocka_unit_test(sent_with_its_code),
		cmocka_unit_test(beside_a_live_loan),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
