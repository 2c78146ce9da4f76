/*
 * site - part of the facade (payments.h says how its calls behave): where members work.
 */
#ifndef PAYMENTS_FLOW_SITE_H
#define PAYMENTS_FLOW_SITE_H

#include "payments/flow/payments.h"
#include "payments/store/sites.h"

typedef void site_list_cb(void *arg, const struct payments_answer *a,
                          const struct site_list *list);

/* Sites of the cooperative by code, and which of them is this member's (nil: nobody's),
 * for a treasurer or officer.  Reasons: not_allowed. */
struct payments_op *payments_sites(struct flow_env *env, const struct who *who,
                                   const struct uuid *member_id, unsigned skip,
                                   site_list_cb *cb, void *arg);

struct site_ask {
	struct who who; /* treasurer or officer */
	struct uuid member_id, site_id;
	const char *pin;
	struct uuid key;
};

/* From now on the member works there.  Ok, and audited.  Reasons: pin_wrong, locked,
 * not_allowed, stale (no such member or site). */
struct payments_op *payments_site_set(struct flow_env *env, const struct site_ask *ask,
                                      payments_cb *cb, void *arg);

/* By hand, beside a gateway that serves; needs no ledger writer. */
struct site_by_hand {
	const char *cooperative; /* its code, in any letter case   */
	const char *member;      /* number or msisdn; NULL: add the site */
	const char *code, *name; /* of the site */
};

/* Reasons: no_cooperative; not_found (member), no_site; exists, bad_input (a new one). */
struct payments_op *payments_site_by_hand(struct flow_env *env,
                                          const struct site_by_hand *ask, payments_cb *cb,
                                          void *arg);

#endif
