/* ladder and breaker: when to ask again, when to stop calling. */
#include "payments/core/ladder.h"
#include "payments/flow/breaker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define S(n) ((n)*INT64_C(1000))

static void
test_waits(void **state)
{
	static const struct {
		int32_t step;
		int64_t permille, wait_ms;
	} row[] = {
		{ 0, 1000, S(10) },    { 1, 1000, S(20) },     { 2, 1000, S(30) },
		{ 3, 1000, S(45) },    { 4, 1000, S(60) },     { 5, 1000, S(90) },
		{ 6, 1000, S(120) },   { 19, 1000, S(120) },   { 20, 1000, S(900) },
		{ 113, 1000, S(900) }, { 114, 1000, S(3600) }, { 99999, 1000, S(3600) },
		{ 0, 100, S(1) },      { 5, 10, 900 },         { 0, 1, LADDER_LEAST_MS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		assert_int_equal(ladder_wait_ms(row[i].step, row[i].permille),
		                 row[i].wait_ms);
}

static void
test_a_person_after_a_day(void **state)
{
	int64_t passed = 0;
	int32_t step = 0;

	(void)state;
	for (; !ladder_needs_person(step); step++)
		passed += ladder_wait_ms(step, 1000);
	assert_in_range(passed, S(24 * 3600), S(24 * 3600 + 900));
}

static void
test_missing(void **state)
{
	(void)state;
	assert_false(ladder_is_missing(2, S(3600), 1000));
	assert_false(ladder_is_missing(9, S(59), 1000));
	assert_true(ladder_is_missing(3, S(60), 1000));
	assert_true(ladder_is_missing(3, 600, 10));
	assert_int_equal(ladder_miss_wait_ms(0, 1000), S(10));
	assert_int_equal(ladder_miss_wait_ms(50, 1000), S(30));
}

static void
test_breaker(void **state)
{
	struct breaker b = { 0 };
	int64_t now = 1000;

	(void)state;
	assert_int_equal(breaker_allows(&b, now, 7, 5), 5);
	for (int i = 0; i < 4; i++)
		assert_false(breaker_failure(&b, now, 5, 30000));
	assert_int_equal(breaker_state(&b, now), BREAKER_CLOSED);
	assert_true(breaker_failure(&b, now, 5, 30000));
	assert_int_equal(breaker_state(&b, now), BREAKER_OPEN);
	assert_int_equal(breaker_allows(&b, now, 0, 5), 0);
	assert_false(
	    breaker_failure(&b, now + 1, 5, 30000)); /* stays, is not prolonged */
	now += 30000;
	assert_int_equal(breaker_state(&b, now), BREAKER_TRYING);
	assert_int_equal(breaker_allows(&b, now, 0, 5), 1);
	assert_int_equal(breaker_allows(&b, now, 1, 5), 0);
	assert_true(breaker_failure(&b, now, 5, 30000)); /* one failure opens it again */
	assert_int_equal(breaker_state(&b, now), BREAKER_OPEN);
	breaker_success(&b); /* a query was answered */
	assert_int_equal(breaker_state(&b, now), BREAKER_CLOSED);
	assert_int_equal(b.times_opened, 2);
	assert_string_equal(breaker_state_name(BREAKER_TRYING), "trying");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_a_person_after_a_day),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_breaker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
