/* What buyers and states take of ore, the rate of the dollar it is reckoned with, and the
 * chain of decisions that holds who changed it, on a real PostgreSQL. */
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW "(extract(epoch from now()) * 1000)::bigint"

static void
ask_price(const char *mineral, int64_t local, int64_t usd_cents)
{
	struct price_ask set = { .who = treasurer,
		                 .mineral = mineral,
		                 .fine_gram = local,
		                 .usd_cents = usd_cents,
		                 .source = "central bank",
		                 .pin = TREASURER_PIN,
		                 .key = fresh_key() };

	payments_price_set(&env, &set, on_price, NULL);
	wait_all(1);
}

static void
confirm(const struct who *who, const char *pin)
{
	struct decide_ask ask = {
		.who = *who, .approve = true, .pin = pin, .key = fresh_key()
	};

	payments_price(&env, who, "", on_price, NULL);
	wait_all(1);
	ask.id = got.price.waiting_id;
	payments_price_confirm(&env, &ask, on_price, NULL);
	wait_all(1);
}

static void
weigh_tin(void)
{
	struct lot_ask ask = { .who = treasurer,
		               .seller = NEEMA,
		               .mineral = "tin",
		               .weight = "41.26 kg",
		               .fineness = 685,
		               .method = METHOD_XRF,
		               .key = fresh_key() };

	payments_lot_record(&env, &ask, on_lot, NULL);
	wait_all(1);
}

static void
fee(const char *code, const char *base, const char *amounts)
{
	char sql[300];

	snprintf(
	    sql, sizeof sql,
	    "select count(*) from trade_fee_set('MGODI', 'tin', '%s', '%s', 'Payee', "
	    "%s, " NOW ")",
	    code, base, amounts);
	bed_query(&bed, sql);
}

static void
a_rate_needs_two_officers(void **state)
{
	(void)state;
	ask_price("tin", 0, 3300000);
	expect(OUTCOME_FAIL, "no_rate"); /* a dollar price before there is a rate */
	ask_price("dollar", 265050, 0);
	expect(OUTCOME_PENDING, "second_needed");
	confirm(&treasurer, TREASURER_PIN);
	expect(OUTCOME_FAIL, "own_work");
	ask_price("tin", 0, 3300000);
	expect(OUTCOME_FAIL, "no_rate"); /* one officer's word is none */
	confirm(&officer, OFFICER_PIN);
	expect(OUTCOME_OK, "");
	ask_price("dollar", 0, 100);
	expect(OUTCOME_FAIL, "bad_input"); /* a dollar in dollars */
	ask_price("tin", 0, 3300000);
	expect(OUTCOME_PENDING, "second_needed");
	assert_int_equal(got.price.waiting_fine_gram, 8746650); /* 33 x 2,650.50 */
	confirm(&officer, OFFICER_PIN);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.price.usd_cents, 3300000);
	assert_int_equal(bed_query(&bed,
	                           "select count(*) from price_board p join price_board "
	                           "d on d.price_id = p.dollar_id "
	                           "where p.mineral = 'tin' and d.fine_gram = 265050"),
	                 1);
}

static void
no_lot_is_of_dollars(void **state)
{
	struct lot_ask ask = { .who = treasurer,
		               .seller = NEEMA,
		               .mineral = "dollar",
		               .gross_mg = 1,
		               .fineness = 1000,
		               .key = fresh_key() };

	(void)state;
	payments_lot_record(&env, &ask, on_lot, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "bad_input");
}

/* Each deduction, as the rules of the day say, on the lot and on the receipt. */
static void
tin_with_everything(void **state)
{
	const struct price_quote *q = &got.lot.quote;
	const char *text = got.receipt.text;

	(void)state;
	bed_query(&bed, "update levies set to_day = from_day - 1");
	fee("smelter", "charge", "0, 1.2, 0, 0");
	fee("swing", "discount", "0, 0.3, 0, 0");
	fee("rra", "reference", "3, 0.5, 0, 0");
	fee("rma", "weight", "0, 0.125, 0, 0");
	fee("coop", "weight", "0, 0, 40.5, 0");
	fee("coop", "weight", "0, 0, 40.5, 0"); /* again: nothing changes */
	weigh_tin();
	expect(OUTCOME_OK, "");
	assert_int_equal(q->dollar, 265050);
	assert_int_equal(q->world_value, 247207444);  /* 28.2631 kg: ...443.615 */
	assert_int_equal(q->charges_total, 15370496); /* 13123155.6, 2247340.3965 */
	assert_int_equal(q->gross_value, 219476575);  /* 95 %: ...575.4377 */
	assert_int_equal(q->levy_count, 5);
	assert_true(q->world_value >= q->gross_value && q->gross_value >= q->net);
	assert_int_equal(q->net, q->gross_value - q->levies_total);
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	books_balance();
	/* what the buyer kept was never part of the value: three levies are booked */
	assert_int_equal(bed_query(&bed, "select -sum(a.balance) from accounts a "
	                                 "join account_kinds k on k.kind = a.kind "
	                                 "where k.name = 'levy'"),
	                 q->levies_total);
	payments_receipt(&env, got.lot.receipt_code, on_receipt, NULL);
	wait_all(1);
	assert_true(got.receipt.intact);
	assert_int_equal(got.receipt.quote.charges_total, q->charges_total);
	assert_non_null(strstr(text, "\ndollar: 2650.50 TZS, central bank, "));
	assert_non_null(strstr(text, "\ncharge: smelter, 1.200000 USD a kg, "));
	assert_non_null(strstr(text, "\ndiscount: swing, 0.300000 USD a kg, "));
	assert_non_null(strstr(text, "\nlevy: rra, 300 bp of reference_value, less "
	                             "0.500000 USD a kg, "));
	assert_non_null(strstr(text, "\nlevy: coop, 40.50 a kg, 1671.03 TZS, Payee\n"));
}

/* The rate is as old as a price may be, and no quote is made with an older one. */
static void
an_old_rate_blocks(void **state)
{
	(void)state;
	bed_query(&bed,
	          "update price_board set confirmed_ms = confirmed_ms - 25 * 3600000 "
	          "where mineral = 'dollar'");
	weigh_tin();
	expect(OUTCOME_FAIL, "stale_rate");
	ask_price("tin", 0, 3300000);
	expect(OUTCOME_FAIL, "no_rate");
	ask_price("dollar", 270000, 0);
	confirm(&officer, OFFICER_PIN);
	weigh_tin();
	expect(OUTCOME_OK, "");
	assert_int_equal(got.lot.quote.dollar, 270000);
}

static void
changes_stand_in_the_chain(void **state)
{
	int64_t before = bed_query(&bed, "select count(*) from audit");

	(void)state;
	assert_int_equal(bed_query(&bed, "select count(*) from audit "
	                                 "where action = 'trade.fee'"),
	                 5);
	bed_query(&bed,
	          "select count(*) from trade_adopt('MGODI', 'fairtrade', " NOW ")");
	bed_query(&bed,
	          "select count(*) from trade_adopt('MGODI', 'fairtrade', " NOW ")");
	bed_query(&bed, "select count(*) from unit_set('MGODI', 'renge', 1.25, " NOW ")");
	bed_query(&bed,
	          "select count(*) from unit_set('MGODI', 'renge', 1.250, " NOW ")");
	bed_query(&bed,
	          "select count(*) from mineral_rule_set('MGODI', 'tin', 75, 2.5, " NOW
	          ")");
	fee("coop", "", "0, 0, 0, 0"); /* ends it */
	assert_int_equal(bed_query(&bed, "select count(*) from audit"), before + 4);
	assert_int_equal(bed_query(&bed, "select count(*) from audit_breaks"), 0);
	books_balance();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_needs_two_officers),
		cmocka_unit_test(no_lot_is_of_dollars),
		cmocka_unit_test(tin_with_everything),
		cmocka_unit_test(an_old_rate_blocks),
		cmocka_unit_test(changes_stand_in_the_chain),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
