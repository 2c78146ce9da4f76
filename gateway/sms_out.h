/*
 * sms_out - the outbox's port: a message becomes words, the words leave.
 *
 * The receiver's cooperative gives the currency its amounts are written in; it is asked
 * for once and remembered.
 */
#ifndef GATEWAY_SMS_OUT_H
#define GATEWAY_SMS_OUT_H

#include "gateway/channel/at_send.h"
#include "gateway/channel/smpp_carrier.h"
#include "gateway/menus.h"
#include "payments/flow/outbox.h"
#include "payments/flow/payments.h"

#define SMS_OUT_COOPERATIVES 64

struct sms_out {
	struct flow_env *env;
	const struct menus *menus; /* those in force when the message is sent */
	struct at_send *at;
	unsigned smpp_count;
	struct smpp_carrier *smpp[SETTINGS_SMPP_MAX]; /* as in the settings */
	unsigned known;
	struct member example[SMS_OUT_COOPERATIVES]; /* any member of each */
};

/* Whose prefixes fit the number best; NULL: none, Africa's Talking takes it. */
struct smpp_carrier *sms_out_carrier(const struct sms_out *o, const char *digits);
/* struct sms_port's send. */
void sms_out_send(void *sms_out, const struct message *m, outbox_sent_cb *cb, void *arg);

#endif
