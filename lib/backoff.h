/*
 * backoff - how long to wait before trying again: doubling, capped, with jitter so that
 * many clients of a server that restarts do not return in step.
 */
#ifndef LIB_BACKOFF_H
#define LIB_BACKOFF_H

#include <stdint.h>

struct backoff {
	unsigned tries; /* zeroed after a success */
};

/* Between half and the whole of first_ms * 2^tries, at most most_ms. */
int64_t backoff_next(struct backoff *b, int64_t first_ms, int64_t most_ms);
/* The same where chance is an input: *chance, never 0, is the seed and moves on.  Pure.
 */
int64_t backoff_of(uint64_t *chance, unsigned tries, int64_t first_ms, int64_t most_ms);

#endif
