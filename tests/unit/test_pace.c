/* pace: how many calls a second. */
#include "payments/core/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MANY 1000

static void
test_room(void **state)
{
	static const struct {
		int64_t per_second;
		unsigned at_once; /* from a full bucket                  */
		int64_t again_ms; /* then to wait                        */
		unsigned then;    /* and that many are allowed           */
	} row[] = {
		{ 0, MANY, 0, MANY }, { 1, 1, 1000, 1 },    { 2, 1, 500, 1 },
		{ 5, 1, 200, 1 },     { 19, 1, 53, 1 },     { 20, 2, 106, 2 },
		{ 50, 5, 109, 5 },    { 100, 10, 110, 10 }, { 1000, 100, 111, 100 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct pace p = { 0 };
		int64_t r = row[i].per_second, now = 5000;
		unsigned n = pace_room(&p, r, now, MANY);

		assert_int_equal(n, row[i].at_once);
		pace_take(&p, n);
		assert_int_equal(pace_wait_ms(&p, r, now), row[i].again_ms);
		if (r > 0)
			assert_int_equal(pace_room(&p, r, now, MANY), 0);
		now += row[i].again_ms;
		assert_int_equal(pace_room(&p, r, now, MANY), row[i].then);
		assert_int_equal(pace_room(&p, r, now, 1), 1);
	}
}

/* However eagerly somebody looks, no second holds more than the limit; and no time is
 * wasted: in ten seconds nearly ten times the limit goes. */
static void
test_no_second_holds_more(void **state)
{
	static const int64_t rates[] = { 1, 2, 3, 7, 20, 33, 100, 250 };

	(void)state;
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		struct pace p = { 0 };
		unsigned calls[10000] = { 0 }, window = 0, all = 0;

		for (unsigned ms = 0; ms < 10000; ms++) {
			calls[ms] = pace_room(&p, rates[i], ms, MANY);
			pace_take(&p, calls[ms]);
			window += calls[ms] - (ms >= 1000 ? calls[ms - 1000] : 0);
			all += calls[ms];
			assert_true(window <= (unsigned)rates[i]);
		}
		assert_true(all >= 8 * (unsigned)rates[i]);
	}
}

static void
test_given_back(void **state)
{
	struct pace p = { 0 };

	(void)state;
	assert_int_equal(pace_room(&p, 30, 0, MANY), 3);
	pace_take(&p, 3);
	pace_give_back(&p, 2);
	assert_int_equal(pace_room(&p, 30, 0, MANY), 2);
	pace_give_back(&p, 5); /* never more than full */
	assert_int_equal(pace_room(&p, 30, 0, MANY), 3);
	assert_int_equal(pace_wait_ms(&p, 30, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_no_second_holds_more),
		cmocka_unit_test(test_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
