/* The codec of the GSMA Mobile Money API: golden requests, every answer we know of, and
 * where a missing one is looked for. */
#include "payments/provider/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define REFERENCE   "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"
#define STATE_ID    "9f2c3d7e-0000-4000-8000-000000000001"

static const struct provider_account account = { .name = "gsma",
	                                         .base_url = "http://mm.example/1.2",
	                                         .user = "client",
	                                         .key = "secret",
	                                         .subscription_key = "api-key",
	                                         .currency = "SLE",
	                                         .party = "400100",
	                                         .scale = 2 };
static const struct provider_token token = { .text = "tok" };

static struct provider_order
order(enum pay_direction direction)
{
	struct provider_order o = { .direction = direction,
		                    .msisdn = "23276123456",
		                    .amount_minor = 1550,
		                    .exponent = 2,
		                    .currency = "SLE",
		                    .note = "Loan GH2N8Z: it's paid",
		                    .external_id = REFERENCE,
		                    .wall_ms = INT64_C(1577269800123),
		                    .result_url = "https://coop.example/callback/x" };

	assert_true(uuid_parse(REFERENCE, 36, &o.reference));
	return o;
}

static void
header_is(const struct provider_request *rq, const char *line)
{
	bool found = false;

	for (unsigned i = 0; i < PROVIDER_HEADERS; i++)
		found |= strcmp(rq->headers[i], line) == 0;
	if (!found)
		fail_msg("no header %s", line);
}

#define PARTIES(debit, credit)                                                           \
	"\"debitParty\":[{" debit "}],\"creditParty\":[{" credit "}],"
#define PERSON "\"key\":\"msisdn\",\"value\":\"+23276123456\""
#define WALLET "\"key\":\"walletid\",\"value\":\"400100\""
#define REST                                                                             \
	"\"requestingOrganisationTransactionReference\":\"" REFERENCE                    \
	"\",\"descriptionText\":\"Loan GH2N8Z it s paid\"}"

static void
orders(void **state)
{
	static const struct {
		enum pay_direction direction;
		const char *url, *body;
	} rows[] = {
		{ PAY_OUT, "http://mm.example/1.2/transactions/type/disbursement",
		  "{\"amount\":\"15.50\",\"currency\":\"SLE\"," PARTIES(WALLET, PERSON)
		      REST },
		{ PAY_IN, "http://mm.example/1.2/transactions/type/merchantpay",
		  "{\"amount\":\"15.50\",\"currency\":\"SLE\"," PARTIES(PERSON, WALLET)
		      REST },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order(rows[i].direction);
		struct provider_request rq;

		assert_int_equal(provider_gsma.submit(&account, &token, &o, &rq, NULL),
		                 0);
		assert_string_equal(rq.method, "POST");
		assert_string_equal(rq.url, rows[i].url);
		assert_string_equal(rq.body, rows[i].body);
		header_is(&rq, "Authorization: Bearer tok");
		header_is(&rq, "X-API-Key: api-key");
		header_is(&rq, "X-CorrelationID: " REFERENCE);
		header_is(&rq, "X-Callback-URL: https://coop.example/callback/x");
		header_is(&rq, "X-Date: 2019-12-25T10:30:00.123Z");
	}
}

static void
questions_follow_the_answer_before(void **state)
{
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_gsma.query(&account, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.method, "GET");
	assert_string_equal(rq.url, "http://mm.example/1.2/responses/" REFERENCE);
	memcpy(o.follow, "/transactions/T1", sizeof "/transactions/T1");
	assert_int_equal(provider_gsma.query(&account, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://mm.example/1.2/transactions/T1");
}

static void
a_reversal_names_what_it_reverses(void **state)
{
	static const struct {
		const char *txn, *url; /* NULL: cannot be sent */
	} rows[] = {
		{ "T-17", "http://mm.example/1.2/transactions/T-17/reversals" },
		{ "", NULL },
		{ "../accounts", NULL },
		{ "a?b", NULL },
		{ "a%2fb", NULL },
	};
	struct provider_request rq;

	(void)state;
	assert_true(provider_gsma.gives_back);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order(PAY_OUT);

		assert_true(uuid_parse(STATE_ID, 36, &o.back_reference));
		memcpy(o.back_txn, rows[i].txn, strlen(rows[i].txn) + 1);
		assert_int_equal(provider_gsma.submit(&account, &token, &o, &rq, NULL),
		                 rows[i].url == NULL ? -1 : 0);
		if (rows[i].url == NULL)
			continue;
		assert_string_equal(rq.url, rows[i].url);
		assert_string_equal(rq.body, "{\"type\":\"reversal\",\"amount\":\"15."
		                             "50\",\"currency\":\"SLE\"," REST);
		header_is(&rq, "X-CorrelationID: " REFERENCE);
		header_is(&rq, "X-Callback-URL: https://coop.example/callback/x");
	}
}

static void
the_heartbeat_says_whether_it_serves(void **state)
{
	static const struct {
		int status;
		const char *body;
		int result;
		bool active;
	} rows[] = {
		{ 200, "{\"serviceStatus\":\"available\",\"delay\":0}", 0, true },
		{ 200, "{\"serviceStatus\":\"degraded\",\"delay\":30}", 0, true },
		{ 200, "{\"serviceStatus\":\"unavailable\"}", 0, false },
		{ 200, "{\"serviceStatus\":\"new\"}", -1, false },
		{ 200, "<html>", -1, false },
		{ 404, "{\"serviceStatus\":\"available\"}", -1, false },
		{ 503, "{\"serviceStatus\":\"available\"}", -1, false },
	};
	struct provider_inquiry q = { .topic = TOPIC_SERVICE };
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_gsma.ask(&account, &token, &q, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://mm.example/1.2/heartbeat");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		struct provider_fact fact = { .name = "" };

		assert_int_equal(provider_gsma.ask_answer(&q, &ans, &fact, NULL),
		                 rows[i].result);
		assert_int_equal(fact.active, rows[i].active);
	}
	q.topic = TOPIC_CARRIER;
	assert_int_equal(provider_gsma.ask(&account, &token, &q, &rq, NULL), -1);
}

static void
what_cannot_be_sent_is_not(void **state)
{
	struct provider_account a = account;
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;

	(void)state;
	a.party[0] = '\0';
	assert_int_equal(provider_gsma.submit(&a, &token, &o, &rq, NULL), -1);
	a = account;
	a.scale = 0;
	assert_int_equal(provider_gsma.submit(&a, &token, &o, &rq, NULL), -1);
	memcpy(o.msisdn, "+2327612", 9);
	assert_int_equal(provider_gsma.submit(&account, &token, &o, &rq, NULL), -1);
}

struct row {
	int status;
	const char *body;
	enum verdict_kind kind;
	enum pay_reason reason;
	const char *code, *follow;
};

static void
check(const struct row *r, bool submit, const char *handle, const char *followed)
{
	struct provider_answer ans = { r->status, "application/json", r->body,
		                       strlen(r->body) };
	struct provider_order o = order(PAY_OUT);
	struct verdict v;

	memcpy(o.handle, handle, strlen(handle) + 1);
	memcpy(o.follow, followed, strlen(followed) + 1);
	(submit ? provider_gsma.submit_answer : provider_gsma.query_answer)(&o, &ans, &v);
	if (v.kind != r->kind || v.reason != r->reason)
		print_error("%d %s\n", r->status, r->body);
	assert_int_equal(v.kind, r->kind);
	assert_int_equal(v.reason, r->reason);
	assert_string_equal(v.code, r->code);
	assert_string_equal(v.follow, r->follow == NULL ? "" : r->follow);
}

#define ERROR(category, code)                                                            \
	"{\"errorCategory\":\"" category "\",\"errorCode\":\"" code "\"}"

static void
answers_to_a_submit(void **state)
{
	static const struct row rows[] = {
		{ 202,
		  "{\"serverCorrelationId\":\"" STATE_ID "\",\"status\":\"pending\"}",
		  VERDICT_ACCEPTED, REASON_NONE, "HTTP_202", NULL },
		{ 201,
		  "{\"transactionReference\":\"T1\",\"transactionStatus\":\"completed\"}",
		  VERDICT_ACCEPTED, REASON_NONE, "HTTP_201", NULL },
		{ 400, ERROR("businessRule", "duplicateRequest"), VERDICT_DUPLICATE,
		  REASON_NONE, "duplicateRequest", NULL },
		{ 400, ERROR("businessRule", "insufficientFunds"), VERDICT_FAILED,
		  REASON_OUR_FLOAT, "insufficientFunds", NULL },
		{ 404, ERROR("identification", "identifierError"), VERDICT_FAILED,
		  REASON_NOT_REGISTERED, "identifierError", NULL },
		{ 503, ERROR("serviceUnavailable", "rateLimitError"), VERDICT_DOWN,
		  REASON_PROVIDER_DOWN, "rateLimitError", NULL },
		{ 500, ERROR("internal", "genericError"), VERDICT_UNKNOWN, REASON_NONE,
		  "genericError", NULL },
		/* as the schema writes them, and as the text does */
		{ 400, ERROR("businessRule", "greaterThanTransactionMaxValue"),
		  VERDICT_FAILED, REASON_LIMIT, "greaterThanTransactionMaxValue", NULL },
		{ 400, ERROR("BusinessRule", "LessThanTransactionMinValue"),
		  VERDICT_FAILED, REASON_LIMIT, "LessThanTransactionMinValue", NULL },
		{ 400, ERROR("BusinessRule", "DuplicateRequest"), VERDICT_DUPLICATE,
		  REASON_NONE, "DuplicateRequest", NULL },
		/* who pays said no, with the status of a door that is shut */
		{ 401, ERROR("authorisation", "requestDeclined"), VERDICT_FAILED,
		  REASON_OTHER, "requestDeclined", NULL },
		{ 401, ERROR("authorisation", "requestingPartyAuthorisationError"),
		  VERDICT_DOWN, REASON_OUR_SETUP, "requestingPartyAuthorisationError",
		  NULL },
		{ 401, ERROR("authorisation", "clientAuthorisationError"), VERDICT_AUTH,
		  REASON_NONE, "HTTP_401", NULL },
		{ 400, ERROR("businessRule", "newRule"), VERDICT_UNKNOWN, REASON_NONE,
		  "newRule", NULL },
		{ 401, "", VERDICT_AUTH, REASON_NONE, "HTTP_401", NULL },
		{ 202, "", VERDICT_UNKNOWN, REASON_NONE, "HTTP_202", NULL },
		{ 201, "<html>", VERDICT_UNKNOWN, REASON_NONE, "HTTP_201", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], true, "", "");
}

static void
answers_to_a_question(void **state)
{
	static const struct row rows[] = {
		{ 200, "{\"link\":\"/transactions/T1\"}", VERDICT_FOLLOW, REASON_NONE,
		  "HTTP_200", "/transactions/T1" },
		/* never to another house */
		{ 200, "{\"link\":\"//evil.example/x\"}", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_200", NULL },
		{ 200, "{\"link\":\"http://evil.example/x\"}", VERDICT_UNKNOWN,
		  REASON_NONE, "HTTP_200", NULL },
		{ 200,
		  "{\"transactionReference\":\"T1\",\"transactionStatus\":\"Completed\","
		  "\"amount\":\"15.5\",\"currency\":\"SLE\"}",
		  VERDICT_PAID, REASON_NONE, "Completed", NULL },
		{ 200, "{\"transactionStatus\":\"completed\",\"amount\":\"15.51\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS", NULL },
		{ 200,
		  "{\"transactionStatus\":\"completed\","
		  "\"requestingOrganisationTransactionReference\":\"other\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS", NULL },
		{ 200, "{\"transactionStatus\":\"failed\"}", VERDICT_FAILED, REASON_OTHER,
		  "failed", NULL },
		{ 200, "{\"transactionStatus\":\"almost\"}", VERDICT_UNKNOWN, REASON_NONE,
		  "almost", NULL },
		{ 200,
		  "{\"serverCorrelationId\":\"" STATE_ID "\",\"status\":\"pending\"}",
		  VERDICT_PENDING, REASON_NONE, "pending", NULL },
		{ 200,
		  "{\"serverCorrelationId\":\"" STATE_ID
		  "\",\"status\":\"pending\",\"pendingReason\":\"queued\"}",
		  VERDICT_PENDING, REASON_NONE, "queued", NULL },
		{ 200,
		  "{\"serverCorrelationId\":\"" STATE_ID "\",\"status\":\"completed\","
		  "\"objectReference\":\"T9\"}",
		  VERDICT_FOLLOW, REASON_NONE, "completed", "/transactions/T9" },
		{ 200,
		  "{\"serverCorrelationId\":\"" STATE_ID "\",\"status\":\"completed\","
		  "\"objectReference\":\"../x\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "completed", NULL },
		{ 200,
		  "{\"serverCorrelationId\":\"" STATE_ID "\",\"status\":\"failed\","
		  "\"error\":" ERROR("identification", "identifierError") "}",
		  VERDICT_FAILED, REASON_NOT_REGISTERED, "identifierError", NULL },
		{ 404, ERROR("identification", "identifierError"), VERDICT_NOT_FOUND,
		  REASON_NONE, "HTTP_404", NULL },
		{ 401, ERROR("authorisation", "requestDeclined"), VERDICT_UNKNOWN,
		  REASON_NONE, "requestDeclined", NULL },
		{ 404, "<html>", VERDICT_UNKNOWN, REASON_NONE, "NO_CODE", NULL },
		{ 401, "", VERDICT_AUTH, REASON_NONE, "HTTP_401", NULL },
		{ 500, ERROR("internal", "genericError"), VERDICT_UNKNOWN, REASON_NONE,
		  "genericError", NULL },
	};
	static const struct row named = { 404,
		                          ERROR("identification", "identifierError"),
		                          VERDICT_FOLLOW,
		                          REASON_NONE,
		                          "HTTP_404",
		                          "/requeststates/" STATE_ID };
	static const struct row gone = { 404,
		                         ERROR("identification", "identifierError"),
		                         VERDICT_NOT_FOUND,
		                         REASON_NONE,
		                         "HTTP_404",
		                         NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false, "", "");
	check(&named, false, STATE_ID, "");
	check(&gone, false, STATE_ID, "/requeststates/" STATE_ID);
}

static void
callbacks_are_hints(void **state)
{
	static const char good[] =
	    "{\"transactionReference\":\"T1\",\"transactionStatus\":"
	    "\"completed\"}";
	static const char bad[] = ERROR("businessRule", "insufficientFunds");
	struct provider_hint h;

	(void)state;
	assert_int_equal(provider_gsma.callback(good, sizeof good - 1, &h, NULL), 0);
	assert_int_equal(h.claims, VERDICT_PAID);
	assert_string_equal(h.provider_txn, "T1");
	assert_int_equal(provider_gsma.callback(bad, sizeof bad - 1, &h, NULL), 0);
	assert_int_equal(h.claims, VERDICT_FAILED);
	assert_true(uuid_is_nil(&h.reference));
	assert_int_equal(provider_gsma.callback("<", 1, &h, NULL), -1);
}

static void
wallets(void **state)
{
	static const struct {
		enum provider_topic topic;
		int status;
		const char *body;
		enum err_code code;
	} rows[] = {
		{ TOPIC_ACTIVE, 200, "{\"accountStatus\":\"available\"}", ERR_NONE },
		{ TOPIC_NAME, 200, "{\"name\":{\"fullName\":\"Neema Juma\"}}", ERR_NONE },
		{ TOPIC_BALANCE, 200,
		  "{\"currentBalance\":\"10.00\",\"currency\":\"SLE\"}", ERR_NONE },
		{ TOPIC_NAME, 404, ERROR("identification", "identifierError"),
		  ERR_NOT_FOUND },
		{ TOPIC_NAME, 404, "<html>", ERR_PEER },
		{ TOPIC_NAME, 401, "", ERR_AUTH },
		{ TOPIC_BALANCE, 200, "{\"currentBalance\":\"x\",\"currency\":\"SLE\"}",
		  ERR_PEER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_inquiry q = { .topic = rows[i].topic, .exponent = 2 };
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		struct provider_fact fact;
		struct err err = err_none();

		(void)provider_gsma.ask_answer(&q, &ans, &fact, &err);
		assert_int_equal(err.code, rows[i].code);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders),
		cmocka_unit_test(questions_follow_the_answer_before),
		cmocka_unit_test(a_reversal_names_what_it_reverses),
		cmocka_unit_test(the_heartbeat_says_whether_it_serves),
		cmocka_unit_test(what_cannot_be_sent_is_not),
		cmocka_unit_test(answers_to_a_submit),
		cmocka_unit_test(answers_to_a_question),
		cmocka_unit_test(callbacks_are_hints),
		cmocka_unit_test(wallets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
