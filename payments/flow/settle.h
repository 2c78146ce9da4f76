/*
 * settle - the ledger writer: the only road by which money, weight and the states that go
 * with them change.
 *
 * Operations that arrive while a commit is in flight become the next batch: one
 * statement, one commit, one result per operation; accounts in sorted order, balances
 * once per batch. A refusal does not disturb its neighbours.  The writer caches balances;
 * the database still refuses what would unbalance the books, and a failed batch is
 * replayed one by one through an exact, idempotent function.  Single by a lease with an
 * epoch in PostgreSQL.
 *
 * An acknowledged operation is on disk.  A refusal is remembered for ever, so it never
 * rests on what is not committed yet.  ERR_LOST or ERR_TIMEOUT with FATE_UNKNOWN: submit
 * the same operation again under the same key and learn what became of it.
 */
#ifndef PAYMENTS_FLOW_SETTLE_H
#define PAYMENTS_FLOW_SETTLE_H

#include "lib/loop.h"
#include "lib/pg.h"
#include "payments/core/ledger.h"

struct settle;
struct settle_op;

struct settle_options {
	unsigned batch_max; /* operations a statement, 1..2000                       */
	unsigned queue_max; /* waiting operations before ERR_BUSY                    */
	unsigned cache_accounts; /* balances remembered */
	int64_t lease_ms;   /* how long the lease lasts unrenewed                    */
	const char *holder; /* who we are, for the lease row and the log             */
};

/* Borrows pg (its connections are the batches in flight: two is right) and loop. */
struct settle *settle_new(struct loop *loop, struct pg *pg,
                          const struct settle_options *o);
void settle_free(
    struct settle *s); /* waiting operations are answered ERR_SHUTDOWN first */
/* cb(arg) once nothing is queued or in flight; new submissions get ERR_SHUTDOWN. */
void settle_drain(struct settle *s, loop_cb *cb, void *arg);
bool settle_is_leader(const struct settle *s);

struct settle_answer {
	struct err err; /* ERR_NONE when result is valid                          */
	enum op_result result;
	bool repeated; /* the answer given to an earlier submission of this key  */
};

typedef void settle_cb(void *arg, const struct settle_answer *answer);

/* Copies *op with everything it points to.  Keeps the five promises of loop.h. */
struct settle_op *settle_submit(struct settle *s, const struct operation *op,
                                int64_t deadline_ms, settle_cb *cb, void *arg);
void settle_cancel(struct settle_op **op); /* detaches: it may still be done */

struct settle_counts {
	uint64_t operations, batches, refusals, repeats, replays;
	unsigned queued, in_flight;
};

void settle_read_counts(const struct settle *s, struct settle_counts *out);

#endif
