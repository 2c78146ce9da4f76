/*
 * batches - begins the payouts of approved batches, row after row.
 *
 *   LOOK --rows--> ROOM --> COMMIT (hold, payment, row paying) --> next row ... --> LOOK
 *                    |         `--no funds--> the row waits a while
 *                    `--the wallet takes nothing--> the row fails
 *
 * An approved batch is only rows in the database; this makes payments of them while we
 * are the ledger's writer, one operation a row, under the row's own key.  A gateway that
 * dies between two rows, or between a commit and its answer, begins none twice: the row
 * is "paying" from the commit on, and whoever comes next does not see it any more.  From
 * there on a row is a payment like any other (purposes batch_owed, batch_div,
 * batch_wage): rate, gate, ladder, parts.  Where the
 * provider takes many at once, the first part waits for the others (bulks.h).
 */
#ifndef PAYMENTS_FLOW_BATCHES_H
#define PAYMENTS_FLOW_BATCHES_H

#include "payments/flow/env.h"

struct batches;

/* Looks every every_ms while we are the ledger's writer.  Borrows env. */
struct batches *batches_start(struct flow_env *env, int64_t every_ms);
void batches_stop(struct batches **b); /* NULL is fine */

#endif
