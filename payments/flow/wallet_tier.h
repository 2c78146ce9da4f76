/*
 * wallet_tier - part of the facade (payments.h says how its calls behave), for operators:
 * how well the provider knows who holds a wallet, which decides what it takes.
 */
#ifndef PAYMENTS_FLOW_WALLET_TIER_H
#define PAYMENTS_FLOW_WALLET_TIER_H

#include "payments/flow/payments.h"

#define WALLET_TIER_MAX 9

struct wallet_tier_ask {
	const char *cooperative; /* its code, in any letter case     */
	const char *member;      /* member number, or msisdn digits  */
	int tier;                /* 1..WALLET_TIER_MAX; see the country's rows */
};

/* Holds for what is paid out from now on; every change is kept.  Needs no ledger writer.
 * Reasons: not_found, bad_input. */
struct payments_op *payments_wallet_tier(struct flow_env *env,
                                         const struct wallet_tier_ask *ask,
                                         payments_cb *cb, void *arg);

#endif
