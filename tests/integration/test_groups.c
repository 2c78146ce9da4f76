/* A group loan on a real PostgreSQL: formed, agreed to, decided at once, paid out; one
 * pays for all; savings stand as the guarantee and are let go at the end. */
#include "payments/flow/loans.h"
#include "tests/integration/group_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
it_is_formed_by_officers(void **state)
{
	struct uuid key = fresh_key();
	struct uuid id;

	(void)state;
	open_group(&one[0], "Tumaini", 4, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	open_group(&treasurer, "", 4, fresh_key());
	expect(OUTCOME_FAIL, "bad_input");
	open_group(&treasurer, "A name that is longer than thirty", 4, fresh_key());
	expect(OUTCOME_FAIL, "bad_input");
	open_group(&treasurer, "Tumaini", 5, fresh_key());
	expect(OUTCOME_FAIL, "bad_input"); /* 4, 8 or 12 weeks */
	open_group(&treasurer, "Tumaini", 0, key);
	expect(OUTCOME_OK, "");
	assert_int_equal(group.terms, 8);
	id = group_id;
	open_group(&treasurer, "Tumaini", 0, key); /* the same key, the same group */
	expect(OUTCOME_OK, "");
	assert_true(uuid_equal(&id, &group_id));
	add(numbers[0], 100000);
	expect(OUTCOME_FAIL, "minimum");
	add(numbers[0], 40000000);
	expect(OUTCOME_FAIL, "limit");
	add("255799999999", 5000000);
	expect(OUTCOME_FAIL, "not_found");
	for (int i = 0; i < THREE; i++) {
		add(numbers[i], 4000000);
		expect(OUTCOME_OK, "");
	}
	add(numbers[0], 5000000); /* again: another amount */
	expect(OUTCOME_OK, "");
	assert_int_equal(group.count, THREE);
	assert_int_equal(group.part[0].amount, 5000000);
	add(NEEMA, 5000000);
	expect(OUTCOME_OK, "");
	add(OFFICER, 5000000);
	expect(OUTCOME_FAIL, "full");
	assert_int_equal(messages("group.asked"), 5);
	assert_int_equal(bed_query(&bed, "select count(*) from messages where topic = "
	                                 "'group' and template = 'group.asked'"),
	                 5);
	look_at(&officer);
	expect(OUTCOME_OK, "");
	payments_group_mine(&env, &one[1], on_group, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_string_equal(group.name, "Tumaini");
	payments_groups(&env, &one[1], 0, on_list, NULL);
	wait_all(1);
	assert_int_equal(list.count, 0); /* for officers only */
	payments_groups(&env, &officer, 0, on_list, NULL);
	wait_all(1);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.at[0].amount, 18000000);
	assert_int_equal(list.at[0].agreed, 0);
}

static void
each_member_agrees(void **state)
{
	struct offer_ask offer_ask = { .who = one[0] };
	struct uuid key = fresh_key(), other;

	(void)state;
	open_group(&treasurer, "Umoja", 4, fresh_key());
	for (int i = 0; i < THREE; i++)
		add(numbers[i], 5000000);
	offer_ask.group_id = group_id;
	payments_loan_offer(&env, &offer_ask, on_offer, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.offer.terms.principal, 5000000);
	assert_int_equal(got.offer.terms.total, 5200000);
	offer_ask.who = neema; /* nobody asked her */
	payments_loan_offer(&env, &offer_ask, on_offer, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "gone");

	ask_loan(&one[2], 2000000, pins[2], fresh_key());
	expect(OUTCOME_PENDING, "approval");
	other = got.loan.loan_id;
	agree(2, fresh_key()); /* one loan at a time */
	expect(OUTCOME_FAIL, "has_loan");
	decide(&treasurer, TREASURER_PIN, other, false, fresh_key());

	agree(0, key);
	expect(OUTCOME_PENDING, "approval");
	agree(0, key); /* said again */
	expect(OUTCOME_PENDING, "approval");
	agree(0, fresh_key());
	expect(OUTCOME_FAIL, "gone");
	/* a part is decided with its group only, and stands in no list */
	decide(&treasurer, TREASURER_PIN, got.loan.loan_id, true, fresh_key());
	agree(1, fresh_key());
	expect(OUTCOME_PENDING, "approval");
	decide(&treasurer, TREASURER_PIN, got.loan.loan_id, true, fresh_key());
	expect(OUTCOME_FAIL, "stale");
	payments_approvals(&env, &treasurer, 0, on_loans, NULL);
	wait_all(1);
	assert_int_equal(got.loans.total, 0);
	decide_group(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_FAIL, "stale"); /* one has not agreed */
	assert_int_equal(messages("group.ready"), 0);
	agree(2, fresh_key());
	expect(OUTCOME_PENDING, "approval");
	assert_int_equal(messages("group.ready"), 1);
	decide_group(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_FAIL, "savings");
	/* refused as one: everybody is free again */
	decide_group(&one[0], pins[0], false, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	decide_group(&treasurer, TREASURER_PIN, false, fresh_key());
	expect(OUTCOME_OK, "");
	assert_int_equal(messages("group.refused"), THREE);
	ask_loan(&one[0], 2000000, pins[0], fresh_key());
	expect(OUTCOME_PENDING, "approval");
}

static void
on_drained(void *arg, const struct settle_answer *a)
{
	(void)arg;
	assert_int_equal(a->result, OP_DONE);
	got.waiting--;
}

static void
all_or_none_is_paid_out(void **state)
{
	struct uuid key = fresh_key(), second = fresh_key();

	(void)state;
	form("Pamoja");
	for (int i = 0; i < THREE; i++)
		save(i, 600000);
	decide_group(&treasurer, TREASURER_PIN, true, key);
	expect(OUTCOME_PENDING, "second_needed");
	decide_group(&treasurer, TREASURER_PIN, true, key);
	expect(OUTCOME_PENDING, "second_needed");
	decide_group(&officer, "5555", true, fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");
	decide_group(&officer, OFFICER_PIN, true, second);
	expect(OUTCOME_PENDING, "paying");
	decide_group(&officer, OFFICER_PIN, true, second);
	expect(OUTCOME_PENDING, "paying");
	look_at(&officer);
	for (int i = 0; i < THREE; i++) {
		assert_string_equal(group.part[i].loan_state, "approved");
		assert_int_equal(group.part[i].guarantee, 500000);
		assert_int_equal(group.part[i].savings, 100000);
	}
	take(0, 100001, fresh_key()); /* held: not hers to take */
	expect(OUTCOME_FAIL, "limit");
	take(0, 100000, key);
	expect(OUTCOME_OK, "");
	take(0, 100000, key);
	expect(OUTCOME_OK, "");
	assert_int_equal(saved(0), 500000);
	assert_int_equal(-balance(ACC_MEMBER, &one[0].member_id, "TZS"), 100000);

	/* one wallet refuses: her guarantee ends, the others' stand */
	verdict(&group.part[0].loan_id, PAY_PAID);
	verdict(&group.part[1].loan_id, PAY_FAILED);
	verdict(&group.part[2].loan_id, PAY_PAID);
	look_at(&officer);
	assert_int_equal(group.part[0].guarantee, 500000);
	assert_int_equal(group.part[1].guarantee, 0);
	assert_string_equal(group.part[1].loan_state, "unpaid");
	assert_int_equal(messages("guarantee.free"), 1);
}

static void
one_pays_for_all(void **state)
{
	(void)state;
	lend_to_all("Faraja");
	for (int i = 0; i < THREE; i++)
		assert_int_equal(group.part[i].owed, 5200000);
	pay_for_all(0, 1000000, PAY_FAILED);
	assert_int_equal(group.part[0].owed, 5200000);
	/* nothing is late: her own part first, then the others' in equal parts */
	pay_for_all(0, 5200000 + 1, PAY_PAID);
	assert_string_equal(group.part[0].loan_state, "closed");
	assert_int_equal(group.part[1].owed + group.part[2].owed, 10400000 - 1);
	assert_int_equal(group.part[0].guarantee, 500000); /* she answers to the end */
	take(0, 1, fresh_key());
	expect(OUTCOME_FAIL, "limit");
	pay_for_all(1, 10400000 - 1 + 300, PAY_PAID);
	assert_int_equal(group.state, GROUP_CLOSED);
	for (int i = 0; i < THREE; i++)
		assert_int_equal(group.part[i].guarantee, 0);
	assert_int_equal(-balance(ACC_MEMBER, &one[1].member_id, "TZS"), 300);
	assert_int_equal(messages("guarantee.free"), THREE);
	take(0, 500000, fresh_key());
	expect(OUTCOME_OK, "");
}

/* Three parts want more than the float holds: nobody is paid, and the refusal stands. */
static void
the_float_is_short(void **state)
{
	struct uuid key = fresh_key();
	struct arena *arena = arena_new(1u << 20);
	struct books b;

	(void)state;
	form("Subira");
	for (int i = 0; i < THREE; i++)
		save(i, 500000);
	decide_group(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	books_begin(&b, &env, arena, 1, "test.drain", NULL);
	books_key(&b, "test.drain");
	books_post(&b, account(ACC_EQUITY, NULL, "TZS"), account_float("mtn", "TZS"),
	           FLOAT_OPEN + 3 * 500000 - 14000000);
	settle_submit(bed.settle, &b.op, 5000, on_drained, NULL);
	wait_all(1);
	arena_free(arena);
	decide_group(&officer, OFFICER_PIN, true, key);
	expect(OUTCOME_FAIL, "no_funds");
	decide_group(&officer, OFFICER_PIN, true, key);
	expect(OUTCOME_FAIL, "no_funds");
	look_at(&officer);
	for (int i = 0; i < THREE; i++) {
		assert_int_equal(group.part[i].guarantee, 0);
		assert_string_equal(group.part[i].loan_state, "requested");
	}
	assert_int_equal(messages("group.approved"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_formed_by_officers, open_with_three,
		                                story_close),
		cmocka_unit_test_setup_teardown(each_member_agrees, open_with_three,
		                                story_close),
		cmocka_unit_test_setup_teardown(all_or_none_is_paid_out, open_with_three,
		                                story_close),
		cmocka_unit_test_setup_teardown(the_float_is_short, open_with_three,
		                                story_close),
		cmocka_unit_test_setup_teardown(one_pays_for_all, open_with_three,
		                                story_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
