/*
 * bulk_gather - the lines of a batch that wait for each other become one bulk.
 *
 *   GATHER (claims them) --> GATES --those that pass--> FORM --> END
 *                              `--those that do not: HOLD, and by themselves later
 *
 * Each passes the gate (gate.h) by itself first.  Whoever dies before FORM has sent
 * nothing: the claims lapse and the lines go by themselves.
 */
#ifndef PAYMENTS_FLOW_BULK_GATHER_H
#define PAYMENTS_FLOW_BULK_GATHER_H

#include "payments/flow/carry.h"

struct bulk_gather;

struct bulk_ready {
	int32_t cooperative_id;
	struct uuid batch_id;
	char provider[16];
	char code[12];
};

typedef void bulk_gather_cb(void *arg);

/* At most so many lines.  Copies *ready.  Keeps the five promises of loop.h. */
struct bulk_gather *bulk_gather_start(const struct carry_means *means,
                                      const struct bulk_ready *ready, unsigned most,
                                      bulk_gather_cb *cb, void *arg);
void bulk_gather_cancel(struct bulk_gather **g);

#endif
