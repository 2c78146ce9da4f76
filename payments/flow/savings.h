/*
 * savings - part of the facade (payments.h says how its calls behave): money a member
 * keeps with the cooperative, which may stand as a guarantee.
 *
 *   save   a pull from her wallet        debit FLOAT     credit SAVINGS
 *   take   what no guarantee holds       debit SAVINGS   credit MEMBER, paid by
 * pay_owed.h
 */
#ifndef PAYMENTS_FLOW_SAVINGS_H
#define PAYMENTS_FLOW_SAVINGS_H

#include "payments/flow/payments.h"

struct savings_view {
	int64_t balance;
	int64_t held; /* of it, as a guarantee */
	char currency[4];
	/* of save: the pull */
	struct uuid payment_id;
	char code[12];
	int64_t amount;
};

typedef void savings_cb(void *arg, const struct payments_answer *a,
                        const struct savings_view *s);

/* Ok.  Reasons: not_found. */
struct payments_op *payments_savings(struct flow_env *env, const struct who *who,
                                     savings_cb *cb, void *arg);

struct savings_ask {
	struct who who;
	int64_t amount;
	const char *pin; /* of take; save is confirmed in the wallet */
	struct uuid key;
};

/* Pending with "paying".  Reasons: bad_input, not_found, busy, under_least, over_most. */
struct payments_op *payments_save(struct flow_env *env, const struct savings_ask *ask,
                                  savings_cb *cb, void *arg);
/* Ok: the cooperative owes it to her now.  Reasons: pin_wrong, locked, bad_input,
 * not_found, limit (more than is free). */
struct payments_op *payments_savings_take(struct flow_env *env,
                                          const struct savings_ask *ask, savings_cb *cb,
                                          void *arg);

#endif
