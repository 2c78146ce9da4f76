/*
 * purse - what is known of our own money at a provider, and whether a payout fits in it.
 *
 * Pure; time is an input.  What the provider said is believed for a while, less what was
 * let through since.  Unknown is not zero: who cannot be asked pays as ever.
 */
#ifndef PAYMENTS_CORE_PURSE_H
#define PAYMENTS_CORE_PURSE_H

#include <stdbool.h>
#include <stdint.h>

struct purse {            /* zeroed: never asked */
	int64_t asked_ms; /* wall time of the last answer, good or bad; 0: none */
	bool known;       /* and it was good */
	int64_t holds;    /* minor units */
	bool heard;       /* it was told unasked: a "no" is asked about first */
};

enum purse_say { PURSE_ASK, PURSE_GO, PURSE_WAIT };

/* A "no" must not be older than this: it may have been filled. */
#define PURSE_ANEW_MS 5000

/* keep_ms: how long an answer is believed. */
enum purse_say purse_judge(const struct purse *p, int64_t amount, int64_t now_ms,
                           int64_t keep_ms);
/* What came of a question. */
void purse_told(struct purse *p, bool known, int64_t holds, int64_t now_ms);
/* It was told unasked, with a payout, what was there at at_ms.  Older than what we know
 * it is nothing; while an answer is believed it only makes less of it, as what is on its
 * way is not in it; else it takes the answer's place.  True if it changed anything. */
bool purse_heard(struct purse *p, int64_t holds, int64_t at_ms, int64_t now_ms,
                 int64_t keep_ms);
/* A payout of that much is let through. */
void purse_take(struct purse *p, int64_t amount);

#endif
