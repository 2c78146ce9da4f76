/*
 * message - an SMS to be sent: written in the operation that makes it true, sent later.
 *
 * The row names a template and its values; whoever sends renders it in the receiver's
 * language (a payment never knows how a text looks).
 */
#ifndef PAYMENTS_STORE_MESSAGE_H
#define PAYMENTS_STORE_MESSAGE_H

#include "lib/buf.h"
#include "lib/ids.h"

#include <stdbool.h>
#include <stdint.h>

struct message {
	int32_t cooperative_id;
	struct uuid
	    message_id; /* UUIDv7; also the dedupe reference given to the carrier */
	struct uuid member_id; /* nil if the receiver is not a member */
	char msisdn[16];
	char language[4];   /* "sw"                                                   */
	char template[32];  /* "loan.paid": `text loan.paid "..."` in config/menus    */
	const char *values; /* one JSON object of texts: {"amount":"5000000",...}; money
	                       in minor units, dates as YYYY-MM-DD */
	bool is_news;       /* STOP ends these; never receipts                        */
};

/* Body of effect "message_new". */
void message_new_body(struct buf *out, const struct message *m);

#endif
