#include "payments/flow/posted.h"

#include "lib/buf.h"

#include <sodium.h>
#include <string.h>

#define MAC_BYTES    16
#define ATTEMPTS_MAX 1000000

#define OF_PAYMENT  "answer/"
#define OF_QUESTION "question/" /* its attempt is 0 */

static bool
word_of(const char *secret, const char *what, const struct uuid *reference,
        int32_t attempt, char out[POSTED_WORD_SIZE])
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
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)what, strlen(what));
	uuid_text(reference, text);
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)"/", 1);
	crypto_auth_hmacsha256_update(&st, (const unsigned char *)out, b.len);
	crypto_auth_hmacsha256_final(&st, sum);
	buf_puts(&b, "-");
	buf_puts(&b, sodium_bin2hex(hex, sizeof hex, sum, MAC_BYTES));
	return buf_ok(&b);
}

/* word NULL: none. */
static void
put_url(const char *prefix, const struct uuid *id, const char *word, char *out,
        size_t cap)
{
	char text[UUID_TEXT_SIZE];
	struct buf b;

	buf_init(&b, out, cap);
	buf_puts(&b, prefix);
	if (prefix[0] != '\0' && prefix[strlen(prefix) - 1] != '/')
		buf_puts(&b, "/");
	buf_puts(&b, uuid_text(id, text));
	if (word != NULL) {
		buf_puts(&b, "/");
		buf_puts(&b, word);
	}
	if (prefix[0] == '\0' || !buf_ok(&b))
		out[0] = '\0';
}

void
posted_url(const char *prefix, const char *secret, const struct uuid *reference,
           int32_t attempt, char *out, size_t cap)
{
	char word[POSTED_WORD_SIZE];

	if (attempt == 0)
		put_url(prefix, reference, NULL, out, cap);
	else if (word_of(secret, OF_PAYMENT, reference, attempt, word))
		put_url(prefix, reference, word, out, cap);
	else
		out[0] = '\0';
}

void
posted_question_url(const char *prefix, const char *secret, const struct uuid *id,
                    char *out, size_t cap)
{
	char word[POSTED_WORD_SIZE];

	out[0] = '\0';
	if (word_of(secret, OF_QUESTION, id, 0, word))
		put_url(prefix, id, word, out, cap);
}

static bool
same_word(const char *word, const char ours[POSTED_WORD_SIZE])
{
	char theirs[POSTED_WORD_SIZE] = "";
	size_t n = strnlen(word, sizeof theirs);

	if (n == sizeof theirs)
		return false;
	memcpy(theirs, word, n);
	return sodium_memcmp(ours, theirs, strlen(ours) + 1) == 0;
}

bool
posted_is_question(const char *secret, const struct uuid *id, const char *word)
{
	char ours[POSTED_WORD_SIZE] = "";

	return word_of(secret, OF_QUESTION, id, 0, ours) && same_word(word, ours);
}

int32_t
posted_attempt(const char *secret, const struct uuid *reference, const char *word)
{
	char ours[POSTED_WORD_SIZE] = "";
	int32_t attempt = 0;

	for (const char *c = word; *c >= '0' && *c <= '9' && attempt <= ATTEMPTS_MAX; c++)
		attempt = attempt * 10 + (*c - '0');
	if (attempt < 1 || attempt > ATTEMPTS_MAX ||
	    !word_of(secret, OF_PAYMENT, reference, attempt, ours))
		return 0;
	return same_word(word, ours) ? attempt : 0;
}
