/*
 * group_pay - part of the facade (payments.h says how its calls behave): one member pays
 * for all parts of her group.
 *
 * What comes in goes, in this order: to what is late of any part, in proportion (split.h,
 * ties by member); to the payer's own part; to the others', in proportion to what each
 * still owes; what is over stands to the payer's credit.
 */
#ifndef PAYMENTS_FLOW_GROUP_PAY_H
#define PAYMENTS_FLOW_GROUP_PAY_H

#include "payments/flow/payments.h"

struct group_payment {
	struct uuid payment_id;
	char code[12];
	int64_t amount;
	char currency[4];
};

typedef void group_pay_cb(void *arg, const struct payments_answer *a,
                          const struct group_payment *p);

struct group_pay_ask {
	struct who who; /* a member of the group */
	struct uuid group_id;
	int64_t amount;
	struct uuid key;
};

/* Starts a pull from her wallet.  Pending with "paying".  Reasons: not_found (no such
 * group of hers), no_loan (no part runs), bad_input, busy, under_least,
 * over_most. */
struct payments_op *payments_group_pay(struct flow_env *env,
                                       const struct group_pay_ask *ask, group_pay_cb *cb,
                                       void *arg);

#endif
