/*
 * overview - reads for operators: payments page by page, and what is open, counted.
 */
#ifndef PAYMENTS_STORE_OVERVIEW_H
#define PAYMENTS_STORE_OVERVIEW_H

#include "lib/pg.h"

/* $1 cooperative (0: all), $2 after this payment, $3 limit: in order of payment id.
 * cooperative, payment, reference, direction, provider, purpose, msisdn, amount,
 * currency, code, state, reason, provider_txn, created_ms. */
extern const struct pg_statement overview_payments;
/* $1 now.  kind ("payments", "messages"), state, how many, age of the oldest in ms; only
 * what something is still left to do about. */
extern const struct pg_statement overview_open;
/* $1 cooperative (0: all), $2 after this loan: 200 in order of loan id. */
extern const struct pg_statement overview_loans;
/* $1 day or null (today), $2 now.  cooperative, currency, product ("" for the sum of
 * all), live loans, principal still out, past due, and the principal of loans that are
 * late at all, by over 30, 60, 90 days. */
extern const struct pg_statement overview_risk;
/* Breaks of the chain of receipts: cooperative, site, number, code, what. */
extern const struct pg_statement overview_receipt_breaks;
extern const struct pg_statement overview_receipts; /* how many there are */

#endif
