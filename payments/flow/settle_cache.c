#include "payments/flow/settle_internal.h"

#include "lib/arena.h"

#include <stdlib.h>

struct cached_account *
cache_account(struct settle *s, const struct uuid *id)
{
	struct cached_account *a;

	HASH_FIND(hh, s->accounts, id, sizeof *id, a);
	return a;
}

struct cached_account *
cache_add_account(struct settle *s, const struct uuid *id)
{
	struct cached_account *a = xzalloc(sizeof *a);

	a->id = *id;
	HASH_ADD(hh, s->accounts, id, sizeof a->id, a);
	return a;
}

struct cached_hold *
cache_hold(struct settle *s, const struct uuid *id)
{
	struct cached_hold *h;

	HASH_FIND(hh, s->holds, id, sizeof *id, h);
	return h;
}

struct cached_hold *
cache_add_hold(struct settle *s, const struct uuid *id)
{
	struct cached_hold *h = xzalloc(sizeof *h);

	h->id = *id;
	HASH_ADD(hh, s->holds, id, sizeof h->id, h);
	return h;
}

struct cached_key *
cache_key(struct settle *s, const struct uuid *key)
{
	struct cached_key *k;

	HASH_FIND(hh, s->keys, key, sizeof *key, k);
	return k;
}

static void
forget_oldest_key(struct settle *s)
{
	struct cached_key *k = s->oldest_key;

	s->oldest_key = k->newer;
	if (s->oldest_key == NULL)
		s->newest_key = NULL;
	HASH_DEL(s->keys, k);
	free(k);
}

void
cache_add_key(struct settle *s, const struct settle_op *op, enum op_result result)
{
	struct cached_key *k;

	if (cache_key(s, &op->op.key) != NULL)
		return;
	if (HASH_COUNT(s->keys) >= KEYS_REMEMBERED)
		forget_oldest_key(s);
	k = xzalloc(sizeof *k);
	k->key = op->op.key;
	k->content = op->content;
	k->result = result;
	HASH_ADD(hh, s->keys, key, sizeof k->key, k);
	if (s->newest_key != NULL)
		s->newest_key->newer = k;
	else
		s->oldest_key = k;
	s->newest_key = k;
}

void
cache_forget_balances(struct settle *s)
{
	struct cached_account *a, *next_a;
	struct cached_hold *h, *next_h;

	s->generation++;
	s->full = false;
	HASH_ITER(hh, s->accounts, a, next_a)
	{
		HASH_DEL(s->accounts, a);
		free(a);
	}
	HASH_ITER(hh, s->holds, h, next_h)
	{
		HASH_DEL(s->holds, h);
		free(h);
	}
}

void
cache_free(struct settle *s)
{
	cache_forget_balances(s);
	while (s->oldest_key != NULL)
		forget_oldest_key(s);
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
	return HASH_COUNT(s->accounts) + HASH_COUNT(s->holds) > s->options.cache_accounts;
}
