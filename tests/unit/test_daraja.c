/* The Daraja codec: golden requests, every answer we know of, and what is posted. */
#include "lib/json.h"
#include "payments/provider/provider.h"
#include "tests/unit/daraja_bed.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define HANDLE      "ws_CO_191220191020363925"

static void
header_is(const struct provider_request *rq, const char *line)
{
	bool found = false;

	for (unsigned i = 0; i < PROVIDER_HEADERS; i++)
		found |= strcmp(rq->headers[i], line) == 0;
	assert_true(found);
}

static void
tokens_are_fetched_by_get(void **state)
{
	struct provider_account a = account();
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_daraja.token(&a, PAY_IN, &rq, NULL), 0);
	assert_string_equal(rq.method, "GET");
	assert_string_equal(rq.url, "http://daraja.example/oauth/v1/generate?grant_type="
	                            "client_credentials");
	assert_string_equal(rq.basic_auth, "consumer:secret");
	assert_int_equal(rq.body_len, 0);
}

/* 2019-12-25 10:30:00 UTC is 13:30 in Nairobi. */
static void
a_prompt(void **state)
{
	static const char body[] =
	    "{\"BusinessShortCode\":\"174379\","
	    "\"Password\":\"MTc0Mzc5YmZiMjc5MjAxOTEyMjUxMzMwMDA=\","
	    "\"Timestamp\":\"20191225133000\","
	    "\"TransactionType\":\"CustomerPayBillOnline\",\"Amount\":\"1500\","
	    "\"PartyA\":\"254708374149\",\"PartyB\":\"174379\","
	    "\"PhoneNumber\":\"254708374149\","
	    "\"CallBackURL\":\"https://coop.example/callback/x/y\","
	    "\"AccountReference\":\"0f3c1d529a77\",\"TransactionDesc\":\"Loan GH2N8Z "
	    "i\"}";
	struct provider_account a = account();
	struct provider_order o = order(PAY_IN);
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.method, "POST");
	assert_string_equal(rq.url,
	                    "http://daraja.example/mpesa/stkpush/v1/processrequest");
	assert_string_equal(rq.body, body);
	assert_int_equal(rq.body_len, sizeof body - 1);
	header_is(&rq, "Authorization: Bearer tok");
	header_is(&rq, "Content-Type: application/json");
}

static void
a_prompt_is_asked_about_by_their_name(void **state)
{
	struct provider_account a = account();
	struct provider_order o = order(PAY_IN);
	struct provider_request rq;
	struct json *doc;

	(void)state;
	assert_int_equal(provider_daraja.query(&a, &token, &o, &rq, NULL), -1);
	memcpy(o.handle, HANDLE, sizeof HANDLE);
	assert_int_equal(provider_daraja.query(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://daraja.example/mpesa/stkpushquery/v1/query");
	doc = json_parse(rq.body, rq.body_len, NULL);
	assert_string_equal(json_get_text(doc, "CheckoutRequestID"), HANDLE);
	json_free(doc);
}

static void
payouts_and_questions_carry_a_sealed_password(void **state)
{
	static const struct {
		bool submit;
		const char *path, *who, *id;
	} rows[] = {
		{ true, "/mpesa/b2c/v3/paymentrequest", "InitiatorName",
		  "OriginatorConversationID" },
		{ false, "/mpesa/transactionstatus/v1/query", "Initiator",
		  "OriginalConversationID" },
	};
	struct provider_account a = account();
	struct provider_order o = order(PAY_OUT);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_request rq;
		struct json *doc;

		assert_int_equal((rows[i].submit
		                      ? provider_daraja.submit
		                      : provider_daraja.query)(&a, &token, &o, &rq, NULL),
		                 0);
		assert_string_equal(rq.url + strlen("http://daraja.example"),
		                    rows[i].path);
		assert_null(strstr(rq.body, "Safaricom#1"));
		doc = json_parse(rq.body, rq.body_len, NULL);
		assert_string_equal(json_get_text(doc, rows[i].who), "testapi");
		assert_string_equal(json_get_text(doc, rows[i].id), REFERENCE);
		assert_string_equal(json_get_text(doc, "ResultURL"), o.result_url);
		assert_string_equal(json_get_text(doc, "QueueTimeOutURL"), o.result_url);
		assert_string_equal(opened(json_get_text(doc, "SecurityCredential")),
		                    "Safaricom#1");
		json_free(doc);
	}
}

static void
what_cannot_be_sent_is_not(void **state)
{
	static const char *const refused_urls[] = {
		"http://coop.example/callback/x",
		"https://coop.example/callback/mpesa/x",
		"https://sql.example/callback/x",
	};
	struct provider_account a = account();
	struct provider_request rq;
	struct provider_order o;

	(void)state;
	o = order(PAY_OUT);
	o.amount_minor = 150050; /* half a shilling */
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), -1);
	o = order(PAY_OUT);
	memcpy(o.msisdn, "255712000100", 13);
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), -1);
	o = order(PAY_OUT);
	o.result_url[0] = '\0'; /* nobody would hear of it */
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), -1);
	assert_int_equal(provider_daraja.query(&a, &token, &o, &rq, NULL), -1);
	for (unsigned i = 0; i < COUNT(refused_urls); i++) {
		o = order(PAY_OUT);
		snprintf(a.base_url, sizeof a.base_url, "https://api.example");
		snprintf(o.result_url, sizeof o.result_url, "%s", refused_urls[i]);
		assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), -1);
		o.direction = PAY_IN;
		assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), -1);
		a = account();
	}
	o = order(PAY_IN);
	a.passkey[0] = '\0';
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), -1);
	a = account();
	a.pin[0] = '\0';
	o = order(PAY_OUT);
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), -1);
	assert_string_equal(rq.body, "");
}

struct row {
	enum pay_direction direction;
	int status;
	const char *body;
	enum verdict_kind kind;
	enum pay_reason reason;
	const char *code;
};

static void
check(const struct row *r, bool submit)
{
	struct provider_answer ans = { r->status, "application/json", r->body,
		                       strlen(r->body) };
	struct provider_order o = order(r->direction);
	struct verdict v;

	memcpy(o.handle, HANDLE, sizeof HANDLE);
	(submit ? provider_daraja.submit_answer : provider_daraja.query_answer)(&o, &ans,
	                                                                        &v);
	if (v.kind != r->kind || v.reason != r->reason)
		print_error("%d %s\n", r->status, r->body);
	assert_int_equal(v.kind, r->kind);
	assert_int_equal(v.reason, r->reason);
	assert_string_equal(v.code, r->code);
}

#define ERROR(code) "{\"requestId\":\"1-2\",\"errorCode\":\"" code "\"}"
#define TAKEN       "{\"CheckoutRequestID\":\"" HANDLE "\",\"ResponseCode\":\"0\"}"

static void
answers_to_a_submit(void **state)
{
	static const struct row rows[] = {
		{ PAY_IN, 200, TAKEN, VERDICT_ACCEPTED, REASON_NONE, "0" },
		/* taken, and without the name nobody can ask */
		{ PAY_IN, 200, "{\"ResponseCode\":\"0\"}", VERDICT_UNKNOWN, REASON_NONE,
		  "0" },
		{ PAY_OUT, 200, "{\"ConversationID\":\"AG_1\",\"ResponseCode\":0}",
		  VERDICT_ACCEPTED, REASON_NONE, "0" },
		{ PAY_OUT, 500, ERROR("500.002.1001"), VERDICT_DUPLICATE, REASON_NONE,
		  "500.002.1001" },
		{ PAY_OUT, 404, ERROR("404.001.03"), VERDICT_AUTH, REASON_NONE,
		  "404.001.03" },
		{ PAY_OUT, 400, ERROR("400.002.02"), VERDICT_FAILED, REASON_OTHER,
		  "400.002.02" },
		{ PAY_OUT, 500, ERROR("500.003.02"), VERDICT_DOWN, REASON_PROVIDER_DOWN,
		  "500.003.02" },
		{ PAY_IN, 500, ERROR("500.001.1001"), VERDICT_UNKNOWN, REASON_NONE,
		  "500.001.1001" },
		{ PAY_OUT, 200, "{\"ResponseCode\":\"8006\"}", VERDICT_DOWN,
		  REASON_OUR_SETUP, "8006" },
		{ PAY_OUT, 200, "{\"ResponseCode\":\"77\"}", VERDICT_UNKNOWN, REASON_NONE,
		  "77" },
		{ PAY_OUT, 503, "<html>busy</html>", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_503" },
		{ PAY_OUT, 200, "", VERDICT_UNKNOWN, REASON_NONE, "HTTP_200" },
		{ PAY_OUT, 401, "[]", VERDICT_UNKNOWN, REASON_NONE, "HTTP_401" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], true);
}

#define STK(code)                                                                        \
	"{\"ResponseCode\":\"0\",\"CheckoutRequestID\":\"" HANDLE "\",\"ResultCode\":"   \
	"\"" code "\"}"

static void
answers_to_a_question(void **state)
{
	static const struct row rows[] = {
		{ PAY_IN, 200, STK("0"), VERDICT_PAID, REASON_NONE, "0" },
		{ PAY_IN, 200, STK("1"), VERDICT_FAILED, REASON_NO_FUNDS, "1" },
		{ PAY_IN, 200, STK("1032"), VERDICT_FAILED, REASON_CANCELLED, "1032" },
		{ PAY_IN, 200, STK("1037"), VERDICT_FAILED, REASON_UNREACHABLE, "1037" },
		{ PAY_IN, 200, STK("2001"), VERDICT_FAILED, REASON_WRONG_PIN, "2001" },
		{ PAY_IN, 200, STK("4999"), VERDICT_UNKNOWN, REASON_NONE, "4999" },
		{ PAY_IN, 200,
		  "{\"ResponseCode\":\"0\",\"CheckoutRequestID\":\"ws_CO_2\","
		  "\"ResultCode\":\"0\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS" },
		{ PAY_IN, 500, ERROR("500.001.1001"), VERDICT_PENDING, REASON_NONE,
		  "500.001.1001" },
		{ PAY_IN, 200, "{\"ResultCode\":\"0\"}", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_200" },
		{ PAY_OUT, 200, "{\"ResponseCode\":\"0\"}", VERDICT_ASKED, REASON_NONE,
		  "HTTP_200" },
		{ PAY_OUT, 404, ERROR("404.001.03"), VERDICT_AUTH, REASON_NONE,
		  "404.001.03" },
		{ PAY_OUT, 400, ERROR("400.002.02"), VERDICT_UNKNOWN, REASON_OTHER,
		  "400.002.02" },
		{ PAY_OUT, 500, "<html></html>", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_500" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false);
}

#define RESULT(params)                                                                   \
	"{\"Result\":{\"ResultCode\":0,\"ResultParameters\":{\"ResultParameter\":["      \
	"{\"Key\":\"DebitPartyName\"},{\"Key\":\"DebitPartyName\",\"Value\":"            \
	"\"x\"}" params "]}}}"
#define OURS     ",{\"Key\":\"OriginatorConversationID\",\"Value\":\"" REFERENCE "\"}"
#define STATE(s) ",{\"Key\":\"TransactionStatus\",\"Value\":\"" s "\"}"

static void
results_that_are_posted(void **state)
{
	static const struct {
		const char *body;
		enum verdict_kind kind;
		enum pay_reason reason;
		const char *code, *txn;
	} rows[] = {
		{ RESULT(OURS STATE("Completed") ",{\"Key\":\"Amount\",\"Value\":1500.00}"
		                                 ",{\"Key\":\"ReceiptNo\",\"Value\":"
		                                 "\"LK451H35OP\"}"),
		  VERDICT_PAID, REASON_NONE, "Completed", "LK451H35OP" },
		{ RESULT(STATE("Completed")), VERDICT_PAID, REASON_NONE, "Completed",
		  "" },
		{ RESULT(
		      OURS STATE("Completed") ",{\"Key\":\"Amount\",\"Value\":1500.5}"),
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS", "" },
		{ RESULT(
		      ",{\"Key\":\"OriginatorConversationID\",\"Value\":\"other\"}" STATE(
		          "Completed")),
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS", "" },
		{ RESULT(OURS STATE("Failed") ",{\"Key\":\"TransactionReason\",\"Value\":"
		                              "2040}"),
		  VERDICT_FAILED, REASON_NOT_REGISTERED, "Failed", "" },
		{ RESULT(OURS STATE("Failed")), VERDICT_FAILED, REASON_OTHER, "Failed",
		  "" },
		{ RESULT(OURS STATE("Pending")), VERDICT_PENDING, REASON_NONE, "Pending",
		  "" },
		{ RESULT(OURS STATE("Whatever")), VERDICT_UNKNOWN, REASON_NONE,
		  "Whatever", "" },
		{ RESULT(OURS), VERDICT_UNKNOWN, REASON_NONE, "", "" },
		{ "{\"Result\":{\"ResultCode\":\"R000002\"}}", VERDICT_NOT_FOUND,
		  REASON_NONE, "R000002", "" },
		/* the question failed, not the payment */
		{ "{\"Result\":{\"ResultCode\":2001}}", VERDICT_UNKNOWN, REASON_NONE,
		  "2001", "" },
		{ "{\"OriginalConversationID\":\"" REFERENCE "\"}", VERDICT_UNKNOWN,
		  REASON_NONE, "NO_RESULT", "" },
		{ "<html>", VERDICT_UNKNOWN, REASON_NONE, "NO_RESULT", "" },
		{ "", VERDICT_UNKNOWN, REASON_NONE, "NO_RESULT", "" },
	};
	struct provider_order o = order(PAY_OUT);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct verdict v;

		provider_daraja.result(&o, rows[i].body, strlen(rows[i].body), &v);
		if (v.kind != rows[i].kind)
			print_error("%s\n", rows[i].body);
		assert_int_equal(v.kind, rows[i].kind);
		assert_int_equal(v.reason, rows[i].reason);
		assert_string_equal(v.code, rows[i].code);
		assert_string_equal(v.provider_txn, rows[i].txn);
	}
}

static void
callbacks_are_hints(void **state)
{
	static const struct {
		const char *body, *said, *txn, *handle;
		enum verdict_kind claims;
		bool names_us;
	} rows[] = {
		{ "{\"Body\":{\"stkCallback\":{\"CheckoutRequestID\":\"" HANDLE
		  "\",\"ResultCode\":0,\"CallbackMetadata\":{\"Item\":[{\"Name\":"
		  "\"Amount\",\"Value\":1.00},{\"Name\":\"MpesaReceiptNumber\","
		  "\"Value\":\"NLJ7RT61SV\"},{\"Name\":\"Balance\"}]}}}}",
		  "0", "NLJ7RT61SV", HANDLE, VERDICT_PAID, false },
		{ "{\"Body\":{\"stkCallback\":{\"CheckoutRequestID\":\"" HANDLE
		  "\",\"ResultCode\":1032}}}",
		  "1032", "", HANDLE, VERDICT_FAILED, false },
		{ "{\"Result\":{\"ResultCode\":0,\"OriginatorConversationID\":"
		  "\"" REFERENCE "\",\"TransactionID\":\"NLJ41HAY6Q\"}}",
		  "0", "NLJ41HAY6Q", "", VERDICT_PAID, true },
		{ "{\"Result\":{\"ResultCode\":\"SFC_IC0003\"}}", "SFC_IC0003", "", "",
		  VERDICT_FAILED, false },
		/* a reversal is called by their name, and refused by a code of its own */
		{ "{\"Result\":{\"ResultCode\":\"R000002\",\"OriginatorConversationID\":"
		  "\"71840-1\",\"TransactionID\":\"LK4\"}}",
		  "R000002", "LK4", "71840-1", VERDICT_FAILED, false },
		/* the queue gave up and sends our own words back: nothing is said */
		{ "{\"OriginatorConversationID\":\"" REFERENCE
		  "\",\"CommandID\":\"BusinessPayment\"}",
		  "queue_timeout", "", "", VERDICT_UNKNOWN, true },
	};
	struct provider_hint h;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(provider_daraja.callback(rows[i].body,
		                                          strlen(rows[i].body), &h, NULL),
		                 0);
		assert_string_equal(h.said, rows[i].said);
		assert_string_equal(h.provider_txn, rows[i].txn);
		assert_string_equal(h.handle, rows[i].handle);
		assert_int_equal(h.claims, rows[i].claims);
		assert_int_equal(!uuid_is_nil(&h.reference), rows[i].names_us);
	}
	assert_int_equal(provider_daraja.callback("[1]", 3, &h, NULL), -1);
	assert_int_equal(provider_daraja.callback("", 0, &h, NULL), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_fetched_by_get),
		cmocka_unit_test(a_prompt),
		cmocka_unit_test(a_prompt_is_asked_about_by_their_name),
		cmocka_unit_test(payouts_and_questions_carry_a_sealed_password),
		cmocka_unit_test(what_cannot_be_sent_is_not),
		cmocka_unit_test(answers_to_a_submit),
		cmocka_unit_test(answers_to_a_question),
		cmocka_unit_test(results_that_are_posted),
		cmocka_unit_test(callbacks_are_hints),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
