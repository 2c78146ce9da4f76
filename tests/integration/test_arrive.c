/* Money that comes unasked, on real PostgreSQL: sent with a code, a number, from her own
 * phone, from a stranger; cash at the till.  After every step the books hold. */
#include "payments/flow/savings.h"
#include "payments/flow/send_back.h"
#include "tests/integration/story_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct arrival arrival; /* the latest */
static struct arrival_list unmatched;
static struct uuid loan;
static char loan_code[12];

static void
on_arrival(void *arg, const struct payments_answer *a, const struct arrival *r)
{
	arrival = *r;
	on_plain(arg, a);
}

static void
on_list(void *arg, const struct payments_answer *a, const struct arrival_list *list)
{
	unmatched = *list;
	on_plain(arg, a);
}

static void
push(const char *txn, const char *msisdn, const char *reference, int64_t amount)
{
	struct push_ask ask = { 1, "mtn", txn, msisdn, reference, amount, "TZS" };

	payments_push(&env, &ask, on_arrival, NULL);
	wait_all(1);
}

static unsigned
list(const struct who *who)
{
	payments_unmatched(&env, who, 0, on_list, NULL);
	wait_all(1);
	return unmatched.count;
}

static int64_t
owed(void)
{
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	return got.loan.owed;
}

static void
till(const struct who *who, const char *pin, const char *member, int64_t amount)
{
	struct till_ask ask = { *who, member, amount, pin, fresh_key() };

	payments_till(&env, &ask, on_arrival, NULL);
	wait_all(1);
}

static void
assign(const struct who *who, const char *pin, const char *member, struct uuid id)
{
	struct assign_ask ask = { *who, id, member, pin };

	payments_assign(&env, &ask, on_arrival, NULL);
	wait_all(1);
}

static void
without_a_loan_it_is_her_credit(void **state)
{
	(void)state;
	push("T-1", NEEMA, "", 70000);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -70000);
	memcpy(loan_code, arrival.code, sizeof loan_code);
	push("T-1", NEEMA, "", 70000); /* told twice */
	expect(OUTCOME_OK, "");
	assert_string_equal(arrival.code, loan_code); /* the first time's */
	assert_true(uuid_equal(&arrival.member_id, &neema.member_id));
	push("T-1", NEEMA, "", 80000);
	expect(OUTCOME_FAIL, "differs");
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -70000);
}

static void
whose_it_is(void **state)
{
	static const struct {
		const char *msisdn, *reference; /* "CODE": the loan's */
	} cases[] = {
		{ "255799000999", "CODE" }, /* a brother pays */
		{ "255799000999", "m3" },   { "", "M-0003" }, { "", "0003" },
		{ NEEMA, "for my loan" },   { NEEMA, "" },    { "", NEEMA },
	};

	char txn[12], code[16];
	int64_t before;

	(void)state;
	lend(4000000);
	before = owed();
	loan = got.loan.loan_id;
	memcpy(loan_code, got.loan.code, sizeof loan_code);
	snprintf(code, sizeof code, "%.3s-%s", loan_code, loan_code + 3);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool by_code = strcmp(cases[i].reference, "CODE") == 0;

		snprintf(txn, sizeof txn, "W-%zu", i);
		push(txn, cases[i].msisdn, by_code ? code : cases[i].reference, 10000);
		expect(OUTCOME_OK, "");
		assert_true(uuid_equal(&arrival.loan_id, &loan));
		assert_int_equal(owed(), before - 10000 * (int64_t)(i + 1));
	}
	push("W-x", NEEMA, "", 0);
	expect(OUTCOME_FAIL, "bad_input");
	push("", NEEMA, "", 100);
	expect(OUTCOME_FAIL, "bad_input");
}

static void
nobodys_money_waits(void **state)
{
	int64_t before = owed();

	(void)state;
	push("N-1", "255799000999", "hello", 30000);
	expect(OUTCOME_OK, "");
	assert_true(uuid_is_nil(&arrival.member_id));
	assert_int_equal(balance(ACC_UNMATCHED, NULL, "TZS"), -30000);
	list(&neema);
	expect(OUTCOME_FAIL, "not_allowed");
	assert_int_equal(list(&officer), 1);
	assign(&neema, NEEMA_PIN, "M-0003", unmatched.at[0].arrival_id);
	expect(OUTCOME_FAIL, "not_allowed");
	assign(&officer, OFFICER_PIN, "M-0099", unmatched.at[0].arrival_id);
	expect(OUTCOME_FAIL, "not_found");
	assign(&officer, OFFICER_PIN, "M-0002", unmatched.at[0].arrival_id);
	expect(OUTCOME_FAIL, "own_work");
	assign(&officer, OFFICER_PIN, loan_code, unmatched.at[0].arrival_id);
	expect(OUTCOME_OK, "");
	assert_int_equal(owed(), before - 30000);
	assert_int_equal(balance(ACC_UNMATCHED, NULL, "TZS"), 0);
	assign(&officer, OFFICER_PIN, loan_code, unmatched.at[0].arrival_id);
	expect(OUTCOME_FAIL, "stale");
	assert_int_equal(list(&officer), 0);
}

static void
back(const struct who *who, const char *pin, struct uuid id, struct uuid key)
{
	struct back_ask ask = { *who, id, pin, key };

	payments_send_back(&env, &ask, on_arrival, NULL);
	wait_all(1);
}

static int64_t
cash_there(void)
{
	return bed_query(&bed,
	                 "select sum(balance)::bigint from accounts where kind = 0");
}

/* It is spent when it has left, not before; what cannot be sent stands in the list. */
static void
nobodys_money_goes_back(void **state)
{
	struct uuid id, key = fresh_key();
	int64_t cash;

	(void)state;
	push("B-1", "255799000999", "wrong number", 30000);
	cash = cash_there();
	id = arrival.arrival_id;
	back(&officer, OFFICER_PIN, id, fresh_key());
	expect(OUTCOME_FAIL, "not_allowed");
	back(&treasurer, "9999", id, fresh_key());
	expect(OUTCOME_FAIL, "pin_wrong");

	back(&treasurer, TREASURER_PIN, id, key);
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(list(&officer), 0);
	assert_int_equal(balance(ACC_UNMATCHED, NULL, "TZS"), -30000);
	back(&treasurer, TREASURER_PIN, id, fresh_key());
	expect(OUTCOME_FAIL, "stale");
	assign(&officer, OFFICER_PIN, loan_code, id);
	expect(OUTCOME_FAIL, "stale");

	verdict(&id, PAY_FAILED);
	assert_int_equal(list(&officer), 1);
	assert_int_equal(balance(ACC_UNMATCHED, NULL, "TZS"), -30000);

	back(&treasurer, TREASURER_PIN, id, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	verdict(&id, PAY_PAID);
	assert_int_equal(list(&officer), 0);
	assert_int_equal(balance(ACC_UNMATCHED, NULL, "TZS"), 0);
	assert_int_equal(cash_there(), cash - 30000);
	assert_int_equal(bed_query(&bed, "select count(*) from payments "
	                                 "where purpose = 'back_out' and msisdn = "
	                                 "'255799000999' and provider = 'mtn'"),
	                 2);
	back(&treasurer, TREASURER_PIN, id, fresh_key());
	expect(OUTCOME_FAIL, "stale");
}

/* A network that hides who sent it must send it back itself. */
static void
a_hidden_number_gets_nothing(void **state)
{
	(void)state;
	push("B-2", "25470****149", "", 10000);
	back(&treasurer, TREASURER_PIN, arrival.arrival_id, fresh_key());
	expect(OUTCOME_FAIL, "no_number");
	assign(&officer, OFFICER_PIN, "M-0003", arrival.arrival_id);
	expect(OUTCOME_OK, "");
}

static void
on_savings(void *arg, const struct payments_answer *a, const struct savings_view *v)
{
	(void)v;
	on_plain(arg, a);
}

static void
save(void)
{
	struct savings_ask ask = { .who = neema, .amount = 20000, .key = fresh_key() };

	payments_save(&env, &ask, on_savings, NULL);
	wait_all(1);
}

/* Two prompts on one handset: she would answer one for the other. */
static void
one_prompt_on_a_handset(void **state)
{
	(void)state;
	pull(10000, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	save();
	expect(OUTCOME_FAIL, "busy");
	verdict(&loan, PAY_FAILED);
	save();
	expect(OUTCOME_PENDING, "paying");
	pull(10000, fresh_key());
	expect(OUTCOME_FAIL, "busy");
	bed_query(&bed,
	          "update payments set created_ms = created_ms - 300001, changed_ms = "
	          "changed_ms + 1 where purpose = 'save_in' returning 1");
	pull(10000, fresh_key()); /* that prompt is long gone, whatever became of it */
	expect(OUTCOME_PENDING, "paying");
	verdict(&loan, PAY_FAILED);
	verdict(&neema.member_id, PAY_FAILED);
}

static void
cash_at_the_till(void **state)
{
	int64_t before = owed();

	(void)state;
	till(&officer, OFFICER_PIN, "M-0003", 50000);
	expect(OUTCOME_FAIL, "not_allowed");
	till(&treasurer, TREASURER_PIN, "M-0001", 50000);
	expect(OUTCOME_FAIL, "own_work");
	till(&treasurer, "9999", "M-0003", 50000);
	expect(OUTCOME_FAIL, "pin_wrong");
	till(&treasurer, TREASURER_PIN, "M-0003", -1);
	expect(OUTCOME_FAIL, "bad_input");
	till(&treasurer, TREASURER_PIN, "M-0003", 50000);
	expect(OUTCOME_OK, "");
	assert_int_equal(owed(), before - 50000);
	assert_int_equal(balance(ACC_TILL, NULL, "TZS"), 50000);
}

static void
over_it_is_her_credit(void **state)
{
	int64_t left = owed();

	(void)state;
	till(&treasurer, TREASURER_PIN, loan_code, left + 1000);
	expect(OUTCOME_OK, "");
	assert_int_equal(balance(ACC_MEMBER, &neema.member_id, "TZS"), -70000 - 1000);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	assert_int_equal(bed_query(&bed, "select count(*) from messages "
	                                 "where template = 'loan.closed'"),
	                 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_loan_it_is_her_credit),
		cmocka_unit_test(whose_it_is),
		cmocka_unit_test(nobodys_money_waits),
		cmocka_unit_test(nobodys_money_goes_back),
		cmocka_unit_test(a_hidden_number_gets_nothing),
		cmocka_unit_test(one_prompt_on_a_handset),
		cmocka_unit_test(cash_at_the_till),
		cmocka_unit_test(over_it_is_her_credit),
	};

	return cmocka_run_group_tests(tests, story_open_with_neema, story_close);
}
