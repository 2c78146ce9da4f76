/* Weights as people say them. */
#include "payments/core/unit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
weights(void **state)
{
	static const struct {
		const char *text, *unit;
		int64_t mg;
	} t[] = {
		{ "1 g", "g", 1000 },
		{ "12.5", "", 12500 },
		{ "12,5 gramu", "gramu", 12500 },
		{ "1 tola", "tola", 11664 },      /* 11663.8038 */
		{ "2.5 tola", "tola", 29160 },    /* 29159.5095 */
		{ "2.5tolagl", "tolagl", 28500 }, /* of 11.4 g  */
		{ "1 DWT", "dwt", 1555 },         /* 1555.17384 */
		{ "20 dwt", "dwt", 31103 },       /* an ounce   */
		{ "1 oz", "oz", 31103 },
		{ "480 grain", "grain", 31103 },
		{ "1 pound", "pound", 7750 },
		{ "1 lb", "lb", 453592 },
		{ "1.5 carats", "carats", 300 },
		{ "7 ctpoint", "ctpoint", 14 },
		{ "3 point", "point", 300 },
		{ "0.0005 g", "g", 0 }, /* half a milligram, to the even: none */
		{ "0.0015 g", "g", 2 },
		{ " 3  kg ", "kg", 3000000 },
		{ "2 t", "t", 2000000000 },
		{ "750 mg", "mg", 750 },
		{ "1 kopo", "kopo", -1 }, /* rough */
		{ "1 blade", "blade", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct weight_text w;
		const struct unit *u;
		struct err err = err_none();
		int64_t mg = 0;
		int rc;

		assert_int_equal(weight_read(t[i].text, &w, &err), 0);
		assert_string_equal(w.unit, t[i].unit);
		u = unit_find(w.unit[0] == '\0' ? "g" : w.unit);
		assert_non_null(u);
		rc = weight_mg(w.amount, u, &mg, &err);
		assert_int_equal(rc, t[i].mg > 0 ? 0 : -1);
		if (t[i].mg > 0)
			assert_int_equal(mg, t[i].mg);
		else
			assert_int_equal(err.code, ERR_RANGE);
	}
}

static void
mistyped(void **state)
{
	static const char *const bad[] = { "",
		                           "g",
		                           "g 2",
		                           "-1 g",
		                           "1e3 g",
		                           "1.2.3 g",
		                           ".5 g",
		                           "5. g",
		                           "2 g g",
		                           "2 g!",
		                           "2 /g",
		                           "1234567890123456789 g",
		                           "1 averylongunit" };
	struct weight_text w;
	struct err err = err_none();

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(weight_read(bad[i], &w, &err), -1);
		assert_int_equal(err.code, ERR_SYNTAX);
	}
	assert_null(unit_find("renge"));
	assert_null(unit_find(""));
}

static void
own_units(void **state)
{
	static const struct {
		struct unit u;
		bool good;
	} t[] = {
		{ { "renge", 1250, 1, 1, false }, true },
		{ { "renge2", 3750001, 3000, 2, false }, true },
		{ { "", 1, 1, 1, false }, false },
		{ { "2x", 1, 1, 1, false }, false },
		{ { "a b", 1, 1, 1, false }, false },
		{ { "x", 0, 1, 1, false }, false },
		{ { "x", 1, 0, 1, false }, false },
		{ { "x", -1, 1, 1, false }, false },
		{ { "x", 1000000001, 1, 1, false }, false },
		{ { "x", 1, 1, 0, false }, false },
	};

	int64_t mg;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(unit_check(&t[i].u, NULL), t[i].good ? 0 : -1);
	assert_int_equal(weight_mg("3", &t[0].u, &mg, NULL), 0);
	assert_int_equal(mg, 3750);
	assert_int_equal(weight_mg("9", &t[1].u, &mg, NULL), 0); /* 11250.003 */
	assert_int_equal(mg, 11250);
}

/* Every unit: valid, found by its own code only, and its milligrams grow with the
 * amount; a thousand of one weigh what a thousandth of a thousand thousands does. */
static void
every_unit(void **state)
{
	(void)state;
	for (size_t i = 0; unit_at(i) != NULL; i++) {
		struct unit u = *unit_at(i);
		int64_t before = 0, mg, again;
		char text[UNIT_AMOUNT_SIZE];

		assert_int_equal(unit_check(&u, NULL), 0);
		assert_ptr_equal(unit_find(u.code), unit_at(i));
		u.rough = false;
		for (int n = 1; n < 400; n++) {
			snprintf(text, sizeof text, "%d", n);
			assert_int_equal(weight_mg(text, &u, &mg, NULL), 0);
			assert_true(mg > before);
			before = mg;
			snprintf(text, sizeof text, "%d.000", n);
			assert_int_equal(weight_mg(text, &u, &again, NULL), 0);
			assert_int_equal(mg, again);
		}
	}
}

/* One unit in terms of another, exactly. */
static void
relations(void **state)
{
	static const struct {
		int64_t n;
		const char *of, *is;
	} t[] = { { 20, "dwt", "ozt" },     { 24, "grain", "dwt" },
		  { 180, "grain", "tola" }, { 5, "ct", "g" },
		  { 100, "ctpoint", "ct" }, { 10, "point", "g" },
		  { 1000, "kg", "tonne" },  { 10, "blade", "pound" },
		  { 7000, "grain", "lb" } };

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		const struct unit *a = unit_find(t[i].of), *b = unit_find(t[i].is);

		assert_int_equal(
		    exact_compare(
		        exact_times(exact_of(t[i].n, 1), exact_of(a->mg_num, a->mg_den)),
		        exact_of(b->mg_num, b->mg_den)),
		    EXACT_EQUAL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights),   cmocka_unit_test(mistyped),
		cmocka_unit_test(own_units), cmocka_unit_test(every_unit),
		cmocka_unit_test(relations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
