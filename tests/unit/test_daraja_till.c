/* The Daraja codec for a Buy Goods till: golden requests. */
#include "payments/provider/provider.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define REFERENCE "0f3c1d52-9a77-4c1e-8b1a-5d2e6f708192"

static const struct provider_token token = { .text = "tok" };
static struct provider_account a;

static int
open_account(void **state)
{
	EVP_PKEY *theirs = EVP_RSA_gen(2048);
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(theirs, &der);

	(void)state;
	a = (struct provider_account){ .name = "daraja",
		                       .base_url = "http://daraja.example",
		                       .user = "consumer",
		                       .key = "secret",
		                       .currency = "KES",
		                       .party = "174379",
		                       .till = "5123456",
		                       .store = "4100100",
		                       .passkey = "bfb279",
		                       .initiator = "testapi",
		                       .pin = "Safaricom#1" };
	sodium_bin2base64(a.public_key, sizeof a.public_key, der, (size_t)n,
	                  sodium_base64_VARIANT_ORIGINAL);
	OPENSSL_free(der);
	EVP_PKEY_free(theirs);
	return n > 0 ? 0 : -1;
}

static struct provider_order
order(enum pay_direction direction)
{
	struct provider_order o = { .direction = direction,
		                    .msisdn = "254708374149",
		                    .amount_minor = 150000,
		                    .exponent = 2,
		                    .currency = "KES",
		                    .note = "Loan GH2N8Z",
		                    .result_url = "https://coop.example/callback/x/y",
		                    .handle = "ws_CO_1",
		                    .wall_ms = INT64_C(1577269800000) };

	assert_true(uuid_parse(REFERENCE, 36, &o.reference));
	return o;
}

static void
holds(const struct provider_request *rq, const char *part)
{
	if (strstr(rq->body, part) == NULL)
		fail_msg("%s is not in %s", part, rq->body);
}

/* 2019-12-25 10:30:00 UTC is 13:30 in Nairobi. */
static void
a_prompt(void **state)
{
	static const char body[] =
	    "{\"BusinessShortCode\":\"4100100\","
	    "\"Password\":\"NDEwMDEwMGJmYjI3OTIwMTkxMjI1MTMzMDAw\","
	    "\"Timestamp\":\"20191225133000\","
	    "\"TransactionType\":\"CustomerBuyGoodsOnline\",\"Amount\":\"1500\","
	    "\"PartyA\":\"254708374149\",\"PartyB\":\"5123456\","
	    "\"PhoneNumber\":\"254708374149\","
	    "\"CallBackURL\":\"https://coop.example/callback/x/y\","
	    "\"AccountReference\":\"0f3c1d529a77\",\"TransactionDesc\":\"Loan "
	    "GH2N8Z\"}";
	struct provider_account same = a;
	struct provider_order o = order(PAY_IN);
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), 0);
	assert_string_equal(rq.body, body);
	same.store[0] = '\0'; /* the short code is the store's, too */
	assert_int_equal(provider_daraja.submit(&same, &token, &o, &rq, NULL), 0);
	holds(&rq, "\"BusinessShortCode\":\"174379\"");
	holds(&rq, "\"PartyB\":\"5123456\"");
}

static void
who_asked_puts_the_question(void **state)
{
	struct provider_order o = order(PAY_IN);
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_daraja.query(&a, &token, &o, &rq, NULL), 0);
	holds(&rq, "\"BusinessShortCode\":\"4100100\"");
}

static void
payouts_know_no_till(void **state)
{
	struct provider_order o = order(PAY_OUT);
	struct provider_request rq;

	(void)state;
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), 0);
	holds(&rq, "\"PartyA\":\"174379\"");
	memcpy(o.back_txn, "RKTQDM7W6S", 11);
	assert_int_equal(provider_daraja.submit(&a, &token, &o, &rq, NULL), 0);
	holds(&rq, "\"ReceiverParty\":\"4100100\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prompt),
		cmocka_unit_test(who_asked_puts_the_question),
		cmocka_unit_test(payouts_know_no_till),
	};

	return cmocka_run_group_tests(tests, open_account, NULL);
}
