#include "payments/flow/inquire.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "payments/flow/posted.h"
#include "payments/flow/waits.h"
#include "payments/store/questions.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_EVERY_MS  200
#define WOKEN_EVERY_MS 1000 /* where we are woken: another gateway may hear it */

struct inquire {
	const struct carry_means *means;
	struct provider_inquiry q;
	struct provider_token token;
	bool minted_again;
	struct uuid id;     /* of the row, if the answer is posted; else nil */
	bool noted;         /* the row is there */
	bool woken;         /* its answer was written, perhaps before we looked */
	struct wait *wait;  /* for that, or NULL */
	int64_t too_late;   /* mono; while it waits */
	struct timer *soon; /* in flight, or NULL, as are the next three */
	struct token_ask *ask;
	struct http_op *http;
	struct pg_op *pg;
	inquire_cb *cb;
	void *arg;
};

static void on_cannot(void *arg);
static void enter_token(struct inquire *i);
static void on_token(void *arg, const struct provider_token *token,
                     const struct err *err);
static void enter_note(struct inquire *i);
static void on_note(void *arg, const struct pg_reply *r);
static void enter_ask(struct inquire *i);
static void on_answer(void *arg, const struct http_reply *reply);
static void enter_wait(struct inquire *i);
static void on_wait(void *arg);
static void on_woken(void *arg);
static void on_look(void *arg, const struct pg_reply *r);

bool
inquire_can(const struct provider *p, enum provider_topic topic)
{
	return p->ask != NULL && p->ask_answer != NULL && (p->topics & 1u << topic) != 0;
}

/* Where its answer shall be posted; nowhere if there is nowhere. */
static void
name_place(struct inquire *i)
{
	const struct carry_means *m = i->means;
	const struct flow_env *env = m->env;

	i->q.result_url[0] = '\0';
	if (m->provider->ask_result == NULL || env->pg == NULL)
		return;
	i->id = ids_uuid4(env->ids);
	posted_question_url(m->account[i->q.direction].callback_url,
	                    env->settings->callback.secret, &i->id, i->q.result_url,
	                    sizeof i->q.result_url);
}

struct inquire *
inquire_start(const struct carry_means *m, const struct provider_inquiry *q,
              inquire_cb *cb, void *arg)
{
	struct inquire *i = xzalloc(sizeof *i);

	i->means = m;
	i->q = *q;
	i->q.wall_ms = loop_clock(m->env->loop)->wall_ms;
	randombytes_buf(i->q.chance, sizeof i->q.chance);
	name_place(i);
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
	wait_leave(&i->wait);
	timer_cancel(&i->soon);
	token_cancel(&i->ask);
	http_cancel(&i->http);
	pg_cancel(&i->pg);
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
	if (i->q.result_url[0] != '\0' && !i->noted)
		enter_note(i);
	else
		enter_ask(i);
}

/* ---- NOTE: there before it is asked, or an answer at once would be nobody's ---- */

static int64_t
pg_deadline(const struct inquire *i)
{
	return i->means->env->settings->pg.statement_ms;
}

static void
enter_note(struct inquire *i)
{
	struct pg_args *a = pg_args_new();

	pg_uuid(a, &i->id);
	pg_text(a, i->means->account[i->q.direction].name);
	pg_i64(a, i->q.wall_ms);
	i->pg = pg_call(i->means->env->pg, &question_new, a, pg_deadline(i), on_note, i);
}

static void
on_note(void *arg, const struct pg_reply *r)
{
	struct inquire *i = arg;
	struct err err = r->err;

	i->pg = NULL;
	i->noted = true;
	i->wait = wait_enter(i->means->env->waits, &i->id, on_woken, i);
	if (err.code != ERR_NONE)
		end(i, NULL, &err);
	else
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
		if (fact.later && p->ask_result != NULL)
			enter_wait(i);
		else
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

/* ---- WAIT: until it was posted, to us or to another gateway ---- */

static int64_t
mono(const struct inquire *i)
{
	return loop_clock(i->means->env->loop)->mono_ms;
}

static void
look_later(struct inquire *i)
{
	int64_t rest = i->wait == NULL ? LOOK_EVERY_MS : WOKEN_EVERY_MS;

	i->soon = timer_start(i->means->env->loop, i->woken ? 0 : rest, on_wait, i);
}

static void
enter_wait(struct inquire *i)
{
	int64_t most = i->means->deadline_ms;

	i->too_late = mono(i) + (most < INQUIRE_POSTED_MS ? most : INQUIRE_POSTED_MS);
	look_later(i);
}

/* While we look, or before we wait: then the next look comes at once. */
static void
on_woken(void *arg)
{
	struct inquire *i = arg;

	i->woken = true;
	if (i->soon == NULL)
		return;
	timer_cancel(&i->soon);
	look_later(i);
}

static void
on_wait(void *arg)
{
	struct inquire *i = arg;
	struct pg_args *a = pg_args_new();

	i->soon = NULL;
	i->woken = false;
	pg_uuid(a, &i->id);
	i->pg =
	    pg_call(i->means->env->pg, &question_posted, a, pg_deadline(i), on_look, i);
}

static void
on_look(void *arg, const struct pg_reply *r)
{
	struct inquire *i = arg;
	struct provider_fact fact = { .name = "" };
	struct err err = err_none();
	const char *body;

	i->pg = NULL;
	if (r->err.code == ERR_NONE && r->rows > 0) {
		body = reply_text(r, 0, 0);
		if (i->means->provider->ask_result(&i->q, body, strlen(body), &fact,
		                                   &err) == 0)
			end(i, &fact, &err);
		else
			end(i, NULL, &err);
	} else if (mono(i) >= i->too_late) {
		err_set(&err, ERR_TIMEOUT, FATE_NOT,
		        "the answer was not posted: is callback_url a gateway's?");
		end(i, NULL, &err);
	} else {
		look_later(i);
	}
}
