/* A key pair as a provider has it, for the codecs that encrypt for it: they are given the
 * public half, the tests read with the other. */
#ifndef TESTS_UNIT_PROVIDER_KEY_H
#define TESTS_UNIT_PROVIDER_KEY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <string.h>

#define B64 sodium_base64_VARIANT_ORIGINAL

static EVP_PKEY *theirs;
static char public_key[1000]; /* as providers show it: base64 */

static inline int
make_key(void **state)
{
	unsigned char *der = NULL;
	int n;

	(void)state;
	theirs = EVP_RSA_gen(2048);
	n = i2d_PUBKEY(theirs, &der);
	assert_true(n > 0);
	sodium_bin2base64(public_key, sizeof public_key, der, (size_t)n, B64);
	OPENSSL_free(der);
	return 0;
}

static inline int
drop_key(void **state)
{
	(void)state;
	EVP_PKEY_free(theirs);
	return 0;
}

/* What only the holder of the private key reads. */
static inline const char *
opened(const char *base64)
{
	static unsigned char plain[512];
	unsigned char sealed[512];
	size_t n, len = sizeof plain - 1;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(theirs, NULL);

	assert_int_equal(sodium_base642bin(sealed, sizeof sealed, base64, strlen(base64),
	                                   NULL, &n, NULL, B64),
	                 0);
	assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING), 1);
	assert_int_equal(EVP_PKEY_decrypt(ctx, plain, &len, sealed, n), 1);
	plain[len] = '\0';
	EVP_PKEY_CTX_free(ctx);
	return (const char *)plain;
}

#endif
