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
#define NOBODY      "7b1f0f4e-2c11-4c43-9f54-0a7e1c9d2b60"
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

static struct verdict
settled(const struct provider_order *o)
{
	struct verdict v = { .kind = VERDICT_PENDING };

	for (int n = 0; n < 1000 && v.kind == VERDICT_PENDING; n++) {
		v = sim_call(o, false);
		loop_turn(sim.loop, 5);
	}
	return v;
}

static void
what_was_taken_is_reversed_once(void **state)
{
	static const struct {
		int64_t minor;
		enum verdict_kind submit;
		const char *code;
	} rows[] = {
		{ 1000000, A, "" },
		{ 234568, FAILED, "overPaymentNotAllowed" },
		{ 234567, A, "" },
		{ 1, FAILED, "overPaymentNotAllowed" },
	};
	struct provider_order in = sim_order("255682000100", PAY_IN);
	struct verdict v;

	(void)state;
	sim.deadline_ms = 5000;
	assert_int_equal(sim_call(&in, true).kind, A);
	v = settled(&in);
	assert_int_equal(v.kind, PAID);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = sim_order("255682000100", PAY_OUT);
		struct verdict got;

		o.back_reference = in.reference;
		memcpy(o.back_txn, v.provider_txn, sizeof o.back_txn);
		o.amount_minor = rows[i].minor;
		got = sim_call(&o, true);
		assert_int_equal(got.kind, rows[i].submit);
		if (got.kind != A) {
			assert_string_equal(got.code, rows[i].code);
			continue;
		}
		assert_int_equal(sim_call(&o, true).kind, VERDICT_DUPLICATE);
		assert_int_equal(settled(&o).kind, PAID);
	}
}

static int
serves(bool *active)
{
	struct provider_inquiry q = { .topic = TOPIC_SERVICE, .direction = PAY_OUT };
	struct provider_request rq;
	struct provider_answer ans;
	struct provider_fact fact = { .name = "" };
	int result;

	assert_int_equal(
	    provider_gsma.ask(&sim.account, sim_token(PAY_OUT), &q, &rq, NULL), 0);
	ans = sim_answer(sim_send(&rq));
	result = provider_gsma.ask_answer(&q, &ans, &fact, NULL);
	*active = fact.active;
	return result;
}

static void
its_heart_beats_or_not(void **state)
{
	static const struct {
		const char *set;
		bool active;
		enum verdict_kind submit;
	} rows[] = {
		{ "out=closed", false, VERDICT_DOWN },
		{ "out=slow", true, A },
		{ "out=open", true, A },
	};

	(void)state;
	sim.deadline_ms = 5000;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = sim_order("255682000100", PAY_OUT);
		bool active;

		assert_int_equal(sim_page("POST", "/service", rows[i].set)->status, 200);
		assert_int_equal(serves(&active), 0);
		assert_int_equal(active, rows[i].active);
		assert_int_equal(sim_call(&o, true).kind, rows[i].submit);
	}
}

static void
what_is_no_request_is_answered_as_there(void **state)
{
	static const struct {
		const char *method, *path, *bearer, *type, *id, *body;
		int status;
		const char *word;
	} rows[] = {
		{ "POST", "/transactions/type/disbursement", "stranger",
		  "application/json", NOBODY, "{}", 401, "" },
		{ "POST", "/transactions/type/disbursement", NULL, "text/plain", NOBODY,
		  "{}", 400, "formatError" },
		{ "POST", "/transactions/type/disbursement", NULL, "application/json",
		  NOBODY, "[]", 400, "formatError" },
		{ "POST", "/transactions/type/disbursement", NULL, "application/json",
		  "7", "{}", 400, "mandatoryValueNotSupplied" },
		{ "POST", "/transactions/type/disbursement", NULL, "application/json",
		  NOBODY, "{\"amount\":\"1\"}", 400, "identifierError" },
		{ "PUT", "/transactions/type/disbursement", NULL, "application/json",
		  NOBODY, "{}", 405, "" },
		{ "POST", "/transactions/" NOBODY "/reversals", NULL, "application/json",
		  NOBODY, "{\"type\":\"reversal\"}", 404, "identifierError" },
		{ "GET", "/requeststates/s-" NOBODY, NULL, "x/x", NOBODY, NULL, 404,
		  "identifierError" },
		{ "GET", "/heartbeat", "stranger", "x/x", NOBODY, NULL, 401, "" },
	};

	(void)state;
	sim.deadline_ms = 5000;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_request rq = { .method = rows[i].method };
		const struct sim_reply *s;

		snprintf(rq.url, sizeof rq.url, "%.150s%s", sim.account.base_url,
		         rows[i].path);
		snprintf(rq.headers[0], sizeof *rq.headers, "Authorization: Bearer %s",
		         rows[i].bearer != NULL ? rows[i].bearer
		                                : sim_token(PAY_OUT)->text);
		snprintf(rq.headers[1], sizeof *rq.headers, "Content-Type: %s",
		         rows[i].type);
		snprintf(rq.headers[2], sizeof *rq.headers, "X-CorrelationID: %s",
		         rows[i].id);
		if (rows[i].body != NULL) {
			snprintf(rq.body, sizeof rq.body, "%s", rows[i].body);
			rq.body_len = strlen(rq.body);
		}
		s = sim_send(&rq);
		if (s->status != rows[i].status || strstr(s->body, rows[i].word) == NULL)
			fail_msg("%s %s: %d %s", rows[i].method, rows[i].path, s->status,
			         s->body);
	}
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
		cmocka_unit_test(what_was_taken_is_reversed_once),
		cmocka_unit_test(its_heart_beats_or_not),
		cmocka_unit_test(what_is_no_request_is_answered_as_there),
		cmocka_unit_test(wrong_requests_are_refused),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
