/* The Airtel codec: every answer we know of, and what it says about the money. */
#include "payments/provider/provider.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define REFERENCE   "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"
#define ID          "0f3c1d529a774c1e8b1a5d2e6f708192"
#define CODE(code)  "\"status\":{\"code\":\"200\",\"response_code\":\"" code "\"}"
#define T(status)                                                                        \
	"\"data\":{\"transaction\":{\"id\":\"" ID "\",\"airtel_money_id\":\"CI1\","      \
	"\"status\":\"" status "\"}}"

static struct provider_order
order(enum pay_direction direction)
{
	struct provider_order o = { .direction = direction,
		                    .msisdn = "255682000100",
		                    .amount_minor = 5000000,
		                    .exponent = 2,
		                    .currency = "TZS" };

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
tokens_live_three_minutes(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err_code code;
		int64_t expires_ms;
	} rows[] = {
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":\"180\"}", ERR_NONE,
		  1000 + 150000 },
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":180}", ERR_NONE,
		  1000 + 150000 },
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":10}", ERR_NONE,
		  1000 + 5000 },
		/* 90 days, as Orange's: kept for a week */
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":7776000}", ERR_NONE,
		  1000 + INT64_C(604770000) },
		{ 200, "{\"access_token\":\"abc\",\"expires_in\":0}", ERR_PEER, 0 },
		{ 200, "{\"access_token\":\"abc\"}", ERR_PEER, 0 },
		{ 200, "{\"access_token\":\"a b\",\"expires_in\":180}", ERR_PEER, 0 },
		{ 200, "<html>Request Rejected</html>", ERR_PEER, 0 },
		{ 400, "{\"error\":\"invalid_client\",\"error_description\":\"x\"}",
		  ERR_AUTH, 0 },
		{ 401, "{\"error\":\"unauthorized\"}", ERR_AUTH, 0 },
		{ 403, "<html></html>", ERR_PEER, 0 },
		{ 500, "", ERR_PEER, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = answer(rows[i].status, rows[i].body);
		struct provider_token t = { .text = "" };
		struct err err = err_none();
		int got = provider_airtel.token_answer(&ans, 1000, &t, &err);

		assert_int_equal(got, rows[i].code == ERR_NONE ? 0 : -1);
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(t.expires_ms, rows[i].expires_ms);
	}
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
	struct provider_answer ans = answer(r->status, r->body);
	struct provider_order o = order(r->direction);
	struct verdict v;

	(submit ? provider_airtel.submit_answer : provider_airtel.query_answer)(&o, &ans,
	                                                                        &v);
	if (v.kind != r->kind || v.reason != r->reason)
		print_error("%d %s\n", r->status, r->body);
	assert_int_equal(v.kind, r->kind);
	assert_int_equal(v.reason, r->reason);
	assert_string_equal(v.code, r->code);
}

static void
answers_to_a_submit(void **state)
{
	static const struct row rows[] = {
		{ PAY_IN, 200, "{" T("Success.") "," CODE("DP00800001006") "}",
		  VERDICT_ACCEPTED, REASON_NONE, "DP00800001006" },
		/* ambiguous is not success; so is a reference that was seen before */
		{ PAY_IN, 200,
		  "{\"status\":{\"code\":\"400\",\"response_code\":\"DP00800001000\","
		  "\"result_code\":\"ESB000041\",\"success\":false}}",
		  VERDICT_UNKNOWN, REASON_NONE, "DP00800001000" },
		{ PAY_IN, 200, "{" CODE("DP00800001007") "}", VERDICT_FAILED,
		  REASON_NO_FUNDS, "DP00800001007" },
		{ PAY_IN, 200, "{" CODE("DP00800001026") "}", VERDICT_DOWN,
		  REASON_OUR_SETUP, "DP00800001026" },
		{ PAY_IN, 200, "{" CODE("DP00800001024") "}", VERDICT_UNKNOWN,
		  REASON_NONE, "DP00800001024" },
		{ PAY_OUT, 200, "{" T("TS") "," CODE("DP00900001001") "}",
		  VERDICT_ACCEPTED, REASON_NONE, "DP00900001001" },
		{ PAY_OUT, 200, "{" CODE("DP00900001000") "}", VERDICT_UNKNOWN,
		  REASON_NONE, "DP00900001000" },
		{ PAY_OUT, 200, "{" CODE("DP00900001007") "}", VERDICT_FAILED,
		  REASON_OUR_FLOAT, "DP00900001007" },
		{ PAY_OUT, 500, "{" CODE("DP00900001012") "}", VERDICT_FAILED,
		  REASON_NOT_REGISTERED, "DP00900001012" },
		{ PAY_OUT, 200, "{" CODE("DP00900001011") "}", VERDICT_DUPLICATE,
		  REASON_NONE, "DP00900001011" },
		{ PAY_OUT, 200, "{" CODE("DP00900001017") "}", VERDICT_DUPLICATE,
		  REASON_NONE, "DP00900001017" },
		{ PAY_OUT, 200, "{" CODE("DP00900001014") "}", VERDICT_UNKNOWN,
		  REASON_NONE, "DP00900001014" },
		/* refused and paid at once */
		{ PAY_OUT, 200, "{" T("TS") "," CODE("DP00900001007") "}",
		  VERDICT_UNKNOWN, REASON_NONE, "CONTRADICTS" },
		/* the other product's word, and one nobody has told us of */
		{ PAY_OUT, 200, "{" CODE("DP00800001007") "}", VERDICT_UNKNOWN,
		  REASON_NONE, "DP00800001007" },
		{ PAY_OUT, 200, "{" CODE("DP00900001099") "}", VERDICT_UNKNOWN,
		  REASON_NONE, "DP00900001099" },
		{ PAY_OUT, 200,
		  "{\"data\":{\"transaction\":{\"id\":\"another\"}}," CODE(
		      "DP00900001001") "}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS" },
		{ PAY_OUT, 401, "{\"error\":\"invalid_token\"}", VERDICT_AUTH,
		  REASON_NONE, "HTTP_401" },
		{ PAY_OUT, 403, "{\"error\":\"access_denied\"}", VERDICT_DOWN,
		  REASON_OUR_SETUP, "HTTP_403" },
		{ PAY_OUT, 403, "<html></html>", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_403" },
		{ PAY_OUT, 408, "{\"status_code\":\"CONNECTION_TIMEOUT\"}",
		  VERDICT_UNKNOWN, REASON_NONE, "HTTP_408" },
		{ PAY_OUT, 429, "{}", VERDICT_DOWN, REASON_PROVIDER_DOWN, "HTTP_429" },
		{ PAY_OUT, 200, "", VERDICT_UNKNOWN, REASON_NONE, "HTTP_200" },
		{ PAY_OUT, 202, "{}", VERDICT_UNKNOWN, REASON_NONE, "HTTP_202" },
		{ PAY_OUT, 500, "<html>busy</html>", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_500" },
		{ PAY_OUT, 200, "{\"status\":{\"response_code\":7}}", VERDICT_UNKNOWN,
		  REASON_NONE, "HTTP_200" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], true);
}

static void
answers_to_an_enquiry(void **state)
{
	static const struct row rows[] = {
		/* the envelope may stay "in process" */
		{ PAY_IN, 200, "{" T("TS") "," CODE("DP00800001006") "}", VERDICT_PAID,
		  REASON_NONE, "TS" },
		{ PAY_OUT, 200, "{" T("TS") "," CODE("DP00900001001") "}", VERDICT_PAID,
		  REASON_NONE, "TS" },
		{ PAY_OUT, 200, "{" T("TS") "}", VERDICT_PAID, REASON_NONE, "TS" },
		{ PAY_IN, 200, "{" T("TIP") "," CODE("DP00800001006") "}",
		  VERDICT_PENDING, REASON_NONE, "TIP" },
		{ PAY_IN, 200, "{" T("TF") "," CODE("DP00800001002") "}", VERDICT_FAILED,
		  REASON_WRONG_PIN, "DP00800001002" },
		{ PAY_IN, 200, "{" T("TF") "," CODE("DP00800001006") "}", VERDICT_FAILED,
		  REASON_OTHER, "DP00800001006" },
		{ PAY_OUT, 200, "{" T("TF") "}", VERDICT_FAILED, REASON_OTHER, "TF" },
		{ PAY_OUT, 200, "{" T("TF") "," CODE("DP00900001014") "}",
		  VERDICT_UNKNOWN, REASON_NONE, "DP00900001014" },
		{ PAY_OUT, 200, "{" T("TS") "," CODE("DP00900001007") "}",
		  VERDICT_UNKNOWN, REASON_NONE, "DP00900001007" },
		{ PAY_OUT, 200, "{" T("TA") "," CODE("DP00900001000") "}",
		  VERDICT_UNKNOWN, REASON_NONE, "DP00900001000" },
		{ PAY_IN, 200, "{" T("TE") "," CODE("DP00800001029") "}", VERDICT_FAILED,
		  REASON_IGNORED, "DP00800001029" },
		/* nobody says what an expired payout is */
		{ PAY_OUT, 200, "{" T("TE") "}", VERDICT_UNKNOWN, REASON_NONE, "TE" },
		{ PAY_IN, 200, "{" CODE("DP00800001025") "}", VERDICT_NOT_FOUND,
		  REASON_NONE, "DP00800001025" },
		{ PAY_OUT, 200, "{" CODE("DP00900001015") "}", VERDICT_NOT_FOUND,
		  REASON_NONE, "DP00900001015" },
		/* a code alone is about the question */
		{ PAY_OUT, 200, "{" CODE("DP00900001001") "}", VERDICT_UNKNOWN,
		  REASON_NONE, "DP00900001001" },
		{ PAY_OUT, 200, "{" CODE("DP00900001007") "}", VERDICT_UNKNOWN,
		  REASON_NONE, "DP00900001007" },
		{ PAY_OUT, 200,
		  "{\"data\":{\"transaction\":{\"id\":\"another\",\"status\":\"TS\"}}}",
		  VERDICT_UNKNOWN, REASON_NONE, "ECHO_DIFFERS" },
		{ PAY_OUT, 500, "{" T("TS") "}", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_500" },
		{ PAY_OUT, 404, "<html></html>", VERDICT_UNKNOWN, REASON_NONE,
		  "HTTP_404" },
		{ PAY_OUT, 401, "{\"error\":\"invalid_token\"}", VERDICT_AUTH,
		  REASON_NONE, "HTTP_401" },
		{ PAY_OUT, 200, "[]", VERDICT_UNKNOWN, REASON_NONE, "HTTP_200" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i], false);
}

static void
the_table_holds_no_surprise(void **state)
{
	struct provider_word w, other;
	size_t n = 0;

	(void)state;
	for (; provider_airtel.word(n, &w); n++) {
		assert_true(w.on_submit != VERDICT_PAID);
		assert_true(w.on_query == VERDICT_FAILED ||
		            w.on_query == VERDICT_UNKNOWN);
		/* "ambiguous" is never more than that */
		if (strcmp(w.code + 8, "01000") == 0)
			assert_int_equal(w.on_submit, VERDICT_UNKNOWN);
		if (w.on_submit == VERDICT_FAILED)
			assert_int_not_equal(w.reason, REASON_NONE);
		for (size_t i = 0; i < n; i++) {
			assert_true(provider_airtel.word(i, &other));
			assert_string_not_equal(other.code, w.code);
		}
	}
	assert_int_equal(n, 31);
}

#define SAID                                                                             \
	"{\"id\":\"" ID "\",\"message\":\"Paid {1} "                                     \
	"\\\"x\\\"\",\"status_code\":\"TS\",\"airtel_money_id\":\"MP1\"}"

static void
callbacks_only_name(void **state)
{
	static const char body[] = "{\"transaction\": " SAID "}";
	static const char failed[] =
	    "{\"transaction\":{\"id\":\"x\",\"status_code\":\"TF\"}}";
	static const char *const wrong[] = { "", "[]", "{}", "{\"transaction\":7}",
		                             "{\"transaction\":{}" };
	struct provider_hint h;
	struct uuid u;

	(void)state;
	assert_int_equal(provider_airtel.callback(body, strlen(body), &h, NULL), 0);
	assert_true(uuid_parse(REFERENCE, 36, &u));
	assert_true(uuid_equal(&h.reference, &u));
	assert_string_equal(h.provider_txn, "MP1");
	assert_string_equal(h.said, "TS");
	assert_int_equal(h.claims, VERDICT_PAID);
	assert_int_equal(provider_airtel.callback(failed, strlen(failed), &h, NULL), 0);
	assert_true(uuid_is_nil(&h.reference));
	assert_int_equal(h.claims, VERDICT_FAILED);
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    provider_airtel.callback(wrong[i], strlen(wrong[i]), &h, NULL), -1);
}

static const char *
hash_of(const char *text, const char *key)
{
	static char out[64];
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state st;

	crypto_auth_hmacsha256_init(&st, (const unsigned char *)key, strlen(key));
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_final(&st, sum);
	return sodium_bin2base64(out, sizeof out, sum, sizeof sum,
	                         sodium_base64_VARIANT_ORIGINAL);
}

/* Over the bytes that came: blanks, order and escapes as they are. */
static bool
is_signed(const struct provider_account *a, const char *body)
{
	const struct provider_post p = { .body = body, .len = strlen(body) };

	return provider_airtel.callback_signed(a, &p);
}

static void
callbacks_are_hashed_as_they_came(void **state)
{
	static const char *const transactions[] = {
		SAID,
		"{ \"status_code\" : \"TS\", \"id\":\"\\u0030\" }",
		"{\"id\":\"}\",\"transaction\":{\"a\":1}}",
	};
	struct provider_account a = { .callback_key = "portal key" };
	char body[600];

	(void)state;
	for (size_t i = 0; i < COUNT(transactions); i++) {
		const char *hash = hash_of(transactions[i], "portal key");

		snprintf(body, sizeof body, "{\"transaction\":%s,\"hash\":\"%s\"}",
		         transactions[i], hash);
		assert_true(is_signed(&a, body));
		snprintf(body, sizeof body,
		         "{\"note\":\"transaction\",\"x\":{\"transaction\":{}},"
		         "\"hash\":\"%s\", \"transaction\" : %s }",
		         hash, transactions[i]);
		assert_true(is_signed(&a, body));
		body[strlen(body) - 4] ^= 1;
		assert_false(is_signed(&a, body));
	}
	snprintf(body, sizeof body, "{\"transaction\":%s}", SAID);
	assert_false(is_signed(&a, body));
	snprintf(body, sizeof body, "{\"transaction\":%s,\"hash\":\"%s\"}", SAID,
	         hash_of(SAID, "another key"));
	assert_false(is_signed(&a, body));
	a.callback_key[0] = '\0';
	assert_true(is_signed(&a, body));
}

static void
facts_are_read_from_the_data(void **state)
{
	static const char balance[] =
	    "{\"data\":{\"balance\":\"37,600.00\",\"currency\":\"TZS\"},"
	    "\"status\":{\"success\":false}}";
	static const char user[] =
	    "{\"data\":{\"first_name\":\"Neema\",\"last_name\":\"Mushi\","
	    "\"is_barred\":true}}";
	struct provider_inquiry q = { .topic = TOPIC_BALANCE, .exponent = 2 };
	struct provider_answer ans = answer(200, balance);
	struct provider_fact fact;
	struct err err;

	(void)state;
	assert_int_equal(provider_airtel.ask_answer(&q, &ans, &fact, &err), 0);
	assert_int_equal(fact.balance_minor, 3760000);
	assert_string_equal(fact.currency, "TZS");
	ans = answer(200, user);
	assert_int_equal(provider_airtel.ask_answer(&q, &ans, &fact, &err), -1);
	q.topic = TOPIC_NAME;
	assert_int_equal(provider_airtel.ask_answer(&q, &ans, &fact, &err), 0);
	assert_string_equal(fact.name, "Neema Mushi");
	q.topic = TOPIC_ACTIVE;
	assert_int_equal(provider_airtel.ask_answer(&q, &ans, &fact, &err), 0);
	assert_false(fact.active);
	ans = answer(404, "{}");
	assert_int_equal(provider_airtel.ask_answer(&q, &ans, &fact, &err), -1);
	assert_int_equal(err.code, ERR_NOT_FOUND);
	ans = answer(401, "{}");
	assert_int_equal(provider_airtel.ask_answer(&q, &ans, &fact, &err), -1);
	assert_int_equal(err.code, ERR_AUTH);
}

#define REFUNDED                                                                         \
	"{\"data\":{\"transaction\":{\"airtel_money_id\":\"CI2\",\"status\":"            \
	"\"SUCCESS\"}},\"status\":{\"code\":\"200\",\"success\":false}}"

static void
refunds_are_settled_by_their_own_answer(void **state)
{
	static const struct {
		bool submit;
		int status;
		const char *body, *handle; /* handle: told before, or now */
		enum verdict_kind kind;
		enum pay_reason reason;
	} rows[] = {
		{ true, 200, REFUNDED, "CI2", VERDICT_ACCEPTED, REASON_NONE },
		{ true, 200,
		  "{\"data\":{\"transaction\":{\"status\":\"SUCCESS\"}},\"status\":"
		  "{\"code\":\"200\"}}",
		  "", VERDICT_UNKNOWN, REASON_NONE },
		{ true, 200, "{" CODE("DP00800001007") "}", "", VERDICT_FAILED,
		  REASON_OUR_FLOAT },
		{ true, 200, "{" CODE("DP00800001025") "}", "", VERDICT_UNKNOWN,
		  REASON_NONE },
		/* given back already: by this call, if it came there twice */
		{ true, 200, "{" CODE("DP00800001009") "}", "", VERDICT_UNKNOWN,
		  REASON_NONE },
		{ true, 401, "{\"error\":\"invalid_token\"}", "", VERDICT_AUTH,
		  REASON_NONE },
		{ true, 200, "<html>", "", VERDICT_UNKNOWN, REASON_NONE },
		{ false, 200, "{" T("TS") "," CODE("DP00800001001") "}", "CI2",
		  VERDICT_PAID, REASON_NONE },
		{ false, 200, "{" T("TS") "," CODE("DP00800001001") "}", "",
		  VERDICT_UNKNOWN, REASON_NONE },
		/* a collection that is not found was still collected */
		{ false, 200, "{" CODE("DP00800001025") "}", "CI2", VERDICT_UNKNOWN,
		  REASON_NONE },
		{ false, 500, "", "CI2", VERDICT_UNKNOWN, REASON_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_answer ans = answer(rows[i].status, rows[i].body);
		struct provider_order o = order(PAY_OUT);
		struct verdict v;

		o.back_reference = o.reference;
		o.reference.b[0] ^= 1;
		memcpy(o.back_txn, "CI1", 4);
		if (!rows[i].submit)
			memcpy(o.handle, rows[i].handle, strlen(rows[i].handle) + 1);
		(rows[i].submit ? provider_airtel.submit_answer
		                : provider_airtel.query_answer)(&o, &ans, &v);
		assert_int_equal(v.kind, rows[i].kind);
		assert_int_equal(v.reason, rows[i].reason);
		if (rows[i].submit)
			assert_string_equal(v.handle, rows[i].handle);
		if (v.kind == VERDICT_PAID)
			assert_string_equal(v.provider_txn, "CI2");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_live_three_minutes),
		cmocka_unit_test(answers_to_a_submit),
		cmocka_unit_test(answers_to_an_enquiry),
		cmocka_unit_test(refunds_are_settled_by_their_own_answer),
		cmocka_unit_test(the_table_holds_no_surprise),
		cmocka_unit_test(callbacks_only_name),
		cmocka_unit_test(callbacks_are_hashed_as_they_came),
		cmocka_unit_test(facts_are_read_from_the_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
