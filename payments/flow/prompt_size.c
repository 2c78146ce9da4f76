#include "payments/flow/prompt_size.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/call.h"
#include "payments/flow/means.h"
#include "payments/flow/reread.h"
#include "payments/flow/route.h"
#include "payments/store/wallet.h"

#include <stdlib.h>
#include <string.h>

struct prompt_sizes {
	struct reread *reading;
	int count;
	struct prompt_limit *at; /* owned; a provider's own before its currency's */
};

static void
take(void *owner, const struct pg_reply *r)
{
	struct prompt_sizes *s = owner;

	s->at = xrealloc(s->at, ((size_t)r->rows + 1) * sizeof *s->at);
	for (s->count = 0; s->count < r->rows; s->count++)
		prompt_limit_read(r, s->count, &s->at[s->count]);
}

struct prompt_sizes *
prompt_sizes_new(struct flow_env *env, int64_t every_ms)
{
	static const struct reread_table table = { &prompt_limits_in_force, true, take };
	struct prompt_sizes *s = xzalloc(sizeof *s);

	s->reading = reread_new(env, &table, every_ms, s);
	return s;
}

void
prompt_sizes_free(struct prompt_sizes *s)
{
	if (s == NULL)
		return;
	reread_free(s->reading);
	free(s->at);
	free(s);
}

struct bounds
prompt_sizes_find(const struct prompt_sizes *s, const char *provider,
                  const char *currency)
{
	for (int i = 0; s != NULL && i < s->count; i++) {
		const struct prompt_limit *l = &s->at[i];

		if (strcmp(l->currency, currency) == 0 &&
		    (l->provider[0] == '\0' || strcmp(l->provider, provider) == 0))
			return l->bounds;
	}
	return (struct bounds){ 0, 0 };
}

enum bounds_say
prompt_size(const struct flow_env *env, int32_t cooperative_id, struct payment *p,
            int64_t *bound)
{
	struct bounds b;

	route_payment(env, cooperative_id, p);
	b = prompt_sizes_find(env->prompt_sizes, p->provider, p->currency);
	return bounds_judge(&b,
	                    means_grain(env->settings, p->provider, p->currency, PAY_IN),
	                    &p->amount, bound);
}

const char *
prompt_refusal(struct payments_op *op, const struct payment *p)
{
	struct payment asked = *p;
	enum bounds_say say =
	    prompt_size(op->env, op->who.cooperative_id, &asked, &op->answer.bound);

	if (say == BOUNDS_FIT)
		return "";
	log_info(op->name, "prompt_size",
	         "provider=%s currency=%s amount=%lld bound=%lld", asked.provider,
	         asked.currency, (long long)asked.amount, (long long)op->answer.bound);
	return say == BOUNDS_UNDER ? "under_least" : "over_most";
}
