/*
 * approve - the decision about a loan.
 *
 *   detail   READ --> answer
 *
 *   decide   PIN --> READ --refuse-----------> OFFICERS --> REFUSE --.
 *                      `--first of two-------> OFFICERS --> SEEN ----+--> answer
 *                      `--approve------------> OFFICERS --> ROOM --> APPROVE -'
 *              ^------stale (decided meanwhile?)------------'
 *                                                  `--no funds--> TELL --> no_funds
 *
 * Approving holds the principal on the float and creates the payout in one operation; of
 * a lease it asks the member's wallet for the deposit (lease.h).
 */
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/lease_parts.h"
#include "payments/flow/loans.h"
#include "payments/flow/parts.h"
#include "payments/flow/route.h"

#include <string.h>

/* ---- decide -------------------------------------------------------------------------
 */

struct decide {
	struct payments_op op;
	struct decide_ask ask; /* pin lives in op.pin */
	struct loan_record loan;
	struct officers officers;
	struct wallet_facts room;
	struct payment payment;
	bool second_follows; /* this decision is the first of two */
	bool refused_before; /* the key is known, and nothing came of it */
	loan_cb *cb;
	void *arg;
};

static void enter_read(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_room(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_tell(struct payments_op *op);
static void enter_look(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_room = { "room", enter_room };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_tell = { "tell", enter_tell };
static const struct call_step to_look = { "look", enter_look };

static void
tell_decide(struct payments_op *op)
{
	struct decide *d = (struct decide *)op;

	d->cb(d->arg, &op->answer, &d->loan.view);
}

static void
ask_loan(struct payments_op *op, call_reply *on_reply)
{
	struct decide *d = (struct decide *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &d->ask.id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &loan_by_id, a, on_reply);
}

static bool
is_lease(const struct decide *d)
{
	return d->loan.view.asset.code[0] != '\0';
}

/* Why this person may not decide about this loan, or "". */
static const char *
judge(const struct decide *d)
{
	const struct loan_record *l = &d->loan;
	unsigned roles = l->actor_roles;

	if ((roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0)
		return "not_allowed";
	if (call_is_me(&d->op, &l->member_id))
		return "own_work";
	if (l->group != NULL) /* decided with its group only */
		return "stale";
	if (l->view.state == LOAN_REQUESTED)
		return l->view.needs_second && (roles & ROLE_TREASURER) == 0
		           ? "not_allowed"
		           : "";
	if (l->view.state == LOAN_SEEN) {
		if (call_is_me(&d->op, &l->seen_by))
			return "own_work";
		return (roles & ROLE_OFFICER) == 0 ? "not_allowed" : "";
	}
	return "stale";
}

/* What follows an approval. */
static const char *
follows(const struct decide *d)
{
	return d->loan.view.asset.code[0] == '\0' ? "paying" : "deposit";
}

/* The same person deciding the same again gets the answer of the first time. */
static bool
answered_before(struct decide *d)
{
	const struct loan_record *l = &d->loan;
	enum loan_state s = l->view.state;

	if (!d->ask.approve)
		return false;
	if (s == LOAN_SEEN && call_is_me(&d->op, &l->seen_by)) {
		call_end(&d->op, OUTCOME_PENDING, "second_needed");
		return true;
	}
	if (s >= LOAN_APPROVED && s <= LOAN_LIVE && call_is_me(&d->op, &l->approved_by)) {
		call_end(&d->op, OUTCOME_PENDING, follows(d));
		return true;
	}
	return false;
}

static void
on_loan(struct payments_op *op, const struct pg_reply *r)
{
	struct decide *d = (struct decide *)op;
	const char *no;

	if (!loan_read(r, op->arena, &d->loan)) {
		call_fail(op, "not_found");
		return;
	}
	if (answered_before(d))
		return;
	no = judge(d);
	if (no[0] == '\0' && d->ask.approve && is_lease(d))
		no = lease_deposit_refusal(op, &d->loan);
	if (no[0] != '\0') {
		call_fail(op, no);
		return;
	}
	if (d->refused_before) {
		call_fail(op, "no_funds");
		return;
	}
	d->second_follows = d->ask.approve && d->loan.view.needs_second &&
	                    d->loan.view.state == LOAN_REQUESTED;
	call_go(op, &to_officers);
}

static void
enter_read(struct payments_op *op)
{
	ask_loan(op, on_loan);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_read);
}

/* Who hears of it: the second officer, or the treasurers when the float is short. */
static void
enter_officers(struct payments_op *op)
{
	struct decide *d = (struct decide *)op;
	bool pays = d->ask.approve && !d->second_follows && !is_lease(d);

	call_ask_officers(op, d->second_follows ? ROLE_OFFICER : ROLE_TREASURER,
	                  d->second_follows, &d->officers, pays ? &to_room : &to_commit);
}

static const struct text_value *
loan_values(struct books *b, const struct decide *d)
{
	struct text_value *v = arena_zalloc(b->arena, 4 * sizeof *v);

	v[0] = (struct text_value){ "code", d->loan.view.code };
	v[1] = (struct text_value){ "name", d->loan.view.member_name };
	v[2] =
	    (struct text_value){ "amount", books_i64(b, d->loan.view.terms.principal) };
	return v;
}

static void
put_refusal(struct books *b, struct decide *d)
{
	struct member to = books_borrower(&d->loan);

	books_loan(b, &d->loan,
	           &(struct loan_change){ .to = LOAN_REFUSED,
	                                  .refused_by = d->op.who.member_id,
	                                  .decided_ms = call_now(&d->op) });
	lease_let_go(b, &d->loan);
	books_audit(b, "loan.refuse", &d->ask.id, "%s", d->loan.view.code);
	books_message(b, &to, "loan.refused", loan_values(b, d));
}

static void
put_first_of_two(struct books *b, struct decide *d)
{
	books_loan(b, &d->loan,
	           &(struct loan_change){ .to = LOAN_SEEN,
	                                  .seen_by = d->op.who.member_id,
	                                  .decided_ms = call_now(&d->op) });
	books_audit(b, "loan.seen", &d->ask.id, "%s", d->loan.view.code);
	books_tell_officers(b, &d->officers, "loan.second", loan_values(b, d));
}

/* Nothing is paid out: the asset waits until the deposit is here. */
static void
put_lease_approval(struct books *b, struct decide *d)
{
	struct loan_change change = { .to = LOAN_READY,
		                      .approved_by = d->op.who.member_id,
		                      .decided_ms = call_now(&d->op) };
	struct payment p;

	if (d->loan.view.deposit > 0) {
		p = lease_ask_deposit(b, &d->loan);
		change.to = LOAN_APPROVED;
		change.payment_id = p.payment_id;
		change.payment_code = p.code;
		memcpy(d->loan.view.payment_code, p.code,
		       sizeof d->loan.view.payment_code);
	}
	books_loan(b, &d->loan, &change);
	books_audit(b, "lease.approve", &d->ask.id, "%s %s", d->loan.view.code,
	            d->loan.view.asset.code);
	lease_tell(b, &d->loan, "lease.approved");
}

static void
on_room(struct payments_op *op, const struct pg_reply *r)
{
	if (wallet_facts_read(r, &((struct decide *)op)->room))
		call_go(op, &to_commit);
	else
		call_fail(op, "not_found");
}

static void
enter_room(struct payments_op *op)
{
	struct decide *d = (struct decide *)op;
	const struct loan_record *l = &d->loan;
	struct payment *p = &d->payment;

	*p = books_loan_payout(l);
	route_payment(op->env, op->who.cooperative_id, p);
	parts_ask(op, p, on_room);
}

/* False: her wallet takes nothing for weeks. */
static bool
put_approval(struct books *b, struct decide *d)
{
	const struct loan_record *l = &d->loan;
	struct member to = books_borrower(&d->loan);
	struct payment *p = &d->payment;

	books_message(b, &to, "loan.approved", loan_values(b, d));
	if (!parts_begin(b, &d->room, p, account(ACC_LOAN, &l->view.loan_id, p->currency),
	                 &to))
		return false;
	memcpy(d->loan.view.payment_code, p->code, sizeof d->loan.view.payment_code);
	books_loan(b, &d->loan,
	           &(struct loan_change){ .to = LOAN_APPROVED,
	                                  .approved_by = d->op.who.member_id,
	                                  .payment_id = p->payment_id,
	                                  .payment_code = p->code,
	                                  .hold_id = p->hold_id,
	                                  .decided_ms = call_now(&d->op) });
	books_audit(b, "loan.approve", &d->ask.id, "%s %lld", l->view.code,
	            (long long)l->view.terms.principal);
	return true;
}

static void
on_done(struct decide *d)
{
	if (!d->ask.approve)
		call_end(&d->op, OUTCOME_OK, "");
	else
		call_end(&d->op, OUTCOME_PENDING,
		         d->second_follows ? "second_needed" : follows(d));
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct decide *d = (struct decide *)op;

	if (result == OP_DONE) {
		on_done(d);
	} else if (result == OP_NO_FUNDS) {
		call_go(op, &to_tell);
	} else if (result == OP_CONFLICT) { /* the same key again */
		d->refused_before = true;   /* unless the row tells otherwise */
		call_go(op, &to_read);
	} else {
		call_not_done(op, result, &to_read);
	}
}

static void
enter_commit(struct payments_op *op)
{
	struct decide *d = (struct decide *)op;
	char loan[UUID_TEXT_SIZE], actor[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id,
	            d->ask.approve ? "loan.approve" : "loan.refuse", &op->who.member_id);
	books_key(&b, "loan.decide/%s/%s/%s", uuid_text(&d->ask.id, loan),
	          uuid_text(&op->who.member_id, actor), uuid_text(&d->ask.key, key));
	if (!d->ask.approve)
		put_refusal(&b, d);
	else if (d->second_follows)
		put_first_of_two(&b, d);
	else if (is_lease(d))
		put_lease_approval(&b, d);
	else if (!put_approval(&b, d)) {
		call_fail(op, "limit");
		return;
	}
	call_submit(op, &b.op, on_commit);
}

static void
on_told(struct payments_op *op, enum op_result result)
{
	(void)result; /* the refusal stands whether or not the SMS was queued */
	call_fail(op, "no_funds");
}

static void
enter_tell(struct payments_op *op)
{
	struct decide *d = (struct decide *)op;
	char loan[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "loan.nofunds", NULL);
	books_key(&b, "loan.nofunds/%s/%s", uuid_text(&d->ask.id, loan),
	          uuid_text(&d->ask.key, key));
	books_audit(&b, "loan.nofunds", &d->ask.id, "%s", d->loan.view.code);
	books_tell_officers(&b, &d->officers, "loan.nofunds", loan_values(&b, d));
	call_submit(op, &b.op, on_told);
}

struct payments_op *
payments_approval_decide(struct flow_env *env, const struct decide_ask *ask, loan_cb *cb,
                         void *arg)
{
	static const struct call_step first = { "pin", enter_pin };
	struct decide *d = call_new(env, "loan.decide", sizeof *d, tell_decide);

	d->op.who = ask->who;
	d->ask = *ask;
	d->ask.pin = NULL;
	call_keep_pin(&d->op, ask->pin);
	d->cb = cb;
	d->arg = arg;
	return call_begin(&d->op, &first);
}

/* ---- detail -------------------------------------------------------------------------
 */

static void
on_look(struct payments_op *op, const struct pg_reply *r)
{
	struct decide *d = (struct decide *)op;

	if (!loan_read(r, op->arena, &d->loan))
		call_fail(op, "not_found");
	else if ((d->loan.actor_roles & (ROLE_TREASURER | ROLE_OFFICER | ROLE_AUDITOR)) ==
	         0)
		call_fail(op, "not_allowed");
	else
		call_end(op, OUTCOME_OK, "");
}

static void
enter_look(struct payments_op *op)
{
	ask_loan(op, on_look);
}

struct payments_op *
payments_approval(struct flow_env *env, const struct who *who, const struct uuid *loan_id,
                  loan_cb *cb, void *arg)
{
	struct decide *d = call_new(env, "loan.look", sizeof *d, tell_decide);

	d->op.who = *who;
	d->ask.id = *loan_id;
	d->cb = cb;
	d->arg = arg;
	return call_begin(&d->op, &to_look);
}
