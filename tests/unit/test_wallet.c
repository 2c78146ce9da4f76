/* What a wallet takes and the parts of a payout, by tables at the limits' edges. */
#include "payments/core/wallet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* per_payment, per_day, per_month, per_year, balance, minimum */
#define MONTH(m, y)                                                                      \
	{                                                                                \
		1000, 3000, m, y, 0, 0                                                   \
	}
#define KENYA                                                                            \
	{                                                                                \
		250000, 500000, 0, 0, 500000, 0                                          \
	}
#define NONE                                                                             \
	{                                                                                \
		0, 0, 0, 0, 0, 0                                                         \
	}
#define AT_LEAST(n)                                                                      \
	{                                                                                \
		1000, 3000, 0, 0, 0, n                                                   \
	}

static void
first_part(void **state)
{
	static const struct {
		struct wallet_limits limits;
		int64_t used[3];
		int64_t amount;
		uint32_t from;
		int64_t want;
		uint32_t day;
	} t[] = {
		{ NONE, { 0 }, INT64_MAX, 0, INT64_MAX, 0 },
		{ NONE, { INT64_MAX - 1 }, 5, 0, 1, 0 },
		{ KENYA, { 0 }, 1, 0, 1, 0 },
		{ KENYA, { 0 }, 250000, 0, 250000, 0 },
		{ KENYA, { 0 }, 250001, 0, 250000, 0 },
		{ KENYA, { 250000 }, 250001, 0, 250000, 0 },
		{ KENYA, { 250001 }, 250001, 0, 249999, 0 },
		{ KENYA, { 499999 }, 250000, 0, 1, 0 },
		{ KENYA, { 500000 }, 250000, 0, 250000, 1 },
		{ KENYA, { 600000 }, 250000, 0, 250000, 1 },
		{ KENYA, { 500000, 500000, 400000 }, 250000, 0, 100000, 2 },
		{ KENYA, { 0 }, 400000, 1, 250000, 1 },
		/* only the balance is known: nobody holds more of one day than that */
		{ { .balance = 5000 }, { 0 }, 7000, 0, 5000, 0 },
		{ { .balance = 5000 }, { 4000 }, 7000, 0, 1000, 0 },
		/* the least payment */
		{ AT_LEAST(100), { 0 }, 99, 0, 99, 0 },
		{ AT_LEAST(100), { 0 }, 1000, 0, 1000, 0 },
		{ AT_LEAST(100), { 0 }, 1001, 0, 901, 0 },
		{ AT_LEAST(100), { 0 }, 1099, 0, 999, 0 },
		{ AT_LEAST(100), { 0 }, 1100, 0, 1000, 0 },
		{ AT_LEAST(100), { 2901 }, 500, 0, 500, 1 }, /* 99 left today */
		{ AT_LEAST(100), { 2900 }, 500, 0, 100, 0 },
		{ AT_LEAST(600), { 0 }, 1100, 0, 1000, 0 }, /* no way to do it well */
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct wallet_room room = { .limits = t[i].limits };
		struct wallet_part got;

		for (int d = 0; d < 3; d++)
			room.used[d] = t[i].used[d];
		assert_true(wallet_next(&room, t[i].amount, t[i].from, &got));
		assert_int_equal(got.amount, t[i].want);
		assert_int_equal(got.day, t[i].day);
	}
}

static void
no_room(void **state)
{
	struct wallet_room room = { .limits = KENYA };
	struct wallet_part got;

	(void)state;
	for (int d = 0; d < WALLET_DAYS; d++)
		room.used[d] = 500000;
	assert_false(wallet_next(&room, 1, 0, &got));
	room.used[WALLET_DAYS - 1]--;
	assert_true(wallet_next(&room, 2, 0, &got));
	assert_int_equal(got.amount, 1);
	assert_int_equal(got.day, WALLET_DAYS - 1);
	assert_false(wallet_next(&room, 2, WALLET_DAYS, &got));
}

static void
plans(void **state)
{
	static const struct {
		struct wallet_limits limits;
		int64_t used, amount;
		uint32_t from;
		struct wallet_plan want;
	} t[] = {
		{ NONE, 0, 1000000, 0, { 1000000, 0, 1, 0 } },
		{ KENYA, 0, 250000, 0, { 250000, 0, 1, 0 } },
		{ KENYA, 0, 500000, 0, { 500000, 0, 2, 0 } },
		{ KENYA, 0, 500001, 0, { 500000, 1, 2, 1 } },
		{ KENYA, 100000, 500000, 0, { 400000, 100000, 2, 1 } },
		{ KENYA, 500000, 500000, 0, { 0, 500000, 0, 1 } },
		{ KENYA, 0, 1250000, 0, { 500000, 750000, 2, 2 } },
		{ KENYA, 0, 500000, 1, { 0, 500000, 0, 1 } },
		/* nine days of 500,000 and one unit more */
		{ KENYA, 0, 4500001, 0, { 500000, 4000001, 2, 9 } },
		{ { 1000000, 1000000, 0, 0, 2000000, 0 },
		  0,
		  1000000,
		  0,
		  { 1000000, 0, 1, 0 } },
		{ { 1000000, 1000000, 0, 0, 2000000, 0 },
		  0,
		  1000001,
		  0,
		  { 1000000, 1, 1, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct wallet_room room = { .limits = t[i].limits,
			                    .used = { t[i].used } };
		struct wallet_plan got;

		wallet_plan(&room, t[i].amount, t[i].from, &got);
		assert_int_equal(got.now, t[i].want.now);
		assert_int_equal(got.later, t[i].want.later);
		assert_int_equal(got.parts, t[i].want.parts);
		assert_int_equal(got.last, t[i].want.last);
		assert_int_equal(got.now + got.later, t[i].amount);
	}
}

/* A month of which 3 days are left, today with them, and a year of which 5 are. */
static void
months_and_years(void **state)
{
	static const struct {
		struct wallet_limits limits;
		int64_t month, year; /* used before today */
		int64_t used[4];
		int64_t want;
		uint32_t day;
	} t[] = {
		{ MONTH(10000, 0), 0, 0, { 0 }, 1000, 0 },
		{ MONTH(10000, 0), 9001, 0, { 0 }, 999, 0 },
		{ MONTH(10000, 0), 9999, 0, { 0 }, 1, 0 },
		{ MONTH(10000, 0), 10000, 0, { 0 }, 1000, 3 },
		{ MONTH(10000, 0), 11000, 0, { 0 }, 1000, 3 },
		{ MONTH(10000, 0), 9000, 0, { 500, 0, 300 }, 200, 0 }, /* planned counts
		                                                        */
		{ MONTH(10000, 0), 9000, 0, { 500, 0, 500 }, 1000, 3 },
		{ MONTH(10000, 0), 9000, 0, { 0, 0, 0, 2500 }, 1000, 0 },
		{ MONTH(10000, 0), 10000, 0, { 0, 0, 0, 2500 }, 500, 3 },
		{ MONTH(0, 50000), 0, 49001, { 0 }, 999, 0 },
		{ MONTH(0, 50000), 0, 50000, { 0 }, 1000, 5 },
		{ MONTH(10000, 50000), 10000, 49999, { 0 }, 1, 3 },
		{ MONTH(10000, 50000), 10000, 50000, { 0 }, 1000, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct wallet_room room = { .limits = t[i].limits,
			                    .used_month = t[i].month,
			                    .used_year = t[i].year,
			                    .month_days = 3,
			                    .year_days = 5 };
		struct wallet_part got;

		for (int d = 0; d < 4; d++)
			room.used[d] = t[i].used[d];
		assert_true(wallet_next(&room, 1000, 0, &got));
		assert_int_equal(got.amount, t[i].want);
		assert_int_equal(got.day, t[i].day);
	}
}

/* A year that is used up and does not end within the days looked at. */
static void
a_year_is_used_up(void **state)
{
	struct wallet_room room = { .limits = MONTH(0, 50000),
		                    .used_year = 49000,
		                    .month_days = 10,
		                    .year_days = WALLET_DAYS };
	struct wallet_part got;
	struct wallet_plan plan;

	(void)state;
	wallet_plan(&room, 1500, 0, &plan);
	assert_int_equal(plan.now, 1000);
	assert_int_equal(plan.later, 500);
	assert_true(plan.last >= WALLET_DAYS);
	room.used[0] = 1000;
	assert_false(wallet_next(&room, 500, 0, &got));
}

/* Every part keeps the limits, and nothing is lost or added, whatever the amount. */
static void
parts_sum_up(void **state)
{
	(void)state;
	for (int64_t amount = 1; amount < 9000; amount += 7) {
		struct wallet_room room = { .limits = AT_LEAST(100),
			                    .used = { amount % 3100 } };
		int64_t left = amount;
		struct wallet_part p = { 0 };

		while (left > 0) {
			assert_true(wallet_next(&room, left, p.day, &p));
			assert_true(p.amount >= 100 || amount < 100);
			assert_true(p.amount <= 1000);
			room.used[p.day] += p.amount;
			assert_true(room.used[p.day] <= 3000);
			left -= p.amount;
		}
		assert_int_equal(left, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_part),
		cmocka_unit_test(no_room),
		cmocka_unit_test(plans),
		cmocka_unit_test(months_and_years),
		cmocka_unit_test(a_year_is_used_up),
		cmocka_unit_test(parts_sum_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
