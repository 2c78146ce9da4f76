/* A loan she holds in cash to the last shilling, on real PostgreSQL: what taking it out
 * costs is sent on top, borne by the cooperative or by her.  The books hold throughout.
 */
#include "gateway/cli/products.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct product_set *products;

static void
on_put(void *arg, const struct payments_answer *a, const struct product_put *p)
{
	(void)p;
	on_plain(arg, a);
}

static void
lends(enum cashout who)
{
	struct product_ask ask = { .cooperative_id = 1, .product = &products->at[0] };

	products->at[0].terms.contract.cashout = who;
	payments_product_put(&env, &ask, on_put, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
}

static int64_t
sum(unsigned kind)
{
	char sql[160];

	snprintf(sql, sizeof sql,
	         "select coalesce(sum(balance), 0)::bigint from accounts where kind = %u",
	         kind);
	return bed_query(&bed, sql);
}

/* Until there is a tariff nothing is sent on top. */
static void
no_tariff(void **state)
{
	(void)state;
	lends(CASHOUT_COOPERATIVE);
	offer("working", 4000000, 4);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.offer.cashout, 0);
	/* 1 % up to 40,000 TZS, above it 1,500 TZS */
	assert_int_equal(
	    bed_query(&bed, "with b as (insert into provider_tariffs (provider, "
	                    "currency, direction, valid_from, source, set_by, set_ms, "
	                    "up_to, fixed, share_bp) select 'mtn', 'TZS', 'cashout', "
	                    "'2020-01-01', 'test', 'test', 0, v.* from (values "
	                    "(4000000, 0, 100), (0, 150000, 0)) v returning 1) "
	                    "select count(*) from b"),
	    2);
}

static void
how_much(void **state)
{
	static const struct {
		int64_t amount, cashout;
	} t[] = {
		{ 1000000, 10102 }, /* 1 % of 10,101.02 is 101.01, up */
		{ 3960000, 40000 },
		{ 3960001, 150000 }, /* 1 % on top of it would be over the band */
		{ 4000000, 150000 },
		{ 20000000, 150000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		offer("working", t[i].amount, 4);
		expect(OUTCOME_OK, "");
		assert_int_equal(got.offer.cashout, t[i].cashout);
		assert_int_equal(got.offer.terms.principal, t[i].amount);
		assert_int_equal(got.offer.terms.fee, t[i].amount / 20);
	}
}

static void
not_paid_nothing_lent(void **state)
{
	int64_t cash = sum(ACC_FLOAT);

	(void)state;
	ask_loan(&neema, 4000000, NEEMA_PIN, fresh_key());
	decide(&treasurer, TREASURER_PIN, got.loan.loan_id, true, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(bed_query(&bed, "select pending_credit from accounts where "
	                                 "kind = 0"),
	                 4150000); /* held with the rest */
	verdict(&got.loan.loan_id, PAY_FAILED);
	assert_int_equal(sum(ACC_FLOAT), cash);
	assert_int_equal(sum(ACC_CASHOUT_COST), 0);
	assert_int_equal(sum(ACC_LOAN), 0);
}

static void
the_cooperative_bears_it(void **state)
{
	int64_t cash = sum(ACC_FLOAT), owed;

	(void)state;
	lend(4000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	owed = got.loan.owed;
	assert_int_equal(owed, 4200000);
	assert_int_equal(sum(ACC_FLOAT), cash - 4150000);
	assert_int_equal(sum(ACC_LOAN), 4000000);
	assert_int_equal(sum(ACC_CASHOUT_COST), 150000);
	pull(owed, fresh_key());
	verdict(&got.repayment.loan.loan_id, PAY_PAID);
	assert_int_equal(sum(ACC_FLOAT), cash + 50000); /* 2,000 less 1,500 */
}

static void
she_bears_it(void **state)
{
	int64_t cash = sum(ACC_FLOAT), income = sum(ACC_FEE_INCOME);

	(void)state;
	lends(CASHOUT_MEMBER);
	offer("working", 4000000, 4);
	assert_int_equal(got.offer.cashout, 150000);
	assert_int_equal(got.offer.terms.fee, 350000);
	assert_int_equal(got.offer.terms.total, 4350000);
	lend(4000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.owed, 4350000);
	assert_int_equal(sum(ACC_FLOAT), cash - 4150000);
	pull(4350000, fresh_key());
	verdict(&got.repayment.loan.loan_id, PAY_PAID);
	assert_int_equal(sum(ACC_LOAN), 0);
	assert_int_equal(sum(ACC_FLOAT), cash + 200000);
	assert_int_equal(sum(ACC_FEE_INCOME), income - 350000);
	assert_int_equal(sum(ACC_CASHOUT_COST), 300000);
}

static int
begin(void **state)
{
	struct settings_faults faults;

	products = products_load("config/products.conf", &faults);
	return products == NULL ? -1 : story_open_with_neema(state);
}

static int
end(void **state)
{
	products_free(products);
	return story_close(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_tariff),
		cmocka_unit_test(how_much),
		cmocka_unit_test(not_paid_nothing_lent),
		cmocka_unit_test(the_cooperative_bears_it),
		cmocka_unit_test(she_bears_it),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
