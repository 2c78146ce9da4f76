#include "payments/flow/preferences.h"

#include "lib/arena.h"
#include "payments/store/preferences.h"

#include <stdlib.h>
#include <string.h>

#define CALL_MS 10000

struct preferences {
	struct flow_env *env; /* borrowed */
	int64_t every_ms;
	struct timer *timer;
	struct pg_op *pg;
	int count;
	struct preference *at; /* owned */
};

static void read_all(void *arg);

static void
on_all(void *arg, const struct pg_reply *r)
{
	struct preferences *p = arg;

	p->pg = NULL;
	if (r->err.code == ERR_NONE) {
		p->count = r->rows;
		p->at = xrealloc(p->at, ((size_t)r->rows + 1) * sizeof *p->at);
		for (int row = 0; row < r->rows; row++)
			preference_read(r, row, &p->at[row]);
	}
	p->timer = timer_start(p->env->loop, p->every_ms, read_all, p);
}

static void
read_all(void *arg)
{
	struct preferences *p = arg;

	p->timer = NULL;
	p->pg = pg_call(p->env->pg, &preferences_all, pg_args_new(), CALL_MS, on_all, p);
}

struct preferences *
preferences_new(struct flow_env *env, int64_t every_ms)
{
	struct preferences *p = xzalloc(sizeof *p);

	p->env = env;
	p->every_ms = every_ms;
	p->timer = timer_start(env->loop, 0, read_all, p);
	return p;
}

void
preferences_free(struct preferences *p)
{
	if (p == NULL)
		return;
	timer_cancel(&p->timer);
	pg_cancel(&p->pg);
	free(p->at);
	free(p);
}

static const struct preference *
find(const struct preferences *p, int32_t cooperative_id, const char *provider)
{
	for (int i = 0; p != NULL && i < p->count; i++)
		if (p->at[i].cooperative_id == cooperative_id &&
		    strcmp(p->at[i].provider, provider) == 0)
			return &p->at[i];
	return NULL;
}

bool
preferences_paused(const struct preferences *p, const char *provider)
{
	return find(p, 0, provider) != NULL;
}

int32_t
preferences_rank(const struct preferences *p, int32_t cooperative_id,
                 const char *provider)
{
	const struct preference *found =
	    cooperative_id == 0 ? NULL : find(p, cooperative_id, provider);

	return found == NULL ? INT32_MAX : found->rank;
}
