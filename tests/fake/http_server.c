/* The scripted http_server; see server.h. */
#include "tests/fake/server.h"

#include "lib/arena.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct http_exchange {
	const struct script_call *call;
	char method[8], path[900], query[300], basic[400], length[24];
	const char *rest;
	bool is_over;
};

static struct { /* of the latest */
	struct answer answer;
	char *body;
	char type[64];
} said;

static bool
matches(const struct http_route *r, struct http_exchange *x)
{
	size_t n = strlen(r->path);

	if (strcmp(r->method, "*") != 0 && strcmp(r->method, x->method) != 0)
		return false;
	x->rest = "";
	if (r->path[n - 1] != '*')
		return strcmp(r->path, x->path) == 0;
	x->rest = x->path + n - 1;
	return strncmp(r->path, x->path, n - 1) == 0;
}

/* "POST https://host/path?query" */
static void
read_name(struct http_exchange *x, const char *name)
{
	const char *space = strchr(name, ' ');
	const char *path = strchr(strstr(name, "://") + 3, '/');
	size_t n = path == NULL ? 0 : strcspn(path, "?");

	snprintf(x->method, sizeof x->method, "%.*s", (int)(space - name), name);
	snprintf(x->path, sizeof x->path, "%.*s", (int)n, path == NULL ? "" : path);
	if (path != NULL && path[n] == '?')
		snprintf(x->query, sizeof x->query, "%s", path + n + 1);
}

/* As the client sends it. */
static void
read_basic(struct http_exchange *x, const char *pair)
{
	memcpy(x->basic, "Basic ", sizeof "Basic ");
	sodium_bin2base64(x->basic + 6, sizeof x->basic - 6, (const unsigned char *)pair,
	                  strlen(pair), sodium_base64_VARIANT_ORIGINAL);
}

struct answer
fake_serve(const struct http_route *routes, const struct script_call *call)
{
	struct http_exchange x = { .call = call };

	read_name(&x, call->name);
	snprintf(x.length, sizeof x.length, "%zu", call->body_len);
	if (call->basic_auth != NULL)
		read_basic(&x, call->basic_auth);
	said.answer = answer_silence();
	for (const struct http_route *r = routes; r->method != NULL; r++) {
		if (!matches(r, &x))
			continue;
		r->handle(r->arg, &x);
		return said.answer;
	}
	return answer_http(404, "");
}

/* ---- what a handler sees ---- */

const char *
http_method(const struct http_exchange *x)
{
	return x->method;
}

const char *
http_path(const struct http_exchange *x)
{
	return x->path;
}

const char *
http_path_rest(const struct http_exchange *x)
{
	return x->rest;
}

const char *
http_query(const struct http_exchange *x)
{
	return x->query;
}

const char *
http_header(const struct http_exchange *x, const char *name)
{
	if (x->basic[0] != '\0' && strcasecmp(name, "Authorization") == 0)
		return x->basic;
	if (strcasecmp(name, "Content-Length") == 0) /* curl always tells it */
		return strcmp(x->method, "GET") == 0 ? NULL : x->length;
	return script_header(x->call, name);
}

const char *
http_body(const struct http_exchange *x, size_t *n)
{
	*n = x->call->body_len;
	return x->call->body;
}

const char *
http_peer(const struct http_exchange *x)
{
	(void)x;
	return "127.0.0.1";
}

const struct x509_st *
http_client_certificate(const struct http_exchange *x)
{
	(void)x;
	return NULL;
}

/* ---- what it answers ---- */

void
http_answer(struct http_exchange *x, int status, const char *content_type,
            const void *body, size_t n)
{
	if (x->is_over)
		abort();
	x->is_over = true;
	free(said.body);
	said.body = xzalloc(n + 1);
	memcpy(said.body, body, n);
	snprintf(said.type, sizeof said.type, "%s",
	         content_type == NULL ? "" : content_type);
	said.answer = answer_http(status, said.body);
	said.answer.content_type = said.type;
}

void
http_answer_text(struct http_exchange *x, int status, const char *text)
{
	http_answer(x, status, "text/plain", text, strlen(text));
}

void
http_drop(struct http_exchange *x)
{
	x->is_over = true;
}

void
http_reply_header(struct http_exchange *x, const char *name, const char *value)
{
	(void)x;
	(void)name;
	(void)value;
}

/* Nobody leaves before the answer, and none comes later. */
void
http_on_gone(struct http_exchange *x, loop_cb *cb, void *arg)
{
	(void)x;
	(void)cb;
	(void)arg;
	abort();
}

/* ---- there are no sockets ---- */

struct http_server *
http_server_new(struct loop *loop, const struct http_server_options *o, struct err *err)
{
	(void)loop;
	(void)o;
	(void)err;
	abort();
}

void
http_server_drain(struct http_server *s, loop_cb *cb, void *arg)
{
	(void)s;
	(void)cb;
	(void)arg;
	abort();
}

void
http_server_free(struct http_server *s)
{
	(void)s;
}

int
http_server_port(const struct http_server *s)
{
	(void)s;
	return 0;
}

void
http_server_read_counts(const struct http_server *s, struct http_server_counts *out)
{
	(void)s;
	*out = (struct http_server_counts){ 0 };
}
