/*
 * guarantee - part of the facade (payments.h says how its calls behave): the savings that
 * members of a group hold for each other pay what is late of a part.
 *
 * The borrower's own guarantee pays first; what is missing comes from the others' in
 * proportion to what each still holds (split.h, ties by member).  What is left of a hold
 * is held again.
 */
#ifndef PAYMENTS_FLOW_GUARANTEE_H
#define PAYMENTS_FLOW_GUARANTEE_H

#include "payments/flow/payments.h"
#include "payments/store/loans.h"

struct late_part {
	struct loan_view loan;
	char group[GROUP_NAME_MAX * 4 + 1];
	int64_t past_due;
	uint32_t late_days;
	int64_t held; /* guarantees of the whole group */
	int64_t pays; /* what they would pay, or paid: the lesser of the two */
	bool asked;   /* a first officer wants it */
};

typedef void late_part_cb(void *arg, const struct payments_answer *a,
                          const struct late_part *p);

/* A late part by its loan's code, for a treasurer or officer.  Ok.  Reasons: not_allowed,
 * not_found, not_late, nothing_held. */
struct payments_op *payments_late_part(struct flow_env *env, const struct who *who,
                                       const char *code, late_part_cb *cb, void *arg);

struct guarantee_ask {
	struct who who; /* treasurer or officer */
	struct uuid loan_id;
	const char *pin;
	struct uuid key;
};

/* The first officer: pending with second_needed (said again: the same).  Another one: ok;
 * the borrower and who paid are told.  Reasons: pin_wrong, locked, not_allowed, own_work
 * (a member of the group), stale (not live or not late any more, nothing held). */
struct payments_op *payments_guarantee_call(struct flow_env *env,
                                            const struct guarantee_ask *ask,
                                            late_part_cb *cb, void *arg);

#endif
