/* http_client against our server, and against one without manners. */
#include "tests/integration/http_world.h"

#include <arpa/inet.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <sys/socket.h>

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
