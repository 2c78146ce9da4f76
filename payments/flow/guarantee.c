/*
 * guarantee - what two officers say of a part that is late.
 *
 *   look   READ --> answer
 *   call   PIN --> READ --first--> OFFICERS --> COMMIT --.
 *                    |---second---------------> COMMIT --+--> answer
 *                    ^------stale (changed meanwhile)----'
 *
 * A capture of part of a hold lets the rest go; in the same operation the rest is held
 * anew, so that nobody can take it out in between.
 */
#include "payments/flow/guarantee.h"

#include "payments/core/split.h"
#include "payments/flow/group_parts.h"
#include "payments/flow/late.h"

#include <string.h>

struct calling {
	struct payments_op op;
	struct guarantee_ask ask; /* pin lives in op.pin */
	char code[16];
	struct loan_record loan;
	struct loan_money money;
	struct uuid asked_by; /* nil: nobody yet */
	struct officers officers;
	struct late_part told;
	late_part_cb *cb;
	void *arg;
};

static void enter_look(struct payments_op *op);
static void enter_pin(struct payments_op *op);
static void enter_read(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_look = { "look", enter_look };
static const struct call_step to_pin = { "pin", enter_pin };
static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct calling *c = (struct calling *)op;

	c->told.loan = c->loan.view;
	c->told.asked = !uuid_is_nil(&c->asked_by);
	c->cb(c->arg, &op->answer, &c->told);
}

static int64_t
held(const struct loan_group *g)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < g->count; i++)
		sum += g->hold[i].amount;
	return sum;
}

/* What is wrong with asking this of this loan, or ""; opens its account. */
static const char *
judge(struct calling *c, const struct pg_reply *r)
{
	struct payments_op *op = &c->op;
	const char *no;

	if (!loan_off_read(r, op->arena, &c->loan, &c->asked_by) || c->loan.group == NULL)
		return "not_found";
	no = late_open(op, &c->loan, &c->money);
	if (no[0] != '\0')
		return no;
	c->told.past_due = c->money.account->total.past_due_all;
	c->told.late_days = loan_account_arrears_days(c->money.account);
	memcpy(c->told.group, c->loan.group->name, sizeof c->told.group);
	c->told.held = held(c->loan.group);
	c->told.pays = c->told.held < c->told.past_due ? c->told.held : c->told.past_due;
	if (c->told.past_due == 0)
		return "not_late";
	return c->told.held == 0 ? "nothing_held" : "";
}

static void
on_look(struct payments_op *op, const struct pg_reply *r)
{
	const char *no = judge((struct calling *)op, r);

	if (no[0] != '\0')
		call_fail(op, no);
	else
		call_end(op, OUTCOME_OK, "");
}

static void
enter_look(struct payments_op *op)
{
	late_ask(op, &loan_call_by_code, ((struct calling *)op)->code, NULL, on_look);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_read);
}

/* Nobody decides what the own savings pay, or the own loan. */
static bool
concerns_me(const struct calling *c)
{
	const struct loan_group *g = c->loan.group;

	for (unsigned i = 0; i < g->count; i++)
		if (call_is_me(&c->op, &g->hold[i].member.member_id))
			return true;
	return call_is_me(&c->op, &c->loan.member_id);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct calling *c = (struct calling *)op;
	const char *no = judge(c, r);

	if (strcmp(no, "not_allowed") == 0 || strcmp(no, "try_later") == 0)
		call_fail(op, no);
	else if (no[0] != '\0')
		call_fail(op, "stale");
	else if (concerns_me(c))
		call_fail(op, "own_work");
	else if (call_is_me(&c->op, &c->asked_by))
		call_end(op, OUTCOME_PENDING, "second_needed");
	else
		call_go(op, uuid_is_nil(&c->asked_by) ? &to_officers : &to_commit);
}

static void
enter_read(struct payments_op *op)
{
	late_ask(op, &loan_call_by_id, NULL, &((struct calling *)op)->ask.loan_id,
	         on_read);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_TREASURER | ROLE_OFFICER, true,
	                  &((struct calling *)op)->officers, &to_commit);
}

/* ---- who pays how much ---- */

static int
shares(const struct calling *c, int64_t out[GROUP_MEMBERS_MAX], struct err *err)
{
	const struct loan_group *g = c->loan.group;
	int64_t weight[GROUP_MEMBERS_MAX], left = c->told.pays;
	int own = -1;

	for (unsigned i = 0; i < g->count; i++) {
		weight[i] = g->hold[i].amount;
		if (uuid_equal(&g->hold[i].member.member_id, &c->loan.member_id))
			own = (int)i;
	}
	if (own >= 0) {
		left -= weight[own] < left ? weight[own] : left;
		weight[own] = 0;
	}
	if (split_pot(left, weight, g->count, out, err) < 0)
		return -1;
	if (own >= 0)
		out[own] = c->told.pays - left;
	return 0;
}

static const struct text_value *
values(struct books *b, const struct calling *c, int64_t amount)
{
	struct text_value *v = arena_zalloc(b->arena, 5 * sizeof *v);

	v[0] = (struct text_value){ "code", c->loan.view.code };
	v[1] = (struct text_value){ "name", c->loan.view.member_name };
	v[2] = (struct text_value){ "group", c->told.group };
	v[3] = (struct text_value){ "amount", books_i64(b, amount) };
	return v;
}

/* Takes a share of one hold; what is left of it is held anew. */
static void
take(struct calling *c, struct books *b, struct group_hold *h, int64_t share)
{
	struct loan_group *g = c->loan.group;
	const char *unit = c->loan.view.currency;
	struct group_held *now = &g->change.held[g->change.count++];
	struct hold taken = { h->hold_id, group_savings(&h->member.member_id, unit),
		              group_called(&g->group_id, unit), share };

	*now = (struct group_held){ .member_id = h->member.member_id,
		                    .amount = h->amount - share,
		                    .called = share };
	books_resolve(b, &taken, true);
	if (now->amount > 0)
		now->hold_id = books_hold(b, taken.debit, taken.credit, now->amount);
	books_message(b, &h->member, "guarantee.called", values(b, c, share));
}

/* If the whole group ends with this payment, nothing is held anew. */
static void
take_all(struct calling *c, struct books *b, const int64_t *share, bool ends)
{
	struct loan_group *g = c->loan.group;
	unsigned kept = 0;

	for (unsigned i = 0; i < g->count; i++) {
		struct group_hold h = g->hold[i];

		if (share[i] == 0) {
			g->hold[kept++] = h;
			continue;
		}
		if (ends)
			h.amount = share[i]; /* the capture lets the rest go */
		take(c, b, &h, share[i]);
	}
	g->count = kept;
}

static int
put_second(struct calling *c, struct books *b, struct err *err)
{
	struct member to = books_borrower(&c->loan);
	struct account_ref from =
	    group_called(&c->loan.group->group_id, c->loan.view.currency);
	int64_t share[GROUP_MEMBERS_MAX];
	bool closed;

	if (shares(c, share, err) < 0 || loan_money_pay(&c->money, c->told.pays, err) < 0)
		return -1;
	c->loan.group->change.called_for = c->ask.loan_id;
	closed = loan_money_closed(&c->money);
	take_all(c, b, share, closed && c->loan.group->others_open == 0);
	if (!closed)
		group_put_change(b, c->loan.group);
	loan_money_put(&c->money, b, &from);
	books_audit(b, "guarantee.call", &c->ask.loan_id, "%s %lld", c->loan.view.code,
	            (long long)c->told.pays);
	books_message(b, &to, "guarantee.paid", values(b, c, c->told.pays));
	return 0;
}

static void
put_first(struct calling *c, struct books *b)
{
	struct buf body = books_body(b, 300);

	group_call_asked_body(&body, &c->ask.loan_id, c->loan.version,
	                      &c->op.who.member_id, call_now(&c->op));
	books_effect(b, "group_call_asked", &body);
	books_audit(b, "guarantee.first", &c->ask.loan_id, "%s", c->loan.view.code);
	books_tell_officers(b, &c->officers, "guarantee.second",
	                    values(b, c, c->told.pays));
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	/* conflict: this officer's word was heard before, under the same key */
	if (result == OP_DONE || result == OP_CONFLICT)
		call_end_word(op, uuid_is_nil(&((struct calling *)op)->asked_by));
	else
		call_not_done(op, result, &to_read);
}

static void
enter_commit(struct payments_op *op)
{
	struct calling *c = (struct calling *)op;
	char loan[UUID_TEXT_SIZE], actor[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books *b = arena_zalloc(op->arena, sizeof *b);
	struct err err = err_none();

	books_begin(b, op->env, op->arena, op->who.cooperative_id, "guarantee.call",
	            &op->who.member_id);
	books_key(b, "guarantee.call/%s/%s/%s", uuid_text(&c->ask.loan_id, loan),
	          uuid_text(&op->who.member_id, actor), uuid_text(&c->ask.key, key));
	if (uuid_is_nil(&c->asked_by)) {
		put_first(c, b);
	} else if (put_second(c, b, &err) < 0) {
		call_broken(op, &err);
		return;
	}
	call_submit(op, &b->op, on_commit);
}

/* ---- the facade ---- */

struct payments_op *
payments_late_part(struct flow_env *env, const struct who *who, const char *code,
                   late_part_cb *cb, void *arg)
{
	struct calling *c = call_new(env, "guarantee.look", sizeof *c, tell);

	c->op.who = *who;
	c->cb = cb;
	c->arg = arg;
	loan_code_read(code, c->code, sizeof c->code);
	return call_begin(&c->op, &to_look);
}

struct payments_op *
payments_guarantee_call(struct flow_env *env, const struct guarantee_ask *ask,
                        late_part_cb *cb, void *arg)
{
	struct calling *c = call_new(env, "guarantee.call", sizeof *c, tell);

	c->op.who = ask->who;
	c->ask = *ask;
	c->ask.pin = NULL;
	call_keep_pin(&c->op, ask->pin);
	c->cb = cb;
	c->arg = arg;
	return call_begin(&c->op, &to_pin);
}
