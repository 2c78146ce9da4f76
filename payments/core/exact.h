/*
 * exact - fractions of 512-bit whole numbers, always in lowest terms.
 *
 * Pure.  What would not fit sets `failed`, which every later result carries on; ask once
 * at the end.  Numbers are rounded only when they are printed or paid.
 */
#ifndef PAYMENTS_CORE_EXACT_H
#define PAYMENTS_CORE_EXACT_H

#include "payments/core/big.h"

struct exact {
	struct big num, den; /* den > 0 */
	bool negative;       /* never of zero */
	bool failed;
};

struct exact exact_of(int64_t num, int64_t den); /* den > 0 */
struct exact exact_plus(struct exact a, struct exact b);
struct exact exact_minus(struct exact a, struct exact b);
struct exact exact_times(struct exact a, struct exact b);
struct exact exact_over(struct exact a, struct exact b); /* b = 0 fails */

/* What a failed number is to another is not known: no order, and each of these false. */
enum exact_order { EXACT_LESS = -1, EXACT_EQUAL, EXACT_MORE, EXACT_UNKNOWN };

enum exact_order exact_compare(struct exact a, struct exact b);
bool exact_below(struct exact a, struct exact b);
bool exact_above(struct exact a, struct exact b);
bool exact_over_zero(struct exact a);
bool exact_under_zero(struct exact a);

/* Towards zero, to so many decimals (0 to 12). */
struct exact exact_cut(struct exact a, unsigned decimals);

#define EXACT_DIGITS_MAX 18
/* "4.370": digits, at most one point, at most 18 digits; no sign, no exponent. */
bool exact_parse(const char *text, struct exact *out) MUST_CHECK;

#define EXACT_TEXT_SIZE 192
/* Rounded half to even to so many decimals (0 to 12); false if it does not fit. */
bool exact_text(struct exact a, unsigned decimals, char out[EXACT_TEXT_SIZE]) MUST_CHECK;
/* The nearest integer, halves to even.  ERR_OVERFLOW. */
int exact_round(struct exact a, int64_t *out, struct err *err) MUST_CHECK;

#endif
