/* The Daraja codec: what is given back, the pages of a pay bill, and what is pulled. */
#include "lib/json.h"
#include "payments/provider/daraja_bill.h"
#include "tests/unit/daraja_bed.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static void
a_reversal_names_the_receipt(void **state)
{
	struct provider_account a = account();
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;
	struct json *doc;

	(void)state;
	memcpy(o.back_txn, "LK451H35OP", 11);
	o.msisdn[0] = '\0'; /* a pay bill does not tell it */
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://daraja.example/mpesa/reversal/v1/request");
	assert_null(strstr(rq.body, "Safaricom#1"));
	doc = json_parse(rq.body, rq.body_len, NULL);
	assert_string_equal(json_get_text(doc, "Initiator"), "testapi");
	assert_string_equal(json_get_text(doc, "CommandID"), "TransactionReversal");
	assert_string_equal(json_get_text(doc, "TransactionID"), "LK451H35OP");
	assert_string_equal(json_get_text(doc, "Amount"), "1500");
	assert_string_equal(json_get_text(doc, "ReceiverParty"), "174379");
	assert_string_equal(json_get_text(doc, "RecieverIdentifierType"), "11");
	assert_string_equal(json_get_text(doc, "ResultURL"), o.result_url);
	assert_true(strlen(json_get_text(doc, "SecurityCredential")) > 300);
	json_free(doc);
	assert_int_equal(provider_daraja.query(&a, &token, &o, &rq, NULL), -1);
	memcpy(o.handle, "71840-27539181-07", 18);
	assert_int_equal(provider_daraja.query(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url,
	                    "http://daraja.example/mpesa/transactionstatus/v1/query");
	doc = json_parse(rq.body, rq.body_len, NULL);
	assert_string_equal(json_get_text(doc, "OriginalConversationID"),
	                    "71840-27539181-07");
	json_free(doc);
}

#define ERROR(code) "{\"requestId\":\"1-2\",\"errorCode\":\"" code "\"}"
#define RESULT(params)                                                                   \
	"{\"Result\":{\"ResultCode\":0,\"ResultParameters\":{\"ResultParameter\":["      \
	"{\"Key\":\"DebitPartyName\"},{\"Key\":\"DebitPartyName\",\"Value\":"            \
	"\"x\"}" params "]}}}"
#define OURS     ",{\"Key\":\"OriginatorConversationID\",\"Value\":\"" REFERENCE "\"}"
#define STATE(s) ",{\"Key\":\"TransactionStatus\",\"Value\":\"" s "\"}"

static void
answers_about_a_reversal(void **state)
{
	static const struct {
		bool posted;
		int status;
		const char *body;
		enum verdict_kind kind;
		enum pay_reason reason;
		const char *handle;
	} rows[] = {
		{ false, 200,
		  "{\"OriginatorConversationID\":\"71840-1\",\"ConversationID\":"
		  "\"AG_1\",\"ResponseCode\":\"0\"}",
		  VERDICT_ACCEPTED, REASON_NONE, "71840-1" },
		/* taken, and without the name nobody can ask */
		{ false, 200, "{\"ResponseCode\":\"0\"}", VERDICT_UNKNOWN, REASON_NONE,
		  "" },
		{ false, 200, "{\"ResponseCode\":\"21\"}", VERDICT_DOWN, REASON_OUR_SETUP,
		  "" },
		{ false, 500, ERROR("500.003.02"), VERDICT_DOWN, REASON_PROVIDER_DOWN,
		  "" },
		{ true, 0,
		  RESULT(",{\"Key\":\"OriginatorConversationID\",\"Value\":"
		         "\"71840-1\"}" STATE("Completed")),
		  VERDICT_PAID, REASON_NONE, "" },
		/* of something else */
		{ true, 0, RESULT(OURS STATE("Completed")), VERDICT_UNKNOWN, REASON_NONE,
		  "" },
		{ true, 0,
		  RESULT(STATE("Failed") ",{\"Key\":\"TransactionReason\",\"Value\":"
		                         "\"R000002\"}"),
		  VERDICT_FAILED, REASON_OUR_SETUP, "" },
		{ true, 0, "{\"Result\":{\"ResultCode\":\"R000002\"}}", VERDICT_NOT_FOUND,
		  REASON_NONE, "" },
	};
	struct provider_order o = order(PAY_OUT);

	(void)state;
	memcpy(o.back_txn, "LK451H35OP", 11);
	memcpy(o.handle, "71840-1", 8);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		struct verdict v;

		if (rows[i].posted)
			provider_daraja.result(&o, ans.body, ans.len, &v);
		else
			provider_daraja.submit_answer(&o, &ans, &v);
		if (v.kind != rows[i].kind)
			print_error("%s\n", rows[i].body);
		assert_int_equal(v.kind, rows[i].kind);
		assert_int_equal(v.reason, rows[i].reason);
		assert_string_equal(v.handle, rows[i].handle);
	}
}

/* ---- the pay bill ---- */

static void
pages_are_checked_before_they_are_sent(void **state)
{
	static const struct {
		const char *base, *url;
		bool fine;
	} rows[] = {
		{ "https://api.example", "https://coop.example/paybill/saf/x/M/confirm",
		  true },
		{ "https://api.example", "http://coop.example/paybill", false },
		{ "http://127.0.0.1:9", "http://127.0.0.1/paybill", true },
		{ "http://127.0.0.1:9", "ftp://127.0.0.1/paybill", false },
		{ "https://api.example", "https://coop.example/MPESA", false },
		{ "https://api.example", "https://safaricom.example/", false },
		{ "https://api.example", "https://coop.example/a?Query=1", false },
		{ "https://api.example", "https://coop.example/run.exe", false },
		{ "https://api.example", "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(daraja_url_fault(rows[i].base, rows[i].url) == NULL,
		                 rows[i].fine);
}

static void
registrations(void **state)
{
	static const struct {
		unsigned version;
		bool cancels;
		const char *path, *type;
	} rows[] = {
		{ 1, false, "/mpesa/c2b/v1/registerurl", "Completed" },
		{ 2, true, "/mpesa/c2b/v2/registerurl", "Cancelled" },
	};
	struct provider_account a = account();
	struct provider_request rq;
	char want[300];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct daraja_pages pages = { "https://coop.example/c",
			                      "https://coop.example/v", rows[i].version,
			                      rows[i].cancels };

		assert_int_equal(daraja_register(&a, &token, &pages, &rq, NULL), 0);
		assert_string_equal(rq.url + strlen(a.base_url), rows[i].path);
		snprintf(want, sizeof want,
		         "{\"ShortCode\":\"174379\",\"ResponseType\":\"%s\","
		         "\"ConfirmationURL\":\"https://coop.example/c\","
		         "\"ValidationURL\":\"https://coop.example/v\"}",
		         rows[i].type);
		assert_string_equal(rq.body, want);
		pages.validate = "https://coop.example/sql";
		assert_int_equal(daraja_register(&a, &token, &pages, &rq, NULL), -1);
	}
	assert_int_equal(daraja_pull_register(&a, &token, "254722000000",
	                                      "https://coop.example/c", &rq, NULL),
	                 0);
	assert_string_equal(rq.url, "http://daraja.example/pulltransactions/v1/register");
	assert_string_equal(rq.body,
	                    "{\"ShortCode\":\"174379\",\"RequestType\":\"Pull\","
	                    "\"NominatedNumber\":\"254722000000\",\"CallBackURL\":"
	                    "\"https://coop.example/c\"}");
}

static void
answers_to_a_registration(void **state)
{
	static const struct {
		int (*read)(const struct provider_answer *, struct err *);
		int status;
		const char *body;
		enum err_code code;
	} rows[] = {
		{ daraja_register_answer, 200, "{\"ResponseCode\":\"0\"}", ERR_NONE },
		{ daraja_register_answer, 200, "{\"ResponseCode\":\"00000000\"}",
		  ERR_NONE },
		{ daraja_register_answer, 200, "{\"ResponseCode\":\"1\"}", ERR_PEER },
		{ daraja_register_answer, 500, ERROR("500.003.1001"), ERR_PEER },
		{ daraja_register_answer, 404, ERROR("404.001.03"), ERR_AUTH },
		{ daraja_register_answer, 200, "", ERR_PEER },
		{ daraja_pull_register_answer, 200, "{\"ResponseStatus\":\"1000\"}",
		  ERR_NONE },
		{ daraja_pull_register_answer, 200, "{\"ResponseStatus\":1001}",
		  ERR_NONE },
		{ daraja_pull_register_answer, 200, "{\"ResponseStatus\":\"1002\"}",
		  ERR_PEER },
		{ daraja_pull_register_answer, 503, "<html>", ERR_PEER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		struct err err = err_none();

		(void)rows[i].read(&ans, &err);
		assert_int_equal(err.code, rows[i].code);
	}
}

/* 2019-12-25 10:30:00 UTC is 13:30 in Nairobi. */
static void
a_window_is_told_in_their_time(void **state)
{
	struct provider_account a = account();
	struct daraja_window w = { .to_ms = INT64_C(1577269800000), .offset = 40 };
	struct provider_request rq;

	(void)state;
	w.from_ms = w.to_ms - DARAJA_PULL_MS;
	assert_int_equal(daraja_pull(&a, &token, &w, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://daraja.example/pulltransactions/v1/query");
	assert_string_equal(rq.body,
	                    "{\"ShortCode\":\"174379\",\"StartDate\":\"2019-12-23 "
	                    "13:30:00\",\"EndDate\":\"2019-12-25 13:30:00\","
	                    "\"OffSetValue\":\"40\"}");
	w.from_ms--;
	assert_int_equal(daraja_pull(&a, &token, &w, &rq, NULL), -1);
}

static void
put_bill(void *arg, const struct daraja_bill *b)
{
	char *text = arg;
	size_t n = strlen(text);

	snprintf(text + n, 400 - n, "%s/%s/%s/%s;", b->receipt, b->account, b->number,
	         b->amount);
}

#define ROW(id, number, amount)                                                          \
	"{\"transactionId\":\"" id                                                       \
	"\",\"trxDate\":\"2020-08-05T10:13:00Z\",\"msisdn\":" number                     \
	",\"billreference\":\"GH2N8Z\",\"amount\":" amount "}"

static void
rows_are_lists_in_lists(void **state)
{
	static const struct {
		int status;
		const char *body;
		int rows;
		const char *bills;
		enum err_code code;
	} rows[] = {
		{ 200,
		  "{\"ResponseCode\":\"1000\",\"Response\":[[" ROW("A1", "722000000",
		                                                   "\"168.00\"") "]]}",
		  1, "A1/GH2N8Z/254722000000/168.00;", ERR_NONE },
		{ 200,
		  "{\"ResponseCode\":1000,\"Response\":[[" ROW(
		      "A1", "\"2547 ***** 126\"", "233.8") "],[" ROW("A2", "254722000000",
		                                                     "5") "]]}",
		  2, "A1/GH2N8Z/2547*****126/233.8;A2/GH2N8Z/254722000000/5;", ERR_NONE },
		{ 200,
		  "{\"ResponseCode\":\"1000\",\"Response\":[" ROW("A1", "null",
		                                                  "\"1\"") "]}",
		  1, "A1/GH2N8Z//1;", ERR_NONE },
		/* a row that says nothing is told, and refused where it goes */
		{ 200, "{\"ResponseCode\":\"1000\",\"Response\":[[{}]]}", 1, "///;",
		  ERR_NONE },
		{ 200, "{\"ResponseCode\":\"1001\",\"Response\":\"[[]]\"}", 0, "",
		  ERR_NONE },
		{ 200, "{\"ResponseCode\":\"1000\",\"Response\":[[]]}", 0, "", ERR_NONE },
		{ 200, "{\"ResponseCode\":\"1002\"}", -1, "", ERR_PEER },
		{ 404, ERROR("404.001.03"), -1, "", ERR_AUTH },
		{ 500, "", -1, "", ERR_PEER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		struct err err = err_none();
		char bills[400] = "";

		assert_int_equal(daraja_pull_answer(&ans, put_bill, bills, &err),
		                 rows[i].rows);
		assert_string_equal(bills, rows[i].bills);
		assert_int_equal(err.code, rows[i].code);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reversal_names_the_receipt),
		cmocka_unit_test(answers_about_a_reversal),
		cmocka_unit_test(pages_are_checked_before_they_are_sent),
		cmocka_unit_test(registrations),
		cmocka_unit_test(answers_to_a_registration),
		cmocka_unit_test(a_window_is_told_in_their_time),
		cmocka_unit_test(rows_are_lists_in_lists),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
