/*
 * bulks - payouts of a batch handed to a provider many at a time (batch_max of its
 * entry).
 *
 *   timer --> LET GO --> READY --> gather (bulk_gather.h), one after the other --> DUE
 * --> visits (bulk_visit.h), a few at a time
 *
 * A bulk is only a faster way to hand payments over: each line is a payment with a
 * reference of its own, written before anything is sent, and what does not come to be
 * sent together goes by itself.  Read 181_bulks.sql and bulk_course.h for why nothing is
 * lost or paid twice.  Runs while we are the ledger's writer; any number of gateways may.
 */
#ifndef PAYMENTS_FLOW_BULKS_H
#define PAYMENTS_FLOW_BULKS_H

#include "payments/flow/env.h"

struct bulks;

/* Looks every every_ms.  Borrows env, whose rails know the providers and outlive this. */
struct bulks *bulks_start(struct flow_env *env, int64_t every_ms);
/* What is under way is dropped: the claims lapse and somebody takes it up. */
void bulks_stop(struct bulks **b); /* NULL is fine */

#endif
