/*
 * rails_internal - what the files of the rails share: rails.c (when to look, one payment)
 * and rails_claim.c (taking what is due).  Nobody else includes this.
 */
#ifndef PAYMENTS_FLOW_RAILS_INTERNAL_H
#define PAYMENTS_FLOW_RAILS_INTERNAL_H

#include "config/settings.h"
#include "payments/core/pace.h"
#include "payments/flow/carry.h"
#include "payments/flow/hint.h"
#include "payments/flow/rails.h"

#define REF "rails"

struct rail { /* one provider */
	struct rails *owner;
	struct carry_means means;
	unsigned slots;
	unsigned reserved;  /* claims asked for, not yet answered */
	unsigned under_way; /* carries */
	unsigned submits;   /* of them, those that call anew */
	struct breaker breaker;
	struct pace pace;
	int64_t per_second; /* calls; 0: no limit */
	struct rail_counts count;
	bool is_full;    /* the last claim took all it could: there may be more */
	bool is_starved; /* a claim found all slots reserved by another one     */
};

struct claim { /* asked for, not yet answered */
	struct rail *rail;
	struct uuid id;
	unsigned reserved;
	struct pg_op *pg;
	struct claim *next;
};

struct ride { /* a payment in our hands */
	struct rail *rail;
	bool submits;
	struct carry *carry;
	struct ride *prev, *next;
};

struct rails {
	struct flow_env *env;
	struct tokens *tokens;
	unsigned rail_count;
	struct rail rail[SETTINGS_PROVIDERS_MAX];
	struct pg_op *poll; /* in flight, or NULL */
	bool poll_again;
	struct timer *timer;
	int64_t wake_ms; /* mono; when the timer rings, NEVER_MS: not set */
	struct claim *claims;
	struct ride *rides;
	struct hints *hints;
	struct availability *service;
	int64_t polled_ms;
	loop_cb *drained;
	void *drained_arg;
	bool draining;
};

/* Takes up to `want` due payments of the cooperative, as many as there are slots. */
void rail_claim(struct rail *l, int32_t cooperative_id, int64_t want);
/* Drops what was asked for and not yet answered. */
void rails_forget_claims(struct rails *r);

/* rails.c */
void rail_start_ride(struct rail *l, const struct payment *p);
void rails_wake_in(struct rails *r, int64_t delay_ms);
void rails_tell_if_drained(struct rails *r);
/* What is full now is worth a look after this. */
int64_t rail_rest_ms(const struct rail *l);

static inline int64_t
rails_wall(const struct rails *r)
{
	return loop_clock(r->env->loop)->wall_ms;
}

#endif
