/* Wide whole numbers and exact fractions: tables, and laws that hold for any numbers. */
#include "payments/core/exact.h"
#include "payments/core/mineral.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

__extension__ typedef unsigned __int128 both;

static uint64_t
next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Numbers of every length up to so many limbs. */
static struct big
any(uint64_t *seed, unsigned limbs)
{
	struct big n = { { 0 } };

	for (unsigned i = (unsigned)(next(seed) % (limbs + 1)); i > 0; i--)
		n.limb[i - 1] = next(seed) >> next(seed) % 64;
	return n;
}

static struct big
must_times(struct big a, struct big b)
{
	struct big out;

	assert_true(big_times(&a, &b, &out));
	return out;
}

static void
whole_numbers(void **state)
{
	uint64_t seed = 20261123;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct big a = any(&seed, 8), b = any(&seed, 4), c = any(&seed, 4);
		struct big one = big_of(1), q, rest, back;

		if (big_zero(&b))
			b = one;
		q = big_over(&a, &b, &rest);
		assert_true(big_compare(&rest, &b) < 0);
		assert_true(big_times(&q, &b, &back) && big_plus(&back, &rest, &back));
		assert_int_equal(big_compare(&back, &a), 0);
		back = must_times(b, c);
		assert_true(big_compare(&back, &b) >= 0 || big_zero(&c));
		back = big_common(back, b); /* b divides b x c */
		assert_int_equal(big_compare(&back, &b), 0);
		q = big_common(b, c);
		if (!big_zero(&c)) { /* what is left has nothing in common */
			b = big_over(&b, &q, &rest);
			assert_true(big_zero(&rest));
			c = big_over(&c, &q, &rest);
			assert_true(big_zero(&rest));
			q = big_common(b, c);
			assert_int_equal(big_compare(&q, &one), 0);
		}
	}
}

static void
agrees_with_128_bits(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		uint64_t x = next(&seed) >> next(&seed) % 60;
		uint64_t y = next(&seed) >> next(&seed) % 60 | 1;
		struct big a = big_of(x), b = big_of(y), out;
		both product = (both)x * y;

		assert_true(big_times(&a, &b, &out));
		assert_int_equal(out.limb[0], (uint64_t)product);
		assert_int_equal(out.limb[1], (uint64_t)(product >> 64));
		out = big_over(&a, &b, NULL);
		assert_int_equal(out.limb[0], x / y);
	}
}

static void
does_not_fit(void **state)
{
	struct big most, one = big_of(1), two = big_of(2), half = { { 0 } }, out;

	(void)state;
	memset(&most, 0xff, sizeof most);
	half.limb[BIG_LIMBS / 2] = 1;
	assert_false(big_plus(&most, &one, &out));
	assert_false(big_times(&most, &two, &out));
	assert_false(big_times(&half, &half, &out));
	assert_true(big_times(&most, &one, &out));
	out = big_over(&most, &most, NULL);
	assert_int_equal(big_compare(&out, &one), 0);
}

static struct exact
parsed(const char *text)
{
	struct exact n;

	assert_true(exact_parse(text, &n));
	return n;
}

static void
reading(void **state)
{
	static const char *const good[] = { "0", "4.370", "123456789012345678",
		                            "0.12345678901234567" };
	static const char *const bad[] = { "",
		                           ".5",
		                           "5.",
		                           "-1",
		                           "+1",
		                           "1e3",
		                           "1.2.3",
		                           "1 ",
		                           "0x1",
		                           "1,5",
		                           "1234567890123456789" };
	struct exact n;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(exact_parse(good[i], &n));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(exact_parse(bad[i], &n));
}

static void
printing(void **state)
{
	static const struct {
		int64_t num, den;
		unsigned decimals;
		const char *want;
	} t[] = {
		{ 5, 2, 0, "2" },          { 7, 2, 0, "4" },
		{ -5, 2, 0, "-2" },        { -1, 3, 2, "-0.33" },
		{ -1, 1000, 2, "0.00" },   { 2, 3, 12, "0.666666666667" },
		{ 1000, 1, 2, "1000.00" }, { 1, 200, 2, "0.00" },
		{ 3, 200, 2, "0.02" },     { INT64_MIN, 1, 0, "-9223372036854775808" },
	};

	char text[EXACT_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_true(
		    exact_text(exact_of(t[i].num, t[i].den), t[i].decimals, text));
		assert_string_equal(text, t[i].want);
	}
	assert_false(exact_text(exact_of(1, 1), 13, text));
}

static void
orders(void **state)
{
	struct exact third = exact_of(1, 3), none = exact_over(third, exact_of(0, 1));

	(void)state;
	assert_int_equal(exact_compare(third, exact_of(2, 6)), EXACT_EQUAL);
	assert_int_equal(exact_compare(exact_of(-1, 3), third), EXACT_LESS);
	assert_int_equal(exact_compare(third, exact_of(-1, 3)), EXACT_MORE);
	assert_int_equal(exact_compare(none, third), EXACT_UNKNOWN);
	assert_int_equal(exact_compare(third, none), EXACT_UNKNOWN);
	assert_int_equal(exact_compare(none, none), EXACT_UNKNOWN);
	assert_false(exact_below(none, third) || exact_above(none, third));
	assert_false(exact_over_zero(none) || exact_under_zero(none));
	assert_true(exact_of(1, 0).failed && exact_of(1, -1).failed);
}

static void
failure_is_carried(void **state)
{
	struct exact n = exact_of(INT64_MAX, 1), one = exact_of(1, 1);
	char text[EXACT_TEXT_SIZE];
	int64_t out;

	(void)state;
	for (int i = 0; i < 4; i++)
		n = exact_times(n, n);
	assert_true(n.failed);
	assert_true(exact_plus(n, one).failed && exact_plus(one, n).failed);
	assert_true(exact_times(n, exact_of(0, 1)).failed && exact_over(one, n).failed);
	assert_true(exact_cut(n, 2).failed);
	assert_false(exact_text(n, 2, text));
	assert_int_equal(exact_round(n, &out, NULL), -1);
	n = exact_times(exact_of(INT64_MAX, 1), exact_of(2, 1));
	assert_int_equal(exact_round(n, &out, NULL), -1); /* exact, but over int64 */
}

static void
laws(void **state)
{
	uint64_t seed = 99;

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct exact n[3];

		for (int j = 0; j < 3; j++)
			n[j] = exact_of((int64_t)next(&seed) >> next(&seed) % 63,
			                (int64_t)(next(&seed) >> (1 + next(&seed) % 62)) +
			                    1);
		assert_int_equal(exact_compare(exact_times(exact_plus(n[0], n[1]), n[2]),
		                               exact_plus(exact_times(n[0], n[2]),
		                                          exact_times(n[1], n[2]))),
		                 EXACT_EQUAL);
		assert_int_equal(
		    exact_compare(exact_minus(exact_plus(n[0], n[1]), n[1]), n[0]),
		    EXACT_EQUAL);
		if (!big_zero(&n[1].num))
			assert_int_equal(
			    exact_compare(exact_times(exact_over(n[0], n[1]), n[1]),
			                  n[0]),
			    EXACT_EQUAL);
		assert_false(exact_above(exact_cut(n[2], 6), n[2]) &&
		             exact_over_zero(n[2]));
	}
}

/* ---- what a chain of values must hold ------------------------------------------- */

static void
chains(void **state)
{
	static const struct {
		int64_t world, gross, net;
		enum value_fault want;
		bool above;
	} t[] = {
		{ 100, 90, 80, VALUE_IN_ORDER, false },
		{ 100, 100, 100, VALUE_IN_ORDER, false },
		{ 100, 101, 80, VALUE_IN_ORDER, true },
		{ 100, 90, 0, VALUE_IN_ORDER, false },
		{ 100, 90, -1, VALUE_OVERTAKEN, false },
		{ 100, 90, 91, VALUE_OVERTAKEN, false },
		{ 100, 0, 0, VALUE_TOO_POOR, false },
		{ 100, -5, -6, VALUE_TOO_POOR, false },
	};
	struct exact none = exact_over(exact_of(1, 1), exact_of(0, 1));
	struct value_chain v;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		v = value_chain(exact_of(t[i].world, 1), exact_of(t[i].gross, 1),
		                exact_of(t[i].net, 1));
		assert_int_equal(value_fault(&v), t[i].want);
		assert_int_equal(v.above_world, t[i].above);
	}
	v = value_chain(exact_of(1, 1), none, exact_of(1, 1));
	assert_int_equal(value_fault(&v), VALUE_TOO_WIDE);
	assert_false(v.above_world);
}

/* Any gold, any price: the chain is in order and every deduction is part of the gross. */
static void
gold_in_order(void **state)
{
	uint64_t seed = 4711;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct gold_sale_terms t = {
			.gross_g =
			    exact_of((int64_t)(next(&seed) % 100000000) + 1, 1000000),
			.fineness =
			    exact_of((int64_t)(next(&seed) % 1000000) + 1, 1000000),
			.usd_per_oz = exact_of((int64_t)(next(&seed) % 1000000) + 1, 100),
			.fx = exact_of((int64_t)(next(&seed) % 100000000) + 1, 10000),
			.payable = exact_of((int64_t)(next(&seed) % 1000) + 1, 1000),
		};
		struct deductions d = { .count = (unsigned)(next(&seed) %
			                                    (DEDUCTIONS_MAX + 1)) };
		struct exact sum;
		struct gold_sale s;

		for (unsigned j = 0; j < d.count; j++)
			d.rate[j] = exact_of((int64_t)(next(&seed) % 62500), 1000000);
		s = gold_sale(&t, &d);
		assert_int_equal(value_fault(&s.value), VALUE_IN_ORDER);
		assert_false(s.value.above_world);
		sum = s.value.net;
		for (unsigned j = 0; j < d.count; j++)
			sum = exact_plus(sum, d.amount[j]);
		assert_int_equal(exact_compare(sum, s.value.gross), EXACT_EQUAL);
	}
}

/* The karat of a denser lot is never less, and always 0..24. */
static void
karats(void **state)
{
	struct exact before = exact_of(0, 1);

	(void)state;
	for (int64_t density = 1; density < 3000; density += 7) {
		struct exact karat = trade_karat(exact_of(density, 100));

		assert_false(exact_below(karat, before));
		assert_false(exact_above(karat, exact_of(24, 1)));
		before = karat;
	}
	assert_int_equal(exact_compare(before, exact_of(24, 1)), EXACT_EQUAL);
	assert_true(density_test(parsed("7.75"), parsed("0.44"), parsed("0.01")).small);
	assert_false(density_test(parsed("12"), parsed("0.68"), parsed("0.01")).small);
	/* lighter than its reading's error: nothing is known of the upper end */
	assert_true(density_test(parsed("0.1"), parsed("0.01"), parsed("0.01")).small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(agrees_with_128_bits),
		cmocka_unit_test(does_not_fit),
		cmocka_unit_test(reading),
		cmocka_unit_test(printing),
		cmocka_unit_test(orders),
		cmocka_unit_test(failure_is_carried),
		cmocka_unit_test(laws),
		cmocka_unit_test(chains),
		cmocka_unit_test(gold_in_order),
		cmocka_unit_test(karats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
