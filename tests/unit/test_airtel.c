/* The Airtel codec: golden requests, what is encrypted, and what is refused before a
 * call. */
#include "lib/buf.h"
#include "lib/json.h"
#include "payments/provider/provider.h"
#include "tests/unit/provider_key.h"

#include <string.h>

#define REFERENCE "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"
#define ID        "0f3c1d529a774c1e8b1a5d2e6f708192"

static struct provider_account
account(uint8_t version)
{
	struct provider_account a = {
		.name = "airtel",
		.base_url = "http://airtel.example",
		.user = "client",
		.key = "secret",
		.currency = "TZS",
		.country = "TZ",
		.version = version,
		.pin = "4711",
	};

	memcpy(a.public_key, public_key, strlen(public_key));
	return a;
}

static struct provider_order
order(enum pay_direction direction)
{
	struct provider_order o = {
		.direction = direction,
		.msisdn = "255682000100",
		.amount_minor = 5000000,
		.exponent = 2,
		.currency = "TZS",
		.note = "Loan ABC234",
		.chance = { 7 },
	};

	assert_true(uuid_parse(REFERENCE, 36, &o.reference));
	return o;
}

static const struct provider_token token = { .text = "TOKEN" };

/* The request as one text: method, URL, headers, body. */
static const char *
written(const struct provider_request *rq)
{
	static char text[8192];
	struct buf b;

	buf_init(&b, text, sizeof text);
	buf_printf(&b, "%s %s\n", rq->method, rq->url);
	for (int i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0'; i++)
		if (strncmp(rq->headers[i], "x-", 2) != 0)
			buf_printf(&b, "%s\n", rq->headers[i]);
	assert_int_equal(rq->body_len, strlen(rq->body));
	buf_puts(&b, rq->body);
	assert_true(buf_ok(&b));
	return text;
}

static const char *
header(const struct provider_request *rq, const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0'; i++)
		if (strncmp(rq->headers[i], name, n) == 0)
			return rq->headers[i] + n + 2;
	return NULL;
}

#define COMMON                                                                           \
	"Authorization: Bearer TOKEN\n"                                                  \
	"X-Country: TZ\n"                                                                \
	"X-Currency: TZS\n"
#define COLLECT                                                                          \
	"{\"reference\":\"LoanABC234\",\"subscriber\":{\"country\":\"TZ\","              \
	"\"currency\":\"TZS\",\"msisdn\":\"682000100\"},\"transaction\":{"               \
	"\"amount\":50000,\"country\":\"TZ\",\"currency\":\"TZS\",\"id\":\"" ID "\"}}"

static void
a_token_is_asked_for_in_json(void **state)
{
	struct provider_account a = account(1);
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_airtel.token(&a, PAY_OUT, &rq, NULL), 0);
	assert_string_equal(written(&rq),
	                    "POST http://airtel.example/auth/oauth2/token\n"
	                    "Accept: application/json\n"
	                    "Content-Type: application/json\n"
	                    "{\"client_id\":\"client\",\"client_secret\":\"secret\","
	                    "\"grant_type\":\"client_credentials\"}");
	assert_string_equal(rq.basic_auth, "");
}

static void
a_collection_names_the_national_number(void **state)
{
	struct provider_account a = account(1);
	struct provider_order o = order(PAY_IN);
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_airtel.submit(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(written(&rq),
	                    "POST http://airtel.example/merchant/v1/payments/\n"
	                    "Accept: application/json\n"
	                    "Content-Type: application/json\n" COMMON COLLECT);
	assert_null(header(&rq, "x-signature"));
	assert_int_equal(provider_airtel.query(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(written(&rq),
	                    "GET http://airtel.example/standard/v1/payments/" ID "\n"
	                    "Accept: application/json\n" COMMON);
}

/* The bytes that were signed are the bytes that go out. */
static void
a_collection_of_version_2_is_signed(void **state)
{
	struct provider_account a = account(2);
	struct provider_order o = order(PAY_IN);
	struct provider_request rq, again;
	unsigned char key[32], iv[16], sealed[2048], plain[2048];
	const char *pair, *colon;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t n;
	int head = 0, tail = 0;

	(void)state;
	assert_int_equal(provider_airtel.submit(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(written(&rq),
	                    "POST http://airtel.example/merchant/v2/payments/\n"
	                    "Accept: application/json\n"
	                    "Content-Type: application/json\n" COMMON COLLECT);
	pair = opened(header(&rq, "x-key"));
	colon = strchr(pair, ':');
	assert_non_null(colon);
	assert_int_equal(sodium_base642bin(key, sizeof key, pair, (size_t)(colon - pair),
	                                   NULL, &n, NULL, B64),
	                 0);
	assert_int_equal(n, sizeof key);
	assert_int_equal(sodium_base642bin(iv, sizeof iv, colon + 1, strlen(colon + 1),
	                                   NULL, &n, NULL, B64),
	                 0);
	assert_int_equal(n, sizeof iv);
	pair = header(&rq, "x-signature");
	assert_int_equal(sodium_base642bin(sealed, sizeof sealed, pair, strlen(pair),
	                                   NULL, &n, NULL, B64),
	                 0);
	assert_int_equal(EVP_DecryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv), 1);
	assert_int_equal(EVP_DecryptUpdate(ctx, plain, &head, sealed, (int)n), 1);
	assert_int_equal(EVP_DecryptFinal_ex(ctx, plain + head, &tail), 1);
	EVP_CIPHER_CTX_free(ctx);
	assert_int_equal(head + tail, rq.body_len);
	assert_memory_equal(plain, rq.body, rq.body_len);

	/* a pure function of what it was given, and another chance is another text */
	assert_int_equal(provider_airtel.submit(&a, &token, &o, &again, NULL), 0);
	assert_memory_equal(&rq, &again, sizeof rq);
	o.chance[0]++;
	assert_int_equal(provider_airtel.submit(&a, &token, &o, &again, NULL), 0);
	assert_string_not_equal(header(&rq, "x-key"), header(&again, "x-key"));
	assert_string_not_equal(header(&rq, "x-signature"),
	                        header(&again, "x-signature"));
}

static const char *
pin_of(const struct provider_request *rq)
{
	static char pin[700];
	struct json *doc = json_parse(rq->body, rq->body_len, NULL);
	const char *text = json_get_text(doc, "pin");

	assert_non_null(text);
	assert_true(strlen(text) < sizeof pin);
	memcpy(pin, text, strlen(text) + 1);
	json_free(doc);
	return pin;
}

static void
a_disbursement_holds_the_sealed_pin(void **state)
{
	struct provider_account a = account(1);
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;
	char want[3000];

	(void)state;
	assert_int_equal(provider_airtel.submit(&a, &token, &o, &rq, NULL), 0);
	snprintf(want, sizeof want,
	         "POST http://airtel.example/standard/v1/disbursements/\n"
	         "Accept: application/json\n"
	         "Content-Type: application/json\n" COMMON
	         "{\"payee\":{\"msisdn\":\"682000100\"},\"reference\":\"LoanABC234\","
	         "\"pin\":\"%s\",\"transaction\":{\"amount\":50000,\"id\":\"" ID "\"}}",
	         pin_of(&rq));
	assert_string_equal(written(&rq), want);
	assert_string_equal(opened(pin_of(&rq)), "4711");
	assert_null(strstr(written(&rq), "4711"));
	assert_int_equal(provider_airtel.query(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url,
	                    "http://airtel.example/standard/v1/disbursements/" ID);

	a = account(2);
	assert_int_equal(provider_airtel.submit(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://airtel.example/standard/v2/disbursements/");
	assert_non_null(
	    strstr(rq.body, "\"payee\":{\"msisdn\":\"682000100\",\"currency\":\"TZS\"}"));
	assert_non_null(strstr(rq.body, "\"id\":\"" ID "\",\"type\":\"B2C\"}"));
	assert_int_equal(provider_airtel.query(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://airtel.example/standard/v2/disbursements/" ID
	                            "?transactionType=B2C");
}

static void
a_short_note_gives_way_to_the_id(void **state)
{
	struct provider_account a = account(1);
	struct provider_order o = order(PAY_IN);
	struct provider_request rq;

	(void)state;
	memcpy(o.note, "a'b", 4);
	assert_int_equal(provider_airtel.submit(&a, &token, &o, &rq, NULL), 0);
	assert_non_null(strstr(rq.body, "{\"reference\":\"" ID "\""));
}

static void
inquiries_name_the_whole_number(void **state)
{
	struct provider_account a = account(1);
	struct provider_inquiry q = { .topic = TOPIC_NAME, .msisdn = "255682000100" };
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_airtel.ask(&a, &token, &q, &rq, NULL), 0);
	assert_string_equal(rq.url,
	                    "http://airtel.example/standard/v1/users/255682000100");
	q.topic = TOPIC_BALANCE;
	assert_int_equal(provider_airtel.ask(&a, &token, &q, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://airtel.example/standard/v1/users/balance");
	q.topic = TOPIC_ACTIVE;
	memcpy(q.msisdn, "../../x", 8);
	assert_int_equal(provider_airtel.ask(&a, &token, &q, &rq, NULL), -1);
}

static void
what_cannot_be_meant_is_not_sent(void **state)
{
	struct provider_account a = account(2), b;
	struct provider_order o = order(PAY_OUT), p;
	struct provider_request rq;

	(void)state;
	p = o, memcpy(p.msisdn, "250720000100", 13); /* another country */
	assert_int_equal(provider_airtel.submit(&a, &token, &p, &rq, NULL), -1);
	p = o, p.msisdn[11] = '\0'; /* a digit short */
	assert_int_equal(provider_airtel.submit(&a, &token, &p, &rq, NULL), -1);
	p = o, memcpy(p.currency, "EUR", 4);
	assert_int_equal(provider_airtel.submit(&a, &token, &p, &rq, NULL), -1);
	p = o, p.amount_minor++; /* this account takes no cents */
	assert_int_equal(provider_airtel.submit(&a, &token, &p, &rq, NULL), -1);
	b = a, b.pin[0] = '\0';
	assert_int_equal(provider_airtel.submit(&b, &token, &o, &rq, NULL), -1);
	b = a, memcpy(b.public_key, "AAAA", 5);
	assert_int_equal(provider_airtel.submit(&b, &token, &o, &rq, NULL), -1);
	p = order(PAY_IN);
	assert_int_equal(provider_airtel.submit(&b, &token, &p, &rq, NULL), -1);
	b = a, b.user[0] = '\0';
	assert_int_equal(provider_airtel.token(&b, PAY_IN, &rq, NULL), -1);
	assert_int_equal(provider_airtel.submit(&a, &token, &o, &rq, NULL), 0);
}

static void
a_refund_names_what_it_gives_back(void **state)
{
	static const char *const paths[] = { "/standard/v1/payments/refund",
		                             "/standard/v2/payments/refund" };
	struct provider_token t = { .text = "TOKEN" };
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;

	(void)state;
	memcpy(o.back_txn, "CI240926.1012.A1", 17);
	o.back_reference = o.reference;
	o.back_reference.b[0] = 0x1f;
	for (uint8_t version = 1; version <= 2; version++) {
		struct provider_account a = account(version);

		assert_int_equal(provider_airtel.submit(&a, &t, &o, &rq, NULL), 0);
		assert_string_equal(rq.method, "POST");
		assert_string_equal(rq.url + strlen(a.base_url), paths[version - 1]);
		assert_string_equal(
		    rq.body,
		    "{\"transaction\":{\"airtel_money_id\":\"CI240926.1012.A1\"}}");
		assert_int_equal(rq.headers[5][0] != '\0', version == 2); /* signed */
		o.handle[0] = '\0'; /* its answer was lost: nothing tells of it */
		assert_int_equal(provider_airtel.query(&a, &t, &o, &rq, NULL), -1);
		memcpy(o.handle, "CI240926.1012.B2", 17);
		assert_int_equal(provider_airtel.query(&a, &t, &o, &rq, NULL), 0);
		assert_string_equal(rq.url, "http://airtel.example/standard/v1/payments/"
		                            "1f3c1d529a774c1e8b1a5d2e6f708192");
	}
	o.handle[0] = '\0';
	o.back_txn[0] = '\0'; /* not by what nobody told: a plain payout */
	struct provider_account a = account(1);
	assert_int_equal(provider_airtel.submit(&a, &t, &o, &rq, NULL), 0);
	assert_string_equal(rq.url, "http://airtel.example/standard/v1/disbursements/");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_asked_for_in_json),
		cmocka_unit_test(a_collection_names_the_national_number),
		cmocka_unit_test(a_collection_of_version_2_is_signed),
		cmocka_unit_test(a_disbursement_holds_the_sealed_pin),
		cmocka_unit_test(a_short_note_gives_way_to_the_id),
		cmocka_unit_test(a_refund_names_what_it_gives_back),
		cmocka_unit_test(inquiries_name_the_whole_number),
		cmocka_unit_test(what_cannot_be_meant_is_not_sent),
	};

	return cmocka_run_group_tests(tests, make_key, drop_key);
}
