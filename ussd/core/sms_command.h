/*
 * sms_command - what an inbound SMS asks for.
 *
 * Keyword first, any letter case, accents and punctuation ignored, one wrong, missing,
 * extra or swapped letter forgiven in keywords of four letters and more.  STOP and HELP
 * must be the exact single word, so that nobody is unsubscribed by a sentence.  The
 * sender of an SMS is only a claim: nothing here moves money, and a text that holds what
 * looks like a PIN is refused before it can be stored anywhere.
 *
 * Pure.  The keyword table comes from the menu files (`sms "SALIO" ... -> balance`).
 */
#ifndef USSD_CORE_SMS_COMMAND_H
#define USSD_CORE_SMS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#define SMS_TEXT_MAX     1600 /* bytes looked at            */
#define SMS_ARGUMENT_MAX 24   /* bytes, without the NUL     */
#define SMS_WORD_MAX     24

enum sms_kind {
	SMS_UNKNOWN, /* answered with help                       */
	SMS_STOP,
	SMS_START, /* takes news again */
	SMS_HELP,
	SMS_BALANCE,
	SMS_PRICE,
	SMS_RECEIPT, /* argument: the check code, "" if missing   */
	SMS_PIN,     /* holds what looks like a PIN: refused      */
	SMS_KINDS
};

struct sms_keyword {
	const char *word; /* UTF-8 as written in the menu file        */
	enum sms_kind kind;
};

struct sms_command {
	enum sms_kind kind;
	char argument[SMS_ARGUMENT_MAX + 1]; /* upper case letters and digits */
};

/* "stop" -> SMS_STOP and so on: the names that follow the arrow in menu files.
 * SMS_UNKNOWN for any other. */
enum sms_kind sms_kind_by_name(const char *name);
const char *sms_kind_name(enum sms_kind kind);

/* Reads text with the keywords of all languages together. */
void sms_command_read(const struct sms_keyword *keywords, size_t count, const char *text,
                      size_t n, struct sms_command *out);

/* Does the text hold a run of 4 to 6 digits that stands alone?  Amounts, codes and phone
 * numbers in the texts we invite are longer or hold letters. */
bool sms_looks_like_pin(const char *text, size_t n);

#endif
