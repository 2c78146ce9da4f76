/* The codecs of M-Pesa as Vodacom runs it: golden requests of both editions, and every
 * answer we know of. */
#include "lib/json.h"
#include "payments/provider/provider.h"
#include "tests/unit/provider_key.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define REFERENCE   "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"
#define ID          "0f3c1d529a774c1e8b1a5d2e6f708192"

static struct provider_account
account(const char *base)
{
	struct provider_account a = { .name = "vodacom",
		                      .key = "api key",
		                      .currency = "TZS",
		                      .party = "000000",
		                      .origin = "coop.example",
		                      .market = "vodacomTZN",
		                      .scale = 2 };

	snprintf(a.base_url, sizeof a.base_url, "%s", base);
	snprintf(a.public_key, sizeof a.public_key, "%s", public_key);
	return a;
}

static struct provider_order
order(enum pay_direction direction)
{
	struct provider_order o = { .direction = direction,
		                    .msisdn = "255754000100",
		                    .amount_minor = 1550,
		                    .exponent = 2,
		                    .currency = "TZS",
		                    .note = "Loan, it's",
		                    .wall_ms = 1577269800123 };

	assert_true(uuid_parse(REFERENCE, 36, &o.reference));
	return o;
}

static const struct provider_token session = { .text = "the session" };

/* What only the holder of the private key reads of the bearer. */
static void
bearer_is(const struct provider_request *rq, const char *expected)
{
	const char *text = NULL;

	for (unsigned i = 0; i < PROVIDER_HEADERS; i++)
		if (strncmp(rq->headers[i], "Authorization: Bearer ", 22) == 0)
			text = rq->headers[i] + 22;
	assert_non_null(text);
	assert_string_equal(opened(text), expected);
}

static void
the_openapi(void **state)
{
	static const struct {
		enum pay_direction direction;
		bool submit;
		const char *method, *url, *body;
	} rows[] = {
		{ PAY_IN, true, "POST",
		  "http://m.example/sandbox/ipg/v2/vodacomTZN/c2bPayment/singleStage/",
		  "{\"input_Amount\":\"15.50\",\"input_Country\":\"TZN\",\"input_"
		  "Currency\":"
		  "\"TZS\",\"input_CustomerMSISDN\":\"255754000100\","
		  "\"input_ServiceProviderCode\":\"000000\","
		  "\"input_ThirdPartyConversationID\":\"" ID
		  "\",\"input_TransactionReference\":\"0f3c1d529a774c1e8b1a\","
		  "\"input_PurchasedItemsDesc\":\"Loan it s\"}" },
		{ PAY_OUT, true, "POST",
		  "http://m.example/sandbox/ipg/v2/vodacomTZN/b2cPayment/",
		  "{\"input_Amount\":\"15.50\",\"input_Country\":\"TZN\",\"input_"
		  "Currency\":"
		  "\"TZS\",\"input_CustomerMSISDN\":\"255754000100\","
		  "\"input_ServiceProviderCode\":\"000000\","
		  "\"input_ThirdPartyConversationID\":\"" ID
		  "\",\"input_TransactionReference\":\"0f3c1d529a774c1e8b1a\","
		  "\"input_PaymentItemsDesc\":\"Loan it s\"}" },
		{ PAY_OUT, false, "GET",
		  "http://m.example/sandbox/ipg/v2/vodacomTZN/queryTransactionStatus/"
		  "?input_QueryReference=" ID
		  "&input_ServiceProviderCode=000000&input_ThirdPartyConversationID="
		  "0f3c1d529a774c1e8b1a1577269800123&input_Country=TZN",
		  "" },
	};
	struct provider_account a = account("http://m.example/sandbox");
	struct provider_request rq;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order(rows[i].direction);

		assert_int_equal((rows[i].submit ? provider_vodacom.submit
		                                 : provider_vodacom.query)(&a, &session,
		                                                           &o, &rq, NULL),
		                 0);
		assert_string_equal(rq.method, rows[i].method);
		assert_string_equal(rq.url, rows[i].url);
		assert_string_equal(rq.body, rows[i].body);
		bearer_is(&rq, "the session");
	}
	assert_int_equal(provider_vodacom.token(&a, PAY_OUT, &rq, NULL), 0);
	assert_string_equal(rq.url,
	                    "http://m.example/sandbox/ipg/v2/vodacomTZN/getSession/");
	bearer_is(&rq, "api key");
}

static void
mozambique_has_a_port_for_each_call(void **state)
{
	static const struct {
		enum pay_direction direction;
		bool submit;
		const char *base, *url;
	} rows[] = {
		{ PAY_IN, true, "https://api.vm.co.mz",
		  "https://api.vm.co.mz:18352/ipg/v1x/c2bPayment/singleStage/" },
		{ PAY_OUT, true, "https://api.vm.co.mz",
		  "https://api.vm.co.mz:18345/ipg/v1x/b2cPayment/" },
		{ PAY_OUT, true, "http://127.0.0.1:9",
		  "http://127.0.0.1:9/ipg/v1x/b2cPayment/" },
		{ PAY_IN, false, "https://api.vm.co.mz",
		  "https://api.vm.co.mz:18353/ipg/v1x/queryTransactionStatus/"
		  "?input_QueryReference=" ID
		  "&input_ServiceProviderCode=000000&input_ThirdPartyReference="
		  "0f3c1d529a774c1e8b1a1577269800123" },
	};

	(void)state;
	assert_null(provider_mpesamz.token);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_account a = account(rows[i].base);
		struct provider_order o = order(rows[i].direction);
		struct provider_request rq;

		assert_int_equal((rows[i].submit
		                      ? provider_mpesamz.submit
		                      : provider_mpesamz.query)(&a, NULL, &o, &rq, NULL),
		                 0);
		assert_string_equal(rq.url, rows[i].url);
		bearer_is(&rq, "api key");
		if (rows[i].submit)
			assert_non_null(
			    strstr(rq.body, "\"input_ThirdPartyReference\":\"" ID "\""));
	}
}

static void
reversals_are_put(void **state)
{
	static const struct {
		const struct provider *p;
		const char *url, *body;
	} rows[] = {
		{ &provider_vodacom, "https://m.example/ipg/v2/vodacomTZN/reversal/",
		  "{\"input_ReversalAmount\":\"15.50\",\"input_Country\":\"TZN\","
		  "\"input_ServiceProviderCode\":\"000000\","
		  "\"input_ThirdPartyConversationID\":\"" ID
		  "\",\"input_TransactionID\":\"AB12\"}" },
		{ &provider_mpesamz, "https://m.example:18354/ipg/v1x/reversal/",
		  "{\"input_ReversalAmount\":\"15.50\",\"input_InitiatorIdentifier\":"
		  "\"adit\",\"input_SecurityCredential\":\"proof\","
		  "\"input_ServiceProviderCode\":\"000000\","
		  "\"input_ThirdPartyReference\":\"" ID
		  "\",\"input_TransactionID\":\"AB12\"}" },
	};
	struct provider_account a = account("https://m.example");
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;

	(void)state;
	memcpy(a.initiator, "adit", 5);
	memcpy(a.pin, "proof", 6);
	memcpy(o.back_txn, "AB12", 5);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(rows[i].p->submit(&a, &session, &o, &rq, NULL), 0);
		assert_string_equal(rq.method, "PUT");
		assert_string_equal(rq.url, rows[i].url);
		assert_string_equal(rq.body, rows[i].body);
	}
	a.pin[0] = '\0';
	assert_int_equal(provider_mpesamz.submit(&a, &session, &o, &rq, NULL), -1);
}

static void
a_name_is_asked_for(void **state)
{
	static const struct {
		int status;
		const char *body, *name;
		enum err_code code;
	} rows[] = {
		{ 200,
		  "{\"output_ResponseCode\":\"INS-0\",\"output_CustomerFirstName\":"
		  "\"Neema\",\"output_CustomerLastName\":\"Mushi\"}",
		  "Neema Mushi", ERR_NONE },
		/* taken, and told later: to nobody */
		{ 200, "{\"output_ResponseCode\":\"INS-0\"}", "", ERR_PEER },
		{ 400, "{\"output_ResponseCode\":\"INS-2051\"}", "", ERR_NOT_FOUND },
		{ 401, "{}", "", ERR_AUTH },
		{ 404, "", "", ERR_PEER },
	};
	struct provider_account a = account("http://m.example");
	struct provider_inquiry q = { .topic = TOPIC_NAME,
		                      .msisdn = "255754000100",
		                      .wall_ms = 1577269800123 };
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_vodacom.ask(&a, &session, &q, &rq, NULL), 0);
	assert_string_equal(
	    rq.url, "http://m.example/ipg/v2/vodacomTZN/queryBeneficiaryName/"
	            "?input_Country=TZN&input_CustomerMSISDN=255754000100"
	            "&input_KycQueryType=Name&input_ServiceProviderCode=000000"
	            "&input_ThirdPartyConversationID=n255754000100t1577269800123");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		struct provider_fact fact = { .name = "" };
		struct err err = err_none();

		(void)provider_vodacom.ask_answer(&q, &ans, &fact, &err);
		assert_int_equal(err.code, rows[i].code);
		assert_string_equal(fact.name, rows[i].name);
	}
	q.topic = TOPIC_BALANCE;
	assert_int_equal(provider_vodacom.ask(&a, &session, &q, &rq, NULL), -1);
}

static void
what_cannot_be_sent_is_not(void **state)
{
	struct provider_account a = account("http://m.example");
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;

	(void)state;
	a.public_key[0] = '\0';
	assert_int_equal(provider_vodacom.submit(&a, &session, &o, &rq, NULL), -1);
	a = account("http://m.example");
	a.market[0] = '\0';
	assert_int_equal(provider_vodacom.submit(&a, &session, &o, &rq, NULL), -1);
	a = account("http://m.example");
	memcpy(a.party, "1&x=2", 6);
	assert_int_equal(provider_vodacom.query(&a, &session, &o, &rq, NULL), -1);
	a = account("");
	assert_int_equal(provider_vodacom.submit(&a, &session, &o, &rq, NULL), -1);
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

	(submit ? provider_vodacom.submit_answer
	        : provider_vodacom.query_answer)(&o, &ans, &v);
	if (v.kind != r->kind || v.reason != r->reason)
		print_error("%d %s\n", r->status, r->body);
	assert_int_equal(v.kind, r->kind);
	assert_int_equal(v.reason, r->reason);
	assert_string_equal(v.code, r->code);
}

#define TOLD(code)                                                                       \
	"{\"output_ResponseCode\":\"" code "\",\"output_TransactionID\":\"N/A\","        \
	"\"output_ThirdPartyConversationID\":\"" ID "\"}"

static void
answers_to_a_submit(void **state)
{
	static const struct row rows[] = {
		{ PAY_OUT, 201, TOLD("INS-0"), VERDICT_ACCEPTED, REASON_NONE, "INS-0" },
		{ PAY_OUT, 409, TOLD("INS-10"), VERDICT_DUPLICATE, REASON_NONE,
		  "INS-10" },
		{ PAY_OUT, 408, TOLD("INS-9"), VERDICT_UNKNOWN, REASON_NONE, "INS-9" },
		/* a 401 that is no door */
		{ PAY_IN, 401, TOLD("INS-6"), VERDICT_UNKNOWN, REASON_NONE, "INS-6" },
		{ PAY_IN, 401, TOLD("INS-2"), VERDICT_DOWN, REASON_OUR_SETUP, "INS-2" },
		{ PAY_IN, 401, "{\"output_error\":\"Session\"}", VERDICT_AUTH,
		  REASON_NONE, "HTTP_401" },
		{ PAY_IN, 422, TOLD("INS-2006"), VERDICT_FAILED, REASON_NO_FUNDS,
		  "INS-2006" },
		{ PAY_OUT, 422, TOLD("INS-2006"), VERDICT_FAILED, REASON_OUR_FLOAT,
		  "INS-2006" },
		{ PAY_OUT, 503, TOLD("INS-16"), VERDICT_DOWN, REASON_PROVIDER_DOWN,
		  "INS-16" },
		{ PAY_OUT, 400, TOLD("INS-18"), VERDICT_FAILED, REASON_OTHER, "INS-18" },
		{ PAY_OUT, 400, TOLD("INS-19"), VERDICT_FAILED, REASON_OTHER, "INS-19" },
		{ PAY_OUT, 400, TOLD("INS-22"), VERDICT_FAILED, REASON_OUR_SETUP,
		  "INS-22" },
		{ PAY_OUT, 400, TOLD("INS-24"), VERDICT_DOWN, REASON_OUR_SETUP,
		  "INS-24" },
		{ PAY_OUT, 400, TOLD("INS-25"), VERDICT_DOWN, REASON_OUR_SETUP,
		  "INS-25" },
		{ PAY_OUT, 400, TOLD("INS-26"), VERDICT_DOWN, REASON_OUR_SETUP,
		  "INS-26" },
		{ PAY_IN, 400, TOLD("INS-993"), VERDICT_UNKNOWN, REASON_NONE, "INS-993" },
		{ PAY_IN, 400, TOLD("INS-995"), VERDICT_FAILED, REASON_NOT_ALLOWED,
		  "INS-995" },
		{ PAY_OUT, 400, TOLD("INS-996"), VERDICT_FAILED, REASON_NOT_ALLOWED,
		  "INS-996" },
		{ PAY_OUT, 400, TOLD("INS-12345"), VERDICT_UNKNOWN, REASON_NONE,
		  "INS-12345" },
		{ PAY_OUT, 201,
		  "{\"output_ResponseCode\":\"INS-0\",\"output_"
		  "ThirdPartyConversationID\":"
		  "\"other\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS" },
		{ PAY_OUT, 401, "<html>", VERDICT_UNKNOWN, REASON_NONE, "HTTP_401" },
		{ PAY_OUT, 500, "", VERDICT_UNKNOWN, REASON_NONE, "HTTP_500" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], true);
}

#define STATE(word)                                                                      \
	"{\"output_ResponseCode\":\"INS-0\",\"output_ResponseTransactionStatus\":"       \
	"\"" word "\"}"

static void
answers_to_a_question(void **state)
{
	static const struct row rows[] = {
		{ PAY_OUT, 200, STATE("Completed"), VERDICT_PAID, REASON_NONE,
		  "Completed" },
		{ PAY_OUT, 201, STATE("Completed"), VERDICT_PAID, REASON_NONE,
		  "Completed" },
		{ PAY_OUT, 200, STATE("Pending"), VERDICT_PENDING, REASON_NONE,
		  "Pending" },
		{ PAY_IN, 200, STATE("Cancelled"), VERDICT_FAILED, REASON_CANCELLED,
		  "Cancelled" },
		{ PAY_IN, 200, STATE("Expired"), VERDICT_FAILED, REASON_IGNORED,
		  "Expired" },
		{ PAY_OUT, 200, STATE("Failed"), VERDICT_FAILED, REASON_OTHER, "Failed" },
		{ PAY_OUT, 200, STATE("N/A"), VERDICT_NOT_FOUND, REASON_NONE, "N/A" },
		{ PAY_OUT, 200, STATE("Perhaps"), VERDICT_UNKNOWN, REASON_NONE,
		  "Perhaps" },
		/* a question that failed is not a payment that failed */
		{ PAY_OUT, 422, TOLD("INS-2006"), VERDICT_UNKNOWN, REASON_NONE,
		  "INS-2006" },
		{ PAY_OUT, 401, TOLD("INS-6"), VERDICT_UNKNOWN, REASON_NONE, "INS-6" },
		{ PAY_OUT, 401, "{}", VERDICT_AUTH, REASON_NONE, "HTTP_401" },
		{ PAY_OUT, 200, "{\"output_ResponseTransactionStatus\":\"Completed\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "HTTP_200" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false);
}

static void
results_that_are_posted_are_hints(void **state)
{
	static const char body[] =
	    "{\"input_OriginalConversationID\":\"c1\",\"input_TransactionID\":\"T1\","
	    "\"input_ResultCode\":\"INS-0\",\"input_ThirdPartyConversationID\":\"" ID
	    "\"}";
	struct provider_hint h;
	struct json *doc;
	char text[400];
	size_t n;

	(void)state;
	assert_int_equal(provider_vodacom.callback(body, sizeof body - 1, &h, NULL), 0);
	assert_false(uuid_is_nil(&h.reference));
	assert_int_equal(h.claims, VERDICT_PAID);
	n = provider_vodacom.reply(body, sizeof body - 1, text, sizeof text);
	doc = json_parse(text, n, NULL);
	assert_string_equal(json_get_text(doc, "output_ResponseCode"), "0");
	assert_string_equal(json_get_text(doc, "output_OriginalConversationID"), "c1");
	assert_string_equal(json_get_text(doc, "output_ThirdPartyConversationID"), ID);
	json_free(doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_openapi),
		cmocka_unit_test(mozambique_has_a_port_for_each_call),
		cmocka_unit_test(reversals_are_put),
		cmocka_unit_test(a_name_is_asked_for),
		cmocka_unit_test(what_cannot_be_sent_is_not),
		cmocka_unit_test(answers_to_a_submit),
		cmocka_unit_test(answers_to_a_question),
		cmocka_unit_test(results_that_are_posted_are_hints),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
