#include "payments/flow/inquire.h"

#include "lib/arena.h"

#include <sodium.h>
#include <stdlib.h>

struct inquire {
	const struct carry_means *means;
	struct provider_inquiry q;
	struct provider_token token;
	bool minted_again;
	struct timer *soon; /* in flight, or NULL, as are the next two */
	struct token_ask *ask;
	struct http_op *http;
	inquire_cb *cb;
	void *arg;
};

static void on_cannot(void *arg);
static void enter_token(struct inquire *i);
static void on_token(void *arg, const struct provider_token *token,
                     const struct err *err);
static void enter_ask(struct inquire *i);
static void on_answer(void *arg, const struct http_reply *reply);

bool
inquire_can(const struct provider *p, enum provider_topic topic)
{
	return p->ask != NULL && p->ask_answer != NULL && (p->topics & 1u << topic) != 0;
}

struct inquire *
inquire_start(const struct carry_means *m, const struct provider_inquiry *q,
              inquire_cb *cb, void *arg)
{
	struct inquire *i = xzalloc(sizeof *i);

	i->means = m;
	i->q = *q;
	i->cb = cb;
	i->arg = arg;
	if (inquire_can(m->provider, q->topic))
		enter_token(i);
	else
		i->soon = timer_start(m->env->loop, 0, on_cannot, i);
	return i;
}

void
inquire_cancel(struct inquire **handle)
{
	struct inquire *i = handle == NULL ? NULL : *handle;

	if (i == NULL)
		return;
	*handle = NULL;
	timer_cancel(&i->soon);
	token_cancel(&i->ask);
	http_cancel(&i->http);
	sodium_memzero(i, sizeof *i);
	free(i);
}

static void
end(struct inquire *i, const struct provider_fact *fact, const struct err *err)
{
	inquire_cb *cb = i->cb;
	void *arg = i->arg;

	inquire_cancel(&i);
	cb(arg, fact, err);
}

static void
on_cannot(void *arg)
{
	struct inquire *i = arg;
	struct err err;

	i->soon = NULL;
	err_set(&err, ERR_RANGE, FATE_NOT, "the provider answers no such question");
	end(i, NULL, &err);
}

/* ---- TOKEN
 * ---------------------------------------------------------------------------- */

static struct token_for
whose(const struct inquire *i)
{
	const struct carry_means *m = i->means;

	return (struct token_for){ m->provider, &m->account[i->q.direction],
		                   i->q.direction, m->deadline_ms };
}

static void
enter_token(struct inquire *i)
{
	struct token_for w = whose(i);

	i->ask = token_get(i->means->tokens, &w, on_token, i);
}

static void
on_token(void *arg, const struct provider_token *token, const struct err *err)
{
	struct inquire *i = arg;
	struct err copy = *err;

	i->ask = NULL;
	if (token == NULL) {
		end(i, NULL, &copy);
		return;
	}
	i->token = *token;
	enter_ask(i);
}

/* ---- ASK: always inside a callback, so that it may answer
 * ----------------------------- */

static void
enter_ask(struct inquire *i)
{
	const struct carry_means *m = i->means;
	struct provider_request *rq = xzalloc(sizeof *rq);
	struct http_request http = { .deadline_ms = m->deadline_ms };
	struct err err = err_none();
	bool built = m->provider->ask(&m->account[i->q.direction], &i->token, &i->q, rq,
	                              &err) == 0;

	if (built) {
		http.method = rq->method;
		http.url = rq->url;
		http.body = rq->body_len == 0 ? NULL : rq->body;
		http.body_len = rq->body_len;
		http.basic_auth = rq->basic_auth[0] == '\0' ? NULL : rq->basic_auth;
		for (unsigned h = 0; h < PROVIDER_HEADERS && rq->headers[h][0] != '\0';
		     h++)
			http.headers[h] = rq->headers[h];
		i->http = http_send(m->env->http, &http, on_answer, i);
	}
	sodium_memzero(rq, sizeof *rq);
	free(rq);
	if (!built)
		end(i, NULL, &err);
}

static void
on_answer(void *arg, const struct http_reply *reply)
{
	struct inquire *i = arg;
	const struct provider *p = i->means->provider;
	struct provider_answer ans = { reply->status, reply->content_type, reply->body,
		                       reply->body_len };
	struct provider_fact fact = { .name = "" };
	struct token_for w = whose(i);
	struct err err = reply->err;

	i->http = NULL;
	if (err.code == ERR_NONE && p->ask_answer(&i->q, &ans, &fact, &err) == 0) {
		err = err_none();
		end(i, &fact, &err);
		return;
	}
	if (reply->err.code == ERR_NONE && err.code == ERR_AUTH && p->token != NULL) {
		token_forget(i->means->tokens, &w, i->token.text);
		if (!i->minted_again) {
			i->minted_again = true;
			enter_token(i);
			return;
		}
	}
	end(i, NULL, &err);
}
