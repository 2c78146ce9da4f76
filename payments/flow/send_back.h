/*
 * send_back - part of the facade (payments.h says how its calls behave): money that
 * nobody can be found for goes back to the number it came from.
 *
 * A payout of its own, through the provider that brought it: the money that came is spent
 * only when the provider says so, and if it cannot be sent the arrival stands in the list
 * again.
 */
#ifndef PAYMENTS_FLOW_SEND_BACK_H
#define PAYMENTS_FLOW_SEND_BACK_H

#include "payments/flow/arrive.h"

struct back_ask {
	struct who who; /* treasurer */
	struct uuid arrival_id;
	const char *pin;
	struct uuid key;
};

/* Pending with "paying"; r->code becomes that of the payment.  Reasons: pin_wrong,
 * locked, not_allowed, stale (assigned or on its way meanwhile), no_number (the provider
 * hid who sent it), no_funds (the float is short), try_later. */
struct payments_op *payments_send_back(struct flow_env *env, const struct back_ask *ask,
                                       arrival_cb *cb, void *arg);

#endif
