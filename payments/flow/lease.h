/*
 * lease - part of the facade (payments.h says how its calls behave): equipment that the
 * cooperative owns, a member leases, and then owns.
 *
 *   free --asked for--> asked --deposit paid, handed over--> leased --paid back--> owned
 *     ^--refused, given up---'                                  `--returned--> free
 *
 * A lease is a loan about an asset: offer, request and approval are payments_lease_offer,
 * payments_loan_request and payments_approval_decide.  Its deposit is asked for by a pull
 * when it is approved.
 */
#ifndef PAYMENTS_FLOW_LEASE_H
#define PAYMENTS_FLOW_LEASE_H

#include "payments/flow/loans.h"

#define ASSETS_PAGE 10

struct asset_list {
	unsigned count, total;
	struct asset at[ASSETS_PAGE];
};

typedef void asset_list_cb(void *arg, const struct payments_answer *a,
                           const struct asset_list *list);

/* By name; of a member who may not see others' leases: free ones.  Ok. */
struct payments_op *payments_assets(struct flow_env *env, const struct who *who,
                                    bool only_free, unsigned skip, asset_list_cb *cb,
                                    void *arg);

struct asset_ask {
	struct who who; /* treasurer */
	const char *name;
	const char *serial; /* may be empty */
	int64_t cost;
	const char *pin;
	struct uuid key;
};

typedef void asset_cb(void *arg, const struct payments_answer *a, const struct asset *s);

/* An asset the cooperative has bought from its own means.  Ok.
 * Reasons: pin_wrong, locked, not_allowed, bad_input, no_product (no lease is offered).
 */
struct payments_op *payments_asset_new(struct flow_env *env, const struct asset_ask *ask,
                                       asset_cb *cb, void *arg);

struct lease_ask {
	struct who who;
	struct uuid loan_id; /* of officers; the lessee's own is found */
	int64_t value;       /* of a return: what the asset is worth now */
	const char *pin;     /* of officers */
	struct uuid key;
};

/* The lessee: asks the wallet for the deposit again.  Pending with "paying".
 * Reasons: no_loan (no approved lease without a deposit), busy, under_least, over_most.
 */
struct payments_op *payments_lease_deposit(struct flow_env *env,
                                           const struct lease_ask *ask, loan_cb *cb,
                                           void *arg);
/* The lessee, before the asset is handed over: a deposit that was paid stands to her
 * credit.  Ok.  Reasons: no_loan, busy (the deposit is being asked for). */
struct payments_op *payments_lease_give_up(struct flow_env *env,
                                           const struct lease_ask *ask, loan_cb *cb,
                                           void *arg);
/* What waits to be handed over (out false; weigher, treasurer, officer), or is out. */
struct payments_op *payments_leases(struct flow_env *env, const struct who *who, bool out,
                                    unsigned skip, loan_list_cb *cb, void *arg);
/* The asset is in the lessee's hands: the lease begins today.  Ok.
 * Reasons: pin_wrong, locked, not_allowed, own_work, not_found, stale. */
struct payments_op *payments_lease_hand_over(struct flow_env *env,
                                             const struct lease_ask *ask, loan_cb *cb,
                                             void *arg);
/* The asset comes back and counts as a payment of its value; what is owed beyond stays
 * owed, what is over stands to the member's credit.  Ok; l->owed is what stays.
 * Reasons: as hand_over (treasurer or officer), bad_input (value: 1 to the price). */
struct payments_op *payments_lease_return(struct flow_env *env,
                                          const struct lease_ask *ask, loan_cb *cb,
                                          void *arg);

#endif
