/*
 * ladder - how long to wait before a payment's outcome is asked for again, and when
 * asking has lasted so long that a person should look.
 *
 * Pure.  Units: milliseconds; steps are queries asked so far; permille shortens every
 * wait for tests (1000 is the ladder as it is).
 *
 * Waits:  10, 20, 30, 45, 60, 90 s, 2 min x 14, 15 min up to 24 h, then 1 h for ever.
 */
#ifndef PAYMENTS_CORE_LADDER_H
#define PAYMENTS_CORE_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#define LADDER_LEAST_MS 20

int64_t ladder_wait_ms(int32_t step, int64_t permille);
/* The last step of 24 hours lies behind. */
bool ladder_needs_person(int32_t step);
int64_t ladder_scale(int64_t ms, int64_t permille);

/* "Not found" is believed only after several answers over a good while: providers index
 * late.  missing_for_ms: since the first of them. */
bool ladder_is_missing(int32_t misses, int64_t missing_for_ms, int64_t permille);
/* The wait between two such answers: the ladder's, but no longer than half a minute. */
int64_t ladder_miss_wait_ms(int32_t step, int64_t permille);

#endif
