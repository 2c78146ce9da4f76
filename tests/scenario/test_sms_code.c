/*
 * A one-time code taken back, in virtual time: each verdict of the books, each call lost,
 * refused or late, and a cancel at every turn.
 */
#include "config/settings.h"
#include "lib/log.h"
#include "payments/flow/sms_code.h"
#include "tests/fake/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CODE_ROW                                                                         \
	"01900000-0000-7000-8000-00000000aa01|01900000-0000-7000-8000-00000000aa02|"     \
	"255712000100|pay|500000|1000|2000\n"

struct world {
	struct clock clock;
	struct loop *loop;
	struct settings settings;
	struct flow_env env;
	unsigned told;
	struct payments_answer answer;
	struct code_answer code;
};

static void
start(struct world *w)
{
	memset(w, 0, sizeof *w);
	log_set_level(LOG_LEVEL_ERROR + 1);
	clock_init_virtual(&w->clock, INT64_C(1700000000000));
	w->loop = loop_new(&w->clock);
	script_reset(w->loop);
	settings_defaults(&w->settings);
	w->env.loop = w->loop;
	w->env.settings = &w->settings;
	w->env.pg = pg_new(w->loop, &(struct pg_options){ .connections = 1 });
}

static void
end(struct world *w)
{
	pg_free(w->env.pg);
	script_reset(w->loop);
	loop_free(w->loop);
}

static void
on_answer(void *arg, const struct payments_answer *a, const struct code_answer *c)
{
	struct world *w = arg;

	w->told++;
	w->answer = *a;
	w->code = *c;
}

static struct payments_op *
use(struct world *w)
{
	const struct code_try ask = { .who = { 1, { { 1 } } },
		                      .msisdn = "255712000100",
		                      .code = "483920",
		                      .sms = { { 9 } } };

	return payments_code_use(&w->env, &ask, on_answer, w);
}

static void
each_verdict(void **state)
{
	static const struct {
		const char *row, *verdict;
		enum outcome outcome;
		const char *reason, *trace;
	} rows[] = {
		{ CODE_ROW, "right|3\n", OUTCOME_OK, "",
		  "sms_code_of_member sms_code_try" },
		{ CODE_ROW, "wrong|2\n", OUTCOME_FAIL, "wrong",
		  "sms_code_of_member sms_code_try" },
		{ CODE_ROW, "spent|0\n", OUTCOME_FAIL, "spent",
		  "sms_code_of_member sms_code_try" },
		{ CODE_ROW, "late|0\n", OUTCOME_FAIL, "late",
		  "sms_code_of_member sms_code_try" },
		{ CODE_ROW, "none|0\n", OUTCOME_FAIL, "none",
		  "sms_code_of_member sms_code_try" },
		{ CODE_ROW, "maybe|0\n", OUTCOME_FAIL, "try_later",
		  "sms_code_of_member sms_code_try" },
		{ NULL, NULL, OUTCOME_FAIL, "none", "sms_code_of_member" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world w;

		start(&w);
		script_always("sms_code_of_member", answer_rows(rows[i].row));
		script_always("sms_code_try", answer_rows(rows[i].verdict));
		use(&w);
		script_run(10000);
		assert_int_equal(w.told, 1);
		assert_int_equal(w.answer.outcome, rows[i].outcome);
		assert_string_equal(w.answer.reason, rows[i].reason);
		assert_string_equal(script_trace(), rows[i].trace);
		if (w.answer.outcome == OUTCOME_OK) {
			assert_string_equal(w.code.action, "pay");
			assert_int_equal(w.code.amount, 500000);
			assert_int_equal(w.code.code_id.b[15], 1);
		}
		end(&w);
	}
}

/* What was not heard is never taken for right: the carrier brings the SMS again. */
static void
each_call_lost(void **state)
{
	static const enum script_fault faults[] = { FAULT_NOT_SENT, FAULT_LOST_BEFORE,
		                                    FAULT_LOST_AFTER, FAULT_SILENT };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
			struct world w;

			start(&w);
			script_always("sms_code_of_member", answer_rows(CODE_ROW));
			script_always("sms_code_try", answer_rows("right|3\n"));
			script_fault(k, faults[i]);
			use(&w);
			script_run(60000);
			assert_int_equal(w.told, 1);
			assert_int_equal(w.answer.outcome, OUTCOME_FAIL);
			assert_string_equal(w.answer.reason, "try_later");
			end(&w);
		}
	}
}

static void
cancelled_at_every_turn(void **state)
{
	(void)state;
	for (int turns = 0; turns < 6; turns++) {
		struct world w;
		struct payments_op *op;

		start(&w);
		script_always("sms_code_of_member", answer_rows(CODE_ROW));
		script_always("sms_code_try", answer_rows("right|3\n"));
		op = use(&w);
		for (int i = 0; i < turns && w.told == 0; i++)
			loop_turn(w.loop, 0);
		if (w.told == 0) {
			payments_cancel(&op);
			script_run(10000);
			assert_int_equal(w.told, 0);
		}
		assert_int_equal(script_open(), 0);
		end(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict),
		cmocka_unit_test(each_call_lost),
		cmocka_unit_test(cancelled_at_every_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
