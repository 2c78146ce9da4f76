/*
 * wallet_tier - see wallet_tier.h.
 *
 *   FIND --> SET --> answer
 */
#include "payments/flow/wallet_tier.h"

#include "payments/flow/call.h"
#include "payments/store/wallet.h"

struct wallet_tier {
	struct payments_op op;
	const char *cooperative, *member; /* in the arena */
	int tier;
	payments_cb *cb;
	void *arg;
};

static void enter_set(struct payments_op *op);

static const struct call_step to_set = { "set", enter_set };

static void
tell(struct payments_op *op)
{
	struct wallet_tier *t = (struct wallet_tier *)op;

	t->cb(t->arg, &op->answer);
}

static void
on_find(struct payments_op *op, const struct pg_reply *r)
{
	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	op->who.cooperative_id = (int32_t)reply_i64(r, 0, 0);
	op->who.member_id = reply_uuid(r, 0, 1);
	call_go(op, &to_set);
}

static void
enter_find(struct payments_op *op)
{
	struct wallet_tier *t = (struct wallet_tier *)op;
	struct pg_args *a;

	if (t->tier < 1 || t->tier > WALLET_TIER_MAX) {
		call_fail(op, "bad_input");
		return;
	}
	a = pg_args_new();
	pg_text(a, t->cooperative);
	pg_text(a, t->member);
	call_ask(op, &wallet_holder, a, on_find);
}

static void
on_set(struct payments_op *op, const struct pg_reply *r)
{
	(void)r;
	call_end(op, OUTCOME_OK, "");
}

static void
enter_set(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i32(a, ((struct wallet_tier *)op)->tier);
	pg_i64(a, call_now(op));
	call_ask(op, &wallet_tier_set, a, on_set);
}

struct payments_op *
payments_wallet_tier(struct flow_env *env, const struct wallet_tier_ask *ask,
                     payments_cb *cb, void *arg)
{
	static const struct call_step first = { "find", enter_find };
	struct wallet_tier *t = call_new(env, "member.tier", sizeof *t, tell);

	t->cooperative = arena_strdup(t->op.arena, ask->cooperative);
	t->member = arena_strdup(t->op.arena, ask->member);
	t->tier = ask->tier;
	t->cb = cb;
	t->arg = arg;
	return call_begin(&t->op, &first);
}
