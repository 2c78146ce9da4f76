/*
 * refund - see refund.h.
 *
 *   say   PIN --> SAY --> answer
 *   pay   READ --> [LOANS --> LOAN, each -->] COMMIT --done--> answer
 *           ^-------------stale------------------'  `--cannot be--> REFUSE --> answer
 *   outcome  purpose refund_out: the hold is captured, or let go and owed
 */
#include "payments/flow/refund.h"

#include "config/settings.h"
#include "payments/core/give_back.h"
#include "payments/flow/call.h"
#include "payments/flow/loan_money.h"
#include "payments/flow/means.h"
#include "payments/flow/outcome.h"
#include "payments/store/arrivals.h"

#include <string.h>

struct refund_call {
	struct payments_op op;
	struct refund refund;
	struct refund_loan *link; /* in the arena, as the next two */
	struct loan_record *loan;
	struct loan_money *money;
	unsigned count, at;
	const char *no; /* why it is refused */
	payments_cb *cb;
	void *arg;
};

static void enter_read(struct payments_op *op);
static void enter_loans(struct payments_op *op);
static void enter_loan(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_refuse(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_loans = { "loans", enter_loans };
static const struct call_step to_loan = { "loan", enter_loan };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_refuse = { "refuse", enter_refuse };

static void
tell(struct payments_op *op)
{
	struct refund_call *c = (struct refund_call *)op;

	c->cb(c->arg, &op->answer);
}

static void
refuse(struct refund_call *c, const char *why)
{
	c->no = why;
	call_go(&c->op, &to_refuse);
}

static void
on_refused(struct payments_op *op, const struct pg_reply *r)
{
	(void)r;
	call_fail(op, ((struct refund_call *)op)->no);
}

static void
enter_refuse(struct payments_op *op)
{
	struct refund_call *c = (struct refund_call *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &c->refund.refund_id);
	pg_text(a, c->no);
	pg_i64(a, call_now(op));
	call_ask(op, &refund_refuse, a, on_refused);
}

static bool
is_deposit(const struct refund *r)
{
	return strcmp(r->purpose, "deposit_in") == 0;
}

/* Is what shall go back still where it was put? */
static bool
stands(const struct refund *r)
{
	if (!r->arrival)
		return strcmp(r->state, "paid") == 0;
	return strcmp(r->state, "returning") != 0 && strcmp(r->state, "returned") != 0;
}

/* Does whom it came through give back as much of it?  "", or why not. */
static const char *
fits(const struct refund_call *c)
{
	const struct refund *r = &c->refund;
	const struct settings *all = c->op.env->settings;
	const struct settings_provider *s =
	    all == NULL ? NULL : settings_provider(all, r->provider);
	const struct provider *p = s == NULL ? NULL : means_codec(s);

	return give_back_name(
	    give_back_judge(r->brought, r->amount, p != NULL && p->gives_all_back));
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct refund_call *c = (struct refund_call *)op;

	if (!refund_read(r, &c->refund))
		call_fail(op, "stale"); /* paid or refused meanwhile */
	else if (!stands(&c->refund))
		refuse(c, "stale");
	else if (fits(c)[0] != '\0')
		refuse(c, fits(c));
	else
		call_go(op, c->refund.paid_loan || is_deposit(&c->refund) ? &to_loans
		                                                          : &to_commit);
}

static void
enter_read(struct payments_op *op)
{
	struct refund_call *c = (struct refund_call *)op;
	struct pg_args *a = pg_args_new();

	c->count = c->at = 0;
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &c->refund.refund_id);
	call_ask(op, &refund_by_id, a, on_read);
}

/* ---- the loans it paid ---- */

static void
take_links(struct refund_call *c, unsigned n)
{
	struct arena *arena = c->op.arena;

	c->count = n;
	c->link = arena_zalloc(arena, n * sizeof *c->link);
	c->loan = arena_zalloc(arena, n * sizeof *c->loan);
	c->money = arena_zalloc(arena, n * sizeof *c->money);
}

static void
on_loans(struct payments_op *op, const struct pg_reply *r)
{
	struct refund_call *c = (struct refund_call *)op;
	bool is_free = true;

	if (r->rows == 0) {
		refuse(c, "not_linked");
		return;
	}
	take_links(c, (unsigned)r->rows);
	for (unsigned i = 0; i < c->count; i++) {
		refund_loan_read(r, (int)i, &c->link[i]);
		is_free &= c->link[i].free || c->link[i].event == 0;
	}
	if (is_free)
		call_go(op, &to_loan);
	else
		refuse(c, "loan");
}

static void
enter_loans(struct payments_op *op)
{
	struct refund_call *c = (struct refund_call *)op;
	struct pg_args *a;

	if (is_deposit(&c->refund)) {
		take_links(c, 1);
		c->link[0].loan_id = c->refund.purpose_id;
		call_go(op, &to_loan);
		return;
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &c->refund.source_id);
	call_ask(op, &refund_loans, a, on_loans);
}

/* Why what this loan was paid cannot be taken back; "". */
static const char *
judge(const struct refund_call *c, const struct loan_record *l)
{
	if (is_deposit(&c->refund))
		return l->view.state == LOAN_READY ? "" : "deposit";
	if (c->link[c->at].event == 0 || l->view.state == LOAN_LIVE)
		return "";
	if (l->view.state != LOAN_CLOSED || l->view.asset.code[0] != '\0')
		return "loan";
	return "";
}

static void
on_loan(struct payments_op *op, const struct pg_reply *r)
{
	struct refund_call *c = (struct refund_call *)op;
	struct loan_record *l = &c->loan[c->at];
	const char *no;

	if (!loan_read(r, op->arena, l)) {
		call_fail(op, "try_later");
		return;
	}
	no = judge(c, l);
	if (no[0] != '\0') {
		refuse(c, no);
		return;
	}
	c->at++;
	call_go(op, c->at < c->count ? &to_loan : &to_commit);
}

static void
enter_loan(struct payments_op *op)
{
	struct refund_call *c = (struct refund_call *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &c->link[c->at].loan_id);
	pg_null(a);
	pg_i64(a, call_now(op));
	call_ask(op, &loan_by_id, a, on_loan);
}

/* ---- the operation ---- */

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct refund_call *c = (struct refund_call *)op;

	if (result == OP_DONE || result == OP_CONFLICT) /* now, or before a crash */
		call_end(op, OUTCOME_PENDING, "paying");
	else if (result == OP_STALE && op->retries++ < CALL_RETRIES)
		call_go(op, &to_read);
	else if (result == OP_STALE || result == OP_NO_FUNDS)
		refuse(c, result == OP_STALE ? "stale" : "spent");
	else
		call_fail(op, "try_later");
}

static int64_t
event_amount(const struct loan_money *m, uint32_t event)
{
	return event == 0 ? 0 : m->account->events[event - 1].amount;
}

/* What it had paid stands with `to` again; -1 with op.answer.err. */
static int
take_back(struct refund_call *c, struct books *b, struct account_ref to, int64_t *taken)
{
	struct err *err = &c->op.answer.err;

	*taken = 0;
	for (unsigned i = 0; i < c->count; i++) {
		struct loan_money *m = &c->money[i];

		if (c->link[i].event == 0)
			continue;
		if (loan_money_open(m, b->arena, &c->loan[i], err) < 0 ||
		    loan_money_take_back(m, c->link[i].event, err) < 0)
			return -1;
		*taken += event_amount(m, c->link[i].event);
		loan_money_put(m, b, &to);
	}
	return 0;
}

/* Whose it was is told that the debt is back. */
static void
tell_sent(struct refund_call *c, struct books *b, const struct payment *p)
{
	const struct refund *r = &c->refund;
	struct member to = { .member_id = r->member_id };

	memcpy(to.msisdn, r->msisdn, sizeof to.msisdn);
	memcpy(to.language, r->language, sizeof to.language);
	books_message(b, &to, "refund.sent",
	              (struct text_value[]){ { "amount", books_i64(b, r->amount) },
	                                     { "payment", p->code },
	                                     { "code", r->code },
	                                     { NULL, NULL } });
}

/* A collection: it stands to the payer's credit. */
static int
put_collection(struct refund_call *c, struct books *b, struct payment *p)
{
	const struct refund *r = &c->refund;
	struct account_ref credit = account(ACC_MEMBER, &r->member_id, r->currency);
	int64_t taken;

	if (strcmp(r->purpose, "save_in") == 0)
		books_post(b, account(ACC_SAVINGS, &r->member_id, r->currency), credit,
		           r->amount);
	if (is_deposit(r)) {
		int64_t deposit = c->loan[0].view.deposit;

		/* what was over it stands to their credit already */
		books_post(b, account(ACC_DEPOSIT, &r->member_id, r->currency), credit,
		           r->amount < deposit ? r->amount : deposit);
		books_loan(b, &c->loan[0], &(struct loan_change){ .to = LOAN_APPROVED });
	} else if (take_back(c, b, credit, &taken) < 0) {
		return -1;
	}
	p->hold_id =
	    books_hold(b, credit, account_float(r->provider, r->currency), r->amount);
	return 0;
}

/* An arrival: it is nobody's, and on its way back. */
static int
put_arrival(struct refund_call *c, struct books *b, struct payment *p)
{
	const struct refund *r = &c->refund;
	struct account_ref nobody = account(ACC_UNMATCHED, NULL, r->currency);
	int64_t taken;

	if (take_back(c, b, nobody, &taken) < 0)
		return -1;
	if (!uuid_is_nil(&r->member_id))
		books_post(b, account(ACC_MEMBER, &r->member_id, r->currency), nobody,
		           r->amount - taken);
	p->hold_id =
	    books_hold(b, nobody, account_float(r->provider, r->currency), r->amount);
	return 0;
}

static void
put_arrival_back(const struct refund_call *c, struct books *b)
{
	const struct refund *r = &c->refund;
	struct buf body = books_body(b, 300);

	arrival_taken_back_body(&body, &r->source_id, r->state, &r->confirmed_by,
	                        call_now(&c->op));
	books_effect(b, "arrival_back", &body);
}

static struct payment
payment_of(const struct refund *r)
{
	struct payment p = { .direction = PAY_OUT,
		             .purpose_id = r->arrival ? r->source_id : r->refund_id,
		             .member_id =
		                 r->arrival ? (struct uuid){ { 0 } } : r->member_id,
		             .amount = r->amount,
		             .back_reference = r->reference };
	const char *purpose = r->arrival ? "back_out" : "refund_out";

	memcpy(p.purpose, purpose, strlen(purpose) + 1);
	memcpy(p.provider, r->provider, sizeof p.provider);
	memcpy(p.msisdn, r->msisdn, sizeof p.msisdn);
	memcpy(p.currency, r->currency, sizeof p.currency);
	memcpy(p.back_txn, r->provider_txn, sizeof p.back_txn);
	return p;
}

static void
put_guard(struct refund_call *c, struct books *b, const struct payment *p)
{
	unsigned n = is_deposit(&c->refund) ? 0 : c->count;
	struct buf body = books_body(b, 400 + n * 40);

	refund_pay_body(&body, &c->refund, p, c->link, n, call_now(&c->op));
	books_effect(b, "refund_pay", &body);
}

static void
put_payment(struct refund_call *c, struct books *b, struct payment *p)
{
	struct buf body = books_body(b, 300);

	books_payment(b, p);
	payment_back_body(&body, p, &c->refund.source_id);
	books_effect(b, "payment_back", &body);
}

static void
enter_commit(struct payments_op *op)
{
	struct refund_call *c = (struct refund_call *)op;
	struct refund *r = &c->refund;
	struct payment p = payment_of(r);
	char id[UUID_TEXT_SIZE];
	struct books *b = arena_zalloc(op->arena, sizeof *b);

	books_begin(b, op->env, op->arena, op->who.cooperative_id, "refund.pay",
	            &r->confirmed_by);
	books_key(b, "refund.pay/%s", uuid_text(&r->refund_id, id));
	p.payment_id = b->op.key;
	put_guard(c, b, &p);
	if ((r->arrival ? put_arrival(c, b, &p) : put_collection(c, b, &p)) < 0) {
		if (op->answer.err.code == ERR_RANGE) /* later events need it */
			refuse(c, "loan");
		else
			call_broken(op, &op->answer.err);
		return;
	}
	put_payment(c, b, &p);
	if (r->arrival)
		put_arrival_back(c, b);
	books_audit(b, "refund.pay", &r->source_id, "%s %lld %s", r->code,
	            (long long)r->amount, p.code);
	if (!uuid_is_nil(&r->member_id))
		tell_sent(c, b, &p);
	call_submit(op, &b->op, on_commit);
}

struct payments_op *
payments_refund_pay(struct flow_env *env, int32_t cooperative_id,
                    const struct uuid *refund_id, payments_cb *cb, void *arg)
{
	struct refund_call *c = call_new(env, "refund.pay", sizeof *c, tell);

	c->op.who.cooperative_id = cooperative_id;
	c->refund.refund_id = *refund_id;
	c->cb = cb;
	c->arg = arg;
	return call_begin(&c->op, &to_read);
}

/* ---- the outcome ---- */

static int
put_refund_out(struct outcome_call *o, struct books *b, struct err *err)
{
	const struct payment *p = &o->payment;
	bool paid = o->to == PAY_PAID;
	struct hold hold = { p->hold_id, account(ACC_MEMBER, &p->member_id, p->currency),
		             account_float(p->provider, p->currency), p->amount };
	struct buf body = books_body(b, 200);

	(void)err;
	books_resolve(b, &hold, paid);
	refund_end_body(&body, &p->payment_id, paid ? "paid" : "owed", call_now(&o->op));
	books_effect(b, "refund_end", &body);
	books_audit(b, paid ? "refund.paid" : "refund.owed", &p->purpose_id, "%s",
	            p->code);
	outcome_tell(o, b, paid ? "refund.paid" : "refund.owed", p->amount);
	return 0;
}

const struct purpose purpose_refund_out = { "refund_out", put_refund_out };
