/*
 * course - what to do with a payment after what was heard: pure decisions.
 *
 * No clock, no I/O.  The rules that keep money from moving twice stand here:
 *   - a call that may have been taken is asked about, never made again blindly;
 *   - "not found" counts after several answers over a good while, and then the same
 *     reference is sent again;
 *   - a refusal is final only if no earlier call can have been taken;
 *   - an answer about another amount is no answer;
 *   - a settled payment never changes: what contradicts it is listed for a person.
 */
#ifndef PAYMENTS_FLOW_COURSE_H
#define PAYMENTS_FLOW_COURSE_H

#include "payments/store/payment.h"

/* The code of a question that could not even be put: its provider named the payment in an
 * answer that was lost, and only time or a callback can tell.  A person is told soon. */
#define COURSE_CANNOT_ASK "NOT_SENDABLE"

/* A pull that was not handed over by then would prompt a person who walked away. */
#define PULL_STALE_MS (10 * 60 * INT64_C(1000))

struct course {
	struct payment p; /* with state, ladder_step, misses, ... as they become */
	bool settle;      /* true: record `to` in the books, else write and wait */
	enum pay_state to;
	struct verdict why;
	const char *kind;    /* of the payment_events row */
	int64_t next_try_ms; /* 0: nothing left to do */
};

struct course_time {
	int64_t now_ms;
	int64_t permille; /* of the ladder */
};

/* p is in state sent: the call was made, or could not be. */
void course_after_submit(const struct payment *p, const struct verdict *v,
                         const struct course_time *t, struct course *out);
/* p is in any state but created; a settled one is being rechecked. */
void course_after_query(const struct payment *p, const struct verdict *v,
                        const struct course_time *t, struct course *out);
/* The provider has decided, the books could not write it down: come back. */
void course_after_books(const struct course *before, bool is_final,
                        const struct course_time *t, struct course *out);
/* People found out what the provider did with this, or decided that it is not sent
 * (payment_settled, payment_ruling_confirm, payment_release in the schema): settle it,
 * ask nobody.  False: not so. */
bool course_by_hand(const struct payment *p, const struct course_time *t,
                    struct course *out);
/* A payout that would give back more than came in, or a part where whole (its provider
 * gives back all or nothing): it is not handed over, and ends as failed.  False: it fits,
 * or a call may have been taken. */
bool course_is_no_refund(const struct payment *p, bool whole, struct course *out);
/* A pull that waited too long in state created is over, or asked about if an earlier call
 * may have been taken. */
bool course_is_stale(const struct payment *p, int64_t now_ms);
void course_stale(const struct payment *p, const struct course_time *t,
                  struct course *out);

#endif
