/*
 * moratorium - days on which a loan wants no payment.
 *
 * Pure.  What is due in such days moves past them, together with all that follows, by
 * whole periods, so that pay days keep their rhythm (EVENT_HOLIDAY); the days themselves
 * count for no arrears and no penalty (EVENT_PAUSE).
 */
#ifndef PAYMENTS_CORE_MORATORIUM_H
#define PAYMENTS_CORE_MORATORIUM_H

#include "payments/core/account.h"

#define MORATORIUM_EVENTS   2
#define MORATORIUM_DAYS_MAX 366

struct moratorium_days {
	int32_t from, to; /* both are in it */
	enum holiday_policy policy;
};

/* NULL, or the field that is wrong ("from", "to"), seen on that day: a moratorium begins
 * today or later and within a year, and lasts a year at most. */
const char *moratorium_fault(const struct moratorium_days *m, int32_t today);
/* The events to tell (no id, no day), at most MORATORIUM_EVENTS; returns how many.  Where
 * interest follows the days the money is owed, dates stay and the days are paused only.
 */
uint32_t moratorium_events(const struct loan_account *a, const struct moratorium_days *m,
                           struct loan_event out[MORATORIUM_EVENTS]);

#endif
