#include "lib/arena.h"
#include "lib/http_conn.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
};

const char *
http_reason(int status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (reasons[i].status == status)
			return reasons[i].reason;
	}
	return "Other";
}

/* ---- routing ---- */

static bool
path_matches(const char *pattern, const char *path, const char **rest)
{
	size_t n = strlen(pattern);

	*rest = "";
	if (n == 0 || pattern[n - 1] != '*')
		return strcmp(pattern, path) == 0;
	if (strncmp(pattern, path, n - 1) != 0)
		return false;
	*rest = path + n - 1;
	return true;
}

static bool
method_matches(const char *wanted, const char *method)
{
	return strcmp(wanted, "*") == 0 || strcmp(wanted, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 && strcmp(wanted, "GET") == 0);
}

const struct http_route *
http_route_find(const struct http_route *routes, const struct http_head *head,
                const char **rest, int *status, struct buf *allow)
{
	*status = 404;
	for (const struct http_route *r = routes; r->method; r++) {
		if (!path_matches(r->path, head->path, rest))
			continue;
		if (method_matches(r->method, head->method))
			return r;
		buf_printf(allow, "%s%s", allow->len > 0 ? ", " : "", r->method);
		*status = 405;
	}
	return NULL;
}

/* ---- what came ---- */

const char *
http_method(const struct http_exchange *x)
{
	return x->head.method;
}

const char *
http_path(const struct http_exchange *x)
{
	return x->head.path;
}

const char *
http_path_rest(const struct http_exchange *x)
{
	return x->rest;
}

const struct x509_st *
http_client_certificate(const struct http_exchange *x)
{
	return x->conn ? x->conn->certificate : NULL;
}

const char *
http_query(const struct http_exchange *x)
{
	return x->head.query;
}

const char *
http_header(const struct http_exchange *x, const char *name)
{
	return http_head_field(&x->head, name);
}

const char *
http_body(const struct http_exchange *x, size_t *n)
{
	if (n)
		*n = x->body_len;
	return x->body ? x->body : "";
}

const char *
http_peer(const struct http_exchange *x)
{
	return x->peer;
}

/* ---- begin and end of an exchange ---- */

struct http_exchange *
http_exchange_new(struct http_conn *c)
{
	struct http_server *s = c->server;
	struct http_exchange *x = s->spare;

	if (x) {
		s->spare = x->next_orphan;
		s->spares--;
	} else {
		x = xzalloc(sizeof *x);
	}
	memset(x, 0, offsetof(struct http_exchange, extra_bytes));
	x->server = s;
	x->conn = c;
	x->rest = "";
	memcpy(x->peer, c->peer, sizeof x->peer);
	buf_init(&x->extra, x->extra_bytes, sizeof x->extra_bytes);
	return x;
}

char *
http_exchange_piece(struct http_exchange *x, size_t n)
{
	char *p = x->room + x->room_used;

	if (n > sizeof x->room - x->room_used)
		return xzalloc(n);
	x->room_used += n;
	return memset(p, 0, n);
}

static void
free_piece(struct http_exchange *x, char *p, size_t n)
{
	if (!p || (p >= x->room && p < x->room + sizeof x->room))
		return;
	explicit_bzero(p, n);
	free(p);
}

void
http_exchange_free(struct http_exchange *x)
{
	struct http_server *s;

	if (!x)
		return;
	s = x->server;
	free_piece(x, x->text, 0);
	free_piece(x, x->body, x->body_cap);
	explicit_bzero(x->room, x->room_used);
	if (s->spares == HTTP_SPARES) {
		free(x);
		return;
	}
	x->next_orphan = s->spare;
	s->spare = x;
	s->spares++;
}

/* A handler that did not ask to be told may still answer: the exchange is kept for it. */
void
http_exchange_abandon(struct http_exchange *x)
{
	loop_cb *gone = x->gone;
	void *arg = x->gone_arg;

	x->conn = NULL;
	if (!gone) {
		x->next_orphan = x->server->orphans;
		x->server->orphans = x;
		return;
	}
	http_exchange_free(x);
	gone(arg);
}

static void
drop_orphan(struct http_exchange *x)
{
	struct http_exchange **at = &x->server->orphans;

	while (*at && *at != x)
		at = &(*at)->next_orphan;
	if (*at)
		*at = x->next_orphan;
	http_exchange_free(x);
}

void
http_on_gone(struct http_exchange *x, loop_cb *cb, void *arg)
{
	x->gone = cb;
	x->gone_arg = arg;
}

static bool
is_plain(const char *s)
{
	return strpbrk(s, "\r\n") == NULL;
}

void
http_reply_header(struct http_exchange *x, const char *name, const char *value)
{
	struct buf before = x->extra;

	if (!is_plain(name) || !is_plain(value))
		return;
	buf_printf(&x->extra, "%s: %s\r\n", name, value);
	if (buf_ok(&x->extra))
		return;
	x->extra = before; /* whole lines or nothing */
	x->extra.at[x->extra.len] = '\0';
}

void
http_answer(struct http_exchange *x, int status, const char *content_type,
            const void *body, size_t n)
{
	struct http_response r = { .status = status,
		                   .content_type = content_type,
		                   .body = body,
		                   .n = n,
		                   .extra = x->extra.at,
		                   .head_only = strcmp(x->head.method, "HEAD") == 0 };

	if (x->conn)
		http_conn_respond(x->conn, &r);
	else
		drop_orphan(x);
}

void
http_answer_text(struct http_exchange *x, int status, const char *text)
{
	http_answer(x, status, "text/plain; charset=utf-8", text, strlen(text));
}

void
http_drop(struct http_exchange *x)
{
	struct http_conn *c = x->conn;

	if (!c) {
		drop_orphan(x);
		return;
	}
	c->x = NULL;
	http_exchange_free(x);
	http_conn_close(c);
}
