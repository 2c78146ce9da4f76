/*
 * bulk_visit - one bulk brought one call further.
 *
 *   BEGIN --(new)--> LINES --> MARK --> CALL --> NOTE --> END
 *     |----(made)----------------^       |         ^
 *     `----(else)------------------------'   PAGE --> TAKE --> lines, settled --> PAGE
 * ...
 *
 * MARK writes "about to make it" or "about to approve it" before a byte leaves.  CALL
 * makes, approves or asks (bulk_course.h).  PAGE reads a page of those that were paid,
 * then of those that were rejected; TAKE claims the lines it names, and each is settled
 * as if it had been asked about alone (reconcile.h).  NOTE writes what was heard and
 * gives the claim back.  Who dies in between leaves rows that say what may have been
 * done.
 */
#ifndef PAYMENTS_FLOW_BULK_VISIT_H
#define PAYMENTS_FLOW_BULK_VISIT_H

#include "payments/flow/carry.h"
#include "payments/store/bulk.h"

struct bulk_visit;

typedef void bulk_visit_cb(void *arg);

/* Copies *b.  Keeps the five promises of loop.h. */
struct bulk_visit *bulk_visit_start(const struct carry_means *means, const struct bulk *b,
                                    bulk_visit_cb *cb, void *arg);
void bulk_visit_cancel(struct bulk_visit **v);
const struct uuid *bulk_visit_of(const struct bulk_visit *v);

#endif
