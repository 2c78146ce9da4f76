/* Money, days, limits and PINs, by tables. */
#include "payments/core/day.h"
#include "payments/core/limits.h"
#include "payments/core/loan.h"
#include "payments/core/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
rounding(void **state)
{
	static const struct {
		int64_t a, num, den, want;
		bool fails;
	} t[] = {
		{ 5, 1, 2, 2, false }, /* 2.5 to the even 2 */
		{ 7, 1, 2, 4, false }, /* 3.5 to the even 4 */
		{ -5, 1, 2, -2, false },
		{ -7, 1, 2, -4, false },
		{ 10, 1, 3, 3, false },
		{ 20, 1, 3, 7, false },
		{ 0, 5, 7, 0, false },
		{ INT64_MAX, 1, 1, INT64_MAX, false },
		{ INT64_MAX, 3, 3, INT64_MAX, false },
		{ INT64_MAX, 2, 1, 0, true },
		{ INT64_MIN, 1, 1, INT64_MIN, false },
		{ 1, 1, 0, 0, true },
		{ 123456789, 915, 1000, 112962962, false }, /* ...961.935 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct err err = err_none();
		int64_t got = 0;
		int rc = money_part(t[i].a, t[i].num, t[i].den, &got, &err);

		assert_int_equal(rc, t[i].fails ? -1 : 0);
		if (t[i].fails)
			assert_int_equal(err.code, ERR_OVERFLOW);
		else
			assert_int_equal(got, t[i].want);
	}
}

static void
money_as_text(void **state)
{
	static const struct {
		int64_t minor;
		unsigned exponent;
		const char *want;
	} t[] = {
		{ 123450, 2, "1234.50" },
		{ 5, 2, "0.05" },
		{ -5, 2, "-0.05" },
		{ 1234, 0, "1234" },
		{ 1, 3, "0.001" },
		{ 0, 2, "0.00" },
		{ INT64_MIN, 2, "-92233720368547758.08" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char text[40];
		struct buf b;

		buf_init(&b, text, sizeof text);
		money_text(&b, t[i].minor, t[i].exponent);
		assert_string_equal(text, t[i].want);
	}
}

static void
days(void **state)
{
	static const struct {
		const char *text;
		int32_t day; /* -1: not a date */
	} t[] = {
		{ "1970-01-01", 0 },     { "2000-02-29", 11016 },
		{ "2026-11-23", 20780 }, { "1969-12-31", -1 + 0 },
		{ "2100-02-29", -1 },    { "2026-13-01", -1 },
		{ "2026-1-01", -1 },     { "2026-00-10", -1 },
		{ "2026-04-31", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		int32_t day = -1;
		char text[DAY_TEXT_SIZE];
		bool ok = day_parse(t[i].text, strlen(t[i].text), &day);

		if (strcmp(t[i].text, "1969-12-31") == 0)
			assert_true(ok);
		else
			assert_int_equal(ok, t[i].day != -1);
		assert_int_equal(day, t[i].day);
		if (ok)
			assert_string_equal(day_text(day, text), t[i].text);
	}
	for (int32_t day = -200000; day < 200000; day += 37) {
		struct date d = day_date(day);

		assert_int_equal(day_of(&d), day);
	}
}

static void
month_ends_do_not_drift(void **state)
{
	static const char *const want[] = { "2023-01-31", "2023-02-28", "2023-03-31",
		                            "2023-04-30" };
	int32_t seed;

	(void)state;
	assert_true(day_parse(want[0], 10, &seed));
	for (int i = 0; i < 4; i++) {
		char text[DAY_TEXT_SIZE];

		assert_string_equal(day_text(day_add_months(seed, i), text), want[i]);
	}
}

static const struct loan_product product = {
	.amount_min = 1000,
	.amount_max = 1000000,
	.terms_min = 1,
	.terms_usual = 4,
	.terms_max = 12,
	.limit = { .first = 500000,
	           .per_loan = 250000,
	           .sales_permille = 1000,
	           .sales_weeks = 13,
	           .per_late = 100000 },
	.first_due_days = 7,
	.second_above = 500000,
};

static void
limits(void **state)
{
	static const struct {
		struct borrower b;
		int64_t amount;
		enum limit_answer want;
	} t[] = {
		{ { false, 0, 0, 0 }, 500000, LIMIT_OK },
		{ { false, 0, 0, 0 }, 500001, LIMIT_OVER },
		{ { false, 0, 0, 100 }, 500100, LIMIT_OK },
		{ { false, 1, 0, 0 }, 750000, LIMIT_OK },
		{ { false, 2, 0, 0 }, 1000000, LIMIT_OK },
		{ { false, 9, 0, INT64_MAX }, 1000001, LIMIT_OVER },
		{ { false, 0, 1, 0 }, 400000, LIMIT_OK },
		{ { false, 0, 1, 0 }, 400001, LIMIT_OVER },
		{ { false, 0, 5, 0 }, 1000, LIMIT_OVER },
		{ { false, 0, 0, 0 }, 999, LIMIT_MINIMUM },
		{ { true, 0, 0, 0 }, 5000, LIMIT_HAS_LOAN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(limit_check(&product, &t[i].b, t[i].amount), t[i].want);
	assert_false(limit_needs_second(&product, 500000));
	assert_true(limit_needs_second(&product, 500001));
}

/* Whatever the history, the lines add up to the limit, and it is within its bounds. */
static void
the_lines_add_up(void **state)
{
	static const struct {
		struct borrower b;
		struct limit_why want;
	} t[] = {
		{ { false, 0, 0, 0 }, { 500000, 0, 0, 0, 0, 500000 } },
		{ { false, 1, 2, 40000 }, { 500000, 250000, 40000, -200000, 0, 590000 } },
		{ { true, 3, 0, 0 }, { 500000, 750000, 0, 0, -250000, 1000000 } },
		{ { false, 0, 7, 0 }, { 500000, 0, 0, -700000, 200000, 0 } },
		{ { false, 0, 0, -9 }, { 500000, 0, 0, 0, 0, 500000 } },
	};

	const uint32_t many[] = { 0, 1, 9, UINT32_MAX };
	const int64_t sales[] = { 0, 1, 999, INT64_MAX };
	struct limit_why why;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		limit_why(&product, &t[i].b, &why);
		assert_memory_equal(&why, &t[i].want, sizeof why);
	}
	for (int i = 0; i < 64; i++) {
		struct borrower b = { false, many[i / 16], many[i / 4 % 4],
			              sales[i % 4] };

		limit_why(&product, &b, &why);
		assert_int_equal(why.first + why.loans + why.sales + why.late + why.cut,
		                 why.limit);
		assert_in_range(why.limit, 0, product.amount_max);
		assert_int_equal(limit_loan(&product, &b), why.limit);
	}
}

static void
pins(void **state)
{
	static const struct {
		const char *pin;
		enum pin_answer want;
	} t[] = {
		{ "4826", PIN_FINE },       { "482617", PIN_FINE },
		{ "0000", PIN_WEAK },       { "1111", PIN_WEAK },
		{ "1234", PIN_WEAK },       { "4321", PIN_WEAK },
		{ "1212", PIN_WEAK },       { "123123", PIN_WEAK },
		{ "1985", PIN_WEAK },       { "2011", PIN_WEAK },
		{ "2930", PIN_FINE },       { "3456", PIN_WEAK },
		{ "482", PIN_NOT_DIGITS },  { "4826178", PIN_NOT_DIGITS },
		{ "48a6", PIN_NOT_DIGITS }, { "", PIN_NOT_DIGITS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(pin_judge(t[i].pin), t[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rounding), cmocka_unit_test(money_as_text),
		cmocka_unit_test(days),     cmocka_unit_test(month_ends_do_not_drift),
		cmocka_unit_test(limits),   cmocka_unit_test(the_lines_add_up),
		cmocka_unit_test(pins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
