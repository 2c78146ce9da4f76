/* Wrong requests are answered by the simulator as by the real ones: bad keys, tokens,
 * signatures, media types, verbs and fields.  Nothing of them stands in its book. */
#include "lib/json.h"
#include "tests/integration/sim_bed.h"

#define ID     "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"
#define BEARER "Authorization: Bearer %s"
#define JSON   "Content-Type: application/json"

static char token[4][80]; /* of mtn's two products, airtel, daraja */

enum { IN, OUT, AIRTEL, DARAJA };

struct row {
	const char *method, *path;
	const char *headers[6]; /* %s: the token */
	const char *body;
	int status;
	const char *says; /* a part of the answer */
};

static const struct sim_reply *
ask(const struct row *r, const char *bearer)
{
	static const char json[] = "POST";
	struct provider_request rq = { .method = r->method == NULL ? json : r->method };

	snprintf(rq.url, sizeof rq.url, "%s%s", sim.account.base_url, r->path);
	for (unsigned i = 0; i < COUNT(r->headers) && r->headers[i] != NULL; i++) {
		const char *at = strstr(r->headers[i], "%s");

		if (at == NULL)
			snprintf(rq.headers[i], sizeof rq.headers[i], "%s",
			         r->headers[i]);
		else
			snprintf(rq.headers[i], sizeof rq.headers[i], "%.*s%s",
			         (int)(at - r->headers[i]), r->headers[i], bearer);
	}
	if (r->body != NULL) {
		snprintf(rq.body, sizeof rq.body, "%s", r->body);
		rq.body_len = strlen(rq.body);
	}
	return sim_send(&rq);
}

static void
take_token(const struct sim_reply *s, char out[80])
{
	struct json *doc = json_parse(s->body, s->n, NULL);
	const char *text = json_get_text(doc, "access_token");

	assert_non_null(text);
	snprintf(out, 80, "%s", text);
	json_free(doc);
}

static int
start_world(void **state)
{
	static const struct row rows[] = {
		[IN] = { "POST",
		         "/collection/token/",
		         { "Authorization: Basic YTpi", "Ocp-Apim-Subscription-Key: k",
		           JSON },
		         "{}",
		         200,
		         "" },
		[OUT] = { "POST",
		          "/disbursement/token/",
		          { "Authorization: Basic YTpi", "Ocp-Apim-Subscription-Key: k",
		            JSON },
		          "{}",
		          200,
		          "" },
		[AIRTEL] = { "POST",
		             "/auth/oauth2/token",
		             { JSON },
		             "{\"client_id\":\"a\",\"client_secret\":\"b\","
		             "\"grant_type\":\"client_credentials\"}",
		             200,
		             "" },
		[DARAJA] = { "GET",
		             "/oauth/v1/generate?grant_type=client_credentials",
		             { "Authorization: Basic YTpi" },
		             NULL,
		             200,
		             "" },
	};
	const struct provider_account account = { .name = "mtn" };

	(void)state;
	if (sim_bed_open(&provider_mtn, &account) != 0)
		return -1;
	for (unsigned i = 0; i < COUNT(rows); i++)
		take_token(ask(&rows[i], ""), token[i]);
	return 0;
}

static void
refuses(const struct row *rows, size_t n, const char *bearer)
{
	for (size_t i = 0; i < n; i++) {
		const struct sim_reply *s = ask(&rows[i], bearer);

		if (s->status != rows[i].status || strstr(s->body, rows[i].says) == NULL)
			print_error("row %zu %s: %d %s\n", i, rows[i].path, s->status,
			            s->body);
		assert_int_equal(s->status, rows[i].status);
		assert_non_null(strstr(s->body, rows[i].says));
	}
	assert_int_equal(sim_page("GET", "/book", NULL)->n, 0);
}

#define MTN_HEADERS                                                                      \
	BEARER, "Ocp-Apim-Subscription-Key: k", "X-Target-Environment: sandbox", JSON,   \
	    "X-Reference-Id: " ID
#define TRANSFER                                                                         \
	"{\"amount\":\"5\",\"currency\":\"TZS\",\"payee\":{\"partyIdType\":\"MSISDN\","  \
	"\"partyId\":\"255712000100\"}}"

static void
as_mtn(void **state)
{
	static const char path[] = "/disbursement/v1_0/transfer";
	static const struct row rows[] = {
		{ "POST",
		  "/disbursement/token/",
		  { "Authorization: Basic YTpi", "Ocp-Apim-Subscription-Key: k",
		    "Content-Type: application/x-www-form-urlencoded" },
		  "grant_type=client_credentials",
		  200,
		  "Request Rejected" },
		{ "POST",
		  "/disbursement/token/",
		  { "Authorization: Basic YTp3cm9uZw==", "Ocp-Apim-Subscription-Key: k",
		    JSON },
		  "{}",
		  401,
		  "login_failed" },
		{ "POST",
		  "/disbursement/token/",
		  { "Authorization: Basic YTpi", JSON },
		  "{}",
		  401,
		  "subscription key" },
		{ "POST", path, { BEARER, JSON }, TRANSFER, 401, "subscription key" },
		{ "POST",
		  path,
		  { "Authorization: Bearer x", "Ocp-Apim-Subscription-Key: k",
		    "X-Target-Environment: sandbox", JSON, "X-Reference-Id: " ID },
		  TRANSFER,
		  401,
		  "Unauthorized" },
		/* the token of the other product */
		{ "POST",
		  "/collection/v1_0/requesttopay",
		  { MTN_HEADERS },
		  TRANSFER,
		  401,
		  "Unauthorized" },
		{ "POST",
		  path,
		  { BEARER, "Ocp-Apim-Subscription-Key: k",
		    "X-Target-Environment: mtnuganda", JSON, "X-Reference-Id: " ID },
		  TRANSFER,
		  500,
		  "NOT_ALLOWED_TARGET_ENVIRONMENT" },
		{ "POST",
		  path,
		  { BEARER, "Ocp-Apim-Subscription-Key: k",
		    "X-Target-Environment: sandbox", JSON,
		    "X-Reference-Id: 0f3c1d52-9a77-7c1e-8b1a-5d2e6f708192" },
		  TRANSFER,
		  400,
		  "UUIDv4" },
		{ "POST", path, { MTN_HEADERS }, "not json", 400, "" },
		{ "POST",
		  path,
		  { BEARER, "Ocp-Apim-Subscription-Key: k",
		    "X-Target-Environment: sandbox", "X-Reference-Id: " ID },
		  TRANSFER,
		  415,
		  "" },
		{ "POST", path, { MTN_HEADERS }, "{\"amount\":\"5\"}", 400, "" },
		{ "POST",
		  path,
		  { MTN_HEADERS },
		  "{\"amount\":\"5\",\"currency\":\"XXX\",\"payee\":{\"partyIdType\":"
		  "\"MSISDN\",\"partyId\":\"255712000100\"}}",
		  500,
		  "INVALID_CURRENCY" },
		{ "POST",
		  "/disbursement/v1_0/refund",
		  { MTN_HEADERS },
		  "{\"amount\":\"5\",\"currency\":\"TZS\"}",
		  400,
		  "" },
		{ "POST",
		  "/disbursement/v1_0/refund",
		  { MTN_HEADERS },
		  "{\"amount\":\"5\",\"currency\":\"TZS\",\"referenceIdToRefund\":"
		  "\"" ID "\"}",
		  404,
		  "RESOURCE_NOT_FOUND" },
		{ "GET",
		  "/disbursement/v1_0/account/balance/XXX",
		  { MTN_HEADERS },
		  NULL,
		  500,
		  "INVALID_CURRENCY" },
		{ "PUT", path, { MTN_HEADERS }, TRANSFER, 405, "" },
		{ "GET",
		  "/disbursement/v1_0/transfer/" ID,
		  { MTN_HEADERS },
		  NULL,
		  404,
		  "RESOURCE_NOT_FOUND" },
	};

	(void)state;
	refuses(rows, COUNT(rows), token[OUT]);
}

#define AIRTEL_HEADERS BEARER, "X-Country: TZ", "X-Currency: TZS", JSON
#define PAYMENT                                                                          \
	"{\"reference\":\"Loan\",\"subscriber\":{\"msisdn\":\"682000100\"},"             \
	"\"transaction\":{\"amount\":5,\"id\":\"0f3c1d529a774c1e8b1a5d2e6f708192\"}}"

static void
as_airtel(void **state)
{
	static const struct row rows[] = {
		{ "POST",
		  "/auth/oauth2/token",
		  { JSON },
		  "{\"client_id\":\"a\",\"client_secret\":\"b\"}",
		  400,
		  "unsupported_grant_type" },
		{ "POST",
		  "/auth/oauth2/token",
		  { JSON },
		  "{\"grant_type\":\"client_credentials\"}",
		  400,
		  "invalid_client" },
		{ "POST",
		  "/merchant/v1/payments/",
		  { "Authorization: Bearer x", "X-Country: TZ", "X-Currency: TZS", JSON },
		  PAYMENT,
		  401,
		  "invalid_token" },
		{ "POST",
		  "/merchant/v1/payments/",
		  { BEARER, "X-Currency: TZS", JSON },
		  PAYMENT,
		  400,
		  "X-Country" },
		{ "POST",
		  "/merchant/v1/payments/",
		  { BEARER, "X-Country: TZ", JSON },
		  PAYMENT,
		  400,
		  "X-Currency" },
		{ "POST",
		  "/merchant/v1/payments/",
		  { BEARER, "X-Country: TZ", "X-Currency: TZS" },
		  PAYMENT,
		  415,
		  "" },
		{ "POST",
		  "/merchant/v2/payments/",
		  { AIRTEL_HEADERS },
		  PAYMENT,
		  200,
		  "DP00800001026" },
		{ "POST",
		  "/merchant/v2/payments/",
		  { AIRTEL_HEADERS, "x-signature: eA==", "x-key: eA==" },
		  PAYMENT,
		  200,
		  "DP00800001026" },
		{ "POST",
		  "/merchant/v1/payments/",
		  { AIRTEL_HEADERS },
		  "not json",
		  200,
		  "DP00800001009" },
		{ "POST",
		  "/standard/v1/disbursements/",
		  { AIRTEL_HEADERS },
		  "{\"reference\":\"Loan\",\"payee\":{\"msisdn\":\"682000100\"},\"pin\":"
		  "\"eA==\",\"transaction\":{\"amount\":5,\"id\":"
		  "\"0f3c1d529a774c1e8b1a5d2e6f708192\"}}",
		  200,
		  "DP00900001016" },
		{ "POST",
		  "/standard/v1/payments/refund",
		  { AIRTEL_HEADERS },
		  "{\"transaction\":{\"airtel_money_id\":\"CI0\"}}",
		  200,
		  "DP00800001025" },
		{ "POST",
		  "/standard/v2/payments/refund",
		  { AIRTEL_HEADERS },
		  "{\"transaction\":{\"airtel_money_id\":\"CI0\"}}",
		  200,
		  "DP00800001026" },
		{ "PUT", "/merchant/v1/payments/", { AIRTEL_HEADERS }, PAYMENT, 405, "" },
		{ "GET",
		  "/standard/v1/payments/0",
		  { AIRTEL_HEADERS },
		  NULL,
		  200,
		  "DP00800001025" },
	};

	(void)state;
	refuses(rows, COUNT(rows), token[AIRTEL]);
}

static void
as_daraja(void **state)
{
	static const struct row rows[] = {
		{ "GET",
		  "/oauth/v1/generate?grant_type=password",
		  { "Authorization: Basic YTpi" },
		  NULL,
		  400,
		  "400.008.02" },
		{ "GET",
		  "/oauth/v1/generate?grant_type=client_credentials",
		  { NULL },
		  NULL,
		  400,
		  "" },
		{ "POST",
		  "/mpesa/stkpush/v1/processrequest",
		  { "Authorization: Bearer x", JSON },
		  "{}",
		  404,
		  "404.001.03" },
		{ "POST",
		  "/mpesa/stkpush/v1/processrequest",
		  { BEARER },
		  "{}",
		  400,
		  "400.002.02" },
		{ "POST",
		  "/mpesa/stkpush/v1/processrequest",
		  { BEARER, JSON },
		  "[]",
		  400,
		  "400.002.02" },
		{ "POST",
		  "/mpesa/stkpush/v1/processrequest",
		  { BEARER, JSON },
		  "{}",
		  500,
		  "500.001.1001" },
		{ "POST",
		  "/mpesa/b2c/v3/paymentrequest",
		  { BEARER, JSON },
		  "{\"Amount\":\"5\",\"PartyB\":\"254711000100\"}",
		  400,
		  "OriginatorConversationID" },
		{ "POST",
		  "/mpesa/b2c/v3/paymentrequest",
		  { BEARER, JSON },
		  "{\"Amount\":\"5\",\"PartyB\":\"0711000100\"}",
		  400,
		  "PhoneNumber" },
		{ "POST",
		  "/mpesa/b2c/v3/paymentrequest",
		  { BEARER, JSON },
		  "{\"Amount\":\"5.505\",\"PartyB\":\"254711000100\"}",
		  400,
		  "Amount" },
		{ "POST",
		  "/mpesa/transactionstatus/v1/query",
		  { BEARER, JSON },
		  "{}",
		  400,
		  "SecurityCredential" },
		{ "POST",
		  "/mpesa/reversal/v1/request",
		  { BEARER, JSON },
		  "{}",
		  400,
		  "CommandID" },
		{ "POST",
		  "/mpesa/reversal/v1/request",
		  { BEARER, JSON },
		  "{\"CommandID\":\"TransactionReversal\",\"RecieverIdentifierType\":"
		  "\"4\"}",
		  400,
		  "RecieverIdentifierType" },
		{ "POST",
		  "/mpesa/c2b/v1/registerurl",
		  { BEARER, JSON },
		  "{\"ShortCode\":\"174379\",\"ResponseType\":\"completed\","
		  "\"ConfirmationURL\":\"https://a.example/c\",\"ValidationURL\":"
		  "\"https://a.example/v\"}",
		  400,
		  "400.003.02" },
		{ "POST",
		  "/mpesa/c2b/v1/registerurl",
		  { BEARER, JSON },
		  "{\"ShortCode\":\"174379\",\"ResponseType\":\"Completed\","
		  "\"ConfirmationURL\":\"https://a.example/mpesa\",\"ValidationURL\":"
		  "\"https://a.example/v\"}",
		  400,
		  "400.003.02" },
		{ "GET",
		  "/mpesa/b2c/v3/paymentrequest",
		  { BEARER },
		  NULL,
		  405,
		  "405.001" },
	};

	(void)state;
	refuses(rows, COUNT(rows), token[DARAJA]);
}

static void
as_vodacom(void **state)
{
	static const struct row rows[] = {
		{ "GET",
		  "/ipg/v2/vodacomTZN/getSession/",
		  { "Authorization: Bearer x" },
		  NULL,
		  401,
		  "INS-2" },
		{ "GET",
		  "/ipg/v2/vodacomTZN/getSession/",
		  { "Authorization: Bearer eA==", "Origin: *" },
		  NULL,
		  401,
		  "INS-2" },
		{ "POST",
		  "/ipg/v2/vodacomTZN/b2cPayment/",
		  { "Authorization: Bearer x", JSON },
		  "{}",
		  401,
		  "session" },
		{ "PUT",
		  "/ipg/v1x/reversal/",
		  { "Authorization: Bearer x", JSON },
		  "{}",
		  401,
		  "output_error" },
	};

	(void)state;
	refuses(rows, COUNT(rows), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_mtn),
		cmocka_unit_test(as_airtel),
		cmocka_unit_test(as_daraja),
		cmocka_unit_test(as_vodacom),
	};

	return cmocka_run_group_tests(tests, start_world, sim_bed_close);
}
