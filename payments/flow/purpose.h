/*
 * purpose - what a payment is for, and so what its outcome means in the books.
 *
 * disburse, collect and reconcile carry a payment to its final verdict; they know
 * providers and time, not loans.  The verdict is then handed to the purpose, which
 * submits the one operation that moves the money and everything that goes with it.
 */
#ifndef PAYMENTS_FLOW_PURPOSE_H
#define PAYMENTS_FLOW_PURPOSE_H

#include "payments/flow/env.h"
#include "payments/store/payment.h"

/* err ERR_NONE: recorded (now or before).  Anything else: the payment stays open and the
 * reconciler comes back. */
typedef void purpose_cb(void *arg, const struct err *err);

/* Hands a verdict to the purpose of *p; false: there is none of that name.  to is
 * PAY_PAID or PAY_FAILED; why may be NULL.  The operation's key is "payment.<payment_id>"
 * (outcome.h), its effects include payment_outcome and the SMS to the member.  Copies
 * what it keeps.  Calls cb exactly once, never from inside this call. */
bool purpose_record(struct flow_env *env, const struct payment *p, enum pay_state to,
                    const struct verdict *why, purpose_cb *cb, void *arg) MUST_CHECK;

#endif
