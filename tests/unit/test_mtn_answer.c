/* The MTN codec: every answer we know of, and what it says about the money. */
#include "lib/buf.h"
#include "payments/provider/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define REFERENCE   "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"

static struct provider_order
order(enum pay_direction direction)
{
	struct provider_order o = {
		.direction = direction,
		.msisdn = "255712000100",
		.amount_minor = 5000000,
		.exponent = 2,
		.currency = "TZS",
		.note = "Loan ABC234",
		.external_id = "ABC234",
	};

	assert_true(uuid_parse(REFERENCE, 36, &o.reference));
	return o;
}

static struct provider_answer
answer(int status, const char *body)
{
	return (struct provider_answer){ .status = status,
		                         .content_type = "application/json",
		                         .body = body,
		                         .len = strlen(body) };
}

static void
tokens_are_read_with_care(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err_code code;
		int64_t expires_ms;
	} rows[] = {
		{ 200,
		  "{\"access_token\":\"abc.d-e_f\",\"token_type\":\"access_token\","
		  "\"expires_in\":3600}",
		  ERR_NONE, 1000 + 3540000 },
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":\"180\"}", ERR_NONE,
		  1000 + 120000 },
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":60}", ERR_NONE,
		  1000 + 30000 },
		/* 90 days: kept for a week */
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":7776000}", ERR_NONE,
		  1000 + INT64_C(604740000) },
		{ 200, "<html><title>Request Rejected</title></html>", ERR_PEER, 0 },
		{ 200, "", ERR_PEER, 0 },
		{ 200, "{\"access_token\":\"\",\"expires_in\":60}", ERR_PEER, 0 },
		{ 200, "{\"access_token\":\"a b\",\"expires_in\":60}", ERR_PEER, 0 },
		{ 200, "{\"access_token\":\"a\\r\\nX: y\",\"expires_in\":60}", ERR_PEER,
		  0 },
		{ 200, "{\"access_token\":\"abc\"}", ERR_PEER, 0 },
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":-1}", ERR_PEER, 0 },
		{ 200, "{\"access_token\":7,\"expires_in\":60}", ERR_PEER, 0 },
		{ 401, "{\"error\":\"login_failed\"}", ERR_AUTH, 0 },
		{ 411, "", ERR_PEER, 0 },
		{ 500, "{\"access_token\":\"abc\",\"expires_in\":60}", ERR_PEER, 0 },
	};

	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = answer(rows[i].status, rows[i].body);
		struct provider_token t = { .text = "" };
		struct err err = err_none();
		int got = provider_mtn.token_answer(&ans, 1000, &t, &err);

		assert_int_equal(got, rows[i].code == ERR_NONE ? 0 : -1);
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(t.expires_ms, rows[i].expires_ms);
	}
}

#define CODE(word) "{\"code\":\"" word "\",\"message\":\"m\"}"

static const struct submit_row {
	int status;
	const char *body;
	enum verdict_kind kind;
	enum pay_reason in, out;
	const char *code;
} submit_rows[] = {
	{ 202, "", VERDICT_ACCEPTED, REASON_NONE, REASON_NONE, "HTTP_202" },
	{ 202, "{}", VERDICT_ACCEPTED, REASON_NONE, REASON_NONE, "HTTP_202" },
	{ 200, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_200" },
	{ 200, "<html>Request Rejected</html>", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_200" },
	{ 200, "{\"status\":\"SUCCESSFUL\"}", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_200" },
	{ 307, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_307" },
	{ 400, "", VERDICT_FAILED, REASON_OUR_SETUP, REASON_OUR_SETUP, "HTTP_400" },
	{ 400, "{\"message\":\"bad\"}", VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_OUR_SETUP, "HTTP_400" },
	{ 400, "<html>proxy</html>", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_400" },
	{ 400, CODE("SOMETHING_NEW"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "SOMETHING_NEW" },
	{ 401, "", VERDICT_AUTH, REASON_NONE, REASON_NONE, "HTTP_401" },
	{ 401, "{\"statusCode\":401,\"message\":\"Access denied\"}", VERDICT_AUTH,
	  REASON_NONE, REASON_NONE, "HTTP_401" },
	{ 403, "", VERDICT_DOWN, REASON_OUR_SETUP, REASON_OUR_SETUP, "HTTP_403" },
	{ 403, "{\"message\":\"FORBIDDEN IP\"}", VERDICT_DOWN, REASON_OUR_SETUP,
	  REASON_OUR_SETUP, "HTTP_403" },
	{ 404, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_404" },
	{ 404, CODE("RESOURCE_NOT_FOUND"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "RESOURCE_NOT_FOUND" },
	{ 404, CODE("PAYEE_NOT_FOUND"), VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_NOT_REGISTERED, "PAYEE_NOT_FOUND" },
	{ 408, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_408" },
	{ 409, "", VERDICT_DUPLICATE, REASON_NONE, REASON_NONE, "HTTP_409" },
	{ 409, CODE("RESOURCE_ALREADY_EXIST"), VERDICT_DUPLICATE, REASON_NONE,
	  REASON_NONE, "RESOURCE_ALREADY_EXIST" },
	{ 409, CODE("SOMETHING_NEW"), VERDICT_DUPLICATE, REASON_NONE, REASON_NONE,
	  "SOMETHING_NEW" },
	{ 500, CODE("RESOURCE_ALREADY_EXIST"), VERDICT_DUPLICATE, REASON_NONE,
	  REASON_NONE, "RESOURCE_ALREADY_EXIST" },
	{ 429, "", VERDICT_DOWN, REASON_PROVIDER_DOWN, REASON_PROVIDER_DOWN, "HTTP_429" },
	{ 500, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_500" },
	{ 500, "{}", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_500" },
	{ 500, "[]", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_500" },
	{ 500, CODE("INTERNAL_PROCESSING_ERROR"), VERDICT_UNKNOWN, REASON_NONE,
	  REASON_NONE, "INTERNAL_PROCESSING_ERROR" },
	{ 500, CODE("NOT_ALLOWED"), VERDICT_FAILED, REASON_NOT_ALLOWED,
	  REASON_NOT_ALLOWED, "NOT_ALLOWED" },
	{ 500, CODE("NOT_ALLOWED_TARGET_ENVIRONMENT"), VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_OUR_SETUP, "NOT_ALLOWED_TARGET_ENVIRONMENT" },
	{ 500, CODE("INVALID_CALLBACK_URL_HOST"), VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_OUR_SETUP, "INVALID_CALLBACK_URL_HOST" },
	{ 500, CODE("INVALID_CURRENCY"), VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_OUR_SETUP, "INVALID_CURRENCY" },
	{ 500, CODE("NOT_ENOUGH_FUNDS"), VERDICT_FAILED, REASON_NO_FUNDS,
	  REASON_OUR_FLOAT, "NOT_ENOUGH_FUNDS" },
	{ 500, CODE("PAYEE_NOT_FOUND"), VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_NOT_REGISTERED, "PAYEE_NOT_FOUND" },
	{ 500, CODE("PAYER_NOT_FOUND"), VERDICT_FAILED, REASON_NOT_REGISTERED,
	  REASON_OUR_SETUP, "PAYER_NOT_FOUND" },
	{ 500, CODE("PAYER_LIMIT_REACHED"), VERDICT_FAILED, REASON_LIMIT,
	  REASON_OUR_FLOAT, "PAYER_LIMIT_REACHED" },
	{ 500, CODE("PAYEE_NOT_ALLOWED_TO_RECEIVE"), VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_NOT_ALLOWED, "PAYEE_NOT_ALLOWED_TO_RECEIVE" },
	{ 500, CODE("SENDER_ACCOUNT_NOT_ACTIVE"), VERDICT_FAILED, REASON_NOT_REGISTERED,
	  REASON_OUR_SETUP, "SENDER_ACCOUNT_NOT_ACTIVE" },
	{ 500, CODE("COULD_NOT_PERFORM_TRANSACTION"), VERDICT_UNKNOWN, REASON_NONE,
	  REASON_NONE, "COULD_NOT_PERFORM_TRANSACTION" },
	{ 500, CODE("TRANSFER_TYPE_UNKNOWN"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "TRANSFER_TYPE_UNKNOWN" },
	{ 503, CODE("SERVICE_UNAVAILABLE"), VERDICT_DOWN, REASON_PROVIDER_DOWN,
	  REASON_PROVIDER_DOWN, "SERVICE_UNAVAILABLE" },
	{ 503, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_503" },
	{ 503, "<html>503</html>", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_503" },
	{ 500, "{\"code\":\"NOT_ALLOWED\",\"code\":\"X\"}", VERDICT_UNKNOWN, REASON_NONE,
	  REASON_NONE, "HTTP_500" },
};

static void
submit_answers_name_their_fate(void **state)
{
	(void)state;

	for (size_t i = 0; i < COUNT(submit_rows); i++) {
		const struct submit_row *row = &submit_rows[i];
		struct provider_answer ans = answer(row->status, row->body);

		for (int d = PAY_OUT; d <= PAY_IN; d++) {
			struct provider_order o = order((enum pay_direction)d);
			struct verdict v;

			provider_mtn.submit_answer(&o, &ans, &v);
			if (v.kind != row->kind)
				print_error("row %zu: %d %s\n", i, row->status,
				            row->body);
			assert_int_equal(v.kind, row->kind);
			assert_int_equal(v.reason, d == PAY_IN ? row->in : row->out);
			assert_string_equal(v.code, row->code);
		}
	}
}

#define STATUS(rest)                                                                     \
	"{\"amount\":\"50000\",\"currency\":\"TZS\",\"externalId\":\"ABC234\"," rest "}"
#define FAILED(word) STATUS("\"status\":\"FAILED\",\"reason\":\"" word "\"")

static const struct query_row {
	int status;
	const char *body;
	enum verdict_kind kind;
	enum pay_reason in, out;
	const char *code, *txn;
} query_rows[] = {
	{ 200,
	  STATUS("\"status\":\"SUCCESSFUL\",\"financialTransactionId\":\"23503452\""),
	  VERDICT_PAID, REASON_NONE, REASON_NONE, "SUCCESSFUL", "23503452" },
	{ 200, STATUS("\"status\":\"SUCCESSFUL\",\"financialTransactionId\":23503452"),
	  VERDICT_PAID, REASON_NONE, REASON_NONE, "SUCCESSFUL", "23503452" },
	{ 200, "{\"status\":\"SUCCESSFUL\"}", VERDICT_PAID, REASON_NONE, REASON_NONE,
	  "SUCCESSFUL", "" },
	{ 200, "{\"status\":\"SUCCESSFUL\",\"amount\":50000}", VERDICT_PAID, REASON_NONE,
	  REASON_NONE, "SUCCESSFUL", "" },
	{ 200, "{\"status\":\"SUCCESSFUL\",\"amount\":\"50000.00\"}", VERDICT_PAID,
	  REASON_NONE, REASON_NONE, "SUCCESSFUL", "" },
	{ 200, "{\"status\":\"SUCCESSFUL\",\"amount\":\"50,000\"}", VERDICT_PAID,
	  REASON_NONE, REASON_NONE, "SUCCESSFUL", "" },
	{ 200, "{\"status\":\"SUCCESSFUL\",\"amount\":\"5000\"}", VERDICT_UNKNOWN,
	  REASON_NONE, REASON_NONE, "ECHO_DIFFERS", "" },
	{ 200, "{\"status\":\"FAILED\",\"currency\":\"KES\"}", VERDICT_UNKNOWN,
	  REASON_NONE, REASON_NONE, "ECHO_DIFFERS", "" },
	{ 200, STATUS("\"status\":\"PENDING\""), VERDICT_PENDING, REASON_NONE,
	  REASON_NONE, "PENDING", "" },
	{ 200, STATUS("\"status\":\"PENDING\",\"reason\":\"ONGOING\""), VERDICT_PENDING,
	  REASON_NONE, REASON_NONE, "PENDING", "" },
	{ 200, STATUS("\"status\":\"CREATED\""), VERDICT_PENDING, REASON_NONE,
	  REASON_NONE, "CREATED", "" },
	{ 200, STATUS("\"status\":\"WHATEVER\""), VERDICT_UNKNOWN, REASON_NONE,
	  REASON_NONE, "WHATEVER", "" },
	{ 200, "{}", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_200", "" },
	{ 200, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_200", "" },
	{ 200, "[{\"status\":\"SUCCESSFUL\"}]", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_200", "" },
	{ 200, "<html>SUCCESSFUL</html>", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_200", "" },
	{ 200, "{\"status\":\"SUCCESSFUL\"", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_200", "" },
	{ 200, "{\"status\":\"FAILED\",\"status\":\"SUCCESSFUL\"}", VERDICT_UNKNOWN,
	  REASON_NONE, REASON_NONE, "HTTP_200", "" },
	{ 202, "{\"status\":\"SUCCESSFUL\"}", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_202", "" },
	{ 200, STATUS("\"status\":\"FAILED\""), VERDICT_FAILED, REASON_OTHER,
	  REASON_OTHER, "FAILED", "" },
	{ 200, FAILED("NEVER_HEARD_OF"), VERDICT_FAILED, REASON_OTHER, REASON_OTHER,
	  "NEVER_HEARD_OF", "" },
	{ 200,
	  STATUS("\"status\":\"FAILED\",\"reason\":{\"code\":\"PAYER_NOT_FOUND\","
	         "\"message\":\"m\"}"),
	  VERDICT_FAILED, REASON_NOT_REGISTERED, REASON_OUR_SETUP, "PAYER_NOT_FOUND",
	  "" },
	{ 200, FAILED("APPROVAL_REJECTED"), VERDICT_FAILED, REASON_CANCELLED,
	  REASON_CANCELLED, "APPROVAL_REJECTED", "" },
	{ 200, FAILED("COULD_NOT_PERFORM_TRANSACTION"), VERDICT_FAILED,
	  REASON_UNREACHABLE, REASON_UNREACHABLE, "COULD_NOT_PERFORM_TRANSACTION", "" },
	{ 200, FAILED("EXPIRED"), VERDICT_FAILED, REASON_IGNORED, REASON_IGNORED,
	  "EXPIRED", "" },
	{ 200, FAILED("INTERNAL_PROCESSING_ERROR"), VERDICT_FAILED, REASON_OTHER,
	  REASON_OTHER, "INTERNAL_PROCESSING_ERROR", "" },
	{ 200, FAILED("LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED"),
	  VERDICT_FAILED, REASON_NO_FUNDS, REASON_LIMIT,
	  "LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED", "" },
	{ 200, FAILED("NOT_ALLOWED"), VERDICT_FAILED, REASON_NOT_ALLOWED,
	  REASON_NOT_ALLOWED, "NOT_ALLOWED", "" },
	{ 200, FAILED("NOT_ENOUGH_FUNDS"), VERDICT_FAILED, REASON_NO_FUNDS,
	  REASON_OUR_FLOAT, "NOT_ENOUGH_FUNDS", "" },
	{ 200, FAILED("PAYEE_NOT_ALLOWED_TO_RECEIVE"), VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_NOT_ALLOWED, "PAYEE_NOT_ALLOWED_TO_RECEIVE", "" },
	{ 200, FAILED("PAYEE_NOT_FOUND"), VERDICT_FAILED, REASON_OUR_SETUP,
	  REASON_NOT_REGISTERED, "PAYEE_NOT_FOUND", "" },
	{ 200, FAILED("PAYER_LIMIT_REACHED"), VERDICT_FAILED, REASON_LIMIT,
	  REASON_OUR_FLOAT, "PAYER_LIMIT_REACHED", "" },
	{ 200, FAILED("PAYMENT_NOT_APPROVED"), VERDICT_FAILED, REASON_WRONG_PIN,
	  REASON_WRONG_PIN, "PAYMENT_NOT_APPROVED", "" },
	{ 200, FAILED("SENDER_ACCOUNT_NOT_ACTIVE"), VERDICT_FAILED, REASON_NOT_REGISTERED,
	  REASON_OUR_SETUP, "SENDER_ACCOUNT_NOT_ACTIVE", "" },
	{ 200, FAILED("SERVICE_UNAVAILABLE"), VERDICT_FAILED, REASON_PROVIDER_DOWN,
	  REASON_PROVIDER_DOWN, "SERVICE_UNAVAILABLE", "" },
	{ 200, FAILED("TRANSACTION_CANCELED"), VERDICT_FAILED, REASON_CANCELLED,
	  REASON_CANCELLED, "TRANSACTION_CANCELED", "" },
	{ 200, FAILED("ONGOING"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "ONGOING",
	  "" },
	{ 200, FAILED("DELAYED"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "DELAYED",
	  "" },
	{ 200, FAILED("RESOURCE_NOT_FOUND"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "RESOURCE_NOT_FOUND", "" },
	{ 200, FAILED("RESOURCE_ALREADY_EXIST"), VERDICT_UNKNOWN, REASON_NONE,
	  REASON_NONE, "RESOURCE_ALREADY_EXIST", "" },
	{ 400, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_400", "" },
	{ 401, "", VERDICT_AUTH, REASON_NONE, REASON_NONE, "HTTP_401", "" },
	{ 403, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_403", "" },
	{ 404, "", VERDICT_NOT_FOUND, REASON_NONE, REASON_NONE, "HTTP_404", "" },
	{ 404, CODE("RESOURCE_NOT_FOUND"), VERDICT_NOT_FOUND, REASON_NONE, REASON_NONE,
	  "RESOURCE_NOT_FOUND", "" },
	{ 404, "<html>no such page</html>", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "HTTP_404", "" },
	{ 404, CODE("PAYEE_NOT_FOUND"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "PAYEE_NOT_FOUND", "" },
	{ 429, "", VERDICT_DOWN, REASON_PROVIDER_DOWN, REASON_PROVIDER_DOWN, "HTTP_429",
	  "" },
	{ 500, "", VERDICT_UNKNOWN, REASON_NONE, REASON_NONE, "HTTP_500", "" },
	/* the question failed, not the payment */
	{ 500, CODE("NOT_ENOUGH_FUNDS"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "NOT_ENOUGH_FUNDS", "" },
	{ 500, CODE("NOT_ALLOWED"), VERDICT_UNKNOWN, REASON_NONE, REASON_NONE,
	  "NOT_ALLOWED", "" },
	{ 503, CODE("SERVICE_UNAVAILABLE"), VERDICT_DOWN, REASON_PROVIDER_DOWN,
	  REASON_PROVIDER_DOWN, "SERVICE_UNAVAILABLE", "" },
};

static void
status_answers_name_their_fate(void **state)
{
	(void)state;

	for (size_t i = 0; i < COUNT(query_rows); i++) {
		const struct query_row *row = &query_rows[i];
		struct provider_answer ans = answer(row->status, row->body);

		for (int d = PAY_OUT; d <= PAY_IN; d++) {
			struct provider_order o = order((enum pay_direction)d);
			struct verdict v;

			provider_mtn.query_answer(&o, &ans, &v);
			if (v.kind != row->kind)
				print_error("row %zu: %d %s\n", i, row->status,
				            row->body);
			assert_int_equal(v.kind, row->kind);
			assert_int_equal(v.reason, d == PAY_IN ? row->in : row->out);
			assert_string_equal(v.code, row->code);
			assert_string_equal(v.provider_txn, row->txn);
		}
	}
}

static void
callbacks_yield_identifiers_only(void **state)
{
	static const struct {
		const char *body;
		bool ok, has_reference;
		const char *external, *txn, *said;
	} rows[] = {
		{ "{\"financialTransactionId\":\"23503452\",\"externalId\":\"ABC234\","
		  "\"amount\":\"50000\",\"currency\":\"TZS\",\"status\":\"SUCCESSFUL\"}",
		  true, false, "ABC234", "23503452", "SUCCESSFUL" },
		{ "{\"referenceId\":\"" REFERENCE "\",\"externalId\":7,"
		  "\"financialTransactionId\":9,\"status\":\"FAILED\",\"reason\":{}}",
		  true, true, "7", "9", "FAILED" },
		{ "{\"referenceId\":\"nonsense\"}", true, false, "", "", "" },
		{ "{\"status\":\"an \\u0001 over \\\"long\\\" word that goes on and "
		  "on\"}",
		  true, false, "", "", "anoverlongwordthatgoesonandon" },
		{ "{}", true, false, "", "", "" },
		{ "[]", false, false, "", "", "" },
		{ "", false, false, "", "", "" },
		{ "status=SUCCESSFUL", false, false, "", "", "" },
	};

	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_hint h;
		struct err err = err_none();
		int got =
		    provider_mtn.callback(rows[i].body, strlen(rows[i].body), &h, &err);

		assert_int_equal(got, rows[i].ok ? 0 : -1);
		assert_int_equal(err.code, rows[i].ok ? ERR_NONE : ERR_SYNTAX);
		assert_int_equal(uuid_is_nil(&h.reference), !rows[i].has_reference);
		assert_string_equal(h.external_id, rows[i].external);
		assert_string_equal(h.provider_txn, rows[i].txn);
		assert_string_equal(h.said, rows[i].said);
	}
}

static void
wallets_and_balances_can_be_asked_about(void **state)
{
	static const struct {
		enum provider_topic topic;
		int status;
		const char *body;
		enum err_code code;
		bool active;
		const char *name;
		int64_t balance_minor;
	} rows[] = {
		{ TOPIC_ACTIVE, 200, "{\"result\":true}", ERR_NONE, true, "", 0 },
		{ TOPIC_ACTIVE, 200, "{\"result\":false}", ERR_NONE, false, "", 0 },
		{ TOPIC_ACTIVE, 200, "{\"result\":\"yes\"}", ERR_PEER, false, "", 0 },
		{ TOPIC_ACTIVE, 404, "", ERR_NOT_FOUND, false, "", 0 },
		{ TOPIC_ACTIVE, 404, "<html>", ERR_PEER, false, "", 0 },
		{ TOPIC_ACTIVE, 401, "", ERR_AUTH, false, "", 0 },
		{ TOPIC_ACTIVE, 500, CODE("NOT_ALLOWED"), ERR_PEER, false, "", 0 },
		{ TOPIC_NAME, 200, "{\"given_name\":\"Neema\",\"family_name\":\"Mushi\"}",
		  ERR_NONE, false, "Neema Mushi", 0 },
		{ TOPIC_NAME, 200, "{\"family_name\":\"Mu\\nshi\"}", ERR_NONE, false,
		  "Mu shi", 0 },
		{ TOPIC_NAME, 200, "{\"given_name\":\"\"}", ERR_PEER, false, "", 0 },
		{ TOPIC_BALANCE, 200,
		  "{\"availableBalance\":\"1000.50\",\"currency\":\"TZS\"}", ERR_NONE,
		  false, "", 100050 },
		{ TOPIC_BALANCE, 200,
		  "{\"availableBalance\":\"-5\",\"currency\":\"TZS\"}", ERR_PEER, false,
		  "", 0 },
		{ TOPIC_BALANCE, 200, "[]", ERR_PEER, false, "", 0 },
		{ TOPIC_BALANCE, 404, "", ERR_PEER, false, "", 0 },
	};

	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_inquiry q = { .topic = rows[i].topic, .exponent = 2 };
		struct provider_answer ans = answer(rows[i].status, rows[i].body);
		struct provider_fact fact = { .name = "" };
		struct err err = err_none();
		int got = provider_mtn.ask_answer(&q, &ans, &fact, &err);

		assert_int_equal(got, rows[i].code == ERR_NONE ? 0 : -1);
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(fact.active, rows[i].active);
		assert_string_equal(fact.name, rows[i].name);
		assert_int_equal(fact.balance_minor, rows[i].balance_minor);
	}
}

static void
a_long_name_ends_between_signs(void **state)
{
	char body[400];
	struct provider_inquiry q = { .topic = TOPIC_NAME };
	struct provider_fact fact;
	struct provider_answer ans;
	struct buf b;

	(void)state;

	/* 79 bytes fit: 39 signs of two bytes and no half one */
	buf_init(&b, body, sizeof body);
	buf_puts(&b, "{\"given_name\":\"");
	for (int i = 0; i < 60; i++)
		buf_puts(&b, "\xc3\xa9");
	buf_puts(&b, "\"}");
	ans = answer(200, body);
	assert_int_equal(provider_mtn.ask_answer(&q, &ans, &fact, NULL), 0);
	assert_int_equal(strlen(fact.name), 78);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_read_with_care),
		cmocka_unit_test(submit_answers_name_their_fate),
		cmocka_unit_test(status_answers_name_their_fate),
		cmocka_unit_test(callbacks_yield_identifiers_only),
		cmocka_unit_test(wallets_and_balances_can_be_asked_about),
		cmocka_unit_test(a_long_name_ends_between_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
