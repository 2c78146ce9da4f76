/*
 * ledger (store) - the writer's statements, and operations as their arguments.
 *
 * One item is one operation as decided: a refused one (result not OP_DONE) goes along
 * without its legs and effects, so that its refusal is remembered.
 */
#ifndef PAYMENTS_STORE_LEDGER_H
#define PAYMENTS_STORE_LEDGER_H

#include "lib/pg.h"
#include "payments/core/ledger.h"

struct ledger_item {
	const struct operation *op;
	const struct uuid *sides; /* account ids: debit and credit of each leg, in turn */
	struct uuid content;      /* operation_hash, first 128 bits                     */
	enum op_result result;
};

struct ledger_opening { /* an account that the batch must open */
	struct uuid id;
	const struct account_ref *ref;
};

struct ledger_batch {
	int32_t cooperative_id;
	int64_t epoch;
	const struct ledger_item *items;
	size_t item_count;
	const struct ledger_opening *openings;
	size_t opening_count;
};

/* No rows; errors: AD001..AD003 (schema 002), unique and check violations. */
extern const struct pg_statement ledger_settle_batch;
struct pg_args *ledger_batch_args(const struct ledger_batch *b);

/* One row: result, repeated. */
extern const struct pg_statement ledger_settle_one;
struct pg_args *ledger_one_args(int32_t cooperative_id, int64_t epoch,
                                const struct ledger_item *item);

/* What the writer must know before it can decide.  Arguments: cooperative, keys uuid[],
 * accounts uuid[], holds uuid[].  Rows: what (enum ledger_row), id, then by `what`:
 *   KEY      result, -, -, content, nil
 *   ACCOUNT  balance, pending debit, pending credit, nil, nil
 *   HOLD     amount, kind of the leg that resolved it or 0, -, debit, credit   */
extern const struct pg_statement ledger_load;

enum ledger_row { LEDGER_ROW_KEY, LEDGER_ROW_ACCOUNT, LEDGER_ROW_HOLD };

extern const struct pg_statement ledger_lease_take;  /* holder, ms -> epoch, held_by */
extern const struct pg_statement ledger_lease_renew; /* epoch, ms -> true or no row  */
extern const struct pg_statement ledger_lease_drop;  /* epoch                        */

/* Holds past their time that nobody resolved.  Arguments: wall ms, limit.  Rows:
 * cooperative, hold, amount, then kind, owner and unit of the debit and of the credit
 * account. */
extern const struct pg_statement ledger_due_holds;

#endif
