/* The scripted http_client. */
#include "lib/http_client.h"

#include "lib/arena.h"
#include "tests/fake/fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_client {
	struct loop *loop;
};

struct http_op {
	struct fake_call call;
	http_cb *cb;
	void *arg;
};

static void
deliver(struct fake_call *f, const struct answer *a)
{
	struct http_op *op = (struct http_op *)f;
	char *body = xstrdup(a->text ? a->text : "");
	struct http_reply reply = { .err = a->err,
		                    .status = a->err.code == ERR_NONE ? a->status : 0,
		                    .content_type = a->content_type ? a->content_type
		                                                    : "application/json",
		                    .body = body,
		                    .body_len = strlen(body) };
	http_cb *cb = op->cb;
	void *arg = op->arg;

	fake_end(f);
	free(op);
	if (cb)
		cb(arg, &reply);
	free(body);
}

static struct answer
fallback(struct fake_call *f, const struct script_call *call)
{
	(void)f;
	fake_unexpected(call->name);
	return answer_err(ERR_INTERNAL, FATE_NOT);
}

struct http_client *
http_client_new(struct loop *loop, const struct http_client_options *o)
{
	struct http_client *c = xzalloc(sizeof *c);

	(void)o;
	c->loop = loop;
	return c;
}

void
http_client_free(struct http_client *c)
{
	if (!c)
		return;
	fake_fail_all(c, ERR_SHUTDOWN, FATE_UNKNOWN);
	free(c);
}

struct http_op *
http_send(struct http_client *c, const struct http_request *rq, http_cb *cb, void *arg)
{
	struct http_op *op = xzalloc(sizeof *op);
	const char *headers[HTTP_HEADERS_MAX + 1] = { NULL };
	char name[1024];
	struct script_call call = { .name = name,
		                    .body = rq->body ? rq->body : "",
		                    .body_len = rq->body ? rq->body_len : 0,
		                    .headers = headers,
		                    .basic_auth = rq->basic_auth,
		                    .deadline_ms = rq->deadline_ms };

	snprintf(name, sizeof name, "%s %s", rq->method, rq->url);
	memcpy(headers, rq->headers, sizeof rq->headers);
	op->call.owner = c;
	op->call.deliver = deliver;
	op->call.fallback = fallback;
	op->cb = cb;
	op->arg = arg;
	fake_begin(&op->call, &call);
	return op;
}

void
http_cancel(struct http_op **op)
{
	if (!op || !*op)
		return;
	fake_end(&(*op)->call);
	free(*op);
	*op = NULL;
}
