/* Daraja: what our account holds, asked for and told later, or told with a payout. */
#include "lib/json.h"
#include "payments/provider/daraja.h"
#include "tests/unit/provider_key.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define URL         "https://coop.example/callback/saf/x/y"

static const struct provider_token token = { .text = "tok" };

static struct provider_account
account(void)
{
	struct provider_account a = { .name = "saf",
		                      .base_url = "http://daraja.example",
		                      .party = "600999",
		                      .initiator = "testapi",
		                      .pin = "Safaricom#1" };

	snprintf(a.public_key, sizeof a.public_key, "%s", public_key);
	return a;
}

static void
the_question(void **state)
{
	static const char *const fields[][2] = {
		{ "Initiator", "testapi" }, { "CommandID", "AccountBalance" },
		{ "PartyA", "600999" },     { "IdentifierType", "4" },
		{ "QueueTimeOutURL", URL }, { "ResultURL", URL },
		{ "Remarks", "Balance" },
	};
	struct provider_account a = account();
	struct provider_inquiry q = { .topic = TOPIC_BALANCE, .result_url = URL };
	struct provider_request rq;
	struct json *doc;
	struct err err;

	(void)state;
	assert_int_equal(provider_daraja.topics, 1u << TOPIC_BALANCE);
	assert_int_equal(provider_daraja.ask(&a, &token, &q, &rq, &err), 0);
	assert_string_equal(rq.method, "POST");
	assert_string_equal(rq.url,
	                    "http://daraja.example/mpesa/accountbalance/v1/query");
	assert_null(strstr(rq.body, "Safaricom#1"));
	doc = json_parse(rq.body, rq.body_len, NULL);
	for (size_t i = 0; i < COUNT(fields); i++)
		assert_string_equal(json_get_text(doc, fields[i][0]), fields[i][1]);
	assert_int_equal(strlen(json_get_text(doc, "SecurityCredential")), 344);
	json_free(doc);

	q.result_url[0] = '\0'; /* nobody would hear of it */
	assert_int_equal(provider_daraja.ask(&a, &token, &q, &rq, &err), -1);
	assert_int_equal(err.code, ERR_RANGE);
	memcpy(q.result_url, URL, sizeof URL);
	a.pin[0] = '\0';
	assert_int_equal(provider_daraja.ask(&a, &token, &q, &rq, &err), -1);
	assert_string_equal(rq.body, "");
	q.topic = TOPIC_NAME;
	assert_int_equal(provider_daraja.ask(&a, &token, &q, &rq, &err), -1);
}

static void
taken_or_not(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err_code err; /* ERR_NONE: the answer comes later */
	} rows[] = {
		{ 200, "{\"ConversationID\":\"AG_1\",\"ResponseCode\":\"0\"}", ERR_NONE },
		{ 200, "{\"ResponseCode\":0}", ERR_NONE },
		{ 200, "{\"ResponseCode\":\"1\"}", ERR_PEER },
		{ 202, "{\"ResponseCode\":\"0\"}", ERR_PEER },
		{ 404, "{\"errorCode\":\"404.001.03\"}", ERR_AUTH },
		{ 400, "{\"errorCode\":\"400.002.02\"}", ERR_PEER },
		{ 500, "{\"errorCode\":\"500.003.02\"}", ERR_PEER },
		{ 200, "<html>", ERR_PEER },
		{ 200, "", ERR_PEER },
	};
	struct provider_inquiry q = { .topic = TOPIC_BALANCE };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = { rows[i].status, "application/json",
			                       rows[i].body, strlen(rows[i].body) };
		struct provider_fact fact = { .later = false };
		struct err err = err_none();
		int got = provider_daraja.ask_answer(&q, &ans, &fact, &err);

		if (got != (rows[i].err == ERR_NONE ? 0 : -1) || err.code != rows[i].err)
			fail_msg("%d %s", rows[i].status, rows[i].body);
		assert_int_equal(fact.later, rows[i].err == ERR_NONE);
	}
}

#define TOLD(code, accounts)                                                             \
	"{\"Result\":{\"ResultCode\":" code                                              \
	",\"ResultParameters\":{\"ResultParameter\":"                                    \
	"[{\"Key\":\"AccountBalance\"},{\"Key\":\"AccountBalance\",\"Value\":"           \
	"\"" accounts "\"},{\"Key\":\"BOCompletedTime\",\"Value\":20200109125710}]}}}"
#define WORKING "Working Account|KES|700000.00|700000.00|0.00|0.00&"

static void
what_is_told(void **state)
{
	static const struct {
		const char *body;
		int64_t holds; /* -1: not known */
	} rows[] = {
		{ TOLD("\"0\"",
		       WORKING "Float Account|KES|0.00|0.00|0.00|0.00&"
		               "Utility Account|KES|46713.00|46713.00|0.00|0.00&"
		               "Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00"),
		  4671300 },
		{ TOLD("0", "Utility Account|KES|228037.50|228037.00|0.50|0.00"),
		  22803700 },
		{ TOLD("0", "Utility Account|KES|100.00|900.00"), 10000 },
		{ TOLD("0", "Utility Account|KES|100.00"), 10000 },
		{ TOLD("0", "Utility Account|KES|-3.00|-3.00|0.00|0.00"), 0 },
		{ TOLD("0", "Utility Account|KES|0.00|0.00|0.00|0.00"), 0 },
		/* unread is not zero */
		{ TOLD("0", WORKING), -1 },
		{ TOLD("0", "Utility Account|KES"), -1 },
		{ TOLD("0", "Utility Account|KES||"), -1 },
		{ TOLD("0", "Utility Account|KES|1.005|1.005"), -1 },
		{ TOLD("0", "Utility Account|KES|12345678901234567890.00"), -1 },
		{ TOLD("0", "Utility Account|KENYA|1.00|1.00"), -1 },
		{ TOLD("0", "&&||&"), -1 },
		{ TOLD("0", ""), -1 },
		{ TOLD("21", "Utility Account|KES|1.00|1.00"), -1 },
		{ "{\"Result\":{\"ResultCode\":\"0\"}}", -1 },
		{ "{\"Result\":{\"ResultCode\":2001}}", -1 },
		/* the queue gave up: our own words */
		{ "{\"CommandID\":\"AccountBalance\",\"PartyA\":\"600999\"}", -1 },
		{ "<html>", -1 },
		{ "", -1 },
	};
	struct provider_inquiry q = { .topic = TOPIC_BALANCE, .exponent = 2 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_fact fact = { .balance_minor = -7 };
		struct err err = err_none();
		int got = provider_daraja.ask_result(&q, rows[i].body,
		                                     strlen(rows[i].body), &fact, &err);

		if (got != (rows[i].holds < 0 ? -1 : 0) ||
		    fact.balance_minor != (rows[i].holds < 0 ? -7 : rows[i].holds))
			fail_msg("%s: %d, %lld", rows[i].body, got,
			         (long long)fact.balance_minor);
		if (got == 0)
			assert_string_equal(fact.currency, "KES");
		else
			assert_int_equal(err.code, ERR_PEER);
	}
	q.topic = TOPIC_NAME;
	assert_int_equal(
	    provider_daraja.ask_result(&q, rows[0].body, strlen(rows[0].body),
	                               &(struct provider_fact){ .name = "" }, NULL),
	    -1);
}

static void
moments(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "25.12.2019 13:30:00", INT64_C(1577269800000) },
		{ "20191225133000", INT64_C(1577269800000) },
		{ "01.01.2020 02:59:59", INT64_C(1577836799000) },
		{ "29.02.2024 03:00:00", INT64_C(1709164800000) },
		{ "01.03.2024 03:00:00", INT64_C(1709251200000) },
		{ "31.12.2099 03:00:00", INT64_C(4102358400000) },
		{ "25.12.2019", 0 },
		{ "25.12.2019 13:30:00 ", 0 },
		{ "25-12-2019 13:30:00", 0 },
		{ "25.13.2019 13:30:00", 0 },
		{ "00.12.2019 13:30:00", 0 },
		{ "25.12.2019 24:30:00", 0 },
		{ "2019122513300", 0 },
		{ "", 0 },
	};

	char again[DARAJA_TIME_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (daraja_wall_ms(rows[i].text) != rows[i].ms)
			fail_msg("%s", rows[i].text);
	/* both ways, a day and an hour at a time, through a leap year */
	for (int64_t ms = INT64_C(1700000000000); ms < INT64_C(1740000000000);
	     ms += 90000000) {
		daraja_time(ms, false, again);
		assert_int_equal(daraja_wall_ms(again), ms);
	}
}

#define RESULT(more)                                                                     \
	"{\"Result\":{\"ResultCode\":0,\"ResultParameters\":{\"ResultParameter\":[" more \
	"]}}}"
#define AT    "{\"Key\":\"TransactionCompletedDateTime\",\"Value\":\"25.12.2019 13:30:00\"}"
#define FUNDS "{\"Key\":\"B2CUtilityAccountAvailableFunds\",\"Value\":10116.00}"

static void
what_a_payout_left(void **state)
{
	static const struct {
		const char *body, *holds;
	} rows[] = {
		{ RESULT(AT "," FUNDS), "10116.00" },
		{ RESULT(FUNDS "," AT), "10116.00" },
		{ RESULT(FUNDS), "" }, /* when? */
		{ RESULT(AT), "" },
		{ "{\"Result\":{\"ResultCode\":2040}}", "" },
	};
	struct provider_hint h;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(provider_daraja.callback(rows[i].body,
		                                          strlen(rows[i].body), &h, NULL),
		                 0);
		assert_string_equal(h.holds, rows[i].holds);
		assert_int_equal(h.holds_ms,
		                 rows[i].holds[0] == '\0' ? 0 : INT64_C(1577269800999));
	}
}

#define PARTY(key, value) "{\"Key\":\"" key "\",\"Value\":" value "}"
#define RECEIVER          "ReceiverPartyPublicName"

static void
whose_wallet_it_went_to(void **state)
{
	static const struct {
		const char *body, *payee;
	} rows[] = {
		{ RESULT(PARTY(RECEIVER, "\"254708374149 - Neema Mushi\"")),
		  "Neema Mushi" },
		{ RESULT(PARTY("DebitPartyName", "\"600999 - Co-op\"") "," PARTY(
		      "CreditPartyName", "\"254708374149 - Zo\u00e9 - Li\"")),
		  "Zo\xc3\xa9 - Li" },
		{ RESULT(PARTY("CreditPartyName", "\"1 - Neema Mushi\"") "," PARTY(
		      "TransactionStatus", "\"Completed\"")),
		  "Neema Mushi" },
		{ RESULT(PARTY("CreditPartyName", "\"1 - Neema Mushi\"") "," PARTY(
		      "TransactionStatus", "\"Failed\"")),
		  "" },
		{ RESULT(PARTY(RECEIVER, "\"254708374149\"")), "" },
		{ RESULT(PARTY(RECEIVER, "254708374149")), "" },
		{ RESULT("{\"Key\":\"" RECEIVER "\"}"), "" },
		{ RESULT(PARTY("DebitPartyName", "\"600999 - Co-op\"")), "" },
		{ RESULT(PARTY(RECEIVER, "\"1 - a\\nb\"")), "a b" },
		/* longer than we keep: cut at a whole sign */
		{ RESULT(PARTY(RECEIVER,
		               "\"1 - 0123456789012345678901234567890123456789"
		               "01234567890123456789012345678901234567\u00e9\u00e9\"")),
		  "0123456789012345678901234567890123456789"
		  "01234567890123456789012345678901234567" },
		/* nothing was made */
		{ "{\"Result\":{\"ResultCode\":2040,\"ResultParameters\":{"
		  "\"ResultParameter\":[" PARTY(RECEIVER, "\"1 - Neema\"") "]}}}",
		  "" },
	};
	struct provider_hint h;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(provider_daraja.callback(rows[i].body,
		                                          strlen(rows[i].body), &h, NULL),
		                 0);
		assert_string_equal(h.payee, rows[i].payee);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_question),
		cmocka_unit_test(taken_or_not),
		cmocka_unit_test(what_is_told),
		cmocka_unit_test(moments),
		cmocka_unit_test(what_a_payout_left),
		cmocka_unit_test(whose_wallet_it_went_to),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
