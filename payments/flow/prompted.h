/*
 * prompted - part of the facade (payments.h says how its calls behave): is money that
 * came to a pay bill the answer to a prompt of ours?
 *
 * A prompt writes the first twelve digits of its payment's reference beside the amount,
 * and some providers tell the same money twice: as the prompt's outcome and as money that
 * came.  It is one payment.
 */
#ifndef PAYMENTS_FLOW_PROMPTED_H
#define PAYMENTS_FLOW_PROMPTED_H

#include "payments/flow/payments.h"

struct prompted_ask {
	const char *provider;
	const char *account; /* as it was told; may be empty */
	/* Of a till, which tells no account: number and amount must do (222_tills.sql).
	 */
	const char *receipt; /* "": of no till */
	const char *msisdn;  /* stars where it is masked; may be empty */
	int64_t amount;
};

/* reference: of the collection, nil if it is none of ours. */
typedef void prompted_cb(void *arg, const struct payments_answer *a,
                         const struct uuid *reference);

/* Ok. */
struct payments_op *payments_prompted(struct flow_env *env,
                                      const struct prompted_ask *ask, prompted_cb *cb,
                                      void *arg);

#endif
