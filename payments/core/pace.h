/*
 * pace - how many calls a second a provider lets us make: a bucket of permits.
 *
 * Pure; time is an input (ms, never going back).  In no second begun anywhere are there
 * more than `per_second` calls: what the bucket holds at most and what it gains in a
 * second are together that many.  0 per second: no limit.
 */
#ifndef PAYMENTS_CORE_PACE_H
#define PAYMENTS_CORE_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {          /* zeroed: full */
	int64_t milli; /* thousandths of a permit */
	int64_t at_ms; /* when that was so */
	bool begun;
};

/* At most `most` calls may be made now. */
unsigned pace_room(struct pace *p, int64_t per_second, int64_t now_ms, unsigned most);
/* n calls are made; n is what pace_room allowed, or less. */
void pace_take(struct pace *p, unsigned n);
/* n of them were not made after all. */
void pace_give_back(struct pace *p, unsigned n);
/* How long until it is worth looking again; 0: now. */
int64_t pace_wait_ms(const struct pace *p, int64_t per_second, int64_t now_ms);

#endif
