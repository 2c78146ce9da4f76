/*
 * unread - an SMS that is no command goes to a person's list.
 *
 * The text is the member's own and is kept nowhere else.  Who calls has made sure that it
 * holds no PIN.
 */
#ifndef PAYMENTS_FLOW_UNREAD_H
#define PAYMENTS_FLOW_UNREAD_H

#include "payments/flow/payments.h"

#define UNREAD_BODY_MAX 480 /* bytes */

struct unread_ask {
	struct who who;
	const char *channel; /* with sms_id: once, however often it is delivered */
	const char *sms_id;
	const char *msisdn;
	const char *body; /* UTF-8, not empty; copied */
};

/* Ok also if it was there before. */
struct payments_op *payments_unread_add(struct flow_env *env,
                                        const struct unread_ask *ask, payments_cb *cb,
                                        void *arg);
/* A person has dealt with it.  Reasons: not_found. */
struct payments_op *payments_unread_seen(struct flow_env *env, const char *cooperative,
                                         int64_t number, const char *by, payments_cb *cb,
                                         void *arg);

#endif
