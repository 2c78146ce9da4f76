/*
 * loop - the one event loop: timers, signals, and the "next turn" queue that lets every
 * async call keep its promise never to answer from inside the starting call.
 *
 * The five promises of every async call in this program: (i) it answers once, or never
 * after cancel; (ii) never from inside the starting call; (iii) it has a deadline; (iv)
 * what the callback is given dies when the callback returns; (v) x_cancel(struct x **)
 * accepts NULL and half-built objects and NULLs the handle.
 */
#ifndef LIB_LOOP_H
#define LIB_LOOP_H

#include "lib/clock.h"

#include <stdint.h>

struct loop;
struct timer;
struct event_base;

typedef void loop_cb(void *arg);

struct loop *loop_new(struct clock *clock); /* borrows clock */
void loop_free(struct loop *l);
struct event_base *loop_base(struct loop *l); /* for the clients in lib/ only */
/* A burst must not keep everybody else waiting: of a turn, put-off calls, timers and
 * sockets may each be busy for so long, then what is left waits for the next turn, in
 * order.  Who handles sockets calls loop_rest at the end of each event. */
#define LOOP_SPENT_US 1000
void loop_rest(struct loop *l);
const struct clock *loop_clock(const struct loop *l);
/* Turns until loop_stop.  The clock is updated once per turn. */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);
/* How long turns were busy, since the start: from waking to the last callback. */
#define LOOP_TURN_BOUNDS 6
extern const int64_t loop_turn_bounds_us[LOOP_TURN_BOUNDS];

struct loop_turns {
	uint64_t up_to[LOOP_TURN_BOUNDS + 1]; /* within that bound, not within the one
	                                         before; the last: beyond all */
	uint64_t busy_us;
};

void loop_read_turns(const struct loop *l, struct loop_turns *out);
/* One turn; waits at most wait_ms for something to happen (0: polls). */
void loop_turn(struct loop *l, int64_t wait_ms);

/* Calls cb(arg) once, on the next turn.  Cannot be cancelled: for "destroy later". */
void loop_next_turn(struct loop *l, loop_cb *cb, void *arg);

/* Calls cb(arg) once, when the turn has nothing more to do and before it waits: where
 * writes of the whole turn are gathered into one.  Cannot be cancelled. */
void loop_turn_end(struct loop *l, loop_cb *cb, void *arg);

/* Calls cb(arg) once after delay_ms.  The handle dies when the callback starts. */
struct timer *timer_start(struct loop *l, int64_t delay_ms, loop_cb *cb, void *arg);
void timer_cancel(struct timer **t); /* NULL is fine */

/* Calls cb(arg) on each arrival of the signal, from the loop, not the handler. */
void loop_on_signal(struct loop *l, int signal, loop_cb *cb, void *arg);

#endif
