/* batch_line: what a line of a file of payouts may look like. */
#include "payments/core/batch_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOTE60 "123456789 123456789 123456789 123456789 123456789 123456789 "

static void
test_lines(void **state)
{
	static const struct {
		const char *text;
		unsigned exponent;
		enum batch_word word;
		int64_t amount;
		const char *note, *member;
	} row[] = {
		{ "255712000100,25000,bonus", 2, BATCH_ROW, 2500000, "bonus", "" },
		{ "+255712000100, 25000.5 , bonus ,M-0004\r", 2, BATCH_ROW, 2500050,
		  "bonus", "M-0004" },
		{ "255712000100,\"25000\",\"bonus, with \"\"thanks\"\"\"", 2, BATCH_ROW,
		  2500000, "bonus, with \"thanks\"", "" },
		{ "256772000100,25000,bonus", 0, BATCH_ROW, 25000, "bonus", "" },
		{ "255712000100,999999999999.99,b", 2, BATCH_ROW, INT64_C(99999999999999),
		  "b", "" },
		{ "number,amount,note", 2, BATCH_NOTHING, 0, "", "" },
		{ "Number,Amount,Note,Member", 2, BATCH_NOTHING, 0, "", "" },
		{ "", 2, BATCH_NOTHING, 0, "", "" },
		{ "  \r", 2, BATCH_NOTHING, 0, "", "" },
		{ "0712000100,1,b", 2, BATCH_NUMBER, 0, "", "" },
		{ "2557120001001234,1,b", 2, BATCH_NUMBER, 0, "", "" },
		{ "25571200x100,1,b", 2, BATCH_NUMBER, 0, "", "" },
		{ "255712000100,0,b", 2, BATCH_AMOUNT, 0, "", "" },
		{ "255712000100,-5,b", 2, BATCH_AMOUNT, 0, "", "" },
		{ "255712000100,1.005,b", 2, BATCH_AMOUNT, 0, "", "" },
		{ "256772000100,1.5,b", 0, BATCH_AMOUNT, 0, "", "" },
		{ "255712000100,1.,b", 2, BATCH_AMOUNT, 0, "", "" },
		{ "255712000100,1e3,b", 2, BATCH_AMOUNT, 0, "", "" },
		{ "255712000100,\"1,000\",b", 2, BATCH_AMOUNT, 0, "", "" },
		{ "255712000100,1000000000000,b", 2, BATCH_AMOUNT, 0, "", "" },
		{ "255712000100,1,", 2, BATCH_NOTE, 0, "", "" },
		{ "255712000100,1,x" NOTE60, 2, BATCH_ROW, 100, "x" NOTE60, "" },
		{ "255712000100,1,xy" NOTE60 "z", 2, BATCH_NOTE, 0, "", "" },
		{ "255712000100,1,a\tb", 2, BATCH_NOTE, 0, "", "" },
		{ "255712000100,1,\xff", 2, BATCH_NOTE, 0, "", "" },
		{ "255712000100,1,é", 2, BATCH_ROW, 100, "é", "" },
		{ "255712000100,1,b,M-000000000000000001", 2, BATCH_MEMBER, 0, "", "" },
		{ "255712000100,1", 2, BATCH_FIELDS, 0, "", "" },
		{ "255712000100,1,b,m,x", 2, BATCH_FIELDS, 0, "", "" },
		{ "255712000100,1,\"b", 2, BATCH_FIELDS, 0, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct batch_line got = { .amount = 0 };
		char want[100];
		enum batch_word w = batch_line_read(row[i].text, strlen(row[i].text),
		                                    BATCH_MEMBERS, row[i].exponent, &got);

		if (w != row[i].word)
			fail_msg("\"%s\": %d", row[i].text, w);
		if (w != BATCH_ROW)
			continue;
		snprintf(want, sizeof want, "%s", row[i].note);
		while (want[0] != '\0' && want[strlen(want) - 1] == ' ')
			want[strlen(want) - 1] = '\0';
		assert_int_equal(got.amount, row[i].amount);
		assert_string_equal(got.note, want);
		assert_string_equal(got.member, row[i].member);
		assert_int_equal(strspn(got.msisdn, "0123456789"), 12);
	}
	for (unsigned w = BATCH_NUMBER; w < BATCH_WORDS; w++)
		assert_true(strlen(batch_word_text((enum batch_word)w)) > 10);
}

static void
test_wages(void **state)
{
	static const struct {
		const char *text;
		enum batch_word word;
		const char *payee;
	} row[] = {
		{ "255712000100,25000,digging,Asha Juma", BATCH_ROW, "Asha Juma" },
		{ "255712000100,25000,digging, \"Juma, Asha\" ", BATCH_ROW,
		  "Juma, Asha" },
		{ "number,amount,note,name", BATCH_NOTHING, "" },
		{ "255712000100,25000,digging", BATCH_WAGE_FIELDS, "" },
		{ "255712000100,25000,digging,Asha,M-0001", BATCH_WAGE_FIELDS, "" },
		{ "255712000100,25000,digging,", BATCH_NAME, "" },
		{ "255712000100,25000,digging,A", BATCH_NAME, "" },
		{ "255712000100,25000,digging,A\tsha", BATCH_NAME, "" },
		{ "255712000100,25000,digging,x" NOTE60, BATCH_ROW, "x" NOTE60 },
		{ "255712000100,25000,digging,xy" NOTE60 "z", BATCH_NAME, "" },
		{ "255712000100,25000,,Asha Juma", BATCH_NOTE, "" },
		{ "712000100x,25000,digging,Asha Juma", BATCH_NUMBER, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct batch_line got = { .amount = 0 };
		enum batch_word w = batch_line_read(row[i].text, strlen(row[i].text),
		                                    BATCH_WAGES, 2, &got);
		size_t n = strlen(row[i].payee);

		if (w != row[i].word)
			fail_msg("\"%s\": %d", row[i].text, w);
		if (w != BATCH_ROW)
			continue;
		n -= row[i].payee[n - 1] == ' ' ? 1 : 0;
		assert_memory_equal(got.payee, row[i].payee, n);
		assert_int_equal(strlen(got.payee), n);
		assert_string_equal(got.member, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lines),
		                            cmocka_unit_test(test_wages) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
