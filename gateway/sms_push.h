/*
 * sms_push - which messages we may ask on her phone instead, and by whose session.
 *
 * What she has to answer while she stands there can be a USSD screen rather than an SMS
 * that tells her to dial.  Only the first time a message leaves: after a crash nobody
 * knows whether she saw it, and then the SMS goes.
 */
#ifndef GATEWAY_SMS_PUSH_H
#define GATEWAY_SMS_PUSH_H

#include "gateway/channel/smpp/carrier.h"
#include "payments/store/message.h"

struct sms_push_carriers {
	struct smpp_carrier *const *at; /* borrowed */
	unsigned count;
};

/* The carrier that reaches the number best, with *what but for its channel and session;
 * NULL: an SMS. */
struct smpp_carrier *sms_push_choose(const struct sms_push_carriers *carriers,
                                     const struct message *m, struct dialog_push *what);
/* What a message asks; false if it only tells. */
bool sms_push_read(const struct message *m, struct dialog_push *what);

#endif
