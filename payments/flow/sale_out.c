/*
 * sale_out - the net of a sale reached the wallet, or did not.
 *
 *   paid    hold captured; what the wallet did not take at once comes next (parts.h)
 *   limit   it waits for another day
 *   failed  hold voided: the sale stands, what we owe stays on her account
 */
#include "payments/flow/outcome.h"

static int
put_sale_out(struct outcome_call *o, struct books *b, struct err *err)
{
	const char *unit = o->payment.currency;
	bool paid = o->to == PAY_PAID;
	int64_t left =
	    outcome_parts(o, b, account(ACC_MEMBER, &o->payment.member_id, unit));

	(void)err;
	books_audit(b, paid ? "sale.paid" : "sale.unpaid", &o->payment.purpose_id, "%s",
	            o->payment.code);
	if (!paid && left == 0)
		return 0; /* told already that it waits */
	books_message(b, &o->member, paid ? "sale.paid" : "sale.unpaid",
	              (struct text_value[]){
	                  { "receipt", o->lot.view.receipt_code },
	                  { "amount", books_i64(b, paid ? o->payment.amount : left) },
	                  { "payment", o->payment.code },
	                  { paid ? NULL : "reason", pay_reason_name(o->why.reason) },
	                  { NULL, NULL } });
	return 0;
}

const struct purpose purpose_sale_out = { "sale_out", put_sale_out };
