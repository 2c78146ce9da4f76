/*
 * moratorium - part of the facade (payments.h says how its calls behave): two officers
 * declare days on which a site's members pay nothing.
 *
 * What it does to their loans is the run's (moratorium_run.h).
 */
#ifndef PAYMENTS_FLOW_MORATORIUM_H
#define PAYMENTS_FLOW_MORATORIUM_H

#include "payments/flow/payments.h"
#include "payments/store/moratoria.h"

struct moratorium_ask {
	struct who who; /* treasurer or officer */
	struct uuid site_id;
	struct moratorium_days days;
	const char *pin;
	struct uuid key;
};

/* The first officer.  Pending with second_needed.  Reasons: pin_wrong, locked,
 * not_allowed, bad_from, bad_to (core/moratorium.h says what may be), overlaps (another
 * one of this site shares a day, or there is no such site). */
struct payments_op *payments_moratorium(struct flow_env *env,
                                        const struct moratorium_ask *ask, payments_cb *cb,
                                        void *arg);

struct moratorium_list {
	unsigned count;
	struct moratorium at[MORATORIA_PAGE];
};

typedef void moratorium_list_cb(void *arg, const struct payments_answer *a,
                                const struct moratorium_list *list);

/* Those that wait for a second officer, oldest first.  Reasons: not_allowed. */
struct payments_op *payments_moratoria(struct flow_env *env, const struct who *who,
                                       unsigned skip, moratorium_list_cb *cb, void *arg);

struct moratorium_word {
	struct who who; /* treasurer or officer */
	struct uuid moratorium_id;
	bool agree; /* else it is dropped: by another officer, or taken back */
	const char *pin;
	struct uuid key;
};

/* Ok: declared, or dropped.  Reasons: pin_wrong, locked, not_allowed, own_work (nobody
 * agrees with themselves), stale (decided before), bad_to (its days are over). */
struct payments_op *payments_moratorium_say(struct flow_env *env,
                                            const struct moratorium_word *word,
                                            payments_cb *cb, void *arg);

#endif
