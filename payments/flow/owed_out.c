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
	if (paid || left > 0) /* else she was told already that it waits */
		outcome_tell(o, b, paid ? "owed.paid" : "owed.unpaid",
		             paid ? p->amount : left);
	return 0;
}

const struct purpose purpose_owed_out = { "owed_out", put_owed_out };
