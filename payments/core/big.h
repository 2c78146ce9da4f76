/*
 * big - whole numbers of up to 512 bits, for fractions that must stay exact.
 *
 * Pure, never negative.  Wide enough for the product of eight 18-digit numbers, which is
 * more than any price formula multiplies; a result that does not fit says so.
 */
#ifndef PAYMENTS_CORE_BIG_H
#define PAYMENTS_CORE_BIG_H

#include "lib/err.h"

#include <stdbool.h>
#include <stdint.h>

#define BIG_LIMBS 8

struct big {
	uint64_t limb[BIG_LIMBS]; /* least significant first */
};

struct big big_of(uint64_t n);
bool big_zero(const struct big *a);
bool big_odd(const struct big *a);
int big_compare(const struct big *a, const struct big *b); /* <0, 0, >0 */

/* false: does not fit, *out is unspecified. */
bool big_plus(const struct big *a, const struct big *b, struct big *out) MUST_CHECK;
bool big_times(const struct big *a, const struct big *b, struct big *out) MUST_CHECK;
bool big_i64(const struct big *a, int64_t *out) MUST_CHECK;
/* a - b; a >= b. */
struct big big_minus(const struct big *a, const struct big *b);
/* The quotient, and what is left over in *rest (NULL: not wanted); b > 0. */
struct big big_over(const struct big *a, const struct big *b, struct big *rest);
/* The greatest common divisor; that of 0 and n is n. */
struct big big_common(struct big a, struct big b);

#endif
