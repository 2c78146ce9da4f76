#include "lib/http_server.h"

#include "lib/arena.h"
#include "lib/http_conn.h"

#include <errno.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BACKLOG          1024
#define ACCEPT_RETRY_MS  100
#define READ_AHEAD_BYTES 16384u

/* Kept connections must not lock newcomers out: the oldest that waits for a request makes
 * room for the next one.  Those at work are never cut. */
static void
make_room(struct http_server *s)
{
	struct http_conn *oldest = NULL;

	for (struct http_conn *c = s->conns->next; c; c = c->next) {
		if (http_conn_is_idle(c))
			oldest = c;
	}
	if (oldest)
		http_conn_close(oldest);
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from,
          int len, void *arg)
{
	struct http_server *s = arg;

	(void)len;
	http_conn_open(s, fd, from);
	if (s->conn_count < s->o.connections_max)
		return;
	evconnlistener_disable(listener);
	make_room(s);
}

static void
on_retry(void *arg)
{
	struct http_server *s = arg;

	s->retry = NULL;
	if (s->listener && s->conn_count < s->o.connections_max)
		evconnlistener_enable(s->listener);
}

/* Out of descriptors, mostly: others have to close first. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct http_server *s = arg;

	evconnlistener_disable(listener);
	if (!s->retry)
		s->retry = timer_start(s->loop, ACCEPT_RETRY_MS, on_retry, s);
}

static int
parse_listen(const char *text, struct sockaddr_storage *out, int *len)
{
	const char *after = strchr(text, ']');
	const char *colon = strchr(after ? after : text, ':');
	bool any_port = colon && strcmp(colon, ":0") == 0;
	char with_port[64];

	if (!colon)
		return -1;
	/* the library takes no port 0 */
	snprintf(with_port, sizeof with_port, "%.*s%s", (int)(colon - text), text,
	         any_port ? ":1" : colon);
	*len = (int)sizeof *out;
	if (evutil_parse_sockaddr_port(with_port, (struct sockaddr *)out, len) != 0)
		return -1;
	if (any_port && out->ss_family == AF_INET6)
		((struct sockaddr_in6 *)out)->sin6_port = 0;
	else if (any_port)
		((struct sockaddr_in *)out)->sin_port = 0;
	return 0;
}

static int
listen_on(struct http_server *s, struct err *err)
{
	struct sockaddr_storage at = { 0 };
	unsigned flags =
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC;
	int len = 0, one = 1;

	if (parse_listen(s->o.listen, &at, &len) != 0)
		return err_set(err, ERR_SYNTAX, FATE_NOT,
		               "listen: wants a numeric address and a port");
	s->listener = evconnlistener_new_bind(loop_base(s->loop), on_accept, s, flags,
	                                      BACKLOG, (struct sockaddr *)&at, len);
	if (!s->listener)
		return err_set(err, ERR_CONNECT, FATE_NOT,
		               errno == EADDRINUSE ? "listen: the port is taken"
		                                   : "listen: the address cannot be had");
	/* accepted sockets inherit it */
	setsockopt(evconnlistener_get_fd(s->listener), IPPROTO_TCP, TCP_NODELAY, &one,
	           sizeof one);
	evconnlistener_set_error_cb(s->listener, on_accept_error);
	return 0;
}

struct http_server *
http_server_new(struct loop *loop, const struct http_server_options *o, struct err *err)
{
	struct http_server *s = xzalloc(sizeof *s);

	s->loop = loop;
	s->o = *o;
	if (s->o.headers_max < 256)
		s->o.headers_max = 256;
	if (s->o.connections_max == 0)
		s->o.connections_max = 1;
	if (listen_on(s, err) != 0) {
		free(s);
		return NULL;
	}
	s->ahead =
	    s->o.headers_max > READ_AHEAD_BYTES ? s->o.headers_max : READ_AHEAD_BYTES;
	s->scratch = xzalloc(s->ahead);
	s->o.listen = NULL;
	return s;
}

int
http_server_port(const struct http_server *s)
{
	struct sockaddr_in6 at = { 0 }; /* the port is at the same place in IPv4 */
	socklen_t len = sizeof at;

	if (!s->listener || getsockname(evconnlistener_get_fd(s->listener),
	                                (struct sockaddr *)&at, &len) != 0)
		return 0;
	return ntohs(at.sin6_port);
}

void
http_server_read_counts(const struct http_server *s, struct http_server_counts *out)
{
	*out = (struct http_server_counts){ s->accepted, s->no_tls, s->conn_count };
}

static void
tell_drained(void *arg)
{
	struct http_server *s = arg;
	loop_cb *cb = s->drained;

	if (!cb || s->conn_count > 0 || s->freed)
		return;
	s->drained = NULL;
	cb(s->drained_arg);
}

void
http_server_conn_gone(struct http_server *s)
{
	s->conn_count--;
	if (s->listener && !s->retry && s->conn_count < s->o.connections_max)
		evconnlistener_enable(s->listener);
	if (s->draining)
		tell_drained(s);
}

static void
stop_listening(struct http_server *s)
{
	timer_cancel(&s->retry);
	if (s->listener)
		evconnlistener_free(s->listener);
	s->listener = NULL;
}

void
http_server_drain(struct http_server *s, loop_cb *cb, void *arg)
{
	struct http_conn *next;

	s->draining = true;
	s->drained = cb;
	s->drained_arg = arg;
	stop_listening(s);
	for (struct http_conn *c = s->conns; c; c = next) {
		next = c->next;
		if (http_conn_is_idle(c))
			http_conn_close(c);
	}
	loop_next_turn(s->loop, tell_drained, s);
}

static void
destroy(void *arg)
{
	struct http_server *s = arg;

	while (s->orphans) {
		struct http_exchange *x = s->orphans;

		s->orphans = x->next_orphan;
		http_exchange_free(x);
	}
	while (s->spare) {
		struct http_exchange *x = s->spare;

		s->spare = x->next_orphan;
		free(x);
	}
	free(s->scratch);
	free(s);
}

void
http_server_free(struct http_server *s)
{
	if (!s)
		return;
	s->freed = true;
	stop_listening(s);
	while (s->conns)
		http_conn_close(s->conns);
	/* behind the connections, which are freed on the next turn too */
	loop_next_turn(s->loop, destroy, s);
}
