/* Which provider reaches a number: the longest prefix, in the payment's currency. */
#include "payments/flow/means.h"
#include "payments/flow/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
the_longest_prefix_decides(void **state)
{
	static const struct settings s = {
		.provider_count = 4,
		.providers = { { .name = "mtn", .currency = "TZS", .numbers = "255" },
		               { .name = "airtel",
		                 .currency = "TZS",
		                 .numbers = "25568 25569  25578" },
		               { .name = "third", .currency = "TZS", .numbers = "25568" },
		               { .name = "dollar", .currency = "USD", .numbers = "" } },
	};

	static const struct {
		const char *msisdn, *currency, *provider;
	} rows[] = {
		{ "255682000100", "TZS", "airtel" }, /* the earlier of equals */
		{ "255782000100", "TZS", "airtel" },
		{ "255712000100", "TZS", "mtn" },
		{ "250712000100", "TZS", "own" },
		{ "255682000100", "USD", "own" }, /* no prefix names nobody */
		{ "25568", "TZS", "airtel" },
		{ "2556", "TZS", "mtn" },
		{ "", "TZS", "own" },
	};

	static const struct flow_env env = { .settings = &s },
	                             none = { .settings = NULL };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct payment p = { .provider = "own" };

		memcpy(p.msisdn, rows[i].msisdn, strlen(rows[i].msisdn) + 1);
		memcpy(p.currency, rows[i].currency, 4);
		route_payment(&env, 1, &p);
		assert_string_equal(p.provider, rows[i].provider);
		route_payment(&none, 1, &p);
		assert_string_equal(p.provider, rows[i].provider);
	}
}

/* Decimals are the provider's, and its own for each direction. */
static void
a_grain_is_the_least_that_can_be_said(void **state)
{
	static const struct settings s = {
		.provider_count = 4,
		.providers = { { .name = "safaricom", .scale = 2, .collection_scale = 0 },
		               { .name = "vodacom", .scale = 0, .collection_scale = -1 },
		               { .name = "mtn", .scale = 2, .collection_scale = -1 },
		               { .name = "odd", .scale = 1, .collection_scale = 2 } },
	};

	static const struct {
		const char *provider, *currency;
		int64_t out, in;
	} rows[] = {
		{ "safaricom", "KES", 1, 100 }, { "vodacom", "CDF", 100, 100 },
		{ "mtn", "UGX", 1, 1 },         { "mtn", "TZS", 1, 1 },
		{ "vodacom", "XOF", 1, 1 },     { "odd", "GHS", 10, 1 },
		{ "vodacom", "XYZ", 1, 1 },     { "nobody", "KES", 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(
		    means_grain(&s, rows[i].provider, rows[i].currency, PAY_OUT),
		    rows[i].out);
		assert_int_equal(
		    means_grain(&s, rows[i].provider, rows[i].currency, PAY_IN),
		    rows[i].in);
	}
	assert_int_equal(means_grain(NULL, "vodacom", "CDF", PAY_OUT), 1);
}

/* Each row differs from the one it is held against in what should decide, and is worse in
 * all that should not. */
static void
size_state_preference_prefix_cost_and_place_decide(void **state)
{
	enum { NONE = INT32_MAX };

	static const struct {
		struct route_candidate first, second;
		bool first_wins;
	} rows[] = {
		{ { NULL, false, true, NONE, 3, 900, false },
		  { NULL, true, true, 1, 5, 1, false },
		  true },
		{ { NULL, false, false, 1, 5, 1, false },
		  { NULL, false, true, NONE, 3, 9, false },
		  false },
		{ { NULL, false, false, 2, 3, 1, false },
		  { NULL, true, true, 1, 3, 1, false },
		  false },
		{ { NULL, false, true, 1, 3, -1, false },
		  { NULL, false, true, 2, 5, 1, false },
		  true },
		{ { NULL, false, true, NONE, 5, 1, false },
		  { NULL, false, true, 9, 3, 9, false },
		  false },
		{ { NULL, false, true, NONE, 5, -1, false },
		  { NULL, false, true, NONE, 3, 1, false },
		  true },
		{ { NULL, false, true, NONE, 3, 9, false },
		  { NULL, false, true, NONE, 3, 8, false },
		  false },
		{ { NULL, false, true, NONE, 3, -1, false },
		  { NULL, false, true, NONE, 3, 8, false },
		  false },
		{ { NULL, false, true, NONE, 3, 0, false },
		  { NULL, false, true, NONE, 3, -1, false },
		  true },
		{ { NULL, false, true, NONE, 3, 8, false },
		  { NULL, false, true, NONE, 3, 8, false },
		  true },
		/* whose prompts do not ask for so much is the last to be taken */
		{ { NULL, true, false, NONE, 3, -1, false },
		  { NULL, false, true, 1, 5, 1, true },
		  true },
		{ { NULL, false, true, 1, 5, 1, true },
		  { NULL, true, false, NONE, 3, -1, false },
		  false },
		{ { NULL, false, true, 1, 5, 1, true },
		  { NULL, false, false, 1, 5, 1, true },
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(route_before(&rows[i].first, &rows[i].second),
		                 rows[i].first_wins);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_prefix_decides),
		cmocka_unit_test(a_grain_is_the_least_that_can_be_said),
		cmocka_unit_test(size_state_preference_prefix_cost_and_place_decide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
