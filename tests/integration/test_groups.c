/* A group loan on a real PostgreSQL: formed, agreed to, decided at once, paid out; one
 * pays for all; savings stand as the guarantee, pay what is late, and are let go at the
 * end. */
#include "gateway/cli/products.h"
#include "payments/flow/group_pay.h"
#include "payments/flow/groups.h"
#include "payments/flow/guarantee.h"
#include "payments/flow/savings.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)
#define THREE  3

static struct uuid group_id;    /* the one opened last */
static struct group_view group; /* the latest answers */
static struct group_list list;
static struct savings_view savings;
static struct late_part late;
static struct group_payment paying;

static struct who one[THREE];
static const char *const numbers[THREE] = { "255712000101", "255712000102",
	                                    "255712000103" };
static const char *const names[THREE] = { "Amina", "Baraka", "Chausiku" };
static const char *const pins[THREE] = { "7391", "8264", "9517" };

#define ON(name, type, var)                                                              \
	static void name(void *arg, const struct payments_answer *a, const type *v)      \
	{                                                                                \
		var = *v;                                                                \
		on_plain(arg, a);                                                        \
	}

ON(on_group, struct group_view, group)
ON(on_list, struct group_list, list)
ON(on_savings, struct savings_view, savings)
ON(on_late, struct late_part, late)
ON(on_paying, struct group_payment, paying)

static void
on_put(void *arg, const struct payments_answer *a, const struct product_put *p)
{
	(void)p;
	on_plain(arg, a);
}

/* The shipped product, for three to four members. */
static int
open_with_three(void **state)
{
	struct settings_faults faults;
	struct product_set *set = products_load("config/products.conf", &faults);
	struct product_ask ask = { .cooperative_id = 1 };

	if (set == NULL || story_open_with_neema(state) != 0)
		return -1;
	set->at[2].group_min = 3;
	set->at[2].group_max = 4;
	ask.product = &set->at[2];
	payments_product_put(&env, &ask, on_put, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	products_free(set);
	for (int i = 0; i < THREE; i++) {
		join(numbers[i], names[i], pins[i]);
		one[i] = find(numbers[i]);
	}
	return 0;
}

static void
open_group(const struct who *who, const char *name, unsigned terms, struct uuid key)
{
	struct group_open_ask ask = {
		.who = *who, .name = name, .terms = terms, .key = key
	};

	payments_group_open(&env, &ask, on_group, NULL);
	wait_all(1);
	if (got.answer.outcome == OUTCOME_OK)
		group_id = group.group_id;
}

static void
add(const char *member, int64_t amount)
{
	struct group_add_ask ask = { .who = treasurer,
		                     .group_id = group_id,
		                     .member = member,
		                     .amount = amount,
		                     .key = fresh_key() };

	payments_group_add(&env, &ask, on_group, NULL);
	wait_all(1);
}

static void
agree(int i, struct uuid key)
{
	struct loan_ask ask = {
		.who = one[i], .group_id = group_id, .pin = pins[i], .key = key
	};

	payments_loan_request(&env, &ask, on_loan, NULL);
	wait_all(1);
}

static void
decide_group(const struct who *who, const char *pin, bool approve, struct uuid key)
{
	struct decide_ask ask = { *who, group_id, approve, pin, key };

	payments_group_decide(&env, &ask, on_group, NULL);
	wait_all(1);
}

static void
look_at(const struct who *who)
{
	payments_group(&env, who, &group_id, on_group, NULL);
	wait_all(1);
}

static void
save(int i, int64_t amount)
{
	struct savings_ask ask = { .who = one[i], .amount = amount, .key = fresh_key() };

	payments_save(&env, &ask, on_savings, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	verdict(&one[i].member_id, PAY_PAID);
}

static void
take(int i, int64_t amount, struct uuid key)
{
	struct savings_ask ask = {
		.who = one[i], .amount = amount, .pin = pins[i], .key = key
	};

	payments_savings_take(&env, &ask, on_savings, NULL);
	wait_all(1);
}

static int64_t
saved(int i)
{
	payments_savings(&env, &one[i], on_savings, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	return savings.balance;
}

static int64_t
messages(const char *template)
{
	char sql[120];

	snprintf(sql, sizeof sql, "select count(*) from messages where template = '%s'",
	         template);
	return bed_query(&bed, sql);
}

/* 50,000 each for four weeks: 4 % in all, 52,000 back. */
static void
form(const char *name)
{
	open_group(&treasurer, name, 4, fresh_key());
	expect(OUTCOME_OK, "");
	for (int i = 0; i < THREE; i++) {
		add(numbers[i], 5000000);
		expect(OUTCOME_OK, "");
	}
	for (int i = 0; i < THREE; i++) {
		agree(i, fresh_key());
		expect(OUTCOME_PENDING, "approval");
	}
}

static void
lend_to_all(const char *name)
{
	form(name);
	for (int i = 0; i < THREE; i++)
		save(i, 500000);
	decide_group(&treasurer, TREASURER_PIN, true, fresh_key());
	expect(OUTCOME_PENDING, "second_needed");
	decide_group(&officer, OFFICER_PIN, true, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	look_at(&treasurer);
	for (int i = 0; i < THREE; i++)
		verdict(&group.part[i].loan_id, PAY_PAID);
	look_at(&treasurer);
}

static void
pay_for_all(int i, int64_t amount, enum pay_state to)
{
	struct group_pay_ask ask = {
		.who = one[i], .group_id = group_id, .amount = amount, .key = fresh_key()
	};

	payments_group_pay(&env, &ask, on_paying, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	verdict(&group_id, to);
	look_at(&treasurer);
	expect(OUTCOME_OK, "");
}

static void
call(const struct who *who, const char *pin, struct uuid loan)
{
	struct guarantee_ask ask = {
		.who = *who, .loan_id = loan, .pin = pin, .key = fresh_key()
	};

	payments_guarantee_call(&env, &ask, on_late, NULL);
	wait_all(1);
}

/* ---- stories ---- */

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

/* Two weeks late: by hand, two of four instalments of 13,000 and the penalty. */
static void
the_guarantee_pays_what_is_late(void **state)
{
	struct uuid loan;
	int64_t missing;
	char code[16];

	(void)state;
	lend_to_all("Upendo");
	loan = group.part[1].loan_id;
	snprintf(code, sizeof code, "%s", group.part[1].loan_code);
	payments_late_part(&env, &officer, code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "not_late");
	bed.clock.skew_ms = 8 * DAY_MS;
	clock_update(&bed.clock);
	pay_for_all(0, 1300000 * 2, PAY_PAID); /* only what is late, of all three */
	assert_int_equal(group.part[0].past_due + group.part[1].past_due +
	                     group.part[2].past_due,
	                 1300000);
	payments_late_part(&env, &one[0], code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "not_allowed");
	payments_late_part(&env, &officer, code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	missing = late.past_due;
	assert_int_equal(late.held, 1500000);
	assert_int_equal(late.pays, missing);
	call(&treasurer, TREASURER_PIN, loan);
	expect(OUTCOME_PENDING, "second_needed");
	call(&treasurer, TREASURER_PIN, loan);
	expect(OUTCOME_PENDING, "second_needed");
	call(&officer, OFFICER_PIN, loan);
	expect(OUTCOME_OK, "");
	look_at(&officer);
	assert_int_equal(group.part[1].past_due, 0);
	assert_int_equal(group.part[1].called, missing); /* her own reaches */
	assert_int_equal(group.part[1].guarantee, 500000 - missing);
	assert_int_equal(saved(1), 500000 - missing);
	assert_int_equal(saved(0), 500000);
	assert_int_equal(messages("guarantee.called"), 1);
	call(&treasurer, TREASURER_PIN, loan); /* not late any more */
	expect(OUTCOME_FAIL, "stale");

	bed.clock.skew_ms = 22 * DAY_MS; /* two more weeks: now the others pay, too */
	clock_update(&bed.clock);
	payments_late_part(&env, &officer, code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_true(late.past_due >= 2600000);
	assert_int_equal(late.held, 1500000 - missing);
	assert_int_equal(late.pays, late.held);
	call(&officer, OFFICER_PIN, loan);
	expect(OUTCOME_PENDING, "second_needed"); /* two words again */
	call(&treasurer, TREASURER_PIN, loan);
	expect(OUTCOME_OK, "");
	for (int i = 0; i < THREE; i++)
		assert_int_equal(saved(i), 0);
	payments_late_part(&env, &officer, code, on_late, NULL);
	wait_all(1);
	expect(OUTCOME_FAIL, "nothing_held");
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
		cmocka_unit_test_setup_teardown(the_guarantee_pays_what_is_late,
		                                open_with_three, story_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
