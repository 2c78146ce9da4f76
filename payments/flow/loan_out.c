/*
 * loan_out - a loan's payout reached the wallet, or did not.
 *
 *   paid    hold captured, loan live, its contract moved to today, rows stand; what the
 *           wallet did not take at once is owed to the member and comes next (parts.h)
 *   failed  holds voided, loan unpaid: nothing was lent
 *
 * A later part is paid from what is owed to the member; the loan does not change.
 */
#include "payments/flow/group_parts.h"
#include "payments/flow/loan_money.h"
#include "payments/flow/outcome.h"

static const struct text_value *
values(struct books *b, const struct outcome_call *o)
{
	const struct loan_terms *t = &o->loan.view.terms;
	struct text_value *v = arena_zalloc(b->arena, 8 * sizeof *v);

	v[0] = (struct text_value){ "code", o->loan.view.code };
	v[1] = (struct text_value){ "amount",
		                    books_i64(b, o->to == PAY_PAID ? o->payment.amount
		                                                   : t->principal) };
	v[2] = (struct text_value){ "payment", o->payment.code };
	if (o->to == PAY_FAILED) {
		v[3] = (struct text_value){ "reason", pay_reason_name(o->why.reason) };
		return v;
	}
	v[3] = (struct text_value){ "fee", books_i64(b, t->fee) };
	v[4] = (struct text_value){ "total", books_i64(b, t->total) };
	v[5] = (struct text_value){ "due", books_day(b, t->first_due_day) };
	v[6] = (struct text_value){ "last", books_day(b, t->last_due_day) };
	return v;
}

/* The days are counted from the day the money came. */
static int
begin(struct outcome_call *o, struct loan_money *m, struct err *err)
{
	struct loan_record *l = &o->loan;
	struct schedule *work = arena_zalloc(o->op.arena, sizeof *work);
	struct contract *c = arena_zalloc(o->op.arena, sizeof *c);
	struct diag fault;

	if (l->contract == NULL || contract_read(l->contract, c, &fault) < 0)
		return err_set(err, ERR_SYNTAX, FATE_NOT,
		               "a stored contract cannot be read");
	loan_paid_out_on(c, l->today, l->first_due_days);
	if (loan_cashout(c, c->cashout_amount, work, err) < 0 ||
	    loan_terms(c, work, &l->view.terms, err) < 0)
		return -1;
	return loan_money_begin(m, o->op.arena, l, c, err);
}

static int
put_later_part(struct outcome_call *o, struct books *b, struct account_ref from)
{
	const struct payment *p = &o->payment;
	bool paid = o->to == PAY_PAID;
	int64_t left = outcome_parts(o, b, from);

	books_audit(b, paid ? "loan.part_paid" : "loan.part_unpaid", &p->purpose_id, "%s",
	            p->code);
	if (paid || left > 0)
		outcome_tell(o, b, paid ? "owed.paid" : "owed.unpaid",
		             paid ? p->amount : left);
	return 0;
}

static int
put_loan_out(struct outcome_call *o, struct books *b, struct err *err)
{
	const char *unit = o->payment.currency;
	struct loan_record *l = &o->loan;
	const struct uuid *loan = &l->view.loan_id;
	const struct account_ref from[2] = { account(ACC_LOAN, loan, unit),
		                             account(ACC_MEMBER, &l->member_id, unit) };
	struct loan_money m;

	if (o->payment.part > 1)
		return put_later_part(o, b, from[1]);
	parts_end(b, o->follows ? &o->room : NULL, &o->payment, o->to == PAY_PAID, from,
	          &o->member);
	if (o->to == PAY_FAILED) {
		books_loan(b, &o->loan, &(struct loan_change){ .to = LOAN_UNPAID });
		group_part_fails(b, &o->loan);
		books_audit(b, "loan.unpaid", loan, "%s", o->payment.code);
		books_message(b, &o->member, "loan.unpaid", values(b, o));
		return 0;
	}
	if (begin(o, &m, err) < 0)
		return -1;
	loan_money_put(&m, b, NULL);
	books_post(b, from[0], from[1], o->payment.rest);
	books_audit(b, "loan.paid", loan, "%s", o->payment.code);
	books_message(b, &o->member, "loan.paid", values(b, o));
	return 0;
}

const struct purpose purpose_loan_out = { "loan_out", put_loan_out };
