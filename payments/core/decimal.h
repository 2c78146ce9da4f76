/*
 * decimal - scaled decimals of 12 significant digits, halves to even.
 *
 * Pure.  What published loan schedules are computed with: each operation is exact and
 * then rounded to 12 digits.  Never a stored amount; decimal_money() makes one.
 */
#ifndef PAYMENTS_CORE_DECIMAL_H
#define PAYMENTS_CORE_DECIMAL_H

#include "lib/err.h"
#include "payments/core/money.h"

#include <stdint.h>

struct decimal { /* digits x 10^power */
	int64_t digits;
	int power;
};

struct decimal decimal_of(int64_t n);
struct decimal decimal_scaled(int64_t n, int power); /* n x 10^power */
struct decimal decimal_add(struct decimal a, struct decimal b);
struct decimal decimal_subtract(struct decimal a, struct decimal b);
struct decimal decimal_times(struct decimal a, struct decimal b);
struct decimal decimal_over(struct decimal a, struct decimal b); /* b not 0 */
int decimal_compare(struct decimal a, struct decimal b);         /* <0, 0, >0 */

/* To the nearest multiple (in minor units, >= 1), halves to even.  ERR_OVERFLOW. */
int decimal_money(struct decimal a, int64_t multiple, int64_t *out,
                  struct err *err) MUST_CHECK;

#endif
