/*
 * lot - recording what lies on the scale, and looking at it.
 *
 *   record  AGAIN? --known key--> answer as before
 *             `--> FACTS --off the board?--> OFFICERS --> COMMIT --> READ --> answer
 *   detail  READ --> answer
 *
 * The quote is computed here, once, and locked until it expires.
 */
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/lots.h"
#include "payments/store/prices.h"

#include <string.h>

#define LOT_CODE_LENGTH 6
#define TAG_MAX         23
#define PERMILLE        1000

struct record {
	struct payments_op op;
	struct lot_ask ask;        /* our copies */
	struct weight_text weight; /* as said; empty: only ask.gross_mg */
	int32_t unit_version;
	int32_t board_permille;
	bool needs_second;
	struct officers officers; /* to ask for the second opinion */
	struct trade_facts facts;
	struct price_quote quote;
	struct lot_record lot;
	lot_cb *cb;
	void *arg;
};

static void enter_facts(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_read(struct payments_op *op);

static const struct call_step to_facts = { "facts", enter_facts };
static const struct call_step to_officers = { "officers", enter_officers };
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
end_recorded(struct record *c)
{
	if (c->lot.view.needs_second && !c->lot.view.seconded)
		call_end(&c->op, OUTCOME_PENDING, "second_needed");
	else
		call_end(&c->op, OUTCOME_OK, "");
}

static void
on_again(struct payments_op *op, const struct pg_reply *r)
{
	if (lot_read(r, &((struct record *)op)->lot))
		end_recorded((struct record *)op);
	else
		call_go(op, &to_facts);
}

static void
enter_again(struct payments_op *op)
{
	ask_lot(op, &lot_by_key, &((struct record *)op)->ask.key, on_again);
}

/* The cooperative's own measure first, then the built-in one, then the mineral's usual
 * one.  The weight keeps the unit's proper name. */
static bool
weigh(struct record *c)
{
	const struct trade_facts *f = &c->facts;
	struct weight_text *w = &c->weight;
	const struct unit *u =
	    w->unit[0] == '\0' ? unit_find(f->usual_unit) : unit_find(w->unit);
	struct unit own = f->unit;

	if (w->amount[0] == '\0')
		return true;
	if (f->has_unit) {
		memcpy(own.code, w->unit, sizeof own.code);
		u = &own;
	}
	if (u == NULL || weight_mg(w->amount, u, &c->ask.gross_mg, NULL) < 0)
		return false;
	memcpy(w->unit, u->code, sizeof w->unit);
	c->unit_version = u->version;
	return true;
}

/* Stones: the price is the value of this lot, so it is for this weight. */
static void
put_terms(struct record *c)
{
	struct trade_facts *f = &c->facts;

	f->terms.gross_mg = c->ask.gross_mg;
	f->terms.fineness = c->ask.fineness;
	if (f->valued) {
		f->terms.fine_gram = c->ask.value;
		f->terms.price_mg = c->ask.gross_mg;
		f->terms.fineness = PERMILLE;
		memcpy(f->price_source, "valued lot", sizeof "valued lot");
	}
	c->board_permille = f->terms.paid_permille;
	if (c->ask.offer_permille != 0)
		f->terms.paid_permille = c->ask.offer_permille;
	f->terms.over_world = true; /* a second officer will look at it */
}

static bool
off_board(const struct record *c)
{
	int32_t apart = c->quote.paid_permille - c->board_permille;

	if (apart < 0)
		apart = -apart;
	return apart > c->facts.deviation_permille || c->quote.above_world;
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
	if (!f->has_mineral)
		return "bad_input";
	if (!f->has_price && !f->valued)
		return "no_price";
	if (f->price_stale && !f->valued)
		return "stale_price";
	if (price_needs_dollar(&f->terms) && f->terms.dollar == 0)
		return "no_rate";
	if (price_needs_dollar(&f->terms) && f->dollar_stale)
		return "stale_rate";
	if (!weigh(c))
		return "bad_unit";
	if (c->ask.gross_mg > f->lot_max_mg || (unsigned)c->ask.method >= LOT_METHODS)
		return "bad_input";
	put_terms(c);
	if (price_quote(&f->terms, &c->quote, NULL) < 0)
		return "bad_input";
	c->needs_second = off_board(c);
	return "";
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
		call_go(op, c->needs_second ? &to_officers : &to_commit);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_OFFICER | ROLE_TREASURER, true,
	                  &((struct record *)op)->officers, &to_commit);
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
	pg_text(a, c->ask.mineral);
	pg_text(a, c->weight.unit);
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
tell_seller(struct books *b, struct record *c, const struct lot_new *row)
{
	char lot[UUID_TEXT_SIZE];

	books_message(
	    b, &c->facts.seller, "lot.quoted",
	    (struct text_value[]){ { "code", row->code },
	                           { "weight", books_i64(b, c->quote.gross_mg) },
	                           { "fineness", books_i64(b, c->quote.fineness) },
	                           { "value", books_i64(b, c->quote.gross_value) },
	                           { "payout", books_i64(b, c->quote.payout) },
	                           { "minutes", books_i64(b, c->facts.quote_ms / 60000) },
	                           { "lot", uuid_text(&row->lot_id, lot) },
	                           { NULL, NULL } });
}

static void
tell_officers(struct books *b, struct record *c, const char *code)
{
	books_tell_officers(
	    b, &c->officers, "lot.second",
	    (struct text_value[]){ { "code", code },
	                           { "name", c->facts.seller.name },
	                           { "paid", books_i64(b, c->quote.paid_permille) },
	                           { "board", books_i64(b, c->board_permille) },
	                           { "value", books_i64(b, c->quote.gross_value) },
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
		               .amount = c->weight.amount,
		               .unit = c->weight.unit,
		               .unit_version = c->unit_version,
		               .board_permille = c->facts.valued ? 0 : c->board_permille,
		               .needs_second = c->needs_second,
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
	books_audit(&b, "lot.record", &row.lot_id, "%s %s %lld mg %d", code,
	            c->facts.mineral, (long long)c->quote.gross_mg, c->quote.fineness);
	if (c->needs_second)
		tell_officers(&b, c, code);
	else
		tell_seller(&b, c, &row);
	call_submit(op, &b.op, on_commit);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	if (lot_read(r, &((struct record *)op)->lot))
		end_recorded((struct record *)op);
	else
		call_fail(op, "stale");
}

static void
enter_read(struct payments_op *op)
{
	ask_lot(op, &lot_by_key, &((struct record *)op)->ask.key, on_read);
}

static void
enter_bad_weight(struct payments_op *op)
{
	call_fail(op, "bad_unit");
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
	static const struct call_step bad_weight = { "refuse", enter_bad_weight };
	struct record *c = call_new(env, "lot.record", sizeof *c, tell_lot);

	c->op.who = ask->who;
	c->ask = *ask;
	c->ask.seller = keep(c, ask->seller);
	c->ask.site = keep(c, ask->site);
	c->ask.tag = keep(c, ask->tag);
	c->ask.mineral = keep(c, ask->mineral);
	c->ask.weight = NULL;
	if (c->ask.mineral[0] == '\0')
		c->ask.mineral = "gold";
	c->cb = cb;
	c->arg = arg;
	if (ask->weight != NULL && ask->weight[0] != '\0' &&
	    weight_read(ask->weight, &c->weight, NULL) < 0)
		return call_begin(&c->op, &bad_weight);
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
