/* What one prompt may ask a wallet for, in the steps of its provider. */
#include "payments/core/bounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
amounts_are_rounded_up_and_then_judged(void **state)
{
	static const struct bounds none = { 0, 0 }, both = { 500, 10000 },
	                           odd = { 550, 10050 }, top = { 0, 10000 },
	                           tiny = { 0, 50 };

	static const struct {
		const struct bounds *bounds;
		int64_t grain, amount;
		enum bounds_say say;
		int64_t rounded, bound;
	} t[] = {
		{ &none, 1, 1, BOUNDS_FIT, 1, 0 },
		{ &none, 100, 12345, BOUNDS_FIT, 12400, 0 },
		{ &none, 1, INT64_MAX, BOUNDS_FIT, INT64_MAX, 0 },
		{ &none, 100, INT64_MAX, BOUNDS_FIT, INT64_MAX - INT64_MAX % 100, 0 },
		{ &both, 1, 499, BOUNDS_UNDER, 499, 500 },
		{ &both, 1, 500, BOUNDS_FIT, 500, 0 },
		{ &both, 1, 10000, BOUNDS_FIT, 10000, 0 },
		{ &both, 1, 10001, BOUNDS_OVER, 10001, 10000 },
		{ &both, 100, 401, BOUNDS_FIT, 500, 0 }, /* what is asked for counts */
		{ &both, 100, 400, BOUNDS_UNDER, 400, 500 },
		{ &both, 100, 9901, BOUNDS_FIT, 10000, 0 },
		{ &both, 100, 10001, BOUNDS_OVER, 10100, 10000 },
		/* the bound that is told can be asked for */
		{ &odd, 100, 500, BOUNDS_UNDER, 500, 600 },
		{ &odd, 100, 501, BOUNDS_FIT, 600, 0 },
		{ &odd, 100, 10000, BOUNDS_FIT, 10000, 0 },
		{ &odd, 100, 10001, BOUNDS_OVER, 10100, 10000 },
		{ &top, 1, 1, BOUNDS_FIT, 1, 0 },
		{ &top, 1, 10001, BOUNDS_OVER, 10001, 10000 },
		{ &tiny, 100, 1, BOUNDS_OVER, 100, 0 }, /* no step fits */
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		int64_t amount = t[i].amount, bound = -1;

		assert_int_equal(bounds_judge(t[i].bounds, t[i].grain, &amount, &bound),
		                 t[i].say);
		assert_int_equal(amount, t[i].rounded);
		assert_int_equal(bound, t[i].bound);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_rounded_up_and_then_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
