/*
 * write_off - part of the facade (payments.h says how its calls behave): two officers
 * give up a loan that is late.  What she brings afterwards is no repayment any more.
 */
#ifndef PAYMENTS_FLOW_WRITE_OFF_H
#define PAYMENTS_FLOW_WRITE_OFF_H

#include "payments/flow/payments.h"
#include "payments/store/loans.h"

struct late_loan {
	struct loan_view loan; /* owed: to the very end, charges and all */
	int64_t past_due;
	uint32_t late_days;
	bool asked; /* a first officer wants it written off */
	bool mine;  /* and that is who asks here            */
};

typedef void late_loan_cb(void *arg, const struct payments_answer *a,
                          const struct late_loan *l);

/* A live loan by its code, for a treasurer or officer.  Ok.  Reasons: not_allowed,
 * not_found, not_late (unless it is your own word that waits). */
struct payments_op *payments_late_loan(struct flow_env *env, const struct who *who,
                                       const char *code, late_loan_cb *cb, void *arg);

struct write_off_ask {
	struct who who; /* treasurer or officer */
	struct uuid loan_id;
	const char *pin;
	struct uuid key;
};

/* The first officer: pending with second_needed (said again: the same).  Another one: ok,
 * and the member is told.  Reasons: pin_wrong, locked, not_allowed, own_work, stale (not
 * live, or not late, any more). */
struct payments_op *payments_write_off(struct flow_env *env,
                                       const struct write_off_ask *ask, late_loan_cb *cb,
                                       void *arg);

/* The first officer's word is taken back, by that officer.  Ok.  Reasons: pin_wrong,
 * locked, not_allowed, own_work (another one's word), stale (nobody's, or not live). */
struct payments_op *payments_write_off_back(struct flow_env *env,
                                            const struct write_off_ask *ask,
                                            late_loan_cb *cb, void *arg);

#endif
