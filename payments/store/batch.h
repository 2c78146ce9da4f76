/*
 * batch - rows of batches of payouts (126_batches.sql, 180_wages.sql).
 */
#ifndef PAYMENTS_STORE_BATCH_H
#define PAYMENTS_STORE_BATCH_H

#include "lib/buf.h"
#include "lib/ids.h"
#include "lib/pg.h"

#include <stdbool.h>
#include <stdint.h>

struct batch_row { /* that has no payment yet */
	int32_t cooperative_id;
	struct uuid row_id, batch_id;
	char source[12];       /* "owed", "dividend", "wages" */
	struct uuid member_id; /* nil: who is none, of wages */
	char msisdn[16];
	char provider[16];
	int64_t amount;
	char currency[4];
	int32_t tries;    /* to begin it, in vain */
	char language[4]; /* "" of who is no member */
	struct uuid approved_by;
	char code[12]; /* of the batch */
};

/* $1 cooperative's code, $2 batch, $3 code, $4 name, $5 source, $6 digest, $7 by, $8 rows
 * (jsonb), $9 now: line, why, told. */
extern const struct pg_statement batch_make;
/* $1 code of a failed payout, $2 batch, $3 its code, $4 by, $5 now: as batch_make. */
extern const struct pg_statement payment_again;
/* $1 code, $2 verb, $3 by, $4 now: '' or why not. */
extern const struct pg_statement batch_decide;
/* $1 code or ''. */
extern const struct pg_statement batch_overview;
/* $1 code: line, number of member, msisdn, provider, amount, paid, state, reason, note,
 * name of a payee of wages, its bulk. */
extern const struct pg_statement batch_lines;
/* $1 code: what of it has no payment yet, by provider and source: provider, total. */
extern const struct pg_statement batch_needs;
/* $1 cooperative's code: its currency and the decimals of that. */
extern const struct pg_statement batch_currency;
/* $1 cooperative, $2 accounts: what each holds and no hold has taken, 0 if never used. */
extern const struct pg_statement batch_floats;

/* $1 now, $2 how many: rows for batch_row_read. */
extern const struct pg_statement batch_rows_due;
void batch_row_read(const struct pg_reply *r, int row, struct batch_row *out);
/* $1 cooperative, $2 row, $3 reason, $4 next try or null: it is given up. */
extern const struct pg_statement batch_row_waits;

/* Body of effect "batch_row".  state "paying", "paid", "failed", or NULL: it goes on;
 * paid: that much more has reached the wallet. */
void batch_row_body(struct buf *out, const struct uuid *row_id, const char *state,
                    int64_t paid, const char *reason);

#endif
