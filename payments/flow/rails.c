/*
 * rails - see rails.h.
 *
 *   timer, nudge, hint --> POLL --due (cooperative, provider)--> CLAIM --rows--> carry
 *                                    as many as there are slots        created: disburse
 *                                                                            or collect
 *                                                                      else: reconcile
 */
#include "payments/flow/rails.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/availability.h"
#include "payments/flow/collect.h"
#include "payments/flow/disburse.h"
#include "payments/flow/hint.h"
#include "payments/flow/means.h"
#include "payments/flow/reconcile.h"

#include <stdlib.h>
#include <string.h>

#define REF         "rails"
#define NEVER_MS    INT64_MAX
#define NUDGE_WANTS 4
#define STARVED_MS  50

struct rail { /* one provider */
	struct rails *owner;
	struct carry_means means;
	unsigned slots;
	unsigned reserved;  /* claims asked for, not yet answered */
	unsigned under_way; /* carries */
	unsigned submits;   /* of them, those that call anew */
	struct breaker breaker;
	struct rail_counts count;
	bool is_full;    /* the last claim took all it could: there may be more */
	bool is_starved; /* a claim found all slots reserved by another one     */
};

struct claim { /* asked for, not yet answered */
	struct rail *rail;
	struct uuid id;
	unsigned reserved;
	bool is_probe;
	struct pg_op *pg;
	struct claim *next;
};

struct ride { /* a payment in our hands */
	struct rail *rail;
	bool submits;
	struct carry *carry;
	struct ride *next;
};

struct rails {
	struct flow_env *env;
	struct tokens *tokens;
	unsigned rail_count;
	struct rail rail[SETTINGS_PROVIDERS_MAX];
	struct pg_op *poll; /* in flight, or NULL */
	bool poll_again;
	struct timer *timer;
	int64_t wake_ms; /* mono; when the timer rings, NEVER_MS: not set */
	struct claim *claims;
	struct ride *rides;
	struct hints *hints;
	struct availability *service;
	int64_t polled_ms;
	loop_cb *drained;
	void *drained_arg;
	bool draining;
};

static void wake_in(struct rails *r, int64_t delay_ms);
static void on_timer(void *arg);
static void enter_poll(struct rails *r);
static void on_poll(void *arg, const struct pg_reply *reply);
static void enter_claim(struct rail *l, int32_t cooperative_id, int64_t want);
static void on_claim(void *arg, const struct pg_reply *reply);
static void start_ride(struct rail *l, const struct payment *p);
static void on_ride(void *arg, const struct carry_end *end);

/* ---- start and end ---- */

static void
add_rail(struct rails *r, const struct settings_provider *s)
{
	const struct provider *codec = means_codec(s);
	struct rail *l = &r->rail[r->rail_count];

	if (codec == NULL) {
		log_error(REF, "no_such_provider", "name=%s", s->name);
		return;
	}
	l->owner = r;
	l->slots = (unsigned)s->concurrency;
	l->means.env = r->env;
	l->means.tokens = r->tokens;
	l->means.provider = codec;
	means_read(&l->means, s);
	memcpy(l->count.provider, s->name, sizeof l->count.provider);
	availability_add(r->service, l->count.provider, &l->means);
	r->rail_count++;
}

void
rails_reload(struct rails *r)
{
	for (unsigned i = 0; r != NULL && i < r->rail_count; i++)
		means_read(
		    &r->rail[i].means,
		    settings_provider(r->env->settings, r->rail[i].count.provider));
	if (r != NULL)
		wake_in(r, 0);
}

static void
on_hinted(void *arg)
{
	struct rails *r = arg;

	enter_poll(r);
}

struct rails *
rails_new(struct flow_env *env)
{
	struct rails *r = xzalloc(sizeof *r);

	r->env = env;
	r->wake_ms = NEVER_MS;
	r->tokens = tokens_new(env->loop, env->http);
	r->hints = hints_new(env, on_hinted, r);
	r->service = availability_new(env, r->tokens, on_hinted, r);
	for (unsigned i = 0; i < env->settings->provider_count; i++)
		add_rail(r, &env->settings->providers[i]);
	enter_poll(r);
	return r;
}

static void
tell_if_drained(struct rails *r)
{
	loop_cb *cb = r->drained;

	if (cb == NULL || r->rides != NULL || r->claims != NULL)
		return;
	r->drained = NULL;
	loop_next_turn(r->env->loop, cb, r->drained_arg);
}

void
rails_drain(struct rails *r, loop_cb *cb, void *arg)
{
	r->draining = true;
	r->drained = cb;
	r->drained_arg = arg;
	timer_cancel(&r->timer);
	pg_cancel(&r->poll);
	tell_if_drained(r);
}

void
rails_free(struct rails *r)
{
	if (r == NULL)
		return;
	timer_cancel(&r->timer);
	pg_cancel(&r->poll);
	while (r->claims != NULL) {
		struct claim *c = r->claims;

		r->claims = c->next;
		pg_cancel(&c->pg);
		free(c);
	}
	while (r->rides != NULL) {
		struct ride *ride = r->rides;

		r->rides = ride->next;
		carry_cancel(&ride->carry);
		free(ride);
	}
	hints_free(r->hints);
	availability_free(r->service);
	tokens_free(r->tokens);
	free(r);
}

/* ---- when to look ---- */

static int64_t
wall(const struct rails *r)
{
	return loop_clock(r->env->loop)->wall_ms;
}

static void
wake_in(struct rails *r, int64_t delay_ms)
{
	int64_t at = loop_clock(r->env->loop)->mono_ms + (delay_ms > 0 ? delay_ms : 0);

	if (r->draining || at >= r->wake_ms)
		return;
	timer_cancel(&r->timer);
	r->wake_ms = at;
	r->timer = timer_start(r->env->loop, delay_ms > 0 ? delay_ms : 0, on_timer, r);
}

static void
on_timer(void *arg)
{
	struct rails *r = arg;

	r->timer = NULL;
	r->wake_ms = NEVER_MS;
	enter_poll(r);
}

void
rails_nudge(struct rails *r, int32_t cooperative_id)
{
	if (r == NULL || r->draining)
		return;
	for (unsigned i = 0; i < r->rail_count; i++)
		enter_claim(&r->rail[i], cooperative_id, NUDGE_WANTS);
	/* a pull rests a while first */
	wake_in(r, r->env->settings->payments.collect_delay_ms + 1);
}

void
rails_hint(struct rails *r, const char *provider, const struct provider_hint *hint,
           const char *body, size_t n)
{
	if (r != NULL)
		hints_take(r->hints, provider, hint, body, n);
}

/* ---- POLL ---- */

static int64_t
pg_deadline(const struct rails *r)
{
	return r->env->settings->pg.statement_ms;
}

static void
enter_poll(struct rails *r)
{
	struct pg_args *a;

	r->poll_again = r->poll != NULL;
	if (r->draining || r->poll_again)
		return;
	a = pg_args_new();
	pg_i64(a, wall(r));
	pg_i64(a, r->env->settings->payments.collect_delay_ms);
	r->poll = pg_call(r->env->pg, &payments_due, a, pg_deadline(r), on_poll, r);
}

static struct rail *
rail_by_name(struct rails *r, const char *provider)
{
	for (unsigned i = 0; i < r->rail_count; i++)
		if (strcmp(r->rail[i].count.provider, provider) == 0)
			return &r->rail[i];
	return NULL;
}

static void
on_poll(void *arg, const struct pg_reply *reply)
{
	struct rails *r = arg;

	r->poll = NULL;
	if (reply->err.code != ERR_NONE) {
		log_warn(REF, "poll_failed", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	} else {
		r->polled_ms = wall(r);
		for (unsigned i = 0; i < r->rail_count; i++)
			r->rail[i].is_full = false;
		for (int row = 0; row < reply->rows; row++) {
			struct rail *l = rail_by_name(r, reply_text(reply, row, 1));

			if (l == NULL)
				log_error(REF, "no_such_provider", "name=%s due=%s",
				          reply_text(reply, row, 1),
				          reply_text(reply, row, 2));
			else
				enter_claim(l, (int32_t)reply_i64(reply, row, 0),
				            reply_i64(reply, row, 2));
		}
	}
	if (r->poll_again)
		enter_poll(r);
	wake_in(r, r->env->settings->payments.poll_ms);
}

/* ---- CLAIM ---- */

static void
enter_claim(struct rail *l, int32_t cooperative_id, int64_t want)
{
	struct rails *r = l->owner;
	unsigned taken = l->under_way + l->reserved;
	unsigned room = l->slots > taken ? l->slots - taken : 0;
	unsigned most = availability_allows(r->service, l->count.provider) ? room : 0;
	unsigned fresh =
	    breaker_allows(&l->breaker, wall(r), l->submits + l->reserved, most);
	bool trying = breaker_state(&l->breaker, wall(r)) == BREAKER_TRYING;
	struct claim *c;
	struct pg_args *a;

	if (room == 0) {
		l->is_full = true;
		l->is_starved |= l->reserved > 0;
		return;
	}
	c = xzalloc(sizeof *c);
	c->rail = l;
	c->id = ids_uuid4(r->env->ids);
	c->reserved = trying && fresh > 0 ? fresh : (want < room ? (unsigned)want : room);
	l->reserved += c->reserved;
	a = pg_args_new();
	pg_i32(a, cooperative_id);
	pg_text(a, l->count.provider);
	pg_uuid(a, &c->id);
	pg_i64(a, wall(r));
	pg_i64(a, wall(r) + l->means.claim_ms);
	pg_i32(a, (int32_t)c->reserved);
	pg_bool(a, fresh > 0);
	pg_i64(a, r->env->settings->payments.collect_delay_ms);
	c->next = r->claims;
	r->claims = c;
	c->pg = pg_call(r->env->pg, &payments_claim, a, pg_deadline(r), on_claim, c);
}

static void
unlink_claim(struct claim *c)
{
	struct claim **at = &c->rail->owner->claims;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
}

static void
on_claim(void *arg, const struct pg_reply *reply)
{
	struct claim *c = arg;
	struct rail *l = c->rail;
	struct payment p;

	c->pg = NULL;
	unlink_claim(c);
	l->reserved -= c->reserved;
	if (reply->err.code != ERR_NONE) { /* what was claimed all the same will lapse */
		log_warn(REF, "claim_failed", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	} else {
		for (int row = 0; row < reply->rows; row++) {
			payment_read(reply, row, &p);
			start_ride(l, &p);
		}
		l->is_full |= (unsigned)reply->rows >= c->reserved;
	}
	free(c);
	if (l->is_starved)
		wake_in(l->owner, STARVED_MS);
	l->is_starved = false;
	tell_if_drained(l->owner);
}

/* ---- one payment ---- */

static void
start_ride(struct rail *l, const struct payment *p)
{
	struct ride *ride = xzalloc(sizeof *ride);
	const struct carry_manner *manner =
	    p->state != PAY_CREATED ? &reconcile
	                            : (p->direction == PAY_OUT ? &disburse : &collect);

	ride->rail = l;
	ride->submits = manner->submits;
	l->under_way++;
	if (ride->submits)
		l->submits++;
	ride->next = l->owner->rides;
	l->owner->rides = ride;
	ride->carry = carry_start(&l->means, manner, p, on_ride, ride);
}

static void
feed_breaker(struct rail *l, const struct verdict *v)
{
	const struct settings *s = l->means.env->settings;
	int64_t now = wall(l->owner);

	if (v->kind != VERDICT_DOWN && v->kind != VERDICT_UNKNOWN) {
		if (breaker_state(&l->breaker, now) != BREAKER_CLOSED)
			log_info(REF, "provider_up", "provider=%s", l->count.provider);
		breaker_success(&l->breaker);
	} else if (breaker_failure(&l->breaker, now, s->payments.breaker_failures,
	                           s->payments.breaker_ms)) {
		log_warn(REF, "provider_down", "provider=%s failures=%lld for_ms=%lld",
		         l->count.provider, (long long)l->breaker.failures,
		         (long long)s->payments.breaker_ms);
		wake_in(l->owner, s->payments.breaker_ms + 1);
		availability_ask(l->owner->service, l->count.provider);
	}
}

static void
count_verdict(struct rail *l, const struct verdict *v)
{
	if (v->kind == VERDICT_PAID)
		l->count.paid++;
	else if (v->kind == VERDICT_FAILED)
		l->count.failed++;
	else if (v->kind == VERDICT_UNKNOWN)
		l->count.unknown++;
	else if (v->kind == VERDICT_DOWN)
		l->count.down++;
}

static void
unlink_ride(struct ride *ride)
{
	struct ride **at = &ride->rail->owner->rides;

	while (*at != ride)
		at = &(*at)->next;
	*at = ride->next;
}

static void
on_ride(void *arg, const struct carry_end *end)
{
	struct ride *ride = arg;
	struct rail *l = ride->rail;
	struct rails *r = l->owner;

	ride->carry = NULL;
	unlink_ride(ride);
	l->under_way--;
	if (ride->submits)
		l->submits--;
	if (end->called) {
		if (ride->submits)
			l->count.submits++;
		else
			l->count.queries++;
		count_verdict(l, &end->verdict);
		feed_breaker(l, &end->verdict);
	}
	free(ride);
	if (l->is_full)
		wake_in(r, 0);
	else if (end->next_try_ms > 0)
		wake_in(r, end->next_try_ms - wall(r));
	tell_if_drained(r);
}

/* ---- what can be seen ---- */

bool
rails_is_open(const struct rails *r, const char *provider)
{
	for (unsigned i = 0; i < r->rail_count; i++)
		if (strcmp(r->rail[i].count.provider, provider) == 0)
			return breaker_state(&r->rail[i].breaker, wall(r)) !=
			           BREAKER_OPEN &&
			       availability_allows(r->service, provider);
	return false;
}

void
rails_read_counts(const struct rails *r, struct rails_counts *out)
{
	memset(out, 0, sizeof *out);
	out->count = r->rail_count;
	for (unsigned i = 0; i < r->rail_count; i++) {
		const struct rail *l = &r->rail[i];

		out->at[i] = l->count;
		out->at[i].breaker = breaker_state(&l->breaker, wall(r));
		out->at[i].under_way = l->under_way;
		out->at[i].breaker_opened = l->breaker.times_opened;
		availability_read(r->service, l->count.provider, out->at[i].serves);
	}
	hints_read_counts(r->hints, &out->hints, &out->strangers);
	out->polled_ms = r->polled_ms;
}
