/* The codec of the GSMA Mobile Money API over real HTTP against the simulator, which
 * shares no code with it.
 */
#include "tests/integration/sim_bed.h"

#define ID "X-CorrelationID: " NOBODY

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

static void
numbers_end_as_their_ending_says(void **state)
{
	static const struct sim_ending rows[] = {
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
	for (size_t i = 0; i < COUNT(rows); i++) {
		/* without the name of its state it is not there until it is done */
		struct verdict v = sim_ends(
		    &rows[i], VERDICT_DUPLICATE,
		    rows[i].submit == A ? VERDICT_PENDING : VERDICT_NOT_FOUND, NULL);

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
	assert_int_equal(sim_call(&in, true).kind, A);
	v = sim_settled(&in);
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
		assert_int_equal(sim_settled(&o).kind, PAID);
	}
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
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_inquiry q = { .topic = TOPIC_SERVICE,
			                      .direction = PAY_OUT };
		struct provider_order o = sim_order("255682000100", PAY_OUT);
		struct provider_fact fact;

		assert_int_equal(sim_page("POST", "/service", rows[i].set)->status, 200);
		assert_int_equal(sim_ask(&q, &fact), ERR_NONE);
		assert_int_equal(fact.active, rows[i].active);
		assert_int_equal(sim_call(&o, true).kind, rows[i].submit);
	}
}

static void
what_is_no_request_is_answered_as_there(void **state)
{
	static const struct {
		struct sim_said said;
		const char *header;
	} rows[] = {
		{ { "POST", "/transactions/type/disbursement", "stranger",
		    "application/json", "{}", 401, "" },
		  ID },
		{ { "POST", "/transactions/type/disbursement", SIM_OURS, "text/plain",
		    "{}", 400, "formatError" },
		  ID },
		{ { "POST", "/transactions/type/disbursement", SIM_OURS,
		    "application/json", "[]", 400, "formatError" },
		  ID },
		{ { "POST", "/transactions/type/disbursement", SIM_OURS,
		    "application/json", "{}", 400, "mandatoryValueNotSupplied" },
		  "X-CorrelationID: 7" },
		{ { "POST", "/transactions/type/disbursement", SIM_OURS,
		    "application/json", "{\"amount\":\"1\"}", 400, "identifierError" },
		  ID },
		{ { "PUT", "/transactions/type/disbursement", SIM_OURS,
		    "application/json", "{}", 405, "" },
		  ID },
		{ { "POST", "/transactions/" NOBODY "/reversals", SIM_OURS,
		    "application/json", "{\"type\":\"reversal\"}", 404,
		    "identifierError" },
		  ID },
		{ { "GET", "/requeststates/s-" NOBODY, SIM_OURS, "x/x", NULL, 404,
		    "identifierError" },
		  ID },
		{ { "GET", "/heartbeat", "stranger", "x/x", NULL, 401, "" }, ID },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		sim_is_answered(&rows[i].said, rows[i].header);
}

static void
wrong_requests_are_refused(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order o = sim_order("255682000100", PAY_OUT);
	char book[16];

	(void)state;
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

	return cmocka_run_group_tests(tests, start_world, sim_bed_close);
}
