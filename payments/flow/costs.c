#include "payments/flow/costs.h"

#include "lib/arena.h"
#include "payments/flow/reread.h"
#include "payments/store/tariffs.h"

#include <stdlib.h>
#include <string.h>

struct costs {
	struct reread *reading;
	int count;
	struct tariff_of *at; /* owned */
};

static void
take(void *owner, const struct pg_reply *r)
{
	struct costs *c = owner;
	int row = 0;

	c->at = xrealloc(c->at, ((size_t)r->rows + 1) * sizeof *c->at);
	for (c->count = 0; row < r->rows; c->count++)
		tariffs_read(r, &row, &c->at[c->count]);
}

struct costs *
costs_new(struct flow_env *env, int64_t every_ms)
{
	static const struct reread_table table = { &tariffs_in_force, true, take };
	struct costs *c = xzalloc(sizeof *c);

	c->reading = reread_new(env, &table, every_ms, c);
	return c;
}

void
costs_free(struct costs *c)
{
	if (c == NULL)
		return;
	reread_free(c->reading);
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
