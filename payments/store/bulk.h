/*
 * bulk - payouts that a provider takes in one call, as a batch of its own
 * (181_bulks.sql).
 */
#ifndef PAYMENTS_STORE_BULK_H
#define PAYMENTS_STORE_BULK_H

#include "lib/ids.h"
#include "lib/pg.h"

#include <stdbool.h>
#include <stdint.h>

enum bulk_state {
	BULK_NEW,       /* nothing was sent, or what was sent is surely not there   */
	BULK_SENT,      /* about to be made over there, or just tried: nobody knows */
	BULK_MADE,      /* is there and has a name; waits for its approval          */
	BULK_APPROVING, /* about to be approved, or just tried                      */
	BULK_APPROVED,  /* its lines end one by one                                 */
	BULK_DONE,
	BULK_REFUSED, /* nothing was taken: each line goes by itself                */
	BULK_STATES
};

const char *bulk_state_name(enum bulk_state s);

struct bulk {
	int32_t cooperative_id;
	struct uuid bulk_id; /* UUIDv4: our reference of it over there */
	char provider[16];
	char code[12]; /* of the batch */
	enum bulk_state state;
	char their_id[64];
	int32_t attempts; /* calls that were to make it */
	int32_t step;     /* calls since that brought it no further */
	int32_t misses;   /* "not found" in a row, since missing_ms */
	int64_t missing_ms;
	bool maybe_made; /* a call's answer does not exclude that it was made */
	bool refused;    /* the latest call was */
	struct uuid claim;
	int64_t lines, ended;
	char attention[16]; /* of its open lines: why a person should look; "" */
};

/* $1 providers, $2 now. */
extern const struct pg_statement bulks_let_go;
/* $1 providers that are open, $2 how many lines each takes: cooperative, batch, provider,
 * code of the batch. */
extern const struct pg_statement bulks_ready;
/* $1 cooperative, $2 batch, $3 provider, $4 claim, $5 until, $6 most: rows for
 * payment_read. */
extern const struct pg_statement bulk_gather;
/* $1 cooperative, $2 bulk, $3 batch, $4 provider, $5 payments, $6 their claim, $7 now:
 * how many. */
extern const struct pg_statement bulk_form;
/* $1 providers, $2 those that are open, $3 bulks in our hands, $4 claim, $5 now, $6
 * until, $7 most of each cooperative: rows for bulk_read. */
extern const struct pg_statement bulks_claim;
/* $1 cooperative, $2 bulk: its lines, rows for payment_read, always in this order. */
extern const struct pg_statement bulk_lines;
/* $1 cooperative, $2 bulk, $3 claim, $4 now, $5 until, $6 'sent' or 'approving'. */
extern const struct pg_statement bulk_mark;
/* $1 cooperative, $2 bulk, $3 references, $4 'paid' or 'failed', $5 claim, $6 now, $7
 * until: rows for payment_read. */
extern const struct pg_statement bulk_take;
extern const struct pg_statement bulk_heard;

void bulk_read(const struct pg_reply *r, int row, struct bulk *out);
/* next_ms: when to call again. */
struct pg_args *bulk_heard_args(const struct bulk *b, int64_t now, int64_t next_ms,
                                const char *said);

#endif
