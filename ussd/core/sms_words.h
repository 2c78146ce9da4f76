/*
 * sms_words - a text that somebody typed, as plain words and numbers.
 *
 * Letters become capitals without marks, digits of other scripts become ours, and what
 * is neither parts words.  Numbers are read as people write them: 50000, 50,000, 50.000,
 * 50 000, 50k, 1.5m, TZS50000, 50000/=, and 5OOOO with the letter O.
 *
 * Pure.  Texts may hold a PIN: whoever made words of one wipes them.
 */
#ifndef USSD_CORE_SMS_WORDS_H
#define USSD_CORE_SMS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMS_WORDS_MAX 256 /* more than 480 bytes can hold */
#define SMS_WORD_MAX  24

struct sms_word {
	char text[SMS_WORD_MAX + 1]; /* longer ones are cut, length tells     */
	uint16_t length;
	char before; /* what parted it from the word before: ' ', '.' or ','; the first
	              * word's is ' ' */
};

struct sms_words {
	size_t count; /* of all; at most SMS_WORDS_MAX are kept */
	struct sms_word at[SMS_WORDS_MAX];
};

void sms_words_read(const char *text, size_t n, struct sms_words *out);
void sms_words_wipe(struct sms_words *words);

struct sms_number {
	int64_t value;
	size_t words; /* how many it is written in                             */
	bool is_bare; /* digits alone: without grouping, unit or currency      */
	unsigned digits;
};

/* Is there a number at words[i], of twelve digits at most? */
bool sms_number_read(const struct sms_words *words, size_t i, struct sms_number *out);

#endif
