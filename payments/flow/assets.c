/*
 * assets - the equipment there is, and one more of it.
 *
 *   list  ASK --> answer          new  PIN --> ROLES --> COMMIT --> LOOK --> answer
 */
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/lease.h"

#include <stdio.h>
#include <string.h>

#define CODE_LENGTH 5
#define COST_MAX    INT64_C(1000000000000)

struct list {
	struct payments_op op;
	bool only_free;
	unsigned skip;
	struct asset_list list;
	asset_list_cb *cb;
	void *arg;
};

static void
tell_list(struct payments_op *op)
{
	struct list *l = (struct list *)op;

	l->cb(l->arg, &op->answer, &l->list);
}

static void
on_list(struct payments_op *op, const struct pg_reply *r)
{
	struct list *l = (struct list *)op;

	l->list.total = assets_read_total(r);
	while (l->list.count < ASSETS_PAGE &&
	       asset_read(r, (int)l->list.count, &l->list.at[l->list.count]))
		l->list.count++;
	call_end(op, OUTCOME_OK, "");
}

static void
enter_list(struct payments_op *op)
{
	struct list *l = (struct list *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_bool(a, l->only_free);
	pg_i32(a, (int32_t)l->skip);
	pg_i32(a, ASSETS_PAGE);
	call_ask(op, &assets_of, a, on_list);
}

struct payments_op *
payments_assets(struct flow_env *env, const struct who *who, bool only_free,
                unsigned skip, asset_list_cb *cb, void *arg)
{
	static const struct call_step first = { "ask", enter_list };
	struct list *l = call_new(env, "assets", sizeof *l, tell_list);

	l->op.who = *who;
	l->only_free = only_free;
	l->skip = skip < 10000 ? skip : 10000;
	l->cb = cb;
	l->arg = arg;
	return call_begin(&l->op, &first);
}

/* ---- new ----------------------------------------------------------------------------
 */

struct add {
	struct payments_op op;
	struct asset asset;
	struct uuid key;
	asset_cb *cb;
	void *arg;
};

static void enter_roles(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_look(struct payments_op *op);

static const struct call_step to_roles = { "roles", enter_roles };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_look = { "look", enter_look };

static void
tell_add(struct payments_op *op)
{
	struct add *n = (struct add *)op;

	n->cb(n->arg, &op->answer, &n->asset);
}

static void
enter_pin(struct payments_op *op)
{
	struct add *n = (struct add *)op;

	if (n->asset.name[0] == '\0' || n->asset.cost <= 0 || n->asset.cost > COST_MAX)
		call_fail(op, "bad_input");
	else
		call_check_pin(op, &to_roles);
}

static void
on_roles(struct payments_op *op, const struct pg_reply *r)
{
	struct asset *s = &((struct add *)op)->asset;
	struct member actor;

	if (!call_actor_may(r, ROLE_TREASURER, &actor)) {
		call_fail(op, "not_allowed");
		return;
	}
	memcpy(s->currency, actor.currency, sizeof s->currency);
	call_go(op, &to_commit);
}

static void
enter_roles(struct payments_op *op)
{
	call_ask_actor(op, on_roles);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || result == OP_CONFLICT)
		call_go(op, &to_look);
	else
		call_fail(op, result == OP_STALE ? "no_product" : "try_later");
}

/* Its id and code follow from the key, so that the same key finds it. */
static void
enter_commit(struct payments_op *op)
{
	struct add *n = (struct add *)op;
	struct asset *s = &n->asset;
	char name[100], key[UUID_TEXT_SIZE];
	struct buf body;
	struct books b;

	buf_init(&body, name, sizeof name);
	buf_printf(&body, "asset.new/%d/%s", op->who.cooperative_id,
	           uuid_text(&n->key, key));
	s->asset_id = uuid_from_name(name, body.len);
	ids_code(op->env->ids, s->code, CODE_LENGTH);
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "asset.new",
	            &op->who.member_id);
	books_key(&b, "asset.new/%s", key);
	books_post(&b, account(ACC_EQUIPMENT, &s->asset_id, s->currency),
	           account(ACC_EQUITY, NULL, s->currency), s->cost);
	body = books_body(&b, 800);
	asset_new_body(&body, s, &op->who.member_id, call_now(op));
	books_effect(&b, "asset_new", &body);
	books_audit(&b, "asset.new", &s->asset_id, "%s %lld", s->code,
	            (long long)s->cost);
	call_submit(op, &b.op, on_commit);
}

static void
on_look(struct payments_op *op, const struct pg_reply *r)
{
	if (asset_read(r, 0, &((struct add *)op)->asset))
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "stale");
}

static void
enter_look(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &((struct add *)op)->asset.asset_id);
	call_ask(op, &asset_by_id, a, on_look);
}

struct payments_op *
payments_asset_new(struct flow_env *env, const struct asset_ask *ask, asset_cb *cb,
                   void *arg)
{
	static const struct call_step first = { "pin", enter_pin };
	struct add *n = call_new(env, "asset.new", sizeof *n, tell_add);

	n->op.who = ask->who;
	n->key = ask->key;
	n->asset.cost = ask->cost;
	snprintf(n->asset.name, sizeof n->asset.name, "%s", ask->name);
	if (ask->serial != NULL)
		snprintf(n->asset.serial, sizeof n->asset.serial, "%s", ask->serial);
	call_keep_pin(&n->op, ask->pin);
	n->cb = cb;
	n->arg = arg;
	return call_begin(&n->op, &first);
}
