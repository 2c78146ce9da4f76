#include "payments/flow/outcome.h"

#include "config/settings.h"
#include "payments/store/tariffs.h"

#include <string.h>

static void enter_read(struct payments_op *op);
static void enter_room(struct payments_op *op);
static void enter_part(struct payments_op *op);
static void enter_fee(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_look(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_room = { "room", enter_room };
static const struct call_step to_part = { "part", enter_part };
static const struct call_step to_fee = { "fee", enter_fee };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_look = { "look", enter_look };

static void
tell(struct payments_op *op)
{
	struct outcome_call *o = (struct outcome_call *)op;
	struct err err = op->answer.err;

	if (op->answer.outcome != OUTCOME_OK && err.code == ERR_NONE)
		err_set(&err, ERR_STALE, FATE_NOT, op->answer.reason);
	o->cb(o->arg, &err);
}

enum about {
	ABOUT_LOAN,
	ABOUT_LOT,
	ABOUT_MEMBER,
	ABOUT_GROUP,
	ABOUT_PAYEE, /* who is no member */
	ABOUT_NOBODY
};

static enum about
about(const struct outcome_call *o)
{
	if (strcmp(o->payment.purpose, "sale_out") == 0)
		return ABOUT_LOT;
	if (strcmp(o->payment.purpose, "batch_wage") == 0 &&
	    uuid_is_nil(&o->payment.member_id))
		return ABOUT_PAYEE;
	if (strcmp(o->payment.purpose, "owed_out") == 0 ||
	    strcmp(o->payment.purpose, "refund_out") == 0 ||
	    strcmp(o->payment.purpose, "save_in") == 0 ||
	    strncmp(o->payment.purpose, "batch_", 6) == 0)
		return ABOUT_MEMBER;
	if (strcmp(o->payment.purpose, "group_in") == 0)
		return ABOUT_GROUP;
	if (strcmp(o->payment.purpose, "back_out") == 0)
		return ABOUT_NOBODY;
	return ABOUT_LOAN;
}

/* What the payment is about, and the language of who hears of it. */
static bool
read_subject(struct outcome_call *o, const struct pg_reply *r, const char **language)
{
	switch (about(o)) {
	case ABOUT_LOT:
		*language = o->lot.language;
		return lot_read(r, &o->lot);
	case ABOUT_MEMBER:
		*language = o->member.language;
		if (r->rows > 0)
			member_read(r, 0, &o->member);
		return r->rows > 0;
	case ABOUT_GROUP:
		*language = "";
		o->group = arena_zalloc(o->op.arena, sizeof *o->group);
		return group_read(r, o->group);
	case ABOUT_PAYEE:
	case ABOUT_NOBODY:
	case ABOUT_LOAN:
		break;
	}
	*language = o->loan.language;
	return loan_read(r, o->op.arena, &o->loan);
}

/* ---- the live parts of a group, one after the other ---- */

static void
next_part(struct outcome_call *o)
{
	const struct group_view *g = o->group;

	while (o->at < g->count && strcmp(g->part[o->at].loan_state, "live") != 0)
		o->at++;
	call_go(&o->op, o->at < g->count ? &to_part : &to_fee);
}

/* Who paid is told in the own language. */
static void
begin_parts(struct outcome_call *o)
{
	const struct group_view *g = o->group;

	o->at = 0;
	o->part_count = 0;
	o->part = arena_zalloc(o->op.arena, g->count * sizeof *o->part);
	for (unsigned i = 0; i < g->count; i++)
		if (uuid_equal(&g->part[i].member_id, &o->payment.member_id))
			memcpy(o->member.language, g->part[i].language,
			       sizeof o->member.language);
	next_part(o);
}

static void
on_part(struct payments_op *op, const struct pg_reply *r)
{
	struct outcome_call *o = (struct outcome_call *)op;

	if (loan_read(r, op->arena, &o->part[o->part_count]) &&
	    o->part[o->part_count].view.state == LOAN_LIVE)
		o->part_count++;
	o->at++;
	next_part(o);
}

static void
enter_part(struct payments_op *op)
{
	struct outcome_call *o = (struct outcome_call *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, o->payment.cooperative_id);
	pg_uuid(a, &o->group->part[o->at].loan_id);
	pg_null(a);
	pg_i64(a, call_now(op));
	call_ask(op, &loan_by_id, a, on_part);
}

/* Whom it tells. */
static void
begin_member(struct outcome_call *o, const char *language)
{
	o->member.member_id = o->payment.member_id;
	memcpy(o->member.msisdn, o->payment.msisdn, sizeof o->member.msisdn);
	memmove(o->member.language, language, sizeof o->member.language);
}

static void
go_on(struct outcome_call *o)
{
	o->follows = parts_follow(&o->payment, o->to == PAY_PAID, o->why.reason);
	call_go(&o->op, o->follows ? &to_room : &to_fee);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct outcome_call *o = (struct outcome_call *)op;
	const char *language;

	if (!read_subject(o, r, &language)) {
		err_set(&op->answer.err, ERR_INTERNAL, FATE_NOT, "payment about nothing");
		call_fail(op, "not_found");
		return;
	}
	begin_member(o, language);
	if (about(o) == ABOUT_GROUP)
		begin_parts(o);
	else
		go_on(o);
}

static void
on_room(struct payments_op *op, const struct pg_reply *r)
{
	struct outcome_call *o = (struct outcome_call *)op;

	if (wallet_facts_read(r, &o->room)) {
		call_go(op, &to_fee);
		return;
	}
	err_set(&op->answer.err, ERR_INTERNAL, FATE_NOT,
	        "what a wallet takes is not known");
	call_fail(op, "not_found");
}

static void
enter_room(struct payments_op *op)
{
	parts_ask(op, &((struct outcome_call *)op)->payment, on_room);
}

static void
enter_read(struct payments_op *op)
{
	struct outcome_call *o = (struct outcome_call *)op;
	struct pg_args *a;

	if (about(o) == ABOUT_NOBODY) {
		call_go(op, &to_fee);
		return;
	}
	if (about(o) == ABOUT_PAYEE) {
		begin_member(o, op->env->settings->ussd.language);
		go_on(o);
		return;
	}
	a = pg_args_new();
	pg_i32(a, o->payment.cooperative_id);
	pg_uuid(a, about(o) == ABOUT_MEMBER ? &o->payment.member_id
	                                    : &o->payment.purpose_id);
	if (about(o) == ABOUT_MEMBER) {
		call_ask(op, &member_by_id, a, on_read);
		return;
	}
	pg_null(a);
	pg_i64(a, call_now(op));
	if (about(o) == ABOUT_GROUP)
		call_ask(op, &group_by_id, a, on_read);
	else
		call_ask(op, about(o) == ABOUT_LOT ? &lot_by_id : &loan_by_id, a,
		         on_read);
}

/* ---- what the provider charges ---- */

static void
on_fee(struct payments_op *op, const struct pg_reply *r)
{
	struct outcome_call *o = (struct outcome_call *)op;
	struct tariff *t = arena_zalloc(op->arena, sizeof *t);

	tariff_read(r, t);
	tariff_fee(t, o->payment.amount, &o->fee);
	call_go(op, &to_commit);
}

static void
enter_fee(struct payments_op *op)
{
	struct outcome_call *o = (struct outcome_call *)op;
	const struct payment *p = &o->payment;
	struct pg_args *a;

	if (o->to != PAY_PAID) {
		call_go(op, &to_commit);
		return;
	}
	a = pg_args_new();
	pg_i32(a, p->cooperative_id);
	pg_text(a, p->provider);
	pg_text(a, p->currency);
	pg_text(a, p->direction == PAY_OUT ? "out" : "in");
	pg_i64(a, p->sent_ms > 0 ? p->sent_ms : call_now(op));
	call_ask(op, &tariff_bands, a, on_fee);
}

static void
put_fee(const struct outcome_call *o, struct books *b)
{
	const struct payment *p = &o->payment;
	struct account_ref cash = account_float(p->provider, p->currency);
	struct buf body;

	if (o->fee == 0)
		return;
	books_post(b, account(ACC_PROVIDER_FEE, &cash.owner, p->currency),
	           o->fee_due ? account(ACC_FEE_DUE, &cash.owner, p->currency) : cash,
	           o->fee);
	body = books_body(b, 160);
	payment_fee_body(&body, &p->payment_id, o->fee, o->fee_due, call_now(&o->op));
	books_effect(b, "payment_fee", &body);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct outcome_call *o = (struct outcome_call *)op;

	switch (result) {
	case OP_DONE:
		call_end(op, OUTCOME_OK, "");
		return;
	case OP_STALE:
	case OP_CONFLICT: /* done before at another moment, or undone by a race: look */
	case OP_ALREADY_CAPTURED:
	case OP_ALREADY_VOIDED:
	case OP_ALREADY_EXPIRED:
		call_go(op, &to_look);
		return;
	case OP_NO_FUNDS:
		if (o->fee == 0 || o->fee_due)
			break;
		o->fee_due = true;
		call_go(op, &to_commit);
		return;
	case OP_NO_HOLD:
	case OP_OVER_HOLD:
	case OP_INVALID:
	case OP_RESULTS:
		break;
	}
	err_set(&op->answer.err, ERR_INTERNAL, FATE_NOT, op_result_name(result));
	call_fail(op, "try_later");
}

static void
enter_commit(struct payments_op *op)
{
	struct outcome_call *o = (struct outcome_call *)op;
	char id[UUID_TEXT_SIZE];
	struct books *b = arena_zalloc(op->arena, sizeof *b);
	struct buf body;

	books_begin(b, op->env, op->arena, o->payment.cooperative_id, "payment.outcome",
	            NULL);
	books_key(b, o->fee_due ? "payment.%s/due" : "payment.%s",
	          uuid_text(&o->payment.payment_id, id));
	body = books_body(b, 800);
	payment_outcome_body(&body, &o->payment, o->to, &o->why);
	books_effect(b, "payment_outcome", &body);
	if (o->put(o, b, &op->answer.err) < 0) {
		call_fail(op, "bad_input");
		return;
	}
	put_fee(o, b);
	call_submit(op, &b->op, on_commit);
}

static void
on_look(struct payments_op *op, const struct pg_reply *r)
{
	struct outcome_call *o = (struct outcome_call *)op;
	const char *state = r->rows == 0 ? "" : reply_text(r, 0, 3);

	if (strcmp(state, pay_state_name(o->to)) == 0) {
		call_end(op, OUTCOME_OK, "");
		return;
	}
	if (strcmp(state, "paid") == 0 || strcmp(state, "failed") == 0) {
		err_set(&op->answer.err, ERR_CONFLICT, FATE_NOT, "settled the other way");
		call_fail(op, "stale");
		return;
	}
	if (op->retries++ >= CALL_RETRIES) {
		err_set(&op->answer.err, ERR_STALE, FATE_NOT, "the rows keep moving");
		call_fail(op, "stale");
		return;
	}
	call_go(op, &to_read);
}

static void
enter_look(struct payments_op *op)
{
	struct outcome_call *o = (struct outcome_call *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, o->payment.cooperative_id);
	pg_uuid(a, &o->payment.payment_id);
	pg_null(a);
	call_ask(op, &loan_payment_by_id, a, on_look);
}

int64_t
outcome_parts(struct outcome_call *o, struct books *b, struct account_ref from)
{
	const struct account_ref both[2] = { from, from };

	return parts_end(b, o->follows ? &o->room : NULL, &o->payment, o->to == PAY_PAID,
	                 both, &o->member);
}

void
outcome_tell(struct outcome_call *o, struct books *b, const char *template,
             int64_t amount)
{
	bool paid = o->to == PAY_PAID;

	books_message(b, &o->member, template,
	              (struct text_value[]){
	                  { "amount", books_i64(b, amount) },
	                  { "payment", o->payment.code },
	                  { paid ? NULL : "reason", pay_reason_name(o->why.reason) },
	                  { NULL, NULL } });
}

/* ---- the facade ---- */

static const struct purpose *
by_name(const char *name)
{
	static const struct purpose *const all[] = {
		&purpose_loan_out,    &purpose_sale_out,    &purpose_repay_in,
		&purpose_owed_out,    &purpose_deposit_in,  &purpose_save_in,
		&purpose_group_in,    &purpose_back_out,    &purpose_batch_owed,
		&purpose_batch_means, &purpose_batch_wages, &purpose_refund_out
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

bool
purpose_record(struct flow_env *env, const struct payment *p, enum pay_state to,
               const struct verdict *why, purpose_cb *cb, void *arg)
{
	const struct purpose *purpose = by_name(p->purpose);
	struct outcome_call *o;

	if (purpose == NULL)
		return false;
	o = call_new(env, "payment.outcome", sizeof *o, tell);
	o->payment = *p;
	o->to = to;
	if (why != NULL)
		o->why = *why;
	o->put = purpose->put;
	o->cb = cb;
	o->arg = arg;
	call_begin(&o->op, &to_read);
	return true;
}
