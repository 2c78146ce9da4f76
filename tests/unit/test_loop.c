/* The loop in virtual time: order of timers, next turns, and what callbacks may do. */
#include "lib/backoff.h"
#include "lib/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <event2/event.h>
#include <unistd.h>

static struct clock now;
static struct loop *loop;
static char order[256];
static char n[] = "n", t[] = "t", s[] = "s", u[] = "u", first[] = "a", second[] = "b";

static int
set_up(void **state)
{
	(void)state;
	clock_init_virtual(&now, 1700000000000);
	loop = loop_new(&now);
	order[0] = '\0';
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static void
note(void *arg)
{
	strncat(order, arg, sizeof order - strlen(order) - 1);
}

static void
timers_fire_by_deadline_and_then_by_start(void **state)
{
	static char names[] = "abcdefgh";
	static const int64_t due[] = { 50, 10, 30, 10, 0, 20, 30, -5 };
	char text[8][2];
	(void)state;

	for (int i = 0; i < 8; i++) {
		text[i][0] = names[i];
		text[i][1] = '\0';
		timer_start(loop, due[i], note, text[i]);
	}
	assert_string_equal(order, "");
	while (now.mono_ms < 100)
		loop_turn(loop, 100 - now.mono_ms);
	assert_string_equal(order, "ehbdfcga");
}

static void
a_cancelled_timer_is_silent(void **state)
{
	struct timer *timers[100];
	char seen[100][2];
	(void)state;

	for (int i = 0; i < 100; i++) {
		seen[i][0] = (char)('0' + i % 10);
		seen[i][1] = '\0';
		timers[i] = timer_start(loop, (i * 37) % 100, note, seen[i]);
	}
	for (int i = 0; i < 100; i++) {
		if (i != 42)
			timer_cancel(&timers[i]);
	}
	timer_cancel(&timers[0]);
	timer_cancel(NULL);
	while (now.mono_ms < 300)
		loop_turn(loop, 300 - now.mono_ms);
	assert_string_equal(order, "2");
}

static void
again(void *arg)
{
	note(arg);
	if (strlen(order) < 5)
		loop_next_turn(loop, again, arg);
}

static void
again_by_timer(void *arg)
{
	note(arg);
	if (strlen(order) < 5)
		timer_start(loop, 0, again_by_timer, arg);
}

static void
what_a_callback_asks_for_waits_for_another_turn(void **state)
{
	(void)state;

	loop_next_turn(loop, again, n);
	loop_turn(loop, 0);
	assert_string_equal(order, "n");
	loop_turn(loop, 0);
	assert_string_equal(order, "nn");
	while (strlen(order) < 5)
		loop_turn(loop, 0);
	order[0] = '\0';
	timer_start(loop, 0, again_by_timer, t);
	loop_turn(loop, 0);
	assert_string_equal(order, "t");
	assert_int_equal(now.mono_ms, 1);
}

static void
end_of_turn(void *arg)
{
	note(arg);
	loop_turn_end(loop, note, second);
}

static void
ends_turn(void *arg)
{
	note(arg);
	loop_turn_end(loop, end_of_turn, first);
}

static void
the_end_of_a_turn_comes_behind_all_else_of_it(void **state)
{
	(void)state;

	loop_next_turn(loop, ends_turn, n);
	timer_start(loop, 0, note, t);
	loop_next_turn(loop, note, u);
	loop_turn(loop, 0);
	assert_string_equal(order, "nutab");
	loop_turn(loop, 0);
	assert_string_equal(order, "nutab");
}

/* A model: whatever is started and cancelled, what fires is what is due, in order. */
static int64_t last_due;
static unsigned fired;

struct wanted {
	struct timer *t;
	int64_t due;
};

static void
on_wanted(void *arg)
{
	struct wanted *w = arg;

	w->t = NULL;
	fired++;
	assert_true(w->due >= last_due);
	assert_true(w->due <= now.mono_ms);
	last_due = w->due;
}

static void
many_timers_keep_their_order(void **state)
{
	static struct wanted w[500];
	unsigned started = 0, cancelled = 0;
	(void)state;

	memset(w, 0, sizeof w);
	srandom(7);
	last_due = 0;
	fired = 0;
	for (int round = 0; round < 20000; round++) {
		struct wanted *one = &w[random() % 500];

		if (one->t) {
			timer_cancel(&one->t);
			cancelled++;
		} else {
			int64_t delay = random() % 1000;

			one->due = now.mono_ms + delay;
			one->t = timer_start(loop, delay, on_wanted, one);
			started++;
		}
		if (round % 16 == 0)
			loop_turn(loop, random() % 8);
	}
	while (now.mono_ms < last_due + 2000)
		loop_turn(loop, 100);
	assert_int_equal(fired + cancelled, started);
}

static void
stop(void *arg)
{
	note(arg);
	loop_stop(loop);
}

static void
a_day_of_waiting_takes_no_time(void **state)
{
	(void)state;

	timer_start(loop, 86400000, stop, s);
	loop_run(loop);
	assert_string_equal(order, "s");
	assert_int_equal(now.wall_ms, 1700000000000 + 86400000);
}

static void
signals_arrive_on_the_loop(void **state)
{
	(void)state;

	loop_on_signal(loop, SIGUSR1, stop, u);
	raise(SIGUSR1);
	assert_string_equal(order, "");
	loop_run(loop);
	assert_string_equal(order, "u");
}

static void
waiting_grows_to_its_cap_with_jitter(void **state)
{
	struct backoff b = { 0 };
	int64_t whole = 50;
	(void)state;

	for (int i = 0; i < 70; i++) {
		int64_t ms = backoff_next(&b, 50, 2000);

		assert_in_range(ms, whole / 2, whole);
		whole = whole * 2 > 2000 ? 2000 : whole * 2;
	}
}

/* In real time: each is busy longer than one turn should be. */
static void
spin(void *arg)
{
	int64_t began = clock_mono_us();

	note(arg);
	while (clock_mono_us() - began <= LOOP_SPENT_US)
		;
}

static void
a_burst_is_spread_over_turns_in_order(void **state)
{
	struct clock real;
	struct loop *busy;
	(void)state;

	clock_init(&real);
	busy = loop_new(&real);
	loop_next_turn(busy, spin, first);
	loop_next_turn(busy, spin, second);
	timer_start(busy, 0, spin, s);
	timer_start(busy, 0, spin, t);
	loop_turn(busy, 0); /* the first of each kind */
	assert_string_equal(order, "as");
	loop_next_turn(busy, note, u);
	loop_turn(busy, 0);
	assert_string_equal(order, "asbt");
	loop_turn(busy, 0);
	assert_string_equal(order, "asbtu");
	loop_free(busy);
}

static void
drain_byte(evutil_socket_t fd, short what, void *arg)
{
	char byte;

	(void)what;
	assert_int_equal(read(fd, &byte, 1), 1);
	(void)loop_clock(arg);
	spin(fd % 2 == 0 ? first : second);
	loop_rest(arg);
}

static void
sockets_that_are_ready_together_wait_for_their_turn(void **state)
{
	struct event *ev[4];
	struct clock real;
	struct loop *busy;
	int fds[4][2];
	(void)state;

	clock_init(&real);
	busy = loop_new(&real);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(pipe(fds[i]), 0);
		assert_int_equal(write(fds[i][1], "x", 1), 1);
		ev[i] = event_new(loop_base(busy), fds[i][0], EV_READ | EV_PERSIST,
		                  drain_byte, busy);
		event_add(ev[i], NULL);
	}
	for (size_t i = 1; i <= 4; i++) {
		loop_turn(busy, 60000);
		assert_int_equal(strlen(order), i);
	}
	for (unsigned i = 0; i < 4; i++) {
		event_free(ev[i]);
		close(fds[i][0]);
		close(fds[i][1]);
	}
	loop_free(busy);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(timers_fire_by_deadline_and_then_by_start),
		T(a_cancelled_timer_is_silent),
		T(what_a_callback_asks_for_waits_for_another_turn),
		T(the_end_of_a_turn_comes_behind_all_else_of_it),
		T(many_timers_keep_their_order),
		T(a_day_of_waiting_takes_no_time),
		T(signals_arrive_on_the_loop),
		T(a_burst_is_spread_over_turns_in_order),
		T(sockets_that_are_ready_together_wait_for_their_turn),
		T(waiting_grows_to_its_cap_with_jitter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
