/*
 * sms_out - the outbox's port: a message becomes words, the words leave.
 *
 * The receiver's cooperative gives the currency its amounts are written in; it is asked
 * for once and remembered.  Messages leave in the order in which they came.
 */
#ifndef GATEWAY_SMS_OUT_H
#define GATEWAY_SMS_OUT_H

#include "gateway/channel/carriers.h"
#include "gateway/menus.h"
#include "payments/flow/outbox.h"
#include "payments/flow/payments.h"

#define SMS_OUT_COOPERATIVES 64

struct sms_out {
	struct flow_env *env;
	const struct menus *menus; /* those in force when the message is sent */
	struct carriers *carriers;
	unsigned known;
	struct member example[SMS_OUT_COOPERATIVES]; /* any member of each */
	struct job *line; /* whose currency is asked for, oldest first */
};

/* struct sms_port's send. */
void sms_out_send(void *sms_out, const struct message *m, outbox_sent_cb *cb, void *arg);

#endif
