/*
 * schedule - the instalments of a contract.
 *
 * Pure and exact: rationals or scaled decimals of 12 significant digits in between, half
 * to even at each stored amount.  Rows sum to the whole; the last row takes the residue.
 * The formulas of both kinds (CUMULATIVE, PROGRESSIVE) stand in schedule_*.c.
 */
#ifndef PAYMENTS_CORE_SCHEDULE_H
#define PAYMENTS_CORE_SCHEDULE_H

#include "payments/core/contract.h"

struct instalment {
	uint32_t nr; /* from 1 */
	int32_t from, due;
	bool down_payment;
	int64_t principal, interest, fee, penalty; /* to pay */
	int64_t balance_after;                     /* principal, if all goes by plan */
};

struct schedule {
	uint32_t count;
	struct instalment at[INSTALMENTS_MAX];
	int64_t principal, interest, fee, penalty; /* totals */
	int64_t paid_at_disbursement;              /* charges kept back that day */
};

/* ERR_OVERFLOW, or ERR_RANGE for terms that pay nothing off. */
int schedule_make(const struct contract *c, struct schedule *out,
                  struct err *err) MUST_CHECK;

/* What each cost in a year: the actuarial method over all the schedule's payments and
 * charges, in hundredths of a percent (969 = 9.69 %). */
int schedule_apr(const struct contract *c, const struct schedule *s, int64_t *out_bp,
                 struct err *err) MUST_CHECK;

#endif
