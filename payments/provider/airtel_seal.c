/* Airtel: what must be encrypted.  All chance is the order's, so that a request can be
 * made twice and compared; each call has its own. */
#include "lib/buf.h"
#include "lib/seal.h"
#include "payments/provider/airtel.h"

#include <sodium.h>
#include <string.h>

#define SEALED_MAX 512 /* an RSA key of 4096 bits */
#define B64(n)     (((n) + 2) / 3 * 4 + 1)

static bool
put_base64(char *out, size_t cap, const uint8_t *bytes, size_t n)
{
	out[0] = '\0';
	if (n == 0 || B64(n) > cap)
		return false;
	sodium_bin2base64(out, cap, bytes, n, sodium_base64_VARIANT_ORIGINAL);
	return true;
}

bool
airtel_sealed_pin(const struct provider_account *a, const struct provider_order *o,
                  char *out, size_t cap)
{
	uint8_t sealed[SEALED_MAX];
	size_t n = a->pin[0] == '\0' ? 0
	                             : seal_rsa(a->public_key, o->chance, a->pin,
	                                        strlen(a->pin), sealed, sizeof sealed);

	return put_base64(out, cap, sealed, n);
}

bool
airtel_signature(const struct provider_account *a, const struct provider_order *o,
                 const struct provider_request *rq, char *signature, char *key,
                 size_t cap)
{
	struct {
		uint8_t key[32], iv[16], seed[32];
	} fresh;

	uint8_t body[PROVIDER_BODY_MAX + 16], sealed[SEALED_MAX];
	char pair[B64(32) + B64(16)];
	bool fine;

	randombytes_buf_deterministic(&fresh, sizeof fresh, o->chance);
	fine = put_base64(signature, cap, body,
	                  seal_aes256_cbc(fresh.key, fresh.iv, rq->body, rq->body_len,
	                                  body, sizeof body));
	put_base64(pair, B64(32), fresh.key, sizeof fresh.key);
	pair[B64(32) - 1] = ':';
	put_base64(pair + B64(32), B64(16), fresh.iv, sizeof fresh.iv);
	fine &= put_base64(key, cap, sealed,
	                   seal_rsa(a->public_key, fresh.seed, pair, strlen(pair), sealed,
	                            sizeof sealed));
	sodium_memzero(&fresh, sizeof fresh);
	sodium_memzero(pair, sizeof pair);
	return fine;
}
