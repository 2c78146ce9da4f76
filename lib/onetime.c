#include "lib/onetime.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define CODES 1000000

/* The purpose in front keeps what is made for one from being good for the other. */
static void
hash(const uint8_t key[ONETIME_KEY], const char *purpose, const void *a, size_t n,
     const char *b, uint8_t out[ONETIME_HASH])
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, key, ONETIME_KEY, ONETIME_HASH);
	crypto_generichash_update(&h, (const uint8_t *)purpose, strlen(purpose) + 1);
	crypto_generichash_update(&h, a, n);
	crypto_generichash_update(&h, (const uint8_t *)b, strlen(b));
	crypto_generichash_final(&h, out, ONETIME_HASH);
	sodium_memzero(&h, sizeof h);
}

void
onetime_code(const uint8_t key[ONETIME_KEY], const uint8_t seed[ONETIME_SEED],
             char out[ONETIME_DIGITS + 1])
{
	uint8_t bytes[ONETIME_HASH];
	uint64_t v = 0;

	hash(key, "one-time code", seed, ONETIME_SEED, "", bytes);
	for (size_t i = 0; i < sizeof v; i++)
		v = v << 8 | bytes[i];
	snprintf(out, ONETIME_DIGITS + 1, "%06u", (unsigned)(v % CODES));
	sodium_memzero(bytes, sizeof bytes);
}

void
onetime_hash(const uint8_t key[ONETIME_KEY], const char *code, const char *about,
             uint8_t out[ONETIME_HASH])
{
	/* the NUL parts the two */
	hash(key, "one-time check", code, strlen(code) + 1, about, out);
}
