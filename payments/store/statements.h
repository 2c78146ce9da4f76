/*
 * statements - lines of providers' statements, what they and our books disagree about,
 * and days that are signed off.
 *
 * Accounts are named by provider, the owner of its float accounts and its currency; days
 * count since 1970-01-01.  All that change something are functions of the schema.
 */
#ifndef PAYMENTS_STORE_STATEMENTS_H
#define PAYMENTS_STORE_STATEMENTS_H

#include "lib/pg.h"

#include <stdint.h>

struct statement_line;

/* cooperative code or "", owner, currency: cooperative, code, exponent, how many share
 * the account.  No row: no such cooperative or currency. */
extern const struct pg_statement statement_holder;
/* holder, provider, hash, name, bytes, lines, now_ms: the line up to which it is in,
 * state. */
extern const struct pg_statement statement_begin;
/* Arguments by statement_add_args: fate, how many, line. */
extern const struct pg_statement statement_add;
/* holder, provider, hash, day or null, now_ms. */
extern const struct pg_statement statement_end;

struct statement_batch {
	int32_t holder;
	const char *provider, *currency;
	const uint8_t *hash; /* 32 bytes                                      */
	int64_t done_line;   /* of the file; all up to it is then in          */
	int64_t now_ms;
	unsigned count;
	const int64_t *lines; /* of the file, by row */
	const struct statement_line *rows;
};

struct pg_args *statement_add_args(const struct statement_batch *b);

/* provider, owner, currency, day, now_ms: nothing.  Brings the items up to date. */
extern const struct pg_statement statement_check;
/* provider, owner, currency, day: those of the function, then
 * whether the day has a statement, and the currency's exponent. */
extern const struct pg_statement statement_account;
/* provider, day: kind, how many, amounts; of the lines of that day by what became of
 * them. */
extern const struct pg_statement statement_counts;
/* provider or "", day or null, open only: for lists. */
extern const struct pg_statement statement_items;
/* provider: day, lines, open items, signed by. */
extern const struct pg_statement statement_days;
/* These answer with a text: "" or what is wrong.
 * close: code, by, note, now_ms.  sign: provider, owner, currency, day, by, now_ms.
 * reopen: provider, owner, currency, day, by, note, now_ms. */
extern const struct pg_statement statement_close, statement_sign, statement_reopen;

#endif
