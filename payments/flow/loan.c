/*
 * loan - asking for a loan, and how it stands.
 *
 *   request  AGAIN? --known key--> answer as before
 *              `--> [ASSET or GROUP -->] FACTS --> [CASHOUT -->] PIN --> OFFICERS -->
 * COMMIT --> READ
 *                                                                      --> answer
 *                     `--a loan is open--> OURS? --> answer as before, or no
 *                                        ^-----stale----'
 *   status   READ --> answer
 *
 * Nothing moves here: the terms are locked and a row waits for its approval.
 */
#include "payments/flow/books.h"
#include "payments/flow/loan_judge.h"
#include "payments/flow/loans.h"

#include <stdio.h>
#include <string.h>

#define LOAN_CODE_LENGTH 6

/* ---- request ------------------------------------------------------------------------
 */

struct request {
	struct payments_op op;
	struct loan_ask ask; /* pin lives in op.pin, the product below */
	char product[PRODUCT_CODE_SIZE];
	struct loan_facts facts;
	struct judged judged;
	struct officers officers;
	struct loan_record loan;
	loan_cb *cb;
	void *arg;
};

static void enter_asset(struct payments_op *op);
static void enter_group(struct payments_op *op);
static void enter_facts(struct payments_op *op);
static void enter_ours(struct payments_op *op);
static void enter_pin(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_read(struct payments_op *op);

static const struct call_step to_asset = { "asset", enter_asset };
static const struct call_step to_group = { "group", enter_group };
static const struct call_step to_facts = { "facts", enter_facts };
static const struct call_step to_ours = { "ours", enter_ours };
static const struct call_step to_pin = { "pin", enter_pin };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_read = { "read", enter_read };

static void
tell_request(struct payments_op *op)
{
	struct request *q = (struct request *)op;

	q->cb(q->arg, &op->answer, &q->loan.view);
}

static void
ask_loan(struct payments_op *op, const struct pg_statement *st, const struct uuid *id,
         call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, st, a, on_reply);
}

static const struct call_step *
first_of(const struct request *q)
{
	if (!uuid_is_nil(&q->ask.group_id))
		return &to_group;
	return uuid_is_nil(&q->ask.asset_id) ? &to_facts : &to_asset;
}

static void
on_again(struct payments_op *op, const struct pg_reply *r)
{
	struct request *q = (struct request *)op;

	if (loan_read(r, op->arena, &q->loan) &&
	    uuid_equal(&q->loan.member_id, &op->who.member_id))
		call_end(op, OUTCOME_PENDING, "approval");
	else
		call_go(op, first_of(q));
}

static void
on_asset(struct payments_op *op, const struct pg_reply *r)
{
	struct asset *asset = &((struct request *)op)->judged.offer.asset;

	if (!asset_read(r, 0, asset) || asset->state != ASSET_FREE)
		call_fail(op, "gone");
	else
		call_go(op, &to_facts);
}

static void
enter_asset(struct payments_op *op)
{
	judge_ask_asset(op, &((struct request *)op)->ask.asset_id, on_asset);
}

static void
on_group(struct payments_op *op, const struct pg_reply *r)
{
	struct request *q = (struct request *)op;
	const struct group_part *mine = judge_group(&q->judged, r, &op->who.member_id);

	if (mine == NULL) {
		call_fail(op, "gone");
		return;
	}
	q->ask.amount = mine->amount;
	q->ask.terms = q->judged.group.terms;
	call_go(op, &to_facts);
}

static void
enter_group(struct payments_op *op)
{
	judge_ask_group(op, &((struct request *)op)->ask.group_id, on_group);
}

static void
enter_again(struct payments_op *op)
{
	ask_loan(op, &loan_by_key, &((struct request *)op)->ask.key, on_again);
}

static void
on_facts_known(struct request *q)
{
	struct payments_op *op = &q->op;
	const char *no = judge(op, &q->facts, q->ask.amount, q->ask.terms, &q->judged);

	if (q->ask.amount <= 0 && uuid_is_nil(&q->ask.asset_id))
		no = "bad_input";
	if (strcmp(no, "has_loan") == 0) {
		call_go(op, &to_ours);
		return;
	}
	if (no[0] != '\0') {
		q->loan.view.terms = q->judged.offer.terms;
		call_fail(op, no);
		return;
	}
	/* after a stale commit the PIN was checked already, and is gone */
	call_go(op, op->after_pin == NULL ? &to_pin : &to_officers);
}

static void
on_cashout(struct payments_op *op, const struct pg_reply *r)
{
	struct request *q = (struct request *)op;

	tariff_read(r, &q->judged.cashout);
	on_facts_known(q);
}

static void
on_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct request *q = (struct request *)op;

	if (!loan_facts_read(r, &q->facts))
		call_fail(op, "no_product");
	else if (!judge_ask_cashout(op, &q->facts, on_cashout))
		on_facts_known(q);
}

static void
enter_facts(struct payments_op *op)
{
	struct request *q = (struct request *)op;

	judge_ask_facts(op, &q->judged, q->product, on_facts);
}

static void
on_ours(struct payments_op *op, const struct pg_reply *r)
{
	struct request *q = (struct request *)op;

	if (loan_read(r, op->arena, &q->loan) &&
	    uuid_equal(&q->loan.member_id, &op->who.member_id)) {
		call_end(op, OUTCOME_PENDING, "approval");
	} else {
		q->loan.view.terms = q->judged.offer.terms;
		call_fail(op, "has_loan");
	}
}

/* The open loan may be the one this very request asked for, by a copy of it that was
 * faster. */
static void
enter_ours(struct payments_op *op)
{
	ask_loan(op, &loan_by_key, &((struct request *)op)->ask.key, on_ours);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_officers);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_TREASURER, true, &((struct request *)op)->officers,
	                  &to_commit);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || result == OP_CONFLICT)
		call_go(op,
		        &to_read); /* of a key that came twice at once, the row tells */
	else
		call_not_done(op, result, first_of((struct request *)op));
}

/* She agrees to her part of the group's loan. */
static void
put_join(struct request *q, struct books *b, const struct uuid *loan_id)
{
	struct buf body = books_body(b, 300);

	group_join_body(&body, &q->judged.group.group_id, q->judged.group.version,
	                &q->op.who.member_id, loan_id);
	books_effect(b, "group_join", &body);
}

/* Of a group they hear when the last one has agreed. */
static void
put_news(struct request *q, struct books *b, const char *code)
{
	const struct group_view *g = &q->judged.group;
	int64_t amount = q->judged.offer.terms.principal;
	bool group = g->code[0] != '\0';

	if (group && (g->agreed + 1 < g->count || g->count < g->members_min))
		return;
	for (unsigned i = 0; group && i < g->count; i++)
		if (!uuid_equal(&g->part[i].member_id, &q->op.who.member_id))
			amount += g->part[i].amount;
	books_tell_officers(
	    b, &q->officers, group ? "group.ready" : "loan.asked",
	    (struct text_value[]){ { "code", group ? g->code : code },
	                           { "name", group ? g->name : q->facts.member.name },
	                           { "amount", books_i64(b, amount) },
	                           { NULL, NULL } });
}

static void
enter_commit(struct payments_op *op)
{
	struct request *q = (struct request *)op;
	struct books b;
	struct buf body;
	char code[LOAN_CODE_LENGTH + 1], key[UUID_TEXT_SIZE];
	struct loan_new row = { .member_id = op->who.member_id,
		                .product_id = q->facts.product_id,
		                .request_key = q->ask.key,
		                .code = code,
		                .terms = &q->judged.offer.terms,
		                .contract = &q->judged.contract,
		                .product = &q->facts.product.terms,
		                .product_code = q->facts.product.code,
		                .deposit = q->judged.offer.lease.deposit,
		                .now_ms = call_now(op) };

	row.needs_second = limit_needs_second(row.product, row.terms->principal);
	row.loan_id = ids_uuid7(op->env->ids, row.now_ms);
	ids_code(op->env->ids, code, LOAN_CODE_LENGTH);
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "loan.request",
	            &op->who.member_id);
	books_key(&b, "loan.request/%s", uuid_text(&q->ask.key, key));
	body = books_body(&b, 8000);
	loan_new_body(&body, &row);
	books_effect(&b, "loan_new", &body);
	if (!uuid_is_nil(&q->ask.asset_id))
		books_asset(&b, &q->judged.offer.asset, ASSET_ASKED, &row.loan_id,
		            q->judged.offer.asset.value);
	if (!uuid_is_nil(&q->ask.group_id))
		put_join(q, &b, &row.loan_id);
	books_audit(&b, "loan.request", &row.loan_id, "%lld",
	            (long long)row.terms->principal);
	put_news(q, &b, code);
	call_submit(op, &b.op, on_commit);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	if (loan_read(r, op->arena, &((struct request *)op)->loan))
		call_end(op, OUTCOME_PENDING, "approval");
	else
		call_fail(op, "stale");
}

static void
enter_read(struct payments_op *op)
{
	ask_loan(op, &loan_by_key, &((struct request *)op)->ask.key, on_read);
}

struct payments_op *
payments_loan_request(struct flow_env *env, const struct loan_ask *ask, loan_cb *cb,
                      void *arg)
{
	static const struct call_step first = { "again", enter_again };
	struct request *q = call_new(env, "loan.request", sizeof *q, tell_request);

	q->op.who = ask->who;
	q->ask = *ask;
	q->ask.pin = NULL;
	q->ask.product = NULL;
	if (ask->product != NULL)
		snprintf(q->product, sizeof q->product, "%s", ask->product);
	call_keep_pin(&q->op, ask->pin);
	q->cb = cb;
	q->arg = arg;
	return call_begin(&q->op, &first);
}

/* ---- status -------------------------------------------------------------------------
 */

static void
on_status(struct payments_op *op, const struct pg_reply *r)
{
	struct request *q = (struct request *)op;

	if (!loan_read(r, op->arena, &q->loan) || q->loan.view.state > LOAN_LIVE)
		call_fail(op, "no_loan");
	else
		call_end(op, OUTCOME_OK, "");
}

static void
enter_status(struct payments_op *op)
{
	ask_loan(op, &loan_of_member, &op->who.member_id, on_status);
}

struct payments_op *
payments_loan_status(struct flow_env *env, const struct who *who, loan_cb *cb, void *arg)
{
	static const struct call_step first = { "read", enter_status };
	struct request *q = call_new(env, "loan.status", sizeof *q, tell_request);

	q->op.who = *who;
	q->cb = cb;
	q->arg = arg;
	return call_begin(&q->op, &first);
}
