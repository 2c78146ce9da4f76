/* What a provider charges, and how much must be sent so that enough is left of it. */
#include "payments/core/tariff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Steps, a share with a cap, and an open end; in shillings for the eye. */
static const struct tariff steps = {
	.count = 4,
	.band = { { 1000, 10, 0, 0 },
	          { 5000, 50, 0, 0 },
	          { 20000, 0, 150, 200 },
	          { 0, 300, 10, 0 } },
};
static const struct tariff closed = {
	.count = 2,
	.band = { { 1000, 10, 0, 0 }, { 2000, 30, 0, 0 } },
};
static const struct tariff all_of_it = { .count = 1, .band = { { 0, 0, 10000, 0 } } };
static const struct tariff unknown = { .count = 0 };

static void
fees(void **state)
{
	static const struct {
		const struct tariff *tariff;
		int64_t amount, fee; /* -1: not known */
	} t[] = {
		{ &steps, 1, 10 },
		{ &steps, 1000, 10 },
		{ &steps, 1001, 50 },
		{ &steps, 5000, 50 },
		{ &steps, 5001, 76 }, /* 75.015, up */
		{ &steps, 10000, 150 },
		{ &steps, 13333, 200 }, /* 199.995 */
		{ &steps, 13334, 200 }, /* capped from here */
		{ &steps, 20000, 200 },
		{ &steps, 20001, 321 },
		{ &steps, INT64_C(1000000000000000), INT64_C(1000000000300) },
		{ &steps, 0, -1 },
		{ &steps, -5, -1 },
		{ &closed, 2000, 30 },
		{ &closed, 2001, -1 },
		{ &unknown, 100, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int64_t fee;

		assert_int_equal(tariff_fee(t[i].tariff, t[i].amount, &fee),
		                 t[i].fee >= 0);
		assert_int_equal(fee, t[i].fee < 0 ? 0 : t[i].fee);
	}
}

static void
grossed_up(void **state)
{
	static const struct {
		const struct tariff *tariff;
		int64_t net, gross; /* 0: cannot be */
	} t[] = {
		{ &steps, 1, 11 },
		{ &steps, 990, 1000 }, /* the last that fits the first band */
		{ &steps, 991, 1041 }, /* 1001 would cost 50: into the next one */
		{ &steps, 1000, 1050 },
		{ &steps, 4950, 5000 },
		{ &steps, 4951, 5027 }, /* 1.5 %: 76 */
		{ &steps, 19800, 20000 },
		{ &steps, 19801, 20122 }, /* 300 and 0.1 %, up: 321 */
		{ &closed, 1970, 2000 },
		{ &closed, 1971, 0 },
		{ &all_of_it, 1, 0 },
		{ &unknown, 100, 0 },
		{ &steps, 0, 0 },
		{ &steps, -1, 0 },
		{ &steps, INT64_C(1000000000000000), 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int64_t gross;

		assert_int_equal(tariff_gross(t[i].tariff, t[i].net, &gross),
		                 t[i].gross > 0);
		assert_int_equal(gross, t[i].gross);
	}
}

/* For every amount: enough is left, and of nothing less. */
static void
the_least_that_is_enough(void **state)
{
	int64_t gross, fee, least = 1;

	(void)state;
	for (int64_t net = 1; net <= 25000; net++) {
		assert_true(tariff_gross(&steps, net, &gross));
		assert_true(tariff_fee(&steps, gross, &fee));
		assert_true(gross - fee >= net);
		for (; least < gross; least++) { /* what fell short before still does */
			tariff_fee(&steps, least, &fee);
			assert_true(least - fee < net);
		}
	}
}

static void
well_formed(void **state)
{
	static const struct {
		struct tariff tariff;
		bool fits;
	} t[] = {
		{ { .count = 0 }, true },
		{ { .count = 1, .band = { { 0, 5, 0, 0 } } }, true },
		{ { .count = 2, .band = { { 100, 5, 0, 0 }, { 0, 9, 0, 0 } } }, true },
		{ { .count = 2, .band = { { 0, 5, 0, 0 }, { 100, 9, 0, 0 } } }, false },
		{ { .count = 2, .band = { { 100, 5, 0, 0 }, { 100, 9, 0, 0 } } }, false },
		{ { .count = 1, .band = { { -1, 5, 0, 0 } } }, false },
		{ { .count = 1, .band = { { 0, -5, 0, 0 } } }, false },
		{ { .count = 1, .band = { { 0, 0, 10001, 0 } } }, false },
		{ { .count = TARIFF_BANDS_MAX + 1 }, false },
	};

	(void)state;
	assert_true(tariff_check(&steps));
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(tariff_check(&t[i].tariff), t[i].fits);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fees),
		cmocka_unit_test(grossed_up),
		cmocka_unit_test(the_least_that_is_enough),
		cmocka_unit_test(well_formed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
