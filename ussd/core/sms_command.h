/*
 * sms_command - what an inbound SMS asks for.
 *
 * Keyword first (or behind a number), any letter case, accents and punctuation ignored,
 * one wrong, missing, extra or swapped letter forgiven in keywords of four letters and
 * more in a text of four words or fewer; what follows may stand in any order.  STOP,
 * START and HELP must be the exact single word, so that nobody is unsubscribed by a
 * sentence; or STOP and START have the word of one topic right behind them.  A
 * one-time code (YES 123456) is as long as some PINs: it is one only beside its keyword,
 * and alone there.  The sender of an SMS is only a claim: nothing here moves money, and a
 * text that holds what looks like a PIN is refused before it can be stored anywhere.
 *
 * Pure.  The keyword table comes from the menu files (`sms "SALIO" ... -> balance`).
 */
#ifndef USSD_CORE_SMS_COMMAND_H
#define USSD_CORE_SMS_COMMAND_H

#include "ussd/core/sms_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SMS_TEXT_MAX     1600 /* bytes looked at            */
#define SMS_ARGUMENT_MAX 24   /* bytes, without the NUL     */

enum sms_kind {
	SMS_UNKNOWN, /* no command: a person reads it            */
	SMS_STOP,    /* argument: the topic that ends, "" for all news */
	SMS_START,   /* takes news again; argument as of STOP          */
	SMS_HELP,
	SMS_BALANCE,
	SMS_PRICE,
	SMS_RECEIPT,  /* argument: the check code, "" if missing   */
	SMS_LOAN,     /* amount                                    */
	SMS_PAY,      /* amount                                    */
	SMS_SALES,    /* the last receipts                         */
	SMS_LANGUAGE, /* argument: "sw", "" if none that we have   */
	SMS_REGISTER,
	SMS_CONFIRM,   /* argument: the one-time code, "" if missing */
	SMS_TOPIC,     /* of keywords alone: the topic that STOP or START ask for */
	SMS_PIN,       /* holds what looks like a PIN: refused      */
	SMS_STOP_WHAT, /* STOP or START and what is no topic: a person reads it */
	SMS_KINDS
};

struct sms_keyword {
	const char *word; /* UTF-8 as written in the menu file        */
	enum sms_kind kind;
	const char *value; /* of a language its code, of a topic its name; else "" */
};

struct sms_command {
	enum sms_kind kind;
	char argument[SMS_ARGUMENT_MAX + 1]; /* upper case letters and digits; a
	                                      * language's code and a topic's name
	                                      * are in small letters */
	/* Whole units of the sender's currency; 0 if there is none, or one that might as
	 * well be a PIN and is not to be repeated. */
	int64_t amount;
};

/* "stop" -> SMS_STOP and so on: the names that follow the arrow in menu files.
 * "language.sw" is SMS_LANGUAGE too, "topic.loan" is SMS_TOPIC, whatever the topic.
 * SMS_UNKNOWN for any other. */
enum sms_kind sms_kind_by_name(const char *name);
/* "sw" of "language.sw"; "" of any other. */
const char *sms_value_of_name(const char *name);
const char *sms_kind_name(enum sms_kind kind);

/* Reads text with the keywords of all languages together. */
void sms_command_read(const struct sms_keyword *keywords, size_t count, const char *text,
                      size_t n, struct sms_command *out);

/* Does the text hold what might be a PIN: 4 to 6 digits by themselves, spaced out, or
 * behind letters?  Codes and phone numbers in the texts we invite are longer. */
bool sms_looks_like_pin(const char *text, size_t n);

#endif
