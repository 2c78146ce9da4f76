/*
 * reschedule - one loan gets other dates: what two officers may agree on.
 *
 * Pure.
 */
#ifndef PAYMENTS_CORE_RESCHEDULE_H
#define PAYMENTS_CORE_RESCHEDULE_H

#include "payments/core/account.h"

#define RESCHEDULE_COUNT_MAX 24
#define RESCHEDULE_DAYS_MAX  366

enum reschedule_kind {
	RESCHEDULE_SKIP, /* `count` payments from the next one on: EVENT_HOLIDAY        */
	RESCHEDULE_DATE, /* the oldest open payment moves to day `to`, with all that
	                    follow: EVENT_SHIFT_DATES                                   */
	RESCHEDULE_MORE, /* in `count` more, smaller payments: EVENT_EXTRA_TERMS */
	RESCHEDULE_KINDS
};

struct reschedule {
	enum reschedule_kind kind;
	uint32_t count;
	int32_t to;
	enum holiday_policy policy;
};

const char *reschedule_name(enum reschedule_kind k); /* "skip", "date", "more" */

/* The event to tell (no id, no day) to a live loan as it stands on its business day;
 * returns "", or why it cannot be: by_days (interest follows the days: dates are as
 * they are), nothing_due (to be skipped or moved), bad_count, bad_date (not after the
 * day it was due and today, or over a year away). */
const char *reschedule_event(const struct loan_account *a, const struct reschedule *r,
                             struct loan_event *out);

#endif
