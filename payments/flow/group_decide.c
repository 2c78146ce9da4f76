/*
 * group_decide - the decision about all parts of a group loan at once.
 *
 *   PIN --> READ --refuse----> COMMIT --> answer
 *             |----first-----> OFFICERS --> COMMIT --> answer
 *             `----second----> (LOAN --> ROOM) for each part --> COMMIT --> answer
 *              ^------stale (somebody changed it meanwhile)--------'
 *
 * The second word holds each guarantee on its member's savings and each part on the
 * float, and creates every payout, in one operation: all or none.
 */
#include "payments/flow/groups.h"

#include "payments/flow/call.h"
#include "payments/flow/group_parts.h"
#include "payments/flow/parts.h"
#include "payments/flow/route.h"

#include <string.h>

struct decide_part {
	struct loan_record loan;
	struct payment payment;
	struct wallet_facts room;
};

struct decide_group {
	struct payments_op op;
	struct decide_ask ask; /* pin lives in op.pin */
	struct group_view group;
	struct officers officers;
	struct decide_part *part; /* group.count of them, in the arena */
	unsigned at;              /* the part that is read             */
	bool refused_before;      /* under this key: the float was short */
	group_cb *cb;
	void *arg;
};

static void enter_pin(struct payments_op *op);
static void enter_read(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_loan(struct payments_op *op);
static void enter_room(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_pin = { "pin", enter_pin };
static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_loan = { "loan", enter_loan };
static const struct call_step to_room = { "room", enter_room };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct decide_group *d = (struct decide_group *)op;

	d->cb(d->arg, &op->answer, &d->group);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_read);
}

static bool
first_word(const struct decide_group *d)
{
	return d->group.state == GROUP_FORMING;
}

/* Whose savings do not reach yet, or NULL. */
static const struct group_part *
short_of_savings(const struct group_view *g)
{
	for (unsigned i = 0; i < g->count; i++)
		if (g->part[i].savings <
		    group_guarantee(g->guarantee_bp, g->part[i].amount))
			return &g->part[i];
	return NULL;
}

/* Why this person may not decide about this group, or "". */
static const char *
judge(const struct decide_group *d)
{
	const struct group_view *g = &d->group;

	if ((g->actor_roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0)
		return "not_allowed";
	for (unsigned i = 0; i < g->count; i++)
		if (call_is_me(&d->op, &g->part[i].member_id))
			return "own_work";
	if (g->state != GROUP_FORMING && g->state != GROUP_SEEN)
		return "stale";
	if (!d->ask.approve)
		return "";
	if (g->agreed < g->count || g->count < g->members_min)
		return "stale";
	return short_of_savings(g) != NULL ? "savings" : "";
}

/* The same person deciding the same again gets the answer of the first time. */
static bool
answered_before(struct decide_group *d)
{
	const struct group_view *g = &d->group;

	if (!d->ask.approve)
		return false;
	if (g->state == GROUP_SEEN && call_is_me(&d->op, &g->seen_by))
		call_end(&d->op, OUTCOME_PENDING, "second_needed");
	else if (g->state == GROUP_APPROVED && call_is_me(&d->op, &g->approved_by))
		call_end(&d->op, OUTCOME_PENDING, "paying");
	else
		return false;
	return true;
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct decide_group *d = (struct decide_group *)op;
	const char *no;

	if (!group_read(r, &d->group)) {
		call_fail(op, "not_found");
		return;
	}
	if (answered_before(d))
		return;
	no = judge(d);
	if (no[0] == '\0' && d->refused_before)
		no = "no_funds";
	if (no[0] != '\0') {
		call_fail(op, no);
		return;
	}
	if (!d->ask.approve) {
		call_go(op, &to_commit);
		return;
	}
	d->at = 0;
	d->part = arena_zalloc(op->arena, d->group.count * sizeof *d->part);
	call_go(op, first_word(d) ? &to_officers : &to_loan);
}

static void
enter_read(struct payments_op *op)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &((struct decide_group *)op)->ask.id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &group_by_id, a, on_read);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_TREASURER | ROLE_OFFICER, true,
	                  &((struct decide_group *)op)->officers, &to_commit);
}

/* ---- the parts, one after the other ---- */

static void
on_loan(struct payments_op *op, const struct pg_reply *r)
{
	struct decide_group *d = (struct decide_group *)op;

	if (loan_read(r, op->arena, &d->part[d->at].loan))
		call_go(op, &to_room);
	else
		call_fail(op, "stale");
}

static void
enter_loan(struct payments_op *op)
{
	struct decide_group *d = (struct decide_group *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &d->group.part[d->at].loan_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &loan_by_id, a, on_loan);
}

static void
on_room(struct payments_op *op, const struct pg_reply *r)
{
	struct decide_group *d = (struct decide_group *)op;

	if (!wallet_facts_read(r, &d->part[d->at].room))
		call_fail(op, "not_found");
	else
		call_go(op, ++d->at < d->group.count ? &to_loan : &to_commit);
}

static void
enter_room(struct payments_op *op)
{
	struct decide_group *d = (struct decide_group *)op;
	struct decide_part *p = &d->part[d->at];

	p->payment = books_loan_payout(&p->loan);
	route_payment(op->env, op->who.cooperative_id, &p->payment);
	parts_ask(op, &p->payment, on_room);
}

/* ---- the decision ---- */

static const struct text_value *
values(struct books *b, const struct group_view *g, int64_t amount)
{
	struct text_value *v = arena_zalloc(b->arena, 5 * sizeof *v);

	v[0] = (struct text_value){ "code", g->code };
	v[1] = (struct text_value){ "name", g->name };
	v[2] = (struct text_value){ "group", g->name };
	v[3] = (struct text_value){ "amount", books_i64(b, amount) };
	return v;
}

static struct member
reader(const struct group_part *p)
{
	struct member m = { .member_id = p->member_id };

	memcpy(m.msisdn, p->msisdn, sizeof m.msisdn);
	memcpy(m.language, p->language, sizeof m.language);
	return m;
}

static void
put_refusal(struct decide_group *d, struct books *b, struct group_change *change)
{
	change->state = "refused";
	change->refused_by = d->op.who.member_id;
	for (unsigned i = 0; i < d->group.count; i++) {
		struct member to = reader(&d->group.part[i]);

		books_message(b, &to, "group.refused",
		              values(b, &d->group, d->group.part[i].amount));
	}
	books_audit(b, "group.refuse", &d->ask.id, "%s", d->group.code);
}

static void
put_first(struct decide_group *d, struct books *b, struct group_change *change)
{
	int64_t amount = 0;

	for (unsigned i = 0; i < d->group.count; i++)
		amount += d->group.part[i].amount;
	change->state = "seen";
	change->seen_by = d->op.who.member_id;
	books_audit(b, "group.seen", &d->ask.id, "%s", d->group.code);
	books_tell_officers(b, &d->officers, "group.second",
	                    values(b, &d->group, amount));
}

/* Her guarantee, and her payout.  False: her wallet takes nothing for weeks. */
static bool
put_part(struct decide_group *d, struct books *b, unsigned i, struct group_held *held)
{
	struct decide_part *p = &d->part[i];
	const char *unit = d->group.currency;
	struct member to = books_borrower(&p->loan);
	const struct uuid *loan = &p->loan.view.loan_id;
	int64_t amount = p->loan.view.terms.principal;

	*held = (struct group_held){ .member_id = p->loan.member_id,
		                     .amount =
		                         group_guarantee(d->group.guarantee_bp, amount) };
	if (held->amount > 0)
		held->hold_id = books_hold(b, group_savings(&held->member_id, unit),
		                           group_called(&d->ask.id, unit), held->amount);
	if (!parts_begin(b, &p->room, &p->payment, account(ACC_LOAN, loan, unit), &to))
		return false;
	books_loan(b, &p->loan,
	           &(struct loan_change){ .to = LOAN_APPROVED,
	                                  .seen_by = d->group.seen_by,
	                                  .approved_by = d->op.who.member_id,
	                                  .payment_id = p->payment.payment_id,
	                                  .payment_code = p->payment.code,
	                                  .hold_id = p->payment.hold_id,
	                                  .decided_ms = call_now(&d->op) });
	books_message(b, &to, "group.approved",
	              (struct text_value[]){ { "code", p->loan.view.code },
	                                     { "group", d->group.name },
	                                     { "amount", books_i64(b, amount) },
	                                     { "guarantee", books_i64(b, held->amount) },
	                                     { NULL, NULL } });
	return true;
}

static bool
put_approval(struct decide_group *d, struct books *b, struct group_change *change)
{
	change->state = "approved";
	change->approved_by = d->op.who.member_id;
	for (; change->count < d->group.count; change->count++)
		if (!put_part(d, b, change->count, &change->held[change->count]))
			return false;
	books_audit(b, "group.approve", &d->ask.id, "%s %u parts", d->group.code,
	            d->group.count);
	return true;
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct decide_group *d = (struct decide_group *)op;

	if (result == OP_DONE && !d->ask.approve)
		call_end(op, OUTCOME_OK, "");
	else if (result == OP_DONE)
		call_end(op, OUTCOME_PENDING, first_word(d) ? "second_needed" : "paying");
	else if (result == OP_NO_FUNDS)
		call_fail(op, "no_funds"); /* savings were there: the float is short */
	else if (result == OP_CONFLICT) {  /* the same key again */
		d->refused_before = true;  /* unless the row tells otherwise */
		call_go(op, &to_read);
	} else
		call_not_done(op, result, &to_read);
}

static void
enter_commit(struct payments_op *op)
{
	struct decide_group *d = (struct decide_group *)op;
	struct group_change change = { .decided_ms = call_now(op) };
	char group[UUID_TEXT_SIZE], actor[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];
	struct books *b = arena_zalloc(op->arena, sizeof *b);
	struct buf body;

	books_begin(b, op->env, op->arena, op->who.cooperative_id,
	            d->ask.approve ? "group.approve" : "group.refuse",
	            &op->who.member_id);
	books_key(b, "group.decide/%s/%s/%s", uuid_text(&d->ask.id, group),
	          uuid_text(&op->who.member_id, actor), uuid_text(&d->ask.key, key));
	if (!d->ask.approve) {
		put_refusal(d, b, &change);
	} else if (first_word(d)) {
		put_first(d, b, &change);
	} else if (!put_approval(d, b, &change)) {
		call_fail(op, "limit");
		return;
	}
	body = books_body(b, 4000);
	group_set_body(&body, &d->ask.id, d->group.version, &change);
	books_effect(b, "group_set", &body);
	call_submit(op, &b->op, on_commit);
}

struct payments_op *
payments_group_decide(struct flow_env *env, const struct decide_ask *ask, group_cb *cb,
                      void *arg)
{
	struct decide_group *d = call_new(env, "group.decide", sizeof *d, tell);

	d->op.who = ask->who;
	d->ask = *ask;
	d->ask.pin = NULL;
	call_keep_pin(&d->op, ask->pin);
	d->cb = cb;
	d->arg = arg;
	return call_begin(&d->op, &to_pin);
}
