/*
 * arrive - money that comes unasked, whose it is, and what it pays.
 *
 *   push    OWNER --> [LOAN -->] COMMIT --> answer
 *                                  `--told before--> KNOWN --> answer
 *   till    PIN --> ROLES --> OWNER --> [LOAN -->] COMMIT --> answer
 *   assign  PIN --> ROLES --> ARRIVAL --> OWNER --> [LOAN -->] COMMIT --> answer
 *             OWNER <----------------stale (the loan moved on)---'
 *   list    ROLES --> ASK --> answer
 */
#include "payments/flow/arrive.h"

#include "payments/flow/call.h"
#include "payments/flow/loan_money.h"

#include <stdio.h>
#include <string.h>

#define AMOUNT_MAX INT64_C(1000000000000)

enum way { BY_PUSH, BY_TILL, BY_ASSIGNING, BY_LISTING };

struct arrive {
	struct payments_op op;
	enum way way;
	struct arrival arrival;
	char member[40]; /* of officers: whose it is */
	struct uuid key;
	struct loan_record loan; /* if it pays one */
	struct member owner;     /* to be told */
	unsigned skip;
	struct arrival_list list;
	arrival_cb *cb;
	arrival_list_cb *list_cb;
	void *arg;
};

static void enter_roles(struct payments_op *op);
static void enter_arrival(struct payments_op *op);
static void enter_owner(struct payments_op *op);
static void enter_loan(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_known(struct payments_op *op);
static void enter_list(struct payments_op *op);

static const struct call_step to_roles = { "roles", enter_roles };
static const struct call_step to_arrival = { "arrival", enter_arrival };
static const struct call_step to_owner = { "owner", enter_owner };
static const struct call_step to_loan = { "loan", enter_loan };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_known = { "known", enter_known };
static const struct call_step to_list = { "list", enter_list };

static void
tell(struct payments_op *op)
{
	struct arrive *v = (struct arrive *)op;

	if (v->way == BY_LISTING)
		v->list_cb(v->arg, &op->answer, &v->list);
	else
		v->cb(v->arg, &op->answer, &v->arrival);
}

static bool
bad_amount(const struct arrive *v)
{
	return v->arrival.amount <= 0 || v->arrival.amount > AMOUNT_MAX;
}

static void
enter_pin(struct payments_op *op)
{
	struct arrive *v = (struct arrive *)op;

	if (v->way == BY_TILL && bad_amount(v))
		call_fail(op, "bad_input");
	else
		call_check_pin(op, &to_roles);
}

static void
on_roles(struct payments_op *op, const struct pg_reply *r)
{
	static const struct call_step *const next[] = { [BY_TILL] = &to_owner,
		                                        [BY_ASSIGNING] = &to_arrival,
		                                        [BY_LISTING] = &to_list };
	struct arrive *v = (struct arrive *)op;
	struct member actor;

	if (!call_actor_may(r, ROLE_TREASURER | (v->way == BY_TILL ? 0 : ROLE_OFFICER),
	                    &actor)) {
		call_fail(op, "not_allowed");
		return;
	}
	if (v->way == BY_TILL)
		memcpy(v->arrival.currency, actor.currency, sizeof v->arrival.currency);
	call_go(op, next[v->way]);
}

static void
enter_roles(struct payments_op *op)
{
	call_ask_actor(op, on_roles);
}

static void
on_arrival(struct payments_op *op, const struct pg_reply *r)
{
	if (arrival_read(r, 0, &((struct arrive *)op)->arrival))
		call_go(op, &to_owner);
	else
		call_fail(op, "stale");
}

static void
enter_arrival(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &((struct arrive *)op)->arrival.arrival_id);
	call_ask(op, &arrival_by_id, a, on_arrival);
}

static void
on_owner(struct payments_op *op, const struct pg_reply *r)
{
	struct arrive *v = (struct arrive *)op;

	v->arrival.member_id = r->rows > 0 ? reply_uuid(r, 0, 0) : (struct uuid){ { 0 } };
	v->arrival.loan_id = r->rows > 0 ? reply_uuid(r, 0, 1) : (struct uuid){ { 0 } };
	if (r->rows > 0) {
		v->owner.member_id = v->arrival.member_id;
		snprintf(v->owner.msisdn, sizeof v->owner.msisdn, "%s",
		         reply_text(r, 0, 2));
		snprintf(v->owner.language, sizeof v->owner.language, "%s",
		         reply_text(r, 0, 3));
	} else if (v->way != BY_PUSH) {
		call_fail(op, "not_found");
		return;
	}
	if (v->way != BY_PUSH && uuid_equal(&v->arrival.member_id, &op->who.member_id))
		call_fail(op, "own_work");
	else
		call_go(op, uuid_is_nil(&v->arrival.loan_id) ? &to_commit : &to_loan);
}

/* Of what an officer says only that counts, not who sent it. */
static void
enter_owner(struct payments_op *op)
{
	struct arrive *v = (struct arrive *)op;
	bool push = v->way == BY_PUSH;
	struct pg_args *a;

	if (push && (bad_amount(v) || v->arrival.provider_txn[0] == '\0' ||
	             strlen(v->arrival.currency) != 3)) {
		call_fail(op, "bad_input");
		return;
	}
	a = pg_args_new();
	pg_i32(a, op->who.cooperative_id);
	pg_text(a, push ? v->arrival.reference : v->member);
	pg_text(a, push ? v->arrival.msisdn : "");
	call_ask(op, &arrival_owner, a, on_owner);
}

static void
on_loan(struct payments_op *op, const struct pg_reply *r)
{
	struct arrive *v = (struct arrive *)op;

	if (!loan_read(r, op->arena, &v->loan) ||
	    (v->loan.view.state != LOAN_LIVE && v->loan.view.state != LOAN_WRITTEN_OFF))
		v->arrival.loan_id = (struct uuid){ { 0 } };
	call_go(op, &to_commit);
}

static void
enter_loan(struct payments_op *op)
{
	struct arrive *v = (struct arrive *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &v->arrival.loan_id);
	pg_null(a);
	pg_i64(a, call_now(op));
	call_ask(op, &loan_by_id, a, on_loan);
}

static struct account_ref
comes_from(const struct arrive *v)
{
	const struct arrival *r = &v->arrival;

	if (v->way == BY_ASSIGNING)
		return account(ACC_UNMATCHED, NULL, r->currency);
	return v->way == BY_TILL ? account(ACC_TILL, NULL, r->currency)
	                         : account_float(r->provider, r->currency);
}

/* Without a loan it stands to her credit. */
static void
thank_for_credit(struct books *b, const struct arrive *v)
{
	books_message(
	    b, &v->owner, "money.credited",
	    (struct text_value[]){ { "amount", books_i64(b, v->arrival.amount) },
	                           { "payment", v->arrival.code },
	                           { NULL, NULL } });
}

/* What it pays; -1 with op.answer.err. */
static int
put_money(struct arrive *v, struct books *b)
{
	struct account_ref from = comes_from(v);
	const struct arrival *r = &v->arrival;
	struct loan_money m;

	if (uuid_is_nil(&r->member_id)) {
		books_post(b, from, account(ACC_UNMATCHED, NULL, r->currency), r->amount);
		return 0;
	}
	if (uuid_is_nil(&r->loan_id)) {
		books_post(b, from, account(ACC_MEMBER, &r->member_id, r->currency),
		           r->amount);
		thank_for_credit(b, v);
		return 0;
	}
	if (loan_money_open(&m, b->arena, &v->loan, &v->op.answer.err) < 0 ||
	    loan_money_pay(&m, r->amount, &v->op.answer.err) < 0)
		return -1;
	loan_money_put(&m, b, &from);
	loan_money_source(&m, b, &r->arrival_id);
	loan_money_thank(&m, b, &v->owner, r->amount, r->code);
	return 0;
}

/* Told before: the same money, or another amount under the same number. */
static void
on_known(struct payments_op *op, const struct pg_reply *r)
{
	struct arrive *v = (struct arrive *)op;
	int64_t told = v->arrival.amount;

	if (!arrival_read(r, 0, &v->arrival)) {
		call_fail(op, "try_later");
		return;
	}
	v->arrival.member_id = arrival_read_member(r, 0);
	if (v->arrival.amount == told)
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "differs");
}

static void
enter_known(struct payments_op *op)
{
	struct arrive *v = (struct arrive *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_text(a, v->arrival.provider);
	pg_text(a, v->arrival.provider_txn);
	call_ask(op, &arrival_by_number, a, on_known);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct arrive *v = (struct arrive *)op;

	bool till_before = result == OP_CONFLICT && v->way == BY_TILL;

	if (result == OP_DONE || till_before) /* taken down now, or under this key */
		call_end(op, OUTCOME_OK, "");
	else if (result == OP_CONFLICT && v->way == BY_PUSH)
		call_go(op, &to_known);
	else if (result == OP_STALE && op->retries++ < CALL_RETRIES)
		call_go(op, v->way == BY_ASSIGNING ? &to_arrival : &to_owner);
	else
		call_fail(op, result == OP_STALE || result == OP_CONFLICT ? "stale"
		                                                          : "try_later");
}

static void
put_key(struct arrive *v, struct books *b)
{
	char key[UUID_TEXT_SIZE];

	if (v->way == BY_PUSH)
		books_key(b, "arrive.push/%s/%s", v->arrival.provider,
		          v->arrival.provider_txn);
	else if (v->way == BY_TILL)
		books_key(b, "arrive.till/%s", uuid_text(&v->key, key));
	else
		books_key(b, "arrive.assign/%s", uuid_text(&v->arrival.arrival_id, key));
}

static void
enter_commit(struct payments_op *op)
{
	static const char *const kinds[] = { "arrive.push", "arrive.till",
		                             "arrive.assign" };
	struct arrive *v = (struct arrive *)op;
	struct arrival *r = &v->arrival;
	struct buf body;
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, kinds[v->way],
	            uuid_is_nil(&op->who.member_id) ? NULL : &op->who.member_id);
	put_key(v, &b);
	if (v->way != BY_ASSIGNING && op->retries == 0) {
		r->arrival_id = ids_uuid7(op->env->ids, call_now(op));
		r->arrived_ms = call_now(op);
		ids_code(op->env->ids, r->code, 7);
	}
	if (put_money(v, &b) < 0) {
		call_fail(op, "bad_input");
		return;
	}
	body = books_body(&b, 1200);
	if (v->way == BY_ASSIGNING)
		arrival_assign_body(&body, r, &op->who.member_id, call_now(op));
	else
		arrival_new_body(&body, r);
	books_effect(&b, v->way == BY_ASSIGNING ? "arrival_assign" : "arrival_new",
	             &body);
	books_audit(&b, kinds[v->way], &r->arrival_id, "%s %lld", r->code,
	            (long long)r->amount);
	call_submit(op, &b.op, on_commit);
}

static void
on_list(struct payments_op *op, const struct pg_reply *r)
{
	struct arrival_list *list = &((struct arrive *)op)->list;

	while (list->count < ARRIVALS_PAGE &&
	       arrival_read(r, (int)list->count, &list->at[list->count]))
		list->count++;
	call_end(op, OUTCOME_OK, "");
}

static void
enter_list(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_i32(a, (int32_t)((struct arrive *)op)->skip);
	pg_i32(a, ARRIVALS_PAGE);
	call_ask(op, &arrivals_unmatched, a, on_list);
}

static struct arrive *
begin(struct flow_env *env, enum way way, const char *name)
{
	struct arrive *v = call_new(env, name, sizeof *v, tell);

	v->way = way;
	v->arrival.till = way == BY_TILL;
	return v;
}

#define COPY(field, text) snprintf((field), sizeof(field), "%s", (text))

struct payments_op *
payments_push(struct flow_env *env, const struct push_ask *ask, arrival_cb *cb, void *arg)
{
	struct arrive *v = begin(env, BY_PUSH, "arrive.push");

	v->op.who.cooperative_id = ask->cooperative_id;
	v->arrival.amount = ask->amount;
	COPY(v->arrival.provider, ask->provider);
	COPY(v->arrival.provider_txn, ask->provider_txn);
	COPY(v->arrival.msisdn, ask->msisdn);
	COPY(v->arrival.reference, ask->reference);
	COPY(v->arrival.currency, ask->currency);
	v->cb = cb;
	v->arg = arg;
	return call_begin(&v->op, &to_owner);
}

/* What an officer says with a PIN, and about whom. */
static struct payments_op *
begin_by_officer(struct arrive *v, const struct who *who, const char *member,
                 const char *pin)
{
	static const struct call_step first = { "pin", enter_pin };

	v->op.who = *who;
	COPY(v->member, member);
	call_keep_pin(&v->op, pin);
	return call_begin(&v->op, &first);
}

struct payments_op *
payments_till(struct flow_env *env, const struct till_ask *ask, arrival_cb *cb, void *arg)
{
	struct arrive *v = begin(env, BY_TILL, "arrive.till");

	v->arrival.amount = ask->amount;
	v->arrival.taken_by = ask->who.member_id;
	v->key = ask->key;
	v->cb = cb;
	v->arg = arg;
	return begin_by_officer(v, &ask->who, ask->member, ask->pin);
}

struct payments_op *
payments_assign(struct flow_env *env, const struct assign_ask *ask, arrival_cb *cb,
                void *arg)
{
	struct arrive *v = begin(env, BY_ASSIGNING, "arrive.assign");

	v->arrival.arrival_id = ask->arrival_id;
	v->cb = cb;
	v->arg = arg;
	return begin_by_officer(v, &ask->who, ask->member, ask->pin);
}

struct payments_op *
payments_unmatched(struct flow_env *env, const struct who *who, unsigned skip,
                   arrival_list_cb *cb, void *arg)
{
	struct arrive *v = begin(env, BY_LISTING, "arrive.list");

	v->op.who = *who;
	v->skip = skip < 10000 ? skip : 10000;
	v->list_cb = cb;
	v->arg = arg;
	return call_begin(&v->op, &to_roles);
}
