#include "payments/core/ledger.h"

#include "lib/buf.h"

#include <sodium.h>
#include <string.h>

static const struct {
	const char *name;
	enum account_rule rule;
} kinds[ACC_KINDS] = {
	[ACC_FLOAT] = { "float", RULE_ASSET },
	[ACC_TILL] = { "till", RULE_ASSET },
	[ACC_UNMATCHED] = { "unmatched", RULE_DEBT },
	[ACC_MEMBER] = { "member", RULE_DEBT },
	[ACC_LOAN] = { "loan", RULE_ASSET },
	[ACC_LOAN_FEE] = { "loan_fee", RULE_ASSET },
	[ACC_FEE_INCOME] = { "fee_income", RULE_NONE },
	[ACC_LEVY] = { "levy", RULE_DEBT },
	[ACC_STOCK_COST] = { "stock_cost", RULE_ASSET },
	[ACC_STOCK] = { "stock", RULE_ASSET },
	[ACC_MINED] = { "mined", RULE_NONE },
	[ACC_EQUITY] = { "equity", RULE_NONE },
	[ACC_ROUNDING] = { "rounding", RULE_NONE },
	[ACC_BAD_DEBT] = { "bad_debt", RULE_NONE },
	[ACC_RECOVERIES] = { "recoveries", RULE_NONE },
	[ACC_DEPOSIT] = { "deposit", RULE_DEBT },
	[ACC_FUND] = { "fund", RULE_DEBT },
	[ACC_EQUIPMENT] = { "equipment", RULE_ASSET },
	[ACC_SAVINGS] = { "savings", RULE_DEBT },
	[ACC_GUARANTEE] = { "guarantee", RULE_DEBT },
	[ACC_PROVIDER_FEE] = { "provider_fee", RULE_NONE },
	[ACC_FEE_DUE] = { "fee_due", RULE_DEBT },
	[ACC_CASHOUT_COST] = { "cashout_cost", RULE_NONE },
	[ACC_WAGES] = { "wages", RULE_NONE },
};

const char *
account_kind_name(enum account_kind kind)
{
	return kind < ACC_KINDS ? kinds[kind].name : "invalid";
}

enum account_rule
account_rule(enum account_kind kind)
{
	return kind < ACC_KINDS ? kinds[kind].rule : RULE_NONE;
}

struct uuid
account_id(int32_t cooperative_id, const struct account_ref *ref)
{
	char text[100], owner[UUID_TEXT_SIZE];
	struct buf b;

	buf_init(&b, text, sizeof text);
	buf_put_i64(&b, cooperative_id);
	buf_putc(&b, '/');
	buf_puts(&b, account_kind_name(ref->kind));
	buf_putc(&b, '/');
	buf_puts(&b, uuid_text(&ref->owner, owner));
	buf_putc(&b, '/');
	buf_puts(&b, ref->unit);
	return uuid_from_name(text, b.len);
}

const char *
op_result_name(enum op_result r)
{
	static const char *const names[OP_RESULTS] = {
		[OP_DONE] = "done",
		[OP_NO_FUNDS] = "no_funds",
		[OP_NO_HOLD] = "no_hold",
		[OP_ALREADY_CAPTURED] = "already_captured",
		[OP_ALREADY_VOIDED] = "already_voided",
		[OP_ALREADY_EXPIRED] = "already_expired",
		[OP_OVER_HOLD] = "over_hold",
		[OP_CONFLICT] = "conflict",
		[OP_STALE] = "stale",
		[OP_INVALID] = "invalid",
	};

	return r < OP_RESULTS ? names[r] : "invalid";
}

static bool
same_account(const struct account_ref *a, const struct account_ref *b)
{
	return a->kind == b->kind && uuid_equal(&a->owner, &b->owner);
}

static const char *
leg_fault(const struct ledger_leg *leg)
{
	if (leg->kind > LEG_EXPIRE)
		return "no such kind of leg";
	if (leg->amount <= 0)
		return "a leg's amount is not positive";
	if (uuid_is_nil(&leg->transfer_id))
		return "a leg without an id";
	if (leg->debit.kind >= ACC_KINDS || leg->credit.kind >= ACC_KINDS)
		return "no such kind of account";
	if (leg->debit.unit[0] == '\0' ||
	    strncmp(leg->debit.unit, leg->credit.unit, UNIT_SIZE) != 0)
		return "a leg joins two units";
	if (same_account(&leg->debit, &leg->credit))
		return "a leg from an account to itself";
	if ((leg->kind >= LEG_CAPTURE) == uuid_is_nil(&leg->hold_id))
		return "a leg and its hold do not fit";
	if (leg->expires_ms != 0 && leg->kind != LEG_HOLD)
		return "only a hold expires";
	return NULL;
}

static bool
hold_named_twice(const struct operation *op, uint32_t upto)
{
	for (uint32_t i = 0; i < upto; i++) {
		if (op->legs[i].kind >= LEG_CAPTURE &&
		    uuid_equal(&op->legs[i].hold_id, &op->legs[upto].hold_id))
			return true;
	}
	return false;
}

int
operation_check(const struct operation *op, struct err *err)
{
	if (op->cooperative_id <= 0 || uuid_is_nil(&op->key) || op->kind == NULL)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "an operation without its names");
	if (op->leg_count > OPERATION_LEGS_MAX ||
	    op->effect_count > OPERATION_EFFECTS_MAX)
		return err_set(err, ERR_TOO_LONG, FATE_NOT, "too many legs or effects");
	for (uint32_t i = 0; i < op->leg_count; i++) {
		const char *fault = leg_fault(&op->legs[i]);

		if (fault == NULL && op->legs[i].kind >= LEG_CAPTURE &&
		    hold_named_twice(op, i))
			fault = "a hold resolved twice in one operation";
		if (fault != NULL)
			return err_set(err, ERR_RANGE, FATE_NOT, fault);
	}
	return 0;
}

static void
add(crypto_generichash_state *h, const void *p, size_t n)
{
	crypto_generichash_update(h, p, n);
}

static void
add_i64(crypto_generichash_state *h, int64_t v)
{
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)v >> (8 * i));
	add(h, bytes, sizeof bytes);
}

static void
add_account(crypto_generichash_state *h, const struct account_ref *a)
{
	add_i64(h, (int64_t)a->kind);
	add(h, a->owner.b, sizeof a->owner.b);
	add(h, a->unit, strnlen(a->unit, UNIT_SIZE) + 1);
}

void
operation_hash(const struct operation *op, uint8_t out[32])
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, 32);
	add(&h, op->kind, strlen(op->kind) + 1);
	for (uint32_t i = 0; i < op->leg_count; i++) {
		const struct ledger_leg *leg = &op->legs[i];

		add_i64(&h, (int64_t)leg->kind);
		add(&h, leg->hold_id.b, sizeof leg->hold_id.b);
		add_account(&h, &leg->debit);
		add_account(&h, &leg->credit);
		add_i64(&h, leg->amount);
		add_i64(&h, leg->expires_ms);
	}
	for (uint32_t i = 0; i < op->effect_count; i++) {
		add(&h, op->effects[i].kind, strlen(op->effects[i].kind) + 1);
		add(&h, op->effects[i].body, strlen(op->effects[i].body) + 1);
	}
	crypto_generichash_final(&h, out, 32);
}
