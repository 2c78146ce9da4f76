#include "payments/flow/token.h"

#include "lib/arena.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct token_ask {
	struct place *place;
	struct token_ask *next;
	struct timer *soon; /* answers what is known already, on the next turn */
	token_cb *cb;
	void *arg;
};

struct place { /* one account of one product */
	struct tokens *owner;
	unsigned char key[32];
	const struct provider *provider;
	struct provider_token token;
	int64_t minted_ms; /* expires_ms 0: none */
	struct http_op *http;
	struct token_ask *waiting;
	struct place *next;
};

struct tokens {
	struct loop *loop;
	struct http_client *http;
	struct place *places;
};

struct tokens *
tokens_new(struct loop *loop, struct http_client *http)
{
	struct tokens *t = xzalloc(sizeof *t);

	t->loop = loop;
	t->http = http;
	return t;
}

static void
hash_text(crypto_generichash_state *st, const char *text)
{
	crypto_generichash_update(st, (const unsigned char *)text, strlen(text) + 1);
}

static void
key_of(const struct token_for *w, unsigned char key[32])
{
	crypto_generichash_state st;
	unsigned char direction = (unsigned char)w->direction;

	crypto_generichash_init(&st, NULL, 0, 32);
	hash_text(&st, w->provider->name);
	hash_text(&st, w->account->base_url);
	hash_text(&st, w->account->user);
	hash_text(&st, w->account->key);
	hash_text(&st, w->account->subscription_key);
	hash_text(&st, w->account->target_environment);
	hash_text(&st, w->account->country);
	hash_text(&st, w->account->market);
	hash_text(&st, w->account->public_key);
	crypto_generichash_update(&st, &direction, 1);
	crypto_generichash_final(&st, key, 32);
}

static struct place *
place_for(struct tokens *t, const struct token_for *whose)
{
	unsigned char key[32];
	struct place *p;

	key_of(whose, key);
	for (p = t->places; p != NULL; p = p->next)
		if (memcmp(p->key, key, sizeof key) == 0)
			return p;
	p = xzalloc(sizeof *p);
	memcpy(p->key, key, sizeof key);
	p->owner = t;
	p->provider = whose->provider;
	p->next = t->places;
	t->places = p;
	return p;
}

static void
unlink_ask(struct token_ask *ask)
{
	struct token_ask **at = &ask->place->waiting;

	while (*at != NULL && *at != ask)
		at = &(*at)->next;
	if (*at == ask)
		*at = ask->next;
}

static void
answer(struct token_ask *ask, const struct provider_token *token, const struct err *err)
{
	token_cb *cb = ask->cb;
	void *arg = ask->arg;

	token_cancel(&ask);
	cb(arg, token, err);
}

/* Answers who waits now; whoever asks from inside a callback waits for the next. */
static void
answer_all(struct place *p, const struct provider_token *token, const struct err *err)
{
	struct token_ask *last = p->waiting;

	if (last == NULL)
		return;
	while (last->next != NULL)
		last = last->next;
	for (bool more = true; more && p->waiting != NULL;) {
		more = p->waiting != last;
		answer(p->waiting, token, err); /* NOLINT: it unlinks what it frees */
	}
}

static void
on_token(void *arg, const struct http_reply *reply)
{
	struct place *p = arg;
	struct provider_answer ans = { reply->status, reply->content_type, reply->body,
		                       reply->body_len };
	struct provider_token token;
	struct err err = reply->err;

	p->http = NULL;
	if (err.code == ERR_NONE &&
	    p->provider->token_answer(&ans, loop_clock(p->owner->loop)->wall_ms, &token,
	                              &err) == 0) {
		p->token = token;
		p->minted_ms = loop_clock(p->owner->loop)->wall_ms;
		err = err_none();
		answer_all(p, &token, &err);
	} else {
		p->token.expires_ms = 0;
		answer_all(p, NULL, &err);
	}
	sodium_memzero(&token, sizeof token);
}

static struct http_op *
send_request(struct tokens *t, const struct provider_request *rq, int64_t deadline_ms,
             struct place *p)
{
	struct http_request http = {
		.method = rq->method,
		.url = rq->url,
		.basic_auth = rq->basic_auth[0] == '\0' ? NULL : rq->basic_auth,
		.body = rq->body_len == 0 ? NULL : rq->body,
		.body_len = rq->body_len,
		.deadline_ms = deadline_ms,
	};

	for (unsigned i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0'; i++)
		http.headers[i] = rq->headers[i];
	return http_send(t->http, &http, on_token, p);
}

static void
on_soon(void *arg)
{
	struct token_ask *ask = arg;
	struct err err = err_none();
	struct provider_token token = ask->place->token;

	ask->soon = NULL;
	if (token.expires_ms == 0) { /* forgotten meanwhile, or it cannot be asked for */
		err_set(&err, ERR_AUTH, FATE_NOT, "token: cannot be asked for");
		answer(ask, NULL, &err);
	} else {
		answer(ask, &token, &err);
	}
	sodium_memzero(&token, sizeof token);
}

struct token_ask *
token_get(struct tokens *t, const struct token_for *whose, token_cb *cb, void *arg)
{
	struct place *p = place_for(t, whose);
	struct token_ask *ask = xzalloc(sizeof *ask);
	struct provider_request *rq;

	ask->place = p;
	ask->cb = cb;
	ask->arg = arg;
	if (whose->provider->token == NULL) /* none to mint: an empty one is good */
		p->token.expires_ms = INT64_MAX;
	if (p->token.expires_ms > loop_clock(t->loop)->wall_ms) {
		ask->soon = timer_start(t->loop, 0, on_soon, ask);
		return ask;
	}
	p->token.expires_ms = 0;
	if (p->http == NULL) {
		rq = xzalloc(sizeof *rq);
		if (whose->provider->token != NULL &&
		    whose->provider->token(whose->account, whose->direction, rq, NULL) ==
		        0)
			p->http = send_request(t, rq, whose->deadline_ms, p);
		sodium_memzero(rq, sizeof *rq);
		free(rq);
	}
	if (p->http == NULL) {
		ask->soon = timer_start(t->loop, 0, on_soon, ask);
		return ask;
	}
	ask->next = p->waiting;
	p->waiting = ask;
	return ask;
}

void
token_cancel(struct token_ask **ask)
{
	if (ask == NULL || *ask == NULL)
		return;
	timer_cancel(&(*ask)->soon);
	unlink_ask(*ask);
	free(*ask);
	*ask = NULL;
}

void
token_forget(struct tokens *t, const struct token_for *whose, const char *text)
{
	struct place *p = place_for(t, whose);

	int64_t age = loop_clock(t->loop)->wall_ms - p->minted_ms;

	if (strcmp(p->token.text, text) == 0 && age >= whose->provider->token_wakes_ms)
		p->token.expires_ms = 0;
}

void
tokens_free(struct tokens *t)
{
	struct err err;

	if (t == NULL)
		return;
	err_set(&err, ERR_SHUTDOWN, FATE_NOT, "token: stopping");
	while (t->places != NULL) {
		struct place *p = t->places;

		http_cancel(&p->http);
		answer_all(p, NULL, &err);
		t->places = p->next;
		sodium_memzero(p, sizeof *p);
		free(p);
	}
	free(t);
}
