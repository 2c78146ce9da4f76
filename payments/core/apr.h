/*
 * apr - what credit costs in a year, by the actuarial method.
 *
 * Pure.  Source: 12 CFR part 1026 (Regulation Z), appendix J: the rate i of a unit period
 * at which everything advanced is worth what is paid back,
 *
 *   sum A / ((1 + f i)(1 + i)^t) = sum P / ((1 + f i)(1 + i)^t),   APR = i x units a year
 *
 * with t whole unit periods and an odd part f of one.
 */
#ifndef PAYMENTS_CORE_APR_H
#define PAYMENTS_CORE_APR_H

#include "lib/err.h"

#include <stdbool.h>
#include <stdint.h>

struct apr_flow {
	int64_t amount; /* minor units, >= 0 */
	bool advance;   /* lent; else paid back */
	uint32_t
	    count;  /* as many, each one unit period after the one before; 1 or more */
	uint32_t t; /* of the first */
	int64_t odd, odd_of; /* f = odd / odd_of; odd_of > 0 */
};

/* Unit periods a year as a fraction: 12/1, 52/1, 365/90.  *out_bp: hundredths of a
 * percent, halves to even; negative where less is paid back than lent.  ERR_RANGE:
 * nothing lent or nothing paid, or a rate beyond 10,000,000 %. */
int apr_actuarial(const struct apr_flow *flows, uint32_t count, int64_t units,
                  int64_t units_of, int64_t *out_bp, struct err *err) MUST_CHECK;

#endif
