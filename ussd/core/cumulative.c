#include "ussd/core/cumulative.h"

#include <sodium.h>
#include <string.h>

#define HALF crypto_shorthash_KEYBYTES

_Static_assert(CUMULATIVE_KEY == 2 * HALF && HALF == 2 * crypto_shorthash_BYTES,
               "both halves of the key make a key of the session");

/* SipHash-2-4 under a key of the session's own, which is made by it too. */
uint64_t
cumulative_hash(const uint8_t key[CUMULATIVE_KEY], const char *session, const char *text,
                size_t n)
{
	const unsigned char *name = (const unsigned char *)session;
	uint8_t own[HALF], digest[crypto_shorthash_BYTES];
	size_t len = strlen(session);
	uint64_t hash = 0;

	crypto_shorthash(own, name, len, key);
	crypto_shorthash(own + HALF / 2, name, len, key + HALF);
	crypto_shorthash(digest, (const unsigned char *)text, n, own);
	for (size_t i = 0; i < sizeof digest; i++)
		hash = hash << 8 | digest[i];
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
