#include "lib/seal.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#define RSA_MIN 128 /* bytes */
#define RSA_MAX 512
#define PAD_MIN 8 /* of PKCS#1 v1.5 */

size_t
seal_aes256_cbc(const uint8_t key[32], const uint8_t iv[16], const void *in, size_t n,
                uint8_t *out, size_t cap)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t total = 0;
	int head = 0, tail = 0;

	if (ctx != NULL && n < 65536 && (n / 16 + 1) * 16 <= cap &&
	    EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv) == 1 &&
	    EVP_EncryptUpdate(ctx, out, &head, in, (int)n) == 1 &&
	    EVP_EncryptFinal_ex(ctx, out + head, &tail) == 1)
		total = (size_t)head + (size_t)tail;
	EVP_CIPHER_CTX_free(ctx);
	return total;
}

/* The base64 between the lines of a PEM, or all of it. */
static EVP_PKEY *
read_key(const char *text)
{
	unsigned char der[RSA_MAX + 128];
	const unsigned char *at = der;
	const char *line = strstr(text, "KEY-----");
	const char *start = line == NULL ? text : line + strlen("KEY-----");
	size_t len = strcspn(start, "-"), n;

	if (sodium_base642bin(der, sizeof der, start, len, " \t\r\n", &n, NULL,
	                      sodium_base64_VARIANT_ORIGINAL) != 0)
		return NULL;
	return d2i_PUBKEY(NULL, &at, (long)n);
}

/* 00 02 <signs that are not zero> 00 <message>: our own padding, so that chance is given.
 */
static void
pad(uint8_t *block, size_t size, const uint8_t seed[SEAL_SEED], const void *in, size_t n)
{
	uint8_t more[2 * RSA_MAX];
	size_t want = size - 3 - n, from = 0;

	randombytes_buf_deterministic(more, sizeof more, seed);
	block[0] = 0;
	block[1] = 2;
	for (size_t i = 0; i < want; i++) {
		while (from < sizeof more - 1 && more[from] == 0)
			from++;
		block[2 + i] = more[from] == 0 ? 1 : more[from];
		from += from < sizeof more - 1;
	}
	block[2 + want] = 0;
	memcpy(block + 3 + want, in, n);
	sodium_memzero(more, sizeof more);
}

size_t
seal_rsa(const char *public_key, const uint8_t seed[SEAL_SEED], const void *in, size_t n,
         uint8_t *out, size_t cap)
{
	EVP_PKEY *key = read_key(public_key);
	EVP_PKEY_CTX *ctx = key == NULL ? NULL : EVP_PKEY_CTX_new(key, NULL);
	size_t size = key == NULL ? 0 : (size_t)EVP_PKEY_get_size(key), len = cap;
	uint8_t block[RSA_MAX];
	bool fine = ctx != NULL && EVP_PKEY_is_a(key, "RSA") == 1 && size >= RSA_MIN &&
	            size <= RSA_MAX && size <= cap && n + 3 + PAD_MIN <= size;

	if (fine) {
		pad(block, size, seed, in, n);
		fine = EVP_PKEY_encrypt_init(ctx) == 1 &&
		       EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
		       EVP_PKEY_encrypt(ctx, out, &len, block, size) == 1;
		sodium_memzero(block, sizeof block);
	}
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	return fine ? len : 0;
}
