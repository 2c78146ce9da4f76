#include "lib/loop.h"

#include "lib/arena.h"

#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

/* A binary heap ordered by (due, seq): equal deadlines fire in the order of their start.
 */
struct timer {
	struct loop *loop;
	loop_cb *cb;
	void *arg;
	int64_t due_ms; /* monotonic */
	uint64_t seq;
	size_t at; /* own index in the heap */
};

struct later {
	loop_cb *cb;
	void *arg;
};

struct queue {
	struct later *v;
	size_t n, cap;
};

struct watch {
	struct watch *next;
	struct event *ev;
	loop_cb *cb;
	void *arg;
	struct loop *loop;
};

struct loop {
	struct loop *self; /* reading the time may refresh it */
	struct clock *clock;
	struct event_base *base;
	struct event *wake; /* bounds the sleep */
	struct timer **heap;
	size_t timers, heap_cap;
	uint64_t seq;
	struct queue next, running;
	size_t run; /* of running, those that have been called */
	struct queue ending;
	struct watch *watches;
	bool stopped;
	bool stale;      /* the loop slept since the clock was read */
	int64_t woke_us; /* when it was read first after that; 0: not yet */
	struct loop_turns turns;
};

const int64_t loop_turn_bounds_us[LOOP_TURN_BOUNDS] = { 500,  1000,  2000,
	                                                5000, 10000, 50000 };

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

struct loop *
loop_new(struct clock *clock)
{
	struct loop *l = xzalloc(sizeof *l);

	signal(SIGPIPE, SIG_IGN);
	l->self = l;
	l->clock = clock;
	l->base = event_base_new();
	if (!l->base)
		abort();
	l->wake = evtimer_new(l->base, on_wake, NULL);
	if (!l->wake)
		abort();
	clock_update(clock);
	return l;
}

/* The clock is read once per turn, but lazily: events that come out of a sleep must not
 * see the time before it. */
static struct clock *
fresh_clock(struct loop *l)
{
	if (l->stale) {
		l->stale = false;
		if (l->woke_us == 0)
			l->woke_us = clock_mono_us();
		clock_update(l->clock);
	}
	return l->clock;
}

const struct clock *
loop_clock(const struct loop *l)
{
	return fresh_clock(l->self);
}

struct event_base *
loop_base(struct loop *l)
{
	return l->base;
}

/* Has this part of the turn been busy for so long that others should have a look in?
 * Virtual time stands still, and so never. */
static bool
is_spent(const struct loop *l)
{
	return l->woke_us != 0 && !l->clock->is_virtual &&
	       clock_mono_us() - l->woke_us > LOOP_SPENT_US;
}

void
loop_rest(struct loop *l)
{
	if (is_spent(l))
		event_base_loopbreak(l->base); /* what is active stays active */
}

/* ---- timers ---- */

static bool
sooner(const struct timer *a, const struct timer *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->seq < b->seq;
}

static void
place(struct loop *l, size_t at, struct timer *t)
{
	l->heap[at] = t;
	t->at = at;
}

static void
sift_up(struct loop *l, size_t at, struct timer *t)
{
	while (at > 0 && sooner(t, l->heap[(at - 1) / 2])) {
		place(l, at, l->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	place(l, at, t);
}

static void
sift_down(struct loop *l, size_t at, struct timer *t)
{
	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= l->timers)
			break;
		if (child + 1 < l->timers && sooner(l->heap[child + 1], l->heap[child]))
			child++;
		if (!sooner(l->heap[child], t))
			break;
		place(l, at, l->heap[child]);
		at = child;
	}
	place(l, at, t);
}

struct timer *
timer_start(struct loop *l, int64_t delay_ms, loop_cb *cb, void *arg)
{
	struct timer *t = xzalloc(sizeof *t);

	if (l->timers == l->heap_cap) {
		l->heap_cap = l->heap_cap ? 2 * l->heap_cap : 64;
		l->heap = xrealloc(l->heap, l->heap_cap * sizeof(void *));
	}
	t->loop = l;
	t->cb = cb;
	t->arg = arg;
	t->due_ms = fresh_clock(l)->mono_ms + (delay_ms > 0 ? delay_ms : 0);
	t->seq = l->seq++;
	sift_up(l, l->timers++, t);
	return t;
}

static void
unlink_timer(struct timer *t)
{
	struct loop *l = t->loop;
	struct timer *last = l->heap[--l->timers];

	if (last == t)
		return;
	if (t->at > 0 && sooner(last, l->heap[(t->at - 1) / 2]))
		sift_up(l, t->at, last);
	else
		sift_down(l, t->at, last);
}

void
timer_cancel(struct timer **t)
{
	if (!t || !*t)
		return;
	unlink_timer(*t);
	free(*t);
	*t = NULL;
}

static void
run_timers(struct loop *l)
{
	uint64_t started_before = l->seq;

	while (l->timers > 0) {
		struct timer *t = l->heap[0];
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it left the heap */
		loop_cb *cb = t->cb;
		void *arg = t->arg;

		if (t->due_ms > l->clock->mono_ms || t->seq >= started_before)
			return;
		unlink_timer(t);
		free(t);
		cb(arg);
		if (is_spent(l))
			return;
	}
}

/* ---- next turn ---- */

static void
push(struct queue *q, loop_cb *cb, void *arg)
{
	if (q->n == q->cap) {
		q->cap = q->cap ? 2 * q->cap : 64;
		q->v = xrealloc(q->v, q->cap * sizeof(*q->v));
	}
	q->v[q->n++] = (struct later){ cb, arg };
}

void
loop_next_turn(struct loop *l, loop_cb *cb, void *arg)
{
	push(&l->next, cb, arg);
}

void
loop_turn_end(struct loop *l, loop_cb *cb, void *arg)
{
	push(&l->ending, cb, arg);
}

/* What a long turn left behind goes before what was put off meanwhile. */
static void
run_queue(struct loop *l)
{
	if (l->run == l->running.n) {
		struct queue q = l->next;

		l->next = l->running;
		l->next.n = 0;
		l->running = q;
		l->run = 0;
	}
	while (l->run < l->running.n) {
		struct later first = l->running.v[l->run++];

		first.cb(first.arg);
		if (is_spent(l))
			return;
	}
}

/* What these put off until the end of a turn goes into this one: it is all short. */
static void
run_ending(struct loop *l)
{
	for (size_t i = 0; i < l->ending.n; i++)
		l->ending.v[i].cb(l->ending.v[i].arg);
	l->ending.n = 0;
}

/* ---- turns ---- */

static int64_t
sleep_ms(const struct loop *l, int64_t wait_ms)
{
	if (l->next.n > 0 || l->run < l->running.n || l->stopped)
		return 0;
	if (l->timers > 0) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): freed ones left it */
		int64_t left = l->heap[0]->due_ms - l->clock->mono_ms;

		if (left < wait_ms)
			wait_ms = left;
	}
	return wait_ms > 0 ? wait_ms : 0;
}

/* A virtual clock does not sleep: waiting moves it. */
static void
poll_events(struct loop *l, int64_t wait_ms)
{
	struct timeval tv = { .tv_sec = (time_t)(wait_ms / 1000),
		              .tv_usec = (suseconds_t)(wait_ms % 1000 * 1000) };
	int flags = EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY;

	if (l->clock->is_virtual) {
		if (wait_ms > 0)
			clock_advance(l->clock, wait_ms);
		wait_ms = 0;
	}
	if (wait_ms == 0)
		flags |= EVLOOP_NONBLOCK;
	else
		evtimer_add(l->wake, &tv);
	l->stale = true;
	event_base_loop(l->base, flags);
	if (wait_ms != 0)
		evtimer_del(l->wake);
}

static void
count_turn(struct loop_turns *t, int64_t busy_us)
{
	unsigned i = 0;

	while (i < LOOP_TURN_BOUNDS && busy_us > loop_turn_bounds_us[i])
		i++;
	t->up_to[i]++;
	t->busy_us += (uint64_t)busy_us;
}

void
loop_turn(struct loop *l, int64_t wait_ms)
{
	int64_t busy;

	l->stale = true;
	fresh_clock(l);
	run_queue(l);
	run_timers(l);
	run_ending(l);
	busy = clock_mono_us() - l->woke_us;
	l->woke_us = 0;
	poll_events(l, sleep_ms(l, wait_ms));
	if (l->woke_us != 0)
		busy += clock_mono_us() - l->woke_us;
	count_turn(&l->turns, busy);
}

void
loop_read_turns(const struct loop *l, struct loop_turns *out)
{
	*out = l->turns;
}

#define LONGEST_SLEEP_MS 60000

void
loop_run(struct loop *l)
{
	l->stopped = false;
	while (!l->stopped)
		loop_turn(l, LONGEST_SLEEP_MS);
}

void
loop_stop(struct loop *l)
{
	l->stopped = true;
}

/* ---- signals ---- */

static void
on_signal(evutil_socket_t signal_number, short what, void *arg)
{
	struct watch *w = arg;

	(void)signal_number;
	(void)what;
	fresh_clock(w->loop);
	w->cb(w->arg);
}

void
loop_on_signal(struct loop *l, int signal, loop_cb *cb, void *arg)
{
	struct watch *w = xzalloc(sizeof *w);

	w->loop = l;
	w->cb = cb;
	w->arg = arg;
	w->ev = evsignal_new(l->base, signal, on_signal, w);
	if (!w->ev || evsignal_add(w->ev, NULL) != 0)
		abort();
	w->next = l->watches;
	l->watches = w;
}

/* What was put off until the next turn is mostly freeing: it still happens. */
#define LAST_TURNS 16

void
loop_free(struct loop *l)
{
	if (!l)
		return;
	l->woke_us = 0; /* this may last */
	for (int i = 0; i < LAST_TURNS && (l->next.n > 0 || l->run < l->running.n); i++) {
		run_queue(l);
		run_ending(l);
	}
	run_ending(l);
	while (l->watches) {
		struct watch *w = l->watches;

		l->watches = w->next;
		event_free(w->ev);
		free(w);
	}
	event_base_loop(l->base, EVLOOP_NONBLOCK); /* libevent frees late, too */
	for (size_t i = 0; i < l->timers; i++)
		free(l->heap[i]);
	free(l->heap);
	free(l->next.v);
	free(l->running.v);
	free(l->ending.v);
	event_free(l->wake);
	event_base_free(l->base);
	free(l);
}
