/* Equipment on real PostgreSQL: recorded, asked for, its deposit paid, handed over, paid
 * back and owned; given up; taken back for its value.  After every step the books hold.
 */
#include "config/settings.h"
#include "payments/flow/day_run.h"
#include "payments/flow/lease.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define PRICE     INT64_C(60000000)
#define DEPOSIT   INT64_C(6000000)
#define PRINCIPAL INT64_C(54000000)

static struct asset pump; /* the latest */
static struct asset_list assets;
static struct loan_list leases;

static void
on_asset(void *arg, const struct payments_answer *a, const struct asset *s)
{
	pump = *s;
	on_plain(arg, a);
}

static void
on_assets(void *arg, const struct payments_answer *a, const struct asset_list *l)
{
	assets = *l;
	on_plain(arg, a);
}

static void
on_leases(void *arg, const struct payments_answer *a, const struct loan_list *l)
{
	leases = *l;
	on_plain(arg, a);
}

static void
add(const struct who *who, const char *pin, int64_t cost, struct uuid key)
{
	struct asset_ask ask = { *who, "Water pump", "SN-77", cost, pin, key };

	payments_asset_new(&env, &ask, on_asset, NULL);
	wait_all(1);
}

static unsigned
free_assets(void)
{
	payments_assets(&env, &neema, true, 0, on_assets, NULL);
	wait_all(1);
	return assets.total;
}

static void
ask_lease(struct uuid key)
{
	struct loan_ask ask = { .who = neema,
		                .asset_id = pump.asset_id,
		                .terms = 6,
		                .pin = NEEMA_PIN,
		                .key = key };

	payments_loan_request(&env, &ask, on_loan, NULL);
	wait_all(1);
}

typedef struct payments_op *lease_call(struct flow_env *env, const struct lease_ask *ask,
                                       loan_cb *cb, void *arg);

static void
act(lease_call *call, const struct who *who, const char *pin, int64_t value)
{
	struct lease_ask ask = { *who, got.loan.loan_id, value, pin, fresh_key() };

	if (uuid_equal(&who->member_id, &neema.member_id))
		ask.loan_id = (struct uuid){ 0 };
	call(&env, &ask, on_loan, NULL);
	wait_all(1);
}

static unsigned
waiting(bool out)
{
	payments_leases(&env, &officer, out, 0, on_leases, NULL);
	wait_all(1);
	return leases.total;
}

static void
recorded(void **state)
{
	struct uuid key = fresh_key();

	(void)state;
	add(&neema, NEEMA_PIN, PRICE, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	add(&treasurer, TREASURER_PIN, 0, fresh_key());
	expect(OUTCOME_FAIL, "bad_input");
	add(&treasurer, TREASURER_PIN, PRICE, key);
	expect(OUTCOME_OK, "");
	add(&treasurer, TREASURER_PIN, PRICE, key); /* the same again */
	expect(OUTCOME_OK, "");
	assert_int_equal(free_assets(), 1);
	assert_int_equal(balance(ACC_EQUIPMENT, &pump.asset_id, "TZS"), PRICE);
}

static void
what_it_costs(void **state)
{
	const struct loan_offer *o = &got.offer;

	(void)state;
	payments_lease_offer(&env, &neema, &pump.asset_id, 6, on_offer, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(o->lease.deposit, DEPOSIT);
	assert_int_equal(o->lease.buyout, PRICE / 100);
	assert_int_equal(o->terms.principal, PRINCIPAL);
	/* 1.5 % a month: a month without principal, then five equal parts; at the end 1
	 * %. 810,000 of interest before, 54,000,000 x 0.015 / (1 - 1.015^-5) = 11,290,800
	 */
	assert_int_equal(o->terms.instalment, 11290800);
	assert_int_equal(o->terms.instalments, 6);
	assert_in_range(o->terms.apr_bp, 1800, 2600);
}

static void
deposit_fails_then_comes(void **state)
{
	struct uuid key = fresh_key(), loan;

	(void)state;
	ask_lease(key);
	expect(OUTCOME_PENDING, "approval");
	loan = got.loan.loan_id;
	assert_int_equal(free_assets(), 0);
	ask_lease(key);
	expect(OUTCOME_PENDING, "approval");
	ask_lease(fresh_key());
	expect(OUTCOME_FAIL, "gone");
	got.loan.loan_id = loan;
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	expect(OUTCOME_PENDING, "deposit");
	act(payments_lease_deposit, &neema, NULL, 0); /* one is on its way */
	expect(OUTCOME_FAIL, "busy");
	act(payments_lease_give_up, &neema, NULL, 0);
	expect(OUTCOME_FAIL, "busy");
	verdict(&loan, PAY_FAILED);
	assert_int_equal(waiting(false), 0);
	act(payments_lease_deposit, &neema, NULL, 0);
	expect(OUTCOME_PENDING, "paying");
	verdict(&loan, PAY_PAID);
	assert_int_equal(balance(ACC_DEPOSIT, &neema.member_id, "TZS"), -DEPOSIT);
	assert_int_equal(waiting(false), 1);
}

static void
handed_over(void **state)
{
	(void)state;
	got.loan = leases.at[0];
	act(payments_lease_hand_over, &officer, "0000", 0);
	expect(OUTCOME_FAIL, "pin_wrong");
	got.loan = leases.at[0];
	act(payments_lease_hand_over, &officer, OFFICER_PIN, 0);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_DEPOSIT, &neema.member_id, "TZS"), 0);
	assert_int_equal(balance(ACC_EQUIPMENT, &pump.asset_id, "TZS"), 0);
	assert_int_equal(balance(ACC_LOAN, &leases.at[0].loan_id, "TZS"), PRINCIPAL);
	got.loan = leases.at[0];
	act(payments_lease_hand_over, &officer, OFFICER_PIN, 0);
	expect(OUTCOME_FAIL, "stale");
	assert_int_equal(waiting(true), 1);
	act(payments_lease_give_up, &neema, NULL, 0); /* too late */
	expect(OUTCOME_FAIL, "no_loan");
}

static void
on_day(void *arg, const struct err *err, const struct day_counts *counts)
{
	(void)arg;
	assert_int_equal(err->code, ERR_NONE);
	assert_int_equal(counts->failed, 0);
	assert_int_equal(counts->penalties, 1);
	got.waiting--;
}

/* The first month has no principal: the penalty is of the interest that is late. */
static void
late_in_the_first_month(void **state)
{
	(void)state;
	got.waiting = 1;
	day_run_start(&env, 0, loop_clock(env.loop)->wall_ms + 45 * INT64_C(86400000),
	              on_day, NULL);
	while (got.waiting > 0)
		loop_turn(env.loop, 10);
	assert_int_equal(bed_query(&bed,
	                           "select (body->>'amount')::bigint from loan_events "
	                           "where kind = 'charge'"),
	                 16200); /* 2 % of 810,000 */
}

static void
paid_back_it_is_hers(void **state)
{
	struct uuid loan = leases.at[0].loan_id;

	(void)state;
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_string_equal(got.loan.asset.name, "Water pump");
	pull(got.loan.owed, fresh_key());
	verdict(&loan, PAY_PAID);
	payments_assets(&env, &treasurer, false, 0, on_assets, NULL);
	wait_all(1);
	assert_int_equal(assets.at[0].state, ASSET_OWNED);
	assert_string_equal(assets.at[0].lessee, "Neema");
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'lease.owned'"),
	                 1);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
}

static void
given_up_with_the_deposit(void **state)
{
	struct uuid loan;

	(void)state;
	add(&treasurer, TREASURER_PIN, PRICE, fresh_key());
	ask_lease(fresh_key());
	expect(OUTCOME_PENDING, "approval");
	loan = got.loan.loan_id;
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	verdict(&loan, PAY_PAID);
	act(payments_lease_give_up, &neema, NULL, 0);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -DEPOSIT);
	assert_int_equal(free_assets(), 1);
}

static void
refused_it_is_free(void **state)
{
	(void)state;
	ask_lease(fresh_key());
	expect(OUTCOME_PENDING, "approval");
	decide(&treasurer, TREASURER_PIN, got.loan.loan_id, false, fresh_key());
	expect(OUTCOME_OK, "");
	assert_int_equal(free_assets(), 1);
}

static void
taken_back(void **state)
{
	struct uuid loan;

	(void)state;
	ask_lease(fresh_key());
	loan = got.loan.loan_id;
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	verdict(&loan, PAY_PAID);
	act(payments_lease_hand_over, &treasurer, TREASURER_PIN, 0);
	expect(OUTCOME_OK, "");
	act(payments_lease_return, &treasurer, TREASURER_PIN, PRICE + 1);
	expect(OUTCOME_FAIL, "bad_input");
	act(payments_lease_return, &treasurer, TREASURER_PIN, 40000000);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_EQUIPMENT, &pump.asset_id, "TZS"), 40000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_true(got.loan.owed > 14000000);
	assert_int_equal(free_assets(), 1);
	assert_int_equal(assets.at[0].cost, 40000000); /* leased again at its worth */
	pull(got.loan.owed, fresh_key()); /* the rest: the pump stays where it is */
	verdict(&loan, PAY_PAID);
	assert_int_equal(free_assets(), 1);
}

/* The prompt asks for whole shillings: what is over the deposit is hers at once, and all
 * of the deposit comes back. */
static void
a_deposit_with_cents(void **state)
{
	static const struct settings whole = {
		.provider_count = 1,
		.providers = { { .name = "mtn", .currency = "TZS", .scale = 2 } },
	};
	int64_t before = balance(ACC_MEMBER, &neema.member_id, "TZS"), deposit;
	struct uuid loan;

	(void)state;
	env.settings = &whole;
	add(&treasurer, TREASURER_PIN, PRICE + 7, fresh_key());
	ask_lease(fresh_key());
	expect(OUTCOME_PENDING, "approval");
	loan = got.loan.loan_id;
	deposit = got.loan.deposit;
	assert_int_not_equal(deposit % 100, 0); /* else it shows nothing */
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	verdict(&loan, PAY_PAID);
	assert_int_equal(balance(ACC_DEPOSIT, &neema.member_id, "TZS"), -deposit);
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"),
	                 before - (100 - deposit % 100));
	act(payments_lease_give_up, &neema, NULL, 0);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_DEPOSIT, &neema.member_id, "TZS"), 0);
	env.settings = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded),
		cmocka_unit_test(what_it_costs),
		cmocka_unit_test(deposit_fails_then_comes),
		cmocka_unit_test(handed_over),
		cmocka_unit_test(late_in_the_first_month),
		cmocka_unit_test(paid_back_it_is_hers),
		cmocka_unit_test(given_up_with_the_deposit),
		cmocka_unit_test(refused_it_is_free),
		cmocka_unit_test(taken_back),
		cmocka_unit_test(a_deposit_with_cents),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
