#include "lib/http_conn.h"

#include "lib/arena.h"
#include "lib/http_tls.h"
#include "lib/log.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define LINGER_MS 1000
#define TYPE_MAX  200 /* of Content-Type */

/* ---- deadlines ---- */

static void no_tls(struct http_conn *c, const char *why);

static void
on_deadline(void *arg)
{
	struct http_conn *c = arg;
	struct http_exchange *x = c->x;
	int64_t left = c->due_ms - loop_clock(c->server->loop)->mono_ms;

	c->timer = NULL;
	if (left > 0) {
		c->timer = timer_start(c->server->loop, left, on_deadline, c);
		c->timer_ms = c->due_ms;
		return;
	}
	switch (c->state) {
	case HTTP_CONN_HANDSHAKE:
		no_tls(c, "not in time");
		break;
	case HTTP_CONN_HEAD:
		if (!c->receiving) {
			http_conn_close(c);
			break;
		}
		http_conn_refuse(c, 408, "");
		break;
	case HTTP_CONN_BODY:
		http_conn_refuse(c, 408, "");
		break;
	case HTTP_CONN_HANDLING:
		c->x = NULL;
		x->conn = NULL;
		http_conn_refuse(c, 503, "Retry-After: 5\r\n");
		http_exchange_abandon(x);
		break;
	case HTTP_CONN_WRITING:
	case HTTP_CONN_LINGER:
		http_conn_close(c);
		break;
	}
}

/* Most states end long before their deadline: a timer that is early looks again. */
void
http_conn_enter(struct http_conn *c, enum http_conn_state state, int64_t within_ms)
{
	c->state = state;
	c->due_ms = loop_clock(c->server->loop)->mono_ms + within_ms;
	if (c->timer && c->timer_ms <= c->due_ms)
		return;
	timer_cancel(&c->timer);
	c->timer = timer_start(c->server->loop, within_ms, on_deadline, c);
	c->timer_ms = c->due_ms;
}

/* ---- the end ---- */

static void
destroy(void *arg)
{
	struct http_conn *c = arg;

	bufferevent_free(c->bev);
	X509_free(c->certificate);
	inbox_free(&c->in);
	http_server_conn_gone(c->server);
	free(c);
}

/* No more comes: else the peer could not tell the end from a cut. */
static void
say_goodbye(SSL *ssl)
{
	SSL_shutdown(ssl);
	ERR_clear_error();
}

void
http_conn_close(struct http_conn *c)
{
	struct http_exchange *x = c->x;

	if (c->dead)
		return;
	c->dead = true;
	c->x = NULL;
	if (c->ssl && c->state != HTTP_CONN_HANDSHAKE)
		say_goodbye(c->ssl);
	timer_cancel(&c->timer);
	if (c->readable)
		event_free(c->readable);
	c->readable = NULL;
	bufferevent_setcb(c->bev, NULL, NULL, NULL, NULL);
	bufferevent_disable(c->bev, EV_READ | EV_WRITE);
	if (c->prev)
		c->prev->next = c->next;
	else
		c->server->conns = c->next;
	if (c->next)
		c->next->prev = c->prev;
	loop_next_turn(c->server->loop, destroy, c);
	if (!x)
		return;
	if (c->state == HTTP_CONN_HANDLING)
		http_exchange_abandon(x);
	else
		http_exchange_free(x); /* no handler has seen it */
}

/* Nobody to answer: there is no agreed way to. */
static void
no_tls(struct http_conn *c, const char *why)
{
	c->server->no_tls++;
	log_info(c->peer, "tls_refused", "why=\"%s\"", why);
	http_conn_close(c);
}

/* ---- answering ---- */

static void
steps_later(void *arg)
{
	struct http_conn *c = arg;

	if (!c->dead)
		http_conn_read_on(c);
}

static void
flushed(struct http_conn *c)
{
	if (c->close_after && c->linger_after) {
		if (c->ssl)
			say_goodbye(c->ssl);
		shutdown(bufferevent_getfd(c->bev), SHUT_WR);
		http_conn_enter(c, HTTP_CONN_LINGER, LINGER_MS);
	} else if (c->close_after || c->server->draining) {
		http_conn_close(c);
	} else {
		c->receiving = false;
		http_conn_enter(c, HTTP_CONN_HEAD, c->server->o.idle_ms);
		/* The next request may be here already, but its handler must not run
		 * inside the answer to this one.  The connection is freed by a call
		 * that comes later in the same queue, so the pointer holds. */
		if (!c->in_steps && c->in.len > 0)
			loop_next_turn(c->server->loop, steps_later, c);
	}
}

/* What the socket takes at once goes out without another turn; the rest is queued. */
static void
transmit(struct http_conn *c, const struct buf *head, const void *body, size_t n)
{
	union {
		const void *in;
		void *out;
	} u = { .in = body };
	struct iovec v[2] = { { head->at, head->len }, { u.out, n } };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = n > 0 ? 2 : 1 };
	ssize_t r = 0;
	size_t sent;

	if (!c->ssl && evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
		r = sendmsg(bufferevent_getfd(c->bev), &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	sent = r > 0 ? (size_t)r : 0;
	if (sent < head->len)
		bufferevent_write(c->bev, head->at + sent, head->len - sent);
	sent = sent > head->len ? sent - head->len : 0;
	if (sent < n)
		bufferevent_write(c->bev, (const char *)body + sent, n - sent);
}

static bool
has_body(int status)
{
	return status >= 200 && status != 204 && status != 304;
}

void
http_conn_respond(struct http_conn *c, const struct http_response *r)
{
	char storage[HTTP_EXTRA_HEADERS + 512];
	struct http_exchange *x = c->x;
	struct buf head;

	c->x = NULL;
	if (c->server->draining || (x && !x->head.keep_alive))
		c->close_after = true;
	buf_init(&head, storage, sizeof storage);
	buf_puts(&head, "HTTP/1.1 ");
	buf_put_i64(&head, r->status);
	buf_putc(&head, ' ');
	buf_puts(&head, http_reason(r->status));
	if (has_body(r->status)) {
		const char *type = r->content_type ? r->content_type : "text/plain";

		buf_puts(&head, "\r\nContent-Type: ");
		buf_put(&head, type, strnlen(type, TYPE_MAX));
		buf_puts(&head, "\r\nContent-Length: ");
		buf_put_i64(&head, (int64_t)r->n);
	}
	buf_puts(&head, "\r\n");
	buf_puts(&head, r->extra);
	buf_puts(&head, c->close_after ? "Connection: close\r\n\r\n" : "\r\n");
	transmit(c, &head, r->body, r->head_only || !has_body(r->status) ? 0 : r->n);
	http_exchange_free(x);
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) > 0)
		http_conn_enter(c, HTTP_CONN_WRITING, c->server->o.idle_ms);
	else
		flushed(c);
}

/* The route's pattern is logged, not the path: a path may hold a secret. */
void
http_conn_refuse(struct http_conn *c, int status, const char *extra)
{
	const char *reason = http_reason(status);
	struct http_response r = { .status = status,
		                   .content_type = "text/plain; charset=utf-8",
		                   .body = reason,
		                   .n = strlen(reason),
		                   .extra = extra };

	log_info(c->peer, "http_refused", "status=%d route=%s", status,
	         c->x && c->x->route ? c->x->route->path : "-");
	c->close_after = c->linger_after = true;
	if (c->x)
		r.head_only = strcmp(c->x->head.method, "HEAD") == 0;
	http_conn_respond(c, &r);
}

/* ---- events ---- */

/* A peer that closed its side may still be reading the answer that is being written. */
static void
on_end(struct http_conn *c, bool broken)
{
	if (broken || c->state != HTTP_CONN_WRITING) {
		http_conn_close(c);
		return;
	}
	c->close_after = true;
	if (c->readable)
		event_del(c->readable);
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct http_conn *c = arg;
	struct loop *loop = c->server->loop;

	(void)bev;
	(void)loop_clock(loop); /* the handler must see the time after the sleep */
	http_conn_read_stream(c);
	loop_rest(loop);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct http_conn *c = arg;
	struct loop *loop = c->server->loop;
	ssize_t n;

	(void)what;
	(void)loop_clock(loop); /* the handler must see the time after the sleep */
	n = recv(fd, c->server->scratch, c->server->ahead - c->in.len, 0);
	if (n > 0) {
		inbox_put(&c->in, c->server->scratch, (size_t)n);
		http_conn_read_on(c);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		on_end(c, n < 0);
	}
	loop_rest(loop);
}

static void
on_written(struct bufferevent *bev, void *arg)
{
	struct http_conn *c = arg;

	(void)bev;
	if (c->state == HTTP_CONN_WRITING)
		flushed(c);
}

/* A certificate that could not be checked has ended the handshake. */
static void
agreed(struct http_conn *c)
{
	if (SSL_get_verify_result(c->ssl) == X509_V_OK)
		c->certificate = SSL_get1_peer_certificate(c->ssl);
	http_conn_enter(c, HTTP_CONN_HEAD, c->server->o.idle_ms);
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct http_conn *c = arg;

	(void)loop_clock(c->server->loop);
	if ((what & BEV_EVENT_CONNECTED) && c->state == HTTP_CONN_HANDSHAKE)
		agreed(c);
	else if (c->state == HTTP_CONN_HANDSHAKE)
		no_tls(c, http_tls_why(c->ssl, bufferevent_get_openssl_error(bev)));
	else
		on_end(c, !(what & BEV_EVENT_EOF));
}

/* TLS is the stream's affair; what is plain we read ourselves, which is twice as fast. */
static void
begin_reading(struct http_conn *c, int fd)
{
	struct http_server *s = c->server;

	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	if (c->ssl) {
		bufferevent_setwatermark(c->bev, EV_READ, 0, s->ahead);
		bufferevent_enable(c->bev, EV_READ | EV_WRITE);
		return;
	}
	c->readable =
	    event_new(loop_base(s->loop), fd, EV_READ | EV_PERSIST, on_readable, c);
	if (!c->readable)
		abort();
	event_add(c->readable, NULL);
	bufferevent_enable(c->bev, EV_WRITE);
}

void
http_conn_open(struct http_server *s, int fd, const struct sockaddr *from)
{
	struct http_conn *c = xzalloc(sizeof *c);

	c->server = s;
	http_peer_name(from, c->peer);
	c->bev = http_conn_stream(s, fd, &c->ssl);
	if (!c->bev)
		abort();
	c->next = s->conns;
	if (c->next)
		c->next->prev = c;
	s->conns = c;
	s->conn_count++;
	s->accepted++;
	begin_reading(c, fd);
	if (c->ssl)
		http_conn_enter(c, HTTP_CONN_HANDSHAKE, s->o.handshake_ms);
	else
		http_conn_enter(c, HTTP_CONN_HEAD, s->o.idle_ms);
}
