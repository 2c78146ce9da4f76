/* Money, days, loans, allocation and limits, by tables. */
#include "payments/core/allocate.h"
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
	.weeks_min = 1,
	.weeks_usual = 4,
	.weeks_max = 12,
	.fee_bp = 500,
	.first_due_days = 7,
	.second_above = 500000,
};

static void
schedules_sum_to_the_terms(void **state)
{
	static const struct {
		int64_t principal;
		uint32_t weeks;
		int64_t fee, instalment, last;
	} t[] = {
		{ 100000, 4, 5000, 26250, 26250 },
		{ 100000, 3, 5000, 34999, 35002 },
		{ 1001, 12, 50, 87, 94 },
		{ 10, 12, 0, 0, 10 }, /* 0.5 to the even 0 */
		{ 999999, 7, 50000, 149999, 150005 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct loan_terms terms;
		struct loan_schedule s;
		int64_t principal = 0, fee = 0;
		const struct loan_row *last;

		assert_int_equal(
		    loan_terms(&product, t[i].principal, t[i].weeks, 100, &terms, NULL),
		    0);
		assert_int_equal(loan_schedule(&terms, &s, NULL), 0);
		for (uint32_t r = 0; r < s.rows; r++) {
			principal += s.at[r].principal;
			fee += s.at[r].fee;
			assert_int_equal(s.at[r].due_day, 107 + 7 * (int32_t)r);
			if (r + 1 < s.rows)
				assert_int_equal(s.at[r].principal + s.at[r].fee,
				                 t[i].instalment);
		}
		last = &s.at[s.rows - 1];
		assert_int_equal(last->principal + last->fee, t[i].last);
		assert_int_equal(principal, t[i].principal);
		assert_int_equal(fee, t[i].fee);
		assert_int_equal(terms.last_due_day, last->due_day);
	}
}

static void
loans_out_of_bounds(void **state)
{
	struct loan_terms terms;
	struct loan_schedule s;
	struct err err = err_none();

	(void)state;
	assert_int_equal(loan_terms(&product, 0, 4, 0, &terms, &err), -1);
	assert_int_equal(loan_terms(&product, 1000, 0, 0, &terms, &err), -1);
	assert_int_equal(loan_terms(&product, 1000, 13, 0, &terms, &err), -1);
	assert_int_equal(loan_terms(&product, INT64_MAX, 4, 0, &terms, &err), -1);
	assert_int_equal(err.code, ERR_RANGE);
	terms = (struct loan_terms){ .principal = 10, .fee = 1, .total = 12, .weeks = 2 };
	assert_int_equal(loan_schedule(&terms, &s, &err), -1);
}

/* Four rows of 25 + 2 due on days 10, 17, 24, 31. */
static void
four_rows(struct loan_schedule *s)
{
	*s = (struct loan_schedule){ .rows = 4 };
	for (int i = 0; i < 4; i++)
		s->at[i] = (struct loan_row){ 10 + 7 * i, 25, 2, 0, 0 };
}

static void
allocation(void **state)
{
	static const struct {
		int64_t amount;
		int32_t today;
		int64_t fee, principal, over, past, due, advance;
		bool closes;
	} t[] = {
		{ 0, 5, 0, 0, 0, 0, 0, 0, false },
		{ 1, 5, 1, 0, 0, 0, 0, 1, false }, /* the fee comes first */
		{ 27, 5, 2, 25, 0, 0, 0, 27, false },
		{ 30, 17, 4, 26, 0, 27, 3, 0, false },
		{ 108, 31, 8, 100, 0, 81, 27, 0, true },
		{ 150, 40, 8, 100, 42, 108, 0, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct loan_schedule s;
		struct allocation a;

		four_rows(&s);
		assert_int_equal(allocate(&s, t[i].amount, t[i].today, &a, NULL), 0);
		assert_int_equal(a.fee, t[i].fee);
		assert_int_equal(a.principal, t[i].principal);
		assert_int_equal(a.over, t[i].over);
		assert_int_equal(a.by_class[ALLOCATE_PAST_DUE], t[i].past);
		assert_int_equal(a.by_class[ALLOCATE_DUE], t[i].due);
		assert_int_equal(a.by_class[ALLOCATE_ADVANCE], t[i].advance);
		assert_int_equal(a.closes, t[i].closes);
		assert_int_equal(a.fee + a.principal + a.over, t[i].amount);
	}
}

/* However a sum is cut into payments, the rows end the same. */
static void
allocation_is_the_same_in_parts(void **state)
{
	(void)state;
	for (int64_t total = 1; total <= 120; total++) {
		struct loan_schedule once, parts;
		struct allocation a;

		four_rows(&once);
		four_rows(&parts);
		assert_int_equal(allocate(&once, total, 20, &a, NULL), 0);
		for (int64_t left = total, step = 1; left > 0; step++) {
			int64_t part = step < left ? step : left;

			assert_int_equal(allocate(&parts, part, 20, &a, NULL), 0);
			left -= part;
		}
		assert_memory_equal(&once, &parts, sizeof once);
	}
}

static void
allocation_refuses_nonsense(void **state)
{
	struct loan_schedule s;
	struct allocation a;

	(void)state;
	four_rows(&s);
	assert_int_equal(allocate(&s, -1, 0, &a, NULL), -1);
	s.at[2].fee_paid = 3;
	assert_int_equal(allocate(&s, 1, 0, &a, NULL), -1);
}

static void
standing(void **state)
{
	struct loan_schedule s;
	struct loan_standing st;
	struct allocation a;

	(void)state;
	four_rows(&s);
	assert_int_equal(allocate(&s, 30, 5, &a, NULL), 0);
	loan_standing(&s, 20, &st);
	assert_int_equal(st.owed, 78);
	assert_int_equal(st.past_due, 24);
	assert_int_equal(st.next_due_day, 24);
	assert_int_equal(st.next_due, 27);
	loan_standing(&s, 100, &st); /* all is past: the last open row is named */
	assert_int_equal(st.past_due, 78);
	assert_int_equal(st.next_due_day, 31);
	assert_int_equal(allocate(&s, 78, 20, &a, NULL), 0);
	loan_standing(&s, 20, &st);
	assert_int_equal(st.owed, 0);
	assert_int_equal(st.next_due_day, 0);
}

static void
limits(void **state)
{
	static const struct {
		struct borrower b;
		int64_t amount;
		enum limit_answer want;
	} t[] = {
		{ { false, 0, 0 }, 500000, LIMIT_OK },
		{ { false, 0, 0 }, 500001, LIMIT_OVER },
		{ { false, 0, 100 }, 500100, LIMIT_OK },
		{ { false, 1, 0 }, 750000, LIMIT_OK },
		{ { false, 2, 0 }, 1000000, LIMIT_OK },
		{ { false, 9, INT64_MAX }, 1000001, LIMIT_OVER },
		{ { false, 0, 0 }, 999, LIMIT_MINIMUM },
		{ { true, 0, 0 }, 5000, LIMIT_HAS_LOAN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(limit_check(&product, &t[i].b, t[i].amount), t[i].want);
	assert_false(limit_needs_second(&product, 500000));
	assert_true(limit_needs_second(&product, 500001));
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
		cmocka_unit_test(rounding),
		cmocka_unit_test(money_as_text),
		cmocka_unit_test(days),
		cmocka_unit_test(month_ends_do_not_drift),
		cmocka_unit_test(schedules_sum_to_the_terms),
		cmocka_unit_test(loans_out_of_bounds),
		cmocka_unit_test(allocation),
		cmocka_unit_test(allocation_is_the_same_in_parts),
		cmocka_unit_test(allocation_refuses_nonsense),
		cmocka_unit_test(standing),
		cmocka_unit_test(limits),
		cmocka_unit_test(pins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
