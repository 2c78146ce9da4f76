/*
 * loan - what a loan costs and when it falls due.
 *
 * Pure.  One method now: a flat fee and equal weekly instalments.  Whoever asks sees only
 * terms and rows, so another method changes this file alone.
 *
 * Units:  money in minor units; fee in basis points of the principal (1 bp = 0.01 %);
 *         days since 1970-01-01 in the cooperative's zone.
 * Errors: 0 on success, -1 with *err set; *out is then unusable.
 */
#ifndef PAYMENTS_CORE_LOAN_H
#define PAYMENTS_CORE_LOAN_H

#include "lib/err.h"

#include <stdint.h>

#define LOAN_ROWS_MAX 52

struct loan_product { /* the numbers of a product, without its name */
	int64_t amount_min, amount_max;
	uint32_t weeks_min, weeks_usual, weeks_max; /* 1..LOAN_ROWS_MAX */
	uint32_t fee_bp;                            /* flat, of the principal */
	uint32_t first_due_days; /* from the day it is paid out to the first row */
	int64_t second_above;    /* above it a second officer must approve, 0: always */
	uint32_t sale_share_permille; /* of the net of each sale that repays */
	uint32_t floor_permille;      /* of the net of each sale that stays the miner's */
};

struct loan_terms {
	int64_t principal;  /* what she receives                          */
	int64_t fee;        /* what it costs                              */
	int64_t total;      /* what she pays back: principal + fee        */
	int64_t instalment; /* of every row but the last                  */
	uint32_t weeks;     /* rows                                       */
	int32_t first_due_day, last_due_day;
};

struct loan_row {
	int32_t due_day;
	int64_t principal, fee; /* to pay            */
	int64_t principal_paid, fee_paid;
};

struct loan_schedule {
	uint32_t rows;
	struct loan_row at[LOAN_ROWS_MAX];
};

/* ERR_RANGE: principal <= 0, weeks outside the product's.  The amount limits are not
 * looked at: limits.h does. */
int loan_terms(const struct loan_product *product, int64_t principal, uint32_t weeks,
               int32_t paid_out_day, struct loan_terms *out, struct err *err) MUST_CHECK;
/* Rows sum to the terms exactly; what does not divide stands on the last row. */
int loan_schedule(const struct loan_terms *terms, struct loan_schedule *out,
                  struct err *err) MUST_CHECK;
/* Moves the due days so that the first is first_due_day (a payout later than asked). */
void loan_shift(struct loan_terms *terms, int32_t first_due_day);

#endif
