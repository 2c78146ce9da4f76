#include "payments/flow/preferences.h"

#include "lib/arena.h"
#include "payments/flow/reread.h"
#include "payments/store/preferences.h"

#include <stdlib.h>
#include <string.h>

struct preferences {
	struct reread *reading;
	int count;
	struct preference *at; /* owned */
};

static void
take(void *owner, const struct pg_reply *r)
{
	struct preferences *p = owner;

	p->count = r->rows;
	p->at = xrealloc(p->at, ((size_t)r->rows + 1) * sizeof *p->at);
	for (int row = 0; row < r->rows; row++)
		preference_read(r, row, &p->at[row]);
}

struct preferences *
preferences_new(struct flow_env *env, int64_t every_ms)
{
	static const struct reread_table table = { &preferences_all, false, take };
	struct preferences *p = xzalloc(sizeof *p);

	p->reading = reread_new(env, &table, every_ms, p);
	return p;
}

void
preferences_free(struct preferences *p)
{
	if (p == NULL)
		return;
	reread_free(p->reading);
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
