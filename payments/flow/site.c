/*
 * site - see site.h.
 *
 *   list     ROLE --> ASK --> answer
 *   set      PIN --> ROLE --> COMMIT --> answer
 *   by hand  WRITE --> answer
 */
#include "payments/flow/site.h"

#include "payments/flow/books.h"
#include "payments/flow/call.h"

#include <stdio.h>

struct sites {
	struct payments_op op;
	struct site_ask ask; /* pin lives in op.pin */
	unsigned skip;
	struct site_list list;
	site_list_cb *list_cb; /* of a list */
	payments_cb *cb;
	void *arg;
};

static void enter_role(struct payments_op *op);
static void enter_list(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_role = { "role", enter_role };
static const struct call_step to_list = { "list", enter_list };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct sites *s = (struct sites *)op;

	if (s->list_cb != NULL)
		s->list_cb(s->arg, &op->answer, &s->list);
	else
		s->cb(s->arg, &op->answer);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_role);
}

static void
on_role(struct payments_op *op, const struct pg_reply *r)
{
	struct member actor;

	if (!call_actor_may(r, ROLE_TREASURER | ROLE_OFFICER, &actor))
		call_fail(op, "not_allowed");
	else
		call_go(op,
		        ((struct sites *)op)->list_cb != NULL ? &to_list : &to_commit);
}

static void
enter_role(struct payments_op *op)
{
	call_ask_actor(op, on_role);
}

static void
on_list(struct payments_op *op, const struct pg_reply *r)
{
	sites_read(r, &((struct sites *)op)->list);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_list(struct payments_op *op)
{
	struct sites *s = (struct sites *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &s->ask.member_id);
	pg_i32(a, (int32_t)s->skip);
	pg_i32(a, SITES_PAGE);
	call_ask(op, &sites_of, a, on_list);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || result == OP_CONFLICT) /* conflict: done by this key */
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, result == OP_STALE ? "stale" : "try_later");
}

static void
enter_commit(struct payments_op *op)
{
	const struct site_ask *ask = &((struct sites *)op)->ask;
	char member[UUID_TEXT_SIZE], actor[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	char site[UUID_TEXT_SIZE];
	struct books b;
	struct buf body;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "member.site",
	            &op->who.member_id);
	books_key(&b, "member.site/%s/%s/%s", uuid_text(&ask->member_id, member),
	          uuid_text(&op->who.member_id, actor), uuid_text(&ask->key, key));
	body = books_body(&b, 300);
	member_site_body(&body, &ask->member_id, &ask->site_id, &op->who.member_id,
	                 call_now(op));
	books_effect(&b, "member_site", &body);
	books_audit(&b, "member.site", &ask->member_id, "%s",
	            uuid_text(&ask->site_id, site));
	call_submit(op, &b.op, on_commit);
}

struct payments_op *
payments_sites(struct flow_env *env, const struct who *who, const struct uuid *member_id,
               unsigned skip, site_list_cb *cb, void *arg)
{
	struct sites *s = call_new(env, "site.list", sizeof *s, tell);

	s->op.who = *who;
	s->ask.member_id = *member_id;
	s->skip = skip < 10000 ? skip : 10000;
	s->list_cb = cb;
	s->arg = arg;
	return call_begin(&s->op, &to_role);
}

struct payments_op *
payments_site_set(struct flow_env *env, const struct site_ask *ask, payments_cb *cb,
                  void *arg)
{
	static const struct call_step first = { "pin", enter_pin };
	struct sites *s = call_new(env, "member.site", sizeof *s, tell);

	s->op.who = ask->who;
	s->ask = *ask;
	s->ask.pin = NULL;
	call_keep_pin(&s->op, ask->pin);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, &first);
}

/* ---- by hand ---- */

struct by_hand {
	struct payments_op op;
	const char *cooperative, *member, *code, *name; /* in the arena */
	char wrong[24];
	payments_cb *cb;
	void *arg;
};

static void
tell_by_hand(struct payments_op *op)
{
	struct by_hand *h = (struct by_hand *)op;

	h->cb(h->arg, &op->answer);
}

static void
on_written(struct payments_op *op, const struct pg_reply *r)
{
	struct by_hand *h = (struct by_hand *)op;

	snprintf(h->wrong, sizeof h->wrong, "%s", reply_text(r, 0, 0));
	if (h->wrong[0] != '\0')
		call_fail(op, h->wrong);
	else
		call_end(op, OUTCOME_OK, "");
}

static void
enter_write(struct payments_op *op)
{
	struct by_hand *h = (struct by_hand *)op;
	struct pg_args *a = pg_args_new();
	struct uuid id = ids_uuid7(op->env->ids, call_now(op));

	pg_text(a, h->cooperative);
	if (h->member != NULL)
		pg_text(a, h->member);
	else
		pg_uuid(a, &id);
	pg_text(a, h->code);
	if (h->member == NULL)
		pg_text(a, h->name);
	pg_i64(a, call_now(op));
	call_ask(op, h->member != NULL ? &member_site_set : &site_add, a, on_written);
}

struct payments_op *
payments_site_by_hand(struct flow_env *env, const struct site_by_hand *ask,
                      payments_cb *cb, void *arg)
{
	static const struct call_step first = { "write", enter_write };
	struct by_hand *h = call_new(env, "site.by_hand", sizeof *h, tell_by_hand);
	struct arena *in = h->op.arena;

	h->cooperative = arena_strdup(in, ask->cooperative);
	h->code = arena_strdup(in, ask->code);
	h->member = ask->member == NULL ? NULL : arena_strdup(in, ask->member);
	h->name = ask->name == NULL ? "" : arena_strdup(in, ask->name);
	h->cb = cb;
	h->arg = arg;
	return call_begin(&h->op, &first);
}
