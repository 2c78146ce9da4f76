/*
 * rails - takes due payments, carries each to its provider and back, as many at a time as
 * the provider is allowed.
 *
 * Due payments are claimed per cooperative and provider (SKIP LOCKED, a lease each), when
 * nudged after an operation created one, when a callback hints, when the next rung of a
 * ladder that we know comes, and by a poll that finds what a dead gateway left.  Any
 * number of gateways may do this on one database.
 */
#ifndef PAYMENTS_FLOW_RAILS_H
#define PAYMENTS_FLOW_RAILS_H

#include "payments/flow/availability.h"
#include "payments/flow/breaker.h"
#include "payments/flow/env.h"
#include "payments/provider/provider.h"

#include <stddef.h>
#include <stdint.h>

struct rails;

/* Providers, deadlines and waits come from env->settings; an entry whose name no codec
 * has is said in the log and left out.  Borrows env.  Begins at once. */
struct rails *rails_new(struct flow_env *env);
/* Takes nothing new; cb(arg) when the last payment is out of our hands. */
void rails_drain(struct rails *r, loop_cb *cb, void *arg);
/* Drops what is in our hands: the claims lapse and somebody takes it up. */
void rails_free(struct rails *r);

/* The credentials in env->settings have changed: the next calls use them. */
void rails_reload(struct rails *r);
/* An operation of this cooperative created a payment.  NULL is fine. */
void rails_nudge(struct rails *r, int32_t cooperative_id);
/* A callback came.  Its bytes are kept with the payment, its query is pulled forward, and
 * nothing else: the answer of that query decides.  hint->reference is that of the URL, or
 * of the body.  A reference that is nobody's is logged.  Copies everything. */
void rails_hint(struct rails *r, const char *provider, const struct provider_hint *hint,
                const char *body, size_t n);
/* The answer to a question about our account came (inquire.h).  Copies everything. */
void rails_answer(struct rails *r, const char *provider, const struct uuid *question,
                  const char *body, size_t n);

/* For calls about many payments at once (bulks.h): how a provider is spoken to, NULL if
 * nobody knows it; and leave for one more call: 0, it is taken, or how long to wait. */
struct carry_means;
const struct carry_means *rails_means(const struct rails *r, const char *provider);
int64_t rails_take_call(struct rails *r, const char *provider);
/* Such a call was answered (up), or not, or by "not now": its breaker hears of it.  NULL
 * and unknown names are fine. */
void rails_heard(struct rails *r, const char *provider, bool up);

/* ---- what can be seen ---------------------------------------------------------------
 */

struct rail_counts { /* of one provider, since the start */
	char provider[16];
	enum breaker_state breaker;
	unsigned under_way;
	uint64_t submits, queries;
	uint64_t paid, failed, unknown, down;
	uint64_t breaker_opened;
	int64_t per_second;    /* the limit of calls, 0: none */
	uint64_t paced;        /* looks that the rate let take less        */
	enum serves serves[2]; /* what they say of themselves, by direction */
};

struct rails_counts {
	unsigned count;
	struct rail_counts at[8];
	uint64_t hints, strangers; /* callbacks taken, and those about nobody's payment */
	int64_t polled_ms;         /* wall time of the last poll that was answered */
};

void rails_read_counts(const struct rails *r, struct rails_counts *out);
/* May new payments of this provider begin?  Not if its breaker is open, nor if it says
 * itself that it does not serve.  False also for an unknown name. */
bool rails_is_open(const struct rails *r, const char *provider);

#endif
