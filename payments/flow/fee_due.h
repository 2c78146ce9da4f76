/*
 * fee_due - what providers charged when our float there did not cover it (outcome.h) is
 * booked off that float once it holds money again.
 *
 *   LOOK --accounts that owe, and what the float has--> PAY, one after the other --> END
 *
 * Debit fee_due, credit float, as much of it as is there, at most once a day and account:
 * the day is in the key.  The rules of both accounts (ledger.h) keep it from being paid
 * beyond what is owed, or out of a float that is not there.
 */
#ifndef PAYMENTS_FLOW_FEE_DUE_H
#define PAYMENTS_FLOW_FEE_DUE_H

#include "payments/flow/env.h"

struct fee_due;

/* cb once at the end; what could not be done is left for the next day, in the log. */
struct fee_due *fee_due_start(struct flow_env *env, int32_t cooperative_id,
                              int64_t moment_ms, loop_cb *cb, void *arg);
void fee_due_stop(struct fee_due **f); /* NULL is fine; without cb */

#endif
