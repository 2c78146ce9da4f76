/*
 * loan - from a product and what is asked for to a contract, and that contract in short.
 *
 * Pure.  The engine is in contract.h (terms), schedule.h (instalments) and account.h
 * (a loan's life); here stands only what an offer and a screen need.
 *
 * Units:  money in minor units; days since 1970-01-01 in the cooperative's zone.
 * Errors: 0 on success, -1 with *err set; *out is then unusable.
 */
#ifndef PAYMENTS_CORE_LOAN_H
#define PAYMENTS_CORE_LOAN_H

#include "payments/core/schedule.h"

#define TERM_CHOICES_MAX 8

/* What a member may borrow, line by line: limits.h. */
struct limit_rule {
	int64_t first;           /* without any history                          */
	int64_t per_loan;        /* more for each loan paid back                 */
	uint32_t sales_permille; /* of the net of the sales ...                  */
	uint32_t sales_weeks;    /* ... of so many weeks                         */
	int64_t per_late;        /* less for each instalment that was paid late  */
};

struct loan_product { /* the numbers of a product, without its name: product.h */
	int64_t amount_min, amount_max;
	uint32_t terms_min, terms_usual, terms_max; /* instalments: 1..INSTALMENTS_MAX */
	uint32_t choices; /* 0: any number from terms_min to terms_max */
	uint32_t choice[TERM_CHOICES_MAX];
	struct limit_rule limit;
	uint32_t first_due_days; /* from the day it is paid out; 0: one period */
	int64_t second_above;    /* above it a second officer must approve, 0: always */
	uint32_t sale_share_permille; /* of the net of each sale that repays */
	uint32_t floor_permille;      /* of the net of each sale that stays the miner's */
	struct contract contract; /* without principal, days and number of instalments */
};

struct loan_terms {
	int64_t principal;    /* what she receives                                  */
	int64_t fee;          /* what it costs: interest, fees and penalties        */
	int64_t total;        /* what she pays back: principal + fee                */
	int64_t instalment;   /* the largest, but for the last                      */
	uint32_t instalments; /* rows                                               */
	uint32_t every;       /* a row every so many                                */
	enum every_unit every_unit;
	int32_t first_due_day, last_due_day;
	int64_t apr_bp; /* hundredths of a percent a year, all costs included */
};

/* Half of the most, a quarter more for each loan paid back, and what was sold in 13
 * weeks. */
struct limit_rule limit_rule_usual(int64_t amount_max);
/* May it be paid back in so many instalments? */
bool loan_term_fits(const struct loan_product *product, uint32_t instalments);
/* ERR_RANGE: principal <= 0, instalments outside the product's.  The amount limits are
 * not looked at: limits.h does. */
int loan_contract(const struct loan_product *product, int64_t principal,
                  uint32_t instalments, int32_t paid_out_day, struct contract *out,
                  struct err *err) MUST_CHECK;
/* *work is used on the way and holds the instalments afterwards. */
int loan_terms(const struct contract *c, struct schedule *work, struct loan_terms *out,
               struct err *err) MUST_CHECK;

/* Of a lease at this price: what is paid before, what is lent, and what is due with the
 * last instalment.  ERR_RANGE. */
struct lease_price {
	int64_t price, deposit, principal, buyout;
};

int lease_price(int64_t price, uint32_t deposit_bp, uint32_t buyout_bp,
                struct lease_price *out, struct err *err) MUST_CHECK;
/* Puts the buy-out as a fee on the contract's last due day; 0 only moves the one that is
 * there.  *work is used on the way. */
int lease_buyout(struct contract *c, int64_t amount, struct schedule *work,
                 struct err *err) MUST_CHECK;
/* Puts what is sent so that the loan can be taken out as cash: of CASHOUT_MEMBER a fee on
 * the first due day, which is moved if it is there.  Nothing of CASHOUT_NONE, or for 0.
 */
int loan_cashout(struct contract *c, int64_t amount, struct schedule *work,
                 struct err *err) MUST_CHECK;
/* Moves the contract to the day it was really paid out. */
void loan_paid_out_on(struct contract *c, int32_t day, uint32_t first_due_days);

#endif
