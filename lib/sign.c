#include "lib/sign.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <string.h>

#define DER_MAX  4096
#define RSA_BITS 2048

static const struct manner {
	const char *name, *hash;
	int bits; /* of the curve; 0: RSA */
	int padding;
} manners[] = {
	{ "ecdsa-p256-sha256", "SHA256", 256, 0 },
	{ "ecdsa-p384-sha384", "SHA384", 384, 0 },
	{ "rsa-pss-sha512", "SHA512", 0, RSA_PKCS1_PSS_PADDING },
	{ "rsa-v1_5-sha256", "SHA256", 0, RSA_PKCS1_PADDING },
};

static const struct manner *
manner_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++)
		if (strcmp(manners[i].name, name) == 0)
			return &manners[i];
	return NULL;
}

/* The base64 between the lines of a PEM, or all of it. */
static EVP_PKEY *
read_key(const char *text, bool private)
{
	const char *line = strstr(text, "KEY-----");
	const char *start = line == NULL ? text : line + strlen("KEY-----");
	unsigned char der[DER_MAX];
	const unsigned char *at = der;
	EVP_PKEY *key = NULL;
	size_t n;

	if (sodium_base642bin(der, sizeof der, start, strcspn(start, "-"), " \t\r\n", &n,
	                      NULL, sodium_base64_VARIANT_ORIGINAL) == 0)
		key = private ? d2i_AutoPrivateKey(NULL, &at, (long)n)
		              : d2i_PUBKEY(NULL, &at, (long)n);
	sodium_memzero(der, sizeof der);
	return key;
}

static bool
fits(const EVP_PKEY *key, const struct manner *m)
{
	if (key == NULL || m == NULL)
		return false;
	if (m->bits == 0)
		return EVP_PKEY_is_a(key, "RSA") == 1 &&
		       EVP_PKEY_get_bits(key) >= RSA_BITS;
	return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_bits(key) == m->bits;
}

static bool
set_padding(EVP_PKEY_CTX *of, const struct manner *m)
{
	return m->padding == 0 ||
	       (EVP_PKEY_CTX_set_rsa_padding(of, m->padding) == 1 &&
	        (m->padding != RSA_PKCS1_PSS_PADDING ||
	         EVP_PKEY_CTX_set_rsa_pss_saltlen(of, RSA_PSS_SALTLEN_DIGEST) == 1));
}

/* Two numbers side by side into DER; 0: they are none. */
static size_t
as_der(const uint8_t *pair, size_t half, uint8_t *out, size_t cap)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(pair, (int)half, NULL);
	BIGNUM *s = BN_bin2bn(pair + half, (int)half, NULL);
	unsigned char *at = out;
	int n = 0;

	if (sig != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(sig, r, s) == 1) {
		r = s = NULL; /* the signature's now */
		n = i2d_ECDSA_SIG(sig, NULL);
		n = n > 0 && (size_t)n <= cap ? i2d_ECDSA_SIG(sig, &at) : 0;
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return n > 0 ? (size_t)n : 0;
}

static bool
is_signature(EVP_PKEY *key, const struct manner *m, const void *in, size_t n,
             const uint8_t *signature, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *of = NULL;
	bool same =
	    ctx != NULL &&
	    EVP_DigestVerifyInit_ex(ctx, &of, m->hash, NULL, NULL, key, NULL) == 1 &&
	    set_padding(of, m) && EVP_DigestVerify(ctx, signature, len, in, n) == 1;

	EVP_MD_CTX_free(ctx);
	return same;
}

bool
sign_verify(const char *public_key, const char *how, const void *in, size_t n,
            const uint8_t *signature, size_t len)
{
	const struct manner *m = manner_by_name(how);
	EVP_PKEY *key = m == NULL ? NULL : read_key(public_key, false);
	bool same = fits(key, m) && len > 0 && len <= SIGN_MAX;

	if (same) {
		size_t half = (size_t)m->bits / 8;
		uint8_t der[SIGN_MAX];
		size_t k = half > 0 && len == 2 * half
		               ? as_der(signature, half, der, sizeof der)
		               : 0;

		same = (k > 0 && is_signature(key, m, in, n, der, k)) ||
		       is_signature(key, m, in, n, signature, len);
	}
	EVP_PKEY_free(key);
	return same;
}

size_t
sign_make(const char *private_key, const char *how, const void *in, size_t n,
          uint8_t *out, size_t cap)
{
	const struct manner *m = manner_by_name(how);
	EVP_PKEY *key = m == NULL ? NULL : read_key(private_key, true);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *of = NULL;
	size_t len = cap;
	bool made =
	    fits(key, m) && ctx != NULL &&
	    EVP_DigestSignInit_ex(ctx, &of, m->hash, NULL, NULL, key, NULL) == 1 &&
	    set_padding(of, m) && EVP_DigestSign(ctx, out, &len, in, n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return made ? len : 0;
}

size_t
sign_digest(const char *name, const void *in, size_t n, uint8_t out[64])
{
	if (strcmp(name, "sha-256") == 0) {
		crypto_hash_sha256(out, in, n);
		return crypto_hash_sha256_BYTES;
	}
	if (strcmp(name, "sha-512") == 0) {
		crypto_hash_sha512(out, in, n);
		return crypto_hash_sha512_BYTES;
	}
	return 0;
}
