#include "ussd/core/sms_command.h"

#include <string.h>

#define WORDS_MAX 12

struct words {
	size_t count; /* may exceed WORDS_MAX: the rest is counted, not kept */
	char at[WORDS_MAX][SMS_WORD_MAX + 1];
};

static const char *const KIND_NAMES[SMS_KINDS] = {
	[SMS_UNKNOWN] = "unknown", [SMS_STOP] = "stop",       [SMS_START] = "start",
	[SMS_HELP] = "help",       [SMS_BALANCE] = "balance", [SMS_PRICE] = "price",
	[SMS_RECEIPT] = "receipt", [SMS_PIN] = "pin",
};

const char *
sms_kind_name(enum sms_kind kind)
{
	return KIND_NAMES[kind];
}

enum sms_kind
sms_kind_by_name(const char *name)
{
	for (int k = SMS_STOP; k < SMS_PIN; k++)
		if (strcmp(name, KIND_NAMES[k]) == 0)
			return (enum sms_kind)k;
	return SMS_UNKNOWN;
}

/* The plain capital of the accented Latin letter C3 second, or 0. */
static char
plain_letter(unsigned char second)
{
	static const char plain[] = "AAAAAAACEEEEIIIIDNOOOOO OUUUUY S"
	                            "AAAAAAACEEEEIIIIDNOOOOO OUUUUY Y";

	if (second < 0x80 || second > 0xbf || plain[second - 0x80] == ' ')
		return '\0';
	return plain[second - 0x80];
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The letter or digit at text[*i] as a plain capital, or 0; moves *i behind it. */
static char
next_sign(const char *text, size_t n, size_t *i)
{
	unsigned char c = (unsigned char)text[(*i)++];

	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	if ((c >= 'A' && c <= 'Z') || is_digit((char)c))
		return (char)c;
	if (c == 0xc3 && *i < n)
		return plain_letter((unsigned char)text[(*i)++]);
	return 0;
}

static void
split_words(const char *text, size_t n, struct words *out)
{
	size_t i = 0, len = 0;

	memset(out, 0, sizeof *out);
	while (i < n) {
		char c = next_sign(text, n, &i);

		if (c == 0) {
			if (len > 0)
				out->count++;
			len = 0;
			continue;
		}
		if (out->count < WORDS_MAX && len < SMS_WORD_MAX)
			out->at[out->count][len] = c;
		len++;
	}
	if (len > 0)
		out->count++;
}

/* Are a and b equal but for one letter wrong, missing, extra, or two swapped? */
static bool
one_edit(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), i = 0;

	while (a[i] != '\0' && a[i] == b[i])
		i++;
	if (na == nb) {
		if (strcmp(a + i + (na > i), b + i + (nb > i)) == 0)
			return true;
		return na - i >= 2 && a[i] == b[i + 1] && a[i + 1] == b[i] &&
		       strcmp(a + i + 2, b + i + 2) == 0;
	}
	if (na == nb + 1)
		return strcmp(a + i + 1, b + i) == 0;
	if (nb == na + 1)
		return strcmp(a + i, b + i + 1) == 0;
	return false;
}

static bool
must_stand_alone(enum sms_kind kind)
{
	return kind == SMS_STOP || kind == SMS_START || kind == SMS_HELP;
}

static enum sms_kind
find_keyword(const struct sms_keyword *keywords, size_t count, const struct words *words)
{
	enum sms_kind near = SMS_UNKNOWN;

	for (size_t k = 0; k < count; k++) {
		struct words key;
		bool alone = must_stand_alone(keywords[k].kind);

		split_words(keywords[k].word, strlen(keywords[k].word), &key);
		if (key.count != 1 || (alone && words->count != 1))
			continue;
		if (strcmp(key.at[0], words->at[0]) == 0)
			return keywords[k].kind;
		if (alone || strlen(key.at[0]) < 4 || !one_edit(key.at[0], words->at[0]))
			continue;
		if (near != SMS_UNKNOWN && near != keywords[k].kind)
			return SMS_UNKNOWN;
		near = keywords[k].kind;
	}
	return near;
}

bool
sms_looks_like_pin(const char *text, size_t n)
{
	size_t i = 0, run = 0;
	bool letters = false;

	while (i < n) {
		char c = next_sign(text, n, &i);

		if (c != 0) {
			letters = letters || !is_digit(c);
			run++;
			continue;
		}
		if (run >= 4 && run <= 6 && !letters)
			return true;
		run = 0;
		letters = false;
	}
	return run >= 4 && run <= 6 && !letters;
}

static void
join_argument(const struct words *words, char out[SMS_ARGUMENT_MAX + 1])
{
	size_t len = 0;

	for (size_t w = 1; w < words->count && w < WORDS_MAX; w++) {
		size_t n = strlen(words->at[w]);

		if (len + n > SMS_ARGUMENT_MAX)
			break;
		memcpy(out + len, words->at[w], n);
		len += n;
	}
	out[len] = '\0';
}

void
sms_command_read(const struct sms_keyword *keywords, size_t count, const char *text,
                 size_t n, struct sms_command *out)
{
	struct words words;

	memset(out, 0, sizeof *out);
	if (n > SMS_TEXT_MAX)
		n = SMS_TEXT_MAX;
	split_words(text, n, &words);
	if (words.count > 0)
		out->kind = find_keyword(keywords, count, &words);
	if (out->kind == SMS_RECEIPT)
		join_argument(&words, out->argument);
	/* A receipt code in groups may hold a group of digits; it is longer as a whole.
	 */
	if (strlen(out->argument) <= 6 && sms_looks_like_pin(text, n)) {
		out->kind = SMS_PIN;
		out->argument[0] = '\0';
	}
	memset(&words, 0, sizeof words);
}
