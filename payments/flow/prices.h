/*
 * prices - part of the facade (payments.h says how its calls behave): the
 * price board, which two officers set.
 */
#ifndef PAYMENTS_FLOW_PRICES_H
#define PAYMENTS_FLOW_PRICES_H

#include "payments/flow/payments.h"
#include "payments/store/prices.h"

typedef void price_cb(void *arg, const struct payments_answer *a,
                      const struct price_view *p);

/* Of this mineral, or of the one whose price waits longest ("").  Ok also when stale or
 * absent (fine_gram 0). */
struct payments_op *payments_price(struct flow_env *env, const struct who *who,
                                   const char *mineral, price_cb *cb, void *arg);

struct price_ask {
	struct who who;
	int64_t fine_gram;  /* > 0; or 0 with usd_cents */
	const char *source; /* "board", "market"; may be NULL */
	const char *pin;
	struct uuid key;
	const char *mineral; /* "" or NULL: gold; "dollar": its rate in local money */
	int64_t usd_cents;   /* a dollar price as the world quotes it: an ounce of gold, a
	                      * tonne of tin.  Reckoned with the dollar of the day and kept
	                      * beside the price. */
};

/* Pending with second_needed.  Reasons: not_allowed, bad_input, no_rate (of the dollar,
 * or too old), pin_wrong, locked. */
struct payments_op *payments_price_set(struct flow_env *env, const struct price_ask *ask,
                                       price_cb *cb, void *arg);
/* ask->id is waiting_id.  Ok.  Reasons: not_allowed, own_work, not_found, stale,
 * pin_wrong, locked. */
struct payments_op *payments_price_confirm(struct flow_env *env,
                                           const struct decide_ask *ask, price_cb *cb,
                                           void *arg);

#endif
