/*
 * groups - part of the facade (payments.h says how its calls behave): loans that members
 * take together and answer for together.
 *
 *   forming   an officer opens the group and adds members with their amounts; each is
 *             told by SMS and agrees with her PIN (payments_loan_request with group_id)
 *   decided   when all have agreed: a treasurer or officer, then another one; the second
 *             word holds every guarantee and starts every payout, all or none
 *   running   each part is a loan like any other; whoever is a member may pay for all
 *   late      two officers let the guarantees pay what is late of a part: the borrower's
 *             own first, then the others' in proportion
 *   closed    with the last part all guarantees are let go
 */
#ifndef PAYMENTS_FLOW_GROUPS_H
#define PAYMENTS_FLOW_GROUPS_H

#include "payments/flow/payments.h"
#include "payments/store/groups.h"

typedef void group_cb(void *arg, const struct payments_answer *a,
                      const struct group_view *g);

struct group_open_ask {
	struct who who;   /* treasurer or officer */
	const char *name; /* 1 to 30 characters   */
	unsigned terms;   /* instalments; 0: the product's usual */
	struct uuid key;
};

/* By the cooperative's first group product.  Ok.  Reasons: not_allowed, no_product,
 * bad_input (name, terms). */
struct payments_op *payments_group_open(struct flow_env *env,
                                        const struct group_open_ask *ask, group_cb *cb,
                                        void *arg);

struct group_add_ask {
	struct who who; /* treasurer or officer */
	struct uuid group_id;
	const char *member; /* her number or phone */
	int64_t amount;
	struct uuid key;
};

/* Asks a member; added again, her amount changes while she has not agreed.  Ok.
 * Reasons: not_allowed, not_found (the member), stale (not forming any more), full,
 * minimum, limit (of the product). */
struct payments_op *payments_group_add(struct flow_env *env,
                                       const struct group_add_ask *ask, group_cb *cb,
                                       void *arg);

/* For officers and members of it.  Reasons: not_allowed, not_found. */
struct payments_op *payments_group(struct flow_env *env, const struct who *who,
                                   const struct uuid *group_id, group_cb *cb, void *arg);
/* The group that asks this member, or whose part she has.  Reasons: not_found. */
struct payments_op *payments_group_mine(struct flow_env *env, const struct who *who,
                                        group_cb *cb, void *arg);

typedef void group_list_cb(void *arg, const struct payments_answer *a,
                           const struct group_list *list);

/* Those that are not closed, for officers; empty for others. */
struct payments_op *payments_groups(struct flow_env *env, const struct who *who,
                                    unsigned skip, group_list_cb *cb, void *arg);

/* ask->id is the group.  The first: pending with second_needed.  The second: pending with
 * paying.  Refusing: ok, every part is refused.
 * Reasons: pin_wrong, locked, not_allowed, own_work (also: a member of it), not_found,
 * stale (somebody has not agreed, or decided before), savings (a guarantee is not there),
 * no_funds, limit (a wallet takes nothing for weeks). */
struct payments_op *payments_group_decide(struct flow_env *env,
                                          const struct decide_ask *ask, group_cb *cb,
                                          void *arg);

#endif
