/*
 * news - which reminders and news a member wants by SMS: STOP and START.
 *
 * What tells what was done with money always comes (payments/core/topic.h).
 */
#ifndef PAYMENTS_FLOW_NEWS_H
#define PAYMENTS_FLOW_NEWS_H

#include "payments/core/topic.h"
#include "payments/flow/payments.h"

/* News of a topic, or all (TOPIC_NONE), of this number in every cooperative.  All takes
 * the place of what was said of topics before.  Reasons: not_found. */
struct payments_op *payments_news_set(struct flow_env *env, const char *msisdn,
                                      enum topic topic, bool on, payments_cb *cb,
                                      void *arg);

#endif
