/*
 * bulk_course - what to do with a bulk after what was heard of it: pure decisions.
 *
 *   new --create--> sent?  made --approve--> approving?  approved --query--> ... done
 *    ^----missing----'       ^-----created------'
 *
 * No clock, no I/O.  Why no money is lost or moves twice:
 *   - it is made under one reference, however often that takes: the provider makes one;
 *   - approving it moves its money once, however often it is approved;
 *   - it is refused, and its lines sent by themselves, only while it was never approved,
 *     after a refusal that no unclear call came before, or when it is refused or not
 * found again and again after one;
 *   - a line ends by a row that names it, never by what is said of the whole.
 */
#ifndef PAYMENTS_FLOW_BULK_COURSE_H
#define PAYMENTS_FLOW_BULK_COURSE_H

#include "payments/flow/course.h"
#include "payments/provider/gsma_batch.h"
#include "payments/store/bulk.h"

enum bulk_ask { BULK_CREATE, BULK_APPROVE, BULK_QUERY };

struct bulk_course {
	struct bulk b;    /* as it becomes; claim, lines, ended as they were */
	int64_t next_ms;  /* when to call again */
	bool reads_lists; /* some of its lines may have ended: read them first */
};

/* What to ask of a bulk in that state; of one that is over, nothing is. */
enum bulk_ask bulk_asks(enum bulk_state s);
/* b as it was when the call was made: BULK_SENT or BULK_APPROVING after a mark. */
void bulk_after(const struct bulk *b, enum bulk_ask ask, const struct gsma_batch_told *t,
                const struct course_time *time, struct bulk_course *out);

#endif
