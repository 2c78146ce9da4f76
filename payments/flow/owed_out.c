/*
 * owed_out - what we owed a member reached the wallet, or did not.
 *
 *   paid    hold captured: we owe it no more
 *   failed  hold voided: it stays owed, and can be paid again
 */
#include "payments/flow/outcome.h"

static int
put_owed_out(struct outcome_call *o, struct books *b, struct err *err)
{
	const struct payment *p = &o->payment;
	const struct hold hold = { .id = p->hold_id,
		                   .debit =
		                       account(ACC_MEMBER, &p->member_id, p->currency),
		                   .credit = account_float(p->provider, p->currency),
		                   .amount = p->amount };
	bool paid = o->to == PAY_PAID;

	(void)err;
	books_resolve(b, &hold, paid);
	books_audit(b, paid ? "owed.paid" : "owed.unpaid", &p->purpose_id, "%s", p->code);
	books_message(b, &o->member, paid ? "owed.paid" : "owed.unpaid",
	              (struct text_value[]){
	                  { "amount", books_i64(b, p->amount) },
	                  { "payment", p->code },
	                  { paid ? NULL : "reason", pay_reason_name(o->why.reason) },
	                  { NULL, NULL } });
	return 0;
}

static void
record(struct flow_env *env, const struct payment *p, enum pay_state to,
       const struct verdict *why, purpose_cb *cb, void *arg)
{
	outcome_start(env, &(struct outcome_ask){ p, to, why, cb, arg, put_owed_out });
}

const struct purpose purpose_owed_out = { "owed_out", record };
