/*
 * breaker - a provider that does not answer gets no new payments for a while.
 *
 *   CLOSED --failures in a row--> OPEN --its time passes--> TRYING --success--> CLOSED
 *                                   ^---------------failure----'
 *
 * Queries go on in every state: they cost nothing and close the breaker when they are
 * answered.  TRYING lets one new payment through at a time.  No I/O; time is an input.
 */
#ifndef PAYMENTS_FLOW_BREAKER_H
#define PAYMENTS_FLOW_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

enum breaker_state { BREAKER_CLOSED, BREAKER_OPEN, BREAKER_TRYING };

struct breaker { /* zeroed: closed */
	int64_t failures;
	int64_t open_until_ms; /* 0: closed */
	uint64_t times_opened;
};

enum breaker_state breaker_state(const struct breaker *b, int64_t now_ms);
const char *breaker_state_name(enum breaker_state s);
/* How many new payments may be begun now, at most `most`; under_way: submits begun. */
unsigned breaker_allows(const struct breaker *b, int64_t now_ms, unsigned under_way,
                        unsigned most);
void breaker_success(struct breaker *b);
/* True if this opened it. */
bool breaker_failure(struct breaker *b, int64_t now_ms, int64_t failures_max,
                     int64_t open_ms);

#endif
