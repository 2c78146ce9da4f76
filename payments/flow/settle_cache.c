#include "payments/flow/settle_internal.h"

#include "lib/arena.h"

#include <stdlib.h>

struct cached_account *
cache_account(struct settle *s, const struct uuid *id)
{
	return uuid_map_get(&s->accounts, id);
}

struct cached_account *
cache_add_account(struct settle *s, const struct uuid *id)
{
	struct cached_account *a = xzalloc(sizeof *a);

	a->id = *id;
	uuid_map_put(&s->accounts, id, a);
	return a;
}

struct cached_hold *
cache_hold(struct settle *s, const struct uuid *id)
{
	return uuid_map_get(&s->holds, id);
}

struct cached_hold *
cache_add_hold(struct settle *s, const struct uuid *id)
{
	struct cached_hold *h = xzalloc(sizeof *h);

	h->id = *id;
	uuid_map_put(&s->holds, id, h);
	return h;
}

struct cached_key *
cache_key(struct settle *s, const struct uuid *key)
{
	return uuid_map_get(&s->keys, key);
}

static void
forget_oldest_key(struct settle *s)
{
	struct cached_key *k = s->oldest_key;

	s->oldest_key = k->newer;
	if (s->oldest_key == NULL)
		s->newest_key = NULL;
	uuid_map_take(&s->keys, &k->key);
	free(k);
}

void
cache_add_key(struct settle *s, const struct settle_op *op, enum op_result result)
{
	struct cached_key *k;

	if (cache_key(s, &op->op.key) != NULL)
		return;
	if (s->keys.count >= KEYS_REMEMBERED)
		forget_oldest_key(s);
	k = xzalloc(sizeof *k);
	k->key = op->op.key;
	k->content = op->content;
	k->result = result;
	uuid_map_put(&s->keys, &k->key, k);
	if (s->newest_key != NULL)
		s->newest_key->newer = k;
	else
		s->oldest_key = k;
	s->newest_key = k;
}

void
cache_forget_balances(struct settle *s)
{
	s->generation++;
	s->full = false;
	uuid_map_clear(&s->accounts, free);
	uuid_map_clear(&s->holds, free);
}

void
cache_free(struct settle *s)
{
	cache_forget_balances(s);
	uuid_map_clear(&s->keys, free);
	s->oldest_key = s->newest_key = NULL;
}

bool
cache_knows(struct settle *s, const struct settle_op *op)
{
	for (uint32_t i = 0; i < op->op.leg_count; i++) {
		if (cache_account(s, &op->sides[2 * i]) == NULL ||
		    cache_account(s, &op->sides[2 * i + 1]) == NULL)
			return false;
		if (op->op.legs[i].kind >= LEG_CAPTURE &&
		    cache_hold(s, &op->op.legs[i].hold_id) == NULL)
			return false;
	}
	return true;
}

bool
cache_is_full(const struct settle *s)
{
	return s->accounts.count + s->holds.count > s->options.cache_accounts;
}
