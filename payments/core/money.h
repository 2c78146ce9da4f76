/*
 * money - arithmetic on minor units that never wraps and rounds once.
 *
 * Pure.  Amounts are int64 minor units; products live in 128 bits in between.
 */
#ifndef PAYMENTS_CORE_MONEY_H
#define PAYMENTS_CORE_MONEY_H

#include "lib/buf.h"
#include "lib/err.h"

#include <stdint.h>

__extension__ typedef __int128 wide;

/* An exact fraction, built by multiplying; den > 0. */
struct ratio {
	wide num, den;
	bool failed; /* sticky: something would have wrapped */
};

struct ratio ratio_of(int64_t num, int64_t den);
void ratio_times(struct ratio *r, int64_t num, int64_t den); /* den > 0 */
/* To the nearest integer, halves to the even one.  ERR_OVERFLOW. */
int ratio_round(const struct ratio *r, int64_t *out, struct err *err) MUST_CHECK;

/* a x num / den, rounded half to even; den > 0.  ERR_OVERFLOW. */
int money_part(int64_t a, int64_t num, int64_t den, int64_t *out,
               struct err *err) MUST_CHECK;
int money_add(int64_t a, int64_t b, int64_t *out, struct err *err) MUST_CHECK;

/* "1234.50" for 123450 with exponent 2; no grouping.  Exponents 0..4. */
void money_text(struct buf *out, int64_t minor, unsigned exponent);

#endif
