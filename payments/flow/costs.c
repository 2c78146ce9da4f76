#include "payments/flow/costs.h"

#include "lib/arena.h"
#include "payments/store/tariffs.h"

#include <stdlib.h>
#include <string.h>

#define CALL_MS 10000

struct costs {
	struct flow_env *env; /* borrowed */
	int64_t every_ms;
	struct timer *timer;
	struct pg_op *pg;
	int count;
	struct tariff_of *at; /* owned */
};

static void read_all(void *arg);

static void
on_all(void *arg, const struct pg_reply *r)
{
	struct costs *c = arg;
	int row = 0;

	c->pg = NULL;
	if (r->err.code == ERR_NONE) {
		c->at = xrealloc(c->at, ((size_t)r->rows + 1) * sizeof *c->at);
		for (c->count = 0; row < r->rows; c->count++)
			tariffs_read(r, &row, &c->at[c->count]);
	}
	c->timer = timer_start(c->env->loop, c->every_ms, read_all, c);
}

static void
read_all(void *arg)
{
	struct costs *c = arg;
	struct pg_args *a = pg_args_new();

	c->timer = NULL;
	pg_i64(a, loop_clock(c->env->loop)->wall_ms);
	c->pg = pg_call(c->env->pg, &tariffs_in_force, a, CALL_MS, on_all, c);
}

struct costs *
costs_new(struct flow_env *env, int64_t every_ms)
{
	struct costs *c = xzalloc(sizeof *c);

	c->env = env;
	c->every_ms = every_ms;
	c->timer = timer_start(env->loop, 0, read_all, c);
	return c;
}

void
costs_free(struct costs *c)
{
	if (c == NULL)
		return;
	timer_cancel(&c->timer);
	pg_cancel(&c->pg);
	free(c->at);
	free(c);
}

int64_t
costs_find(const struct costs *c, const struct cost_of *what)
{
	int64_t fee;

	for (int i = 0; c != NULL && i < c->count; i++) {
		const struct tariff_of *t = &c->at[i];

		if (t->in == what->in && strcmp(t->provider, what->provider) == 0 &&
		    strcmp(t->currency, what->currency) == 0)
			return tariff_fee(&t->tariff, what->amount, &fee) ? fee : -1;
	}
	return -1;
}
