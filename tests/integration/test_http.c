/* http_client against http_server, and each against a peer without manners. */
#include "lib/arena.h"
#include "lib/http_client.h"
#include "lib/http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <sys/socket.h>

#define WITHIN_MS 5000
#define IDLE_MS   300
#define ANSWER_MS 400
#define BODY_MAX  1000

static struct clock now;
static struct loop *loop;
static struct http_server *server;
static struct http_client *client;

/* ---- handlers ---- */

static struct http_exchange *held;
static int gone;
static unsigned handled;

static void
handle_echo(void *arg, struct http_exchange *x)
{
	size_t n;
	const char *body = http_body(x, &n);
	const char *say = http_header(x, "x-say");

	(void)arg;
	handled++;
	http_reply_header(x, "X-Rest", http_path_rest(x));
	http_reply_header(x, "X-Forged", "a\r\nSet-Cookie: b");
	if (say)
		http_answer(x, 200, "text/plain", say, strlen(say));
	else
		http_answer(x, 200, "application/octet-stream", body, n);
}

static void
on_gone(void *arg)
{
	(void)arg;
	gone++;
	held = NULL;
}

static void
handle_hold(void *arg, struct http_exchange *x)
{
	(void)arg;
	held = x;
	http_on_gone(x, on_gone, NULL);
}

static void
handle_hold_deaf(void *arg, struct http_exchange *x)
{
	(void)arg;
	held = x;
}

static void
handle_redirect(void *arg, struct http_exchange *x)
{
	(void)arg;
	http_reply_header(x, "Location", "/echo");
	http_answer_text(x, 302, "over there");
}

static void
handle_big(void *arg, struct http_exchange *x)
{
	char *big = xzalloc(3000000);

	(void)arg;
	memset(big, 'b', 3000000);
	http_answer(x, 200, "text/plain", big, 3000000);
	free(big);
}

static const struct http_route routes[] = {
	{ "GET", "/echo", 0, handle_echo, NULL },
	{ "POST", "/echo", BODY_MAX, handle_echo, NULL },
	{ "GET", "/r/*", 0, handle_echo, NULL },
	{ "*", "/any", 0, handle_echo, NULL },
	{ "POST", "/hold", BODY_MAX, handle_hold, NULL },
	{ "POST", "/deaf", BODY_MAX, handle_hold_deaf, NULL },
	{ "GET", "/redirect", 0, handle_redirect, NULL },
	{ "GET", "/big", 0, handle_big, NULL },
	{ NULL, NULL, 0, NULL, NULL },
};

static struct http_server *
open_server(unsigned connections_max)
{
	struct http_server_options o = { .listen = "127.0.0.1:0",
		                         .routes = routes,
		                         .idle_ms = IDLE_MS,
		                         .answer_ms = ANSWER_MS,
		                         .headers_max = 2048,
		                         .connections_max = connections_max };
	struct err err;
	struct http_server *s = http_server_new(loop, &o, &err);

	assert_non_null(s);
	return s;
}

static int
set_up(void **state)
{
	struct http_client_options o = { .connections = 4,
		                         .per_host = 4,
		                         .answer_max = 262144 };

	(void)state;
	clock_init(&now);
	loop = loop_new(&now);
	server = open_server(100);
	client = http_client_new(loop, &o);
	held = NULL;
	gone = 0;
	handled = 0;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	http_client_free(client);
	http_server_free(server);
	loop_free(loop);
	return 0;
}

/* ---- our client ---- */

struct seen {
	int times;
	struct err err;
	int status;
	size_t len;
	char text[64];
	struct http_op *op;
};

static void
on_reply(void *arg, const struct http_reply *r)
{
	struct seen *s = arg;

	s->op = NULL;
	s->times++;
	s->err = r->err;
	s->status = r->status;
	s->len = r->body_len;
	snprintf(s->text, sizeof s->text, "%s", r->body);
}

static void
turn_for(int64_t ms)
{
	int64_t until = loop_clock(loop)->mono_ms + ms;

	while (loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 10);
}

static void
wait_seen(struct seen *s)
{
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;

	assert_int_equal(s->times, 0); /* never from inside http_send */
	while (s->times == 0 && loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 10);
	assert_int_equal(s->times, 1);
}

static void
begin_ask(struct seen *s, const char *method, int port, const char *path,
          const char *body)
{
	char url[100];
	struct http_request rq = { .method = method,
		                   .url = url,
		                   .body = body,
		                   .body_len = body ? strlen(body) : 0,
		                   .deadline_ms = 2000 };

	*s = (struct seen){ 0 };
	snprintf(url, sizeof url, "http://127.0.0.1:%d%s", port, path);
	s->op = http_send(client, &rq, on_reply, s);
}

static struct seen
ask(const char *method, const char *path, const char *body)
{
	struct seen s;

	begin_ask(&s, method, http_server_port(server), path, body);
	wait_seen(&s);
	return s;
}

static void
each_request_gets_its_status(void **state)
{
	static const struct {
		const char *method, *path;
		size_t body;
		int status;
	} rows[] = {
		{ "GET", "/echo", 0, 200 },
		{ "POST", "/echo", 1, 200 },
		{ "POST", "/echo", BODY_MAX, 200 },
		{ "POST", "/echo", BODY_MAX + 1, 413 },
		{ "POST", "/echo", 100000, 413 },
		{ "PUT", "/echo", 1, 405 },
		{ "DELETE", "/any", 0, 200 },
		{ "GET", "/nothing", 0, 404 },
		{ "GET", "/echo/", 0, 404 },
		{ "GET", "/r/CODE?x=1", 0, 200 },
		{ "GET", "/redirect", 0, 302 },
		{ "POST", "/hold", 1, 503 },
	};

	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *body = xzalloc(rows[i].body + 1);
		struct seen s;

		memset(body, 'x', rows[i].body);
		s = ask(rows[i].method, rows[i].path, rows[i].body ? body : NULL);
		assert_int_equal(s.err.code, ERR_NONE);
		assert_int_equal(s.status, rows[i].status);
		if (rows[i].status == 200)
			assert_int_equal(s.len, rows[i].body);
		free(body);
	}
	assert_int_equal(gone, 1); /* the 503 */
}

static void
answers_over_the_cap_are_unknown(void **state)
{
	struct seen s = ask("GET", "/big", NULL);
	(void)state;

	assert_int_equal(s.err.code, ERR_TOO_LONG);
	assert_int_equal(s.err.fate, FATE_UNKNOWN);
	assert_int_equal(s.status, 0);
}

static void
a_refused_connection_is_surely_not(void **state)
{
	struct seen s;
	(void)state;

	begin_ask(&s, "POST", 18198, "/echo", "x");
	wait_seen(&s);
	assert_int_equal(s.err.code, ERR_CONNECT);
	assert_int_equal(s.err.fate, FATE_NOT);
}

static void
addresses_that_cannot_be_used_are_surely_not(void **state)
{
	static const char *const urls[] = { "ftp://127.0.0.1/x", "file:///etc/passwd",
		                            "http://", "not an address" };
	(void)state;

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct http_request rq = { .method = "GET",
			                   .url = urls[i],
			                   .deadline_ms = 2000 };
		struct seen s = { 0 };

		http_send(client, &rq, on_reply, &s);
		wait_seen(&s);
		assert_int_equal(s.err.fate, FATE_NOT);
		assert_int_not_equal(s.err.code, ERR_NONE);
	}
}

static void
cancelled_calls_stay_silent(void **state)
{
	struct seen s[3];
	(void)state;

	for (int i = 0; i < 3; i++)
		begin_ask(&s[i], "POST", http_server_port(server), "/hold", "x");
	http_cancel(&s[0].op); /* not even started */
	assert_null(s[0].op);
	http_cancel(&s[0].op);
	http_cancel(NULL);
	turn_for(100);
	http_cancel(&s[1].op); /* on its way */
	http_client_free(client);
	client = NULL;
	assert_int_equal(s[2].times, 1);
	assert_int_equal(s[2].err.code, ERR_SHUTDOWN);
	assert_int_equal(s[0].times + s[1].times, 0);
	turn_for(50);
	assert_int_equal(gone, 2); /* the server saw them leave */
}

/* ---- a server without manners ---- */

static const char *rude_text;
static unsigned rude_requests;

static void
rude_flushed(struct bufferevent *bev, void *arg)
{
	(void)arg;
	bufferevent_free(bev);
}

static void
rude_event(struct bufferevent *bev, short what, void *arg)
{
	(void)what;
	(void)arg;
	bufferevent_free(bev);
}

static void
rude_read(struct bufferevent *bev, void *arg)
{
	(void)arg;
	rude_requests++;
	bufferevent_setcb(bev, NULL, rude_flushed, rude_event, NULL);
	if (!rude_text || !*rude_text)
		bufferevent_free(bev);
	else
		bufferevent_write(bev, rude_text, strlen(rude_text));
}

static void
rude_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from, int len,
            void *arg)
{
	struct bufferevent *bev =
	    bufferevent_socket_new(loop_base(loop), fd, BEV_OPT_CLOSE_ON_FREE);

	(void)l;
	(void)from;
	(void)len;
	(void)arg;
	bufferevent_setcb(bev, rude_read, NULL, rude_event, NULL);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static struct evconnlistener *
open_rude(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	struct evconnlistener *l = evconnlistener_new_bind(
	    loop_base(loop), rude_accept, NULL, LEV_OPT_CLOSE_ON_FREE, 16,
	    (struct sockaddr *)&at, sizeof at);

	getsockname(evconnlistener_get_fd(l), (struct sockaddr *)&at, &len);
	*port = ntohs(at.sin_port);
	rude_requests = 0;
	return l;
}

static void
broken_answers_are_unknown_and_never_asked_twice(void **state)
{
	static const struct {
		const char *text;
		enum err_code code;
	} rows[] = {
		{ "", ERR_LOST },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", ERR_LOST },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
		  ERR_LOST },
		{ "<html>nothing here</html>\n", ERR_PEER },
	};

	int port;
	struct evconnlistener *rude = open_rude(&port);
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen s;

		rude_text = rows[i].text;
		begin_ask(&s, "POST", port, "/transfer", "{}");
		wait_seen(&s);
		assert_int_equal(s.err.fate, FATE_UNKNOWN);
		assert_int_equal(s.err.code, rows[i].code);
		assert_int_equal(rude_requests, i + 1);
	}
	evconnlistener_free(rude);
}

/* Answers the first request and keeps the connection; takes the second and closes. */
static void
kept_read(struct bufferevent *bev, void *arg)
{
	static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

	(void)arg;
	rude_requests++;
	if (rude_requests == 1)
		bufferevent_write(bev, ok, sizeof ok - 1);
	else
		bufferevent_free(bev);
}

static void
kept_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from, int len,
            void *arg)
{
	struct bufferevent *bev =
	    bufferevent_socket_new(loop_base(loop), fd, BEV_OPT_CLOSE_ON_FREE);

	(void)l;
	(void)from;
	(void)len;
	(void)arg;
	bufferevent_setcb(bev, kept_read, NULL, rude_event, NULL);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

static void
a_kept_connection_that_dies_does_not_repeat_the_request(void **state)
{
	int port;
	struct evconnlistener *l = open_rude(&port);
	struct seen s;
	(void)state;

	evconnlistener_set_cb(l, kept_accept, NULL);
	begin_ask(&s, "POST", port, "/transfer", "{}");
	wait_seen(&s);
	assert_int_equal(s.status, 200);
	begin_ask(&s, "POST", port, "/transfer", "{}");
	wait_seen(&s);
	assert_int_equal(s.err.fate, FATE_UNKNOWN);
	assert_int_equal(rude_requests, 2);
	evconnlistener_free(l);
}

static void
silence_is_unknown_and_a_full_backlog_is_not(void **state)
{
	struct http_request rq = { .method = "POST",
		                   .url = "http://192.0.2.1:9/x",
		                   .deadline_ms = 150 };
	char url[64];
	struct seen s = { 0 };
	(void)state;

	http_send(client, &rq, on_reply, &s);
	wait_seen(&s);
	assert_int_equal(s.err.fate, FATE_NOT); /* no connection was ever there */
	s = (struct seen){ 0 };
	snprintf(url, sizeof url, "http://127.0.0.1:%d/hold", http_server_port(server));
	rq.url = url;
	http_send(client, &rq, on_reply, &s);
	wait_seen(&s);
	assert_int_equal(s.err.code, ERR_TIMEOUT);
	assert_int_equal(s.err.fate, FATE_UNKNOWN);
}

/* ---- a client without manners ---- */

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
	static const char text[] = "GET /echo HTTP/1.1\r\n" HOST "X-Say: in\r\n\r\n";
	int fd[3];
	(void)state;

	for (int i = 0; i < 3; i++) {
		fd[i] = dial(http_server_port(small));
		turn_for(20);
	}
	send_text(fd[2], text);
	assert_string_equal(listen_to(fd[2], 50), "");
	close(fd[0]);
	assert_non_null(strstr(listen_to(fd[2], 100), "in"));
	close(fd[1]);
	close(fd[2]);
	http_server_free(small);
	loop_turn(loop, 0);
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

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_request_gets_its_status),
		T(answers_over_the_cap_are_unknown),
		T(a_refused_connection_is_surely_not),
		T(addresses_that_cannot_be_used_are_surely_not),
		T(cancelled_calls_stay_silent),
		T(broken_answers_are_unknown_and_never_asked_twice),
		T(a_kept_connection_that_dies_does_not_repeat_the_request),
		T(silence_is_unknown_and_a_full_backlog_is_not),
		T(unreadable_requests_are_refused_and_cut_off),
		T(readable_oddities_are_read),
		T(pipelined_requests_are_answered_in_order),
		T(headers_without_end_are_cut),
		T(slow_peers_are_cut),
		T(a_handler_hears_when_the_peer_leaves),
		T(a_late_answer_may_be_followed_by_the_next_request),
		T(an_answer_larger_than_the_socket_arrives_whole),
		T(connections_over_the_cap_wait_for_room),
		T(draining_finishes_what_is_open_and_takes_nothing_new),
		T(an_address_that_cannot_be_had_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
