/*
 * repay - paying a loan back by a pull from the member's wallet.
 *
 *   start    AGAIN? --known key--> answer      (payments_repay)
 *              `--> READ --> COMMIT (payment created) --> answer: paying
 *   outcome  READ --> COMMIT --done--> END     (purpose repay_in)
 *              ^----stale----'
 *
 * What came in is told to the loan (loan_money.h); what is over stands to the member's
 * credit.
 */
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/loan_money.h"
#include "payments/flow/loans.h"
#include "payments/flow/outcome.h"
#include "payments/flow/prompt_size.h"

#include <string.h>

#define REPAY_MAX INT64_C(1000000000000)

struct repay {
	struct payments_op op;
	struct repay_ask ask;
	struct loan_record loan;
	struct repayment result;
	struct payment payment;
	repay_cb *cb;
	void *arg;
};

static void enter_read(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_known(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_known = { "known", enter_known };

static void
tell(struct payments_op *op)
{
	struct repay *p = (struct repay *)op;

	p->result.loan = p->loan.view;
	p->cb(p->arg, &op->answer, &p->result);
}

static struct uuid
payment_id(const struct repay *p)
{
	char name[80], key[UUID_TEXT_SIZE];
	struct buf b;

	buf_init(&b, name, sizeof name);
	buf_printf(&b, "repay/%d/%s", p->op.who.cooperative_id,
	           uuid_text(&p->ask.key, key));
	return uuid_from_name(name, b.len);
}

/* The payment's id follows from the key, so that the same key finds it. */
static void
ask_payment(struct payments_op *op, call_reply *on_reply)
{
	struct uuid id = payment_id((struct repay *)op);
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &loan_payment_by_id, a, on_reply);
}

static bool
known(struct repay *p, const struct pg_reply *r)
{
	if (r->rows == 0)
		return false;
	p->result.payment_id = reply_uuid(r, 0, 0);
	p->result.amount = reply_i64(r, 0, 2);
	loan_payment_code(r, p->result.code, sizeof p->result.code);
	return true;
}

static void
on_again(struct payments_op *op, const struct pg_reply *r)
{
	if (known((struct repay *)op, r))
		call_end(op, OUTCOME_PENDING, "paying");
	else
		call_go(op, &to_read);
}

static void
enter_again(struct payments_op *op)
{
	ask_payment(op, on_again);
}

static void
on_known(struct payments_op *op, const struct pg_reply *r)
{
	if (known((struct repay *)op, r))
		call_end(op, OUTCOME_PENDING, "paying");
	else
		call_fail(op, "stale");
}

static void
enter_known(struct payments_op *op)
{
	ask_payment(op, on_known);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct repay *p = (struct repay *)op;

	if (!loan_read(r, op->arena, &p->loan) || p->loan.view.state != LOAN_LIVE) {
		call_fail(op, "no_loan");
		return;
	}
	call_go(op, &to_commit);
}

static void
enter_read(struct payments_op *op)
{
	struct repay *p = (struct repay *)op;
	struct pg_args *a;

	if (p->ask.amount <= 0 || p->ask.amount > REPAY_MAX) {
		call_fail(op, "bad_input");
		return;
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &loan_of_member, a, on_read);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || result == OP_CONFLICT)
		call_go(op, &to_known);
	else if (result == OP_STALE)
		call_fail(op, "busy");
	else
		call_fail(op, "try_later");
}

static void
enter_commit(struct payments_op *op)
{
	struct repay *p = (struct repay *)op;
	const struct loan_record *l = &p->loan;
	char key[UUID_TEXT_SIZE];
	struct payment *pay = &p->payment;
	const char *no;
	struct books b;

	*pay = books_loan_payment(l, PAY_IN, "repay_in", p->ask.amount);
	pay->payment_id = payment_id(p);
	no = prompt_refusal(op, pay);
	if (no[0] != '\0') {
		call_fail(op, no);
		return;
	}
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "loan.repay",
	            &op->who.member_id);
	books_key(&b, "loan.repay/%s", uuid_text(&p->ask.key, key));
	books_guard_one_pull(&b, &l->view.loan_id);
	books_payment(&b, pay);
	books_audit(&b, "loan.repay", &l->view.loan_id, "%lld", (long long)pay->amount);
	call_submit(op, &b.op, on_commit);
}

struct payments_op *
payments_repay(struct flow_env *env, const struct repay_ask *ask, repay_cb *cb, void *arg)
{
	static const struct call_step first = { "again", enter_again };
	struct repay *p = call_new(env, "loan.repay", sizeof *p, tell);

	p->op.who = ask->who;
	p->ask = *ask;
	p->cb = cb;
	p->arg = arg;
	return call_begin(&p->op, &first);
}

/* ---- what became of it ----------------------------------------------------------------
 */

static const struct text_value *
failed_values(struct books *b, const struct outcome_call *o)
{
	struct text_value *v = arena_zalloc(b->arena, 5 * sizeof *v);

	v[0] = (struct text_value){ "code", o->loan.view.code };
	v[1] = (struct text_value){ "amount", books_i64(b, o->payment.amount) };
	v[2] = (struct text_value){ "reason", pay_reason_name(o->why.reason) };
	v[3] = (struct text_value){ "payment", o->payment.code };
	return v;
}

static int
put_repay_in(struct outcome_call *o, struct books *b, struct err *err)
{
	const char *unit = o->payment.currency;
	const struct uuid *loan = &o->payment.purpose_id;
	struct account_ref from = account_float(o->payment.provider, unit);
	struct loan_money m;

	if (o->to == PAY_FAILED) {
		books_audit(b, "loan.repay_failed", loan, "%s", o->payment.code);
		books_message(b, &o->member, "repay.failed", failed_values(b, o));
		return 0;
	}
	if (loan_money_open(&m, b->arena, &o->loan, err) < 0 ||
	    loan_money_pay(&m, o->payment.amount, err) < 0)
		return -1;
	loan_money_put(&m, b, &from);
	loan_money_source(&m, b, &o->payment.payment_id);
	books_audit(b, "loan.repaid", loan, "%s %lld", o->payment.code,
	            (long long)o->payment.amount);
	loan_money_thank(&m, b, &o->member, o->payment.amount, o->payment.code);
	return 0;
}

const struct purpose purpose_repay_in = { "repay_in", put_repay_in };
