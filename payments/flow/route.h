/*
 * route - which provider reaches a number.
 *
 * Each provider of the settings names the first digits of its numbers, in one currency:
 * whoever fits is a candidate.  A prefix is a hint, as people keep their number when they
 * change network: a provider that does not know the number refuses it.  Among candidates
 * decide, in this order:
 *
 *   size        of a collection: one that asks for so much by one prompt (bounds.h)
 *   state       one that is paused, or whose breaker is open, comes behind who serves
 *   preference  what the cooperative likes best
 *   prefix      the longest
 *   cost        what it charges for this amount; unknown comes behind known
 *   settings    the entry that stands first
 *
 * Without a candidate the cooperative's own provider keeps the payment.  A payment is
 * routed once, before its hold; what follows it goes the same way.
 */
#ifndef PAYMENTS_FLOW_ROUTE_H
#define PAYMENTS_FLOW_ROUTE_H

#include "config/settings.h"
#include "payments/flow/env.h"
#include "payments/store/payment.h"

/* How many digits of the number the longest fitting prefix has; 0: none fits. */
size_t route_fits(const char *prefixes, const char *msisdn);

struct route_ask {
	int32_t cooperative_id; /* 0: nobody's preference */
	const char *msisdn, *currency;
	bool in;        /* a collection */
	int64_t amount; /* 0: not known, costs do not count */
};

struct route_candidate {
	const struct settings_provider *provider;
	bool paused, open; /* open: its breaker lets payments through */
	int32_t rank;      /* INT32_MAX: no preference */
	size_t prefix;     /* digits */
	int64_t cost;      /* -1: not known */
	bool misfit;       /* a collection outside of what its prompts may ask for */
};

/* Is a to be taken before b?  b stands behind a in the settings. */
bool route_before(const struct route_candidate *a, const struct route_candidate *b);
/* All candidates, the one to be taken first. */
unsigned route_candidates(const struct flow_env *env, const struct route_ask *ask,
                          struct route_candidate out[SETTINGS_PROVIDERS_MAX]);
/* Writes the name of the provider to be taken; provider stays as it is if nobody names
 * the number. */
void route_name(const struct flow_env *env, const struct route_ask *ask,
                char provider[16]);
void route_payment(const struct flow_env *env, int32_t cooperative_id, struct payment *p);

#endif
