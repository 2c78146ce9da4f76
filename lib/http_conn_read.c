/* Reading: from the socket or the stream into the inbox, from there step by step into an
 * exchange, which is handed to its route. */
#include "lib/http_conn.h"

#include "lib/arena.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#define PIECE_BYTES 4096u

_Static_assert(PIECE_BYTES > HTTP_ROOM, "a body that grows is on the heap");

static int
begin_body(struct http_conn *c, struct http_exchange *x)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	c->chunked = (struct http_chunked){ 0 };
	if (!x->head.chunked && x->head.body_len > x->route->body_max)
		return 413;
	x->body_cap = x->head.chunked ? PIECE_BYTES : (size_t)x->head.body_len + 1;
	x->body = http_exchange_piece(x, x->body_cap);
	if (x->head.expects_continue && (x->head.chunked || x->head.body_len > 0))
		bufferevent_write(c->bev, go_on, sizeof go_on - 1);
	return 0;
}

static void
begin_exchange(struct http_conn *c, const void *bytes, size_t len)
{
	struct http_exchange *x = http_exchange_new(c);
	char allow_bytes[128], extra[160];
	struct buf allow;
	int status;

	x->text = http_exchange_piece(x, len + 1);
	memcpy(x->text, bytes, len);
	buf_init(&allow, allow_bytes, sizeof allow_bytes);
	c->x = x;
	status = http_head_parse(x->text, len, &x->head);
	if (status == 0)
		x->route = http_route_find(c->server->o.routes, &x->head, &x->rest,
		                           &status, &allow);
	if (x->route)
		status = begin_body(c, x);
	if (status == 0) {
		http_conn_enter(c, HTTP_CONN_BODY, c->server->o.idle_ms);
		return;
	}
	snprintf(extra, sizeof extra, "Allow: %s\r\n", allow.at);
	http_conn_refuse(c, status, status == 405 ? extra : "");
}

static bool
step_head(struct http_conn *c)
{
	size_t max = c->server->o.headers_max, len;
	size_t n = c->in.len < max ? c->in.len : max;

	if (n >= 2 &&
	    memcmp(c->in.at, "\r\n", 2) == 0) { /* a stray empty line is allowed */
		inbox_take(&c->in, 2);
		return true;
	}
	if (n == 0)
		return false;
	if (!c->receiving) {
		c->receiving = true;
		http_conn_enter(c, HTTP_CONN_HEAD, c->server->o.idle_ms);
	}
	len = http_head_length(c->in.at, n);
	if (len > 0) {
		const char *head = c->in.at;

		inbox_take(&c->in, len);
		begin_exchange(c, head, len);
		return true;
	}
	if (n == max)
		http_conn_refuse(c, 431, "");
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
read_chunks(struct http_conn *c, struct http_exchange *x)
{
	char piece[PIECE_BYTES];

	while (c->in.len > 0) {
		size_t n = c->in.len < sizeof piece ? c->in.len : sizeof piece, kept = 0;

		memcpy(piece, c->in.at, n);
		inbox_take(&c->in, http_chunked_read(&c->chunked, piece, n, &kept));
		if (c->chunked.state == HTTP_CHUNK_BROKEN)
			return 400;
		if (x->body_len + kept > x->route->body_max)
			return 413;
		append_body(x, piece, kept);
		if (c->chunked.state == HTTP_CHUNK_DONE)
			return 1;
	}
	return 0;
}

static int
read_counted(struct http_conn *c, struct http_exchange *x)
{
	size_t left = (size_t)x->head.body_len - x->body_len;
	size_t n = c->in.len < left ? c->in.len : left;

	memcpy(x->body + x->body_len, c->in.at, n);
	x->body_len += n;
	inbox_take(&c->in, n);
	return x->body_len == x->head.body_len;
}

static bool
step_body(struct http_conn *c)
{
	struct http_exchange *x = c->x;
	int status = x->head.chunked ? read_chunks(c, x) : read_counted(c, x);

	if (status > 1)
		http_conn_refuse(c, status, "");
	if (status != 1)
		return false;
	http_conn_enter(c, HTTP_CONN_HANDLING, c->server->o.answer_ms);
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
	if (c->state == HTTP_CONN_LINGER)
		inbox_take(&c->in, c->in.len);
}

/* What comes while a request is handled is read ahead, but only so much of it. */
static void
settle(struct http_conn *c)
{
	bool full = c->in.len >= c->server->ahead;

	inbox_keep(&c->in);
	if (c->readable && full != c->full && full)
		event_del(c->readable);
	else if (c->readable && full != c->full)
		event_add(c->readable, NULL);
	c->full = full;
}

/* The stream reads ahead too, and does not tell again what it has told. */
void
http_conn_read_stream(struct http_conn *c)
{
	struct evbuffer *from = bufferevent_get_input(c->bev);
	size_t room;
	int n = 1;

	while (!c->dead && c->in.len < c->server->ahead && n > 0) {
		room = c->server->ahead - c->in.len;
		n = evbuffer_remove(from, c->server->scratch, room);
		inbox_put(&c->in, c->server->scratch, n > 0 ? (size_t)n : 0);
		run_steps(c);
		if (!c->dead)
			settle(c);
	}
}

void
http_conn_read_on(struct http_conn *c)
{
	run_steps(c);
	if (c->dead)
		return;
	settle(c);
	if (c->ssl)
		http_conn_read_stream(c);
}
