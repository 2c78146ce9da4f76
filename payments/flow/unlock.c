/*
 * unlock - a treasurer or officer opens a member's locked PIN again.
 *
 *   PIN --> ROLE --> COMMIT --> answer
 *
 * The PIN that counts is the one of who unlocks.  Whether the member is locked is judged
 * by the operation itself, so that the same key again gets the first answer.
 */
#include "lib/json.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/members.h"

struct unlock {
	struct payments_op op;
	struct unlock_ask ask; /* pin lives in op.pin */
	payments_cb *cb;
	void *arg;
};

static void enter_pin(struct payments_op *op);
static void enter_role(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_pin = { "pin", enter_pin };
static const struct call_step to_role = { "role", enter_role };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct unlock *u = (struct unlock *)op;

	u->cb(u->arg, &op->answer);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_role);
}

static void
on_role(struct payments_op *op, const struct pg_reply *r)
{
	struct unlock *u = (struct unlock *)op;
	struct member actor;

	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	if (!call_actor_may(r, ROLE_TREASURER | ROLE_OFFICER, &actor))
		call_fail(op, "not_allowed");
	else if (uuid_equal(&u->ask.member_id, &op->who.member_id))
		call_fail(op, "own_work");
	else
		call_go(op, &to_commit);
}

static void
enter_role(struct payments_op *op)
{
	call_ask_actor(op, on_role);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || result == OP_CONFLICT) /* conflict: done by this key */
		call_end(op, OUTCOME_OK, "");
	else if (result == OP_STALE)
		call_fail(op, "stale");
	else
		call_fail(op, "try_later");
}

static void
enter_commit(struct payments_op *op)
{
	struct unlock *u = (struct unlock *)op;
	char member[UUID_TEXT_SIZE], actor[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct json_writer w;
	struct books b;
	struct buf body;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "member.unlock",
	            &op->who.member_id);
	uuid_text(&u->ask.member_id, member);
	books_key(&b, "member.unlock/%s/%s/%s", member,
	          uuid_text(&op->who.member_id, actor), uuid_text(&u->ask.key, key));
	body = books_body(&b, 80);
	jw_init(&w, &body);
	jw_object(&w, NULL);
	jw_text(&w, "member_id", member);
	jw_end_object(&w);
	books_effect(&b, "member_unlock", &body);
	books_audit(&b, "member.unlock", &u->ask.member_id, "PIN tries");
	call_submit(op, &b.op, on_commit);
}

struct payments_op *
payments_member_unlock(struct flow_env *env, const struct unlock_ask *ask,
                       payments_cb *cb, void *arg)
{
	struct unlock *u = call_new(env, "member.unlock", sizeof *u, tell);

	u->op.who = ask->who;
	u->ask = *ask;
	u->ask.pin = NULL;
	call_keep_pin(&u->op, ask->pin);
	u->cb = cb;
	u->arg = arg;
	return call_begin(&u->op, &to_pin);
}
