/* Which provider reaches a number: the longest prefix, in the payment's currency. */
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

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct payment p = { .provider = "own" };

		memcpy(p.msisdn, rows[i].msisdn, strlen(rows[i].msisdn) + 1);
		memcpy(p.currency, rows[i].currency, 4);
		route_payment(&s, &p);
		assert_string_equal(p.provider, rows[i].provider);
		route_payment(NULL, &p);
		assert_string_equal(p.provider, rows[i].provider);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_prefix_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
