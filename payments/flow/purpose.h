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

struct outcome_call;
struct books;

/* Adds legs, state and messages to *b (outcome.h).  -1: cannot be. */
typedef int outcome_put(struct outcome_call *o, struct books *b, struct err *err);

struct purpose {
	const char *name; /* payments.purpose */
	outcome_put *put;
};

const struct purpose *purpose_by_name(const char *name); /* NULL if unknown */
/* to is PAY_PAID or PAY_FAILED; why may be NULL.  The operation's key is
 * "payment.<payment_id>" (outcome.h), its effects include payment_outcome and the SMS to
 * the member.  Copies what it keeps.  Calls cb exactly once, never from inside this call.
 */
void purpose_record(const struct purpose *purpose, struct flow_env *env,
                    const struct payment *p, enum pay_state to, const struct verdict *why,
                    purpose_cb *cb, void *arg);

#endif
