/* HTTP message signatures: what is read, what is covered, what is believed. */
#include "payments/provider/signature.h"

#include "lib/sign.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* A pair made for this test alone. */
#define PRIVATE                                                                          \
	"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/zNxJ+1eBPHjFhiZyukOQEb5PHOns"  \
	"l+44URd0MfpLu+hRANCAATrrAB1BNwY/qXdpvJn4Ve2K+iFiJfSJ5/H/khdl8oSZCY87pGsV/nqKs"  \
	"3p9bZMVdQFSsFRbJe+kzSSc3jYcBwy"
#define PUBLIC                                                                           \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE66wAdQTcGP6l3abyZ+FXtivohYiX0iefx/"         \
	"5IXZfKEmQmPO6RrFf56irN6fW2TFXUBUrBUWyXvpM0knN42HAcMg=="
#define ANOTHER                                                                          \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/"                    \
	"+D9Lfw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ=="
#define NOW_MS 1764400000000
#define BODY   "{\"payoutId\":\"x\",\"status\":\"COMPLETED\"}"

struct message { /* a request that can be bent */
	char method[8], authority[60], path[60], body[200];
	char header[8][600]; /* "name: value" */
};

static const char *
field(const void *of, const char *name)
{
	const struct message *m = of;
	size_t n = strlen(name);

	for (size_t i = 0; i < COUNT(m->header); i++)
		if (strncasecmp(m->header[i], name, n) == 0 && m->header[i][n] == ':')
			return m->header[i] + n + 2;
	return NULL;
}

static struct provider_post
post_of(const struct message *m)
{
	return (struct provider_post){ .method = m->method,
		                       .authority = m->authority,
		                       .path = m->path,
		                       .header = field,
		                       .of = m,
		                       .body = m->body,
		                       .len = strlen(m->body),
		                       .wall_ms = NOW_MS };
}

#define ALL "\"@method\" \"@authority\" \"@path\" \"content-digest\""
#define GOOD                                                                             \
	"sig-pp=(" ALL " \"content-type\");alg=\"ecdsa-p256-sha256\";keyid=\"K:1\";"     \
	"created=1764399990;expires=1764400050"

static void
put_header(struct message *m, unsigned at, const char *name, const char *value)
{
	snprintf(m->header[at], sizeof m->header[at], "%.30s: %.560s", name, value);
}

static void
put_digest(struct message *m, const char *name)
{
	char text[120], sum64[100];
	uint8_t sum[64];
	size_t n = sign_digest(name, m->body, strlen(m->body), sum);

	sodium_bin2base64(sum64, sizeof sum64, sum, n, sodium_base64_VARIANT_ORIGINAL);
	snprintf(text, sizeof text, "%s=:%s:", name, sum64);
	put_header(m, 1, "Content-Digest", text);
}

/* Signed as input says, whatever that is worth. */
static struct message
message(const char *input)
{
	struct message m = { "POST", "adit.example", "/callback/zm", BODY, { "" } };
	uint8_t signature[SIGN_MAX];
	char base[2000], text[600];
	struct signature_input in;
	struct provider_post p;
	struct buf b;
	size_t n = 0;

	put_header(&m, 0, "Content-Type", "application/json");
	put_digest(&m, "sha-256");
	put_header(&m, 2, "Signature-Input", input);
	p = post_of(&m);
	buf_init(&b, base, sizeof base);
	if (signature_input_read(input, "sig-pp", &in) && signature_base(&in, &p, &b))
		n = sign_make(PRIVATE, "ecdsa-p256-sha256", base, b.len, signature,
		              sizeof signature);
	sodium_bin2base64(text, sizeof text, signature, n,
	                  sodium_base64_VARIANT_ORIGINAL);
	snprintf(base, sizeof base, "sig-pp=:%.500s:", text);
	put_header(&m, 3, "Signature", base);
	return m;
}

static const char *
wrong(const struct message *m, const char *key, const char *keyid)
{
	const struct provider_post p = post_of(m);

	return signature_wrong(&p, "sig-pp", key, keyid);
}

static void
dictionaries_are_read(void **state)
{
	static const struct {
		const char *text;
		bool good;
		unsigned parts;
		const char *params;
	} rows[] = {
		{ "sig-pp=(\"@path\")", true, 1, "(\"@path\")" },
		{ "sig-pp=()", true, 0, "()" },
		{ " sig-pp=( \"a\"  \"b\" );created=1 ", true, 2,
		  "( \"a\"  \"b\" );created=1" },
		{ "o=(\"x\";req);tag=\"t\", sig-pp=(\"a\");created=5;nonce=\"n\"", true,
		  1, "(\"a\");created=5;nonce=\"n\"" },
		{ "a, b=?1;c, d=1.5, e=tok/en, f=:AA==:, sig-pp=(\"a\")", true, 1,
		  "(\"a\")" },
		{ "sig-pp=(\"a\";req)", false, 0, "" }, /* a part we cannot build */
		{ "sig-pp=(\"a\"), sig-pp=(\"b\")", false, 0, "" },
		{ "sig-pp=(\"a\");created=1;created=2", false, 0, "" },
		{ "sig-pp=(\"a\");created=-1", false, 0, "" },
		{ "sig-pp=(\"a\");created=1.5", false, 0, "" },
		{ "sig-pp=(\"a\");created=\"1\"", false, 0, "" },
		{ "sig-pp=(\"a\");created=9999999999999999", false, 0, "" },
		{ "sig-pp=(\"a\");alg=token", false, 0, "" },
		{ "sig-pp=(\"a\\\"b\")", false, 0, "" },
		{ "sig-pp=(\"a\"\"b\")", false, 0, "" },
		{ "sig-pp=(a)", false, 0, "" },
		{ "sig-pp=(\"a\"", false, 0, "" },
		{ "sig-pp=(\"a\") x", false, 0, "" },
		{ "sig-pp=(\"a\"),", false, 0, "" },
		{ "sig-pp=\"a\"", false, 0, "" },
		{ "sig-pp", false, 0, "" },
		{ "sig-pp=", false, 0, "" },
		{ "sig-pp=?", false, 0, "" },
		{ "Sig-pp=(\"a\")", false, 0, "" },
		{ "other=(\"a\")", false, 0, "" },
		{ "", false, 0, "" },
	};
	struct signature_input in;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (signature_input_read(rows[i].text, "sig-pp", &in) != rows[i].good)
			fail_msg("%s", rows[i].text);
		if (!rows[i].good)
			continue;
		assert_int_equal(in.parts, rows[i].parts);
		assert_int_equal(in.params_len, strlen(rows[i].params));
		assert_memory_equal(in.params, rows[i].params, in.params_len);
	}
}

static void
bytes_are_read(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} rows[] = {
		{ "sig-pp=:AQID:", 3 },
		{ "other=:AAAA:, sig-pp=:AQI=:;x=1", 2 },
		{ "sig-pp=:AQI:", 0 }, /* without its padding */
		{ "sig-pp=AQID", 0 },
		{ "sig-pp=:AQID", 0 },
		{ "sig-pp=:A_ID:", 0 },
		{ "sig-pp=:AQIDAQIDAQIDAQIDAQIDAQID:", 0 }, /* longer than its place */
		{ "sig-pp=()", 0 },
		{ "", 0 },
	};

	uint8_t out[16];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(signature_bytes(rows[i].text, "sig-pp", out, sizeof out),
		                 rows[i].n);
}

static void
a_base_is_written_line_by_line(void **state)
{
	struct message m = message(GOOD);
	struct provider_post p = post_of(&m);
	struct signature_input in;
	char base[2000];
	struct buf b;

	(void)state;
	buf_init(&b, base, sizeof base);
	assert_true(signature_input_read(GOOD, "sig-pp", &in));
	assert_true(signature_base(&in, &p, &b));
	assert_non_null(
	    strstr(base, "\"@method\": POST\n\"@authority\": adit.example\n\"@path\": "
	                 "/callback/zm\n\"content-digest\": sha-256=:"));
	assert_non_null(strstr(base, ":\n\"content-type\": application/json\n"
	                             "\"@signature-params\": (\"@method\" "));
	assert_string_equal(base + b.len - 18, "expires=1764400050");
	assert_int_equal(strlen(base), b.len);
}

static void
only_what_is_signed_now_with_that_key_is_believed(void **state)
{
	static const struct {
		const char *input, *wrong;
	} rows[] = {
		{ GOOD, NULL },
		/* the provider need not say how, nor until when */
		{ "sig-pp=(" ALL ");created=1764399990", NULL },
		{ "sig-pp=(" ALL ");created=1764399600", "its signature is not of now" },
		{ "sig-pp=(" ALL ");created=1764399990;expires=1764399995", NULL },
		{ "sig-pp=(" ALL ");created=1764399800;expires=1764399900",
		  "its signature is not of now" },
		{ "sig-pp=(" ALL ");created=1764400100;expires=1764400200",
		  "its signature is not of now" },
		{ "sig-pp=(" ALL ");expires=1764400200", "its signature is not of now" },
		{ "sig-pp=(" ALL ");created=1764399990;expires=1764399900",
		  "its signature is not of now" },
		{ "sig-pp=(\"@method\" \"@authority\" \"@path\");created=1764399990",
		  "its signature covers too little" },
		{ "sig-pp=(\"@method\" \"@path\" \"content-digest\");created=1764399990",
		  "its signature covers too little" },
		{ "sig-pp=(" ALL " \"absent\");created=1764399990",
		  "its signature cannot be read" },
		{ "sig-pp=(" ALL " \"@query\");created=1764399990",
		  "its signature cannot be read" },
		{ "sig-pp=(" ALL " \"@path\");created=1764399990",
		  "its signature cannot be read" },
		{ "sig-pp=(" ALL ");created=1764399990;alg=\"rsa-v1_5-sha256\"",
		  "its signature is wrong" },
		{ "sig-pp=(" ALL ");created=1764399990;alg=\"hmac-sha256\"",
		  "its signature is wrong" },
		{ "other=(" ALL ");created=1764399990",
		  "its Signature-Input cannot be read" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct message m = message(rows[i].input);
		const char *why = wrong(&m, PUBLIC, "");

		if ((why == NULL) != (rows[i].wrong == NULL) ||
		    (why != NULL && strcmp(why, rows[i].wrong) != 0))
			fail_msg("%s: %s", rows[i].input, why == NULL ? "good" : why);
	}
}

static void
whatever_is_altered_is_refused(void **state)
{
	struct message m = message(GOOD), right = m;

	(void)state;
	assert_null(wrong(&m, PUBLIC, "K:1"));
	assert_string_equal(wrong(&m, PUBLIC, "K:2"), "it is signed with another key");
	assert_string_equal(wrong(&m, ANOTHER, ""), "its signature is wrong");
	assert_string_equal(wrong(&m, "no key", ""), "its signature is wrong");
	memcpy(m.method, "PUT", 4);
	assert_string_equal(wrong(&m, PUBLIC, ""), "its signature is wrong");
	m = right;
	memcpy(m.authority, "another.host", 13);
	assert_string_equal(wrong(&m, PUBLIC, ""), "its signature is wrong");
	m = right;
	memcpy(m.path, "/callback/tz", 13);
	assert_string_equal(wrong(&m, PUBLIC, ""), "its signature is wrong");
	m = right;
	put_header(&m, 0, "Content-Type", "text/plain");
	assert_string_equal(wrong(&m, PUBLIC, ""), "its signature is wrong");
	m = right;
	m.body[3] ^= 1;
	assert_string_equal(wrong(&m, PUBLIC, ""),
	                    "its Content-Digest is not that of the body");
	put_digest(&m, "sha-256"); /* whoever alters the body can hash it, too */
	assert_string_equal(wrong(&m, PUBLIC, ""), "its signature is wrong");
	m = right;
	put_header(&m, 1, "Content-Digest", "md5=:AAAA:");
	assert_string_equal(wrong(&m, PUBLIC, ""),
	                    "its Content-Digest is not that of the body");
	m = right;
	put_header(&m, 2, "Signature-Input", "");
	assert_string_equal(wrong(&m, PUBLIC, ""), "its Signature-Input cannot be read");
	m = right;
	m.header[3][0] = '\0';
	assert_string_equal(wrong(&m, PUBLIC, ""), "it is not signed");
}

/* Two numbers side by side are the RFC's form; pawaPay's own is DER. */
static void
both_forms_of_a_signature_are_taken(void **state)
{
	uint8_t der[SIGN_MAX], pair[64] = { 0 };
	const uint8_t *at = der + 2;
	size_t n = sign_make(PRIVATE, "ecdsa-p256-sha256", "x", 1, der, sizeof der);

	(void)state;
	assert_true(n > 64);
	assert_true(sign_verify(PUBLIC, "ecdsa-p256-sha256", "x", 1, der, n));
	for (unsigned half = 0; half < 2; half++) {
		size_t len = at[1], skip = len > 32 ? len - 32 : 0;

		memcpy(pair + 32 * half + 32 - (len - skip), at + 2 + skip, len - skip);
		at += 2 + len;
	}
	assert_true(sign_verify(PUBLIC, "ecdsa-p256-sha256", "x", 1, pair, 64));
	assert_false(sign_verify(PUBLIC, "ecdsa-p256-sha256", "y", 1, pair, 64));
	assert_false(sign_verify(PUBLIC, "ecdsa-p384-sha384", "x", 1, pair, 64));
	assert_false(sign_verify(PUBLIC, "ecdsa-p256-sha256", "x", 1, pair, 0));
}

static void
places_are_named_as_authorities(void **state)
{
	static const struct {
		const char *url, *authority;
	} rows[] = {
		{ "https://Adit.Example/x", "adit.example" },
		{ "https://adit.example:443/x", "adit.example" },
		{ "http://adit.example:80", "adit.example" },
		{ "https://adit.example:80/x", "adit.example:80" },
		{ "http://127.0.0.1:8080/callback", "127.0.0.1:8080" },
		{ "ftp://adit.example/", NULL },
		{ "https:///x", NULL },
		{ "", NULL },
	};

	char out[40];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(signature_authority(rows[i].url, out, sizeof out),
		                 rows[i].authority != NULL);
		if (rows[i].authority != NULL)
			assert_string_equal(out, rows[i].authority);
	}
}

static const char *
own_field(const void *of, const char *name)
{
	const struct provider_request *rq = of;
	size_t n = strlen(name);

	for (unsigned i = 0; i < PROVIDER_HEADERS; i++)
		if (strncasecmp(rq->headers[i], name, n) == 0 && rq->headers[i][n] == ':')
			return rq->headers[i] + n + 2;
	return NULL;
}

static void
our_own_requests_are_signed(void **state)
{
	struct provider_account a = { .base_url = "https://api.example",
		                      .key = "key",
		                      .currency = "ZMW",
		                      .market = "MTN_MOMO_ZMB",
		                      .scale = 2,
		                      .signing_key = PRIVATE,
		                      .signing_key_id = "OURS" };
	struct provider_order o = { .direction = PAY_OUT,
		                    .msisdn = "260763456789",
		                    .amount_minor = 1550,
		                    .exponent = 2,
		                    .currency = "ZMW",
		                    .wall_ms = NOW_MS };
	struct provider_request rq;
	struct provider_post p = { .method = "POST",
		                   .authority = "api.example",
		                   .path = "/v2/payouts",
		                   .header = own_field,
		                   .of = &rq,
		                   .wall_ms = NOW_MS };

	(void)state;
	assert_int_equal(provider_pawapay.submit(&a, NULL, &o, &rq, NULL), 0);
	p.body = rq.body;
	p.len = rq.body_len;
	assert_null(signature_wrong(&p, "sig-pp", PUBLIC, "OURS"));
	assert_string_equal(own_field(&rq, "Signature-Date"), "2025-11-29T07:06:40.000Z");
	p.path = "/v2/deposits";
	assert_non_null(signature_wrong(&p, "sig-pp", PUBLIC, "OURS"));
	memcpy(a.signing_key, "AAAA", 5);
	assert_int_equal(provider_pawapay.submit(&a, NULL, &o, &rq, NULL), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dictionaries_are_read),
		cmocka_unit_test(bytes_are_read),
		cmocka_unit_test(a_base_is_written_line_by_line),
		cmocka_unit_test(only_what_is_signed_now_with_that_key_is_believed),
		cmocka_unit_test(whatever_is_altered_is_refused),
		cmocka_unit_test(both_forms_of_a_signature_are_taken),
		cmocka_unit_test(places_are_named_as_authorities),
		cmocka_unit_test(our_own_requests_are_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
