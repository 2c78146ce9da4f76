/*
 * rails - see rails.h.
 *
 *   timer, nudge, hint --> POLL --due (cooperative, provider)--> CLAIM --rows--> carry
 *                                    as many as there are slots        created: disburse
 *                                                                            or collect
 *                                                                      else: reconcile
 */
#include "payments/flow/rails_internal.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/collect.h"
#include "payments/flow/disburse.h"
#include "payments/flow/gate.h"
#include "payments/flow/means.h"
#include "payments/flow/reconcile.h"

#include <stdlib.h>
#include <string.h>

#define NEVER_MS    INT64_MAX
#define NUDGE_WANTS 4
/* Of many calls at a time several end within this: they are made up for by one look. */
#define GATHER_MS 5

static void on_timer(void *arg);
static void enter_poll(struct rails *r);
static void on_poll(void *arg, const struct pg_reply *reply);
static void on_ride(void *arg, const struct carry_end *end);

/* ---- start and end
 * --------------------------------------------------------------------- */

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
	l->per_second = s->per_second;
	l->means.env = r->env;
	l->means.tokens = r->tokens;
	l->means.provider = codec;
	means_read(&l->means, s);
	l->means.gate = gate_new(&l->means);
	memcpy(l->count.provider, s->name, sizeof l->count.provider);
	availability_add(r->service, l->count.provider, &l->means);
	r->rail_count++;
}

void
rails_reload(struct rails *r)
{
	for (unsigned i = 0; r != NULL && i < r->rail_count; i++) {
		const struct settings_provider *s =
		    settings_provider(r->env->settings, r->rail[i].count.provider);

		means_read(&r->rail[i].means, s);
		r->rail[i].per_second = s->per_second;
	}
	if (r != NULL)
		rails_wake_in(r, 0);
}

static void
on_hinted(void *arg)
{
	struct rails *r = arg;

	enter_poll(r);
}

static struct rail *rail_by_name(struct rails *r, const char *provider);

static void
on_funds(void *arg, const char *provider, const struct hint_funds *f)
{
	struct rail *l = rail_by_name(arg, provider);

	if (l != NULL)
		gate_hear(l->means.gate, f);
}

struct rails *
rails_new(struct flow_env *env)
{
	struct rails *r = xzalloc(sizeof *r);

	r->env = env;
	r->wake_ms = NEVER_MS;
	r->tokens = tokens_new(env->loop, env->http);
	r->hints = hints_new(env, on_hinted, on_funds, r);
	r->service = availability_new(env, r->tokens, on_hinted, r);
	for (unsigned i = 0; i < env->settings->provider_count; i++)
		add_rail(r, &env->settings->providers[i]);
	enter_poll(r);
	return r;
}

void
rails_tell_if_drained(struct rails *r)
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
	rails_tell_if_drained(r);
}

void
rails_free(struct rails *r)
{
	if (r == NULL)
		return;
	timer_cancel(&r->timer);
	pg_cancel(&r->poll);
	rails_forget_claims(r);
	while (r->rides != NULL) {
		struct ride *ride = r->rides;

		r->rides = ride->next;
		carry_cancel(&ride->carry);
		free(ride);
	}
	for (unsigned i = 0; i < r->rail_count; i++)
		gate_free(&r->rail[i].means.gate);
	hints_free(r->hints);
	availability_free(r->service);
	tokens_free(r->tokens);
	free(r);
}

/* ---- when to look
 * ------------------------------------------------------------------------ */

void
rails_wake_in(struct rails *r, int64_t delay_ms)
{
	int64_t at = loop_clock(r->env->loop)->mono_ms + (delay_ms > 0 ? delay_ms : 0);

	if (r->draining || at >= r->wake_ms)
		return;
	timer_cancel(&r->timer);
	r->wake_ms = at;
	r->timer = timer_start(r->env->loop, delay_ms > 0 ? delay_ms : 0, on_timer, r);
}

int64_t
rail_rest_ms(const struct rail *l)
{
	return pace_wait_ms(&l->pace, l->per_second, rails_wall(l->owner));
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
		rail_claim(&r->rail[i], cooperative_id, NUDGE_WANTS);
	/* a pull rests a while first */
	rails_wake_in(r, r->env->settings->payments.collect_delay_ms + 1);
}

void
rails_hint(struct rails *r, const char *provider, const struct provider_hint *hint,
           const char *body, size_t n)
{
	if (r != NULL)
		hints_take(r->hints, provider, hint, body, n);
}

void
rails_answer(struct rails *r, const char *provider, const struct uuid *question,
             const char *body, size_t n)
{
	if (r != NULL)
		hints_answer(r->hints, provider, question, body, n);
}

/* ---- POLL
 * ---------------------------------------------------------------------------------- */

static int64_t
pg_deadline(const struct rails *r)
{
	return r->env->settings->pg.statement_ms;
}

/* No more is counted than one provider can take. */
static unsigned
most_wanted(const struct rails *r)
{
	unsigned most = 1;

	for (unsigned i = 0; i < r->rail_count; i++) {
		const struct rail *l = &r->rail[i];
		unsigned taken = l->under_way + l->reserved;

		if (l->slots > taken && l->slots - taken > most)
			most = l->slots - taken;
	}
	return most;
}

static void
enter_poll(struct rails *r)
{
	struct pg_args *a;

	if (r->draining)
		return;
	if (r->poll != NULL) {
		r->poll_again = true;
		return;
	}
	r->poll_again = false;
	a = pg_args_new();
	pg_i64(a, rails_wall(r));
	pg_i64(a, r->env->settings->payments.collect_delay_ms);
	pg_i32(a, (int32_t)most_wanted(r));
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
		r->polled_ms = rails_wall(r);
		for (unsigned i = 0; i < r->rail_count; i++)
			r->rail[i].is_full = false;
		for (int row = 0; row < reply->rows; row++) {
			struct rail *l = rail_by_name(r, reply_text(reply, row, 1));

			if (l == NULL)
				log_error(REF, "no_such_provider", "name=%s due=%s",
				          reply_text(reply, row, 1),
				          reply_text(reply, row, 2));
			else
				rail_claim(l, (int32_t)reply_i64(reply, row, 0),
				           reply_i64(reply, row, 2));
		}
	}
	if (r->poll_again)
		enter_poll(r);
	rails_wake_in(r, r->env->settings->payments.poll_ms);
}

/* ---- one payment
 * --------------------------------------------------------------------------- */

void
rail_start_ride(struct rail *l, const struct payment *p)
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
	if (ride->next != NULL)
		ride->next->prev = ride;
	l->owner->rides = ride;
	ride->carry = carry_start(&l->means, manner, p, NULL, on_ride, ride);
}

static void
feed_breaker(struct rail *l, bool up)
{
	const struct settings *s = l->means.env->settings;
	int64_t now = rails_wall(l->owner);

	if (up) {
		if (breaker_state(&l->breaker, now) != BREAKER_CLOSED)
			log_info(REF, "provider_up", "provider=%s", l->count.provider);
		breaker_success(&l->breaker);
	} else if (breaker_failure(&l->breaker, now, s->payments.breaker_failures,
	                           s->payments.breaker_ms)) {
		log_warn(REF, "provider_down", "provider=%s failures=%lld for_ms=%lld",
		         l->count.provider, (long long)l->breaker.failures,
		         (long long)s->payments.breaker_ms);
		rails_wake_in(l->owner, s->payments.breaker_ms + 1);
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
	if (ride->prev != NULL)
		ride->prev->next = ride->next;
	else
		ride->rail->owner->rides = ride->next;
	if (ride->next != NULL)
		ride->next->prev = ride->prev;
}

static int64_t
look_again_ms(const struct rail *l)
{
	int64_t rest = rail_rest_ms(l), gather = l->under_way > 0 ? GATHER_MS : 0;

	return rest > gather ? rest : gather;
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
	/* one that cannot be put says nothing about the provider */
	if (end->called && strcmp(end->verdict.code, COURSE_CANNOT_ASK) != 0) {
		if (ride->submits)
			l->count.submits++;
		else
			l->count.queries++;
		count_verdict(l, &end->verdict);
		feed_breaker(l, end->verdict.kind != VERDICT_DOWN &&
		                    end->verdict.kind != VERDICT_UNKNOWN);
	}
	free(ride);
	if (l->is_full)
		rails_wake_in(r, look_again_ms(l));
	else if (end->next_try_ms > 0)
		rails_wake_in(r, end->next_try_ms - rails_wall(r));
	rails_tell_if_drained(r);
}

/* ---- for calls about many at once
 * ------------------------------------------------------ */

const struct carry_means *
rails_means(const struct rails *r, const char *provider)
{
	for (unsigned i = 0; r != NULL && i < r->rail_count; i++)
		if (strcmp(r->rail[i].count.provider, provider) == 0)
			return &r->rail[i].means;
	return NULL;
}

int64_t
rails_take_call(struct rails *r, const char *provider)
{
	struct rail *l = rail_by_name(r, provider);
	int64_t rest = l == NULL ? 0 : rail_rest_ms(l);

	if (l == NULL || pace_room(&l->pace, l->per_second, rails_wall(r), 1) == 0)
		return rest > 0 ? rest : 1;
	pace_take(&l->pace, 1);
	return 0;
}

void
rails_heard(struct rails *r, const char *provider, bool up)
{
	struct rail *l = r == NULL ? NULL : rail_by_name(r, provider);

	if (l != NULL)
		feed_breaker(l, up);
}

/* ---- what can be seen
 * ---------------------------------------------------------------------- */

bool
rails_is_open(const struct rails *r, const char *provider)
{
	for (unsigned i = 0; i < r->rail_count; i++)
		if (strcmp(r->rail[i].count.provider, provider) == 0)
			return breaker_state(&r->rail[i].breaker, rails_wall(r)) !=
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
		out->at[i].breaker = breaker_state(&l->breaker, rails_wall(r));
		out->at[i].under_way = l->under_way;
		availability_read(r->service, l->count.provider, out->at[i].serves);
		out->at[i].per_second = l->per_second;
		out->at[i].breaker_opened = l->breaker.times_opened;
	}
	hints_read_counts(r->hints, &out->hints, &out->strangers);
	out->polled_ms = r->polled_ms;
}
