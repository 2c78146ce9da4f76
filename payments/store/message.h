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
#include "lib/pg.h"
#include "payments/core/topic.h"

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
	enum topic topic;   /* of news, that STOP ends; TOPIC_NONE: a receipt         */
	int64_t created_ms; /* wall time; 0 in message_new_body: the database's       */
	char country[3];    /* of the cooperative, as are the next two                */
	char currency[4];
	unsigned exponent; /* 2 means that minor units are hundredths                */
	/* the rest is the outbox's own business: filled by outbox_offer or message_read
	 */
	int32_t attempts;         /* sends so far, this one included                 */
	struct uuid claim;        /* the lease we hold; nil: nobody's yet            */
	int64_t claimed_until_ms; /* set by outbox_offer alone                       */
};

/* Body of effect "message_new". */
void message_new_body(struct buf *out, const struct message *m);

/* ---- what only the outbox calls ------------------------------------------------------
 */

/* Cooperatives that have due messages.  $1 now. */
extern const struct pg_statement messages_due;
/* $1 cooperative, $2 claim, $3 now, $4 until, $5 limit.  Rows for message_read. */
extern const struct pg_statement messages_claim;
/* $1 cooperative, $2 messages, $3 claims, $4 now, $5 states, $6 carriers' ids,
 * $7 reasons, $8 next tries: the n-th of each array belong together. */
extern const struct pg_statement messages_sent;
/* $1 carriers' ids, each of a message or of a part, $2 states, $3 reasons, $4 now: a row
 * for each, true if a message was found whose end was not known yet (carriers use their
 * ids again: the newest is meant); else the report is kept. */
extern const struct pg_statement messages_reported;
/* Every cooperative's messages against the kept reports.  $1 now, $2 oldest kept.
 * (how many matched, how many were kept before). */
extern const struct pg_statement message_reports_match;

/* values is borrowed from the reply. */
void message_read(const struct pg_reply *r, int row, struct message *out);

#endif
