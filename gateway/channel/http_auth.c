#include "gateway/channel/http_auth.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define DER_MAX 1024

/* Compares hashes, so neither length nor content shows in the time. */
bool
auth_same(const char *given, const char *secret)
{
	uint8_t a[32], b[32];

	crypto_hash_sha256(a, (const uint8_t *)given, strlen(given));
	crypto_hash_sha256(b, (const uint8_t *)secret, strlen(secret));
	return sodium_memcmp(a, b, sizeof a) == 0 && secret[0] != '\0';
}

static bool
decode_base64(const char *text, uint8_t *out, size_t cap, size_t *n)
{
	return sodium_base642bin(out, cap, text, strlen(text), "\r\n ", n, NULL,
	                         sodium_base64_VARIANT_ORIGINAL) == 0 ||
	       sodium_base642bin(out, cap, text, strlen(text), "\r\n ", n, NULL,
	                         sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0;
}

bool
auth_basic(const char *header, const char *user, const char *password)
{
	static const char scheme[] = "Basic ";
	char both[512] = "";
	size_t n = 0;

	if (header == NULL || strncasecmp(header, scheme, sizeof scheme - 1) != 0 ||
	    !decode_base64(header + sizeof scheme - 1, (uint8_t *)both, sizeof both - 1,
	                   &n))
		return false;
	both[n] = '\0';
	char *colon = strchr(both, ':');
	bool fits = false;
	if (colon != NULL && strlen(both) == n) {
		*colon = '\0';
		bool who = auth_same(both, user);
		fits = auth_same(colon + 1, password) && who;
	}
	explicit_bzero(both, sizeof both);
	return fits;
}

static bool
decode_signature(const char *text, uint8_t out[64], size_t *n)
{
	static const char prefix[] = "sha256=";

	if (strncasecmp(text, prefix, sizeof prefix - 1) == 0)
		text += sizeof prefix - 1;
	if (strlen(text) == 64 && sodium_hex2bin(out, 64, text, 64, NULL, n, NULL) == 0 &&
	    *n == 32)
		return true;
	return decode_base64(text, out, 64, n);
}

bool
auth_hmac(const char *signature, const char *key, const char *body, size_t n)
{
	crypto_auth_hmacsha256_state st;
	uint8_t wants[crypto_auth_hmacsha256_BYTES], has[64] = { 0 };
	size_t len = 0;

	if (signature == NULL || key[0] == '\0' || n == 0 ||
	    !decode_signature(signature, has, &len) || len != sizeof wants)
		return false;
	crypto_auth_hmacsha256_init(&st, (const uint8_t *)key, strlen(key));
	crypto_auth_hmacsha256_update(&st, (const uint8_t *)body, n);
	crypto_auth_hmacsha256_final(&st, wants);
	sodium_memzero(&st, sizeof st);
	return sodium_memcmp(wants, has, sizeof wants) == 0;
}

bool
auth_rsa(const char *signature, const char *key, const char *body, size_t n)
{
	uint8_t der[DER_MAX], has[DER_MAX];
	const uint8_t *p = der;
	size_t der_len = 0, len = 0;
	bool fits = false;

	if (signature == NULL || key[0] == '\0' || n == 0 ||
	    !decode_base64(signature, has, sizeof has, &len) ||
	    !decode_base64(key, der, sizeof der, &der_len))
		return false;
	EVP_PKEY *theirs = d2i_PUBKEY(NULL, &p, (long)der_len);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (theirs != NULL && ctx != NULL && EVP_PKEY_base_id(theirs) == EVP_PKEY_RSA &&
	    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, theirs) == 1)
		fits = EVP_DigestVerify(ctx, has, len, (const uint8_t *)body, n) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(theirs);
	return fits;
}
