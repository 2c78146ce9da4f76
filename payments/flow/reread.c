#include "payments/flow/reread.h"

#include "lib/arena.h"

#include <stdlib.h>

#define CALL_MS 10000

struct reread {
	struct flow_env *env; /* borrowed */
	const struct reread_table *table;
	int64_t every_ms;
	void *owner;
	struct timer *timer; /* one of the two */
	struct pg_op *pg;
};

static void read_all(void *arg);

static void
on_all(void *arg, const struct pg_reply *r)
{
	struct reread *t = arg;

	t->pg = NULL;
	if (r->err.code == ERR_NONE)
		t->table->take(t->owner, r);
	t->timer = timer_start(t->env->loop, t->every_ms, read_all, t);
}

static void
read_all(void *arg)
{
	struct reread *t = arg;
	struct pg_args *a = pg_args_new();

	t->timer = NULL;
	if (t->table->asks_time)
		pg_i64(a, loop_clock(t->env->loop)->wall_ms);
	t->pg = pg_call(t->env->pg, t->table->all, a, CALL_MS, on_all, t);
}

struct reread *
reread_new(struct flow_env *env, const struct reread_table *table, int64_t every_ms,
           void *owner)
{
	struct reread *t = xzalloc(sizeof *t);

	t->env = env;
	t->table = table;
	t->every_ms = every_ms;
	t->owner = owner;
	t->timer = timer_start(env->loop, 0, read_all, t);
	return t;
}

void
reread_free(struct reread *t)
{
	timer_cancel(&t->timer);
	pg_cancel(&t->pg);
	free(t);
}
