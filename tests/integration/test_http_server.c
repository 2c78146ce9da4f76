/* http_server against clients without manners. */
#include "tests/integration/http_world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static int
dial(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		                  .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* What the server says within ms, or until it closes; "EOF" or "RST" is appended. */
static const char *
listen_to(int fd, int64_t ms)
{
	static char said[8192];
	size_t n = 0;
	int64_t until = loop_clock(loop)->mono_ms + ms;

	said[0] = '\0';
	while (loop_clock(loop)->mono_ms < until && n + 8 < sizeof said) {
		ssize_t r = read(fd, said + n, sizeof said - 8 - n);

		if (r == 0 || (r < 0 && errno != EAGAIN)) {
			snprintf(said + n, 8, "%s", r == 0 ? "EOF" : "RST");
			return said;
		}
		n += r > 0 ? (size_t)r : 0;
		said[n] = '\0';
		loop_turn(loop, 5);
	}
	return said;
}

static void
send_text(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static const char *
say(const char *text)
{
	int fd = dial(http_server_port(server));
	const char *said;

	send_text(fd, text);
	said = listen_to(fd, 100);
	close(fd);
	return said;
}

#define HOST "Host: h\r\n"

static void
unreadable_requests_are_refused_and_cut_off(void **state)
{
	static const struct {
		const char *text, *status;
	} rows[] = {
		{ "GET /echo\r\n\r\n", "400" },
		{ "GET echo HTTP/1.1\r\n" HOST "\r\n", "400" },
		{ "GET /echo HTTP/1.1\r\n\r\n", "400" },
		{ "GET /echo HTTP/2.0\r\n" HOST "\r\n", "505" },
		{ "GET /echo HTTP/1.1\r\n" HOST "A : b\r\n\r\n", "400" },
		{ "GET /echo HTTP/1.1\r\n" HOST "A: b\r\n folded\r\n\r\n", "400" },
		{ "GET /echo HTTP/1.1\r\n" HOST HOST "\r\n", "400" },
		{ "GET /e\x01 HTTP/1.1\r\n" HOST "\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\n" HOST
		  "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		  "400" },
		{ "POST /echo HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", "400" },
		{ "POST /echo HTTP/1.1\r\n" HOST
		  "Content-Length: 99999999999999999999\r\n\r\n",
		  "400" },
		{ "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 2\r\n"
		  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		  "400" },
		{ "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n",
		  "501" },
		{ "POST /echo HTTP/1.1\r\n" HOST
		  "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
		  "400" },
		{ "POST /echo HTTP/1.1\r\n" HOST
		  "Transfer-Encoding: chunked\r\n\r\nffff\r\n",
		  NULL },
		{ "\x16\x03\x01\x02\r\n\r\n", "400" },
	};

	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *said = say(rows[i].text);

		if (!rows[i].status) {
			assert_string_equal(said, ""); /* waits for the rest */
			continue;
		}
		assert_non_null(strstr(said, rows[i].status));
		assert_ptr_equal(strstr(said, "HTTP/1.1 "), said);
		assert_non_null(strstr(said, "Connection: close"));
		assert_non_null(strstr(said, "EOF"));
	}
	assert_int_equal(handled, 0);
}

static void
readable_oddities_are_read(void **state)
{
	static const struct {
		const char *text, *body;
	} rows[] = {
		{ "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
		  "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n",
		  "\r\n\r\nabcde" },
		{ "\r\nGET http://h/echo HTTP/1.1\r\n" HOST "x-SAY:  hi \r\n\r\n",
		  "\r\n\r\nhi" },
		{ "GET /echo HTTP/1.0\r\nX-Say: old\r\n\r\n", "\r\n\r\noldEOF" },
		{ "HEAD /echo HTTP/1.1\r\n" HOST "X-Say: four\r\n\r\n",
		  "Content-Length: 4\r\n" },
		{ "GET /r/CODE HTTP/1.1\r\n" HOST "\r\n", "X-Rest: CODE\r\n" },
	};

	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *said = say(rows[i].text);

		assert_non_null(strstr(said, " 200 OK"));
		assert_non_null(strstr(said, rows[i].body));
		assert_null(strstr(said, "Set-Cookie"));
	}
}

static void
pipelined_requests_are_answered_in_order(void **state)
{
	const char *said = say(
	    "GET /echo HTTP/1.1\r\n" HOST "X-Say: one\r\n\r\n"
	    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\ntwo"
	    "GET /echo HTTP/1.1\r\n" HOST "X-Say: three\r\nConnection: close\r\n\r\n");
	const char *one = strstr(said, "\r\n\r\none"), *two = strstr(said, "\r\n\r\ntwo"),
	           *three = strstr(said, "\r\n\r\nthreeEOF");
	(void)state;

	assert_true(one && two && three && one < two && two < three);
}

static void
headers_without_end_are_cut(void **state)
{
	char text[4096] = "GET /echo HTTP/1.1\r\nX: ";
	(void)state;

	memset(text + strlen(text), 'x', 3000);
	assert_non_null(strstr(say(text), " 431 "));
}

static void
slow_peers_are_cut(void **state)
{
	int idle = dial(http_server_port(server)), slow = dial(http_server_port(server));
	const char *said;
	(void)state;

	send_text(slow, "GET /ec");
	said = listen_to(slow, IDLE_MS + 300);
	assert_non_null(strstr(said, " 408 "));
	assert_non_null(strstr(said, "EOF"));
	assert_string_equal(listen_to(idle, IDLE_MS + 300), "EOF");
	close(idle);
	close(slow);
}

static void
a_handler_hears_when_the_peer_leaves(void **state)
{
	static const char text[] =
	    "POST /hold HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx";
	int fd = dial(http_server_port(server));
	(void)state;

	send_text(fd, text);
	turn_for(50);
	assert_non_null(held);
	close(fd);
	turn_for(50);
	assert_int_equal(gone, 1);
	/* and one that does not listen may still answer */
	fd = dial(http_server_port(server));
	send_text(fd, "POST /deaf HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx");
	turn_for(50);
	assert_non_null(held);
	close(fd);
	turn_for(50);
	http_answer_text(held, 200, "late");
	assert_int_equal(gone, 1);
}

static void
a_late_answer_may_be_followed_by_the_next_request(void **state)
{
	static const char text[] =
	    "POST /hold HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx"
	    "GET /echo HTTP/1.1\r\n" HOST "X-Say: next\r\n\r\n";
	int fd = dial(http_server_port(server));
	const char *said;
	(void)state;

	send_text(fd, text);
	turn_for(50);
	assert_int_equal(handled, 0);
	http_answer_text(held, 200, "first");
	assert_int_equal(handled, 0); /* not from inside the answer */
	said = listen_to(fd, 100);
	assert_non_null(strstr(said, "first"));
	assert_non_null(strstr(said, "next"));
	close(fd);
}

/* More than is read ahead: the rest waits in the socket until the first is answered. */
static void
a_flood_behind_a_slow_request_waits_and_is_answered(void **state)
{
	enum { REQUESTS = 3000 };

	static const char first[] =
	    "POST /hold HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx";
	static const char each[] = "GET /echo HTTP/1.1\r\n" HOST "X-Say: again\r\n\r\n";
	static char flood[REQUESTS * sizeof each];
	size_t len = 0, sent = 0;
	int fd = dial(http_server_port(server));
	(void)state;

	for (int i = 0; i < REQUESTS; i++, len += sizeof each - 1)
		memcpy(flood + len, each, sizeof each - 1);
	send_text(fd, first);
	turn_for(20);
	for (int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;
	     handled < REQUESTS && loop_clock(loop)->mono_ms < until;) {
		static char said[65536];
		ssize_t n = sent < len ? write(fd, flood + sent, len - sent) : 0;

		sent += n > 0 ? (size_t)n : 0;
		loop_turn(loop, 1);
		if (held && sent > 40000) {
			assert_int_equal(handled, 0);
			http_answer_text(held, 200, "first");
			held = NULL;
		}
		while (read(fd, said, sizeof said) > 0)
			;
	}
	assert_int_equal(handled, REQUESTS);
	close(fd);
}

static void
an_answer_larger_than_the_socket_arrives_whole(void **state)
{
	int fd = dial(http_server_port(server));
	static char piece[65536];
	size_t total = 0;
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;
	(void)state;

	send_text(fd, "GET /big HTTP/1.0\r\n\r\n");
	for (;;) {
		ssize_t r = read(fd, piece, sizeof piece);

		if (r == 0 || loop_clock(loop)->mono_ms > until)
			break;
		total += r > 0 ? (size_t)r : 0;
		loop_turn(loop, 1);
	}
	assert_in_range(total, 3000001, 3001000);
	close(fd);
}

static void
connections_over_the_cap_wait_for_room(void **state)
{
	struct http_server *small = open_server(2);
	static const char hold[] =
	    "POST /hold HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx";
	static const char echo[] = "GET /echo HTTP/1.1\r\n" HOST "X-Say: in\r\n\r\n";
	int idle = dial(http_server_port(small)), busy[2], late;
	(void)state;

	for (int i = 0; i < 2; i++) {
		turn_for(20);
		busy[i] = dial(http_server_port(small));
		send_text(busy[i], hold);
	}
	assert_string_equal(listen_to(idle, 50), "EOF"); /* made room */
	late = dial(http_server_port(small));
	send_text(late, echo);
	assert_string_equal(listen_to(late, 50), "");
	close(busy[0]);
	assert_non_null(strstr(listen_to(late, 100), "in"));
	close(idle);
	close(busy[1]);
	close(late);
	turn_for(20);
	assert_int_equal(gone, 2);
	http_server_free(small);
}

static void
count_up(void *arg)
{
	++*(int *)arg;
}

static void
draining_finishes_what_is_open_and_takes_nothing_new(void **state)
{
	struct http_server *s = open_server(10);
	int port = http_server_port(s), drained = 0;
	int busy = dial(port), idle = dial(port);
	struct seen refused;
	(void)state;

	send_text(busy, "POST /hold HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx");
	turn_for(50);
	http_server_drain(s, count_up, &drained);
	assert_int_equal(drained, 0);
	assert_string_equal(listen_to(idle, 50), "EOF");
	assert_int_equal(drained, 0);
	begin_ask(&refused, "GET", port, "/echo", NULL);
	wait_seen(&refused);
	assert_int_equal(refused.err.fate, FATE_NOT);
	http_answer_text(held, 200, "bye");
	assert_non_null(strstr(listen_to(busy, 50), "bye"));
	turn_for(20);
	assert_int_equal(drained, 1);
	close(busy);
	close(idle);
	http_server_free(s);
	loop_turn(loop, 0);
}

static void
an_address_that_cannot_be_had_is_an_error(void **state)
{
	static const char *const bad[] = { "", "nonsense", "127.0.0.1", "localhost:80",
		                           "203.0.113.7:80" };
	struct err err;
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct http_server_options o = { .listen = bad[i],
			                         .routes = routes,
			                         .idle_ms = 1,
			                         .answer_ms = 1,
			                         .headers_max = 2048,
			                         .connections_max = 1 };

		assert_null(http_server_new(loop, &o, &err));
		assert_int_not_equal(err.code, ERR_NONE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(unreadable_requests_are_refused_and_cut_off),
		T(readable_oddities_are_read),
		T(pipelined_requests_are_answered_in_order),
		T(headers_without_end_are_cut),
		T(slow_peers_are_cut),
		T(a_handler_hears_when_the_peer_leaves),
		T(a_late_answer_may_be_followed_by_the_next_request),
		T(a_flood_behind_a_slow_request_waits_and_is_answered),
		T(an_answer_larger_than_the_socket_arrives_whole),
		T(connections_over_the_cap_wait_for_room),
		T(draining_finishes_what_is_open_and_takes_nothing_new),
		T(an_address_that_cannot_be_had_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
