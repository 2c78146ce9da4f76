/*
 * costs - what providers charge, known here while the gateway runs, for who chooses among
 * them.  A few seconds old at most; what is booked is read anew with each outcome.
 */
#ifndef PAYMENTS_FLOW_COSTS_H
#define PAYMENTS_FLOW_COSTS_H

#include "payments/flow/env.h"

#include <stdbool.h>

struct costs;

struct cost_of {
	const char *provider, *currency;
	bool in;        /* a collection, else a payout */
	int64_t amount; /* > 0 */
};

/* Reads now and every every_ms.  Borrows env. */
struct costs *costs_new(struct flow_env *env, int64_t every_ms);
void costs_free(struct costs *c); /* NULL is fine */
/* Minor units; -1: not known, as of NULL. */
int64_t costs_find(const struct costs *c, const struct cost_of *what);

#endif
