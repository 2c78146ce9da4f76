/*
 * batch_line - one line of a file of payouts: number,amount,note[,member], or, of wages,
 * number,amount,note,name.
 *
 * Pure.  A field that holds a comma stands in double quotes, a quote in it is doubled.
 * The number has its country code, a plus before it is fine; the amount is in units of
 * the currency ("25000", "25000.50"); the note is up to 60 signs; member is a member's
 * number, name that of the payee.
 */
#ifndef PAYMENTS_CORE_BATCH_LINE_H
#define PAYMENTS_CORE_BATCH_LINE_H

#include <stddef.h>
#include <stdint.h>

#define BATCH_NOTE_MAX 60 /* signs of UTF-8 */

struct batch_line {
	char msisdn[16];
	int64_t amount; /* minor units, > 0 */
	char note[BATCH_NOTE_MAX * 4 + 1];
	char member[16];                    /* "" if the line has none */
	char payee[BATCH_NOTE_MAX * 4 + 1]; /* of wages, else "" */
};

enum batch_form { BATCH_MEMBERS, BATCH_WAGES };

enum batch_word {
	BATCH_ROW,
	BATCH_NOTHING, /* an empty line, or the headings */
	BATCH_NUMBER,  /* what is wrong: the number */
	BATCH_AMOUNT,
	BATCH_NOTE,
	BATCH_MEMBER,
	BATCH_NAME,
	BATCH_FIELDS, /* too few or too many, or a quote that does not end */
	BATCH_WAGE_FIELDS,
	BATCH_WORDS
};

/* text: the line without its end; exponent: of the currency.  *out is set for BATCH_ROW
 * alone. */
enum batch_word batch_line_read(const char *text, size_t n, enum batch_form form,
                                unsigned exponent, struct batch_line *out);
/* What is wrong, in words. */
const char *batch_word_text(enum batch_word w);

#endif
