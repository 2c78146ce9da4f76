/*
 * reschedule - part of the facade (payments.h says how its calls behave): two officers
 * give one loan other dates.
 */
#ifndef PAYMENTS_FLOW_RESCHEDULE_H
#define PAYMENTS_FLOW_RESCHEDULE_H

#include "payments/flow/payments.h"
#include "payments/store/loans.h"
#include "payments/store/reschedules.h"

/* A loan as it stands, or as it will. */
struct loan_dates {
	int64_t owed;
	int32_t next_day, last_day; /* 0: nothing is to be paid */
	int64_t next_amount;
};

struct reschedule_view {
	struct loan_view loan;
	struct loan_dates now;
	struct reschedule_asked asked; /* reschedule_id nil: nothing is asked for */
	struct loan_dates then;        /* by what is asked for; as `now` without */
};

typedef void reschedule_cb(void *arg, const struct payments_answer *a,
                           const struct reschedule_view *v);

/* A live loan by its code, for a treasurer or officer: ok, or pending with second_needed
 * when other dates are asked for.  Reasons: not_allowed, not_found. */
struct payments_op *payments_reschedule_look(struct flow_env *env, const struct who *who,
                                             const char *code, reschedule_cb *cb,
                                             void *arg);

struct reschedule_ask {
	struct who who; /* treasurer or officer */
	struct uuid loan_id;
	struct reschedule terms;
	const char *pin;
	struct uuid key;
};

/* What it would be: nothing is changed, no PIN is wanted.  Reasons: not_allowed, stale
 * (not live any more), and those of reschedule_event. */
struct payments_op *payments_reschedule_try(struct flow_env *env,
                                            const struct reschedule_ask *ask,
                                            reschedule_cb *cb, void *arg);
/* The first officer: pending with second_needed.  Reasons: pin_wrong, locked, own_work
 * (the officer's own loan), taken (other dates are asked for already), and as try. */
struct payments_op *payments_reschedule(struct flow_env *env,
                                        const struct reschedule_ask *ask,
                                        reschedule_cb *cb, void *arg);

struct reschedule_word {
	struct who who; /* treasurer or officer */
	struct uuid loan_id, reschedule_id;
	bool agree; /* else it is dropped: by another officer, or taken back */
	const char *pin;
	struct uuid key;
};

/* Ok: the dates are others now and the member is told, or it is dropped.  Reasons:
 * pin_wrong, locked, not_allowed, own_work (nobody agrees with themselves, or about
 * their own loan), stale (decided before, or the loan is not live), and as try. */
struct payments_op *payments_reschedule_say(struct flow_env *env,
                                            const struct reschedule_word *word,
                                            reschedule_cb *cb, void *arg);

#endif
