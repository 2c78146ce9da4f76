/* The codec of Orange Money's eWallet: the golden request, and every answer we know of.
 */
#include "payments/provider/provider.h"
#include "tests/unit/provider_key.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define REFERENCE   "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"

static struct provider_account
account(void)
{
	struct provider_account a = { .name = "orange",
		                      .base_url = "http://orange.example",
		                      .user = "id",
		                      .key = "se&cret",
		                      .currency = "XOF",
		                      .pin = "1357",
		                      .party = "786258731" };

	snprintf(a.public_key, sizeof a.public_key, "%s", public_key);
	return a;
}

static struct provider_order
order(void)
{
	struct provider_order o = { .direction = PAY_OUT,
		                    .msisdn = "221786175700",
		                    .amount_minor = 1500,
		                    .exponent = 0,
		                    .currency = "XOF",
		                    .handle = "CI1" };

	assert_true(uuid_parse(REFERENCE, 36, &o.reference));
	return o;
}

static const struct provider_token token = { .text = "tok" };

static void
requests(void **state)
{
	static const char head[] =
	    "{\"partner\":{\"idType\":\"MSISDN\",\"id\":\"786258731\","
	    "\"encryptedPinCode\":\"";
	static const char tail[] =
	    "\"},\"customer\":{\"idType\":\"MSISDN\",\"id\":\"221786175700\"},\"amount\":"
	    "{"
	    "\"value\":1500,\"unit\":\"XOF\"},\"reference\":\"" REFERENCE
	    "\",\"receiveNotification\":false}";
	struct provider_account a = account();
	struct provider_order o = order();
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_orange.token(&a, PAY_OUT, &rq, NULL), 0);
	assert_string_equal(rq.body, "client_id=id&client_secret=se%26cret&grant_type="
	                             "client_credentials");
	assert_int_equal(provider_orange.submit(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://orange.example/api/eWallet/v1/cashins");
	assert_memory_equal(rq.body, head, sizeof head - 1);
	assert_string_equal(rq.body + rq.body_len - (sizeof tail - 1), tail);
	assert_null(strstr(rq.body, "1357"));
	assert_int_equal(provider_orange.query(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url,
	                    "http://orange.example/api/eWallet/v1/transactions/CI1/"
	                    "status");
}

static void
what_cannot_be_sent_is_not(void **state)
{
	struct provider_account a = account();
	struct provider_order o = order();
	struct provider_request rq;

	(void)state;
	o.direction = PAY_IN;
	assert_int_equal(provider_orange.submit(&a, &token, &o, &rq, NULL), -1);
	o = order();
	o.handle[0] = '\0';
	assert_int_equal(provider_orange.query(&a, &token, &o, &rq, NULL), -1);
	memcpy(o.handle, "../x", 5);
	assert_int_equal(provider_orange.query(&a, &token, &o, &rq, NULL), -1);
	a.pin[0] = '\0';
	assert_int_equal(provider_orange.submit(&a, &token, &o, &rq, NULL), -1);
}

struct row {
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
	struct provider_order o = order();
	struct verdict v;

	(submit ? provider_orange.submit_answer : provider_orange.query_answer)(&o, &ans,
	                                                                        &v);
	if (v.kind != r->kind || v.reason != r->reason)
		print_error("%d %s\n", r->status, r->body);
	assert_int_equal(v.kind, r->kind);
	assert_int_equal(v.reason, r->reason);
	assert_string_equal(v.code, r->code);
	if (v.kind == VERDICT_ACCEPTED)
		assert_string_equal(v.handle, "CI1");
}

static void
answers_to_a_submit(void **state)
{
	static const struct row rows[] = {
		{ 200, "{\"transactionId\":\"CI1\",\"status\":\"PENDING\"}",
		  VERDICT_ACCEPTED, REASON_NONE, "PENDING" },
		/* done at once: taken, and asked about */
		{ 200,
		  "{\"transactionId\":\"CI1\",\"status\":\"SUCCESS\",\"reference\":"
		  "\"" REFERENCE "\"}",
		  VERDICT_ACCEPTED, REASON_NONE, "SUCCESS" },
		{ 200,
		  "{\"transactionId\":\"CI1\",\"status\":\"SUCCESS\",\"reference\":"
		  "\"x\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "HTTP_200" },
		{ 200, "{\"status\":\"SUCCESS\"}", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_200" },
		{ 400, "{\"code\":\"2000\",\"detail\":\"Customer does not exist\"}",
		  VERDICT_FAILED, REASON_NOT_REGISTERED, "2000" },
		{ 400, "{\"code\":\"2001\"}", VERDICT_FAILED, REASON_NOT_REGISTERED,
		  "2001" },
		{ 400, "{\"code\":\"2013\"}", VERDICT_FAILED, REASON_NOT_ALLOWED,
		  "2013" },
		{ 400, "{\"code\":\"2021\"}", VERDICT_FAILED, REASON_OUR_FLOAT, "2021" },
		{ 400, "{\"code\":\"2022\"}", VERDICT_FAILED, REASON_OUR_FLOAT, "2022" },
		{ 400, "{\"code\":\"2041\"}", VERDICT_FAILED, REASON_NOT_ALLOWED,
		  "2041" },
		{ 400, "{\"code\":\"4099\"}", VERDICT_UNKNOWN, REASON_NONE, "4099" },
		{ 400, "{\"code\":2020}", VERDICT_FAILED, REASON_OUR_FLOAT, "2020" },
		{ 500, "{\"code\":\"50\"}", VERDICT_UNKNOWN, REASON_NONE, "50" },
		{ 400, "{\"code\":\"9999\"}", VERDICT_UNKNOWN, REASON_NONE, "9999" },
		{ 401, "", VERDICT_AUTH, REASON_NONE, "HTTP_401" },
		{ 429, "", VERDICT_DOWN, REASON_PROVIDER_DOWN, "HTTP_429" },
		{ 503, "<html>", VERDICT_UNKNOWN, REASON_NONE, "HTTP_503" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], true);
}

static void
answers_to_a_question(void **state)
{
	static const struct row rows[] = {
		{ 200, "{\"status\":\"SUCCESS\"}", VERDICT_PAID, REASON_NONE, "SUCCESS" },
		{ 200, "{\"status\":\"FAILED\"}", VERDICT_FAILED, REASON_OTHER,
		  "FAILED" },
		{ 200, "{\"status\":\"EXPIRED\"}", VERDICT_FAILED, REASON_OTHER,
		  "EXPIRED" },
		{ 200, "{\"status\":\"PENDING\"}", VERDICT_PENDING, REASON_NONE,
		  "PENDING" },
		{ 200, "{\"status\":\"INITIATED\"}", VERDICT_PENDING, REASON_NONE,
		  "INITIATED" },
		{ 200, "{\"status\":\"MAYBE\"}", VERDICT_UNKNOWN, REASON_NONE, "MAYBE" },
		{ 200, "{\"transactionId\":\"CI2\",\"status\":\"SUCCESS\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS" },
		{ 401, "{\"code\":\"60\"}", VERDICT_AUTH, REASON_NONE, "HTTP_401" },
		{ 404, "{\"code\":\"2000\"}", VERDICT_UNKNOWN, REASON_NONE, "HTTP_404" },
		{ 502, "", VERDICT_UNKNOWN, REASON_NONE, "HTTP_502" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(what_cannot_be_sent_is_not),
		cmocka_unit_test(answers_to_a_submit),
		cmocka_unit_test(answers_to_a_question),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
