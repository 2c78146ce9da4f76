/*
 * tariffs - what providers charge: known here while the gateway runs, put into the books
 * with each paid outcome, taken from the float soon after.
 *
 *   outcome paid   debit PROVIDER_FEE   credit PROVIDER_DUE   (with the outcome: never
 * fails) soon after     debit PROVIDER_DUE   credit FLOAT          (an operation of its
 * own; while the float is short, tried again)
 *
 * The tariff in force when the payment was made counts.
 */
#ifndef PAYMENTS_FLOW_TARIFFS_H
#define PAYMENTS_FLOW_TARIFFS_H

#include "payments/flow/env.h"
#include "payments/store/payment.h"

struct tariffs;

/* Reads the tables now and every every_ms, and takes what is owed from the floats while
 * we are the ledger's writer.  Borrows env. */
struct tariffs *tariffs_new(struct flow_env *env, int64_t every_ms);
void tariffs_free(struct tariffs *t); /* NULL is fine */

/* What the provider charges for p; 0 if no tariff covers it, or t is NULL. */
int64_t tariffs_fee(const struct tariffs *t, const struct payment *p);
/* What a payout of so much in that currency would cost with a provider, from now on; -1:
 * not known. */
int64_t tariffs_cost(const struct tariffs *t, const char *provider, const char *currency,
                     int64_t amount);

#endif
