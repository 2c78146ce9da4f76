/*
 * moratorium - see moratorium.h.
 *
 *   ask   PIN --> ROLE --> TODAY --> OFFICERS --> ASK --> answer
 *   list  ROLE --> LIST --> answer
 *   say   PIN --> ROLE --> TODAY --> READ --> SAY --> answer
 */
#include "payments/flow/moratorium.h"

#include "payments/flow/books.h"
#include "payments/flow/call.h"

#include <stdio.h>

enum way { ASKING, LISTING, SAYING };

struct declare {
	struct payments_op op;
	enum way way;
	struct moratorium of;
	bool agree;
	struct uuid key;
	unsigned skip;
	int32_t today;
	struct officers officers;
	struct moratorium_list list;
	payments_cb *cb;
	moratorium_list_cb *list_cb;
	void *arg;
};

static void enter_role(struct payments_op *op);
static void enter_today(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_read(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_role = { "role", enter_role };
static const struct call_step to_today = { "today", enter_today };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct declare *d = (struct declare *)op;

	if (d->way == LISTING)
		d->list_cb(d->arg, &op->answer, &d->list);
	else
		d->cb(d->arg, &op->answer);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_role);
}

static void
on_role(struct payments_op *op, const struct pg_reply *r)
{
	struct member actor;

	if (!call_actor_may(r, ROLE_TREASURER | ROLE_OFFICER, &actor))
		call_fail(op, "not_allowed");
	else
		call_go(op,
		        ((struct declare *)op)->way == LISTING ? &to_read : &to_today);
}

static void
enter_role(struct payments_op *op)
{
	call_ask_actor(op, on_role);
}

static void
on_today(struct payments_op *op, const struct pg_reply *r)
{
	struct declare *d = (struct declare *)op;
	const char *wrong;

	d->today = (int32_t)reply_i64(r, 0, 0);
	snprintf(d->of.site, sizeof d->of.site, "%s", reply_text(r, 0, 1));
	wrong = d->way == ASKING ? moratorium_fault(&d->of.days, d->today) : NULL;
	if (wrong != NULL)
		call_fail(op, wrong[0] == 'f' ? "bad_from" : "bad_to");
	else
		call_go(op, d->way == ASKING ? &to_officers : &to_read);
}

static void
enter_today(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_i64(a, call_now(op));
	pg_uuid(a, &((struct declare *)op)->of.site_id);
	call_ask(op, &moratorium_today, a, on_today);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_TREASURER | ROLE_OFFICER, true,
	                  &((struct declare *)op)->officers, &to_commit);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct declare *d = (struct declare *)op;

	if (d->way == LISTING) {
		while (d->list.count < MORATORIA_PAGE &&
		       moratorium_read(r, (int)d->list.count, &d->list.at[d->list.count]))
			d->list.count++;
		call_end(op, OUTCOME_OK, "");
	} else if (!moratorium_read(r, 0, &d->of)) {
		call_fail(op, "stale");
	} else if (d->agree && uuid_equal(&d->of.asked_by, &op->who.member_id)) {
		call_fail(op, "own_work");
	} else if (d->agree && d->of.days.to < d->today) {
		call_fail(op, "bad_to");
	} else {
		call_go(op, &to_commit);
	}
}

static void
enter_read(struct payments_op *op)
{
	struct declare *d = (struct declare *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, d->way == LISTING ? NULL : &d->of.moratorium_id);
	pg_i32(a, (int32_t)d->skip);
	pg_i32(a, MORATORIA_PAGE);
	call_ask(op, &moratoria_asked, a, on_read);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	bool asking = ((struct declare *)op)->way == ASKING;

	/* conflict: heard before, under the same key */
	if (result == OP_DONE || result == OP_CONFLICT)
		call_end_word(op, asking);
	else if (result == OP_STALE)
		call_fail(op, asking ? "overlaps" : "stale");
	else
		call_fail(op, "try_later");
}

static void
put_asked(struct declare *d, struct books *b)
{
	struct buf body = books_body(b, 500);

	d->of.moratorium_id = ids_uuid7(d->op.env->ids, call_now(&d->op));
	d->of.asked_by = d->op.who.member_id;
	moratorium_new_body(&body, &d->of, call_now(&d->op));
	books_effect(b, "moratorium_new", &body);
	books_tell_officers(
	    b, &d->officers, "moratorium.second",
	    (struct text_value[]){ { "site", d->of.site },
	                           { "from", books_day(b, d->of.days.from) },
	                           { "to", books_day(b, d->of.days.to) },
	                           { NULL, NULL } });
}

static void
enter_commit(struct payments_op *op)
{
	struct declare *d = (struct declare *)op;
	const char *kind = d->way == ASKING ? "moratorium.ask"
	                   : d->agree       ? "moratorium.declare"
	                                    : "moratorium.drop";
	char actor[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books b;
	struct buf body;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, kind,
	            &op->who.member_id);
	books_key(&b, "%s/%s/%s", kind, uuid_text(&op->who.member_id, actor),
	          uuid_text(&d->key, key));
	if (d->way == ASKING) {
		put_asked(d, &b);
	} else {
		body = books_body(&b, 300);
		moratorium_decide_body(&body, &d->of.moratorium_id, d->agree,
		                       &op->who.member_id, call_now(op));
		books_effect(&b, "moratorium_decide", &body);
	}
	books_audit(&b, kind, &d->of.moratorium_id, "%s to %s, interest %s",
	            books_day(&b, d->of.days.from), books_day(&b, d->of.days.to),
	            d->of.days.policy == HOLIDAY_INTEREST_STOPS ? "stops" : "runs");
	call_submit(op, &b.op, on_commit);
}

/* ---- the facade ---- */

static struct declare *
begin(struct flow_env *env, const char *name, enum way way, const struct who *who)
{
	struct declare *d = call_new(env, name, sizeof *d, tell);

	d->way = way;
	d->op.who = *who;
	return d;
}

static struct payments_op *
begin_with_pin(struct declare *d, const char *pin, payments_cb *cb, void *arg)
{
	static const struct call_step first = { "pin", enter_pin };

	call_keep_pin(&d->op, pin);
	d->cb = cb;
	d->arg = arg;
	return call_begin(&d->op, &first);
}

struct payments_op *
payments_moratorium(struct flow_env *env, const struct moratorium_ask *ask,
                    payments_cb *cb, void *arg)
{
	struct declare *d = begin(env, "moratorium.ask", ASKING, &ask->who);

	d->of.site_id = ask->site_id;
	d->of.days = ask->days;
	d->key = ask->key;
	return begin_with_pin(d, ask->pin, cb, arg);
}

struct payments_op *
payments_moratorium_say(struct flow_env *env, const struct moratorium_word *word,
                        payments_cb *cb, void *arg)
{
	struct declare *d = begin(env, "moratorium.say", SAYING, &word->who);

	d->of.moratorium_id = word->moratorium_id;
	d->agree = word->agree;
	d->key = word->key;
	return begin_with_pin(d, word->pin, cb, arg);
}

struct payments_op *
payments_moratoria(struct flow_env *env, const struct who *who, unsigned skip,
                   moratorium_list_cb *cb, void *arg)
{
	struct declare *d = begin(env, "moratorium.list", LISTING, who);

	d->skip = skip < 10000 ? skip : 10000;
	d->list_cb = cb;
	d->arg = arg;
	return call_begin(&d->op, &to_role);
}
