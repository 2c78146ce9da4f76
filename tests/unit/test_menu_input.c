#include "ussd/core/menu_program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static enum menu_answer
read_as(enum menu_type type, unsigned exponent, const char *input, struct menu_value *v)
{
	struct menu_facts facts = { .currency = "TZS",
		                    .exponent = exponent,
		                    .today = 20780 };
	struct menu_scope scope = { .facts = &facts };
	struct menu_ask ask = { .type = type, .size = 10 };
	struct menu_value bounds[2];

	facts.country = msisdn_country("TZ");
	return menu_read_input(&scope, &ask, input, strlen(input), v, bounds);
}

static void
numbers_as_people_type_them(void **state)
{
	static const struct {
		enum menu_type type;
		unsigned exponent;
		const char *input;
		int64_t number; /* -1: refused */
	} row[] = {
		{ TYPE_MONEY, 2, "50000", 5000000 },
		{ TYPE_MONEY, 2, "50,000", 5000000 },
		{ TYPE_MONEY, 2, "50 000", 5000000 },
		{ TYPE_MONEY, 2, "50.000", 5000000 },
		{ TYPE_MONEY, 2, "50k", 5000000 },
		{ TYPE_MONEY, 2, "1.5k", 150000 },
		{ TYPE_MONEY, 2, "2M", 200000000 },
		{ TYPE_MONEY, 2, "12.50", 1250 },
		{ TYPE_MONEY, 2, "12,5", 1250 },
		{ TYPE_MONEY, 2, "1.234.567", 123456700 },
		{ TYPE_MONEY, 2, "1,234.50", 123450 },
		{ TYPE_MONEY, 2, "TZS 500", 50000 },
		{ TYPE_MONEY, 2, "500 tzs", 50000 },
		{ TYPE_MONEY, 2, "500/=", 50000 },
		{ TYPE_MONEY, 0, "500", 500 },
		{ TYPE_MONEY, 0, "500.5", -1 },
		{ TYPE_MONEY, 2, "12.505", 1250500 },
		{ TYPE_MONEY, 2, "12.5055", -1 },
		{ TYPE_MONEY, 2, "", -1 },
		{ TYPE_MONEY, 2, "0", -1 },
		{ TYPE_MONEY, 2, "-5", -1 },
		{ TYPE_MONEY, 2, "5o", -1 },
		{ TYPE_MONEY, 2, "1..5", -1 },
		{ TYPE_MONEY, 2, "k", -1 },
		{ TYPE_MONEY, 2, "9999999999999", -1 },
		{ TYPE_MONEY, 2, "999999999999m", -1 },
		{ TYPE_MONEY, 3, "1", 1000 },
		{ TYPE_GRAMS, 2, "12.5", 12500 },
		{ TYPE_GRAMS, 2, "12,345 g", 12345 },
		{ TYPE_GRAMS, 2, "0.001", 1 },
		{ TYPE_GRAMS, 2, "1.2345", -1 },
		{ TYPE_GRAMS, 2, "5k", -1 },
		{ TYPE_PERCENT, 2, "91.5%", 915 },
		{ TYPE_PERCENT, 2, "91,5", 915 },
		{ TYPE_PERCENT, 2, "91.55", -1 },
		{ TYPE_COUNT, 2, "8", 8 },
		{ TYPE_COUNT, 2, "1,200", 1200 },
		{ TYPE_COUNT, 2, "8.5", -1 },
		{ TYPE_DATE, 2, "23.11.2026", 20780 },
		{ TYPE_DATE, 2, "23/11/26", 20780 },
		{ TYPE_DATE, 2, "23-11", 20780 },
		{ TYPE_DATE, 2, "23112026", 20780 },
		{ TYPE_DATE, 2, "1.1.1970", 0 },
		{ TYPE_DATE, 2, "31.2.2026", -1 },
		{ TYPE_DATE, 2, "23", -1 },
		{ TYPE_DATE, 2, ".11.2026", -1 },
		{ TYPE_DATE, 2, "23..2026", -1 },
		{ TYPE_DATE, 2, "231120261", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct menu_value v;
		enum menu_answer a =
		    read_as(row[i].type, row[i].exponent, row[i].input, &v);

		if ((a == ANSWER_GOOD) != (row[i].number >= 0) ||
		    (a == ANSWER_GOOD && v.number != row[i].number))
			fail_msg("row %zu: \"%s\" gives %d, %lld", i, row[i].input,
			         (int)a, (long long)v.number);
	}
}

static void
texts_phones_and_members(void **state)
{
	static const struct {
		enum menu_type type;
		const char *input, *text;
		enum menu_answer answer;
	} row[] = {
		{ TYPE_PHONE, "0712 000 100", "255712000100", ANSWER_GOOD },
		{ TYPE_PHONE, "+255712000100", "255712000100", ANSWER_GOOD },
		{ TYPE_PHONE, "12", "", ANSWER_BAD },
		{ TYPE_MEMBER, "m1", "M-0001", ANSWER_GOOD },
		{ TYPE_MEMBER, "M-0042", "M-0042", ANSWER_GOOD },
		{ TYPE_MEMBER, "M-123456", "M-123456", ANSWER_GOOD },
		{ TYPE_MEMBER, "0712000100", "255712000100", ANSWER_GOOD },
		{ TYPE_MEMBER, "M-", "", ANSWER_BAD },
		{ TYPE_MEMBER, "M-123456789", "", ANSWER_BAD },
		{ TYPE_TEXT, "Neema", "Neema", ANSWER_GOOD },
		{ TYPE_TEXT, "Renée Ngô", "Renée Ngô", ANSWER_GOOD },
		{ TYPE_TEXT, "Neema Juma A", "", ANSWER_LONG },
		{ TYPE_TEXT, "a\nb", "", ANSWER_BAD },
		{ TYPE_TEXT, "\xff", "", ANSWER_BAD },
		{ TYPE_TEXT, "", "", ANSWER_BAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct menu_value v;

		assert_int_equal(read_as(row[i].type, 2, row[i].input, &v),
		                 row[i].answer);
		if (row[i].answer == ANSWER_GOOD)
			assert_string_equal(v.text, row[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_as_people_type_them),
		cmocka_unit_test(texts_phones_and_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
