/*
 * exact - fractions of 128-bit integers, always in lowest terms.
 *
 * Pure.  What would not fit sets `failed`, which every later result carries on; ask once
 * at the end.  Numbers are rounded only when they are printed or paid.
 */
#ifndef PAYMENTS_CORE_EXACT_H
#define PAYMENTS_CORE_EXACT_H

#include "payments/core/money.h"

struct exact {
	wide num, den; /* den > 0 */
	bool failed;
};

struct exact exact_of(int64_t num, int64_t den); /* den > 0 */
struct exact exact_plus(struct exact a, struct exact b);
struct exact exact_minus(struct exact a, struct exact b);
struct exact exact_times(struct exact a, struct exact b);
struct exact exact_over(struct exact a, struct exact b); /* b = 0 fails */
int exact_compare(struct exact a, struct exact b);       /* <0, 0, >0 */
/* Towards zero, to so many decimals. */
struct exact exact_cut(struct exact a, unsigned decimals);

/* "4.370": digits, at most one point, at most 18 digits; no sign, no exponent. */
bool exact_parse(const char *text, struct exact *out) MUST_CHECK;

#define EXACT_TEXT_SIZE 64
/* Rounded half to even to so many decimals (0 to 12); false if it does not fit. */
bool exact_text(struct exact a, unsigned decimals, char out[EXACT_TEXT_SIZE]) MUST_CHECK;
/* The nearest integer, halves to even.  ERR_OVERFLOW. */
int exact_round(struct exact a, int64_t *out, struct err *err) MUST_CHECK;

#endif
