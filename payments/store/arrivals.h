/*
 * arrivals - money that came unasked: sent with a reference, or laid on the table.
 */
#ifndef PAYMENTS_STORE_ARRIVALS_H
#define PAYMENTS_STORE_ARRIVALS_H

#include "lib/buf.h"
#include "lib/ids.h"
#include "lib/pg.h"

#include <stdbool.h>
#include <stdint.h>

struct arrival {
	struct uuid arrival_id;
	bool till;             /* cash; else sent */
	char provider[16];     /* sent: through whom */
	char provider_txn[64]; /* and its number there */
	char msisdn[16];       /* who sent it */
	char reference[40];    /* as it was written */
	int64_t amount;
	char currency[4];
	char code[12]; /* what people quote */
	int64_t arrived_ms;
	struct uuid member_id; /* whose it is; nil: nobody knows */
	struct uuid loan_id;   /* what it pays; nil: it stands to her credit */
	struct uuid taken_by;  /* at the till */
};

/* cooperative, reference, msisdn: member_id, loan_id or nil, msisdn and language of the
 * member; no row: nobody's. */
extern const struct pg_statement arrival_owner;
/* cooperative, arrival: an unmatched one. */
extern const struct pg_statement arrival_by_id;
/* cooperative, provider, its number: what came under it; the member stands behind the
 * columns of an arrival. */
extern const struct pg_statement arrival_by_number;
struct uuid arrival_read_member(const struct pg_reply *r, int row);
/* cooperative, skip, count: unmatched ones, oldest first. */
extern const struct pg_statement arrivals_unmatched;

bool arrival_read(const struct pg_reply *r, int row, struct arrival *out);
void arrival_new_body(struct buf *out, const struct arrival *a);
/* to: "returning" (by whom, when), "returned" or "unmatched" (by NULL). */
void arrival_back_body(struct buf *out, const struct uuid *arrival_id, const char *to,
                       const struct uuid *by, int64_t now_ms);
/* "returning" from another state than unmatched: what it paid was taken back. */
void arrival_taken_back_body(struct buf *out, const struct uuid *arrival_id,
                             const char *was, const struct uuid *by, int64_t now_ms);
void arrival_assign_body(struct buf *out, const struct arrival *a, const struct uuid *by,
                         int64_t now_ms);

#endif
