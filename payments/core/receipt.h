/*
 * receipt - the text of a receipt, its hash, and the short code that people quote.
 *
 * Pure.  The database puts three lines in front (version, hash of the receipt before,
 * gapless number) in the transaction that sells, and hashes the whole: SHA-256 of the
 * text, which anybody can recompute with sha256sum.
 */
#ifndef PAYMENTS_CORE_RECEIPT_H
#define PAYMENTS_CORE_RECEIPT_H

#include "lib/buf.h"
#include "payments/core/price.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECEIPT_CODE_SIZE 9 /* 7 signs, 1 check sign, NUL */

struct receipt_facts {
	const char *code;
	const char *cooperative; /* code and name */
	const char *site;
	const char *made_local; /* "2026-11-23 10:15:00 +0300" */
	const char *seller;     /* member number: no name, no phone */
	const char *mineral;
	const char *amount, *unit; /* as weighed: "2.5", "tola"; "" if not known */
	const char *method;
	const char *tag;
	const char *price_source;
	const char *dollar; /* where its rate comes from, when, by whom */
	const char *loan;   /* code of the loan a share went to, "" if none */
	const char *currency;
	unsigned exponent;
	const struct price_quote *quote;
};

/* The lines after the number, each "name: value\n"; money with its decimals. */
void receipt_lines(struct buf *out, const struct receipt_facts *f);
void receipt_hash(const char *text, size_t n, uint8_t out[32]);

/* Adds the check sign to 7 signs as ids_code makes them. */
void receipt_code(const char random[8], char out[RECEIPT_CODE_SIZE]);
/* Reads a code in any letter case, with spaces and dashes, O for 0 not possible (neither
 * is in the alphabet).  False: mistyped; one wrong sign or two swapped are always found.
 */
bool receipt_code_read(const char *s, char out[RECEIPT_CODE_SIZE]);

#endif
