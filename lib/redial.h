/*
 * redial - when a peer to which we keep a connection is called again.
 *
 *   lost, not reached   after a second, doubling to a minute
 *   refused             only a person can mend it: half a minute, doubling to a quarter
 *                       of an hour, until it lets us in again
 *
 * With jitter, so that many connections to one peer do not return in step.  A connection
 * that was up for ten seconds has proven itself: its loss is a first one again.
 *
 * Pure: time is a parameter (monotonic ms).
 */
#ifndef LIB_REDIAL_H
#define LIB_REDIAL_H

#include <stdbool.h>
#include <stdint.h>

struct redial {
	unsigned tries, refusals; /* in a row */
	bool is_up;
	int64_t up_ms; /* since then */
};

/* The peer let us in. */
void redial_up(struct redial *r, int64_t now_ms);
/* It refuses us for what only a person can mend; redial_when follows. */
void redial_refused(struct redial *r);
/* The connection is gone, or was not made: when to call again.  *chance as in
 * backoff_of. */
int64_t redial_when(struct redial *r, uint64_t *chance, int64_t now_ms);

#endif
