/* What one prompt may ask for, on real PostgreSQL: who would be asked for less or more is
 * told so, and nothing is written; another provider that reaches her is taken first. */
#include "config/settings.h"
#include "payments/flow/lease.h"
#include "payments/flow/prompt_size.h"
#include "payments/flow/savings.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define PRICE   INT64_C(60000000)
#define DEPOSIT INT64_C(6000000)

static struct asset pump;
static struct settings settings = {
	.provider_count = 2,
	.providers = { { .name = "mtn",
	                 .currency = "TZS",
	                 .numbers = "255712",
	                 .scale = 2,
	                 .collection_scale = -1 },
	               { .name = "second",
	                 .currency = "TZS",
	                 .numbers = "255",
	                 .scale = 0,
	                 .collection_scale = -1 } },
};

/* By hand, and read anew; most > 0. */
static void
bounds_are(int64_t least, int64_t most)
{
	int64_t end = bed.clock.mono_ms + 10000;
	char sql[300];

	snprintf(sql, sizeof sql,
	         "insert into prompt_limits values ('mtn', 'TZS', '2020-01-01', %lld, "
	         "%lld, 'test') on conflict (provider, currency, valid_from) do update "
	         "set least = excluded.least, most = excluded.most returning 1",
	         (long long)least, (long long)most);
	bed_query(&bed, sql);
	prompt_sizes_free(env.prompt_sizes);
	env.prompt_sizes = prompt_sizes_new(&env, 3600000);
	while (prompt_sizes_find(env.prompt_sizes, "mtn", "TZS").most == 0) {
		loop_turn(bed.loop, 20);
		assert_true(bed.clock.mono_ms < end);
	}
}

static int
close_all(void **state)
{
	prompt_sizes_free(env.prompt_sizes);
	env.prompt_sizes = NULL;
	env.settings = NULL;
	return story_close(state);
}

static int64_t
pulls(void)
{
	return bed_query(&bed, "select count(*) from payments where direction = 'in'");
}

static void
expect_bound(const char *reason, int64_t bound)
{
	expect(OUTCOME_FAIL, reason);
	assert_int_equal(got.answer.bound, bound);
}

static void
on_savings(void *arg, const struct payments_answer *a, const struct savings_view *v)
{
	(void)v;
	on_plain(arg, a);
}

static void
save(int64_t amount)
{
	struct savings_ask ask = { .who = neema, .amount = amount, .key = fresh_key() };

	payments_save(&env, &ask, on_savings, NULL);
	wait_all(1);
}

/* The provider's own row stands before the one of its currency. */
static void
the_nearest_row_counts(void **state)
{
	struct bounds own, all;

	(void)state;
	bounds_are(50000, 3000000);
	own = prompt_sizes_find(env.prompt_sizes, "mtn", "TZS");
	all = prompt_sizes_find(env.prompt_sizes, "airtel", "TZS");
	assert_int_equal(own.least, 50000);
	assert_int_equal(own.most, 3000000);
	assert_int_equal(all.least, 0);
	assert_int_equal(all.most, 1000000000);
	assert_int_equal(prompt_sizes_find(env.prompt_sizes, "mtn", "USD").most, 0);
	assert_int_equal(prompt_sizes_find(NULL, "mtn", "TZS").most, 0);
}

static void
on_asset(void *arg, const struct payments_answer *a, const struct asset *s)
{
	pump = *s;
	on_plain(arg, a);
}

static void
ask_lease(void)
{
	struct loan_ask ask = { .who = neema,
		                .asset_id = pump.asset_id,
		                .terms = 6,
		                .pin = NEEMA_PIN,
		                .key = fresh_key() };

	payments_loan_request(&env, &ask, on_loan, NULL);
	wait_all(1);
}

static void
ask_deposit(void)
{
	struct lease_ask ask = { .who = neema, .key = fresh_key() };

	payments_lease_deposit(&env, &ask, on_loan, NULL);
	wait_all(1);
}

/* At each step at which her wallet would be asked for it, or she would be bound to it. */
static void
a_deposit_that_cannot_be_asked_for(void **state)
{
	struct asset_ask buy = { treasurer, "Water pump",  "SN-77",
		                 PRICE,     TREASURER_PIN, fresh_key() };
	struct lease_ask give_up = { .who = neema, .key = fresh_key() };
	struct uuid loan;

	(void)state;
	payments_asset_new(&env, &buy, on_asset, NULL);
	wait_all(1);
	bounds_are(0, DEPOSIT - 1);
	payments_lease_offer(&env, &neema, &pump.asset_id, 6, on_offer, NULL);
	wait_all(1);
	expect_bound("over_most", DEPOSIT - 1);
	ask_lease();
	expect_bound("over_most", DEPOSIT - 1);
	bounds_are(0, DEPOSIT);
	ask_lease();
	expect(OUTCOME_PENDING, "approval");
	loan = got.loan.loan_id;
	bounds_are(DEPOSIT + 1, DEPOSIT + 1);
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	expect_bound("under_least", DEPOSIT + 1);
	assert_int_equal(pulls(), 0);
	assert_int_equal(
	    bed_query(&bed, "select count(*) from loans where state = 'requested'"), 1);
	bounds_are(0, DEPOSIT);
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	expect(OUTCOME_PENDING, "deposit");
	verdict(&loan, PAY_FAILED);
	bounds_are(0, DEPOSIT - 1);
	ask_deposit();
	expect_bound("over_most", DEPOSIT - 1);
	assert_int_equal(pulls(), 1);
	payments_lease_give_up(&env, &give_up, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
}

static void
out_of_bounds_nothing_is_asked_for(void **state)
{
	struct uuid key = fresh_key();
	int64_t before = pulls();

	(void)state;
	lend(5000000);
	bounds_are(50000, 3000000);
	pull(49999, key);
	expect_bound("under_least", 50000);
	pull(49999, key); /* and the same again */
	expect_bound("under_least", 50000);
	pull(3000001, fresh_key());
	expect_bound("over_most", 3000000);
	save(49999);
	expect_bound("under_least", 50000);
	save(3000001);
	expect_bound("over_most", 3000000);
	assert_int_equal(pulls(), before);
	pull(50000, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(pulls(), before + 1);
	verdict(&got.repayment.loan.loan_id, PAY_FAILED);
}

/* The second asks in whole shillings, and for more at once than the first. */
static void
another_provider_that_reaches_her_is_taken_first(void **state)
{
	static const struct {
		int64_t amount, asked;
		const char *provider;
	} t[] = {
		{ 3000000, 3000000, "mtn" },
		{ 3000001, 3000100, "second" },
		{ 49999, 50000, "second" },
	};

	(void)state;
	env.settings = &settings;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		struct payment p;

		pull(t[i].amount, fresh_key());
		expect(OUTCOME_PENDING, "paying");
		p = fetch_payment(&got.repayment.loan.loan_id);
		assert_string_equal(p.provider, t[i].provider);
		assert_int_equal(p.amount, t[i].asked);
		verdict(&p.purpose_id, PAY_FAILED);
	}
	settings.provider_count = 1;
	pull(49999, fresh_key());
	expect_bound("under_least", 50000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_row_counts),
		cmocka_unit_test(a_deposit_that_cannot_be_asked_for),
		cmocka_unit_test(out_of_bounds_nothing_is_asked_for),
		cmocka_unit_test(another_provider_that_reaches_her_is_taken_first),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, close_all);
}
