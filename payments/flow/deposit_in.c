/*
 * deposit_in - the deposit of a lease came from the wallet, or did not.
 *
 *   paid    the deposit is ours to keep for her, the asset can be fetched
 *   failed  nothing moved: she may try again, or give the asset up (lease.h)
 */
#include "payments/flow/lease_parts.h"
#include "payments/flow/outcome.h"

static int
put_deposit_in(struct outcome_call *o, struct books *b, struct err *err)
{
	struct loan_record *l = &o->loan;
	const struct uuid *loan = &l->view.loan_id;
	const char *unit = o->payment.currency;
	struct account_ref from = account_float(o->payment.provider, unit);
	/* the prompt may have rounded it up (books_payment) */
	int64_t over =
	    o->payment.amount > l->view.deposit ? o->payment.amount - l->view.deposit : 0;

	(void)err;
	if (o->to == PAY_FAILED) {
		books_audit(b, "lease.nodeposit", loan, "%s", o->payment.code);
		books_message(
		    b, &o->member, "lease.nodeposit",
		    (struct text_value[]){ { "code", l->view.code },
		                           { "asset", l->view.asset.name },
		                           { "amount", books_i64(b, o->payment.amount) },
		                           { "payment", o->payment.code },
		                           { NULL, NULL } });
		return 0;
	}
	books_post(b, from, account(ACC_DEPOSIT, &l->member_id, unit),
	           o->payment.amount - over);
	books_post(b, from, account(ACC_MEMBER, &l->member_id, unit), over);
	books_loan(b, &o->loan, &(struct loan_change){ .to = LOAN_READY });
	books_audit(b, "lease.deposit", loan, "%s", o->payment.code);
	lease_tell(b, l, "lease.ready");
	return 0;
}

const struct purpose purpose_deposit_in = { "deposit_in", put_deposit_in };
