#include "payments/flow/availability.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define REF       "service"
#define HOLDS     3 /* times payments.service */
#define WATCH_MAX SETTINGS_PROVIDERS_MAX

struct watch { /* one provider */
	struct availability *owner;
	const char *name;
	const struct carry_means *means;
	enum serves said[2];
	int64_t said_ms[2]; /* mono */
	enum pay_direction asked;
	struct token_ask *token; /* in flight, or NULL */
	char token_text[PROVIDER_TOKEN_MAX];
	struct http_op *http; /* in flight, or NULL */
	struct timer *timer;
	bool was_away;
};

struct availability {
	struct flow_env *env;
	struct tokens *tokens;
	loop_cb *changed;
	void *arg;
	unsigned count;
	struct watch at[WATCH_MAX];
};

static void enter_rest(struct watch *w);
static void on_timer(void *arg);
static void enter_token(struct watch *w);
static void on_token(void *arg, const struct provider_token *token,
                     const struct err *err);
static void enter_ask(struct watch *w, const struct provider_token *token);
static void on_answer(void *arg, const struct http_reply *reply);
static void next_direction(struct watch *w);

struct availability *
availability_new(struct flow_env *env, struct tokens *tokens, loop_cb *changed, void *arg)
{
	struct availability *a = xzalloc(sizeof *a);

	a->env = env;
	a->tokens = tokens;
	a->changed = changed;
	a->arg = arg;
	return a;
}

void
availability_free(struct availability *a)
{
	for (unsigned i = 0; a != NULL && i < a->count; i++) {
		timer_cancel(&a->at[i].timer);
		token_cancel(&a->at[i].token);
		http_cancel(&a->at[i].http);
	}
	if (a != NULL)
		sodium_memzero(a, sizeof *a);
	free(a);
}

static int64_t
now(const struct availability *a)
{
	return loop_clock(a->env->loop)->mono_ms;
}

static int64_t
every(const struct availability *a)
{
	return a->env->settings->payments.service_ms;
}

static const struct watch *
watch_of(const struct availability *a, const char *name)
{
	for (unsigned i = 0; i < a->count; i++)
		if (strcmp(a->at[i].name, name) == 0)
			return &a->at[i];
	return NULL;
}

void
availability_add(struct availability *a, const char *name,
                 const struct carry_means *means)
{
	struct watch *w = &a->at[a->count];

	if ((means->provider->topics & 1u << TOPIC_SERVICE) == 0 || a->count == WATCH_MAX)
		return;
	a->count++;
	w->owner = a;
	w->name = name;
	w->means = means;
	w->timer = timer_start(a->env->loop, 0, on_timer, w);
}

/* ---- REST ---- */

/* While it is 0 nobody is asked, but whether it still is, is looked at. */
#define IDLE_MS 60000

static void
enter_rest(struct watch *w)
{
	int64_t ms = every(w->owner);

	w->timer = timer_start(w->owner->env->loop, ms > 0 ? ms : IDLE_MS, on_timer, w);
}

static void
on_timer(void *arg)
{
	struct watch *w = arg;

	w->timer = NULL;
	w->asked = PAY_OUT;
	if (every(w->owner) > 0)
		enter_token(w);
	else
		enter_rest(w);
}

void
availability_ask(struct availability *a, const char *name)
{
	struct watch *w = NULL;

	for (unsigned i = 0; i < a->count; i++)
		if (strcmp(a->at[i].name, name) == 0)
			w = &a->at[i];
	if (w == NULL || w->timer == NULL || every(a) == 0)
		return;
	timer_cancel(&w->timer);
	w->timer = timer_start(a->env->loop, 0, on_timer, w);
}

/* ---- TOKEN ---- */

static struct token_for
whose(const struct watch *w)
{
	return (struct token_for){ w->means->provider, &w->means->account[w->asked],
		                   w->asked, w->means->deadline_ms };
}

/* A direction without credentials is not used. */
static void
enter_token(struct watch *w)
{
	struct token_for of = whose(w);

	if (w->means->account[w->asked].key[0] == '\0')
		next_direction(w);
	else
		w->token = token_get(w->owner->tokens, &of, on_token, w);
}

static void
on_token(void *arg, const struct provider_token *token, const struct err *err)
{
	struct watch *w = arg;

	(void)err;
	w->token = NULL;
	if (token == NULL)
		next_direction(w);
	else
		enter_ask(w, token);
}

/* ---- ASK ---- */

static struct provider_inquiry
question(const struct watch *w)
{
	struct provider_inquiry q = { .topic = TOPIC_SERVICE, .direction = w->asked };

	memcpy(q.market, w->means->account[w->asked].market, sizeof q.market);
	return q;
}

static void
enter_ask(struct watch *w, const struct provider_token *token)
{
	struct provider_request *rq = xzalloc(sizeof *rq);
	struct provider_inquiry q = question(w);
	struct http_request http = { .deadline_ms = w->means->deadline_ms };

	memcpy(w->token_text, token->text, sizeof w->token_text);
	if (w->means->provider->ask(&w->means->account[w->asked], token, &q, rq, NULL) ==
	    0) {
		http.method = rq->method;
		http.url = rq->url;
		for (unsigned i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0';
		     i++)
			http.headers[i] = rq->headers[i];
		w->http = http_send(w->owner->env->http, &http, on_answer, w);
	}
	sodium_memzero(rq, sizeof *rq);
	free(rq);
	if (w->http == NULL)
		next_direction(w);
}

static void
note(struct watch *w, bool active)
{
	w->said[w->asked] = active ? SERVES_YES : SERVES_NO;
	w->said_ms[w->asked] = now(w->owner);
}

static void
on_answer(void *arg, const struct http_reply *reply)
{
	struct watch *w = arg;
	struct provider_answer ans = { reply->status, reply->content_type, reply->body,
		                       reply->body_len };
	struct provider_inquiry q = question(w);
	struct token_for of = whose(w);
	struct provider_fact fact;
	struct err err = { .code = ERR_NONE };

	w->http = NULL;
	if (reply->err.code != ERR_NONE)
		; /* says nothing: the breaker hears of it from payments */
	else if (w->means->provider->ask_answer(&q, &ans, &fact, &err) == 0)
		note(w, fact.active);
	else if (err.code == ERR_AUTH)
		token_forget(w->owner->tokens, &of, w->token_text);
	next_direction(w);
}

static void
tell_change(struct watch *w)
{
	bool away = !availability_allows(w->owner, w->name);

	if (away == w->was_away)
		return;
	w->was_away = away;
	if (away)
		log_warn(REF, "provider_says_closed", "provider=%s", w->name);
	else
		log_info(REF, "provider_says_open", "provider=%s", w->name);
	if (!away)
		w->owner->changed(w->owner->arg);
}

static void
next_direction(struct watch *w)
{
	sodium_memzero(w->token_text, sizeof w->token_text);
	if (w->asked == PAY_OUT) {
		w->asked = PAY_IN;
		enter_token(w);
		return;
	}
	enter_rest(w);
	tell_change(w);
}

/* ---- what is known ---- */

static enum serves
said(const struct availability *a, const char *name, enum pay_direction d)
{
	const struct watch *w = watch_of(a, name);

	if (w == NULL || every(a) == 0 || now(a) - w->said_ms[d] > HOLDS * every(a))
		return SERVES_UNTOLD;
	return w->said[d];
}

bool
availability_allows(const struct availability *a, const char *name)
{
	enum serves out = said(a, name, PAY_OUT);
	enum serves in = said(a, name, PAY_IN);

	return out == SERVES_YES || in == SERVES_YES ||
	       (out == SERVES_UNTOLD && in == SERVES_UNTOLD);
}

void
availability_read(const struct availability *a, const char *name,
                  enum serves by_direction[2])
{
	by_direction[PAY_OUT] = said(a, name, PAY_OUT);
	by_direction[PAY_IN] = said(a, name, PAY_IN);
}
