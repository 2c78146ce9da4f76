/*
 * reschedules - other dates for a loan, as asked for by a first officer.
 */
#ifndef PAYMENTS_STORE_RESCHEDULES_H
#define PAYMENTS_STORE_RESCHEDULES_H

#include "lib/buf.h"
#include "lib/pg.h"
#include "payments/core/reschedule.h"

struct reschedule_asked {
	struct uuid reschedule_id; /* nil: none is asked for */
	struct uuid loan_id, asked_by;
	struct reschedule terms;
};

/* cooperative, loan. */
extern const struct pg_statement reschedule_of_loan;
void reschedule_read(const struct pg_reply *r, struct reschedule_asked *out);
/* Bodies of "reschedule_new" (stale: another one is asked for) and "reschedule_decide"
 * (stale: decided before). */
void reschedule_new_body(struct buf *out, const struct reschedule_asked *q,
                         int64_t now_ms);
void reschedule_decide_body(struct buf *out, const struct reschedule_asked *q, bool done,
                            const struct uuid *by, int64_t now_ms);

#endif
