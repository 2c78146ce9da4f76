/*
 * loan_lists - loans that wait for an officer: to be decided, handed over, taken back.
 *
 *   ASK --> answer
 */
#include "payments/flow/call.h"
#include "payments/flow/lease.h"
#include "payments/flow/loans.h"

struct list {
	struct payments_op op;
	const struct pg_statement *which;
	unsigned skip;
	struct loan_list list;
	loan_list_cb *cb;
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

	l->list.total = loans_read_total(r);
	for (int i = 0; i < r->rows && i < LOANS_PAGE; i++)
		loan_read_view(r, i, &l->list.at[l->list.count++]);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_list(struct payments_op *op)
{
	struct list *l = (struct list *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	pg_i32(a, (int32_t)l->skip);
	pg_i32(a, LOANS_PAGE);
	call_ask(op, l->which, a, on_list);
}

static struct payments_op *
begin(struct flow_env *env, const struct who *who, const struct pg_statement *which,
      unsigned skip, loan_list_cb *cb, void *arg)
{
	static const struct call_step first = { "ask", enter_list };
	struct list *l = call_new(env, which->name, sizeof *l, tell_list);

	l->op.who = *who;
	l->which = which;
	l->skip = skip < 10000 ? skip : 10000;
	l->cb = cb;
	l->arg = arg;
	return call_begin(&l->op, &first);
}

struct payments_op *
payments_approvals(struct flow_env *env, const struct who *who, unsigned skip,
                   loan_list_cb *cb, void *arg)
{
	return begin(env, who, &loans_waiting, skip, cb, arg);
}

struct payments_op *
payments_leases(struct flow_env *env, const struct who *who, bool out, unsigned skip,
                loan_list_cb *cb, void *arg)
{
	return begin(env, who, out ? &leases_out : &leases_ready, skip, cb, arg);
}
