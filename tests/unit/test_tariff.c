/* What providers charge: bands, edges, dates, rounding. */
#include "payments/core/tariff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define ANY      INT64_MAX
#define ARRAY(a) (sizeof(a) / sizeof(a)[0])

static const struct tariff_band bands[] = {
	{ "mtn", false, "TZS", 0, 100000, 500, 0, 0, ANY },
	{ "mtn", false, "TZS", 0, 1000000, 1000, 0, 0, ANY },
	{ "mtn", false, "TZS", 0, ANY, 0, 100, 1500, 200000 },
	{ "mtn", true, "TZS", 0, ANY, 0, 150, 0, ANY },
	{ "mtn", false, "TZS", 5000, 50000, 700, 0, 0, ANY }, /* a newer table, shorter */
	{ "airtel", false, "TZS", 9000, ANY, 0, 10000, 0, ANY },
};

static void
each_amount_has_its_band(void **state)
{
	static const struct {
		const char *provider, *currency;
		bool in;
		int64_t amount, at_ms, fee; /* fee -1: no tariff */
	} rows[] = {
		{ "mtn", "TZS", false, 1, 100, 500 },
		{ "mtn", "TZS", false, 100000, 100, 500 }, /* the last of the band */
		{ "mtn", "TZS", false, 100001, 100, 1000 },
		{ "mtn", "TZS", false, 1000000, 100, 1000 },
		{ "mtn", "TZS", false, 1000001, 100, 10000 },
		{ "mtn", "TZS", false, 30000000, 100, 200000 }, /* capped */
		{ "mtn", "TZS", true, 10000, 100, 150 },
		{ "mtn", "KES", false, 100, 100, -1 },
		{ "orange", "TZS", false, 100, 100, -1 },
		{ "mtn", "TZS", false, 1000, 4999, 500 },
		{ "mtn", "TZS", false, 1000, 5000, 700 }, /* from that moment on */
		{ "mtn", "TZS", false, 50001, 5000, -1 }, /* the old table is over */
		{ "airtel", "TZS", false, 1000, 8999, -1 },
		{ "airtel", "TZS", false, ANY, 9000, ANY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY(rows); i++) {
		struct tariff_for w = { rows[i].provider, rows[i].currency, rows[i].in,
			                rows[i].amount, rows[i].at_ms };
		const struct tariff_band *b = tariff_find(bands, ARRAY(bands), &w);

		if (rows[i].fee < 0)
			assert_null(b);
		else
			assert_int_equal(tariff_fee(b, rows[i].amount), rows[i].fee);
		assert_true(b != NULL || tariff_fee(b, rows[i].amount) == 0);
	}
}

static void
the_rate_is_rounded_half_to_even_once(void **state)
{
	static const struct {
		int32_t rate_bp;
		int64_t fixed, amount, fee;
	} rows[] = {
		{ 100, 0, 50, 0 },  { 100, 0, 51, 1 },   { 100, 0, 150, 2 },
		{ 100, 0, 250, 2 }, { 100, 0, 251, 3 },  { 1, 0, 5000, 0 },
		{ 1, 0, 15000, 2 }, { 100, 7, 150, 9 },  { 10000, 0, 12345, 12345 },
		{ 0, 0, 12345, 0 }, { 250, 0, 999, 25 }, { 250, 0, 980, 24 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY(rows); i++) {
		struct tariff_band b = { .rate_bp = rows[i].rate_bp,
			                 .fixed = rows[i].fixed,
			                 .most = ANY };

		assert_int_equal(tariff_fee(&b, rows[i].amount), rows[i].fee);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_amount_has_its_band),
		cmocka_unit_test(the_rate_is_rounded_half_to_even_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
