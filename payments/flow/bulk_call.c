#include "payments/flow/bulk_call.h"

#include "lib/arena.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct bulk_call {
	struct bulk_question q;
	struct gsma_batch_page page;
	enum pay_direction who; /* whose account speaks */
	bool minted_again;
	struct provider_token token;
	struct token_ask *ask; /* in flight, or NULL, as are the next two */
	struct http_op *http;
	struct timer *soon;
	bulk_call_cb *cb;
	void *arg;
};

static void enter_token(struct bulk_call *c);
static void on_token(void *arg, const struct provider_token *token,
                     const struct err *err);
static void enter_ask(struct bulk_call *c);
static void on_answer(void *arg, const struct http_reply *reply);

struct bulk_call *
bulk_call_start(const struct bulk_question *q, bulk_call_cb *cb, void *arg)
{
	struct bulk_call *c = xzalloc(sizeof *c);

	c->q = *q;
	if (q->page != NULL) {
		c->page = *q->page;
		c->q.page = &c->page;
	}
	/* who made it cannot approve it */
	c->who = q->ask == BULK_APPROVE ? PAY_IN : PAY_OUT;
	c->cb = cb;
	c->arg = arg;
	enter_token(c);
	return c;
}

void
bulk_call_cancel(struct bulk_call **handle)
{
	struct bulk_call *c = handle == NULL ? NULL : *handle;

	if (c == NULL)
		return;
	*handle = NULL;
	token_cancel(&c->ask);
	http_cancel(&c->http);
	timer_cancel(&c->soon);
	sodium_memzero(c, sizeof *c);
	free(c);
}

static void
end(struct bulk_call *c, const struct provider_answer *ans, const struct err *err)
{
	bulk_call_cb *cb = c->cb;
	void *arg = c->arg;
	struct err why = { .code = ERR_NONE, .what = "" };

	if (err != NULL)
		why = *err;
	bulk_call_cancel(&c);
	cb(arg, ans, &why);
}

/* ---- TOKEN ---- */

static struct token_for
whose(const struct bulk_call *c)
{
	const struct carry_means *m = c->q.means;

	return (struct token_for){ m->provider, &m->account[c->who], c->who,
		                   m->deadline_ms };
}

static void
enter_token(struct bulk_call *c)
{
	struct token_for w = whose(c);

	c->ask = token_get(c->q.means->tokens, &w, on_token, c);
}

static void
on_token(void *arg, const struct provider_token *token, const struct err *err)
{
	struct bulk_call *c = arg;
	struct err none = *err;

	c->ask = NULL;
	if (token == NULL) { /* without one nothing was asked */
		none.fate = FATE_NOT;
		end(c, NULL, &none);
		return;
	}
	c->token = *token;
	enter_ask(c);
}

/* ---- ASK ---- */

static int
build(struct bulk_call *c, struct provider_request *rq)
{
	struct bulk_question *q = &c->q;
	const struct provider_account *a = &q->means->account[c->who];

	q->batch.wall_ms = loop_clock(q->means->env->loop)->wall_ms;
	if (q->ask == BULK_CREATE)
		return gsma_batch_create(a, &c->token, &q->batch, q->orders, rq, NULL);
	if (q->ask == BULK_APPROVE)
		return gsma_batch_approve(a, &c->token, &q->batch, rq, NULL);
	if (q->page != NULL)
		return gsma_batch_list(a, &c->token, &q->batch, q->page, rq, NULL);
	return gsma_batch_query(a, &c->token, &q->batch, rq, NULL);
}

static void
on_unbuilt(void *arg)
{
	struct bulk_call *c = arg;
	struct err err;

	c->soon = NULL;
	err_set(&err, ERR_RANGE, FATE_NOT, "this cannot be sent");
	end(c, NULL, &err);
}

static void
enter_ask(struct bulk_call *c)
{
	const struct carry_means *m = c->q.means;
	struct provider_request *rq = xzalloc(sizeof *rq);
	struct http_request http = { .deadline_ms = m->deadline_ms };

	if (build(c, rq) != 0) {
		c->soon = timer_start(m->env->loop, 0, on_unbuilt, c);
	} else {
		http.method = rq->method;
		http.url = rq->url;
		http.body = c->q.ask == BULK_CREATE ? c->q.orders->body
		            : rq->body_len == 0     ? NULL
		                                    : rq->body;
		http.body_len = c->q.ask == BULK_CREATE ? c->q.orders->len : rq->body_len;
		for (unsigned i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0';
		     i++)
			http.headers[i] = rq->headers[i];
		c->http = http_send(m->env->http, &http, on_answer, c);
	}
	sodium_memzero(rq, sizeof *rq);
	free(rq);
}

static void
on_answer(void *arg, const struct http_reply *reply)
{
	struct bulk_call *c = arg;
	struct provider_answer ans = { reply->status, reply->content_type, reply->body,
		                       reply->body_len };
	struct token_for w = whose(c);
	bool shut_out;

	c->http = NULL;
	if (reply->err.code != ERR_NONE) {
		end(c, NULL, &reply->err);
		return;
	}
	shut_out = gsma_batch_shut_out(&ans);
	if (shut_out)
		token_forget(c->q.means->tokens, &w, c->token.text);
	if (shut_out && !c->minted_again) {
		c->minted_again = true;
		enter_token(c);
		return;
	}
	end(c, &ans, NULL);
}
