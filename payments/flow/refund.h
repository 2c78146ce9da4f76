/*
 * refund - part of the facade (payments.h says how its calls behave): what was collected
 * goes back to who paid it.
 *
 * One officer asks, another agrees (phone with PIN, or the shell); then the gateway takes
 * back what the money had paid (a loan's own reversal, by replay), holds it on the float
 * it came to and sends it, through the provider that brought it.  A provider that can
 * give back is told which collection it is.
 *
 *   collections     stand to the payer's credit meanwhile, and if it cannot be sent: the
 *                   cooperative owes it to her, and she is paid like anybody else
 *                   (pay_owed.h).  The loan keeps its reversal: its debt is real again.
 *   arrivals        stand with nobody's money meanwhile, and in its list if it cannot be
 *                   sent, as what is sent back (send_back.h).
 *
 * A collection is given back once: what comes after a failure is paying what is owed.
 * What cannot be taken back is refused with a reason, and nothing is moved:
 *   spent         its credit, savings or float is not there any more
 *   loan          the loan was given up, paid for equipment, its group has ended, or the
 *                 member has another one open
 *   deposit       the lease was handed over or given up
 *   not_linked    it was booked before events knew their payment
 *   stale         it was given back or assigned meanwhile
 *   part          its provider gives back all of a collection or nothing
 *   too_much      more than came in
 */
#ifndef PAYMENTS_FLOW_REFUND_H
#define PAYMENTS_FLOW_REFUND_H

#include "payments/flow/payments.h"
#include "payments/store/refunds.h"

#define REFUND_NOTE_MAX 200 /* bytes */

struct refund_say {
	struct who who;   /* treasurer or officer, not who paid */
	const char *code; /* of the collection or arrival */
	const char *note; /* why; of who asks */
	const char *pin;
};

typedef void refund_cb(void *arg, const struct payments_answer *a,
                       const struct refund_view *v);

/* What may be given back under that code (pin and note are not read).  Ok.
 * Reasons: not_allowed, not_found, not_paid, no_number, given (or being given) back. */
struct payments_op *payments_refund_look(struct flow_env *env,
                                         const struct refund_say *say, refund_cb *cb,
                                         void *arg);
/* The first word; the other officers are told.  Pending with "second_needed".  Reasons:
 * pin_wrong, locked, not_found, not_allowed, own_work, not_paid, no_number, asked
 * (before, or given back), bad_input (no note). */
struct payments_op *payments_refund_ask(struct flow_env *env,
                                        const struct refund_say *say, refund_cb *cb,
                                        void *arg);
/* The second word, or (agree false) either officer's last.  Pending with "paying": it is
 * for payments_refund_pay now, and if nobody calls that for refund_run.  Reasons:
 * pin_wrong, locked, not_found, not_allowed, own_work, second_needed. */
struct payments_op *payments_refund_answer(struct flow_env *env,
                                           const struct refund_say *say, bool agree,
                                           refund_cb *cb, void *arg);

/* One that is confirmed is put into the books and sent.  Pending with "paying"; fails
 * with a reason above, which is kept with it, or try_later. */
struct payments_op *payments_refund_pay(struct flow_env *env, int32_t cooperative_id,
                                        const struct uuid *refund_id, payments_cb *cb,
                                        void *arg);

#endif
