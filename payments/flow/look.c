/*
 * look - what only reads: the home screen, receipts, the float.
 *
 *   dialler   READ --officer--> DECIDES --> answer      home   LIMIT --> FACTS --> answer
 *   receipt   READ --> answer          receipts  READ --> answer
 *   float     FACTS --> BALANCE --> answer
 */
#include "payments/core/receipt.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/funds.h"
#include "payments/flow/members.h"
#include "payments/flow/receipts.h"
#include "payments/store/loans.h"
#include "payments/store/prices.h"
#include "payments/store/row.h"

#include <string.h>

/* ---- who dials -----------------------------------------------------------------------
 */

struct dialler_call {
	struct payments_op op;
	struct dialler dialler;
	char *msisdn;
	dialler_cb *cb;
	void *arg;
};

static void
tell_dialler(struct payments_op *op)
{
	struct dialler_call *c = (struct dialler_call *)op;

	c->cb(c->arg, &op->answer, &c->dialler);
}

static void
on_decides(struct payments_op *op, const struct pg_reply *r)
{
	struct dialler *d = &((struct dialler_call *)op)->dialler;

	d->approvals = (unsigned)reply_i64(r, 0, 0);
	d->prices = (unsigned)reply_i64(r, 0, 1);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_decides(struct payments_op *op)
{
	const struct member *m = &((struct dialler_call *)op)->dialler.member;
	struct pg_args *a = pg_args_new();

	pg_i32(a, m->cooperative_id);
	pg_uuid(a, &m->member_id);
	pg_i32(a, (int32_t)m->roles);
	call_ask(op, &member_decides, a, on_decides);
}

static void
on_dialler(struct payments_op *op, const struct pg_reply *r)
{
	static const struct call_step decides = { "decides", enter_decides };
	struct dialler *d = &((struct dialler_call *)op)->dialler;
	int row;

	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	row = member_dials_row(r);
	member_read(r, row, &d->member);
	d->member.cooperatives = (unsigned)r->rows;
	d->lots = (unsigned)reply_i64(r, row, MEMBER_FIELDS);
	if (d->member.roles & (ROLE_TREASURER | ROLE_OFFICER))
		call_go(op, &decides);
	else
		call_end(op, OUTCOME_OK, "");
}

static void
enter_dialler(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_text(a, ((struct dialler_call *)op)->msisdn);
	pg_i64(a, call_now(op));
	call_ask(op, &member_dials, a, on_dialler);
}

struct payments_op *
payments_dialler(struct flow_env *env, const char *msisdn, dialler_cb *cb, void *arg)
{
	static const struct call_step first = { "read", enter_dialler };
	struct dialler_call *c = call_new(env, "dialler", sizeof *c, tell_dialler);

	c->msisdn = arena_strdup(c->op.arena, msisdn);
	c->cb = cb;
	c->arg = arg;
	return call_begin(&c->op, &first);
}

/* ---- how a member stands --------------------------------------------------------------
 */

struct home_call {
	struct payments_op op;
	struct home home;
	char currency[4];
	home_cb *cb;
	void *arg;
};

static void
tell_home(struct payments_op *op)
{
	struct home_call *h = (struct home_call *)op;

	h->cb(h->arg, &op->answer, &h->home);
}

static void
on_home_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct home *h = &((struct home_call *)op)->home;

	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	h->owed = reply_i64(r, 0, 0);
	h->member_balance = reply_i64(r, 0, 1);
	h->price_fine_gram = reply_i64(r, 0, 2);
	h->has_loan = reply_bool(r, 0, 3);
	h->given_up = reply_i64(r, 0, 4);
	call_end(op, OUTCOME_OK, "");
}

static void
on_home_limit(struct payments_op *op, const struct pg_reply *r)
{
	struct home_call *h = (struct home_call *)op;
	struct loan_facts facts;
	struct account_ref ref;
	struct uuid id = { { 0 } };
	struct pg_args *a;

	if (loan_facts_read(r, &facts)) {
		h->home.loan_limit = limit_loan(&facts.product.terms, &facts.borrower);
		ref = account(ACC_MEMBER, &op->who.member_id, facts.currency);
		id = account_id(op->who.cooperative_id, &ref);
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	pg_uuid(a, &id);
	call_ask(op, &home_facts, a, on_home_facts);
}

static void
enter_home(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	pg_null(a); /* the first product */
	call_ask(op, &loan_facts, a, on_home_limit);
}

struct payments_op *
payments_home(struct flow_env *env, const struct who *who, home_cb *cb, void *arg)
{
	static const struct call_step first = { "limit", enter_home };
	struct home_call *h = call_new(env, "home", sizeof *h, tell_home);

	h->op.who = *who;
	h->cb = cb;
	h->arg = arg;
	return call_begin(&h->op, &first);
}

/* ---- receipts -------------------------------------------------------------------------
 */

struct receipt_call {
	struct payments_op op;
	char code[RECEIPT_CODE_SIZE];
	bool readable;
	struct receipt_view view;
	receipt_cb *cb;
	void *arg;
};

static void
tell_receipt(struct payments_op *op)
{
	struct receipt_call *c = (struct receipt_call *)op;

	c->cb(c->arg, &op->answer, &c->view);
}

static void
on_receipt(struct payments_op *op, const struct pg_reply *r)
{
	if (receipt_read(r, &((struct receipt_call *)op)->view))
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "not_found");
}

static void
enter_receipt(struct payments_op *op)
{
	struct receipt_call *c = (struct receipt_call *)op;
	struct pg_args *a;

	if (!c->readable) {
		call_fail(op, "bad_input");
		return;
	}
	a = pg_args_new();
	pg_text(a, c->code);
	call_ask(op, &receipt_by_code, a, on_receipt);
}

struct payments_op *
payments_receipt(struct flow_env *env, const char *code, receipt_cb *cb, void *arg)
{
	static const struct call_step first = { "read", enter_receipt };
	struct receipt_call *c = call_new(env, "receipt", sizeof *c, tell_receipt);

	c->readable = receipt_code_read(code, c->code);
	c->cb = cb;
	c->arg = arg;
	return call_begin(&c->op, &first);
}

struct receipts_call {
	struct payments_op op;
	unsigned skip;
	struct receipt_list list;
	receipt_list_cb *cb;
	void *arg;
};

static void
tell_receipts(struct payments_op *op)
{
	struct receipts_call *c = (struct receipts_call *)op;

	c->cb(c->arg, &op->answer, &c->list);
}

static void
on_receipts(struct payments_op *op, const struct pg_reply *r)
{
	struct receipts_call *c = (struct receipts_call *)op;

	c->list.total = receipts_read_total(r);
	for (int i = 0; i < r->rows && i < RECEIPTS_PAGE; i++)
		receipt_line_read(r, i, &c->list.at[c->list.count++]);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_receipts(struct payments_op *op)
{
	struct receipts_call *c = (struct receipts_call *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i32(a, (int32_t)c->skip);
	pg_i32(a, RECEIPTS_PAGE);
	call_ask(op, &receipts_of_member, a, on_receipts);
}

struct payments_op *
payments_receipts(struct flow_env *env, const struct who *who, unsigned skip,
                  receipt_list_cb *cb, void *arg)
{
	static const struct call_step first = { "read", enter_receipts };
	struct receipts_call *c = call_new(env, "receipts", sizeof *c, tell_receipts);

	c->op.who = *who;
	c->skip = skip < 100000 ? skip : 100000;
	c->cb = cb;
	c->arg = arg;
	return call_begin(&c->op, &first);
}

/* ---- float ----------------------------------------------------------------------------
 */

struct float_call {
	struct payments_op op;
	struct float_view view;
	float_cb *cb;
	void *arg;
};

static void
tell_float(struct payments_op *op)
{
	struct float_call *f = (struct float_call *)op;

	f->cb(f->arg, &op->answer, &f->view);
}

static void
on_balance(struct payments_op *op, const struct pg_reply *r)
{
	struct float_view *v = &((struct float_call *)op)->view;

	v->balance = reply_i64(r, 0, 0);
	v->held = reply_i64(r, 0, 1);
	v->available = v->balance - v->held;
	v->payouts_open = (unsigned)reply_i64(r, 0, 2);
	call_end(op, OUTCOME_OK, "");
}

static void
on_float_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct float_view *v = &((struct float_call *)op)->view;
	const unsigned may = ROLE_TREASURER | ROLE_OFFICER | ROLE_AUDITOR | ROLE_OPERATOR;
	struct account_ref ref;
	struct pg_args *a;
	struct uuid id;

	if (r->rows == 0 || ((unsigned)reply_i64(r, 0, 0) & may) == 0) {
		call_fail(op, "not_allowed");
		return;
	}
	ROW_TEXT(r, 0, 1, v->currency);
	ROW_TEXT(r, 0, 2, v->provider);
	ref = account_float(v->provider, v->currency);
	id = account_id(op->who.cooperative_id, &ref);
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &id);
	call_ask(op, &float_balance, a, on_balance);
}

static void
enter_float(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &float_facts, a, on_float_facts);
}

struct payments_op *
payments_float(struct flow_env *env, const struct who *who, float_cb *cb, void *arg)
{
	static const struct call_step first = { "facts", enter_float };
	struct float_call *f = call_new(env, "float", sizeof *f, tell_float);

	f->op.who = *who;
	f->cb = cb;
	f->arg = arg;
	return call_begin(&f->op, &first);
}
