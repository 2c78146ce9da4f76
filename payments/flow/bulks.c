#include "payments/flow/bulks.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/bulk_gather.h"
#include "payments/flow/bulk_visit.h"
#include "payments/flow/means.h"
#include "payments/flow/rails.h"
#include "payments/store/row.h"

#include <stdlib.h>
#include <string.h>

#define REF     "bulks"
#define VISITS  4
#define READY   8 /* as bulks_ready says */
#define CALL_MS 10000

struct visit {
	struct bulks *owner;
	struct bulk_visit *going; /* NULL: free */
};

struct bulks {
	struct flow_env *env; /* borrowed */
	int64_t every_ms;
	struct timer *timer; /* in flight, or NULL, as are the next two */
	struct pg_op *pg;
	bool has_let_go;
	struct bulk_gather *gather;
	unsigned ready_count, at;
	struct bulk_ready ready[READY];
	struct visit visit[VISITS];
};

static void look(void *arg);
static void on_let_go(void *arg, const struct pg_reply *r);
static void on_ready(void *arg, const struct pg_reply *r);
static void on_gathered(void *arg);
static void enter_due(struct bulks *b);
static void on_due(void *arg, const struct pg_reply *r);

struct names { /* of providers */
	const char *all[SETTINGS_PROVIDERS_MAX], *open[SETTINGS_PROVIDERS_MAX];
	int32_t most[SETTINGS_PROVIDERS_MAX]; /* of those that are open */
	size_t count, open_count;
};

/* Those that take none now may still have some under way. */
static void
read_names(const struct bulks *b, struct names *n)
{
	const struct settings *s = b->env->settings;

	*n = (struct names){ .count = 0 };
	for (unsigned i = 0; i < s->provider_count; i++) {
		const char *name = s->providers[i].name;
		const struct carry_means *means = rails_means(b->env->rails, name);

		if (means == NULL || !means->provider->batches)
			continue;
		n->all[n->count++] = name;
		if (!rails_is_open(b->env->rails, name))
			continue;
		n->most[n->open_count] = (int32_t)means_batch_max(s, name);
		n->open[n->open_count++] = name;
	}
}

static void
sleep_on(struct bulks *b, int64_t ms)
{
	timer_cancel(&b->timer);
	b->timer = timer_start(b->env->loop, ms, look, b);
}

static bool
failed(const struct pg_reply *r)
{
	if (r->err.code == ERR_NONE)
		return false;
	log_warn(REF, "not_looked", "why=%s message=\"%s\"", err_name(r->err.code),
	         r->message);
	return true;
}

/* ---- LET GO, READY ---- */

static void
look(void *arg)
{
	struct bulks *b = arg;
	const struct settings *s = b->env->settings;
	const char *takes[SETTINGS_PROVIDERS_MAX];
	struct names names;
	struct pg_args *a;
	size_t n = 0;

	b->timer = NULL;
	read_names(b, &names);
	/* who knows none may have known some: what waits for those is let go once */
	if (!settle_is_leader(b->env->settle) || (names.count == 0 && b->has_let_go)) {
		sleep_on(b, b->every_ms);
		return;
	}
	for (unsigned i = 0; i < s->provider_count; i++)
		if (means_batch_max(s, s->providers[i].name) > 0)
			takes[n++] = s->providers[i].name;
	a = pg_args_new();
	pg_text_array(a, takes, n);
	pg_i64(a, loop_clock(b->env->loop)->wall_ms);
	b->pg = pg_call(b->env->pg, &bulks_let_go, a, CALL_MS, on_let_go, b);
}

static void
on_let_go(void *arg, const struct pg_reply *r)
{
	struct bulks *b = arg;
	struct pg_args *a;
	struct names n;

	b->pg = NULL;
	read_names(b, &n);
	if (failed(r) || n.count == 0) {
		b->has_let_go |= r->err.code == ERR_NONE;
		sleep_on(b, b->every_ms);
		return;
	}
	a = pg_args_new();
	pg_text_array(a, n.open, n.open_count);
	pg_i32_array(a, n.most, n.open_count);
	b->pg = pg_call(b->env->pg, &bulks_ready, a, CALL_MS, on_ready, b);
}

static void
on_ready(void *arg, const struct pg_reply *r)
{
	struct bulks *b = arg;

	b->pg = NULL;
	b->ready_count = b->at = 0;
	if (failed(r)) {
		sleep_on(b, b->every_ms);
		return;
	}
	for (int i = 0; i < r->rows && b->ready_count < READY; i++) {
		struct bulk_ready *to = &b->ready[b->ready_count++];

		to->cooperative_id = (int32_t)reply_i64(r, i, 0);
		to->batch_id = reply_uuid(r, i, 1);
		ROW_TEXT(r, i, 2, to->provider);
		ROW_TEXT(r, i, 3, to->code);
	}
	on_gathered(b);
}

static void
on_gathered(void *arg)
{
	struct bulks *b = arg;

	b->gather = NULL;
	while (b->gather == NULL && b->at < b->ready_count) {
		const struct bulk_ready *next = &b->ready[b->at++];
		int64_t most = means_batch_max(b->env->settings, next->provider);
		const struct carry_means *means =
		    rails_means(b->env->rails, next->provider);

		if (means != NULL && most > 0)
			b->gather = bulk_gather_start(means, next, (unsigned)most,
			                              on_gathered, b);
	}
	if (b->gather == NULL)
		enter_due(b);
}

/* ---- DUE ---- */

static void
on_visited(void *arg)
{
	struct visit *v = arg;
	struct bulks *b = v->owner;

	v->going = NULL;
	if (b->timer != NULL) /* else it is looking */
		sleep_on(b, 0);
}

static struct visit *
free_visit(struct bulks *b)
{
	for (unsigned i = 0; i < VISITS; i++)
		if (b->visit[i].going == NULL)
			return &b->visit[i];
	return NULL;
}

static void
enter_due(struct bulks *b)
{
	int64_t now = loop_clock(b->env->loop)->wall_ms, claim_ms = 0;
	struct uuid claim = ids_uuid4(b->env->ids), held[VISITS];
	size_t held_count = 0;
	struct pg_args *a;
	struct names n;

	read_names(b, &n);
	for (unsigned i = 0; i < VISITS; i++)
		if (b->visit[i].going != NULL)
			held[held_count++] = *bulk_visit_of(b->visit[i].going);
	for (size_t i = 0; i < n.count; i++) {
		int64_t own = rails_means(b->env->rails, n.all[i])->claim_ms;

		claim_ms = own > claim_ms ? own : claim_ms;
	}
	if (free_visit(b) == NULL || n.count == 0) {
		sleep_on(b, b->every_ms);
		return;
	}
	a = pg_args_new();
	pg_text_array(a, n.all, n.count);
	pg_text_array(a, n.open, n.open_count);
	pg_uuid_array(a, held, held_count);
	pg_uuid(a, &claim);
	pg_i64(a, now);
	pg_i64(a, now + claim_ms);
	pg_i32(a, 1);
	b->pg = pg_call(b->env->pg, &bulks_claim, a, CALL_MS, on_due, b);
}

static void
on_due(void *arg, const struct pg_reply *r)
{
	struct bulks *b = arg;
	bool more = false;

	b->pg = NULL;
	if (failed(r)) {
		sleep_on(b, b->every_ms);
		return;
	}
	for (int i = 0; i < r->rows; i++) {
		struct visit *v = free_visit(b);
		struct bulk bulk;

		bulk_read(r, i, &bulk);
		if (v == NULL)
			continue; /* its claim lapses */
		v->owner = b;
		v->going = bulk_visit_start(rails_means(b->env->rails, bulk.provider),
		                            &bulk, on_visited, v);
		more = true;
	}
	sleep_on(b, more && free_visit(b) != NULL ? 0 : b->every_ms);
}

struct bulks *
bulks_start(struct flow_env *env, int64_t every_ms)
{
	struct bulks *b = xzalloc(sizeof *b);

	b->env = env;
	b->every_ms = every_ms;
	sleep_on(b, every_ms);
	return b;
}

void
bulks_stop(struct bulks **handle)
{
	struct bulks *b = *handle;

	if (b == NULL)
		return;
	*handle = NULL;
	timer_cancel(&b->timer);
	pg_cancel(&b->pg);
	bulk_gather_cancel(&b->gather);
	for (unsigned i = 0; i < VISITS; i++)
		bulk_visit_cancel(&b->visit[i].going);
	free(b);
}
