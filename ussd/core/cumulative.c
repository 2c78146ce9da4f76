#include "ussd/core/cumulative.h"

#include <sodium.h>
#include <string.h>

uint64_t
cumulative_hash(const uint8_t key[CUMULATIVE_KEY], const char *session, const char *text,
                size_t n)
{
	crypto_generichash_state st;
	uint8_t digest[16];
	uint64_t hash = 0;

	crypto_generichash_init(&st, key, CUMULATIVE_KEY, sizeof digest);
	crypto_generichash_update(&st, (const uint8_t *)session, strlen(session) + 1);
	crypto_generichash_update(&st, (const uint8_t *)text, n);
	crypto_generichash_final(&st, digest, sizeof digest);
	for (int i = 0; i < 8; i++)
		hash = hash << 8 | digest[i];
	sodium_memzero(&st, sizeof st);
	return hash;
}

enum cumulative
cumulative_split(const uint8_t key[CUMULATIVE_KEY], const char *session,
                 const struct cumulative_last *last, const struct cumulative_text *text,
                 struct cumulative_text *input)
{
	size_t from = last->len;

	*input = (struct cumulative_text){ text->at + text->len, 0 };
	/* A shorter text is an earlier hop that arrives late or again. */
	if (text->len < last->len)
		return CUMULATIVE_REPEAT;
	if (cumulative_hash(key, session, text->at, last->len) != last->hash)
		return CUMULATIVE_RESTART;
	if (text->len == last->len)
		return CUMULATIVE_REPEAT;
	if (last->len > 0) {
		if (text->at[from] != '*')
			return CUMULATIVE_RESTART;
		from++;
	}
	*input = (struct cumulative_text){ text->at + from, text->len - from };
	return CUMULATIVE_NEW;
}
