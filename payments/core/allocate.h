/*
 * allocate - which part of a payment pays what.
 *
 * Pure.  Order: rows past due, then the row due today, then rows in advance, oldest
 * first; within a row the fee before the principal.  Nothing is lost or made: the parts
 * and what is left over sum to the amount.
 */
#ifndef PAYMENTS_CORE_ALLOCATE_H
#define PAYMENTS_CORE_ALLOCATE_H

#include "payments/core/loan.h"

enum allocate_class { ALLOCATE_PAST_DUE, ALLOCATE_DUE, ALLOCATE_ADVANCE };

struct allocation {
	int64_t fee, principal; /* paid by this amount, over all rows     */
	int64_t over;           /* what no row wanted                     */
	int64_t by_class[3];    /* the same money by enum allocate_class  */
	uint32_t rows_changed;  /* at[] of the schedule, first..last      */
	uint32_t first_changed, last_changed;
	bool closes; /* every row is paid now                  */
};

/* Marks the rows paid.  ERR_RANGE: amount < 0 or a row paid beyond itself. */
int allocate(struct loan_schedule *schedule, int64_t amount, int32_t today,
             struct allocation *out, struct err *err) MUST_CHECK;

struct loan_standing {
	int64_t owed_fee, owed_principal, owed;
	int64_t past_due;     /* of it, due before today */
	int32_t next_due_day; /* first unpaid row due today or later; else the last
	                         unpaid row; 0 when closed */
	int64_t next_due;
};

void loan_standing(const struct loan_schedule *schedule, int32_t today,
                   struct loan_standing *out);

#endif
