/* Frames over one connection, however its bytes are cut, and the machine behind it.  A
 * frame here begins with its length, a digit: "3ab" is one, "0" is none, and no frame is
 * longer than 5. */
#include "lib/buf.h"
#include "lib/framed.h"
#include "lib/redial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 5

static struct clock now;
static struct loop *loop;
static struct framed framed;
static char room[512];
static struct buf told;
static int peer; /* the other end of the connection */
static int64_t again_ms;
static char closing; /* a frame of that letter makes us close */

static void
tell(const char *what, const void *more, size_t n)
{
	if (told.len > 0)
		buf_puts(&told, " ");
	buf_puts(&told, what);
	buf_put(&told, more, n);
}

static int32_t
length(const uint8_t *bytes, size_t n)
{
	if (n == 0)
		return 0;
	return bytes[0] > '0' && bytes[0] <= '9' ? bytes[0] - '0' : -1;
}

static void
on_opened(void *arg)
{
	(void)arg;
	tell("opened", "", 0);
}

static void
on_came(void *arg, const uint8_t *frame, size_t n)
{
	(void)arg;
	tell("", frame, n);
	if (n > 1 && frame[1] == closing)
		framed_close(&framed);
}

static void
on_lost(void *arg, const char *why)
{
	(void)arg;
	tell("lost: ", why, strlen(why));
}

static int64_t
on_work(void *arg)
{
	(void)arg;
	tell(".", "", 0);
	return again_ms;
}

static void
on_over(void *arg)
{
	(void)arg;
	tell("over", "", 0);
}

static void
turn(void)
{
	for (int i = 0; i < 5; i++)
		loop_turn(loop, 0);
}

static const char *
heard(void)
{
	static char copy[sizeof room];

	turn();
	memcpy(copy, told.at, told.len);
	copy[told.len] = '\0';
	buf_init(&told, room, sizeof room);
	return copy;
}

static void
peer_connects(void)
{
	int ends[2];

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	if (peer >= 0)
		close(peer);
	peer = ends[0];
	framed_adopt(&framed, ends[1]);
}

static void
peer_says(const char *bytes)
{
	assert_int_equal(write(peer, bytes, strlen(bytes)), strlen(bytes));
}

static int
set_up(void **state)
{
	static const struct framed_port port = { .length = length,
		                                 .most = MOST,
		                                 .no_length = "no such frame",
		                                 .opened = on_opened,
		                                 .came = on_came,
		                                 .lost = on_lost,
		                                 .work = on_work };
	(void)state;

	clock_init_virtual(&now, 1700000000000);
	loop = loop_new(&now);
	buf_init(&told, room, sizeof room);
	peer = -1;
	again_ms = INT64_MAX;
	closing = '\0';
	framed_start(&framed, loop, &port);
	assert_int_equal(told.len, 0); /* not from inside the call */
	assert_string_equal(heard(), ".");
	peer_connects();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	framed_stop(&framed);
	turn();
	loop_free(loop);
	close(peer);
	return 0;
}

static void
frames_come_whole_however_they_are_cut(void **state)
{
	static const struct {
		const char *bytes[4], *told;
	} rows[] = {
		{ { "3ab" }, "3ab ." },
		{ { "1" }, "1 ." },
		{ { "3ab4cde1" }, "3ab . 4cde . 1 ." },
		{ { "3", "ab" }, "3ab ." },
		{ { "3a", "b4c", "d", "e" }, "3ab . 4cde ." },
		{ { "5abcd" }, "5abcd ." },
		{ { "3ab6abcde3ab" }, "3ab . lost: no such frame ." },
		{ { "03ab" }, "lost: no such frame ." },
		{ { "3ab?" }, "3ab . lost: no such frame ." },
	};

	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		peer_connects();
		for (size_t k = 0; k < 4 && rows[i].bytes[k] != NULL; k++) {
			peer_says(rows[i].bytes[k]);
			turn();
		}
		assert_string_equal(heard(), rows[i].told);
	}
}

static void
a_frame_of_which_a_part_is_missing_is_not_told(void **state)
{
	(void)state;

	peer_says("5abc");
	assert_string_equal(heard(), "");
	close(peer);
	peer = -1;
	assert_string_equal(heard(), "lost: the peer closed .");
	assert_null(framed.stream);
}

static void
after_a_close_nothing_more_of_that_connection_is_told(void **state)
{
	(void)state;

	closing = 'x';
	peer_says("2a2x2b");
	assert_string_equal(heard(), "2a . 2x .");
	peer_connects();
	peer_says("2c");
	assert_string_equal(heard(), "2c .");
}

static void
what_is_written_leaves_before_the_close(void **state)
{
	char got[8] = "";
	(void)state;

	framed_write(&framed, "3ab", 3);
	framed_close(&framed);
	framed_write(&framed, "2c", 2); /* there is no connection */
	assert_string_equal(heard(), "");
	assert_int_equal(read(peer, got, sizeof got), 3);
	assert_string_equal(got, "3ab");
	assert_int_equal(read(peer, got, sizeof got), 0);
}

static void
nobody_there_is_a_loss_told_later(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof at;
	int deaf =
	    socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); /* bound, not listening */
	struct stream_options o = { .host = "127.0.0.1" };
	const char *said = "";
	(void)state;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(deaf, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(deaf, (struct sockaddr *)&at, &size), 0);
	o.port = ntohs(at.sin_port);
	framed_connect(&framed, &o);
	assert_int_equal(told.len, 0);
	for (int i = 0; i < 1000 && *said == '\0'; i++)
		said = heard();
	assert_string_equal(said, "lost: the connection failed .");
	close(deaf);
}

static void
work_is_done_when_it_said_and_when_it_is_poked(void **state)
{
	int64_t again = again_ms = now.mono_ms + 50;
	(void)state;

	framed_poke(&framed);
	framed_poke(&framed);
	assert_string_equal(heard(), ".");
	again_ms = INT64_MAX;
	while (told.len == 0)
		loop_turn(loop, 1);
	assert_in_range(now.mono_ms, again, again + 1);
	assert_string_equal(heard(), ".");
}

static void
the_end_is_told_once(void **state)
{
	(void)state;

	framed_over(&framed);
	assert_string_equal(heard(), "");
	framed_drain(&framed, on_over, NULL);
	assert_string_equal(heard(), ".");
	framed_over(&framed);
	assert_int_equal(told.len, 0);
	framed_over(&framed);
	assert_string_equal(heard(), "over");
}

/* How long it waits is between half and the whole of what a row says. */
static void
who_refuses_is_called_again_later_than_who_is_lost(void **state)
{
	enum { LOST, UP, STEADY, REFUSED };

	static const struct {
		int what;
		int64_t whole_ms;
	} rows[] = {
		{ LOST, 1000 },      { LOST, 2000 },      { LOST, 4000 },
		{ UP, 8000 }, /* up for too short a time to have proven itself */
		{ STEADY, 1000 },    { LOST, 2000 },      { REFUSED, 30000 },
		{ LOST, 30000 }, /* nothing is mended by a loss */
		{ REFUSED, 60000 },  { REFUSED, 120000 }, { REFUSED, 240000 },
		{ REFUSED, 480000 }, { REFUSED, 900000 }, { REFUSED, 900000 },
		{ UP, 60000 },       { STEADY, 1000 },
	};
	struct redial r = { 0 };
	uint64_t chance = 7;
	int64_t at = 5000;
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t when;

		if (rows[i].what == REFUSED)
			redial_refused(&r);
		else if (rows[i].what != LOST)
			redial_up(&r, at);
		at += rows[i].what == STEADY ? 10000 : 9999;
		when = redial_when(&r, &chance, at);
		assert_in_range(when - at, rows[i].whole_ms / 2, rows[i].whole_ms);
		at = when;
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(frames_come_whole_however_they_are_cut),
		T(a_frame_of_which_a_part_is_missing_is_not_told),
		T(after_a_close_nothing_more_of_that_connection_is_told),
		T(what_is_written_leaves_before_the_close),
		T(nobody_there_is_a_loss_told_later),
		T(work_is_done_when_it_said_and_when_it_is_poked),
		T(the_end_is_told_once),
		cmocka_unit_test(who_refuses_is_called_again_later_than_who_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
