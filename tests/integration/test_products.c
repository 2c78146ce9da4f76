/* Products by version, on a real PostgreSQL: a file imported twice changes nothing, a
 * changed product is a new version, and a live loan keeps the contract of its own. */
#include "gateway/cli/products.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct product_set *set; /* config/products.conf */
static struct product_put last; /* the latest answer */
static struct product listed[8];
static unsigned listed_count;

static int
open_with_neema(void **state)
{
	struct settings_faults faults;

	set = products_load("config/products.conf", &faults);
	if (set == NULL || story_open_with_neema(state) != 0)
		return -1;
	return 0;
}

static int
close_all(void **state)
{
	products_free(set);
	return story_close(state);
}

static void
on_put(void *arg, const struct payments_answer *a, const struct product_put *p)
{
	last = *p;
	on_plain(arg, a);
}

static void
on_products(void *arg, const struct payments_answer *a, const struct product_list *list)
{
	listed_count = list->count;
	for (unsigned i = 0; i < list->count && i < 8; i++)
		listed[i] = list->at[i];
	on_plain(arg, a);
}

static void
put(const struct product *p, bool dry_run, bool only_new)
{
	struct product_ask ask = { 1, p, dry_run, only_new };

	payments_product_put(&env, &ask, on_put, NULL);
	wait_all(1);
}

static void
expect_put(enum product_change change, uint32_t version)
{
	expect(OUTCOME_OK, "");
	assert_int_equal(last.change, change);
	assert_int_equal(last.version, version);
}

static int64_t
rows(void)
{
	return bed_query(&bed, "select count(*) from loan_products");
}

static void
the_shipped_file_is_imported(void **state)
{
	(void)state;
	assert_int_equal(set->count, 4);
	put(&set->at[0], false, false);
	expect_put(PRODUCT_SAME, 1); /* the seed's own */
	put(&set->at[2], true, false);
	expect_put(PRODUCT_NEW, 1);
	assert_int_equal(rows(), 2); /* a dry run */
	put(&set->at[1], false, true);
	expect_put(PRODUCT_CHANGED, 2); /* the seed's has one name only */
	for (unsigned i = 2; i < set->count; i++) {
		put(&set->at[i], false, false);
		expect_put(PRODUCT_NEW, 1);
	}
	for (unsigned i = 0; i < set->count; i++) {
		put(&set->at[i], false, false);
		expect_put(PRODUCT_SAME, i == 1 ? 2 : 1);
	}
	assert_int_equal(rows(), 5);
	payments_products(&env, 1, on_products, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(listed_count, 4);
	assert_string_equal(listed[1].code, "lease");
	assert_int_equal(listed[1].kind, PRODUCT_LEASE);
	assert_int_equal(listed[1].deposit_bp, 1000);
	assert_int_equal(listed[2].terms.choices, 3);
	assert_string_equal(listed[2].names[PRODUCT_FR], "Prêt de groupe");
	assert_int_equal(listed[2].group_max, 10);
	assert_int_equal(listed[2].guarantee_bp, 1000);
	assert_int_equal(listed[3].terms.limit.per_late, 500000);
}

static void
another_currency_is_refused(void **state)
{
	struct product p = set->at[3];

	(void)state;
	snprintf(p.currency, sizeof p.currency, "KES");
	put(&p, false, false);
	expect(OUTCOME_FAIL, "bad_input");
	assert_int_equal(rows(), 5);
}

/* The fee doubles, the weeks are fewer: what was lent before does not hear of it. */
static void
a_live_loan_keeps_its_contract(void **state)
{
	struct product p = set->at[0];
	struct loan_view before;

	(void)state;
	lend(5000000);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	before = got.loan;
	assert_int_equal(before.terms.fee, 250000);
	p.terms.contract.charges[0].pct = 10 * PCT_ONE;
	p.terms.terms_usual = p.terms.terms_max = 2;
	put(&p, true, false);
	expect_put(PRODUCT_CHANGED, 2);
	put(&p, false, false);
	expect_put(PRODUCT_CHANGED, 2);
	put(&p, false, false);
	expect_put(PRODUCT_SAME, 2);
	put(&set->at[0], false, true);
	expect_put(PRODUCT_SAME, 2); /* it was changed: seeding leaves it */
	assert_int_equal(bed_query(&bed, "select count(*) from loan_products "
	                                 "where code = 'working' and active"),
	                 1);

	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	assert_int_equal(got.loan.terms.fee, before.terms.fee);
	assert_int_equal(got.loan.terms.instalments, 4);
	assert_int_equal(got.loan.owed, before.owed);
	pull(before.owed, fresh_key()); /* exactly pays it back, on the old terms */
	expect(OUTCOME_PENDING, "paying");
	record_as(fetch_payment(&got.repayment.loan.loan_id), PAY_PAID);
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "no_loan");

	offer(NULL, 5000000, 0);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.offer.terms.fee, 500000); /* the new ones */
	assert_int_equal(got.offer.terms.instalments, 2);
	put(&set->at[0], false, false); /* and back again: yet another version */
	expect_put(PRODUCT_CHANGED, 3);
}

/* Moves the due days of the closed loan's rows back, so that its payment today was late
 * for them by so many days; row 4 keeps its own. */
static void
due_before(int days)
{
	char sql[300];

	snprintf(sql, sizeof sql,
	         "with u as (update loan_rows w set due_day = local_day(1, "
	         "(extract(epoch from now()) * 1000)::bigint) - %d - w.row "
	         "where w.row < 4 returning 1) select count(*) from u",
	         days);
	assert_int_equal(bed_query(&bed, sql), 3);
}

/* Of what the phone shows as "Why this limit": emergency begins with 30,000, a loan paid
 * back adds 10,000 and an instalment paid late takes 5,000. */
static void
why_this_limit(void **state)
{
	static const struct {
		int days_ago;
		uint32_t late;
	} t[] = { { -30, 0 }, { 0, 0 }, { 1, 1 }, { 10, 3 }, { 362, 3 }, { 400, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		due_before(t[i].days_ago); /* three days of grace */
		offer("emergency", 0, 0);
		expect(OUTCOME_OK, "");
		assert_int_equal(got.offer.borrower.loans_closed, 1);
		assert_int_equal(got.offer.borrower.late, t[i].late);
		assert_int_equal(got.offer.why.first, 3000000);
		assert_int_equal(got.offer.why.loans, 1000000);
		assert_int_equal(got.offer.why.late, -500000 * (int64_t)t[i].late);
		assert_int_equal(got.offer.limit, 4000000 - 500000 * (int64_t)t[i].late);
	}
	due_before(-30);
	weigh(1000, fresh_key());
	expect(OUTCOME_OK, "");
	consent(got.lot.lot_id, fresh_key());
	offer("emergency", 0, 0);
	assert_int_equal(got.offer.borrower.sales, got.lot.quote.net);
	assert_int_equal(got.offer.why.sales, got.lot.quote.net / 10);
	assert_int_equal(got.offer.limit, 5000000); /* the product's most */
	assert_int_equal(got.offer.why.cut, 1000000 - got.offer.why.sales);
}

static uint32_t
late_now(void)
{
	offer("emergency", 0, 0);
	return got.offer.borrower.late;
}

/* What was paid in time counts, unless it was taken back. */
static void
a_payment_taken_back_was_none(void **state)
{
	static const char event[] =
	    "with e as (insert into loan_events select 1, loan_id, %d, 1, '%s', '%s', 0 "
	    "from loans where state = 'closed' returning 1) select count(*) from e";
	char sql[300];

	(void)state;
	due_before(10);
	assert_int_equal(late_now(), 3);
	snprintf(sql, sizeof sql, event, 98, "repay", "{\"id\":98,\"amount\":2000000}");
	assert_int_equal(bed_query(&bed, sql), 1);
	assert_int_equal(late_now(), 2); /* enough for the first of four */
	snprintf(sql, sizeof sql, event, 99, "reverse", "{\"id\":99,\"of\":98}");
	assert_int_equal(bed_query(&bed, sql), 1);
	assert_int_equal(late_now(), 3);
	assert_int_equal(bed_query(&bed,
	                           "with e as (delete from loan_events where event > "
	                           "97 returning 1) select count(*) from e"),
	                 2);
	due_before(-30);
	assert_int_equal(late_now(), 0);
	books_balance();
}

/* One cannot ask for what is for the office only, nor for what there is not. */
static void
what_is_not_on_the_menu(void **state)
{
	(void)state;
	offer("group", 2000000, 0);
	expect(OUTCOME_FAIL, "no_product");
	offer("lease", 6000000, 0);
	expect(OUTCOME_FAIL, "no_product");
	offer("nothing", 2000000, 0);
	expect(OUTCOME_FAIL, "no_product");
	offer("emergency", 2000000, 2);
	expect(OUTCOME_FAIL, "bad_input");
}

static void
two_imports_at_once(void **state)
{
	struct product a = set->at[3], b = set->at[3];
	struct product_ask one = { 1, &a, false, false };
	struct product_ask other = { 1, &b, false, false };

	(void)state;
	a.terms.amount_max -= 100;
	b.terms.amount_max -= 200;
	payments_product_put(&env, &one, on_put, NULL);
	payments_product_put(&env, &other, on_put, NULL);
	wait_all(2);
	assert_int_equal(bed_query(&bed, "select count(*) from loan_products "
	                                 "where code = 'emergency'"),
	                 3);
	assert_int_equal(bed_query(&bed, "select max(version) from loan_products "
	                                 "where code = 'emergency' and active"),
	                 3);
}

static void
what_is_lent_no_more(void **state)
{
	struct product p = set->at[0];

	(void)state;
	p.active = false;
	put(&p, false, false);
	expect_put(PRODUCT_CHANGED, 4);
	put(&p, false, false);
	expect_put(PRODUCT_SAME, 4);
	offer(NULL, 0, 0);
	assert_string_not_equal(got.offer.product, "working");
	put(&set->at[0], false, false);
	expect_put(PRODUCT_CHANGED, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_file_is_imported),
		cmocka_unit_test(another_currency_is_refused),
		cmocka_unit_test(a_live_loan_keeps_its_contract),
		cmocka_unit_test(why_this_limit),
		cmocka_unit_test(a_payment_taken_back_was_none),
		cmocka_unit_test(what_is_not_on_the_menu),
		cmocka_unit_test(two_imports_at_once),
		cmocka_unit_test(what_is_lent_no_more),
	};

	return cmocka_run_group_tests(tests, open_with_neema, close_all);
}
