#include "lib/arena.h"
#include "payments/flow/settle_internal.h"

#include <string.h>

static size_t
room_for(const struct operation *op)
{
	size_t n = sizeof(struct settle_op) +
	           op->leg_count * (sizeof *op->legs + 2 * sizeof(struct uuid)) +
	           op->effect_count * sizeof *op->effects;

	for (uint32_t i = 0; i < op->effect_count; i++)
		n += strlen(op->effects[i].body) + 1;
	return n;
}

/* One block holds the operation and all it points to: pointers first, then the texts. */
static struct settle_op *
copy_operation(const struct operation *from)
{
	struct settle_op *op = xzalloc(room_for(from));
	struct ledger_leg *legs = (struct ledger_leg *)(void *)(op + 1);
	struct effect *effects = (struct effect *)(void *)(legs + from->leg_count);
	char *text;

	op->sides = (struct uuid *)(void *)(effects + from->effect_count);
	text = (char *)(op->sides + (size_t)2 * from->leg_count);
	op->op = *from;
	op->op.legs = legs;
	op->op.effects = effects;
	for (uint32_t i = 0; i < from->leg_count; i++) {
		legs[i] = from->legs[i];
		op->sides[2 * i] = account_id(from->cooperative_id, &legs[i].debit);
		op->sides[2 * i + 1] = account_id(from->cooperative_id, &legs[i].credit);
	}
	for (uint32_t i = 0; i < from->effect_count; i++) {
		size_t n = strlen(from->effects[i].body) + 1;

		effects[i] = (struct effect){ from->effects[i].kind, text };
		memcpy(text, from->effects[i].body, n);
		text += n;
	}
	return op;
}

static struct lane *
lane_of(struct settle *s, int32_t cooperative_id)
{
	struct uuid key = { { 0 } };
	struct lane *lane;

	memcpy(key.b, &cooperative_id, sizeof cooperative_id);
	lane = uuid_map_get(&s->by_cooperative, &key);
	if (lane == NULL) {
		lane = xzalloc(sizeof *lane);
		lane->cooperative_id = cooperative_id;
		lane->s = s;
		lane->next = s->lanes;
		s->lanes = lane;
		s->lane_count++;
		uuid_map_put(&s->by_cooperative, &key, lane);
	}
	return lane;
}

struct settle_op *
settle_submit(struct settle *s, const struct operation *from, int64_t deadline_ms,
              settle_cb *cb, void *arg)
{
	struct settle_op *op = copy_operation(from);
	struct lane *lane = lane_of(s, from->cooperative_id);
	uint8_t hash[32];

	operation_hash(from, hash);
	memcpy(op->content.b, hash, sizeof op->content.b);
	op->s = s;
	op->cb = cb;
	op->arg = arg;
	op->deadline_ms = loop_clock(s->loop)->mono_ms + deadline_ms;
	s->counts.queued++;
	settle_wake(s);
	if (s->closed)
		err_set(&op->early, ERR_SHUTDOWN, FATE_NOT, "stopping");
	else if (s->counts.queued > s->options.queue_max)
		err_set(&op->early, ERR_BUSY, FATE_NOT, "too many operations wait");
	else if (operation_check(&op->op, &op->early) == 0)
		op->early = err_none();
	if (op->early.code != ERR_NONE)
		list_push(&s->refused, op);
	else
		list_push(cache_knows(s, op) ? &lane->ready : &lane->cold, op);
	return op;
}

void
settle_cancel(struct settle_op **op)
{
	if (*op != NULL)
		(*op)->cb = NULL;
	*op = NULL;
}
