/*
 * unread - one statement each.
 *
 *   ASK --written, or written before--> ok
 */
#include "payments/flow/unread.h"

#include "payments/flow/call.h"
#include "payments/store/unread.h"

#include <stdio.h>

struct unread {
	struct payments_op op;
	const struct pg_statement *statement;
	struct pg_args *args; /* ours until sent */
	payments_cb *cb;
	void *arg;
};

static void
tell(struct payments_op *op)
{
	struct unread *u = (struct unread *)op;

	u->cb(u->arg, &op->answer);
}

static void
on_asked(struct payments_op *op, const struct pg_reply *r)
{
	bool seen = ((struct unread *)op)->statement == &unread_seen;

	if (seen && reply_text(r, 0, 0)[0] != '\0')
		call_fail(op, "not_found");
	else
		call_end(op, OUTCOME_OK, "");
}

static void
drop_args(void *p)
{
	pg_args_free(((struct unread *)p)->args);
}

static void
enter_ask(struct payments_op *op)
{
	struct unread *u = (struct unread *)op;
	struct pg_args *args = u->args;

	u->args = NULL;
	call_ask(op, u->statement, args, on_asked);
}

static const struct call_step ask_step = { "ask", enter_ask };

static struct unread *
unread_new(struct flow_env *env, const char *name, const struct pg_statement *statement)
{
	struct unread *u = call_new(env, name, sizeof *u, tell);

	u->statement = statement;
	u->args = pg_args_new();
	arena_defer(u->op.arena, drop_args, u);
	return u;
}

struct payments_op *
payments_unread_add(struct flow_env *env, const struct unread_ask *ask, payments_cb *cb,
                    void *arg)
{
	struct unread *u = unread_new(env, "unread.add", &unread_add);

	pg_i32(u->args, ask->who.cooperative_id);
	pg_text(u->args, ask->channel);
	pg_text(u->args, ask->sms_id);
	pg_uuid(u->args, &ask->who.member_id);
	pg_text(u->args, ask->msisdn);
	pg_text(u->args, ask->body);
	pg_i64(u->args, call_now(&u->op));
	u->cb = cb;
	u->arg = arg;
	return call_begin(&u->op, &ask_step);
}

struct payments_op *
payments_unread_seen(struct flow_env *env, const char *cooperative, int64_t number,
                     const char *by, payments_cb *cb, void *arg)
{
	struct unread *u = unread_new(env, "unread.seen", &unread_seen);

	pg_text(u->args, cooperative);
	pg_i64(u->args, number);
	pg_text(u->args, by);
	pg_i64(u->args, call_now(&u->op));
	u->cb = cb;
	u->arg = arg;
	return call_begin(&u->op, &ask_step);
}
