/* Lots of other minerals, weights as they are said, and offers off the board, on a real
 * PostgreSQL. */
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct lot_ask
lot_of(const char *mineral, const char *weight)
{
	return (struct lot_ask){ .who = treasurer,
		                 .seller = NEEMA,
		                 .mineral = mineral,
		                 .weight = weight,
		                 .fineness = 900,
		                 .method = METHOD_XRF,
		                 .key = fresh_key() };
}

static void
put_on_scale(const struct lot_ask *ask)
{
	payments_lot_record(&env, ask, on_lot, NULL);
	wait_all(1);
}

static void
set_price(const char *mineral, int64_t price)
{
	struct price_ask set = { .who = treasurer,
		                 .mineral = mineral,
		                 .fine_gram = price,
		                 .source = "market",
		                 .pin = TREASURER_PIN,
		                 .key = fresh_key() };
	struct decide_ask confirm = {
		.who = officer, .approve = true, .pin = OFFICER_PIN, .key = fresh_key()
	};

	payments_price_set(&env, &set, on_price, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "second_needed");
	payments_price(&env, &officer, "", on_price, NULL); /* the one that waits */
	wait_all(1);
	assert_string_equal(got.price.mineral, mineral);
	confirm.id = got.price.waiting_id;
	payments_price_confirm(&env, &confirm, on_price, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_string_equal(got.price.mineral, mineral);
	assert_int_equal(got.price.fine_gram, price);
}

static void
second(const struct who *who, const char *pin, bool agree)
{
	struct decide_ask ask = { .who = *who,
		                  .id = got.lot.lot_id,
		                  .approve = agree,
		                  .pin = pin,
		                  .key = fresh_key() };

	payments_lot_second(&env, &ask, on_lot, NULL);
	wait_all(1);
}

/* ---- weights -------------------------------------------------------------------- */

static void
weights_as_said(void **state)
{
	static const struct {
		const char *mineral, *weight;
		int64_t mg;
		const char *amount, *unit, *reason;
	} t[] = {
		{ "gold", "2.5 tola", 29160, "2.5", "tola", "" },
		{ "gold", "12,5", 12500, "12.5", "g", "" },
		{ "gold", "1 OZ", 31103, "1", "ozt", "" },
		{ "gold", "3 renge", 3750, "3", "renge", "" }, /* the cooperative's own */
		{ "gold", "2 kopo", 0, "", "", "bad_unit" },   /* rough, not calibrated */
		{ "gold", "2 cups", 0, "", "", "bad_unit" },
		{ "gold", "two", 0, "", "", "bad_unit" },
		{ "gold", "60 kg", 0, "", "", "bad_input" },
		{ "copper", "1 kg", 0, "", "", "bad_input" },
		{ "tin", "1", 0, "", "", "no_price" },
	};

	(void)state;
	bed_query(&bed, "insert into weight_units values (1, 'renge', 1, 1300, 1, 0), "
	                "(1, 'renge', 2, 1250, 1, 0)");
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct lot_ask ask = lot_of(t[i].mineral, t[i].weight);

		put_on_scale(&ask);
		assert_string_equal(got.answer.reason, t[i].reason);
		if (t[i].mg == 0)
			continue;
		assert_int_equal(got.lot.quote.gross_mg, t[i].mg);
		assert_string_equal(got.lot.typed_amount, t[i].amount);
		assert_string_equal(got.lot.typed_unit, t[i].unit);
	}
	assert_int_equal(bed_query(&bed, "select unit_version from lots "
	                                 "where typed_unit = 'renge'"),
	                 2);
}

/* ---- tin: sold, in the ledger's own unit, on a receipt ---------------------------- */

static void
tin(void **state)
{
	struct lot_ask ask = lot_of("tin", "41.26");
	const struct price_quote *q = &got.lot.quote;

	(void)state;
	set_price("tin", 8745000); /* a kilogram */
	payments_price(&env, &neema, "gold", on_price, NULL);
	wait_all(1);
	assert_int_equal(got.price.fine_gram, 25000000); /* gold has its own */
	ask.fineness = 685;
	put_on_scale(&ask);
	expect(OUTCOME_OK, "");
	assert_string_equal(got.lot.mineral, "tin");
	assert_string_equal(got.lot.typed_unit, "kg");
	assert_int_equal(q->gross_mg, 41260000);
	assert_int_equal(q->fine_mg, 28263100);
	assert_int_equal(q->world_value, 247160810); /* 247160809.5 to the even */
	assert_int_equal(q->gross_value, 234802769); /* 234802769.025 */
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(bed_query(&bed, "select sum(balance) from accounts "
	                                 "where unit = 'mg.Sn.gross' and balance > 0"),
	                 41260000);
	assert_int_equal(bed_query(&bed, "select count(*) from accounts "
	                                 "where unit like 'mg.Au%'"),
	                 0);
	payments_receipt(&env, got.lot.receipt_code, on_receipt, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_true(got.receipt.intact);
	assert_string_equal(got.receipt.mineral, "tin");
	assert_non_null(strstr(got.receipt.text, "\nmineral: tin\n"));
	assert_non_null(strstr(got.receipt.text, "\nweighed: 41.26 kg\n"));
	assert_non_null(strstr(got.receipt.text, "\nprice: 87450.00 TZS\n"));
	assert_non_null(strstr(got.receipt.text, "\nprice_is_for_mg: 1000000\n"));
	assert_non_null(strstr(got.receipt.text, "\nnet_permille_of_world: 874\n"));
}

static void
stones(void **state)
{
	struct lot_ask ask = lot_of("stones", "1.5");
	const struct price_quote *q = &got.lot.quote;

	(void)state;
	ask.method = METHOD_VALUER;
	put_on_scale(&ask);
	expect(OUTCOME_FAIL, "bad_input"); /* nobody valued them */
	ask.key = fresh_key();
	ask.value = 30000001;
	put_on_scale(&ask);
	expect(OUTCOME_OK, "");
	assert_int_equal(q->gross_mg, 300);
	assert_int_equal(q->world_value, 30000001);
	assert_int_equal(q->gross_value, 30000001);
	assert_false(got.lot.needs_second);
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	payments_receipt(&env, got.lot.receipt_code, on_receipt, NULL);
	wait_all(1);
	assert_non_null(strstr(got.receipt.text, "\nvalued_lot: 300000.01 TZS\n"));
	assert_non_null(strstr(got.receipt.text, "\nmethod: valuer\n"));
}

/* ---- off the board ------------------------------------------------------------------
 */

static void
a_second_officer_agrees(void **state)
{
	struct lot_ask ask = lot_of("gold", "2 g");
	struct uuid key = ask.key;

	(void)state;
	bed_query(&bed, "insert into mineral_rules values (1, 'gold', 950, 20)");
	ask.offer_permille = 930; /* as far as one officer may go */
	put_on_scale(&ask);
	expect(OUTCOME_OK, "");
	assert_false(got.lot.needs_second);
	ask.key = key = fresh_key();
	ask.offer_permille = 929;
	for (int i = 0; i < 2; i++) { /* the same key: the same lot */
		put_on_scale(&ask);
		expect(OUTCOME_PENDING, "second_needed");
		assert_int_equal(got.lot.board_permille, 950);
		assert_int_equal(got.lot.quote.paid_permille, 929);
	}
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_FAIL, "stale"); /* nobody may sell it yet */
	payments_lots_second(&env, &treasurer, 0, on_lots, NULL);
	wait_all(1);
	assert_int_equal(got.lots.total, 0); /* her own work */
	payments_lots_second(&env, &neema, 0, on_lots, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "not_allowed");
	payments_lots_second(&env, &officer, 0, on_lots, NULL);
	wait_all(1);
	assert_int_equal(got.lots.total, 1);
	second(&treasurer, TREASURER_PIN, true);
	expect(OUTCOME_FAIL, "own_work");
	second(&neema, NEEMA_PIN, true);
	expect(OUTCOME_FAIL, "not_allowed");
	for (int i = 0; i < 2; i++) {
		second(&officer, OFFICER_PIN, true);
		expect(OUTCOME_OK, "");
	}
	second(&officer, OFFICER_PIN, false);
	expect(OUTCOME_FAIL, "stale");
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
}

static void
above_the_world_price(void **state)
{
	struct lot_ask ask = lot_of("gold", "1 g");

	(void)state;
	bed_query(&bed, "update mineral_rules set deviation_permille = 1000");
	ask.offer_permille = 1001; /* within the deviation, yet above the world */
	put_on_scale(&ask);
	expect(OUTCOME_PENDING, "second_needed");
	assert_true(got.lot.quote.above_world);
	second(&officer, OFFICER_PIN, false);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.lot.state, LOT_REFUSED);
	ask.key = fresh_key();
	put_on_scale(&ask);
	second(&officer, OFFICER_PIN, true);
	expect(OUTCOME_OK, "");
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	payments_receipt(&env, got.lot.receipt_code, on_receipt, NULL);
	wait_all(1);
	assert_true(got.receipt.quote.above_world);
	assert_non_null(strstr(got.receipt.text, "\nabove_world_value: yes\n"));
	ask.key = fresh_key();
	ask.offer_permille = 2001;
	put_on_scale(&ask);
	expect(OUTCOME_FAIL, "bad_input");
}

/* ---- premiums and levies as dated data ----------------------------------------------
 */

static void
a_premium_goes_to_the_fund(void **state)
{
	struct lot_ask ask = lot_of("gold", "2 g");
	const struct price_quote *q = &got.lot.quote;

	(void)state;
	bed_query(&bed, "select count(*) from trade_adopt('mgodi', 'fairtrade', "
	                "(extract(epoch from now()) * 1000)::bigint)");
	/* 2,000 USD a kilogram; the country's two levies replaced the old ones */
	assert_int_equal(
	    bed_query(&bed, "select usd_micro from levies where base = 'premium'"),
	    2000000000);
	assert_int_equal(bed_query(&bed, "select count(*) from trade_rules_of('MGODI', "
	                                 "(extract(epoch from now()) * 1000)::bigint)"),
	                 4);
	bed_query(&bed, "select count(*) from trade_adopt('MGODI', 'fairtrade', "
	                "(extract(epoch from now()) * 1000)::bigint)");
	assert_int_equal(
	    bed_query(&bed, "select count(*) from levies where base = 'premium'"),
	    1); /* again changes nothing */
	put_on_scale(&ask);
	expect(OUTCOME_FAIL, "no_rate");
	set_price("dollar", 265000);
	put_on_scale(&ask);
	expect(OUTCOME_OK, "");
	assert_int_equal(q->levy_count, 4);
	assert_int_equal(q->dollar, 265000);
	assert_int_equal(q->premiums_total, 954000); /* 1.8 g of 5,300 a gram */
	assert_int_equal(q->net, q->gross_value - q->levies_total);
	consent(got.lot.lot_id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(bed_query(&bed, "select sum(balance) from accounts a "
	                                 "join account_kinds k on k.kind = a.kind "
	                                 "where k.name = 'fund'"),
	                 -954000);
	payments_receipt(&env, got.lot.receipt_code, on_receipt, NULL);
	wait_all(1);
	assert_int_equal(got.receipt.quote.premiums_total, 954000);
	assert_non_null(strstr(got.receipt.text,
	                       "\npremium: fairtrade, 2000.000000 USD a kg, "
	                       "9540.00 TZS, Miners' premium fund\n"));
}

/* Ten of a miner's lots stand on a page; the rest come behind them. */
static void
more_lots_than_a_page(void **state)
{
	unsigned first;

	(void)state;
	for (int i = 0; i < LOTS_PAGE + 2; i++) {
		struct lot_ask ask = lot_of("gold", "1 g");

		put_on_scale(&ask);
		expect(OUTCOME_OK, "");
	}
	payments_lots(&env, &neema, 0, on_lots, NULL);
	wait_all(1);
	assert_int_equal(got.lots.count, LOTS_PAGE);
	assert_true(got.lots.total >= LOTS_PAGE + 2);
	first = got.lots.total;
	payments_lots(&env, &neema, LOTS_PAGE, on_lots, NULL);
	wait_all(1);
	assert_int_equal(got.lots.total, first);
	assert_true(got.lots.count >= 2 && got.lots.count <= LOTS_PAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_as_said),
		cmocka_unit_test(tin),
		cmocka_unit_test(stones),
		cmocka_unit_test(a_second_officer_agrees),
		cmocka_unit_test(above_the_world_price),
		cmocka_unit_test(a_premium_goes_to_the_fund),
		cmocka_unit_test(more_lots_than_a_page),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
