/*
 * limits - what a member may borrow today, and which PINs nobody should have.
 *
 * Pure.
 */
#ifndef PAYMENTS_CORE_LIMITS_H
#define PAYMENTS_CORE_LIMITS_H

#include "payments/core/loan.h"

#include <stdbool.h>
#include <stdint.h>

struct borrower {
	bool has_loan;         /* requested, approved or live         */
	uint32_t loans_closed; /* paid back so far                    */
	uint32_t late;         /* instalments of the last year        */
	int64_t sales;         /* net of the sales of the rule's weeks */
};

/* Why a limit is what it is: the lines add up to it.  All in minor units; late is <= 0,
 * and cut takes the sum to the product's most, or up to nothing. */
struct limit_why {
	int64_t first; /* the rule's                                 */
	int64_t loans; /* for loans_closed                           */
	int64_t sales; /* the rule's share of the borrower's sales   */
	int64_t late;  /* for instalments that were paid late        */
	int64_t cut;
	int64_t limit;
};

/* Without looking at an open loan. */
void limit_why(const struct loan_product *product, const struct borrower *b,
               struct limit_why *out);

/* By the product's rule: so much for the first loan, more for each one paid back and for
 * what was sold, never over the product's most.  0 with a loan open. */
int64_t limit_loan(const struct loan_product *product, const struct borrower *b);

enum limit_answer { LIMIT_OK, LIMIT_HAS_LOAN, LIMIT_MINIMUM, LIMIT_OVER };

enum limit_answer limit_check(const struct loan_product *product,
                              const struct borrower *b, int64_t amount);

/* Who decides: the treasurer alone, or an officer after the treasurer. */
bool limit_needs_second(const struct loan_product *product, int64_t amount);

enum pin_answer { PIN_FINE, PIN_NOT_DIGITS, PIN_WEAK };

/* 4 to 6 digits; weak are one digit repeated, steps of one up or down, a repeated half
 * (1212), and what reads as a year of birth (1900 to 2029). */
enum pin_answer pin_judge(const char *pin);

#endif
