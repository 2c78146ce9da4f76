/*
 * statement - what providers' statements look like: one table says which columns a
 * codec's CSV has, how it writes dates, amounts and directions, and what its words mean.
 *
 * Pure.  Rows come from a CSV reader; what stands above the heading (name of the account,
 * period) is passed over.  Nothing is guessed: a word, date or amount that is not
 * understood is a fault of that row, with what to do about it.
 *
 * Units: money in minor units of the account's currency; times in seconds of the
 * provider's wall clock (as if it were UTC) unless the row names its zone.
 */
#ifndef PAYMENTS_PROVIDER_STATEMENT_H
#define PAYMENTS_PROVIDER_STATEMENT_H

#include "lib/ids.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum statement_column {
	COL_TXN,     /* their transaction id                                  */
	COL_TIME,    /* date and time, or the date where COL_CLOCK is there     */
	COL_CLOCK,   /* time of day, if it stands apart                         */
	COL_STATUS,  /* no such column: everything listed is done               */
	COL_TYPE,    /* words that say the direction, or that it is a fee       */
	COL_AMOUNT,  /* one column: a sign or COL_TYPE says the direction       */
	COL_PAID_IN, /* or two columns                                          */
	COL_WITHDRAWN,
	COL_FEE,     /* charged with the payment                               */
	COL_BALANCE, /* of the account, afterwards                              */
	COL_CURRENCY,
	COL_REFERENCE, /* ours                                                    */
	COL_NUMBER,    /* the other side's                                        */
	COL_FROM,      /* or two columns: of money in, of money out               */
	COL_TO,
	COL_DETAILS,
	STATEMENT_COLUMNS
};

enum line_kind {
	LINE_NONE, /* the type says nothing: the sign or the column does */
	LINE_OUT,
	LINE_IN,
	LINE_FEE,
};

enum line_state { LINE_DONE, LINE_FAILED, LINE_PENDING };

/* A word stands anywhere in the field as a word of its own, in any letter case (beyond
 * ASCII as it is written); the first row that fits. */
struct statement_word {
	const char *text; /* NULL ends the list */
	int means;        /* enum line_kind or enum line_state */
};

struct statement_form {
	const char *codec;
	char delimiter;
	char decimal; /* '.' or ','; the other one and blanks group thousands */
	bool year_first;
	bool utc;            /* times without a zone are UTC, not local */
	bool signed_amounts; /* of COL_AMOUNT: what has no minus came in */
	/* COL_TXN is our reference: they have no other id, and a fee has the same. */
	bool txn_is_ours;
	/* Headings by column, in any letter case, alternatives with '|'; NULL: none. */
	const char *heading[STATEMENT_COLUMNS];
	const struct statement_word *types, *states;
};

const struct statement_form *statement_form_at(size_t i);       /* NULL behind the last */
const struct statement_form *statement_form(const char *codec); /* NULL if unknown */
const char *statement_column_name(enum statement_column c);

struct statement_map { /* which field holds which column; -1 none */
	int at[STATEMENT_COLUMNS];
	unsigned fields;
};

/* Is this row the heading?  It is if it has all columns the form cannot do without. */
bool statement_heading(const struct statement_form *form, const char *const *fields,
                       unsigned n, struct statement_map *out);
/* The first needed heading that this row does not have; NULL if it has them all. */
const char *statement_heading_misses(const struct statement_form *form,
                                     const char *const *fields, unsigned n);

struct statement_account {
	char currency[4];
	uint8_t exponent;
	/* What a person says about words that the form does not know; NULL: nothing. */
	const struct statement_word *types, *states;
};

struct statement_reader { /* borrows all three */
	const struct statement_form *form;
	const struct statement_map *map;
	const struct statement_account *account;
};

struct statement_line {
	char txn[64];          /* "" if they have none               */
	struct uuid reference; /* ours; nil if there is none to read */
	char said[64];         /* what stands in COL_REFERENCE       */
	char number[16];       /* digits, "" if none                 */
	char details[96];
	enum line_kind kind; /* never LINE_NONE              */
	enum line_state state;
	int64_t wall_s;
	bool zoned;      /* wall_s is UTC                                */
	int64_t amount;  /* what the account gains (> 0) or loses (< 0)     */
	int64_t fee;     /* lost besides, >= 0                              */
	int64_t balance; /* afterwards                                      */
	bool has_balance;
};

struct statement_fault { /* static texts */
	const char *what, *todo;
	enum statement_column column;
};

/* 0; 1 if the row moved no money and has no date, so that it says nothing; or -1 with
 * what is wrong. */
int statement_read(const struct statement_reader *by, const char *const *fields,
                   unsigned n, struct statement_line *out, struct statement_fault *fault);

/* The parts, for tests: amounts with signs and thousands, times; false if unreadable. */
bool statement_amount(const char *text, char decimal, unsigned exponent, int64_t *out);
bool statement_time(const char *text, bool year_first, int64_t *wall_s, bool *zoned);

#endif
