/*
 * price - the day's price: asked for, set by one, confirmed by another.
 *
 *   price    READ --> answer
 *   set      PIN --> READ --> OFFICERS --> COMMIT --> answer: second_needed
 *   confirm  PIN --> LOOK --> READ --> COMMIT --> AFTER --> answer
 */
#include "payments/core/money.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/prices.h"
#include "payments/store/prices.h"

#include <string.h>

#define PRICE_MAX INT64_C(1000000000000)

struct price_call {
	struct payments_op op;
	struct price_ask set; /* source and mineral are our copies; pin lives in op.pin */
	struct decide_ask confirm; /* the same */
	struct price_facts facts;
	struct officers officers;
	price_cb *cb;
	void *arg;
};

static void enter_set_read(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_set_commit(struct payments_op *op);
static void enter_look(struct payments_op *op);
static void enter_confirm_read(struct payments_op *op);
static void enter_confirm_commit(struct payments_op *op);
static void enter_after(struct payments_op *op);

static const struct call_step to_set_read = { "read", enter_set_read };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_set_commit = { "commit", enter_set_commit };
static const struct call_step to_look = { "look", enter_look };
static const struct call_step to_confirm_read = { "read", enter_confirm_read };
static const struct call_step to_confirm_commit = { "commit", enter_confirm_commit };
static const struct call_step to_after = { "after", enter_after };

static void
tell(struct payments_op *op)
{
	struct price_call *p = (struct price_call *)op;

	p->cb(p->arg, &op->answer, &p->facts.view);
}

static void
ask_facts(struct payments_op *op, call_reply *on_reply)
{
	struct price_call *p = (struct price_call *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	pg_uuid(a, &p->set.key);
	pg_text(a, p->set.mineral);
	call_ask(op, &price_facts, a, on_reply);
}

static struct price_call *
start(struct flow_env *env, const char *name, const struct who *who, price_cb *cb,
      void *arg)
{
	struct price_call *p = call_new(env, name, sizeof *p, tell);

	p->op.who = *who;
	p->set.mineral = "";
	p->cb = cb;
	p->arg = arg;
	return p;
}

static void
keep_mineral(struct price_call *p, const char *mineral)
{
	p->set.mineral =
	    arena_strndup(p->op.arena, mineral, strnlen(mineral, MINERAL_SIZE - 1));
}

static void
on_price(struct payments_op *op, const struct pg_reply *r)
{
	if (price_facts_read(r, &((struct price_call *)op)->facts))
		call_end(op, OUTCOME_OK, "");
	else
		call_fail(op, "not_found");
}

static void
enter_after(struct payments_op *op)
{
	ask_facts(op, on_price);
}

struct payments_op *
payments_price(struct flow_env *env, const struct who *who, const char *mineral,
               price_cb *cb, void *arg)
{
	struct price_call *p = start(env, "price", who, cb, arg);

	keep_mineral(p, mineral);
	return call_begin(&p->op, &to_after);
}

/* ---- set ------------------------------------------------------------------------------
 */

/* A dollar price becomes local money here, rounded half to even: from then on it is the
 * price, and what the second officer confirms. */
static bool
in_local(struct price_call *p)
{
	const struct price_facts *f = &p->facts;
	struct ratio r = ratio_of(p->set.usd_cents, 100);

	if (p->set.usd_cents == 0)
		return true;
	if (p->set.usd_cents < 0 || f->view.quote[0] == '\0')
		return false;
	ratio_times(&r, f->view.dollar, 1);
	ratio_times(&r, f->view.price_mg, 1);
	ratio_times(&r, f->quote_den, f->quote_num);
	return ratio_round(&r, &p->set.fine_gram, NULL) == 0;
}

static void
on_set_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct price_call *p = (struct price_call *)op;

	if (!price_facts_read(r, &p->facts) ||
	    (p->facts.actor_roles & ROLE_TREASURER) == 0)
		call_fail(op, "not_allowed");
	else if (p->set.usd_cents > 0 && p->facts.view.dollar == 0)
		call_fail(op, "no_rate");
	else if (!in_local(p) || p->set.fine_gram <= 0 || p->set.fine_gram > PRICE_MAX ||
	         p->facts.view.price_mg == 0)
		call_fail(op, "bad_input");
	else if (p->facts.key_known)
		call_end(op, OUTCOME_PENDING, "second_needed");
	else
		call_go(op, &to_officers);
}

static void
enter_set_read(struct payments_op *op)
{
	ask_facts(op, on_set_facts);
}

static void
enter_set_pin(struct payments_op *op)
{
	call_check_pin(op, &to_set_read);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_OFFICER, true, &((struct price_call *)op)->officers,
	                  &to_set_commit);
}

static void
on_set(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE || result == OP_CONFLICT)
		call_end(op, OUTCOME_PENDING, "second_needed");
	else
		call_not_done(op, result, &to_set_read);
}

static void
enter_set_commit(struct payments_op *op)
{
	struct price_call *p = (struct price_call *)op;
	struct price_new row = { .set_by = op->who.member_id,
		                 .request_key = p->set.key,
		                 .fine_gram = p->set.fine_gram,
		                 .paid_permille = p->facts.rule_permille,
		                 .source = p->set.source,
		                 .mineral = p->facts.view.mineral,
		                 .usd_cents = p->set.usd_cents,
		                 .dollar_id = p->facts.dollar_id,
		                 .now_ms = call_now(op) };
	char key[UUID_TEXT_SIZE];
	struct books b;
	struct buf body;

	row.price_id = ids_uuid7(op->env->ids, row.now_ms);
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "price.set",
	            &op->who.member_id);
	books_key(&b, "price.set/%s", uuid_text(&p->set.key, key));
	body = books_body(&b, 800);
	price_new_body(&body, &row);
	books_effect(&b, "price_new", &body);
	books_audit(&b, "price.set", &row.price_id, "%lld", (long long)row.fine_gram);
	books_tell_officers(
	    &b, &p->officers, "price.asked",
	    (struct text_value[]){ { "name", p->facts.actor_name },
	                           { "mineral", row.mineral },
	                           { "price", books_i64(&b, row.fine_gram) },
	                           { NULL, NULL } });
	p->facts.view.waiting_id = row.price_id;
	p->facts.view.waiting_fine_gram = row.fine_gram;
	p->facts.view.waiting_cents = row.usd_cents;
	p->facts.view.waiting_own = true;
	call_submit(op, &b.op, on_set);
}

struct payments_op *
payments_price_set(struct flow_env *env, const struct price_ask *ask, price_cb *cb,
                   void *arg)
{
	static const struct call_step first = { "pin", enter_set_pin };
	struct price_call *p = start(env, "price.set", &ask->who, cb, arg);
	const char *source = ask->source == NULL ? "board" : ask->source;

	p->set = *ask;
	p->set.pin = NULL;
	p->set.source = arena_strndup(p->op.arena, source, strnlen(source, 31));
	keep_mineral(p, ask->mineral == NULL || ask->mineral[0] == '\0' ? "gold"
	                                                                : ask->mineral);
	call_keep_pin(&p->op, ask->pin);
	return call_begin(&p->op, &first);
}

/* ---- confirm --------------------------------------------------------------------------
 */

static void
on_look(struct payments_op *op, const struct pg_reply *r)
{
	struct price_call *p = (struct price_call *)op;
	struct uuid set_by, by;
	const char *state;

	if (r->rows == 0) {
		call_fail(op, "not_found");
		return;
	}
	state = reply_text(r, 0, 0);
	set_by = reply_uuid(r, 0, 1);
	by = reply_uuid(r, 0, 2);
	keep_mineral(p, reply_text(r, 0, 3));
	if (strcmp(state, p->confirm.approve ? "valid" : "refused") == 0 &&
	    uuid_equal(&by, &op->who.member_id))
		call_go(op, &to_after);
	else if (uuid_equal(&set_by, &op->who.member_id))
		call_fail(op, "own_work");
	else if (strcmp(state, "waiting") != 0)
		call_fail(op, "stale");
	else
		call_go(op, &to_confirm_read);
}

static void
enter_look(struct payments_op *op)
{
	struct price_call *p = (struct price_call *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &p->confirm.id);
	call_ask(op, &price_by_id, a, on_look);
}

static void
enter_confirm_pin(struct payments_op *op)
{
	call_check_pin(op, &to_look);
}

static void
on_confirm_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct price_call *p = (struct price_call *)op;

	if (!price_facts_read(r, &p->facts) || (p->facts.actor_roles & ROLE_OFFICER) == 0)
		call_fail(op, "not_allowed");
	else
		call_go(op, &to_confirm_commit);
}

static void
enter_confirm_read(struct payments_op *op)
{
	ask_facts(op, on_confirm_facts);
}

static void
on_confirm(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE)
		call_go(op, &to_after);
	else if ((result == OP_STALE || result == OP_CONFLICT) &&
	         op->retries++ < CALL_RETRIES)
		call_go(op, &to_look);
	else
		call_fail(op, "try_later");
}

static void
enter_confirm_commit(struct payments_op *op)
{
	struct price_call *p = (struct price_call *)op;
	const struct price_decision d = { .price_id = p->confirm.id,
		                          .by = op->who.member_id,
		                          .confirm = p->confirm.approve,
		                          .now_ms = call_now(op) };
	char price[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books b;
	struct buf body;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "price.confirm",
	            &op->who.member_id);
	books_key(&b, "price.confirm/%s/%s", uuid_text(&p->confirm.id, price),
	          uuid_text(&p->confirm.key, key));
	body = books_body(&b, 400);
	price_decide_body(&body, &d);
	books_effect(&b, "price_decide", &body);
	books_audit(&b, d.confirm ? "price.confirm" : "price.refuse", &d.price_id, "%lld",
	            (long long)p->facts.view.waiting_fine_gram);
	call_submit(op, &b.op, on_confirm);
}

struct payments_op *
payments_price_confirm(struct flow_env *env, const struct decide_ask *ask, price_cb *cb,
                       void *arg)
{
	static const struct call_step first = { "pin", enter_confirm_pin };
	struct price_call *p = start(env, "price.confirm", &ask->who, cb, arg);

	p->confirm = *ask;
	p->confirm.pin = NULL;
	call_keep_pin(&p->op, ask->pin);
	return call_begin(&p->op, &first);
}
