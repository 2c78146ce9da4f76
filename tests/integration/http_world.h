/* A loop with our HTTP server and client, for tests of either. */
#ifndef TESTS_INTEGRATION_HTTP_WORLD_H
#define TESTS_INTEGRATION_HTTP_WORLD_H

#include "lib/arena.h"
#include "lib/http_client.h"
#include "lib/http_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static inline void
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

static inline void
on_gone(void *arg)
{
	(void)arg;
	gone++;
	held = NULL;
}

static inline void
handle_hold(void *arg, struct http_exchange *x)
{
	(void)arg;
	held = x;
	http_on_gone(x, on_gone, NULL);
}

static inline void
handle_hold_deaf(void *arg, struct http_exchange *x)
{
	(void)arg;
	held = x;
}

static inline void
handle_redirect(void *arg, struct http_exchange *x)
{
	(void)arg;
	http_reply_header(x, "Location", "/echo");
	http_answer_text(x, 302, "over there");
}

static inline void
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

static inline struct http_server *
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

static inline int
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

static inline int
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

static inline void
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

static inline void
turn_for(int64_t ms)
{
	int64_t until = loop_clock(loop)->mono_ms + ms;

	while (loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 10);
}

static inline void
wait_seen(struct seen *s)
{
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;

	assert_int_equal(s->times, 0); /* never from inside http_send */
	while (s->times == 0 && loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 10);
	assert_int_equal(s->times, 1);
}

static inline void
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

static inline struct seen
ask(const char *method, const char *path, const char *body)
{
	struct seen s;

	begin_ask(&s, method, http_server_port(server), path, body);
	wait_seen(&s);
	return s;
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
