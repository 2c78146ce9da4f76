/*
 * wakeup - one call at the time that a state machine wants to be woken, which changes
 * with every event.
 */
#ifndef LIB_WAKEUP_H
#define LIB_WAKEUP_H

#include "lib/loop.h"

#include <stdint.h>

/* Zeroed but for loop, cb and arg, which are set once.  cb is never called from inside
 * one of these functions. */
struct wakeup {
	struct loop *loop;
	loop_cb *cb;
	void *arg;
	struct timer *timer;
	int64_t due_ms; /* of the timer */
};

/* At due_ms of the monotonic clock, at once if that has passed, never if INT64_MAX; what
 * was asked before is forgotten. */
void wakeup_at(struct wakeup *w, int64_t due_ms);
void wakeup_soon(struct wakeup *w);
void wakeup_stop(struct wakeup *w);

#endif
