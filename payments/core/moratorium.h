/*
 * moratorium - days on which a loan wants no payment.
 *
 * Pure.  What is due in such days moves past them, together with all that follows, by
 * whole periods, so that pay days keep their rhythm (EVENT_HOLIDAY); the days themselves
 * count for no arrears and no penalty (EVENT_PAUSE); a penalty that was told inside is
 * waived, what was paid of it stays paid.
 */
#ifndef PAYMENTS_CORE_MORATORIUM_H
#define PAYMENTS_CORE_MORATORIUM_H

#include "payments/core/account.h"

#define MORATORIUM_WAIVERS  16
#define MORATORIUM_EVENTS   (2 + MORATORIUM_WAIVERS)
#define MORATORIUM_DAYS_MAX 366
#define MORATORIUM_BACK_MAX 31

struct moratorium_days {
	int32_t from, to; /* both are in it */
	enum holiday_policy policy;
};

/* NULL, or the field that is wrong ("from", "to"), seen on that day: a moratorium begins
 * a month ago at the earliest and within a year, ends today or later, and lasts a year at
 * most. */
const char *moratorium_fault(const struct moratorium_days *m, int32_t today);
/* The events to tell (no id, no day), at most MORATORIUM_EVENTS; returns how many.  Where
 * interest follows the days the money is owed, dates stay and the days are paused only.
 */
uint32_t moratorium_events(const struct loan_account *a, const struct moratorium_days *m,
                           struct loan_event out[MORATORIUM_EVENTS]);

#endif
