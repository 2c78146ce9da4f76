/*
 * chance - numbers nobody counts on being secret, from a seed that is an input: jitter,
 * numbers of requests.  Pure.  What must not be guessed comes from ids.h.
 */
#ifndef LIB_CHANCE_H
#define LIB_CHANCE_H

#include <stdint.h>

/* The next number, which is the seed of the one after it.  *seed is never 0. */
static inline uint64_t
chance_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

#endif
