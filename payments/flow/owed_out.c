/*
 * owed_out - what we owed a member reached the wallet, or did not.
 *
 *   paid    hold captured; what the wallet did not take at once comes next (parts.h)
 *   limit   it waits for another day
 *   failed  hold voided: it stays owed, and can be paid again
 */
#include "payments/flow/outcome.h"

static int
put_owed_out(struct outcome_call *o, struct books *b, struct err *err)
{
	const struct payment *p = &o->payment;
	bool paid = o->to == PAY_PAID;
	int64_t left =
	    outcome_parts(o, b, account(ACC_MEMBER, &p->member_id, p->currency));

	(void)err;
	books_audit(b, paid ? "owed.paid" : "owed.unpaid", &p->purpose_id, "%s", p->code);
	if (!paid && left == 0)
		return 0; /* told already that it waits */
	books_message(b, &o->member, paid ? "owed.paid" : "owed.unpaid",
	              (struct text_value[]){
	                  { "amount", books_i64(b, paid ? p->amount : left) },
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
