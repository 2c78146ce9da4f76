/*
 * lots - lots that wait: for their miner, or for a second officer, who decides.
 *
 *   list    ASK --> answer
 *   second  PIN --> READ --> COMMIT --> READ --> answer
 */
#include "payments/flow/lots.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/store/prices.h"

#include <string.h>

/* ---- list ---------------------------------------------------------------------------
 */

static void enter_waiting(struct payments_op *op);

static const struct call_step to_waiting = { "ask", enter_waiting };

struct list {
	struct payments_op op;
	struct lot_list list;
	unsigned skip;
	lot_list_cb *cb;
	void *arg;
};

static void
tell_list(struct payments_op *op)
{
	struct list *l = (struct list *)op;

	l->cb(l->arg, &op->answer, &l->list);
}

static void
on_list(struct payments_op *op, const struct pg_reply *r)
{
	struct list *l = (struct list *)op;

	l->list.total = lots_read_total(r);
	for (int i = 0; i < r->rows && i < LOTS_PAGE; i++)
		lot_read_view(r, i, &l->list.at[l->list.count++]);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_list(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	pg_i32(a, LOTS_PAGE);
	pg_i32(a, (int32_t)((struct list *)op)->skip);
	call_ask(op, &lots_of_seller, a, on_list);
}

struct payments_op *
payments_lots(struct flow_env *env, const struct who *who, unsigned skip, lot_list_cb *cb,
              void *arg)
{
	static const struct call_step first = { "ask", enter_list };
	struct list *l = call_new(env, "lot.list", sizeof *l, tell_list);

	l->op.who = *who;
	l->skip = skip < LOTS_SKIP_MAX ? skip : LOTS_SKIP_MAX;
	l->cb = cb;
	l->arg = arg;
	return call_begin(&l->op, &first);
}

static void
enter_waiting(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	pg_i32(a, LOTS_PAGE);
	pg_i32(a, (int32_t)((struct list *)op)->skip);
	call_ask(op, &lots_for_second, a, on_list);
}

static void
on_officer(struct payments_op *op, const struct pg_reply *r)
{
	if (r->rows == 0 ||
	    ((unsigned)reply_i64(r, 0, 0) & (ROLE_TREASURER | ROLE_OFFICER)) == 0)
		call_fail(op, "not_allowed");
	else
		call_go(op, &to_waiting);
}

static void
enter_officer(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	call_ask(op, &float_facts, a, on_officer);
}

struct payments_op *
payments_lots_second(struct flow_env *env, const struct who *who, unsigned skip,
                     lot_list_cb *cb, void *arg)
{
	static const struct call_step first = { "officer", enter_officer };
	struct list *l = call_new(env, "lot.list_second", sizeof *l, tell_list);

	l->op.who = *who;
	l->skip = skip < LOTS_SKIP_MAX ? skip : LOTS_SKIP_MAX;
	l->cb = cb;
	l->arg = arg;
	return call_begin(&l->op, &first);
}

/* ---- second officer -----------------------------------------------------------------
 */

struct second {
	struct payments_op op;
	struct decide_ask ask; /* pin lives in op.pin */
	struct lot_record lot;
	lot_cb *cb;
	void *arg;
};

static void enter_second_read(struct payments_op *op);
static void enter_second_commit(struct payments_op *op);

static const struct call_step to_second_read = { "read", enter_second_read };
static const struct call_step to_second_commit = { "commit", enter_second_commit };

static void
tell_second(struct payments_op *op)
{
	struct second *s = (struct second *)op;

	s->cb(s->arg, &op->answer, &s->lot.view);
}

static void
decided(struct second *s)
{
	if (s->ask.approve == (s->lot.view.state != LOT_REFUSED))
		call_end(&s->op, OUTCOME_OK, "");
	else
		call_fail(&s->op, "stale");
}

static void
on_second_lot(struct payments_op *op, const struct pg_reply *r)
{
	struct second *s = (struct second *)op;
	const struct lot_view *v = &s->lot.view;

	if (!lot_read(r, &s->lot))
		call_fail(op, "not_found");
	else if ((s->lot.actor_roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0)
		call_fail(op, "not_allowed");
	else if (uuid_equal(&s->lot.recorded_id, &op->who.member_id) ||
	         uuid_equal(&v->seller_id, &op->who.member_id))
		call_fail(op, "own_work");
	else if (v->seconded) /* the same decision again is done already */
		decided(s);
	else if (v->state != LOT_QUOTED || !v->needs_second)
		call_fail(op, "stale");
	else
		call_go(op, &to_second_commit);
}

static void
enter_second_read(struct payments_op *op)
{
	struct second *s = (struct second *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &s->ask.id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &lot_by_id, a, on_second_lot);
}

static void
enter_second_pin(struct payments_op *op)
{
	call_check_pin(op, &to_second_read);
}

static void
on_second(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || ((result == OP_STALE || result == OP_CONFLICT) &&
	                          op->retries++ < CALL_RETRIES))
		call_go(op, &to_second_read);
	else
		call_fail(op, "try_later");
}

/* Only now does the miner hear of the lot. */
static void
tell_miner(struct books *b, const struct lot_record *l)
{
	const struct price_quote *q = &l->view.quote;
	struct member to = { .member_id = l->view.seller_id };
	char lot[UUID_TEXT_SIZE];

	memcpy(to.msisdn, l->msisdn, sizeof to.msisdn);
	memcpy(to.language, l->language, sizeof to.language);
	books_message(
	    b, &to, "lot.quoted",
	    (struct text_value[]){ { "code", l->view.code },
	                           { "weight", books_i64(b, q->gross_mg) },
	                           { "fineness", books_i64(b, q->fineness) },
	                           { "value", books_i64(b, q->gross_value) },
	                           { "payout", books_i64(b, q->payout) },
	                           { "minutes", books_i64(b, l->quote_ms / 60000) },
	                           { "lot", uuid_text(&l->view.lot_id, lot) },
	                           { NULL, NULL } });
}

static void
enter_second_commit(struct payments_op *op)
{
	struct second *s = (struct second *)op;
	const struct lot_second row = { .by = op->who.member_id,
		                        .agree = s->ask.approve,
		                        .now_ms = call_now(op) };
	char lot[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books b;
	struct buf body;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "lot.second",
	            &op->who.member_id);
	books_key(&b, "lot.second/%s/%s", uuid_text(&s->ask.id, lot),
	          uuid_text(&s->ask.key, key));
	body = books_body(&b, 600);
	lot_second_body(&body, &s->lot, &row);
	books_effect(&b, "lot_second", &body);
	books_audit(&b, row.agree ? "lot.second" : "lot.second_refuse", &s->ask.id,
	            "%s %d of %d", s->lot.view.code, s->lot.view.quote.paid_permille,
	            s->lot.view.board_permille);
	if (row.agree)
		tell_miner(&b, &s->lot);
	call_submit(op, &b.op, on_second);
}

struct payments_op *
payments_lot_second(struct flow_env *env, const struct decide_ask *ask, lot_cb *cb,
                    void *arg)
{
	static const struct call_step first = { "pin", enter_second_pin };
	struct second *s = call_new(env, "lot.second", sizeof *s, tell_second);

	s->op.who = ask->who;
	s->ask = *ask;
	s->ask.pin = NULL;
	call_keep_pin(&s->op, ask->pin);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, &first);
}
