/*
 * expire - releases holds whose time has passed: each by an operation of its own, so that
 * a capture that comes at the same moment either was first or is told "already expired".
 * Forgets one-time codes that ended three months ago, too.
 */
#ifndef PAYMENTS_FLOW_EXPIRE_H
#define PAYMENTS_FLOW_EXPIRE_H

#include "payments/flow/env.h"

struct expire;

/* Looks every every_ms while we are the ledger's writer.  Borrows env. */
struct expire *expire_start(struct flow_env *env, int64_t every_ms);
void expire_stop(struct expire **e); /* NULL is fine */

#endif
