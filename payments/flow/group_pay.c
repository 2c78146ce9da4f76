/*
 * group_pay - one member pays for all parts of her group.
 *
 *   start    GROUP --> FACTS --> COMMIT (payment created) --> KNOWN --> answer: paying
 *   outcome  purpose group_in: every part changes in one operation
 */
#include "payments/flow/group_pay.h"

#include "payments/core/split.h"
#include "payments/flow/call.h"
#include "payments/flow/group_parts.h"
#include "payments/flow/loan_money.h"
#include "payments/flow/outcome.h"
#include "payments/flow/prompt_size.h"
#include "payments/store/owed.h"

#include <stdio.h>
#include <string.h>

#define PAY_MAX INT64_C(1000000000000)

struct group_pay {
	struct payments_op op;
	struct group_pay_ask ask;
	struct group_view group;
	struct owed_facts facts;
	struct group_payment result;
	group_pay_cb *cb;
	void *arg;
};

static void enter_group(struct payments_op *op);
static void enter_facts(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_known(struct payments_op *op);

static const struct call_step to_group = { "group", enter_group };
static const struct call_step to_facts = { "facts", enter_facts };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_known = { "known", enter_known };

static void
tell(struct payments_op *op)
{
	struct group_pay *p = (struct group_pay *)op;

	p->cb(p->arg, &op->answer, &p->result);
}

static void
on_group(struct payments_op *op, const struct pg_reply *r)
{
	struct group_pay *p = (struct group_pay *)op;
	bool in = false, live = false;

	if (group_read(r, &p->group))
		for (unsigned i = 0; i < p->group.count; i++) {
			in |= uuid_equal(&p->group.part[i].member_id, &op->who.member_id);
			live |= strcmp(p->group.part[i].loan_state, "live") == 0;
		}
	if (!in)
		call_fail(op, "not_found");
	else if (!live)
		call_fail(op, "no_loan");
	else
		call_go(op, &to_facts);
}

static void
enter_group(struct payments_op *op)
{
	struct group_pay *p = (struct group_pay *)op;
	struct pg_args *a;

	if (p->ask.amount <= 0 || p->ask.amount > PAY_MAX) {
		call_fail(op, "bad_input");
		return;
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &p->ask.group_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &group_by_id, a, on_group);
}

static void
on_facts(struct payments_op *op, const struct pg_reply *r)
{
	if (owed_facts_read(r, &((struct group_pay *)op)->facts))
		call_go(op, &to_commit);
	else
		call_fail(op, "not_found");
}

static void
enter_facts(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &owed_facts, a, on_facts);
}

static void
on_known(struct payments_op *op, const struct pg_reply *r)
{
	struct group_pay *p = (struct group_pay *)op;

	if (r->rows == 0) {
		call_fail(op, "stale");
		return;
	}
	p->result.amount = reply_i64(r, 0, 2);
	loan_payment_code(r, p->result.code, sizeof p->result.code);
	call_end(op, OUTCOME_PENDING, "paying");
}

static void
enter_known(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &((struct group_pay *)op)->result.payment_id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &loan_payment_by_id, a, on_known);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || result == OP_CONFLICT)
		call_go(op, &to_known);
	else
		call_fail(op, result == OP_STALE ? "busy" : "try_later");
}

static void
enter_commit(struct payments_op *op)
{
	struct group_pay *p = (struct group_pay *)op;
	struct payment pay = { .direction = PAY_IN,
		               .purpose = "group_in",
		               .purpose_id = p->ask.group_id,
		               .member_id = op->who.member_id,
		               .amount = p->ask.amount };
	char key[UUID_TEXT_SIZE];
	struct books b;
	struct buf guard;
	const char *no;

	memcpy(pay.provider, p->facts.provider, sizeof pay.provider);
	memcpy(pay.msisdn, p->facts.msisdn, sizeof pay.msisdn);
	memcpy(pay.currency, p->facts.currency, sizeof pay.currency);
	memcpy(p->result.currency, pay.currency, sizeof p->result.currency);
	no = prompt_refusal(op, &pay);
	if (no[0] != '\0') {
		call_fail(op, no);
		return;
	}
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "group.pay",
	            &op->who.member_id);
	books_key(&b, "group.pay/%s", uuid_text(&p->ask.key, key));
	pay.payment_id = p->result.payment_id = b.op.key; /* the same key finds it */
	guard = books_body(&b, 80);
	group_pull_body(&guard, &p->ask.group_id);
	books_effect(&b, "group_pull", &guard);
	books_payment(&b, &pay);
	books_audit(&b, "group.pay", &p->ask.group_id, "%lld", (long long)pay.amount);
	call_submit(op, &b.op, on_commit);
}

struct payments_op *
payments_group_pay(struct flow_env *env, const struct group_pay_ask *ask,
                   group_pay_cb *cb, void *arg)
{
	struct group_pay *p = call_new(env, "group.pay", sizeof *p, tell);

	p->op.who = ask->who;
	p->ask = *ask;
	p->cb = cb;
	p->arg = arg;
	return call_begin(&p->op, &to_group);
}

/* ---- what became of it ----------------------------------------------------------------
 */

struct sharing {
	unsigned n;
	struct loan_money money[GROUP_MEMBERS_MAX];
	int64_t late[GROUP_MEMBERS_MAX]; /* past due                     */
	int64_t owed[GROUP_MEMBERS_MAX]; /* to pay it off today          */
	int64_t paid[GROUP_MEMBERS_MAX]; /* what this payment gives it   */
	int own;                         /* the payer's part; -1: not live */
};

static int
open_parts(struct outcome_call *o, struct sharing *s, struct err *err)
{
	int64_t part[PARTS];

	s->own = -1;
	for (s->n = 0; s->n < o->part_count; s->n++) {
		struct loan_record *l = &o->part[s->n];
		struct loan_money *m = &s->money[s->n];

		if (loan_money_open(m, o->op.arena, l, err) < 0 ||
		    loan_account_pay_off(m->account, l->today, part, err) < 0)
			return -1;
		for (int p = 0; p < PARTS; p++)
			s->owed[s->n] += part[p];
		s->late[s->n] = m->account->total.past_due_all;
		if (s->late[s->n] > s->owed[s->n])
			s->late[s->n] = s->owed[s->n];
		if (uuid_equal(&l->member_id, &o->payment.member_id))
			s->own = (int)s->n;
	}
	return 0;
}

/* As much of *left as the weights take, in their proportion. */
static int
give(struct sharing *s, const int64_t *weight, int64_t *left, struct err *err)
{
	int64_t share[GROUP_MEMBERS_MAX], pot = 0;

	for (unsigned i = 0; i < s->n; i++)
		pot += weight[i];
	pot = *left < pot ? *left : pot;
	if (split_pot(pot, weight, s->n, share, err) < 0)
		return -1;
	for (unsigned i = 0; i < s->n; i++) {
		s->paid[i] += share[i];
		s->owed[i] -= share[i];
	}
	*left -= pot;
	return 0;
}

static int
share_out(struct sharing *s, int64_t *left, struct err *err)
{
	int64_t own[GROUP_MEMBERS_MAX] = { 0 };

	if (give(s, s->late, left, err) < 0)
		return -1;
	if (s->own >= 0)
		own[s->own] = s->owed[s->own];
	if (give(s, own, left, err) < 0)
		return -1;
	return give(s, s->owed, left, err);
}

static bool
runs(const struct group_part *p)
{
	static const char *const states[] = { "requested", "seen", "approved", "live" };

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (strcmp(p->loan_state, states[i]) == 0)
			return true;
	return false;
}

/* Several parts may end with one payment: the group is written once, as if they were
 * one. */
static void
put_ends(struct outcome_call *o, struct books *b, struct loan_record *carrier,
         struct loan_group *g, unsigned closed)
{
	g->others_open = 0;
	for (unsigned i = 0; i < o->group->count; i++)
		g->others_open += runs(&o->group->part[i]);
	g->others_open -= closed;
	carrier->group = g;
	group_part_ends(b, carrier);
}

static int
put_paid(struct outcome_call *o, struct books *b, struct err *err)
{
	const struct payment *p = &o->payment;
	struct account_ref from = account_float(p->provider, p->currency);
	struct sharing *s = arena_zalloc(o->op.arena, sizeof *s);
	struct loan_group *g = o->part_count == 0 ? NULL : o->part[0].group;
	int64_t left = p->amount;
	unsigned closed = 0;

	if (open_parts(o, s, err) < 0 || share_out(s, &left, err) < 0)
		return -1;
	for (unsigned i = 0; i < s->n; i++) {
		struct member to = books_borrower(&o->part[i]);

		o->part[i].group = NULL;
		if (s->paid[i] == 0)
			continue;
		if (loan_money_pay(&s->money[i], s->paid[i], err) < 0)
			return -1;
		loan_money_put(&s->money[i], b, &from);
		loan_money_source(&s->money[i], b, &p->payment_id);
		loan_money_thank(&s->money[i], b, &to, s->paid[i], p->code);
		closed += loan_money_closed(&s->money[i]);
	}
	if (closed > 0)
		put_ends(o, b, &o->part[0], g, closed);
	books_post(b, from, account(ACC_MEMBER, &p->member_id, p->currency), left);
	if (left > 0)
		books_message(b, &o->member, "money.credited",
		              (struct text_value[]){ { "amount", books_i64(b, left) },
		                                     { "payment", p->code },
		                                     { NULL, NULL } });
	return 0;
}

static int
put_group_in(struct outcome_call *o, struct books *b, struct err *err)
{
	const struct payment *p = &o->payment;

	if (o->to == PAY_PAID && put_paid(o, b, err) < 0)
		return -1;
	if (o->to == PAY_PAID)
		books_message(
		    b, &o->member, "group.received",
		    (struct text_value[]){ { "group", o->group->name },
		                           { "amount", books_i64(b, p->amount) },
		                           { "payment", p->code },
		                           { NULL, NULL } });
	books_audit(b, o->to == PAY_PAID ? "group.paid" : "group.not_paid",
	            &p->purpose_id, "%s %lld", p->code, (long long)p->amount);
	if (o->to == PAY_FAILED)
		books_message(
		    b, &o->member, "repay.failed",
		    (struct text_value[]){ { "code", o->group->code },
		                           { "amount", books_i64(b, p->amount) },
		                           { "reason", pay_reason_name(o->why.reason) },
		                           { "payment", p->code },
		                           { NULL, NULL } });
	return 0;
}

const struct purpose purpose_group_in = { "group_in", put_group_in };
