#include "ussd/core/render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static char room[256];
static struct buf out;

static void
fresh(void)
{
	buf_init(&out, room, sizeof room);
}

static void
money_is_grouped(void **state)
{
	static const struct {
		int64_t minor;
		unsigned exponent;
		enum render_style style;
		const char *text;
	} row[] = {
		{ 5000000, 2, STYLE_EN, "50,000 TZS" },
		{ 5000000, 2, STYLE_FR, "50 000 TZS" },
		{ 1250, 2, STYLE_EN, "12.50 TZS" },
		{ 1250, 2, STYLE_FR, "12,50 TZS" },
		{ 1005, 2, STYLE_EN, "10.05 TZS" },
		{ 999, 0, STYLE_SW, "999 TZS" },
		{ 1000, 0, STYLE_SW, "1,000 TZS" },
		{ 0, 2, STYLE_EN, "0 TZS" },
		{ -123400, 2, STYLE_EN, "-1,234 TZS" },
		{ 1234567890, 3, STYLE_EN, "1,234,567.890 TZS" },
		{ INT64_MIN, 0, STYLE_EN, "-9,223,372,036,854,775,808 TZS" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		fresh();
		render_money(&out, row[i].minor, row[i].exponent, "TZS", row[i].style);
		assert_string_equal(room, row[i].text);
	}
}

static void
weights_and_shares(void **state)
{
	(void)state;
	fresh();
	render_grams(&out, 12345, STYLE_EN);
	assert_string_equal(room, "12.345 g");
	fresh();
	render_grams(&out, 12500, STYLE_FR);
	assert_string_equal(room, "12,5 g");
	fresh();
	render_grams(&out, 1200000, STYLE_EN);
	assert_string_equal(room, "1,200 g");
	fresh();
	render_percent(&out, 915, STYLE_EN);
	assert_string_equal(room, "91.5%");
	fresh();
	render_percent(&out, 1000, STYLE_SW);
	assert_string_equal(room, "100%");
}

static void
days(void **state)
{
	static const struct {
		int64_t day;
		bool year;
		enum render_style style;
		const char *text;
	} row[] = {
		{ 20780, true, STYLE_EN, "23 Nov 2026" },
		{ 20780, false, STYLE_FR, "23 nov" },
		{ 20780, true, STYLE_PLAIN, "23/11/2026" },
		{ 0, true, STYLE_SW, "1 Jan 1970" },
		{ 11016, true, STYLE_EN, "29 Feb 2000" },
		{ -1, true, STYLE_EN, "31 Dec 1969" },
		{ 20576, false, STYLE_SW, "3 Mei" },
		{ 10000000, true, STYLE_EN, "?" },
	};

	int32_t back;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		fresh();
		render_day(&out, row[i].day, row[i].year, row[i].style);
		assert_string_equal(room, row[i].text);
	}
	for (int32_t day = -20000; day < 60000; day += 13) {
		struct civil c = civil_from_day(day);

		assert_true(day_from_civil(&c, &back));
		assert_int_equal(back, day);
	}
	assert_false(day_from_civil(&(struct civil){ 2026, 2, 29 }, &back));
	assert_false(day_from_civil(&(struct civil){ 2026, 13, 1 }, &back));
	assert_false(day_from_civil(&(struct civil){ 2026, 4, 31 }, &back));
}

static void
numbers_in_words(void **state)
{
	static const struct {
		int64_t n;
		const char *en, *sw, *fr;
	} row[] = {
		{ 0, "zero", "sifuri", "zéro" },
		{ 7, "seven", "saba", "sept" },
		{ 15, "fifteen", "kumi na tano", "quinze" },
		{ 21, "twenty one", "ishirini na moja", "vingt et un" },
		{ 71, "seventy one", "sabini na moja", "soixante et onze" },
		{ 80, "eighty", "themanini", "quatre-vingts" },
		{ 81, "eighty one", "themanini na moja", "quatre-vingt-un" },
		{ 99, "ninety nine", "tisini na tisa", "quatre-vingt-dix-neuf" },
		{ 200, "two hundred", "mia mbili", "deux cents" },
		{ 205, "two hundred five", "mia mbili na tano", "deux cent cinq" },
		{ 1000, "one thousand", "elfu moja", "mille" },
		{ 50000, "fifty thousand", "elfu hamsini", "cinquante mille" },
		{ 80000, "eighty thousand", "elfu themanini", "quatre-vingt mille" },
		{ 200000, "two hundred thousand", "elfu mia mbili", "deux cent mille" },
		{ 1000000, "one million", "milioni moja", "un million" },
		{ 2500000, "two million five hundred thousand",
		  "milioni mbili elfu mia tano", "deux millions cinq cent mille" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		fresh();
		render_words(&out, row[i].n, STYLE_EN);
		assert_string_equal(room, row[i].en);
		fresh();
		render_words(&out, row[i].n, STYLE_SW);
		assert_string_equal(room, row[i].sw);
		fresh();
		render_words(&out, row[i].n, STYLE_FR);
		assert_string_equal(room, row[i].fr);
	}
	fresh();
	render_words(&out, -1, STYLE_EN);
	render_words(&out, INT64_MAX, STYLE_EN);
	render_words(&out, 5, STYLE_PLAIN);
	assert_string_equal(room, "");
}

static void
styles_follow_the_language(void **state)
{
	(void)state;
	assert_int_equal(render_style("sw"), STYLE_SW);
	assert_int_equal(render_style("fr_CD"), STYLE_FR);
	assert_int_equal(render_style("rw"), STYLE_PLAIN);
	assert_int_equal(render_style("eng"), STYLE_PLAIN);
	assert_int_equal(render_style(""), STYLE_PLAIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_is_grouped),
		cmocka_unit_test(weights_and_shares),
		cmocka_unit_test(days),
		cmocka_unit_test(numbers_in_words),
		cmocka_unit_test(styles_follow_the_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
