/*
 * carrier - the port through which an SMS leaves: one row for each who can carry it.
 *
 * An implementation (at_send, smpp_carrier, http_sms) fills a struct carrier and knows
 * nothing of the others; which of them gets an SMS is carriers.h.
 */
#ifndef GATEWAY_CHANNEL_CARRIER_H
#define GATEWAY_CHANNEL_CARRIER_H

#include "lib/ids.h"
#include "payments/flow/outbox.h"

#include <stdbool.h>

struct carrier_sms {
	const char *digits; /* without the plus */
	const char *text;   /* UTF-8 */
	const struct uuid
	    *reference; /* the same for the same SMS, tried again; or NULL */
};

struct carrier_sent {
	enum sms_fate fate;
	/* SMS_AGAIN, and the carrier surely does not have it: another may be asked at
	 * once without anybody getting it twice. */
	bool surely_not;
	const char *carrier_id; /* as its reports will name it; "" if not told */
	const char *reason;     /* a short word for the record; "" if taken    */
	/* SMS_AGAIN, said of this SMS: the carrier itself is well, and another SMS need
	 * not wait. */
	bool of_this_one;
};

typedef void carrier_cb(void *arg, const struct carrier_sent *sent);

struct carrier {
	char name[20];
	/* Copies *sms.  Calls cb(arg, ..) exactly once, within a minute, never from
	 * inside. */
	void (*send)(void *ctx, const struct carrier_sms *sms, carrier_cb *cb, void *arg);
	bool (*is_up)(const void *ctx); /* NULL: judged by its answers alone */
	void *ctx;
};

#endif
