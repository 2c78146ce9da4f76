/* The pawaPay codec: golden requests, and every answer we know of. */
#include "payments/provider/provider.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define DEPOSIT     "7b1f0f4e-2c11-4c43-9f54-0a7e1c9d2b60"
#define REFERENCE   "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"

static const struct provider_account account = { .name = "mtn-zm",
	                                         .base_url = "http://pawa.example",
	                                         .key = "key",
	                                         .currency = "ZMW",
	                                         .market = "MTN_MOMO_ZMB",
	                                         .scale = 2 };

static struct provider_order
order(enum pay_direction direction)
{
	struct provider_order o = { .direction = direction,
		                    .msisdn = "260763456789",
		                    .amount_minor = 1550,
		                    .exponent = 2,
		                    .currency = "ZMW",
		                    .note = "Loan GH2N8Z: it's paid to you" };

	assert_true(uuid_parse(REFERENCE, 36, &o.reference));
	return o;
}

static void
requests(void **state)
{
	static const struct {
		enum pay_direction direction;
		bool submit;
		const char *method, *url, *body;
	} rows[] = {
		{ PAY_OUT, true, "POST", "http://pawa.example/v2/payouts",
		  "{\"payoutId\":\"" REFERENCE "\",\"amount\":\"15.50\",\"currency\":"
		  "\"ZMW\",\"recipient\":{\"type\":\"MMO\",\"accountDetails\":"
		  "{\"phoneNumber\":\"260763456789\",\"provider\":\"MTN_MOMO_ZMB\"}},"
		  "\"customerMessage\":\"Loan GH2N8Z it s paid\"}" },
		{ PAY_IN, true, "POST", "http://pawa.example/v2/deposits",
		  "{\"depositId\":\"" REFERENCE "\",\"amount\":\"15.50\",\"currency\":"
		  "\"ZMW\",\"payer\":{\"type\":\"MMO\",\"accountDetails\":"
		  "{\"phoneNumber\":\"260763456789\",\"provider\":\"MTN_MOMO_ZMB\"}},"
		  "\"customerMessage\":\"Loan GH2N8Z it s paid\"}" },
		{ PAY_OUT, false, "GET", "http://pawa.example/v2/payouts/" REFERENCE,
		  "" },
		{ PAY_IN, false, "GET", "http://pawa.example/v2/deposits/" REFERENCE,
		  "" },
	};

	(void)state;
	assert_null(provider_pawapay.token);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order(rows[i].direction);
		struct provider_request rq;
		bool bearer = false;

		assert_int_equal((rows[i].submit ? provider_pawapay.submit
		                                 : provider_pawapay.query)(&account, NULL,
		                                                           &o, &rq, NULL),
		                 0);
		assert_string_equal(rq.method, rows[i].method);
		assert_string_equal(rq.url, rows[i].url);
		assert_string_equal(rq.body, rows[i].body);
		for (unsigned h = 0; h < PROVIDER_HEADERS; h++)
			bearer |= strcmp(rq.headers[h], "Authorization: Bearer key") == 0;
		assert_true(bearer);
	}
}

static void
a_refund_names_its_deposit_alone(void **state)
{
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;

	(void)state;
	assert_true(uuid_parse(DEPOSIT, 36, &o.back_reference));
	assert_true(provider_pawapay.gives_back);
	assert_int_equal(provider_pawapay.submit(&account, NULL, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://pawa.example/v2/refunds");
	assert_string_equal(rq.body,
	                    "{\"refundId\":\"" REFERENCE "\",\"depositId\":\"" DEPOSIT
	                    "\",\"amount\":\"15.50\",\"currency\":\"ZMW\"}");
	assert_int_equal(provider_pawapay.query(&account, NULL, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://pawa.example/v2/refunds/" REFERENCE);
}

static void
what_can_be_asked(void **state)
{
	static const struct {
		enum provider_topic topic;
		const char *method, *url, *body; /* NULL: cannot be asked */
	} rows[] = {
		{ TOPIC_ACTIVE, NULL, NULL, NULL },
		{ TOPIC_NAME, NULL, NULL, NULL },
		{ TOPIC_BALANCE, "GET", "http://pawa.example/v2/wallet-balances", "" },
		{ TOPIC_SERVICE, "GET", "http://pawa.example/v2/availability", "" },
		{ TOPIC_CARRIER, "POST", "http://pawa.example/v2/predict-provider",
		  "{\"phoneNumber\":\"260763456789\"}" },
	};
	struct provider_request rq;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_inquiry q = { .topic = rows[i].topic,
			                      .msisdn = "260763456789" };
		bool can = (provider_pawapay.topics & 1u << rows[i].topic) != 0;

		assert_int_equal(can, rows[i].url != NULL);
		assert_int_equal(provider_pawapay.ask(&account, NULL, &q, &rq, NULL),
		                 can ? 0 : -1);
		if (!can)
			continue;
		assert_string_equal(rq.method, rows[i].method);
		assert_string_equal(rq.url, rows[i].url);
		assert_string_equal(rq.body, rows[i].body);
	}
}

#define SERVICE(deposit, payout)                                                         \
	"[{\"country\":\"GHA\",\"providers\":[{\"provider\":\"MTN_MOMO_GHA\","           \
	"\"operationTypes\":[{\"operationType\":\"PAYOUT\",\"status\":\"CLOSED\"}]}]},"  \
	"{\"country\":\"ZMB\",\"providers\":[{\"provider\":\"MTN_MOMO_ZMB\","            \
	"\"operationTypes\":[{\"operationType\":\"DEPOSIT\",\"status\":\"" deposit       \
	"\"},{\"operationType\":\"PAYOUT\",\"status\":\"" payout "\"}]}]}]"

static void
who_serves_and_whose_a_number_is(void **state)
{
	static const struct {
		enum provider_topic topic;
		enum pay_direction direction;
		int status;
		const char *body;
		int result;
		bool active;
		const char *name;
	} rows[] = {
		{ TOPIC_SERVICE, PAY_OUT, 200, SERVICE("CLOSED", "OPERATIONAL"), 0, true,
		  "" },
		{ TOPIC_SERVICE, PAY_IN, 200, SERVICE("CLOSED", "OPERATIONAL"), 0, false,
		  "" },
		/* a payout may wait there, a prompt may not */
		{ TOPIC_SERVICE, PAY_OUT, 200, SERVICE("DELAYED", "DELAYED"), 0, true,
		  "" },
		{ TOPIC_SERVICE, PAY_IN, 200, SERVICE("DELAYED", "DELAYED"), 0, false,
		  "" },
		{ TOPIC_SERVICE, PAY_OUT, 200, SERVICE("x", "NEW_WORD"), -1, false, "" },
		{ TOPIC_SERVICE, PAY_OUT, 200, "[]", -1, false, "" },
		{ TOPIC_SERVICE, PAY_OUT, 200, "{}", -1, false, "" },
		{ TOPIC_SERVICE, PAY_OUT, 500, SERVICE("x", "CLOSED"), -1, false, "" },
		{ TOPIC_CARRIER, PAY_OUT, 200,
		  "{\"country\":\"ZMB\",\"provider\":\"MTN_MOMO_ZMB\",\"phoneNumber\":"
		  "\"260763456789\"}",
		  0, false, "MTN_MOMO_ZMB" },
		{ TOPIC_CARRIER, PAY_OUT, 200, "{\"provider\":7}", -1, false, "" },
		{ TOPIC_CARRIER, PAY_OUT, 400, "{\"failureReason\":{}}", -1, false, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_inquiry q = { .topic = rows[i].topic,
			                      .direction = rows[i].direction,
			                      .market = "MTN_MOMO_ZMB" };
		struct provider_answer ans = { rows[i].status, "", rows[i].body,
			                       strlen(rows[i].body) };
		struct provider_fact fact = { .name = "" };

		assert_int_equal(provider_pawapay.ask_answer(&q, &ans, &fact, NULL),
		                 rows[i].result);
		assert_int_equal(fact.active, rows[i].active);
		assert_string_equal(fact.name, rows[i].name);
	}
}

static void
what_cannot_be_sent_is_not(void **state)
{
	struct provider_account a = account;
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;

	(void)state;
	a.scale = 0; /* 15.50 there is not */
	assert_int_equal(provider_pawapay.submit(&a, NULL, &o, &rq, NULL), -1);
	a = account;
	a.market[0] = '\0';
	assert_int_equal(provider_pawapay.submit(&a, NULL, &o, &rq, NULL), -1);
	a = account;
	a.key[0] = '\0';
	assert_int_equal(provider_pawapay.submit(&a, NULL, &o, &rq, NULL), -1);
	memcpy(o.currency, "TZS", 4);
	assert_int_equal(provider_pawapay.submit(&account, NULL, &o, &rq, NULL), -1);
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

	(submit ? provider_pawapay.submit_answer
	        : provider_pawapay.query_answer)(&o, &ans, &v);
	if (v.kind != r->kind || v.reason != r->reason)
		print_error("%d %s\n", r->status, r->body);
	assert_int_equal(v.kind, r->kind);
	assert_int_equal(v.reason, r->reason);
	assert_string_equal(v.code, r->code);
}

#define TOLD(status) "{\"payoutId\":\"" REFERENCE "\",\"status\":\"" status "\"}"
#define REJECTED(code)                                                                   \
	"{\"payoutId\":\"" REFERENCE "\",\"status\":\"REJECTED\",\"failureReason\":{"    \
	"\"failureCode\":\"" code "\",\"failureMessage\":\"x\"}}"

static void
answers_to_a_submit(void **state)
{
	static const struct row rows[] = {
		{ PAY_OUT, 200, TOLD("ACCEPTED"), VERDICT_ACCEPTED, REASON_NONE,
		  "ACCEPTED" },
		{ PAY_OUT, 200, TOLD("DUPLICATE_IGNORED"), VERDICT_DUPLICATE, REASON_NONE,
		  "DUPLICATE_IGNORED" },
		{ PAY_OUT, 200, REJECTED("AMOUNT_OUT_OF_BOUNDS"), VERDICT_FAILED,
		  REASON_LIMIT, "AMOUNT_OUT_OF_BOUNDS" },
		{ PAY_OUT, 200, REJECTED("PROVIDER_TEMPORARILY_UNAVAILABLE"),
		  VERDICT_DOWN, REASON_PROVIDER_DOWN,
		  "PROVIDER_TEMPORARILY_UNAVAILABLE" },
		{ PAY_OUT, 200, REJECTED("NEW_CODE"), VERDICT_UNKNOWN, REASON_NONE,
		  "NEW_CODE" },
		{ PAY_OUT, 401,
		  "{\"failureReason\":{\"failureCode\":\"NO_AUTHENTICATION\"}}",
		  VERDICT_DOWN, REASON_OUR_SETUP, "NO_AUTHENTICATION" },
		{ PAY_OUT, 400, "{\"failureReason\":{\"failureCode\":\"INVALID_INPUT\"}}",
		  VERDICT_FAILED, REASON_OTHER, "INVALID_INPUT" },
		{ PAY_OUT, 403,
		  "{\"failureReason\":{\"failureCode\":\"HTTP_SIGNATURE_ERROR\"}}",
		  VERDICT_DOWN, REASON_OUR_SETUP, "HTTP_SIGNATURE_ERROR" },
		{ PAY_OUT, 400, "{}", VERDICT_UNKNOWN, REASON_NONE, "HTTP_400" },
		/* another's id accepts nothing of ours */
		{ PAY_IN, 200, TOLD("ACCEPTED"), VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_200" },
		{ PAY_OUT, 200, "<html>ACCEPTED</html>", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_200" },
		{ PAY_OUT, 500, "{\"status\":500}", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_500" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], true);
}

#define FOUND(rest)                                                                      \
	"{\"status\":\"FOUND\",\"data\":{\"payoutId\":\"" REFERENCE                      \
	"\",\"amount\":\"15.5\"," rest "}}"

static void
answers_to_a_question(void **state)
{
	static const struct row rows[] = {
		{ PAY_OUT, 200, FOUND("\"status\":\"COMPLETED\""), VERDICT_PAID,
		  REASON_NONE, "COMPLETED" },
		{ PAY_OUT, 200, FOUND("\"status\":\"ENQUEUED\""), VERDICT_PENDING,
		  REASON_NONE, "ENQUEUED" },
		{ PAY_OUT, 200, FOUND("\"status\":\"IN_RECONCILIATION\""),
		  VERDICT_PENDING, REASON_NONE, "IN_RECONCILIATION" },
		{ PAY_OUT, 200,
		  FOUND("\"status\":\"FAILED\",\"failureReason\":{\"failureCode\":"
		        "\"RECIPIENT_NOT_FOUND\"}"),
		  VERDICT_FAILED, REASON_NOT_REGISTERED, "RECIPIENT_NOT_FOUND" },
		{ PAY_OUT, 200, FOUND("\"status\":\"FAILED\""), VERDICT_FAILED,
		  REASON_OTHER, "FAILED" },
		{ PAY_OUT, 200, FOUND("\"status\":\"PERHAPS\""), VERDICT_UNKNOWN,
		  REASON_NONE, "PERHAPS" },
		{ PAY_OUT, 200, "{\"status\":\"NOT_FOUND\"}", VERDICT_NOT_FOUND,
		  REASON_NONE, "HTTP_200" },
		{ PAY_OUT, 200,
		  "{\"status\":\"FOUND\",\"data\":{\"payoutId\":\"" REFERENCE
		  "\",\"amount\":\"16.00\",\"status\":\"COMPLETED\"}}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS" },
		{ PAY_OUT, 200, FOUND("\"currency\":\"XYZ\",\"status\":\"COMPLETED\""),
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS" },
		{ PAY_OUT, 200,
		  "{\"status\":\"FOUND\",\"data\":{\"status\":\"COMPLETED\"}}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS" },
		{ PAY_OUT, 404, "{\"status\":\"NOT_FOUND\"}", VERDICT_UNKNOWN,
		  REASON_NONE, "HTTP_404" },
		{ PAY_OUT, 502, "", VERDICT_UNKNOWN, REASON_NONE, "HTTP_502" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false);
}

static void
callbacks_and_balances(void **state)
{
	static const char told[] =
	    "{\"depositId\":\"" REFERENCE "\",\"status\":\"COMPLETED\","
	    "\"providerTransactionId\":\"ABC123\"}";
	static const char back[] =
	    "{\"refundId\":\"" REFERENCE "\",\"depositId\":\"" DEPOSIT
	    "\",\"status\":\"FAILED\"}";
	static const char wallets[] =
	    "{\"balances\":[{\"country\":\"ZMB\",\"balance\":\"21798.03\","
	    "\"currency\":\"ZMW\"}]}";
	struct provider_inquiry q = { .topic = TOPIC_BALANCE, .exponent = 2 };
	struct provider_answer ans = { 200, "", wallets, sizeof wallets - 1 };
	struct provider_fact fact;
	struct provider_hint h;
	char id[UUID_TEXT_SIZE];

	(void)state;
	assert_int_equal(provider_pawapay.callback(told, sizeof told - 1, &h, NULL), 0);
	assert_false(uuid_is_nil(&h.reference));
	assert_int_equal(h.claims, VERDICT_PAID);
	assert_string_equal(h.provider_txn, "ABC123");
	assert_int_equal(provider_pawapay.callback(back, sizeof back - 1, &h, NULL), 0);
	assert_string_equal(uuid_text(&h.reference, id), REFERENCE);
	assert_int_equal(provider_pawapay.callback("7", 1, &h, NULL), -1);
	assert_int_equal(provider_pawapay.ask_answer(&q, &ans, &fact, NULL), 0);
	assert_int_equal(fact.balance_minor, 2179803);
	assert_string_equal(fact.currency, "ZMW");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(a_refund_names_its_deposit_alone),
		cmocka_unit_test(what_can_be_asked),
		cmocka_unit_test(who_serves_and_whose_a_number_is),
		cmocka_unit_test(what_cannot_be_sent_is_not),
		cmocka_unit_test(answers_to_a_submit),
		cmocka_unit_test(answers_to_a_question),
		cmocka_unit_test(callbacks_and_balances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
