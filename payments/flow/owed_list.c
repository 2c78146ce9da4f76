/*
 * owed_list - to whom the cooperative owes money that no payout holds yet.
 *
 *   ASK --> answer
 */
#include "payments/flow/call.h"
#include "payments/flow/pay_owed.h"
#include "payments/store/member.h"

struct owed_call {
	struct payments_op op;
	unsigned skip;
	struct owed_list list;
	owed_list_cb *cb;
	void *arg;
};

static void
tell(struct payments_op *op)
{
	struct owed_call *o = (struct owed_call *)op;

	o->cb(o->arg, &op->answer, &o->list);
}

static void
on_list(struct payments_op *op, const struct pg_reply *r)
{
	struct owed_call *o = (struct owed_call *)op;
	unsigned roles = owed_lines_roles(r);

	if (r->rows == 0 && o->skip > 0) { /* paid out while somebody read on */
		call_end(op, OUTCOME_OK, "");
		return;
	}
	if ((roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0) {
		call_fail(op, "not_allowed");
		return;
	}
	o->list.total = owed_lines_total(r);
	while (o->list.count < OWED_PAGE &&
	       owed_line_read(r, (int)o->list.count, &o->list.at[o->list.count]))
		o->list.count++;
	call_end(op, OUTCOME_OK, "");
}

static void
enter_list(struct payments_op *op)
{
	struct owed_call *o = (struct owed_call *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i32(a, ACC_MEMBER);
	pg_i32(a, (int32_t)o->skip);
	pg_i32(a, OWED_PAGE);
	call_ask(op, &owed_lines, a, on_list);
}

struct payments_op *
payments_owed(struct flow_env *env, const struct who *who, unsigned skip,
              owed_list_cb *cb, void *arg)
{
	static const struct call_step first = { "ask", enter_list };
	struct owed_call *o = call_new(env, "owed.list", sizeof *o, tell);

	o->op.who = *who;
	o->skip = skip < 100000 ? skip : 100000;
	o->cb = cb;
	o->arg = arg;
	return call_begin(&o->op, &first);
}
