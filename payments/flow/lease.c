/*
 * lease - what happens to a lease beside paying it.
 *
 *   deposit, give up    READ mine --> COMMIT --> answer
 *   hand over, return   PIN --> READ by id --> COMMIT --> answer
 *                                ^----stale----'
 *
 * A key that was answered before finds the lease moved on, and is told so by its state.
 */
#include "payments/flow/lease.h"

#include "payments/flow/call.h"
#include "payments/flow/lease_parts.h"
#include "payments/flow/loan_money.h"

#include <string.h>

/* ---- one lease ------------------------------------------------------------------------
 */

struct lease;

struct act { /* what may be done with a lease */
	const char *name;
	unsigned roles; /* whose; 0: the lessee's own */
	/* Why it cannot be, "" if it can. */
	const char *(*judge)(struct lease *l);
	/* Adds to *b; -1 with op.answer.err. */
	int (*put)(struct lease *l, struct books *b);
	enum outcome outcome;
	const char *reason; /* of what was done */
};

struct lease {
	struct payments_op op;
	const struct act *act;
	struct lease_ask ask; /* pin lives in op.pin */
	struct loan_record loan;
	bool submitted;
	loan_cb *cb;
	void *arg;
};

static void enter_read(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell_lease(struct payments_op *op)
{
	struct lease *l = (struct lease *)op;

	l->cb(l->arg, &op->answer, &l->loan.view);
}

static const char *
may(const struct lease *l)
{
	if (l->act->roles == 0)
		return "";
	if ((l->loan.actor_roles & l->act->roles) == 0)
		return "not_allowed";
	return uuid_equal(&l->loan.member_id, &l->op.who.member_id) ? "own_work" : "";
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct lease *l = (struct lease *)op;
	const char *no;

	if (!loan_read(r, op->arena, &l->loan) || l->loan.view.asset.code[0] == '\0') {
		call_fail(op, l->act->roles == 0 ? "no_loan" : "not_found");
		return;
	}
	no = may(l);
	if (no[0] == '\0')
		no = l->act->judge(l);
	if (no[0] != '\0')
		call_fail(op, no);
	else
		call_go(op, &to_commit);
}

static void
enter_read(struct payments_op *op)
{
	struct lease *l = (struct lease *)op;
	bool mine = l->act->roles == 0;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, mine ? &op->who.member_id : &l->ask.loan_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, mine ? &loan_of_member : &loan_by_id, a, on_read);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_read);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct lease *l = (struct lease *)op;

	if (result == OP_DONE)
		call_end(op, l->act->outcome, l->act->reason);
	else if (result == OP_CONFLICT)
		call_fail(op, "stale");
	else if (result != OP_STALE)
		call_fail(op, "try_later");
	else if (op->retries++ < 1)
		call_go(op, &to_read);
	else
		call_fail(op, l->act->roles == 0 ? "busy" : "stale");
}

static void
enter_commit(struct payments_op *op)
{
	struct lease *l = (struct lease *)op;
	char loan[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, l->act->name,
	            &op->who.member_id);
	books_key(&b, "%s/%s/%s", l->act->name, uuid_text(&l->loan.view.loan_id, loan),
	          uuid_text(&l->ask.key, key));
	if (l->act->put(l, &b) < 0) {
		call_fail(op, "bad_input");
		return;
	}
	books_audit(&b, l->act->name, &l->loan.view.loan_id, "%s %s", l->loan.view.code,
	            l->loan.view.asset.code);
	call_submit(op, &b.op, on_commit);
}

static struct payments_op *
start(struct flow_env *env, const struct act *act, const struct lease_ask *ask,
      loan_cb *cb, void *arg)
{
	static const struct call_step pin = { "pin", enter_pin };
	struct lease *l = call_new(env, act->name, sizeof *l, tell_lease);

	l->op.who = ask->who;
	l->act = act;
	l->ask = *ask;
	l->ask.pin = NULL;
	if (act->roles != 0)
		call_keep_pin(&l->op, ask->pin);
	l->cb = cb;
	l->arg = arg;
	return call_begin(&l->op, act->roles == 0 ? &to_read : &pin);
}

/* ---- the lessee
 * ------------------------------------------------------------------------
 */

static const char *
judge_deposit(struct lease *l)
{
	if (l->loan.view.state != LOAN_APPROVED)
		return "no_loan";
	return lease_deposit_refusal(&l->op, &l->loan);
}

static int
put_deposit(struct lease *l, struct books *b)
{
	struct payment p;

	p = lease_ask_deposit(b, &l->loan);
	memcpy(l->loan.view.payment_code, p.code, sizeof l->loan.view.payment_code);
	books_loan(b, &l->loan,
	           &(struct loan_change){ .to = LOAN_APPROVED,
	                                  .payment_id = p.payment_id,
	                                  .payment_code = p.code });
	return 0;
}

static const char *
judge_give_up(struct lease *l)
{
	return l->loan.view.state <= LOAN_READY ? "" : "no_loan";
}

/* While the deposit is being asked for the guard says busy. */
static int
put_give_up(struct lease *l, struct books *b)
{
	const char *unit = l->loan.view.currency;

	books_guard_one_pull(b, &l->loan.view.loan_id);
	if (l->loan.view.state == LOAN_READY)
		books_post(b, account(ACC_DEPOSIT, &l->loan.member_id, unit),
		           account(ACC_MEMBER, &l->loan.member_id, unit),
		           l->loan.view.deposit);
	lease_let_go(b, &l->loan);
	books_loan(b, &l->loan, &(struct loan_change){ .to = LOAN_UNPAID });
	return 0;
}

/* ---- officers
 * --------------------------------------------------------------------------
 */

static const char *
judge_hand_over(struct lease *l)
{
	return l->loan.view.state == LOAN_READY ? "" : "stale";
}

/* The days are counted from today. */
static int
put_hand_over(struct lease *l, struct books *b)
{
	struct loan_record *loan = &l->loan;
	struct account_ref asset =
	    account(ACC_EQUIPMENT, &loan->view.asset.asset_id, loan->view.currency);
	struct account_ref lent =
	    account(ACC_LOAN, &loan->view.loan_id, loan->view.currency);
	struct account_ref deposit =
	    account(ACC_DEPOSIT, &loan->member_id, loan->view.currency);
	struct schedule *work = arena_zalloc(l->op.arena, sizeof *work);
	struct contract *c = arena_zalloc(l->op.arena, sizeof *c);
	struct loan_money m;
	struct diag fault;

	if (loan->contract == NULL || contract_read(loan->contract, c, &fault) < 0)
		return -1;
	loan_paid_out_on(c, loan->today, loan->first_due_days);
	if (lease_buyout(c, 0, work, &l->op.answer.err) < 0 ||
	    loan_terms(c, work, &loan->view.terms, &l->op.answer.err) < 0 ||
	    loan_money_begin(&m, l->op.arena, loan, c, &l->op.answer.err) < 0)
		return -1;
	books_post(b, lent, asset, loan->view.terms.principal);
	books_post(b, deposit, asset, loan->view.deposit);
	loan_money_put(&m, b, NULL);
	books_asset(b, &loan->view.asset, ASSET_LEASED, &loan->view.loan_id, 0);
	lease_tell(b, loan, "lease.handed");
	return 0;
}

static const char *
judge_return(struct lease *l)
{
	if (l->loan.view.state != LOAN_LIVE || l->loan.view.asset.state != ASSET_LEASED)
		return "stale";
	return l->ask.value < 1 || l->ask.value > l->loan.view.asset.cost ? "bad_input"
	                                                                  : "";
}

static int
put_return(struct lease *l, struct books *b)
{
	struct loan_view *v = &l->loan.view;
	struct account_ref asset =
	    account(ACC_EQUIPMENT, &v->asset.asset_id, v->currency);
	struct loan_money m;

	if (loan_money_open(&m, l->op.arena, &l->loan, &l->op.answer.err) < 0 ||
	    loan_money_pay(&m, l->ask.value, &l->op.answer.err) < 0)
		return -1;
	m.returned = true;
	loan_money_put(&m, b, &asset);
	books_asset(b, &v->asset, ASSET_FREE, &v->loan_id, l->ask.value);
	v->owed = m.account->total.outstanding_all;
	lease_tell_amount(b, &l->loan, "lease.returned", l->ask.value);
	return 0;
}

static const struct act deposit = { "lease.deposit", 0,       judge_deposit, put_deposit,
	                            OUTCOME_PENDING, "paying" };
static const struct act give_up = { "lease.give_up", 0,          judge_give_up,
	                            put_give_up,     OUTCOME_OK, "" };
static const struct act hand_over = {
	"lease.hand_over", ROLE_WEIGHER | ROLE_TREASURER | ROLE_OFFICER,
	judge_hand_over,   put_hand_over,
	OUTCOME_OK,        ""
};
static const struct act give_back = { "lease.return", ROLE_TREASURER | ROLE_OFFICER,
	                              judge_return,   put_return,
	                              OUTCOME_OK,     "" };

struct payments_op *
payments_lease_deposit(struct flow_env *env, const struct lease_ask *ask, loan_cb *cb,
                       void *arg)
{
	return start(env, &deposit, ask, cb, arg);
}

struct payments_op *
payments_lease_give_up(struct flow_env *env, const struct lease_ask *ask, loan_cb *cb,
                       void *arg)
{
	return start(env, &give_up, ask, cb, arg);
}

struct payments_op *
payments_lease_hand_over(struct flow_env *env, const struct lease_ask *ask, loan_cb *cb,
                         void *arg)
{
	return start(env, &hand_over, ask, cb, arg);
}

struct payments_op *
payments_lease_return(struct flow_env *env, const struct lease_ask *ask, loan_cb *cb,
                      void *arg)
{
	return start(env, &give_back, ask, cb, arg);
}
