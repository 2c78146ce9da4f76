/* What a lot is worth, and the receipt that says so. */
#include "payments/core/mineral.h"
#include "payments/core/price.h"
#include "payments/core/receipt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct price_terms
terms(int64_t mg, int32_t fineness)
{
	return (struct price_terms){
		.gross_mg = mg,
		.fineness = fineness,
		.fine_gram = 25000000,
		.paid_permille = 950,
		.levy_count = 2,
		.levies = { { .code = "royalty",
		              .payee = "State",
		              .base = LEVY_OF_GROSS,
		              .rate_bp = 600 },
		            { .code = "fund",
		              .payee = "Fund",
		              .base = LEVY_OF_WORLD,
		              .rate_bp = 100 } },
		.loan_share_permille = 300,
		.floor_permille = 500,
	};
}

static void
a_quote_by_hand(void **state)
{
	struct price_terms t = terms(12500, 915);
	struct price_quote q;

	(void)state;
	t.owed = 1000000000;
	assert_int_equal(price_quote(&t, &q, NULL), 0);
	assert_int_equal(q.fine_mg, 11438);         /* 11437.5: half to even */
	assert_int_equal(q.world_value, 285937500); /* 11.4375 g: not from 11438 */
	assert_int_equal(q.gross_value, 271640625);
	assert_int_equal(q.levies[0].amount,
	                 16298438); /* 16298437.5 to the even ...438 */
	assert_int_equal(q.levies[1].amount, 2859375);
	assert_int_equal(q.net, 271640625 - 16298438 - 2859375);
	assert_int_equal(q.loan_share, 75744844); /* 252482812 x 0.3 = 75744843.6 */
	assert_int_equal(q.payout, q.net - q.loan_share);
}

/* On top of the price, for the fund: what she gets does not change. */
static void
premiums(void **state)
{
	struct price_terms t = terms(12500, 915);
	struct price_quote q, plain;

	(void)state;
	assert_int_equal(price_quote(&t, &plain, NULL), 0);
	t.levies[t.levy_count++] = (struct levy){ .code = "fairtrade",
		                                  .payee = "Fund",
		                                  .base = LEVY_PREMIUM,
		                                  .per_kg = 530000001 };
	assert_int_equal(price_quote(&t, &q, NULL), 0);
	assert_int_equal(q.levies[2].amount, 6061875); /* 11.4375 g: 6061875.011 */
	assert_int_equal(q.premiums_total, 6061875);
	assert_int_equal(q.levies_total, plain.levies_total);
	assert_int_equal(q.net, plain.net);
	assert_int_equal(price_world_share(&q), 883);
}

/* A kilogram of tin, and a lot of stones valued whole. */
static void
other_minerals(void **state)
{
	struct price_terms t = terms(41260000, 685);
	struct price_quote q;

	(void)state;
	t.levy_count = 0;
	t.fine_gram = 8745000;
	t.price_mg = 1000000;
	assert_int_equal(price_quote(&t, &q, NULL), 0);
	assert_int_equal(q.world_value, 247160810); /* 247160809.5 to the even */
	t.gross_mg = t.price_mg = 300;
	t.fineness = 1000;
	t.paid_permille = 1001;
	assert_int_equal(price_quote(&t, &q, NULL), -1);
	t.over_world = true;
	assert_int_equal(price_quote(&t, &q, NULL), 0);
	assert_int_equal(q.world_value, 8745000);
	assert_true(q.above_world);
	t.paid_permille = PRICE_OFFER_MAX + 1;
	assert_int_equal(price_quote(&t, &q, NULL), -1);
}

static int64_t
minor(struct exact usd, int64_t dollar)
{
	int64_t out = 0;

	assert_int_equal(exact_round(exact_times(usd, exact_of(dollar, 1)), &out, NULL),
	                 0);
	return out;
}

static struct exact
dec(const char *text)
{
	struct exact e;

	assert_true(exact_parse(text, &e));
	return e;
}

/* A lot of tin as a trader in Rwanda reckons: the same as the formulas of mineral.h,
 * which the published case pins, in local money and rounded once. */
static void
tin_with_charges(void **state)
{
	static const struct {
		int64_t mg, dollar, rma, coop, advance;
		int32_t grade;
		const char *kg, *pct, *fx;
	} t[] = {
		{ 412600000, 1440, 50, 40, 2000, 685, "412.6", "68.5", "1440" },
		{ 41263000, 1437, 50, 40, 0, 601, "41.263", "60.1", "1437" },
		{ 1000, 1440, 50, 40, 2000, 715, "0.001", "71.5", "1440" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		const struct tin_terms terms_usd = { .lme_usd_t = dec("33000"),
			                             .sn_pct = dec(t[i].pct),
			                             .net_kg = dec(t[i].kg),
			                             .gov_tc = dec("500"),
			                             .buyer_tc = dec("1200"),
			                             .fluctuation = dec("300"),
			                             .rra_pct = dec("3"),
			                             .rma_rwf_kg = exact_of(t[i].rma, 1),
			                             .coop_rwf_kg =
			                                 exact_of(t[i].coop, 1),
			                             .advance_rwf_kg =
			                                 exact_of(t[i].advance, 1),
			                             .fx_rwf_usd = dec(t[i].fx) };
		const struct ore_sale want = tin_sale(&terms_usd);
		struct price_terms lot = {
			.gross_mg = t[i].mg,
			.fineness = t[i].grade,
			.fine_gram = 33 * t[i].dollar,
			.price_mg = 1000000,
			.paid_permille = 1000,
			.dollar = t[i].dollar,
			.levy_count = 6,
			.levies = { { .base = LEVY_CHARGE, .usd_micro = 1200000 },
			            { .base = LEVY_DISCOUNT, .usd_micro = 300000 },
			            { .base = LEVY_REFERENCE,
			              .rate_bp = 300,
			              .usd_micro = 500000 },
			            { .base = LEVY_WEIGHT, .per_kg = t[i].rma },
			            { .base = LEVY_WEIGHT, .per_kg = t[i].coop },
			            { .base = LEVY_WEIGHT, .per_kg = t[i].advance } },
		};
		struct price_quote q;

		assert_int_equal(price_quote(&lot, &q, NULL), 0);
		assert_int_equal(q.dollar, t[i].dollar);
		assert_int_equal(q.world_value, minor(want.value.world, t[i].dollar));
		assert_int_equal(q.gross_value, minor(want.value.gross, t[i].dollar));
		assert_int_equal(q.levies[2].amount, minor(want.tax, t[i].dollar));
		assert_int_equal(q.levies[3].amount, minor(want.rma, t[i].dollar));
		assert_int_equal(q.levies[4].amount, minor(want.coop, t[i].dollar));
		assert_int_equal(q.levies[5].amount, minor(want.advance, t[i].dollar));
		assert_true(q.world_value >= q.gross_value && q.gross_value >= q.net);
		assert_int_equal(q.net, q.gross_value - q.levies_total);
	}
}

static void
tantalum_with_a_tax_on_another_price(void **state)
{
	const struct tantalum_terms usd = { .usd_per_pct_kg = dec("1.62"),
		                            .world_usd_per_pct_kg = dec("1.8"),
		                            .ta_pct = dec("28.4"),
		                            .net_kg = dec("53.7"),
		                            .tax_usd_per_pct_kg = dec("1.50"),
		                            .rra_pct = dec("3"),
		                            .rma_usd_t = dec("125"),
		                            .coop_rwf_kg = dec("40"),
		                            .advance_rwf_kg = dec("0"),
		                            .fx_rwf_usd = dec("1440") };
	const struct ore_sale want = tantalum_sale(&usd);
	const struct price_terms lot = {
		.gross_mg = 53700000,
		.fineness = 284,
		.fine_gram = 180 * 1440,
		.price_mg = 1000000,
		.paid_permille = 900,
		.dollar = 1440,
		.levy_count = 3,
		.levies = { { .base = LEVY_REFERENCE,
		              .rate_bp = 300,
		              .ref_micro = 150000000 },
		            { .base = LEVY_WEIGHT, .usd_micro = 125000 },
		            { .base = LEVY_WEIGHT, .per_kg = 40 } },
	};
	struct price_quote q;

	(void)state;
	assert_int_equal(price_quote(&lot, &q, NULL), 0);
	assert_int_equal(q.world_value, minor(want.value.world, 1440));
	assert_int_equal(q.gross_value, minor(want.value.gross, 1440));
	assert_int_equal(q.levies[0].amount, minor(want.tax, 1440));
	assert_int_equal(q.levies[1].amount, minor(want.rma, 1440));
	assert_int_equal(q.levies[2].amount, minor(want.coop, 1440));
}

static void
charges_that_cannot_be(void **state)
{
	static const struct {
		struct levy levy;
		int64_t dollar;
		int want;
	} t[] = {
		{ { .base = LEVY_CHARGE, .usd_micro = 1000000 }, 0, -1 }, /* no rate */
		{ { .base = LEVY_CHARGE, .usd_micro = 1000000 }, 1440, 0 },
		{ { .base = LEVY_CHARGE, .usd_micro = 40000000 },
		  1440,
		  -1 }, /* over all */
		{ { .base = LEVY_WEIGHT, .usd_micro = 40000000 }, 1440, -1 },
		{ { .base = LEVY_DISCOUNT, .per_kg = -1 }, 1440, -1 },
		{ { .base = LEVY_BASES, .per_kg = 1 }, 1440, -1 },
		/* the state's charge is over the metal: it taxes nothing */
		{ { .base = LEVY_REFERENCE, .rate_bp = 300, .usd_micro = 99000000 },
		  1440,
		  0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct price_terms lot = { .gross_mg = 1000000,
			                   .fineness = 600,
			                   .fine_gram = 33 * 1440,
			                   .price_mg = 1000000,
			                   .paid_permille = 1000,
			                   .dollar = t[i].dollar,
			                   .levy_count = 1,
			                   .levies = { t[i].levy } };
		struct price_quote q;
		struct err err = err_none();

		assert_int_equal(price_quote(&lot, &q, &err), t[i].want);
		if (t[i].want < 0)
			assert_int_equal(err.code, ERR_RANGE);
		else if (t[i].levy.base == LEVY_REFERENCE)
			assert_int_equal(q.levies[0].amount, 0);
	}
}

static void
shares(void **state)
{
	static const struct {
		int64_t owed;
		uint32_t share, floor;
		int64_t want; /* of a net of 1000 */
	} t[] = {
		{ 0, 300, 500, 0 },      { 200, 300, 500, 200 },  { 5000, 300, 500, 300 },
		{ 5000, 800, 500, 500 }, { 5000, 1000, 0, 1000 }, { 5000, 1000, 1000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct price_quote q = { .net = 1000 };

		assert_int_equal(
		    price_loan_share(&q, t[i].owed, t[i].share, t[i].floor, NULL), 0);
		assert_int_equal(q.loan_share, t[i].want);
		assert_int_equal(q.payout, 1000 - t[i].want);
	}
}

static void
out_of_bounds(void **state)
{
	struct price_quote q;
	struct err err = err_none();

	(void)state;
	for (int i = 0; i < 9; i++) {
		struct price_terms t = terms(12500, 915);

		switch (i) {
		case 0:
			t.gross_mg = 0;
			break;
		case 1:
			t.gross_mg = INT64_C(1000000001);
			break;
		case 2:
			t.fineness = 0;
			break;
		case 3:
			t.fineness = 1001;
			break;
		case 4:
			t.fine_gram = 0;
			break;
		case 5:
			t.paid_permille = 1001;
			break;
		case 6:
			t.levies[0].rate_bp = 10001;
			break;
		case 7:
			t.levies[0].rate_bp = 10000;
			break; /* with the other: over it all */
		default:
			t.levy_count = LEVIES_MAX + 1;
			break;
		}
		assert_int_equal(price_quote(&t, &q, &err), -1);
		assert_int_equal(err.code, ERR_RANGE);
	}
}

static void
always_in_order(void **state)
{
	(void)state;
	for (int64_t mg = 1; mg < 2000000; mg = mg * 3 + 1)
		for (int32_t fineness = 1; fineness <= 1000; fineness += 37) {
			struct price_terms t = terms(mg, fineness);
			struct price_quote q;

			t.owed = mg * 100;
			assert_int_equal(price_quote(&t, &q, NULL), 0);
			assert_true(q.world_value >= q.gross_value);
			assert_true(q.gross_value >= q.net && q.net >= q.payout);
			assert_true(q.payout >= 0);
			assert_int_equal(q.gross_value,
			                 q.payout + q.loan_share + q.levies_total);
		}
}

static void
too_large(void **state)
{
	struct price_terms t = terms(1000000000, 1000);
	struct price_quote q;
	struct err err = err_none();

	(void)state;
	t.fine_gram = INT64_C(1000000000000000);
	assert_int_equal(price_quote(&t, &q, &err), -1);
	assert_int_equal(err.code, ERR_OVERFLOW);
}

/* ---- receipts -------------------------------------------------------------------------
 */

static void
text_of_a_receipt(void **state)
{
	struct price_terms t = terms(12500, 915);
	struct price_quote q;
	char text[1800];
	struct buf b;
	struct receipt_facts f = { .code = "ABCDEFGH",
		                   .cooperative = "MGODI Mgodi Cooperative",
		                   .site = "GEITA-1",
		                   .made_local = "2026-11-23 10:15:00 +0300",
		                   .seller = "M-0003",
		                   .mineral = "gold",
		                   .amount = "12.5",
		                   .unit = "g",
		                   .method = "xrf",
		                   .tag = "two\nlines",
		                   .price_source = "board",
		                   .loan = "K2M4N6",
		                   .currency = "TZS",
		                   .exponent = 2,
		                   .quote = &q };

	(void)state;
	t.owed = 1000000;
	assert_int_equal(price_quote(&t, &q, NULL), 0);
	buf_init(&b, text, sizeof text);
	receipt_lines(&b, &f);
	assert_true(buf_ok(&b));
	assert_string_equal(text,
	                    "code: ABCDEFGH\n"
	                    "cooperative: MGODI Mgodi Cooperative\n"
	                    "site: GEITA-1\n"
	                    "made: 2026-11-23 10:15:00 +0300\n"
	                    "seller: M-0003\n"
	                    "mineral: gold\n"
	                    "method: xrf\n"
	                    "tag: two lines\n"
	                    "weighed: 12.5 g\n"
	                    "gross_mg: 12500\n"
	                    "fineness_permille: 915\n"
	                    "fine_mg: 11438\n"
	                    "price_source: board\n"
	                    "price_fine_gram: 250000.00 TZS\n"
	                    "world_value: 2859375.00 TZS\n"
	                    "paid_permille: 950\n"
	                    "gross_value: 2716406.25 TZS\n"
	                    "levy: royalty, 600 bp of gross_value, 162984.38 TZS, State\n"
	                    "levy: fund, 100 bp of world_value, 28593.75 TZS, Fund\n"
	                    "net: 2524828.12 TZS\n"
	                    "net_permille_of_world: 883\n"
	                    "loan: K2M4N6\n"
	                    "loan_share: 10000.00 TZS\n"
	                    "payout: 2514828.12 TZS\n");
}

static void
codes(void **state)
{
	static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
	char code[RECEIPT_CODE_SIZE], read[RECEIPT_CODE_SIZE];

	(void)state;
	receipt_code("K7QPM3X", code);
	assert_true(receipt_code_read(code, read));
	assert_string_equal(code, read);
	assert_true(receipt_code_read("k7qp-m3x ", read) == false);
	for (size_t at = 0; at < 8; at++)
		for (const char *c = signs; *c != '\0'; c++) { /* every wrong sign */
			char wrong[RECEIPT_CODE_SIZE];

			memcpy(wrong, code, sizeof wrong);
			wrong[at] = *c;
			assert_int_equal(receipt_code_read(wrong, read), *c == code[at]);
		}
	for (size_t at = 0; at < 7; at++) { /* every swap of neighbours */
		char wrong[RECEIPT_CODE_SIZE];

		memcpy(wrong, code, sizeof wrong);
		wrong[at] = code[at + 1];
		wrong[at + 1] = code[at];
		assert_int_equal(receipt_code_read(wrong, read), wrong[at] == code[at]);
	}
	assert_false(receipt_code_read("", read));
	assert_false(receipt_code_read("ABCDEFGHJ", read));
	assert_false(receipt_code_read("0OIL1111", read));
}

static void
codes_are_read_as_people_type_them(void **state)
{
	char code[RECEIPT_CODE_SIZE], read[RECEIPT_CODE_SIZE], typed[16];

	(void)state;
	receipt_code("WERTZPA", code);
	for (int i = 0, n = 0; i <= 8; i++) {
		typed[n++] =
		    code[i] >= 'A' && code[i] <= 'Z' ? (char)(code[i] + 32) : code[i];
		if (i == 3)
			typed[n++] = '-';
	}
	assert_true(receipt_code_read(typed, read));
	assert_string_equal(read, code);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quote_by_hand),
		cmocka_unit_test(premiums),
		cmocka_unit_test(other_minerals),
		cmocka_unit_test(tin_with_charges),
		cmocka_unit_test(tantalum_with_a_tax_on_another_price),
		cmocka_unit_test(charges_that_cannot_be),
		cmocka_unit_test(shares),
		cmocka_unit_test(out_of_bounds),
		cmocka_unit_test(always_in_order),
		cmocka_unit_test(too_large),
		cmocka_unit_test(text_of_a_receipt),
		cmocka_unit_test(codes),
		cmocka_unit_test(codes_are_read_as_people_type_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
