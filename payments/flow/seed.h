/*
 * seed - part of the facade (payments.h says how its calls behave): a
 * cooperative to try things with.
 */
#ifndef PAYMENTS_FLOW_SEED_H
#define PAYMENTS_FLOW_SEED_H

#include "payments/flow/payments.h"

/* A cooperative to try things with: MGODI with its officers, product, price, levies and
 * opening float.  Doing it again changes nothing but the PINs. */
struct seed_ask {
	const char
	    *country; /* "TZ" (MGODI; also NULL) or "KE" (MIGORI); else not_found */
	const char *provider; /* whose float is filled: "mtn" */
	int64_t opening_float;
	const char *treasurer_pin;
	const char *officer_pin;
};

typedef void seed_cb(void *arg, const struct payments_answer *a, int32_t cooperative_id);

struct payments_op *payments_seed(struct flow_env *env, const struct seed_ask *ask,
                                  seed_cb *cb, void *arg);

#endif
