/*
 * send_back - see send_back.h.
 *
 *   PIN --> ROLES --> ARRIVAL --> COMMIT (hold, payment, arrival returning) --> answer
 *
 * The outcome (purpose back_out) captures the hold and ends the arrival, or lets both go.
 */
#include "payments/flow/send_back.h"

#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/outcome.h"
#include "payments/store/refunds.h"

#include <string.h>

struct send_back {
	struct payments_op op;
	struct back_ask ask; /* pin lives in op.pin */
	struct arrival arrival;
	arrival_cb *cb;
	void *arg;
};

static void enter_pin(struct payments_op *op);
static void enter_roles(struct payments_op *op);
static void enter_arrival(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_pin = { "pin", enter_pin };
static const struct call_step to_roles = { "roles", enter_roles };
static const struct call_step to_arrival = { "arrival", enter_arrival };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct send_back *s = (struct send_back *)op;

	s->cb(s->arg, &op->answer, &s->arrival);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_roles);
}

static void
on_roles(struct payments_op *op, const struct pg_reply *r)
{
	struct member actor;

	if (call_actor_may(r, ROLE_TREASURER, &actor))
		call_go(op, &to_arrival);
	else
		call_fail(op, "not_allowed");
}

static void
enter_roles(struct payments_op *op)
{
	call_ask_actor(op, on_roles);
}

/* Some providers mask it, and cash has none. */
static bool
is_whole_number(const char *msisdn)
{
	size_t n = strlen(msisdn);

	return n >= 7 && n <= 15 && msisdn[0] != '0' && strspn(msisdn, "0123456789") == n;
}

static void
on_arrival(struct payments_op *op, const struct pg_reply *r)
{
	struct send_back *s = (struct send_back *)op;

	if (!arrival_read(r, 0, &s->arrival))
		call_fail(op, "stale");
	else if (s->arrival.till || !is_whole_number(s->arrival.msisdn))
		call_fail(op, "no_number");
	else
		call_go(op, &to_commit);
}

static void
enter_arrival(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &((struct send_back *)op)->ask.arrival_id);
	call_ask(op, &arrival_by_id, a, on_arrival);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE ||
	    result == OP_CONFLICT) /* now, or before under this key */
		call_end(op, OUTCOME_PENDING, "paying");
	else if (result == OP_NO_FUNDS)
		call_fail(op, "no_funds");
	else
		call_not_done(op, result, &to_arrival);
}

static void
enter_commit(struct payments_op *op)
{
	struct send_back *s = (struct send_back *)op;
	struct arrival *r = &s->arrival;
	struct payment p = { .direction = PAY_OUT,
		             .purpose = "back_out",
		             .purpose_id = r->arrival_id,
		             .amount = r->amount };
	char key[UUID_TEXT_SIZE];
	struct books b;
	struct buf body;

	memcpy(p.provider, r->provider, sizeof p.provider);
	memcpy(p.msisdn, r->msisdn, sizeof p.msisdn);
	memcpy(p.currency, r->currency, sizeof p.currency);
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "arrive.back",
	            &op->who.member_id);
	books_key(&b, "arrive.back/%s", uuid_text(&s->ask.key, key));
	p.hold_id = books_hold(&b, account(ACC_UNMATCHED, NULL, r->currency),
	                       account_float(r->provider, r->currency), r->amount);
	memcpy(p.back_txn, r->provider_txn, sizeof p.back_txn);
	books_payment(&b, &p);
	body = books_body(&b, 300);
	payment_back_body(&body, &p, &r->arrival_id);
	books_effect(&b, "payment_back", &body);
	body = books_body(&b, 300);
	arrival_back_body(&body, &r->arrival_id, "returning", &op->who.member_id,
	                  call_now(op));
	books_effect(&b, "arrival_back", &body);
	books_audit(&b, "arrive.back", &r->arrival_id, "%s %lld %s", r->code,
	            (long long)r->amount, p.code);
	memcpy(r->code, p.code, sizeof r->code);
	call_submit(op, &b.op, on_commit);
}

struct payments_op *
payments_send_back(struct flow_env *env, const struct back_ask *ask, arrival_cb *cb,
                   void *arg)
{
	struct send_back *s = call_new(env, "arrive.back", sizeof *s, tell);

	s->op.who = ask->who;
	s->ask = *ask;
	s->ask.pin = NULL;
	call_keep_pin(&s->op, ask->pin);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, &to_pin);
}

/* ---- the outcome ---- */

static int
put_back_out(struct outcome_call *o, struct books *b, struct err *err)
{
	const struct payment *p = &o->payment;
	bool paid = o->to == PAY_PAID;
	struct hold hold = { p->hold_id, account(ACC_UNMATCHED, NULL, p->currency),
		             account_float(p->provider, p->currency), p->amount };
	struct buf body = books_body(b, 200);

	(void)err;
	books_resolve(b, &hold, paid);
	arrival_back_body(&body, &p->purpose_id, paid ? "returned" : "unmatched", NULL,
	                  0);
	books_effect(b, "arrival_back", &body);
	body = books_body(b, 200);
	refund_end_body(&body, &p->payment_id, paid ? "paid" : "listed",
	                call_now(&o->op));
	books_effect(b, "refund_end", &body);
	books_audit(b, paid ? "arrive.returned" : "arrive.notback", &p->purpose_id, "%s",
	            p->code);
	return 0;
}

const struct purpose purpose_back_out = { "back_out", put_back_out };
