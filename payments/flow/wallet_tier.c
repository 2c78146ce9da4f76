/*
 * wallet_tier - see wallet_tier.h.
 *
 *   FIND --> COMMIT --> answer
 */
#include "payments/flow/wallet_tier.h"

#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/store/wallet.h"

struct wallet_tier {
	struct payments_op op;
	const char *cooperative, *member; /* in the arena */
	int tier;
	payments_cb *cb;
	void *arg;
};

static void enter_commit(struct payments_op *op);

static const struct call_step to_commit = { "commit", enter_commit };

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
	call_go(op, &to_commit);
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
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE)
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "try_later");
}

static void
enter_commit(struct payments_op *op)
{
	struct wallet_tier *t = (struct wallet_tier *)op;
	struct uuid once = ids_uuid4(op->env->ids);
	char text[UUID_TEXT_SIZE];
	struct books b;
	struct buf body;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "member.tier", NULL);
	books_key(&b, "member.tier/%s", uuid_text(&once, text));
	body = books_body(&b, 100);
	wallet_tier_body(&body, &op->who.member_id, t->tier);
	books_effect(&b, "member_tier", &body);
	books_audit(&b, "member.tier", &op->who.member_id, "%d", t->tier);
	call_submit(op, &b.op, on_commit);
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
