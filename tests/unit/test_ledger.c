/* The ledger's pure rules: what an operation may look like, and when two are the same. */
#include "payments/core/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct account_ref funds = { ACC_FLOAT, { { 1 } }, "TZS" };
static const struct account_ref loan = { ACC_LOAN, { { 2 } }, "TZS" };
static const struct account_ref shillings = { ACC_LOAN, { { 2 } }, "KES" };

static struct ledger_leg
good_leg(void)
{
	return (struct ledger_leg){ .kind = LEG_POST,
		                    .transfer_id = { { 9 } },
		                    .debit = loan,
		                    .credit = funds,
		                    .amount = 500 };
}

enum spoil {
	NOTHING,
	NO_AMOUNT,
	NEGATIVE,
	NO_ID,
	TWO_UNITS,
	ITSELF,
	HOLD_ON_POST,
	NO_HOLD_ON_CAPTURE,
	POST_EXPIRES,
	NO_KEY,
	NO_COOPERATIVE,
	TOO_MANY,
};

static void
an_operation_that_cannot_be_is_told(void **state)
{
	static const struct {
		enum spoil spoil;
		enum err_code code;
	} rows[] = {
		{ NOTHING, ERR_NONE },         { NO_AMOUNT, ERR_RANGE },
		{ NEGATIVE, ERR_RANGE },       { NO_ID, ERR_RANGE },
		{ TWO_UNITS, ERR_RANGE },      { ITSELF, ERR_RANGE },
		{ HOLD_ON_POST, ERR_RANGE },   { NO_HOLD_ON_CAPTURE, ERR_RANGE },
		{ POST_EXPIRES, ERR_RANGE },   { NO_KEY, ERR_RANGE },
		{ NO_COOPERATIVE, ERR_RANGE }, { TOO_MANY, ERR_TOO_LONG },
	};

	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ledger_leg leg = good_leg();
		struct operation op = { .cooperative_id = 1,
			                .key = { { 1 } },
			                .kind = "test",
			                .legs = &leg,
			                .leg_count = 1 };
		struct err err = err_none();
		enum spoil s = rows[i].spoil;

		leg.amount = s == NO_AMOUNT ? 0 : s == NEGATIVE ? -1 : leg.amount;
		if (s == NO_ID)
			leg.transfer_id = (struct uuid){ { 0 } };
		if (s == TWO_UNITS)
			leg.debit = shillings;
		if (s == ITSELF)
			leg.credit = leg.debit;
		if (s == HOLD_ON_POST)
			leg.hold_id.b[0] = 1;
		if (s == NO_HOLD_ON_CAPTURE)
			leg.kind = LEG_CAPTURE;
		if (s == POST_EXPIRES)
			leg.expires_ms = 1;
		if (s == NO_KEY)
			op.key = (struct uuid){ { 0 } };
		if (s == NO_COOPERATIVE)
			op.cooperative_id = 0;
		if (s == TOO_MANY)
			op.leg_count = OPERATION_LEGS_MAX + 1;
		assert_int_equal(operation_check(&op, &err),
		                 rows[i].code == ERR_NONE ? 0 : -1);
		assert_int_equal(err.code, rows[i].code);
	}
}

static void
one_operation_resolves_a_hold_once(void **state)
{
	struct ledger_leg legs[2] = { good_leg(), good_leg() };
	struct operation op = { .cooperative_id = 1,
		                .key = { { 1 } },
		                .kind = "test",
		                .legs = legs,
		                .leg_count = 2 };
	struct err err;
	(void)state;

	legs[0].kind = LEG_CAPTURE;
	legs[1].kind = LEG_VOID;
	legs[0].hold_id = legs[1].hold_id = (struct uuid){ { 7 } };
	assert_int_equal(operation_check(&op, &err), -1);
	legs[1].hold_id.b[0] = 8;
	assert_int_equal(operation_check(&op, &err), 0);
}

/* An account's id is part of the books for ever: this one (BLAKE2b-128 of its name) must
 * never change. */
static void
account_ids_follow_from_what_they_are(void **state)
{
	struct account_ref other = funds;
	struct uuid a = account_id(1, &funds), b;
	char text[UUID_TEXT_SIZE];
	(void)state;

	assert_string_equal(uuid_text(&a, text), "34af3f29-fc54-8402-9c49-8af718f795fd");
	b = account_id(2, &funds);
	assert_false(uuid_equal(&a, &b));
	other.owner.b[0] = 2;
	b = account_id(1, &other);
	assert_false(uuid_equal(&a, &b));
	other = funds;
	memcpy(other.unit, "KES", 4);
	b = account_id(1, &other);
	assert_false(uuid_equal(&a, &b));
}

static void
same_content_is_told_from_other_content(void **state)
{
	struct ledger_leg leg = good_leg();
	struct effect effect = { "loan_state", "{\"to\":\"live\"}" };
	struct operation op = { .cooperative_id = 1,
		                .key = { { 1 } },
		                .kind = "test",
		                .legs = &leg,
		                .leg_count = 1,
		                .effects = &effect,
		                .effect_count = 1 };
	uint8_t first[32], again[32];
	(void)state;

	operation_hash(&op, first);
	leg.transfer_id.b[0]++; /* made anew by a retry: not content */
	op.actor.b[0] = 5;
	operation_hash(&op, again);
	assert_memory_equal(first, again, 32);
	leg.amount++;
	operation_hash(&op, again);
	assert_memory_not_equal(first, again, 32);
	leg.amount--;
	effect.body = "{\"to\":\"dead\"}";
	operation_hash(&op, again);
	assert_memory_not_equal(first, again, 32);
	effect.body = "{\"to\":\"live\"}";
	op.effect_count = 0;
	operation_hash(&op, again);
	assert_memory_not_equal(first, again, 32);
}

static void
every_name_is_a_name(void **state)
{
	(void)state;

	for (int i = 0; i < ACC_KINDS; i++)
		assert_true(strlen(account_kind_name((enum account_kind)i)) > 2);
	for (int i = 0; i < OP_RESULTS; i++)
		assert_true(strlen(op_result_name((enum op_result)i)) > 3);
	assert_int_equal(account_rule(ACC_FLOAT), RULE_ASSET);
	assert_int_equal(account_rule(ACC_MEMBER), RULE_DEBT);
	assert_int_equal(account_rule(ACC_EQUITY), RULE_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_operation_that_cannot_be_is_told),
		cmocka_unit_test(one_operation_resolves_a_hold_once),
		cmocka_unit_test(account_ids_follow_from_what_they_are),
		cmocka_unit_test(same_content_is_told_from_other_content),
		cmocka_unit_test(every_name_is_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
