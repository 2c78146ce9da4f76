/*
 * account_parts - what the files of an account share.
 *
 * Pure.  Only payments/core/account*.c, moratorium.c and reschedule.c include it.
 */
#ifndef PAYMENTS_CORE_ACCOUNT_PARTS_H
#define PAYMENTS_CORE_ACCOUNT_PARTS_H

#include "payments/core/account.h"

/* A payment on its way through the rows. */
struct paying {
	struct loan_account *a;
	int32_t day;
	int64_t left;          /* not yet placed */
	int64_t part[PARTS];   /* placed */
	int64_t due_charge[2]; /* penalties, fees charged up to the day */
};

/* Everything below "by replay" anew from contract, events and today. */
int account_replay(struct loan_account *a, struct err *err) MUST_CHECK;

/* The rows as due, nothing paid; none while nothing was lent. */
int account_make_rows(struct loan_account *a, struct err *err) MUST_CHECK;
/* Interest and principal of the rows anew, by the days money was really owed; ERR_RANGE
 * where the rules (account_recalc.c) do not reach. */
int account_recalculate(struct loan_account *a, struct err *err) MUST_CHECK;
/* PROGRESSIVE rows that change with every payment (account_running.c): interest and
 * principal of all rows anew as seen from the day; paying: with interest of rows ahead
 * only up to it.  Does nothing for any other loan. */
int account_run(struct loan_account *a, int32_t day, bool paying,
                struct err *err) MUST_CHECK;
bool account_is_running(const struct loan_account *a);
/* What its rules say nothing about; NULL: all is covered. */
const char *account_running_uncovered(const struct loan_account *a);
void account_put_charge(struct loan_account *a, const struct loan_event *e);
/* Principal to other rows; *moved: how much (account_rework.c). */
int account_reamortise(struct loan_account *a, const struct loan_event *e, int64_t *moved,
                       struct err *err) MUST_CHECK;
int account_reage(struct loan_account *a, const struct loan_event *e, int64_t *moved,
                  struct err *err) MUST_CHECK;
const char *account_rework_uncovered(const struct loan_account *a);
/* Charges that have been made up to the day of the payment. */
void account_due_charges(struct paying *p);
/* Totals, what is earned, the status that follows from them. */
int account_add_up(struct loan_account *a, struct err *err) MUST_CHECK;
/* The row a day belongs to; past the last due day a row of its own. */
struct account_row *account_row_of_day(struct loan_account *a, int32_t day);
enum component account_charge_part(const struct charge *c);

/* Places what is left on the rows in the contract's order. */
void account_place(struct paying *p);
/* At most `most` of one part of one row; returns what went there. */
int64_t account_pay_part(struct paying *p, struct account_row *row, enum component part,
                         int64_t most);
bool account_row_done(const struct account_row *row);
const struct loan_event *account_event(const struct loan_account *a, uint32_t id);
int64_t account_charge_amount(const struct loan_account *a, const struct loan_event *e);
bool account_reversed(const struct loan_account *a, uint32_t id);

#endif
