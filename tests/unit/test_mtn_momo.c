/* The MTN codec: golden requests, amounts, notes, and what is refused before a call. */
#include "lib/buf.h"
#include "payments/provider/mtn_momo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define REFERENCE   "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"
#define COLLECTION  "1a2b3c4d-9a77-4c1e-8b1a-5d2e6f708192"

static struct provider_account
account(void)
{
	return (struct provider_account){
		.name = "mtn",
		.base_url = "http://mtn.example:8080",
		.user = "7b6f1c5e-7c39-4f3e-9a54-000000000001",
		.key = "secret",
		.subscription_key = "sub",
		.target_environment = "sandbox",
		.currency = "TZS",
		.scale = 0,
		.callback_url = "http://gw.example/mtn/callback/",
	};
}

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

/* The request as one text: method, URL, headers, basic auth, body. */
static const char *
written(const struct provider_request *rq)
{
	static char text[8192];
	struct buf b;

	buf_init(&b, text, sizeof text);
	buf_printf(&b, "%s %s\n", rq->method, rq->url);
	for (int i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0'; i++)
		buf_printf(&b, "%s\n", rq->headers[i]);
	if (rq->basic_auth[0] != '\0')
		buf_printf(&b, "basic %s\n", rq->basic_auth);
	assert_int_equal(rq->body_len, strlen(rq->body));
	buf_puts(&b, rq->body);
	assert_true(buf_ok(&b));
	return text;
}

static void
requests_are_what_mtn_reads(void **state)
{
	struct provider_account a = account();
	struct provider_token t = { .text = "TOKEN" };
	struct provider_order out = order(PAY_OUT), in = order(PAY_IN);
	struct provider_request rq;
	struct err err;

	(void)state;

	assert_int_equal(provider_mtn.token(&a, PAY_IN, &rq, &err), 0);
	assert_string_equal(written(&rq),
	                    "POST http://mtn.example:8080/collection/token/\n"
	                    "Ocp-Apim-Subscription-Key: sub\n"
	                    "Content-Type: application/json\n"
	                    "Accept: application/json\n"
	                    "basic 7b6f1c5e-7c39-4f3e-9a54-000000000001:secret\n"
	                    "{\"grant_type\":\"client_credentials\"}");
	assert_int_equal(provider_mtn.token(&a, PAY_OUT, &rq, &err), 0);
	assert_string_equal(rq.url, "http://mtn.example:8080/disbursement/token/");

	assert_int_equal(provider_mtn.submit(&a, &t, &out, &rq, &err), 0);
	assert_string_equal(
	    written(&rq), "POST http://mtn.example:8080/disbursement/v1_0/transfer\n"
	                  "Authorization: Bearer TOKEN\n"
	                  "Ocp-Apim-Subscription-Key: sub\n"
	                  "X-Target-Environment: sandbox\n"
	                  "Accept: application/json\n"
	                  "Content-Type: application/json\n"
	                  "X-Reference-Id: " REFERENCE "\n"
	                  "X-Callback-Url: http://gw.example/mtn/callback/" REFERENCE "\n"
	                  "{\"amount\":\"50000\",\"currency\":\"TZS\","
	                  "\"externalId\":\"ABC234\",\"payee\":{\"partyIdType\":"
	                  "\"MSISDN\",\"partyId\":\"255712000100\"},\"payerMessage\":"
	                  "\"Loan ABC234\",\"payeeNote\":\"Loan ABC234\"}");

	/* the slash before our reference is ours to add */
	a.callback_url[strlen(a.callback_url) - 1] = '\0';
	assert_int_equal(provider_mtn.submit(&a, &t, &out, &rq, &err), 0);
	assert_non_null(strstr(written(&rq),
	                       "X-Callback-Url: http://gw.example/mtn/callback/" REFERENCE
	                       "\n"));

	a.callback_url[0] = '\0';
	in.external_id[0] = '\0';
	assert_int_equal(provider_mtn.submit(&a, &t, &in, &rq, &err), 0);
	assert_string_equal(written(&rq),
	                    "POST http://mtn.example:8080/collection/v1_0/requesttopay\n"
	                    "Authorization: Bearer TOKEN\n"
	                    "Ocp-Apim-Subscription-Key: sub\n"
	                    "X-Target-Environment: sandbox\n"
	                    "Accept: application/json\n"
	                    "Content-Type: application/json\n"
	                    "X-Reference-Id: " REFERENCE "\n"
	                    "{\"amount\":\"50000\",\"currency\":\"TZS\","
	                    "\"externalId\":\"" REFERENCE "\",\"payer\":{\"partyIdType\":"
	                    "\"MSISDN\",\"partyId\":\"255712000100\"},\"payerMessage\":"
	                    "\"Loan ABC234\",\"payeeNote\":\"Loan ABC234\"}");

	assert_int_equal(provider_mtn.query(&a, &t, &out, &rq, &err), 0);
	assert_string_equal(
	    written(&rq),
	    "GET http://mtn.example:8080/disbursement/v1_0/transfer/" REFERENCE
	    "\nAuthorization: Bearer TOKEN\n"
	    "Ocp-Apim-Subscription-Key: sub\n"
	    "X-Target-Environment: sandbox\n"
	    "Accept: application/json\n");
	assert_int_equal(provider_mtn.query(&a, &t, &in, &rq, &err), 0);
	assert_string_equal(
	    rq.url, "http://mtn.example:8080/collection/v1_0/requesttopay/" REFERENCE);
}

/* A refund names the collection and no wallet, and is asked about where it was sent; a
 * deposit is a transfer by another name. */
static void
payouts_have_three_calls(void **state)
{
	static const struct {
		const char *payout_call;
		bool gives_back;
		const char *path, *party;
	} rows[] = {
		{ "", false, "transfer",
		  "\"payee\":{\"partyIdType\":\"MSISDN\",\"partyId\":\"255712000100\"}"
		  "," },
		{ "deposit", false, "deposit",
		  "\"payee\":{\"partyIdType\":\"MSISDN\",\"partyId\":\"255712000100\"}"
		  "," },
		{ "", true, "refund", "" },
		{ "deposit", true, "refund", "" },
	};
	struct provider_token t = { .text = "TOKEN" };
	struct provider_request rq;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_account a = account();
		struct provider_order o = order(PAY_OUT);
		char want[500];

		memcpy(a.payout_call, rows[i].payout_call,
		       strlen(rows[i].payout_call) + 1);
		if (rows[i].gives_back)
			assert_true(uuid_parse(COLLECTION, 36, &o.back_reference));
		assert_int_equal(provider_mtn.submit(&a, &t, &o, &rq, NULL), 0);
		snprintf(want, sizeof want,
		         "http://mtn.example:8080/disbursement/v1_0/%s", rows[i].path);
		assert_string_equal(rq.url, want);
		snprintf(want, sizeof want,
		         "{\"amount\":\"50000\",\"currency\":\"TZS\",\"externalId\":"
		         "\"ABC234\",%s\"payerMessage\":\"Loan ABC234\","
		         "\"payeeNote\":\"Loan ABC234\"%s}",
		         rows[i].party,
		         rows[i].gives_back ? ",\"referenceIdToRefund\":\"" COLLECTION
		                              "\""
		                            : "");
		assert_string_equal(rq.body, want);
		assert_int_equal(provider_mtn.query(&a, &t, &o, &rq, NULL), 0);
		snprintf(want, sizeof want,
		         "http://mtn.example:8080/disbursement/v1_0/%s/" REFERENCE,
		         rows[i].path);
		assert_string_equal(rq.url, want);
	}
}

static void
questions_are_what_mtn_reads(void **state)
{
	static const struct {
		enum provider_topic topic;
		enum pay_direction direction;
		const char *path;
	} rows[] = {
		{ TOPIC_ACTIVE, PAY_IN,
		  "/collection/v1_0/accountholder/msisdn/255712000100/active" },
		{ TOPIC_NAME, PAY_OUT,
		  "/disbursement/v1_0/accountholder/msisdn/255712000100/basicuserinfo" },
		{ TOPIC_BALANCE, PAY_OUT, "/disbursement/v1_0/account/balance/TZS" },
	};
	struct provider_account a = account();
	struct provider_token t = { .text = "TOKEN" };
	struct provider_inquiry q = { .msisdn = "not digits" };
	struct provider_request rq;

	(void)state;

	assert_int_equal(provider_mtn.ask(&a, &t, &q, &rq, NULL), -1);
	for (size_t i = 0; i < COUNT(rows); i++) {
		char want[300];
		struct buf b;

		q = (struct provider_inquiry){ .topic = rows[i].topic,
			                       .direction = rows[i].direction,
			                       .msisdn = "255712000100" };
		buf_init(&b, want, sizeof want);
		buf_printf(&b,
		           "GET http://mtn.example:8080%s\n"
		           "Authorization: Bearer TOKEN\n"
		           "Ocp-Apim-Subscription-Key: sub\n"
		           "X-Target-Environment: sandbox\n"
		           "Accept: application/json\n",
		           rows[i].path);
		assert_int_equal(provider_mtn.ask(&a, &t, &q, &rq, NULL), 0);
		assert_string_equal(written(&rq), want);
	}
}

static void
orders_that_cannot_be_said_are_refused_before_the_call(void **state)
{
	struct provider_account a = account();
	struct provider_token t = { .text = "TOKEN" }, none = { .text = "" };
	struct provider_order o;
	struct provider_request rq;
	struct err err;

	(void)state;

	o = order(PAY_OUT);
	o.amount_minor = 5000050; /* half a shilling, the account takes whole ones */
	assert_int_equal(provider_mtn.submit(&a, &t, &o, &rq, &err), -1);
	assert_int_equal(err.code, ERR_RANGE);
	assert_int_equal(err.fate, FATE_NOT);
	o = order(PAY_OUT);
	o.amount_minor = 0;
	assert_int_equal(provider_mtn.submit(&a, &t, &o, &rq, &err), -1);
	o = order(PAY_OUT);
	memcpy(o.currency, "KES", 4);
	assert_int_equal(provider_mtn.submit(&a, &t, &o, &rq, &err), -1);
	o = order(PAY_OUT);
	memcpy(o.msisdn, "+255712000100", 14);
	assert_int_equal(provider_mtn.submit(&a, &t, &o, &rq, &err), -1);
	o = order(PAY_OUT);
	o.reference.b[6] = 0x70; /* a UUIDv7 would be refused with a 400 */
	assert_int_equal(provider_mtn.submit(&a, &t, &o, &rq, &err), -1);
	o = order(PAY_OUT);
	assert_int_equal(provider_mtn.submit(&a, &none, &o, &rq, &err), -1);
	memcpy(a.target_environment, "x\r\nX-Evil: 1", 13);
	assert_int_equal(provider_mtn.submit(&a, &t, &o, &rq, &err), -1);
	assert_string_equal(rq.url, "");
	a = account();
	a.key[0] = '\0';
	assert_int_equal(provider_mtn.token(&a, PAY_OUT, &rq, &err), -1);
}

static void
notes_hold_only_signs_that_mtn_takes(void **state)
{
	static const struct {
		const char *note, *sent;
	} rows[] = {
		{ "It's Neema's loan", "It s Neema s loan" },
		{ "  a \"b\"  <c>\\ ", "a b c" },
		{ "line\nbreak\tand \x01", "line break and" },
		{ "d\xc3\xa9j\xc3\xa0 vu", "d j vu" },
		{ "Mine: A/B, lot 3-4.", "Mine: A/B, lot 3-4." },
		{ "''''", "" },
	};
	struct provider_account a = account();
	struct provider_token t = { .text = "TOKEN" };
	struct provider_request rq;

	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order(PAY_IN);
		char want[300];
		struct buf b;

		buf_init(&b, o.note, sizeof o.note);
		buf_puts(&b, rows[i].note);
		buf_init(&b, want, sizeof want);
		buf_printf(&b, "\"payerMessage\":\"%s\",\"payeeNote\":\"%s\"}",
		           rows[i].sent, rows[i].sent);
		assert_int_equal(provider_mtn.submit(&a, &t, &o, &rq, NULL), 0);
		assert_non_null(strstr(rq.body, want));
	}
}

static void
amounts_follow_the_providers_scale(void **state)
{
	static const struct {
		int64_t minor;
		unsigned exponent, scale;
		const char *text; /* NULL: refused */
	} rows[] = {
		{ 5000000, 2, 0, "50000" },
		{ 5000000, 2, 2, "50000.00" },
		{ 5000001, 2, 2, "50000.01" },
		{ 5000001, 2, 0, NULL },
		{ 5000010, 2, 1, "50000.1" },
		{ 5, 2, 2, "0.05" },
		{ 50000, 0, 0, "50000" },
		{ 50000, 0, 2, "50000.00" },
		{ 1, 3, 3, "0.001" },
		{ 9223372036854775807, 2, 2, "92233720368547758.07" },
		{ 0, 2, 2, NULL },
		{ -5, 2, 2, NULL },
		{ 5, 10, 2, NULL },
		{ 5, 2, 10, NULL },
	};

	static const struct {
		const char *text;
		unsigned exponent;
		int64_t minor;
	} back[] = {
		{ "50000", 2, 5000000 },
		{ "50000.0", 2, 5000000 },
		{ "50000.00", 2, 5000000 },
		{ "50000.0000", 2, 5000000 },
		{ "50000.05", 2, 5000005 },
		{ "50000.5", 2, 5000050 },
		{ "50000.005", 2, -1 },
		{ "50000", 0, 50000 },
		{ "50000.00", 0, 50000 },
		{ "50000.50", 0, -1 },
		{ "50,000", 2, -1 },
		{ "50000.", 2, -1 },
		{ ".5", 2, -1 },
		{ "-5", 2, -1 },
		{ "5e3", 2, -1 },
		{ "", 2, -1 },
		{ "9999999999999999", 2, -1 },
	};

	char text[32];

	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		int got = provider_amount_text(rows[i].minor, rows[i].exponent,
		                               rows[i].scale, text, sizeof text);

		assert_int_equal(got, rows[i].text == NULL ? -1 : 0);
		if (got == 0)
			assert_string_equal(text, rows[i].text);
	}
	for (size_t i = 0; i < COUNT(back); i++)
		assert_int_equal(provider_amount_minor(back[i].text, back[i].exponent),
		                 back[i].minor);
	assert_int_equal(provider_amount_text(5000000, 2, 2, text, 5), -1);
}

static void
providers_and_reasons_have_names(void **state)
{
	(void)state;

	assert_ptr_equal(provider_by_name("mtn"), &provider_mtn);
	assert_null(provider_by_name("nobody"));
	for (int r = 0; r < PAY_REASONS; r++)
		assert_non_null(pay_reason_name((enum pay_reason)r));
	assert_string_equal(pay_reason_name(REASON_NO_FUNDS), "no_funds");
}

/* Of every codec: what failed or cannot be done now says why, in each language. */
static void
every_code_has_a_reason_with_words(void **state)
{
	static const char *const languages[] = { "en", "sw", "fr" };
	const struct provider *p;
	struct provider_word w;

	(void)state;
	for (size_t n = 0; (p = provider_at(n)) != NULL; n++) {
		for (size_t i = 0; p->word(i, &w); i++) {
			bool ends = w.on_submit == VERDICT_FAILED ||
			            w.on_submit == VERDICT_DOWN ||
			            w.on_query == VERDICT_FAILED;

			if (ends && w.reason == REASON_NONE)
				print_error("%s %s %s\n", p->name, w.call, w.code);
			assert_true(!ends || w.reason != REASON_NONE);
			for (size_t k = 0; ends && k < COUNT(languages); k++)
				assert_string_not_equal(
				    pay_reason_words(w.reason, languages[k]), "");
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_what_mtn_reads),
		cmocka_unit_test(payouts_have_three_calls),
		cmocka_unit_test(questions_are_what_mtn_reads),
		cmocka_unit_test(orders_that_cannot_be_said_are_refused_before_the_call),
		cmocka_unit_test(notes_hold_only_signs_that_mtn_takes),
		cmocka_unit_test(amounts_follow_the_providers_scale),
		cmocka_unit_test(providers_and_reasons_have_names),
		cmocka_unit_test(every_code_has_a_reason_with_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
