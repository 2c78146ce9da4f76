/*
 * savings - what a member keeps with the cooperative.
 *
 *   look  FACTS --> BALANCE --> answer
 *   save  FACTS --> COMMIT (payment created) --> KNOWN --> answer: paying
 *   take  PIN --> FACTS --> COMMIT --> BALANCE --> answer
 *   the pull's outcome is the purpose save_in
 */
#include "payments/flow/savings.h"

#include "payments/flow/call.h"
#include "payments/flow/outcome.h"
#include "payments/flow/prompt_size.h"
#include "payments/store/owed.h"

#include <string.h>

#define SAVE_MAX INT64_C(1000000000000)

enum way { LOOK, SAVE, TAKE };

struct savings {
	struct payments_op op;
	enum way way;
	struct savings_ask ask; /* pin lives in op.pin */
	struct owed_facts facts;
	struct savings_view view;
	savings_cb *cb;
	void *arg;
};

static void enter_pin(struct payments_op *op);
static void enter_facts(struct payments_op *op);
static void enter_balance(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_known(struct payments_op *op);

static const struct call_step to_pin = { "pin", enter_pin };
static const struct call_step to_facts = { "facts", enter_facts };
static const struct call_step to_balance = { "balance", enter_balance };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_known = { "known", enter_known };

static void
tell(struct payments_op *op)
{
	struct savings *s = (struct savings *)op;

	s->cb(s->arg, &op->answer, &s->view);
}

static struct account_ref
savings_of(const struct savings *s)
{
	return account(ACC_SAVINGS, &s->op.who.member_id, s->facts.currency);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_facts);
}

static void
on_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct savings *s = (struct savings *)op;

	if (!owed_facts_read(r, &s->facts)) {
		call_fail(op, "not_found");
		return;
	}
	memcpy(s->view.currency, s->facts.currency, sizeof s->view.currency);
	call_go(op, s->way == LOOK ? &to_balance : &to_commit);
}

static void
enter_facts(struct payments_op *op)
{
	struct savings *s = (struct savings *)op;
	struct pg_args *a;

	if (s->way != LOOK && (s->ask.amount <= 0 || s->ask.amount > SAVE_MAX)) {
		call_fail(op, "bad_input");
		return;
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &owed_facts, a, on_facts);
}

static void
on_balance(struct payments_op *op, const struct pg_reply *r)
{
	struct savings *s = (struct savings *)op;

	savings_read(r, &s->view.balance, &s->view.held);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_balance(struct payments_op *op)
{
	struct account_ref mine = savings_of((struct savings *)op);
	struct uuid id = account_id(op->who.cooperative_id, &mine);
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &id);
	call_ask(op, &savings_balance, a, on_balance);
}

static void
on_known(struct payments_op *op, const struct pg_reply *r)
{
	struct savings *s = (struct savings *)op;

	if (r->rows == 0) {
		call_fail(op, "stale");
		return;
	}
	s->view.amount = reply_i64(r, 0, 2);
	loan_payment_code(r, s->view.code, sizeof s->view.code);
	call_end(op, OUTCOME_PENDING, "paying");
}

static void
enter_known(struct payments_op *op)
{
	struct savings *s = (struct savings *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &s->view.payment_id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &loan_payment_by_id, a, on_known);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct savings *s = (struct savings *)op;

	if (result == OP_DONE || result == OP_CONFLICT)
		call_go(op, s->way == SAVE ? &to_known : &to_balance);
	else if (result == OP_STALE)
		call_fail(op, "busy");
	else
		call_fail(op, result == OP_NO_FUNDS ? "limit" : "try_later");
}

static struct payment
to_save(const struct savings *s)
{
	struct payment p = { .direction = PAY_IN,
		             .payment_id = s->view.payment_id,
		             .purpose = "save_in",
		             .purpose_id = s->op.who.member_id,
		             .member_id = s->op.who.member_id,
		             .amount = s->ask.amount };

	memcpy(p.provider, s->facts.provider, sizeof p.provider);
	memcpy(p.msisdn, s->facts.msisdn, sizeof p.msisdn);
	memcpy(p.currency, s->facts.currency, sizeof p.currency);
	return p;
}

static void
put_save(struct savings *s, struct books *b)
{
	struct payment p = to_save(s);
	struct buf guard = books_body(b, 80);

	owed_out_body(&guard, &s->op.who.member_id);
	books_effect(b, "save_in", &guard);
	books_payment(b, &p);
}

static void
enter_commit(struct payments_op *op)
{
	struct savings *s = (struct savings *)op;
	const char *unit = s->facts.currency;
	struct payment saving = to_save(s);
	const char *no = s->way == SAVE ? prompt_refusal(op, &saving) : "";
	char key[UUID_TEXT_SIZE];
	struct books b;

	if (no[0] != '\0') {
		call_fail(op, no);
		return;
	}
	books_begin(&b, op->env, op->arena, op->who.cooperative_id,
	            s->way == SAVE ? "savings.save" : "savings.take", &op->who.member_id);
	books_key(&b, "savings/%d/%s", (int)s->way, uuid_text(&s->ask.key, key));
	s->view.payment_id = b.op.key; /* the same key finds it */
	if (s->way == SAVE)
		put_save(s, &b);
	else
		books_post(&b, savings_of(s),
		           account(ACC_MEMBER, &op->who.member_id, unit), s->ask.amount);
	books_audit(&b, b.op.kind, &op->who.member_id, "%lld", (long long)s->ask.amount);
	call_submit(op, &b.op, on_commit);
}

static struct payments_op *
begin(struct flow_env *env, enum way way, const struct savings_ask *ask, savings_cb *cb,
      void *arg)
{
	static const char *const names[] = { "savings.look", "savings.save",
		                             "savings.take" };
	struct savings *s = call_new(env, names[way], sizeof *s, tell);

	s->way = way;
	s->op.who = ask->who;
	s->ask = *ask;
	s->ask.pin = NULL;
	if (way == TAKE)
		call_keep_pin(&s->op, ask->pin);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, way == TAKE ? &to_pin : &to_facts);
}

struct payments_op *
payments_savings(struct flow_env *env, const struct who *who, savings_cb *cb, void *arg)
{
	return begin(env, LOOK, &(struct savings_ask){ .who = *who }, cb, arg);
}

struct payments_op *
payments_save(struct flow_env *env, const struct savings_ask *ask, savings_cb *cb,
              void *arg)
{
	return begin(env, SAVE, ask, cb, arg);
}

struct payments_op *
payments_savings_take(struct flow_env *env, const struct savings_ask *ask, savings_cb *cb,
                      void *arg)
{
	return begin(env, TAKE, ask, cb, arg);
}

/* ---- what became of the pull ---------------------------------------------------------
 */

static int
put_save_in(struct outcome_call *o, struct books *b, struct err *err)
{
	const struct payment *p = &o->payment;
	bool paid = o->to == PAY_PAID;

	(void)err;
	if (paid)
		books_post(b, account_float(p->provider, p->currency),
		           account(ACC_SAVINGS, &p->member_id, p->currency), p->amount);
	books_audit(b, paid ? "savings.saved" : "savings.not_saved", &p->purpose_id, "%s",
	            p->code);
	outcome_tell(o, b, paid ? "savings.in" : "savings.failed", p->amount);
	return 0;
}

const struct purpose purpose_save_in = { "save_in", put_save_in };
