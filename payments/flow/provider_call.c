#include "payments/flow/provider_call.h"

#include "lib/arena.h"
#include "payments/flow/course.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define FOLLOWS_MAX 3

struct provider_call {
	struct http_client *http_client;
	struct tokens *tokens;
	struct provider_question q;
	struct provider_token token;
	bool minted_again;
	unsigned followed;     /* how often the answer was elsewhere */
	struct token_ask *ask; /* in flight, or NULL */
	struct http_op *http;  /* in flight, or NULL */
	provider_call_cb *cb;
	void *arg;
};

static void enter_token(struct provider_call *c);
static void on_token(void *arg, const struct provider_token *token,
                     const struct err *err);
static void enter_ask(struct provider_call *c);
static void on_answer(void *arg, const struct http_reply *reply);

struct provider_call *
provider_call_start(struct http_client *http, struct tokens *tokens,
                    const struct provider_question *q, provider_call_cb *cb, void *arg)
{
	struct provider_call *c = xzalloc(sizeof *c);

	c->http_client = http;
	c->tokens = tokens;
	c->q = *q;
	c->cb = cb;
	c->arg = arg;
	enter_token(c);
	return c;
}

void
provider_call_cancel(struct provider_call **c)
{
	if (c == NULL || *c == NULL)
		return;
	token_cancel(&(*c)->ask);
	http_cancel(&(*c)->http);
	sodium_memzero(*c, sizeof **c);
	free(*c);
	*c = NULL;
}

static void
end(struct provider_call *c, const struct verdict *v)
{
	provider_call_cb *cb = c->cb;
	void *arg = c->arg;
	struct verdict copy = *v;

	provider_call_cancel(&c);
	cb(arg, &copy);
}

static void
end_as(struct provider_call *c, enum verdict_kind kind, enum pay_reason reason,
       const char *code)
{
	struct verdict v = { .kind = kind, .reason = reason, .amount_minor = -1 };

	memcpy(v.code, code, strnlen(code, sizeof v.code - 1));
	end(c, &v);
}

/* ---- TOKEN ---------------------------------------------------------------------------
 */

static struct token_for
whose(const struct provider_call *c)
{
	return (struct token_for){ c->q.provider, c->q.account, c->q.order.direction,
		                   c->q.deadline_ms };
}

static void
enter_token(struct provider_call *c)
{
	struct token_for w = whose(c);

	c->ask = token_get(c->tokens, &w, on_token, c);
}

static void
on_token(void *arg, const struct provider_token *token, const struct err *err)
{
	struct provider_call *c = arg;

	c->ask = NULL;
	if (token ==
	    NULL) { /* without one nothing was asked: whatever it was, not taken */
		end_as(c, VERDICT_DOWN,
		       err->code == ERR_AUTH ? REASON_OUR_SETUP : REASON_PROVIDER_DOWN,
		       "NO_TOKEN");
		return;
	}
	c->token = *token;
	enter_ask(c);
}

/* ---- ASK -----------------------------------------------------------------------------
 */

static int
build(struct provider_call *c, struct provider_request *rq)
{
	const struct provider *p = c->q.provider;

	return (c->q.ask == ASK_SUBMIT ? p->submit : p->query)(c->q.account, &c->token,
	                                                       &c->q.order, rq, NULL);
}

static void
enter_ask(struct provider_call *c)
{
	struct provider_request *rq = xzalloc(sizeof *rq);
	struct http_request http = { .deadline_ms = c->q.deadline_ms };
	bool built;

	/* never the same twice: a call that is made again is encrypted anew */
	randombytes_buf(c->q.order.chance, sizeof c->q.order.chance);
	c->q.order.wall_ms = c->q.clock->wall_ms;
	built = build(c, rq) == 0;

	if (built) {
		http.method = rq->method;
		http.url = rq->url;
		http.body = rq->body_len == 0 ? NULL : rq->body;
		http.body_len = rq->body_len;
		for (unsigned i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0';
		     i++)
			http.headers[i] = rq->headers[i];
		c->http = http_send(c->http_client, &http, on_answer, c);
	}
	sodium_memzero(rq, sizeof *rq);
	free(rq);
	if (!built) /* we are inside a callback already: this may answer */
		end_as(c, c->q.ask == ASK_SUBMIT ? VERDICT_FAILED : VERDICT_UNKNOWN,
		       REASON_OUR_SETUP, COURSE_CANNOT_ASK);
}

static void
read_answer(const struct provider_call *c, const struct http_reply *reply,
            struct verdict *v)
{
	struct provider_answer ans = { reply->status, reply->content_type, reply->body,
		                       reply->body_len };
	const struct provider *p = c->q.provider;

	(c->q.ask == ASK_SUBMIT ? p->submit_answer : p->query_answer)(&c->q.order, &ans,
	                                                              v);
}

static void
on_answer(void *arg, const struct http_reply *reply)
{
	struct provider_call *c = arg;
	struct verdict v;
	struct token_for w = whose(c);

	c->http = NULL;
	if (reply->err.code != ERR_NONE) {
		end_as(c, reply->err.fate == FATE_NOT ? VERDICT_DOWN : VERDICT_UNKNOWN,
		       REASON_PROVIDER_DOWN, err_name(reply->err.code));
		return;
	}
	read_answer(c, reply, &v);
	if (v.kind == VERDICT_AUTH && c->q.provider->token == NULL) {
		end_as(c, VERDICT_DOWN, REASON_OUR_SETUP, v.code);
		return;
	}
	if (v.kind == VERDICT_AUTH)
		token_forget(c->tokens, &w, c->token.text);
	if (v.kind == VERDICT_AUTH && !c->minted_again) {
		c->minted_again = true;
		enter_token(c);
		return;
	}
	if (v.kind == VERDICT_FOLLOW && c->followed++ < FOLLOWS_MAX) {
		memcpy(c->q.order.follow, v.follow, sizeof c->q.order.follow);
		enter_ask(c);
		return;
	}
	end(c, &v);
}
