/*
 * sms_out - the outbox's port: a message becomes words, the words leave; or what it asks
 * is asked on her phone (sms_push.h), and only then, if she does not answer, by SMS.
 */
#ifndef GATEWAY_SMS_OUT_H
#define GATEWAY_SMS_OUT_H

#include "gateway/channel/carriers.h"
#include "gateway/menus.h"
#include "gateway/sms_push.h"
#include "payments/flow/outbox.h"

struct sms_out {
	struct flow_env *env;
	const struct menus *menus; /* those in force when the message is sent */
	struct carriers *carriers;
	struct sms_push_carriers push;
	unsigned pushing; /* at most half of sms.concurrency: the rest stays for SMS */
};

/* struct sms_port's send. */
void sms_out_send(void *sms_out, const struct message *m, outbox_sent_cb *cb, void *arg);

#endif
