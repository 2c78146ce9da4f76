/* Airtel: tokens, the key that seals, and the checks every call must pass. */
#include "lib/arena.h"
#include "lib/json.h"
#include "lib/log.h"
#include "lib/msisdn.h"
#include "tests/sim/sim.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKENS_MAX    64 /* the oldest are forgotten, as if expired */
#define TOKEN_SECONDS 180
#define BASE64        sodium_base64_VARIANT_ORIGINAL

struct airtel {
	EVP_PKEY *key;

	struct {
		char text[40];
		int64_t expires_ms;
	} token[TOKENS_MAX];

	unsigned minted;
};

static struct airtel *
ours(struct sim *s)
{
	if (s->airtel == NULL) {
		s->airtel = xzalloc(sizeof *s->airtel);
		s->airtel->key = EVP_RSA_gen(2048);
	}
	return s->airtel;
}

void
airtel_free(struct airtel *a)
{
	if (a == NULL)
		return;
	EVP_PKEY_free(a->key);
	free(a);
}

static void
refuse(struct http_exchange *x, int status, const char *error)
{
	char text[160];

	snprintf(text, sizeof text, "{\"error\":\"%s\",\"error_description\":\"%s\"}",
	         error, error);
	log_info("-", "airtel_refused", "status=%d error=%s", status, error);
	answer_json(x, status, text);
}

static const char *
wrong_client(const struct sim *s, const struct json *doc)
{
	const char *id = json_get_text(doc, "client_id");
	const char *secret = json_get_text(doc, "client_secret");
	const char *grant = json_get_text(doc, "grant_type");
	char pair[240];

	if (grant == NULL || strcmp(grant, "client_credentials") != 0)
		return "unsupported_grant_type";
	if (id == NULL || secret == NULL || id[0] == '\0' || secret[0] == '\0')
		return "invalid_client";
	snprintf(pair, sizeof pair, "%s:%s", id, secret);
	return s->o.account == NULL || strcmp(pair, s->o.account) == 0 ? NULL
	                                                               : "invalid_client";
}

void
airtel_token(void *arg, struct http_exchange *x)
{
	static const char html[] = "<html><body>Request Rejected</body></html>";
	static const struct uuid nobody;
	struct sim *s = arg;
	struct airtel *a = ours(s);
	unsigned at = a->minted++ % TOKENS_MAX;
	int64_t seconds =
	    s->o.token_seconds < TOKEN_SECONDS ? s->o.token_seconds : TOKEN_SECONDS;
	unsigned char bytes[16];
	char text[200];
	size_t n;
	const char *body = http_body(x, &n), *wrong;
	struct json *doc = json_parse(body, n, NULL);

	wrong = wrong_client(s, doc);
	json_free(doc);
	if (wrong != NULL) {
		refuse(x, 400, wrong);
		return;
	}
	if (chaos_rolls(&s->chaos, CHAOS_HTML, &nobody, a->minted)) {
		http_answer(x, 200, "text/html", html, sizeof html - 1);
		return;
	}
	ids_bytes(&s->ids, bytes, sizeof bytes);
	sodium_bin2hex(a->token[at].text, sizeof a->token[at].text, bytes, sizeof bytes);
	a->token[at].expires_ms = sim_now(s) + seconds * 1000;
	/* text as often as a number */
	snprintf(text, sizeof text,
	         "{\"token_type\":\"bearer\",\"access_token\":\"%s\",\"expires_in\":"
	         "%s%lld%s}",
	         a->token[at].text, bytes[0] % 2 ? "\"" : "", (long long)seconds,
	         bytes[0] % 2 ? "\"" : "");
	answer_json(x, 200, text);
}

void
airtel_key(struct sim *s, char *out, size_t cap)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(ours(s)->key, &der);

	sodium_bin2base64(out, cap, der, (size_t)n, BASE64);
	OPENSSL_free(der);
}

void
airtel_keys(void *arg, struct http_exchange *x)
{
	char key[800], text[1000];

	airtel_key(arg, key, sizeof key);
	snprintf(text, sizeof text,
	         "{\"data\":{\"key_id\":\"1\",\"key\":\"%s\",\"valid_upto\":"
	         "\"2036-01-01 00:00:00\"},\"status\":{\"code\":\"200\",\"success\":"
	         "true}}",
	         key);
	answer_json(x, 200, text);
}

bool
airtel_admit(struct sim *s, struct http_exchange *x)
{
	const char *header = http_header(x, "Authorization");
	const char *country = http_header(x, "X-Country");
	const char *currency = http_header(x, "X-Currency");
	bool known = false;

	for (unsigned i = 0; i < TOKENS_MAX && header != NULL; i++)
		known |= strncasecmp(header, "Bearer ", 7) == 0 && header[7] != '\0' &&
		         strcmp(header + 7, ours(s)->token[i].text) == 0 &&
		         ours(s)->token[i].expires_ms > sim_now(s);
	if (!known)
		refuse(x, 401, "invalid_token");
	else if (country == NULL || msisdn_country(country) == NULL)
		refuse(x, 400, "X-Country");
	else if (currency == NULL || !list_has(s->o.currencies, currency))
		refuse(x, 400, "X-Currency");
	else
		return true;
	return false;
}

size_t
airtel_open(struct sim *s, const char *base64, unsigned char *out, size_t cap)
{
	unsigned char sealed[512], plain[512];
	size_t n, len = sizeof plain;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(ours(s)->key, NULL);
	bool fine = base64 != NULL &&
	            sodium_base642bin(sealed, sizeof sealed, base64, strlen(base64), NULL,
	                              &n, NULL, BASE64) == 0 &&
	            EVP_PKEY_decrypt_init(ctx) == 1 &&
	            EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	            EVP_PKEY_decrypt(ctx, plain, &len, sealed, n) == 1 && len < cap;

	EVP_PKEY_CTX_free(ctx);
	if (!fine)
		return 0;
	memcpy(out, plain, len);
	out[len] = '\0';
	return len;
}

static bool
unsealed_is_body(const unsigned char *key, const unsigned char *iv, const char *text,
                 struct http_exchange *x)
{
	unsigned char sealed[4096], plain[sizeof sealed + 16];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t n, body_len;
	const char *body = http_body(x, &body_len);
	int head = 0, tail = 0;
	bool same = sodium_base642bin(sealed, sizeof sealed, text, strlen(text), NULL, &n,
	                              NULL, BASE64) == 0 &&
	            EVP_DecryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv) == 1 &&
	            EVP_DecryptUpdate(ctx, plain, &head, sealed, (int)n) == 1 &&
	            EVP_DecryptFinal_ex(ctx, plain + head, &tail) == 1 &&
	            (size_t)head + (size_t)tail == body_len &&
	            memcmp(plain, body, body_len) == 0;

	EVP_CIPHER_CTX_free(ctx);
	return same;
}

bool
airtel_signed(struct sim *s, struct http_exchange *x)
{
	const char *signature = http_header(x, "x-signature");
	unsigned char pair[200], key[32], iv[16];
	char *colon;
	size_t n, m;

	if (signature == NULL ||
	    airtel_open(s, http_header(x, "x-key"), pair, sizeof pair) == 0)
		return false;
	colon = strchr((char *)pair, ':');
	if (colon == NULL)
		return false;
	*colon++ = '\0';
	return sodium_base642bin(key, sizeof key, (char *)pair, strlen((char *)pair),
	                         NULL, &n, NULL, BASE64) == 0 &&
	       sodium_base642bin(iv, sizeof iv, colon, strlen(colon), NULL, &m, NULL,
	                         BASE64) == 0 &&
	       n == sizeof key && m == sizeof iv &&
	       unsealed_is_body(key, iv, signature, x);
}
