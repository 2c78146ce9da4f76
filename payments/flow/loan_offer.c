/*
 * loan_offer - what one may borrow, and what it would cost.
 *
 *   [ASSET or GROUP -->] FACTS --> [CASHOUT -->] answer
 */
#include "payments/flow/loan_judge.h"
#include "payments/flow/loans.h"

#include <stdio.h>

struct offer {
	struct payments_op op;
	struct uuid asset_id, group_id;
	char product[PRODUCT_CODE_SIZE];
	int64_t amount;
	unsigned terms;
	struct loan_facts facts;
	struct judged judged;
	loan_offer_cb *cb;
	void *arg;
};

static void
tell_offer(struct payments_op *op)
{
	struct offer *o = (struct offer *)op;

	o->cb(o->arg, &op->answer, &o->judged.offer);
}

static void
on_facts_known(struct offer *o)
{
	struct payments_op *op = &o->op;
	const char *no = judge(op, &o->facts, o->amount, o->terms, &o->judged);
	call_end(op, no[0] == '\0' ? OUTCOME_OK : OUTCOME_FAIL, no);
}

static void
on_offer_cashout(struct payments_op *op, const struct pg_reply *r)
{
	struct offer *o = (struct offer *)op;

	tariff_read(r, &o->judged.cashout);
	on_facts_known(o);
}

static void
on_offer_facts(struct payments_op *op, const struct pg_reply *r)
{
	struct offer *o = (struct offer *)op;

	if (!loan_facts_read(r, &o->facts))
		call_fail(op, "no_product");
	else if (!judge_ask_cashout(op, &o->facts, on_offer_cashout))
		on_facts_known(o);
}

static void
enter_offer(struct payments_op *op)
{
	struct offer *o = (struct offer *)op;

	judge_ask_facts(op, &o->judged, o->product, on_offer_facts);
}

static const struct call_step to_offer = { "facts", enter_offer };

static void
on_offer_group(struct payments_op *op, const struct pg_reply *r)
{
	struct offer *o = (struct offer *)op;
	const struct group_part *mine = judge_group(&o->judged, r, &op->who.member_id);

	if (mine == NULL) {
		call_fail(op, "gone");
		return;
	}
	o->amount = mine->amount;
	o->terms = o->judged.group.terms;
	call_go(op, &to_offer);
}

static void
enter_offer_group(struct payments_op *op)
{
	judge_ask_group(op, &((struct offer *)op)->group_id, on_offer_group);
}

static void
on_offer_asset(struct payments_op *op, const struct pg_reply *r)
{
	struct asset *asset = &((struct offer *)op)->judged.offer.asset;

	if (!asset_read(r, 0, asset) || asset->state != ASSET_FREE)
		call_fail(op, "gone");
	else
		call_go(op, &to_offer);
}

static void
enter_offer_asset(struct payments_op *op)
{
	judge_ask_asset(op, &((struct offer *)op)->asset_id, on_offer_asset);
}

struct payments_op *
payments_loan_offer(struct flow_env *env, const struct offer_ask *ask, loan_offer_cb *cb,
                    void *arg)
{
	static const struct call_step group = { "group", enter_offer_group };
	struct offer *o = call_new(env, "loan.offer", sizeof *o, tell_offer);

	o->op.who = ask->who;
	o->group_id = ask->group_id;
	if (ask->product != NULL)
		snprintf(o->product, sizeof o->product, "%s", ask->product);
	o->amount = ask->amount;
	o->terms = ask->terms;
	o->cb = cb;
	o->arg = arg;
	return call_begin(&o->op, uuid_is_nil(&o->group_id) ? &to_offer : &group);
}

struct payments_op *
payments_lease_offer(struct flow_env *env, const struct who *who,
                     const struct uuid *asset_id, unsigned terms, loan_offer_cb *cb,
                     void *arg)
{
	static const struct call_step first = { "asset", enter_offer_asset };
	struct offer *o = call_new(env, "lease.offer", sizeof *o, tell_offer);

	o->op.who = *who;
	o->asset_id = *asset_id;
	o->terms = terms;
	o->cb = cb;
	o->arg = arg;
	return call_begin(&o->op, &first);
}
