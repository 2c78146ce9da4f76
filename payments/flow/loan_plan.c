/*
 * loan_plan - how a member's loan stands today.
 *
 *   READ --> replay --> answer
 */
#include "payments/flow/loan_plan.h"

#include "payments/flow/call.h"
#include "payments/flow/loan_money.h"

struct plan_call {
	struct payments_op op;
	struct loan_record loan;
	struct loan_plan plan;
	loan_plan_cb *cb;
	void *arg;
};

static void
tell(struct payments_op *op)
{
	struct plan_call *c = (struct plan_call *)op;

	c->plan.loan = c->loan.view;
	c->cb(c->arg, &op->answer, &c->plan);
}

static void
show_row(const struct loan_account *a, const struct account_row *row,
         struct plan_row *out)
{
	*out = (struct plan_row){ .nr = row->nr,
		                  .due = row->due,
		                  .left = account_row_open(row) };
	for (int p = 0; p < PARTS; p++)
		out->amount += row->due_part[p];
	if (out->left > 0 && row->due < a->today)
		out->late_days = (uint32_t)(a->today - row->due);
}

static int
show(struct loan_account *a, struct loan_plan *out, struct err *err)
{
	const struct account_row *next = loan_account_next(a);

	if (loan_account_pay_off(a, a->today, out->pay_off_part, err) < 0)
		return -1;
	for (int p = 0; p < PARTS; p++)
		out->pay_off += out->pay_off_part[p];
	out->owed = a->total.outstanding_all;
	out->past_due = a->total.past_due_all;
	out->late_days = loan_account_arrears_days(a);
	out->penalty = a->total.outstanding[PART_PENALTY];
	if (next != NULL && next->due >= a->today) {
		out->next_day = next->due;
		out->next_amount = account_row_open(next);
	}
	out->total = a->row_count;
	for (uint32_t i = out->skip; i < a->row_count && out->count < PLAN_PAGE; i++)
		show_row(a, &a->rows[i], &out->at[out->count++]);
	return 0;
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct plan_call *c = (struct plan_call *)op;
	struct loan_money m;
	struct err err = err_none();

	if (!loan_read(r, op->arena, &c->loan) || c->loan.view.state != LOAN_LIVE)
		call_fail(op, "no_loan");
	else if (loan_money_open(&m, op->arena, &c->loan, &err) < 0 ||
	         show(m.account, &c->plan, &err) < 0)
		call_broken(op, &err);
	else
		call_end(op, OUTCOME_OK, "");
}

static void
enter_read(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &loan_of_member, a, on_read);
}

struct payments_op *
payments_loan_plan(struct flow_env *env, const struct who *who, unsigned skip,
                   loan_plan_cb *cb, void *arg)
{
	static const struct call_step first = { "read", enter_read };
	struct plan_call *c = call_new(env, "loan.plan", sizeof *c, tell);

	c->op.who = *who;
	c->plan.skip = skip;
	c->cb = cb;
	c->arg = arg;
	return call_begin(&c->op, &first);
}
