/* The pawaPay codec over real HTTP against the simulator, which shares no code with it.
 */
#include "tests/integration/sim_bed.h"

static int
start_world(void **state)
{
	const struct provider_account account = { .name = "pawapay",
		                                  .key = "key",
		                                  .currency = "TZS",
		                                  .market = "AIRTEL_TZA",
		                                  .scale = 2 };

	(void)state;
	return sim_bed_open(&provider_pawapay, &account);
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
		{ "255682000115", PAY_OUT, A, VERDICT_PENDING, REASON_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct verdict v =
		    sim_ends(&rows[i], VERDICT_DUPLICATE, VERDICT_PENDING, NULL);

		if (v.kind == VERDICT_PENDING)
			assert_string_equal(v.code, rows[i].direction == PAY_IN
			                                ? "SUBMITTED"
			                                : "IN_RECONCILIATION");
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
what_was_taken_is_given_back_once(void **state)
{
	static const struct {
		int64_t minor;
		enum verdict_kind submit;
		const char *code;
	} rows[] = {
		{ 1000000, A, "ACCEPTED" },
		{ 234568, FAILED, "AMOUNT_TOO_LARGE" },
		{ 234567, A, "ACCEPTED" },
		{ 1, FAILED, "DEPOSIT_ALREADY_REFUNDED" },
	};
	struct provider_order in = sim_order("255682000100", PAY_IN);

	(void)state;
	for (size_t i = 0; i <= COUNT(rows); i++) {
		struct provider_order o = sim_order("255682000100", PAY_OUT);
		struct verdict v;

		o.back_reference = in.reference;
		if (i == 0) { /* of nothing that came */
			assert_string_equal(sim_call(&o, true).code, "DEPOSIT_NOT_FOUND");
			assert_int_equal(sim_call(&in, true).kind, A);
			assert_int_equal(sim_settled(&in).kind, PAID);
			continue;
		}
		o.amount_minor = rows[i - 1].minor;
		v = sim_call(&o, true);
		assert_int_equal(v.kind, rows[i - 1].submit);
		assert_string_equal(v.code, rows[i - 1].code);
		if (v.kind != A)
			continue;
		assert_int_equal(sim_call(&o, true).kind, VERDICT_DUPLICATE);
		assert_int_equal(sim_settled(&o).kind, PAID);
		o.back_reference = (struct uuid){ { 0 } }; /* no payout */
		assert_int_equal(sim_call(&o, false).kind, VERDICT_NOT_FOUND);
	}
}

static enum err_code
ask(enum provider_topic topic, enum pay_direction direction, const char *number,
    struct provider_fact *fact)
{
	struct provider_inquiry q = { .topic = topic, .direction = direction };

	snprintf(q.msisdn, sizeof q.msisdn, "%s", number);
	memcpy(q.market, sim.account.market, sizeof q.market);
	return sim_ask(&q, fact);
}

static void
who_serves_and_whose_a_number_is(void **state)
{
	struct provider_order o = sim_order("255682000100", PAY_OUT);
	struct provider_fact fact;

	(void)state;
	assert_int_equal(ask(TOPIC_SERVICE, PAY_OUT, "", &fact), ERR_NONE);
	assert_true(fact.active);
	assert_int_equal(sim_page("POST", "/service", "out=closed")->status, 200);
	assert_int_equal(ask(TOPIC_SERVICE, PAY_OUT, "", &fact), ERR_NONE);
	assert_false(fact.active);
	assert_int_equal(ask(TOPIC_SERVICE, PAY_IN, "", &fact), ERR_NONE);
	assert_true(fact.active);
	assert_int_equal(sim_call(&o, true).kind, VERDICT_DOWN);
	assert_int_equal(sim_page("POST", "/service", "out=slow")->status, 200);
	assert_int_equal(sim_call(&o, true).kind, A);
	assert_string_equal(sim_call(&o, false).code, "ENQUEUED");
	assert_int_equal(sim_page("POST", "/service", "out=open")->status, 200);
	assert_int_equal(ask(TOPIC_CARRIER, PAY_OUT, "255741000100", &fact), ERR_NONE);
	assert_string_equal(fact.name, "VODACOM_TZA");
	assert_int_equal(ask(TOPIC_CARRIER, PAY_OUT, "255741000107", &fact),
	                 ERR_NOT_FOUND);
}

static void
what_is_no_request_is_answered_as_there(void **state)
{
	static const struct sim_said rows[] = {
		{ "POST", "/v2/payouts", NULL, "application/json", "{}", 401,
		  "AUTHENTICATION_ERROR" },
		{ "GET", "/v2/availability", NULL, NULL, NULL, 401,
		  "AUTHENTICATION_ERROR" },
		{ "POST", "/v2/payouts", "k", "text/plain", "{}", 400, "INVALID_INPUT" },
		{ "POST", "/v2/payouts", "k", NULL, "{}", 400, "INVALID_INPUT" },
		{ "POST", "/v2/payouts", "k", "application/json", "[", 400,
		  "INVALID_INPUT" },
		{ "POST", "/v2/payouts", "k", "application/json", "{}", 200,
		  "INVALID_PARAMETER" },
		{ "POST", "/v2/refunds", "k", "application/json", "{\"depositId\":1}",
		  200, "INVALID_PARAMETER" },
		{ "PUT", "/v2/payouts", "k", "application/json", "{}", 405, "" },
		{ "POST", "/v2/predict-provider", "k", "application/json", "{}", 400,
		  "INVALID_PHONE_NUMBER" },
		{ "GET", "/v2/payouts/no-uuid", "k", NULL, NULL, 200, "NOT_FOUND" },
		{ "GET", "/v2/refunds/" NOBODY, "k", NULL, NULL, 200, "NOT_FOUND" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		sim_is_answered(&rows[i], NULL);
}

static void
wrong_requests_are_refused(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order o = sim_order("255682000100", PAY_OUT);
	char book[16];

	(void)state;
	memcpy(sim.account.market, "X", 2);
	assert_int_equal(sim_call(&o, true).kind, FAILED);
	sim.account = right;
	memcpy(sim.account.currency, "XAF", 4);
	memcpy(o.currency, "XAF", 4);
	assert_int_equal(sim_call(&o, true).kind, FAILED);
	sim.account = right;
	sim_book_state(&o.reference, book);
	assert_string_equal(book, "none");
}

/* Decimals and bounds are the provider's, not the currency's. */
static void
amounts_are_the_providers(void **state)
{
	static const struct {
		const char *market, *currency;
		int64_t minor;
		enum pay_direction direction;
		enum verdict_kind kind;
		const char *code;
	} rows[] = {
		{ "TIGO_TZA", "TZS", 500050, PAY_OUT, FAILED, "INVALID_AMOUNT" },
		{ "AIRTEL_TZA", "TZS", 500050, PAY_OUT, A, "ACCEPTED" },
		{ "VODACOM_MPESA_COD", "CDF", 90000, PAY_OUT, FAILED,
		  "AMOUNT_OUT_OF_BOUNDS" },
		{ "VODACOM_MPESA_COD", "CDF", 90000, PAY_IN, A, "ACCEPTED" },
		{ "MPESA_KEN", "KES", 500050, PAY_IN, FAILED, "INVALID_AMOUNT" },
		{ "MPESA_KEN", "KES", 500050, PAY_OUT, A, "ACCEPTED" },
		{ "MPESA_KEN", "KES", 25000100, PAY_OUT, FAILED, "AMOUNT_OUT_OF_BOUNDS" },
	};
	struct provider_account right = sim.account;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = sim_order("255682000100", rows[i].direction);
		struct verdict v;

		o.amount_minor = rows[i].minor;
		memcpy(o.currency, rows[i].currency, 4);
		memcpy(sim.account.currency, rows[i].currency, 4);
		snprintf(sim.account.market, sizeof sim.account.market, "%s",
		         rows[i].market);
		sim.account.scale = rows[i].minor % 100 == 0 ? 0 : 2;
		v = sim_call(&o, true);
		assert_string_equal(v.code, rows[i].code);
		assert_int_equal(v.kind, rows[i].kind);
	}
	sim.account = right;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_the_providers),
		cmocka_unit_test(numbers_end_as_their_ending_says),
		cmocka_unit_test(verdicts_agree_with_the_book_whatever_happens),
		cmocka_unit_test(what_was_taken_is_given_back_once),
		cmocka_unit_test(who_serves_and_whose_a_number_is),
		cmocka_unit_test(what_is_no_request_is_answered_as_there),
		cmocka_unit_test(wrong_requests_are_refused),
	};

	return cmocka_run_group_tests(tests, start_world, sim_bed_close);
}
