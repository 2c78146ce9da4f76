#include "payments/flow/settle_internal.h"

/* An operation touches few accounts; what they held before is kept aside, so that a
 * refusal leaves no trace. */
struct undo {
	struct cached_account *account;
	struct cached_account before;
};

struct undo_log {
	uint32_t count;
	struct undo at[2 * OPERATION_LEGS_MAX];
};

static struct cached_account *
touch(struct settle *s, struct undo_log *log, const struct uuid *id)
{
	struct cached_account *a = cache_account(s, id);

	for (uint32_t i = 0; i < log->count; i++) {
		if (log->at[i].account == a)
			return a;
	}
	log->at[log->count].account = a;
	log->at[log->count++].before = *a;
	return a;
}

static void
take_back(struct undo_log *log)
{
	for (uint32_t i = 0; i < log->count; i++) {
		struct cached_account *a = log->at[i].account;

		a->balance = log->at[i].before.balance;
		a->pending_debit = log->at[i].before.pending_debit;
		a->pending_credit = log->at[i].before.pending_credit;
	}
}

/* Also guards the sums that the rules are about: an overflow is a refusal, never a wrap.
 */
static bool
add(int64_t *to, int64_t amount)
{
	return !__builtin_add_overflow(*to, amount, to) && *to > INT64_MIN / 2 &&
	       *to < INT64_MAX / 2;
}

static bool
rule_holds(const struct cached_account *a)
{
	switch (a->rule) {
	case RULE_ASSET:
		return a->balance - a->pending_credit >= 0;
	case RULE_DEBT:
		return a->balance + a->pending_debit <= 0;
	case RULE_NONE:
		return true;
	}
	return false;
}

static enum op_result
hold_allows(const struct cached_hold *h, const struct ledger_leg *leg,
            const struct uuid *sides)
{
	if (!h->exists)
		return OP_NO_HOLD;
	if (h->resolved == LEG_CAPTURE)
		return OP_ALREADY_CAPTURED;
	if (h->resolved == LEG_VOID)
		return OP_ALREADY_VOIDED;
	if (h->resolved == LEG_EXPIRE)
		return OP_ALREADY_EXPIRED;
	if (!uuid_equal(&h->debit, &sides[0]) || !uuid_equal(&h->credit, &sides[1]))
		return OP_INVALID;
	if (leg->kind == LEG_CAPTURE && leg->amount > h->amount)
		return OP_OVER_HOLD;
	if (leg->kind != LEG_CAPTURE && leg->amount != h->amount)
		return OP_INVALID;
	return OP_DONE;
}

static bool
apply_leg(struct settle *s, struct undo_log *log, const struct settle_op *op, uint32_t i)
{
	const struct ledger_leg *leg = &op->op.legs[i];
	struct cached_account *debit = touch(s, log, &op->sides[2 * i]);
	struct cached_account *credit = touch(s, log, &op->sides[2 * i + 1]);
	bool fits = true;

	if (leg->kind == LEG_HOLD)
		return add(&debit->pending_debit, leg->amount) &&
		       add(&credit->pending_credit, leg->amount);
	if (leg->kind >= LEG_CAPTURE) {
		int64_t held = cache_hold(s, &leg->hold_id)->amount;

		fits = add(&debit->pending_debit, -held) &&
		       add(&credit->pending_credit, -held);
	}
	if (leg->kind == LEG_POST || leg->kind == LEG_CAPTURE)
		fits = fits && add(&debit->balance, leg->amount) &&
		       add(&credit->balance, -leg->amount);
	return fits;
}

static void
note_holds(struct settle *s, const struct settle_op *op, unsigned slot)
{
	for (uint32_t i = 0; i < op->op.leg_count; i++) {
		const struct ledger_leg *leg = &op->op.legs[i];
		struct cached_hold *h;

		if (leg->kind >= LEG_CAPTURE) {
			h = cache_hold(s, &leg->hold_id);
			h->resolved = leg->kind;
			h->unsettled |= 1u << slot;
		} else if (leg->kind == LEG_HOLD) {
			h = cache_hold(s, &leg->transfer_id);
			if (h == NULL)
				h = cache_add_hold(s, &leg->transfer_id);
			h->exists = true;
			h->amount = leg->amount;
			h->debit = op->sides[2 * i];
			h->credit = op->sides[2 * i + 1];
			h->resolved = LEG_POST;
			h->unsettled |= 1u << slot;
		}
	}
}

enum op_result
settle_decide(struct settle *s, const struct settle_op *op, unsigned slot)
{
	struct undo_log log = { .count = 0 };
	bool fits = true;

	for (uint32_t i = 0; i < op->op.leg_count; i++) {
		const struct ledger_leg *leg = &op->op.legs[i];
		enum op_result r;

		if (leg->kind < LEG_CAPTURE)
			continue;
		r = hold_allows(cache_hold(s, &leg->hold_id), leg, &op->sides[2 * i]);
		if (r != OP_DONE)
			return r;
	}
	for (uint32_t i = 0; fits && i < op->op.leg_count; i++)
		fits = apply_leg(s, &log, op, i);
	for (uint32_t i = 0; fits && i < log.count; i++)
		fits = rule_holds(log.at[i].account);
	if (!fits) {
		take_back(&log);
		return OP_NO_FUNDS;
	}
	for (uint32_t i = 0; i < log.count; i++)
		log.at[i].account->unsettled |= 1u << slot;
	note_holds(s, op, slot);
	return OP_DONE;
}

bool
settle_is_doubtful(struct settle *s, const struct settle_op *op, unsigned slot)
{
	unsigned unsettled = 0;

	for (uint32_t i = 0; i < op->op.leg_count; i++) {
		unsettled |= cache_account(s, &op->sides[2 * i])->unsettled;
		unsettled |= cache_account(s, &op->sides[2 * i + 1])->unsettled;
		if (op->op.legs[i].kind >= LEG_CAPTURE)
			unsettled |= cache_hold(s, &op->op.legs[i].hold_id)->unsettled;
	}
	return (unsettled & ~(1u << slot)) != 0;
}

void
settle_is_true(struct settle *s, const struct settle_op *op, unsigned slot)
{
	for (uint32_t i = 0; i < op->op.leg_count; i++) {
		const struct ledger_leg *leg = &op->op.legs[i];
		struct cached_hold *h = NULL;

		for (uint32_t side = 0; side < 2; side++) {
			struct cached_account *a =
			    cache_account(s, &op->sides[2 * i + side]);

			if (a == NULL)
				continue;
			a->open = true;
			a->unsettled &= ~(1u << slot);
		}
		if (leg->kind == LEG_HOLD)
			h = cache_hold(s, &leg->transfer_id);
		else if (leg->kind >= LEG_CAPTURE)
			h = cache_hold(s, &leg->hold_id);
		if (h != NULL)
			h->unsettled &= ~(1u << slot);
	}
}
