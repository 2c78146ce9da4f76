/*
 * unit - weights in the units people weigh in, as exact fractions of a milligram.
 *
 * Pure.  Every unit has a version: a cooperative that calibrates its own counterweight
 * again stores a new version, and what was weighed before keeps the one it was weighed
 * in.  A unit that is only known roughly (a tin, a coin) is named, so that people hear
 * why it cannot be used, and must be calibrated by the cooperative before it weighs.
 *
 * Sources: troy ounce and avoirdupois pound by definition; a troy ounce is 20
 * pennyweight of 24 grains, a tola 180 grains; the Great Lakes trade's tola 11.4 g; the
 * Ghanaian gold pound 7.75 g; a gem's carat 0.2 g of 100 points; Katanga's point 0.1 g.
 */
#ifndef PAYMENTS_CORE_UNIT_H
#define PAYMENTS_CORE_UNIT_H

#include "payments/core/exact.h"

#include <stddef.h>

#define UNIT_CODE_SIZE   12
#define UNIT_AMOUNT_SIZE 20 /* "123456.789"; at most 18 digits and a point */

struct unit {
	char code[UNIT_CODE_SIZE];
	int64_t mg_num, mg_den; /* milligrams of one, both > 0 */
	int32_t version;        /* from 1 */
	bool rough;             /* not for a sale before somebody calibrates it */
};

/* Built in, by code or another of its names, in any letter case; NULL: unknown. */
const struct unit *unit_find(const char *name);
/* Every one that is built in; NULL past the last. */
const struct unit *unit_at(size_t i);
/* A cooperative's own: a code of letters and digits, over 0 and at most a tonne.
 * ERR_RANGE names what is wrong. */
int unit_check(const struct unit *u, struct err *err) MUST_CHECK;

struct weight_text {                   /* "2.5 tola" taken apart */
	char amount[UNIT_AMOUNT_SIZE]; /* "2.5" */
	char unit[UNIT_CODE_SIZE];     /* "tola", lower case; "" if none was typed */
};

/* Digits with a point or a comma, then perhaps a unit.  ERR_SYNTAX. */
int weight_read(const char *text, struct weight_text *out, struct err *err) MUST_CHECK;
/* Milligrams, rounded half to even once.  ERR_SYNTAX: no decimal.  ERR_RANGE: under a
 * milligram, or the unit is rough.  ERR_OVERFLOW. */
int weight_mg(const char *amount, const struct unit *u, int64_t *mg,
              struct err *err) MUST_CHECK;

#endif
