#include "payments/flow/late.h"

void
late_ask(struct payments_op *op, const struct pg_statement *st, const char *code,
         const struct uuid *loan_id, call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	if (code != NULL)
		pg_text(a, code);
	else
		pg_uuid(a, loan_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, st, a, on_reply);
}

const char *
late_open(struct payments_op *op, struct loan_record *loan, struct loan_money *money)
{
	if ((loan->actor_roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0)
		return "not_allowed";
	if (loan->view.state != LOAN_LIVE)
		return "not_found";
	if (loan_money_open(money, op->arena, loan, &op->answer.err) < 0)
		return "try_later";
	loan->view.owed = money->account->total.outstanding_all;
	return "";
}
