/*
 * lot - recording what lies on the scale, and looking at lots.
 *
 *   record  AGAIN? --known key--> answer as before
 *             `--> FACTS --> COMMIT --> READ --> answer
 *   list    ASK --> answer        detail  READ --> answer
 *
 * The quote is computed here, once, and locked until it expires.
 */
#include "payments/flow/books.h"
#include "payments/flow/call.h"

#include <string.h>

#define LOT_CODE_LENGTH 6
#define TAG_MAX         23

struct record {
	struct payments_op op;
	struct lot_ask ask; /* our copies */
	struct trade_facts facts;
	struct price_quote quote;
	struct lot_record lot;
	lot_cb *cb;
	void *arg;
};

static void enter_facts(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_read(struct payments_op *op);

static const struct call_step to_facts = { "facts", enter_facts };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_read = { "read", enter_read };

static void
tell_lot(struct payments_op *op)
{
	struct record *c = (struct record *)op;

	if (c->lot.view.state == LOT_QUOTED && c->lot.view.expires_ms <= call_now(op))
		c->lot.view.state = LOT_EXPIRED;
	c->cb(c->arg, &op->answer, &c->lot.view);
}

static void
ask_lot(struct payments_op *op, const struct pg_statement *st, const struct uuid *id,
        call_reply *on_reply)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, st, a, on_reply);
}

static void
on_again(struct payments_op *op, const struct pg_reply *r)
{
	if (lot_read(r, &((struct record *)op)->lot))
		call_end(op, OUTCOME_OK, "");
	else
		call_go(op, &to_facts);
}

static void
enter_again(struct payments_op *op)
{
	ask_lot(op, &lot_by_key, &((struct record *)op)->ask.key, on_again);
}

/* Why nothing can be recorded, or "". */
static const char *
judge(struct record *c)
{
	struct trade_facts *f = &c->facts;

	if ((f->actor_roles & (ROLE_TREASURER | ROLE_WEIGHER)) == 0)
		return "not_allowed";
	if (!f->has_seller || !f->has_site)
		return "not_found";
	if (uuid_equal(&f->seller.member_id, &c->op.who.member_id))
		return "own_work";
	if (!f->has_price)
		return "no_price";
	if (f->price_stale)
		return "stale_price";
	if (c->ask.gross_mg > LOT_GROSS_MAX_MG || (unsigned)c->ask.method >= LOT_METHODS)
		return "bad_input";
	f->terms.gross_mg = c->ask.gross_mg;
	f->terms.fineness = c->ask.fineness;
	return price_quote(&f->terms, &c->quote, NULL) < 0 ? "bad_input" : "";
}

static void
on_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct record *c = (struct record *)op;
	const char *no;

	if (!trade_facts_read(r, &c->facts)) {
		call_fail(op, "not_allowed");
		return;
	}
	no = judge(c);
	if (no[0] != '\0')
		call_fail(op, no);
	else
		call_go(op, &to_commit);
}

static void
enter_facts(struct payments_op *op)
{
	struct record *c = (struct record *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_text(a, c->ask.seller);
	pg_text(a, c->ask.site);
	pg_i64(a, call_now(op));
	call_ask(op, &trade_facts, a, on_facts);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || result == OP_CONFLICT)
		call_go(op, &to_read);
	else if (result == OP_STALE && op->retries++ < CALL_RETRIES)
		call_go(op, &to_facts);
	else
		call_fail(op, "try_later");
}

static void
tell_seller(struct books *b, struct record *c, const char *code)
{
	books_message(
	    b, &c->facts.seller, "lot.quoted",
	    (struct text_value[]){ { "code", code },
	                           { "weight", books_i64(b, c->quote.gross_mg) },
	                           { "fineness", books_i64(b, c->quote.fineness) },
	                           { "value", books_i64(b, c->quote.gross_value) },
	                           { "payout", books_i64(b, c->quote.payout) },
	                           { "minutes", books_i64(b, c->facts.quote_ms / 60000) },
	                           { NULL, NULL } });
}

static void
enter_commit(struct payments_op *op)
{
	struct record *c = (struct record *)op;
	char code[LOT_CODE_LENGTH + 1], key[UUID_TEXT_SIZE];
	struct lot_new row = { .recorded_by = op->who.member_id,
		               .request_key = c->ask.key,
		               .code = code,
		               .method = c->ask.method,
		               .tag = c->ask.tag,
		               .now_ms = call_now(op),
		               .facts = &c->facts,
		               .quote = &c->quote };
	struct books b;
	struct buf body;

	row.lot_id = ids_uuid7(op->env->ids, row.now_ms);
	ids_code(op->env->ids, code, LOT_CODE_LENGTH);
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "lot.record",
	            &op->who.member_id);
	books_key(&b, "lot.record/%s", uuid_text(&c->ask.key, key));
	body = books_body(&b, 6000);
	lot_new_body(&body, &row);
	books_effect(&b, "lot_new", &body);
	books_audit(&b, "lot.record", &row.lot_id, "%s %lld mg %d", code,
	            (long long)c->quote.gross_mg, c->quote.fineness);
	tell_seller(&b, c, code);
	call_submit(op, &b.op, on_commit);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	if (lot_read(r, &((struct record *)op)->lot))
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "stale");
}

static void
enter_read(struct payments_op *op)
{
	ask_lot(op, &lot_by_key, &((struct record *)op)->ask.key, on_read);
}

static char *
keep(struct record *c, const char *text)
{
	return text == NULL ? arena_strdup(c->op.arena, "")
	                    : arena_strndup(c->op.arena, text, strnlen(text, TAG_MAX));
}

struct payments_op *
payments_lot_record(struct flow_env *env, const struct lot_ask *ask, lot_cb *cb,
                    void *arg)
{
	static const struct call_step first = { "again", enter_again };
	struct record *c = call_new(env, "lot.record", sizeof *c, tell_lot);

	c->op.who = ask->who;
	c->ask = *ask;
	c->ask.seller = keep(c, ask->seller);
	c->ask.site = keep(c, ask->site);
	c->ask.tag = keep(c, ask->tag);
	c->cb = cb;
	c->arg = arg;
	return call_begin(&c->op, &first);
}

/* ---- detail -------------------------------------------------------------------------
 */

struct look {
	struct record record;
	struct uuid lot_id;
};

static void
on_look(struct payments_op *op, const struct pg_reply *r)
{
	struct record *c = (struct record *)op;
	const unsigned may = ROLE_WEIGHER | ROLE_TREASURER | ROLE_OFFICER | ROLE_AUDITOR;

	if (!lot_read(r, &c->lot) ||
	    ((c->lot.actor_roles & may) == 0 &&
	     !uuid_equal(&c->lot.view.seller_id, &op->who.member_id))) {
		c->lot = (struct lot_record){ 0 };
		call_fail(op, "not_found");
		return;
	}
	call_end(op, OUTCOME_OK, "");
}

static void
enter_look(struct payments_op *op)
{
	ask_lot(op, &lot_by_id, &((struct look *)op)->lot_id, on_look);
}

struct payments_op *
payments_lot(struct flow_env *env, const struct who *who, const struct uuid *lot_id,
             lot_cb *cb, void *arg)
{
	static const struct call_step first = { "read", enter_look };
	struct look *l = call_new(env, "lot.look", sizeof *l, tell_lot);

	l->record.op.who = *who;
	l->lot_id = *lot_id;
	l->record.cb = cb;
	l->record.arg = arg;
	return call_begin(&l->record.op, &first);
}

/* ---- list ---------------------------------------------------------------------------
 */

struct list {
	struct payments_op op;
	struct lot_list list;
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
	call_ask(op, &lots_of_seller, a, on_list);
}

struct payments_op *
payments_lots(struct flow_env *env, const struct who *who, lot_list_cb *cb, void *arg)
{
	static const struct call_step first = { "ask", enter_list };
	struct list *l = call_new(env, "lot.list", sizeof *l, tell_list);

	l->op.who = *who;
	l->cb = cb;
	l->arg = arg;
	return call_begin(&l->op, &first);
}
