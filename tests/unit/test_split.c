/* A pot shared out in proportion: no unit lost, none too many. */
#include "payments/core/split.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct row {
	int64_t pot;
	unsigned n;
	int64_t weight[4], share[4];
};

static const struct row rows[] = {
	{ 0, 2, { 1, 1 }, { 0, 0 } },
	{ 10, 1, { 3 }, { 10 } },
	{ 10, 2, { 1, 1 }, { 5, 5 } },
	{ 11, 2, { 1, 1 }, { 6, 5 } },           /* equal remainders: the first */
	{ 100, 3, { 1, 1, 1 }, { 34, 33, 33 } }, /* by hand: 33 1/3 each */
	{ 10, 3, { 5, 3, 2 }, { 5, 3, 2 } },
	{ 7, 3, { 5, 3, 2 }, { 4, 2, 1 } }, /* 3.5, 2.1, 1.4: the half wins */
	{ 1, 3, { 1, 5, 4 }, { 0, 1, 0 } },
	{ 9, 3, { 0, 10, 0 }, { 0, 9, 0 } }, /* without weight nothing */
	{ 3, 4, { 1, 1, 1, 1 }, { 1, 1, 1, 0 } },
	{ INT64_MAX,
	  2,
	  { INT64_MAX, INT64_MAX },
	  { INT64_C(4611686018427387904), INT64_C(4611686018427387903) } },
	{ INT64_MAX, 2, { 1, 0 }, { INT64_MAX, 0 } },
};

static void
shares(void **state)
{
	int64_t out[4];
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(
		    split_pot(rows[i].pot, rows[i].weight, rows[i].n, out, &err), 0);
		for (unsigned k = 0; k < rows[i].n; k++)
			assert_int_equal(out[k], rows[i].share[k]);
	}
}

static void
what_cannot_be(void **state)
{
	int64_t out[SPLIT_MAX + 1], many[SPLIT_MAX + 1] = { 1 };
	struct err err;

	(void)state;
	assert_int_equal(split_pot(-1, (int64_t[]){ 1 }, 1, out, &err), -1);
	assert_int_equal(err.code, ERR_RANGE);
	assert_int_equal(split_pot(1, (int64_t[]){ 2, -1 }, 2, out, &err), -1);
	assert_int_equal(split_pot(1, (int64_t[]){ 0, 0 }, 2, out, &err), -1);
	assert_int_equal(split_pot(1, many, 0, out, &err), -1);
	assert_int_equal(split_pot(1, many, SPLIT_MAX + 1, out, &err), -1);
	assert_int_equal(split_pot(0, (int64_t[]){ 0, 0 }, 2, out, &err), 0);
}

/* Any pot, any weights: shares sum to the pot, nobody is a unit off her proportion, and a
 * pot within the weights takes from nobody more than she has. */
static void
whatever_comes(void **state)
{
	uint64_t seed = 42;
	int64_t weight[12], out[12];
	struct err err;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		unsigned n = 1 + (unsigned)(seed >> 33) % 12;
		int64_t sum = 0, pot, shared = 0;

		for (unsigned i = 0; i < n; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			weight[i] = (int64_t)(seed >> 40) + (i == 0);
			sum += weight[i];
		}
		pot = (int64_t)(seed >> 20) % (sum + 1);
		assert_int_equal(split_pot(pot, weight, n, out, &err), 0);
		for (unsigned i = 0; i < n; i++) {
			shared += out[i];
			assert_true(out[i] <= weight[i]);
			assert_true(out[i] * sum > weight[i] * pot - sum);
			assert_true(out[i] * sum < weight[i] * pot + sum);
		}
		assert_int_equal(shared, pot);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares),
		cmocka_unit_test(what_cannot_be),
		cmocka_unit_test(whatever_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
