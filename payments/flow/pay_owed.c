/*
 * pay_owed - a member is paid what the cooperative owes: the net of a sale that did not
 * arrive, or what was paid beyond a loan.
 *
 *   PIN --> AGAIN? --known key--> answer: paying
 *             `--> FACTS --> BALANCES --> ROOM --> COMMIT (hold, payment created) -->
 * answer
 *
 * Both balances are read before the hold is asked for: a refused hold does not say
 * whether nothing is owed or the float is short.
 */
#include "payments/flow/pay_owed.h"

#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/parts.h"
#include "payments/flow/route.h"
#include "payments/store/owed.h"

#include <string.h>

struct pay_owed {
	struct payments_op op;
	struct pay_owed_ask ask; /* pin lives in op.pin */
	struct owed_facts facts;
	struct wallet_facts room;
	struct payment payment;
	struct owed_payout result;
	bool submitted; /* an unknown key cannot be new any more */
	owed_payout_cb *cb;
	void *arg;
};

static void enter_pin(struct payments_op *op);
static void enter_again(struct payments_op *op);
static void enter_facts(struct payments_op *op);
static void enter_balances(struct payments_op *op);
static void enter_room(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_pin = { "pin", enter_pin };
static const struct call_step to_again = { "again", enter_again };
static const struct call_step to_facts = { "facts", enter_facts };
static const struct call_step to_balances = { "balances", enter_balances };
static const struct call_step to_room = { "room", enter_room };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct pay_owed *p = (struct pay_owed *)op;

	p->cb(p->arg, &op->answer, &p->result);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_again);
}

/* What was asked, by whom and for whom: the payment's id follows from it. */
static struct buf
key_name(const struct pay_owed *p, char *at, size_t cap)
{
	char key[UUID_TEXT_SIZE], actor[UUID_TEXT_SIZE], member[UUID_TEXT_SIZE];
	struct buf b;

	buf_init(&b, at, cap);
	buf_printf(&b, "owed.pay/%d/%s/%s/%s", p->op.who.cooperative_id,
	           uuid_text(&p->ask.member_id, member),
	           uuid_text(&p->op.who.member_id, actor), uuid_text(&p->ask.key, key));
	return b;
}

static struct uuid
payment_id(const struct pay_owed *p)
{
	char name[160];
	struct buf b = key_name(p, name, sizeof name);

	return uuid_from_name(name, b.len);
}

static void
on_again(struct payments_op *op, const struct pg_reply *r)
{
	struct pay_owed *p = (struct pay_owed *)op;

	if (r->rows > 0) {
		p->result.payment_id = reply_uuid(r, 0, 0);
		loan_payment_code(r, p->result.code, sizeof p->result.code);
		p->result.amount = reply_i64(r, 0, 2);
		call_end(op, OUTCOME_PENDING, "paying");
	} else if (p->submitted) {
		call_fail(op, "stale"); /* refused under this key: look, ask anew */
	} else {
		call_go(op, &to_facts);
	}
}

static void
enter_again(struct payments_op *op)
{
	struct pay_owed *p = (struct pay_owed *)op;
	struct uuid id = payment_id(p);
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &id);
	pg_uuid(a, &p->ask.member_id);
	call_ask(op, &loan_payment_by_id, a, on_again);
}

static void
on_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct pay_owed *p = (struct pay_owed *)op;

	if (!owed_facts_read(r, &p->facts)) {
		call_fail(op, "not_found");
		return;
	}
	route_name(op->env,
	           &(struct route_ask){ .cooperative_id = op->who.cooperative_id,
	                                .msisdn = p->facts.msisdn,
	                                .currency = p->facts.currency },
	           p->facts.provider);
	memcpy(p->result.currency, p->facts.currency, sizeof p->result.currency);
	if (p->facts.actor_roles == 0 ||
	    (!uuid_equal(&p->ask.member_id, &op->who.member_id) &&
	     (p->facts.actor_roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0))
		call_fail(op, "not_allowed");
	else
		call_go(op, &to_balances);
}

static void
enter_facts(struct payments_op *op)
{
	struct pay_owed *p = (struct pay_owed *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_uuid(a, &p->ask.member_id);
	call_ask(op, &owed_facts, a, on_facts);
}

static struct account_ref
member_account(const struct pay_owed *p)
{
	return account(ACC_MEMBER, &p->ask.member_id, p->facts.currency);
}

static struct account_ref
float_account(const struct pay_owed *p)
{
	return account_float(p->facts.provider, p->facts.currency);
}

static void
on_balances(struct payments_op *op, const struct pg_reply *r)
{
	struct pay_owed *p = (struct pay_owed *)op;
	struct owed_balances have;

	owed_balances_read(r, &have);
	p->result.amount = have.owed;
	if (have.owed <= 0)
		call_fail(op, "nothing_owed");
	else if (have.cash < have.owed)
		call_fail(op, "no_funds");
	else
		call_go(op, &to_room);
}

static void
enter_balances(struct payments_op *op)
{
	struct pay_owed *p = (struct pay_owed *)op;
	struct account_ref member = member_account(p), cash = float_account(p);
	struct uuid member_id = account_id(op->who.cooperative_id, &member);
	struct uuid cash_id = account_id(op->who.cooperative_id, &cash);
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &member_id);
	pg_uuid(a, &cash_id);
	call_ask(op, &owed_balances, a, on_balances);
}

static void
on_room(struct payments_op *op, const struct pg_reply *r)
{
	if (wallet_facts_read(r, &((struct pay_owed *)op)->room))
		call_go(op, &to_commit);
	else
		call_fail(op, "not_found");
}

static void
enter_room(struct payments_op *op)
{
	struct pay_owed *p = (struct pay_owed *)op;
	struct payment *pay = &p->payment;

	*pay = (struct payment){ .direction = PAY_OUT,
		                 .payment_id = payment_id(p),
		                 .purpose = "owed_out",
		                 .purpose_id = p->ask.member_id,
		                 .member_id = p->ask.member_id,
		                 .amount = p->result.amount };
	memcpy(pay->provider, p->facts.provider, sizeof pay->provider);
	memcpy(pay->msisdn, p->facts.msisdn, sizeof pay->msisdn);
	memcpy(pay->currency, p->facts.currency, sizeof pay->currency);
	parts_ask(op, pay, on_room);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct pay_owed *p = (struct pay_owed *)op;

	if (result == OP_DONE) {
		call_end(op, OUTCOME_PENDING, "paying");
	} else if (result == OP_CONFLICT) {
		p->submitted = true;
		call_go(op, &to_again);
	} else if (result == OP_STALE) {
		call_fail(op, "busy");
	} else if (result == OP_NO_FUNDS) {
		call_fail(op, "stale"); /* a balance moved since it was read */
	} else {
		call_fail(op, "try_later");
	}
}

static void
enter_commit(struct payments_op *op)
{
	struct pay_owed *p = (struct pay_owed *)op;
	struct payment *pay = &p->payment;
	struct member to = { .member_id = p->ask.member_id };
	char name[160];
	struct books b;
	struct buf key = key_name(p, name, sizeof name);
	struct buf guard;

	memcpy(to.msisdn, p->facts.msisdn, sizeof to.msisdn);
	memcpy(to.language, p->facts.language, sizeof to.language);
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "owed.pay",
	            &op->who.member_id);
	books_key(&b, "%s", key.at);
	guard = books_body(&b, 80);
	owed_out_body(&guard, &p->ask.member_id);
	books_effect(&b, "owed_out", &guard);
	if (!parts_begin(&b, &p->room, pay, member_account(p), &to)) {
		call_fail(op, "limit");
		return;
	}
	books_audit(&b, "owed.pay", &p->ask.member_id, "%s %lld", pay->code,
	            (long long)p->result.amount);
	p->result.payment_id = pay->payment_id;
	memcpy(p->result.code, pay->code, sizeof p->result.code);
	call_submit(op, &b.op, on_commit);
}

struct payments_op *
payments_pay_owed(struct flow_env *env, const struct pay_owed_ask *ask,
                  owed_payout_cb *cb, void *arg)
{
	struct pay_owed *p = call_new(env, "owed.pay", sizeof *p, tell);

	p->op.who = ask->who;
	p->ask = *ask;
	p->ask.pin = NULL;
	call_keep_pin(&p->op, ask->pin);
	p->cb = cb;
	p->arg = arg;
	return call_begin(&p->op, &to_pin);
}
