/* redis against a real server of its own, which is stopped, silenced and killed. */
#include "lib/redis.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define WITHIN_MS   5000
#define WATCHDOG_MS 200

static struct clock now;
static struct loop *loop;
static char socket_path[64], address[80];
static pid_t server;

struct seen {
	int times;
	struct err err;
	bool nil;
	int64_t integer;
	char text[64];
	size_t len;
	struct redis_op *op;
};

static void
on_reply(void *arg, const struct redis_reply *r)
{
	struct seen *s = arg;

	s->op = NULL;
	s->times++;
	s->err = r->err;
	s->nil = r->is_nil;
	s->integer = r->integer;
	s->len = r->len;
	memcpy(s->text, r->text, r->len < 63 ? r->len + 1 : 63);
}

static void
start_server(void)
{
	server = fork();
	if (server != 0)
		return;
	if (!freopen("/dev/null", "w", stdout))
		_exit(126);
	execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", socket_path,
	       "--save", "", "--appendonly", "no", "--dir", "/tmp", (char *)NULL);
	_exit(127);
}

static void
stop_server(void)
{
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
}

static void
wait_until_up(struct redis *r, bool up)
{
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;

	while (redis_is_up(r) != up && loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 20);
	assert_int_equal(redis_is_up(r), up);
}

static void
wait_seen(struct seen *s)
{
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;

	assert_int_equal(s->times, 0); /* never from inside the call */
	while (s->times == 0 && loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 20);
	assert_int_equal(s->times, 1);
}

static struct redis *
open_redis(void)
{
	struct redis *r = redis_new(loop, address, WATCHDOG_MS);

	wait_until_up(r, true);
	return r;
}

static void
close_redis(struct redis *r)
{
	redis_free(r);
	loop_turn(loop, 0);
}

static void
keys_are_set_read_counted_and_forgotten(void **state)
{
	struct redis *r = open_redis();
	struct seen s = { 0 };
	(void)state;

	redis_set(r, "{a}k", "v\0w", 3, 60000, on_reply, &s);
	wait_seen(&s);
	assert_int_equal(s.err.code, ERR_NONE);
	s = (struct seen){ 0 };
	redis_get(r, "{a}k", on_reply, &s);
	wait_seen(&s);
	assert_int_equal(s.len, 3);
	assert_memory_equal(s.text, "v\0w", 3);
	s = (struct seen){ 0 };
	redis_del(r, "{a}k", on_reply, &s);
	wait_seen(&s);
	assert_int_equal(s.integer, 1);
	s = (struct seen){ 0 };
	redis_get(r, "{a}k", on_reply, &s);
	wait_seen(&s);
	assert_true(s.nil);
	for (int64_t i = 1; i <= 3; i++) {
		s = (struct seen){ 0 };
		redis_count(r, "{a}c", 60000, on_reply, &s);
		wait_seen(&s);
		assert_int_equal(s.integer, i);
	}
	{
		static const char *const argv[] = { "PTTL", "{a}c" };
		static const size_t lens[] = { 4, 4 };

		s = (struct seen){ 0 };
		redis_command(r, 2, argv, lens, on_reply, &s);
		wait_seen(&s);
		assert_in_range(s.integer, 1, 60000);
	}
	close_redis(r);
}

static void
a_key_is_gone_after_its_time_to_live(void **state)
{
	struct redis *r = open_redis();
	struct seen s = { 0 };
	(void)state;

	assert_null(redis_set(r, "{a}short", "v", 1, 1, NULL, NULL));
	do {
		s = (struct seen){ 0 };
		redis_get(r, "{a}short", on_reply, &s);
		wait_seen(&s);
	} while (!s.nil);
	close_redis(r);
}

static void
an_error_of_redis_is_a_refusal(void **state)
{
	static const char *const argv[] = { "INCR", "{a}text" };
	static const size_t lens[] = { 4, 7 };
	struct redis *r = open_redis();
	struct seen s = { 0 };
	(void)state;

	redis_set(r, "{a}text", "no number", 9, 60000, NULL, NULL);
	redis_command(r, 2, argv, lens, on_reply, &s);
	wait_seen(&s);
	assert_int_equal(s.err.code, ERR_REFUSED);
	assert_int_equal(s.err.fate, FATE_NOT);
	s = (struct seen){ 0 };
	redis_count(r, "{a}text", 1000, on_reply, &s);
	wait_seen(&s);
	assert_int_equal(s.err.code, ERR_REFUSED);
	close_redis(r);
}

static void
a_silent_server_is_given_up_by_the_watchdog(void **state)
{
	struct redis *r = open_redis();
	struct seen s[50] = { 0 };
	int64_t began;
	(void)state;

	kill(server, SIGSTOP);
	began = loop_clock(loop)->mono_ms;
	for (int i = 0; i < 50; i++)
		s[i].op = redis_get(r, "{a}k", on_reply, &s[i]);
	redis_cancel(&s[49].op);
	assert_null(s[49].op);
	wait_seen(&s[0]);
	assert_in_range(loop_clock(loop)->mono_ms - began, WATCHDOG_MS - 5, 2000);
	for (int i = 0; i < 49; i++) {
		assert_int_equal(s[i].times, 1);
		assert_int_equal(s[i].err.fate, FATE_UNKNOWN);
	}
	assert_int_equal(s[0].err.code, ERR_TIMEOUT);
	assert_int_equal(s[49].times, 0);
	assert_false(redis_is_up(r));
	s[0] = (struct seen){ 0 };
	redis_get(r, "{a}k", on_reply, &s[0]);
	wait_seen(&s[0]);
	assert_int_equal(s[0].err.code, ERR_CONNECT);
	assert_int_equal(s[0].err.fate, FATE_NOT);
	kill(server, SIGCONT);
	wait_until_up(r, true);
	close_redis(r);
}

/* A command late in the life of another's watchdog gets its whole time. */
static void
silence_is_counted_from_the_command(void **state)
{
	struct redis *r = open_redis();
	struct seen s = { 0 };
	int64_t began = loop_clock(loop)->mono_ms;
	(void)state;

	redis_get(r, "{a}k", on_reply, &s);
	wait_seen(&s);
	while (loop_clock(loop)->mono_ms < began + WATCHDOG_MS - 20)
		loop_turn(loop, 5);
	kill(server, SIGSTOP);
	s = (struct seen){ 0 };
	redis_get(r, "{a}k", on_reply, &s);
	while (loop_clock(loop)->mono_ms < began + WATCHDOG_MS + 60)
		loop_turn(loop, 5);
	assert_int_equal(s.times, 0);
	kill(server, SIGCONT);
	wait_seen(&s);
	assert_int_equal(s.err.code, ERR_NONE);
	close_redis(r);
}

static void
a_killed_server_is_found_again(void **state)
{
	struct redis *r = open_redis();
	struct seen s[2] = { 0 };
	(void)state;

	kill(server, SIGSTOP);
	redis_get(r, "{a}k", on_reply, &s[0]);
	stop_server();
	wait_seen(&s[0]);
	assert_int_equal(s[0].err.code, ERR_LOST);
	assert_int_equal(s[0].err.fate, FATE_UNKNOWN);
	wait_until_up(r, false);
	start_server();
	wait_until_up(r, true);
	redis_get(r, "{a}k", on_reply, &s[1]);
	wait_seen(&s[1]);
	assert_int_equal(s[1].err.code, ERR_NONE);
	close_redis(r);
}

/* A callback that asks again and frees the client. */
struct ender {
	struct redis *r;
	struct seen inner, beside;
	int times;
};

static void
on_end(void *arg, const struct redis_reply *reply)
{
	struct ender *e = arg;

	(void)reply;
	e->times++;
	redis_cancel(&e->beside.op);
	redis_get(e->r, "{a}k", on_reply, &e->inner);
	redis_free(e->r);
	assert_int_equal(e->inner.times, 1);
	assert_int_equal(e->inner.err.code, ERR_SHUTDOWN);
}

static void
a_callback_may_free_the_client(void **state)
{
	struct ender e = { .r = open_redis() };
	struct seen behind = { 0 };
	(void)state;

	redis_get(e.r, "{a}k", on_end, &e);
	e.beside.op = redis_get(e.r, "{a}k", on_reply, &e.beside);
	redis_get(e.r, "{a}k", on_reply, &behind);
	while (e.times == 0)
		loop_turn(loop, 20);
	loop_turn(loop, 0);
	loop_turn(loop, 0);
	assert_int_equal(e.beside.times, 0);
	assert_int_equal(behind.times, 1);
}

static void
without_a_server_nothing_waits(void **state)
{
	struct redis *r = redis_new(loop, "unix:/nowhere/redis.sock", WATCHDOG_MS);
	struct redis *tcp = redis_new(loop, "127.0.0.1:18199", WATCHDOG_MS);
	struct seen s[2] = { 0 };
	(void)state;

	redis_get(r, "{a}k", on_reply, &s[0]);
	redis_get(tcp, "{a}k", on_reply, &s[1]);
	wait_seen(&s[0]);
	assert_int_equal(s[0].err.code, ERR_CONNECT);
	assert_int_equal(s[1].err.code, ERR_CONNECT);
	for (int i = 0; i < 20; i++)
		loop_turn(loop, 20);
	assert_false(redis_is_up(r));
	assert_false(redis_is_up(tcp));
	close_redis(r);
	close_redis(tcp);
}

static int
set_up(void **state)
{
	(void)state;
	clock_init(&now);
	loop = loop_new(&now);
	snprintf(socket_path, sizeof socket_path, "/tmp/adit_test_redis_%d.sock",
	         (int)getpid());
	snprintf(address, sizeof address, "unix:%s", socket_path);
	start_server();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	stop_server();
	unlink(socket_path);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_set_read_counted_and_forgotten),
		cmocka_unit_test(a_key_is_gone_after_its_time_to_live),
		cmocka_unit_test(an_error_of_redis_is_a_refusal),
		cmocka_unit_test(a_silent_server_is_given_up_by_the_watchdog),
		cmocka_unit_test(silence_is_counted_from_the_command),
		cmocka_unit_test(a_killed_server_is_found_again),
		cmocka_unit_test(a_callback_may_free_the_client),
		cmocka_unit_test(without_a_server_nothing_waits),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
