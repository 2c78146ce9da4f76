#include "payments/flow/route.h"

#include "payments/flow/costs.h"
#include "payments/flow/means.h"
#include "payments/flow/preferences.h"
#include "payments/flow/prompt_size.h"
#include "payments/flow/rails.h"

#include <string.h>

size_t
route_fits(const char *prefixes, const char *msisdn)
{
	size_t best = 0;

	while (*prefixes != '\0') {
		size_t n = strcspn(prefixes, " ");

		if (n > best && strncmp(prefixes, msisdn, n) == 0)
			best = n;
		prefixes += n + (prefixes[n] == ' ');
	}
	return best;
}

static bool
serves(const struct route_candidate *c)
{
	return c->open && !c->paused;
}

bool
route_before(const struct route_candidate *a, const struct route_candidate *b)
{
	if (a->misfit != b->misfit)
		return b->misfit;
	if (serves(a) != serves(b))
		return serves(a);
	if (a->rank != b->rank)
		return a->rank < b->rank;
	if (a->prefix != b->prefix)
		return a->prefix > b->prefix;
	if (a->cost != b->cost)
		return b->cost < 0 || (a->cost >= 0 && a->cost < b->cost);
	return true;
}

/* A payout comes in parts that fit; a prompt is one. */
static bool
takes(const struct flow_env *env, const struct route_ask *ask,
      const struct settings_provider *p)
{
	struct bounds b = prompt_sizes_find(env->prompt_sizes, p->name, p->currency);
	int64_t grain = means_grain(env->settings, p->name, p->currency, PAY_IN);
	int64_t amount = ask->amount, bound;

	return !ask->in || ask->amount <= 0 ||
	       bounds_judge(&b, grain, &amount, &bound) == BOUNDS_FIT;
}

static struct route_candidate
look_at(const struct flow_env *env, const struct route_ask *ask,
        const struct settings_provider *p)
{
	struct cost_of what = { p->name, p->currency, ask->in, ask->amount };

	return (struct route_candidate){
		.provider = p,
		.paused = preferences_paused(env->preferences, p->name),
		.open = env->rails == NULL || rails_is_open(env->rails, p->name),
		.rank = preferences_rank(env->preferences, ask->cooperative_id, p->name),
		.prefix = route_fits(p->numbers, ask->msisdn),
		.misfit = !takes(env, ask, p),
		.cost = ask->amount > 0 ? costs_find(env->costs, &what) : -1,
	};
}

unsigned
route_candidates(const struct flow_env *env, const struct route_ask *ask,
                 struct route_candidate out[SETTINGS_PROVIDERS_MAX])
{
	const struct settings *s = env->settings;
	unsigned n = 0;

	for (unsigned i = 0; s != NULL && i < s->provider_count; i++) {
		const struct settings_provider *p = &s->providers[i];
		struct route_candidate c;
		unsigned at = n;

		if (strcmp(p->currency, ask->currency) != 0 ||
		    route_fits(p->numbers, ask->msisdn) == 0)
			continue;
		c = look_at(env, ask, p);
		for (; at > 0 && !route_before(&out[at - 1], &c); at--)
			out[at] = out[at - 1];
		out[at] = c;
		n++;
	}
	return n;
}

void
route_name(const struct flow_env *env, const struct route_ask *ask, char provider[16])
{
	struct route_candidate all[SETTINGS_PROVIDERS_MAX];

	if (route_candidates(env, ask, all) > 0)
		memcpy(provider, all[0].provider->name, sizeof all[0].provider->name);
}

void
route_payment(const struct flow_env *env, int32_t cooperative_id, struct payment *p)
{
	struct route_ask ask = { cooperative_id, p->msisdn, p->currency,
		                 p->direction == PAY_IN, p->amount };

	_Static_assert(sizeof p->provider == 16, "a name of the settings fits");
	route_name(env, &ask, p->provider);
}
