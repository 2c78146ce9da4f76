/*
 * refund_run - refunds that two officers have agreed to, by themselves: looked for while
 * we are the ledger's writer, put into the books and sent, oldest first.
 *
 *   SLEEP --timer--> LOOK --one is there--> PAY (refund.h) --> LOOK
 *     ^                `--none--.            `--not now--.
 *     `-------------------------+-------------------------'
 */
#ifndef PAYMENTS_FLOW_REFUND_RUN_H
#define PAYMENTS_FLOW_REFUND_RUN_H

#include "payments/flow/env.h"

struct refund_run;

/* Borrows env. */
struct refund_run *refund_run_start(struct flow_env *env, int64_t every_ms);
void refund_run_stop(struct refund_run **r); /* NULL is fine */

#endif
