/*
 * funds - part of the facade (payments.h says how its calls behave): what
 * the float holds, and the payments into it and out of it.
 */
#ifndef PAYMENTS_FLOW_FUNDS_H
#define PAYMENTS_FLOW_FUNDS_H

#include "payments/flow/payments.h"

struct float_view {
	int64_t balance;
	int64_t held;      /* of it, promised to payouts on their way */
	int64_t available; /* balance - held */
	char currency[4];
	char provider[16];
	unsigned payouts_open;
};

typedef void float_cb(void *arg, const struct payments_answer *a,
                      const struct float_view *f);

/* Reasons: not_allowed. */
struct payments_op *payments_float(struct flow_env *env, const struct who *who,
                                   float_cb *cb, void *arg);

#define PAYMENTS_PAGE 50

struct payment_line {
	int32_t cooperative_id;
	struct uuid payment_id;
	struct uuid reference;
	char direction[4]; /* "out", "in" */
	char provider[16];
	char purpose[16];
	char msisdn[16];
	int64_t amount;
	char currency[4];
	char code[12];
	char state[16];
	char reason[32];
	char provider_txn[64];
	int64_t created_ms;
};

struct payment_page {
	unsigned count;
	bool more; /* ask again after the last payment_id */
	struct payment_line at[PAYMENTS_PAGE];
};

typedef void payment_page_cb(void *arg, const struct payments_answer *a,
                             const struct payment_page *p);

/* In order of payment_id; after nil: from the first.  cooperative_id 0: all. */
struct payments_op *payments_page(struct flow_env *env, int32_t cooperative_id,
                                  const struct uuid *after, payment_page_cb *cb,
                                  void *arg);

#endif
