/* The codec of the GSMA Mobile Money API over real HTTP against the simulator, which
 * shares no code with it.
 */
#include "tests/integration/sim_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define A           VERDICT_ACCEPTED
#define PAID        VERDICT_PAID
#define FAILED      VERDICT_FAILED

static int
start_world(void **state)
{
	const struct provider_account account = { .name = "gsma",
		                                  .user = "client",
		                                  .key = "key",
		                                  .currency = "TZS",
		                                  .party = "400100",
		                                  .scale = 2 };

	(void)state;
	return sim_bed_open(&provider_gsma, &account);
}

static int
end_world(void **state)
{
	(void)state;
	return sim_bed_close();
}

static void
numbers_end_as_their_ending_says(void **state)
{
	static const struct {
		const char *number;
		enum pay_direction direction;
		enum verdict_kind submit, end;
		enum pay_reason reason;
	} rows[] = {
		{ "255682000100", PAY_OUT, A, PAID, REASON_NONE },
		{ "255682000100", PAY_IN, A, PAID, REASON_NONE },
		{ "255682000101", PAY_OUT, A, FAILED, REASON_OUR_FLOAT },
		{ "255682000101", PAY_IN, A, FAILED, REASON_NO_FUNDS },
		{ "255682000103", PAY_IN, A, FAILED, REASON_CANCELLED },
		{ "255682000106", PAY_OUT, A, FAILED, REASON_LIMIT },
		{ "255682000107", PAY_OUT, A, FAILED, REASON_NOT_REGISTERED },
		{ "255682000112", PAY_OUT, VERDICT_UNKNOWN, PAID, REASON_NONE },
		{ "255682000113", PAY_OUT, VERDICT_DOWN, VERDICT_NOT_FOUND, REASON_NONE },
		{ "255682000108", PAY_IN, A, VERDICT_PENDING, REASON_NONE },
	};

	(void)state;
	sim.deadline_ms = 5000;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = sim_order(rows[i].number, rows[i].direction);
		struct verdict v = sim_call(&o, true);

		assert_int_equal(v.kind, rows[i].submit);
		if (v.kind == A)
			assert_int_equal(sim_call(&o, true).kind, VERDICT_DUPLICATE);
		for (int n = 0; n < 1000; n++) {
			v = sim_call(&o, false);
			if (v.kind == rows[i].end)
				break;
			/* without the name of its state it is not there until it is done
			 */
			assert_int_equal(v.kind, rows[i].submit == A ? VERDICT_PENDING
			                                             : VERDICT_NOT_FOUND);
			loop_turn(sim.loop, 5);
		}
		assert_int_equal(v.kind, rows[i].end);
		assert_int_equal(v.reason, rows[i].reason);
		if (v.kind == PAID)
			assert_string_not_equal(v.provider_txn, "");
	}
}

static void
verdicts_agree_with_the_book_whatever_happens(void **state)
{
	static const char *const endings[SIM_ENDINGS] = { "00", "01", "05", "07",
		                                          "10", "12", "06" };

	(void)state;
	sim_agrees_whatever_happens("25568200", endings);
}

static void
wrong_requests_are_refused(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order o = sim_order("255682000100", PAY_OUT);
	char book[16];

	(void)state;
	sim.deadline_ms = 5000;
	memcpy(sim.account.currency, "XAF", 4);
	memcpy(o.currency, "XAF", 4);
	assert_int_equal(sim_call(&o, true).kind, FAILED);
	sim.account = right;
	sim_book_state(&o.reference, book);
	assert_string_equal(book, "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_as_their_ending_says),
		cmocka_unit_test(verdicts_agree_with_the_book_whatever_happens),
		cmocka_unit_test(wrong_requests_are_refused),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
