#include "payments/flow/posted.h"

#include "lib/buf.h"

#include <sodium.h>
#include <string.h>

#define MAC_BYTES    16
#define ATTEMPTS_MAX 1000000

static bool
word_of(const char *secret, const struct uuid *reference, int32_t attempt,
        char out[POSTED_WORD_SIZE])
{
	unsigned char sum[crypto_auth_hmacsha256_BYTES];
	char text[UUID_TEXT_SIZE], hex[2 * MAC_BYTES + 1];
	crypto_auth_hmacsha256_state st;
	struct buf b;

	buf_init(&b, out, POSTED_WORD_SIZE);
	buf_put_i64(&b, attempt);
	if (secret[0] == '\0')
		return false;
	crypto_auth_hmacsha256_init(&st, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)"answer/", 7);
	uuid_text(reference, text);
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)"/", 1);
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)out, b.len);
	crypto_auth_hmacsha256_final(&st, sum);
	buf_puts(&b, "-");
	buf_puts(&b, sodium_bin2hex(hex, sizeof hex, sum, MAC_BYTES));
	return buf_ok(&b);
}

void
posted_url(const char *prefix, const char *secret, const struct uuid *reference,
           int32_t attempt, char *out, size_t cap)
{
	char text[UUID_TEXT_SIZE], word[POSTED_WORD_SIZE];
	struct buf b;
	bool can = prefix[0] != '\0';

	buf_init(&b, out, cap);
	buf_puts(&b, prefix);
	if (prefix[0] != '\0' && prefix[strlen(prefix) - 1] != '/')
		buf_puts(&b, "/");
	buf_puts(&b, uuid_text(reference, text));
	if (attempt > 0) {
		can = can && word_of(secret, reference, attempt, word);
		buf_puts(&b, "/");
		buf_puts(&b, can ? word : "");
	}
	if (!can || !buf_ok(&b))
		out[0] = '\0';
}

int32_t
posted_attempt(const char *secret, const struct uuid *reference, const char *word)
{
	char ours[POSTED_WORD_SIZE], theirs[POSTED_WORD_SIZE] = "";
	size_t n = strnlen(word, sizeof theirs);
	int32_t attempt = 0;

	if (n == sizeof theirs)
		return 0;
	memcpy(theirs, word, n);
	for (const char *c = word; *c >= '0' && *c <= '9' && attempt <= ATTEMPTS_MAX; c++)
		attempt = attempt * 10 + (*c - '0');
	memset(ours, 0, sizeof ours);
	if (attempt < 1 || attempt > ATTEMPTS_MAX ||
	    !word_of(secret, reference, attempt, ours))
		return 0;
	return sodium_memcmp(ours, theirs, strlen(ours) + 1) == 0 ? attempt : 0;
}
