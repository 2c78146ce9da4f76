#include "lib/http_conn.h"

#include "lib/arena.h"
#include "lib/http_tls.h"
#include "lib/log.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define LINGER_MS        1000
#define READ_AHEAD_BYTES 16384u
#define PIECE_BYTES      4096u

static void run_steps(struct http_conn *c);

/* ---- deadlines ---- */

static void refuse(struct http_conn *c, int status, const char *extra);
static void no_tls(struct http_conn *c, const char *why);

static void
on_deadline(void *arg)
{
	struct http_conn *c = arg;
	struct http_exchange *x = c->x;

	c->timer = NULL;
	switch (c->state) {
	case HTTP_CONN_HANDSHAKE:
		no_tls(c, "not in time");
		break;
	case HTTP_CONN_HEAD:
		if (!c->receiving) {
			http_conn_close(c);
			break;
		}
		refuse(c, 408, "");
		break;
	case HTTP_CONN_BODY:
		refuse(c, 408, "");
		break;
	case HTTP_CONN_HANDLING:
		c->x = NULL;
		x->conn = NULL;
		refuse(c, 503, "Retry-After: 5\r\n");
		http_exchange_abandon(x);
		break;
	case HTTP_CONN_WRITING:
	case HTTP_CONN_LINGER:
		http_conn_close(c);
		break;
	}
}

static void
enter(struct http_conn *c, enum http_conn_state state, int64_t within_ms)
{
	timer_cancel(&c->timer);
	c->state = state;
	c->timer = timer_start(c->server->loop, within_ms, on_deadline, c);
}

/* ---- the end ---- */

static void
destroy(void *arg)
{
	struct http_conn *c = arg;

	bufferevent_free(c->bev);
	X509_free(c->certificate);
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
		run_steps(c);
}

static void
flushed(struct http_conn *c)
{
	if (c->close_after && c->linger_after) {
		if (c->ssl)
			say_goodbye(c->ssl);
		shutdown(bufferevent_getfd(c->bev), SHUT_WR);
		enter(c, HTTP_CONN_LINGER, LINGER_MS);
	} else if (c->close_after || c->server->draining) {
		http_conn_close(c);
	} else {
		c->receiving = false;
		enter(c, HTTP_CONN_HEAD, c->server->o.idle_ms);
		/* The next request may be here already, but its handler must not run
		 * inside the answer to this one.  The connection is freed by a call
		 * that comes later in the same queue, so the pointer holds. */
		if (!c->in_steps &&
		    evbuffer_get_length(bufferevent_get_input(c->bev)) > 0)
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
	buf_printf(&head, "HTTP/1.1 %d %s\r\n", r->status, http_reason(r->status));
	if (has_body(r->status))
		buf_printf(&head, "Content-Type: %.200s\r\nContent-Length: %zu\r\n",
		           r->content_type ? r->content_type : "text/plain", r->n);
	buf_puts(&head, r->extra);
	buf_puts(&head, c->close_after ? "Connection: close\r\n\r\n" : "\r\n");
	transmit(c, &head, r->body, r->head_only || !has_body(r->status) ? 0 : r->n);
	http_exchange_free(x);
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) > 0)
		enter(c, HTTP_CONN_WRITING, c->server->o.idle_ms);
	else
		flushed(c);
}

/* The route's pattern is logged, not the path: a path may hold a secret. */
static void
refuse(struct http_conn *c, int status, const char *extra)
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

/* ---- reading ---- */

static int
begin_body(struct http_conn *c, struct http_exchange *x)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	c->chunked = (struct http_chunked){ 0 };
	if (!x->head.chunked && x->head.body_len > x->route->body_max)
		return 413;
	x->body_cap = x->head.chunked ? PIECE_BYTES : (size_t)x->head.body_len + 1;
	x->body = xzalloc(x->body_cap);
	if (x->head.expects_continue && (x->head.chunked || x->head.body_len > 0))
		bufferevent_write(c->bev, go_on, sizeof go_on - 1);
	return 0;
}

static void
begin_exchange(struct http_conn *c, const void *bytes, size_t len)
{
	struct http_exchange *x = xzalloc(sizeof *x);
	char allow_bytes[128], extra[160];
	struct buf allow;
	int status;

	x->server = c->server;
	x->conn = c;
	x->rest = "";
	x->text = xzalloc(len + 1);
	memcpy(x->text, bytes, len);
	memcpy(x->peer, c->peer, sizeof x->peer);
	buf_init(&x->extra, x->extra_bytes, sizeof x->extra_bytes);
	buf_init(&allow, allow_bytes, sizeof allow_bytes);
	c->x = x;
	status = http_head_parse(x->text, len, &x->head);
	if (status == 0)
		x->route = http_route_find(c->server->o.routes, &x->head, &x->rest,
		                           &status, &allow);
	if (x->route)
		status = begin_body(c, x);
	if (status == 0) {
		enter(c, HTTP_CONN_BODY, c->server->o.idle_ms);
		return;
	}
	snprintf(extra, sizeof extra, "Allow: %s\r\n", allow.at);
	refuse(c, status, status == 405 ? extra : "");
}

static bool
step_head(struct http_conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t max = c->server->o.headers_max, n = evbuffer_get_length(in), len;
	const unsigned char *bytes;

	if (n > max)
		n = max;
	bytes = evbuffer_pullup(in, (ev_ssize_t)n);
	if (n >= 2 && memcmp(bytes, "\r\n", 2) == 0) { /* a stray empty line is allowed */
		evbuffer_drain(in, 2);
		return true;
	}
	if (n == 0 || !bytes)
		return false;
	if (!c->receiving) {
		c->receiving = true;
		enter(c, HTTP_CONN_HEAD, c->server->o.idle_ms);
	}
	len = http_head_length((const char *)bytes, n);
	if (len > 0) {
		begin_exchange(c, bytes, len);
		evbuffer_drain(in, len);
		return true;
	}
	if (n == max)
		refuse(c, 431, "");
	return false;
}

static void
append_body(struct http_exchange *x, const char *bytes, size_t n)
{
	while (x->body_len + n + 1 > x->body_cap) {
		x->body_cap *= 2;
		x->body = xrealloc(x->body, x->body_cap);
	}
	memcpy(x->body + x->body_len, bytes, n);
	x->body_len += n;
	x->body[x->body_len] = '\0';
}

/* 0: more must come; 1: complete; else the status to refuse with. */
static int
read_chunks(struct http_conn *c, struct http_exchange *x, struct evbuffer *in)
{
	char piece[PIECE_BYTES];

	while (evbuffer_get_length(in) > 0) {
		int n = evbuffer_remove(in, piece, sizeof piece);
		size_t got = n > 0 ? (size_t)n : 0, kept = 0;
		size_t used = http_chunked_read(&c->chunked, piece, got, &kept);

		if (c->chunked.state == HTTP_CHUNK_BROKEN)
			return 400;
		if (x->body_len + kept > x->route->body_max)
			return 413;
		append_body(x, piece, kept);
		if (c->chunked.state == HTTP_CHUNK_DONE) {
			evbuffer_prepend(in, piece + used, got - used);
			return 1;
		}
	}
	return 0;
}

static int
read_counted(struct http_exchange *x, struct evbuffer *in)
{
	size_t left = (size_t)x->head.body_len - x->body_len;
	int n = left > 0 ? evbuffer_remove(in, x->body + x->body_len, left) : 0;

	if (n > 0)
		x->body_len += (size_t)n;
	return x->body_len == x->head.body_len;
}

static bool
step_body(struct http_conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	struct http_exchange *x = c->x;
	int status = x->head.chunked ? read_chunks(c, x, in) : read_counted(x, in);

	if (status > 1)
		refuse(c, status, "");
	if (status != 1)
		return false;
	enter(c, HTTP_CONN_HANDLING, c->server->o.answer_ms);
	x->route->handle(x->route->arg, x);
	return true;
}

static void
run_steps(struct http_conn *c)
{
	bool more = true;

	if (c->in_steps)
		return;
	c->in_steps = true;
	while (more && !c->dead) {
		if (c->state == HTTP_CONN_HEAD)
			more = step_head(c);
		else if (c->state == HTTP_CONN_BODY)
			more = step_body(c);
		else
			more = false;
	}
	c->in_steps = false;
	if (c->state == HTTP_CONN_LINGER && !c->dead)
		evbuffer_drain(bufferevent_get_input(c->bev), SIZE_MAX);
}

/* ---- events ---- */

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct http_conn *c = arg;
	struct loop *loop = c->server->loop;

	(void)bev;
	(void)loop_clock(loop); /* the handler must see the time after the sleep */
	run_steps(c);
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
	enter(c, HTTP_CONN_HEAD, c->server->o.idle_ms);
}

/* A peer that closed its side may still be reading the answer that is being written. */
static void
on_event(struct bufferevent *bev, short what, void *arg)
{
	struct http_conn *c = arg;

	(void)loop_clock(c->server->loop);
	if ((what & BEV_EVENT_CONNECTED) && c->state == HTTP_CONN_HANDSHAKE)
		agreed(c);
	else if (c->state == HTTP_CONN_HANDSHAKE)
		no_tls(c, http_tls_why(c->ssl, bufferevent_get_openssl_error(bev)));
	else if ((what & BEV_EVENT_EOF) && c->state == HTTP_CONN_WRITING)
		c->close_after = true;
	else
		http_conn_close(c);
}

void
http_conn_open(struct http_server *s, int fd, const struct sockaddr *from)
{
	struct http_conn *c = xzalloc(sizeof *c);
	size_t ahead =
	    s->o.headers_max > READ_AHEAD_BYTES ? s->o.headers_max : READ_AHEAD_BYTES;

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
	bufferevent_setwatermark(c->bev, EV_READ, 0, ahead);
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
	if (c->ssl)
		enter(c, HTTP_CONN_HANDSHAKE, s->o.handshake_ms);
	else
		enter(c, HTTP_CONN_HEAD, s->o.idle_ms);
}
