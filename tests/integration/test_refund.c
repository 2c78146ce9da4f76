/* What was collected goes back to who paid it, on real PostgreSQL: asked for by one
 * officer, agreed to by another; what it had paid is taken back; paid, or owed if it
 * cannot be sent; once and no more.  After every step the books hold. */
#include "config/settings.h"
#include "payments/flow/arrive.h"
#include "payments/flow/lease.h"
#include "payments/flow/loans.h"
#include "payments/flow/pay_owed.h"
#include "payments/flow/refund.h"
#include "payments/flow/send_back.h"
#include "tests/integration/group_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arrival arrival; /* the latest */
static char code[12];          /* of the money that goes back */

static void
on_arrival(void *arg, const struct payments_answer *a, const struct arrival *r)
{
	arrival = *r;
	on_plain(arg, a);
}

static void
push(const char *txn, const char *msisdn, const char *reference, int64_t amount)
{
	struct push_ask ask = { 1, "mtn", txn, msisdn, reference, amount, "TZS" };

	payments_push(&env, &ask, on_arrival, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	memcpy(code, arrival.code, sizeof code);
}

static struct refund_view view; /* the latest */

static void
on_view(void *arg, const struct payments_answer *a, const struct refund_view *v)
{
	view = *v;
	on_plain(arg, a);
}

static void
ask_back(const struct who *who, const char *pin)
{
	struct refund_say say = { *who, code, "paid twice", pin };

	payments_refund_ask(&env, &say, on_view, NULL);
	wait_all(1);
}

static void
answer(const struct who *who, const char *pin, bool agree)
{
	struct refund_say say = { *who, code, NULL, pin };

	payments_refund_answer(&env, &say, agree, on_view, NULL);
	wait_all(1);
}

static struct uuid
query_uuid(const char *sql)
{
	static struct uuid id;
	int64_t half[2];
	char text[600];

	for (int i = 0; i < 2; i++) {
		snprintf(text, sizeof text,
		         "select ('x' || substr(replace(id::text, '-', ''), %d, "
		         "16))::bit(64)::bigint from (%s) x(id)",
		         1 + 16 * i, sql);
		half[i] = bed_query(&bed, text);
		for (int k = 0; k < 8; k++)
			id.b[8 * i + k] = (uint8_t)((uint64_t)half[i] >> (56 - 8 * k));
	}
	return id;
}

static struct uuid
refund_id(void)
{
	return query_uuid("select refund_id from refunds order by asked_ms desc, "
	                  "changed_ms desc limit 1");
}

static void
pay_back(void)
{
	struct uuid id = refund_id();

	payments_refund_pay(&env, 1, &id, on_plain, NULL);
	wait_all(1);
}

/* Asked for and agreed to; the books have not heard of it yet. */
static void
agree_on(void)
{
	ask_back(&officer, OFFICER_PIN);
	expect(OUTCOME_PENDING, "second_needed");
	answer(&treasurer, TREASURER_PIN, true);
	expect(OUTCOME_PENDING, "paying");
}

static int64_t
owed(void)
{
	payments_loan_status(&env, &neema, on_loan, NULL);
	wait_all(1);
	return got.loan.owed;
}

static int64_t
credit(void)
{
	return balance(ACC_MEMBER, &neema.member_id, "TZS");
}

static int64_t
cash(void)
{
	return bed_query(&bed,
	                 "select sum(balance)::bigint from accounts where kind = 0");
}

static void
repay(int64_t amount)
{
	struct uuid loan;
	struct payment p;

	pull(amount, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	loan = got.repayment.loan.loan_id;
	p = fetch_payment(&loan);
	record_as(p, PAY_PAID);
	memcpy(code, p.code, sizeof code);
	bed_query(&bed, "update payments set provider_txn = 'TX' || code, changed_ms = "
	                "changed_ms + 1 where provider_txn = '' returning 1");
}

static void
on_owed(void *arg, const struct payments_answer *a, const struct owed_payout *p)
{
	(void)p;
	on_plain(arg, a);
}

static void
on_asset(void *arg, const struct payments_answer *a, const struct asset *s)
{
	*(struct uuid *)arg = s->asset_id;
	on_plain(NULL, a);
}

/* All of it; where one officer may not alone, another says so, too. */
static void
pay_what_is_owed(void)
{
	struct pay_owed_ask ask = { officer, neema.member_id, OFFICER_PIN, fresh_key() };

	payments_pay_owed(&env, &ask, on_owed, NULL);
	wait_all(1);
	if (strcmp(got.answer.reason, "second_needed") == 0) {
		ask = (struct pay_owed_ask){ treasurer, neema.member_id, TREASURER_PIN,
			                     fresh_key() };
		payments_pay_owed(&env, &ask, on_owed, NULL);
		wait_all(1);
	}
	expect(OUTCOME_PENDING, "paying");
	verdict(&neema.member_id, PAY_PAID);
	assert_int_equal(credit(), 0);
}

/* Before the pump is fetched the lease waits for its deposit again; after, it is spent.
 */
static void
a_deposit_goes_back(void **state)
{
	struct asset_ask pump = { treasurer, "Water pump",  "SN-1",
		                  60000000,  TREASURER_PIN, fresh_key() };
	struct loan_ask ask = {
		.who = neema, .terms = 6, .pin = NEEMA_PIN, .key = fresh_key()
	};
	struct lease_ask lease = { .who = neema, .key = fresh_key() };
	struct uuid loan, refund;
	struct payment p;

	(void)state;
	payments_asset_new(&env, &pump, on_asset, &ask.asset_id);
	wait_all(1);
	payments_loan_request(&env, &ask, on_loan, NULL);
	wait_all(1);
	loan = got.loan.loan_id;
	decide(&treasurer, TREASURER_PIN, loan, true, fresh_key());
	expect(OUTCOME_PENDING, "deposit");
	p = fetch_payment(&loan);
	record_as(p, PAY_PAID);
	memcpy(code, p.code, sizeof code);
	assert_int_equal(balance(ACC_DEPOSIT, &neema.member_id, "TZS"), -p.amount);
	agree_on();
	pay_back();
	expect(OUTCOME_PENDING, "paying");
	refund = refund_id();
	assert_int_equal(balance(ACC_DEPOSIT, &neema.member_id, "TZS"), 0);
	payments_lease_deposit(&env, &lease, on_loan, NULL); /* it waits for another */
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	verdict(&refund, PAY_PAID);
	assert_int_equal(credit(), 0);
	p = fetch_payment(&loan);
	record_as(p, PAY_PAID);
	memcpy(code, p.code, sizeof code);
	lease.key = fresh_key();
	payments_lease_give_up(&env, &lease, on_loan, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	agree_on();
	pay_back();
	expect(OUTCOME_FAIL, "deposit");
	pay_what_is_owed();
}

static void
by_two_officers(void **state)
{
	int64_t before, before_asked;

	(void)state;
	lend(4000000);
	before = owed();
	repay(1000000);
	ask_back(&neema, NEEMA_PIN);
	expect(OUTCOME_FAIL, "not_allowed");
	ask_back(&officer, "0000");
	expect(OUTCOME_FAIL, "pin_wrong");
	before_asked = messages("refund.second");
	ask_back(&officer, OFFICER_PIN);
	expect(OUTCOME_PENDING, "second_needed");
	ask_back(&treasurer, TREASURER_PIN);
	expect(OUTCOME_FAIL, "asked");
	assert_int_equal(messages("refund.second"), before_asked + 1);
	answer(&officer, OFFICER_PIN, true);
	expect(OUTCOME_FAIL, "second_needed");
	answer(&officer, OFFICER_PIN, false); /* takes it back */
	expect(OUTCOME_OK, "");
	answer(&treasurer, TREASURER_PIN, true);
	expect(OUTCOME_FAIL, "not_found");
	assert_int_equal(owed(), before - 1000000);
}

#define CHANGED(by)                                                                      \
	"update refunds set amount = amount " by " where state = 'confirmed' returning " \
	"1"

/* A provider that gives back all or nothing is asked for no part; nobody for more. */
static void
all_of_it_or_nothing(void **state)
{
	static const char *const sql[] = { CHANGED("- 1"), CHANGED("+ 1") };
	static struct settings s;
	int64_t before = owed();

	(void)state;
	s.provider_count = 1;
	memcpy(s.providers[0].name, "mtn", 4);
	memcpy(s.providers[0].codec, "airtel", 7);
	env.settings = &s;
	for (int i = 0; i < 2; i++) {
		agree_on();
		bed_query(&bed, sql[i]);
		pay_back();
		expect(OUTCOME_FAIL, i == 0 ? "part" : "too_much");
	}
	assert_int_equal(owed(), before);
	env.settings = NULL;
}

static void
a_repayment_goes_back(void **state)
{
	int64_t before = owed() + 1000000, there = cash();
	struct uuid refund;

	(void)state;
	agree_on();
	pay_back();
	expect(OUTCOME_PENDING, "paying");
	pay_back(); /* twice, as after a crash */
	expect(OUTCOME_FAIL, "stale");
	refund = refund_id();
	assert_int_equal(owed(), before);
	assert_int_equal(credit(), -1000000);
	assert_int_equal(cash(), there);
	assert_int_equal(bed_query(&bed,
	                           "select count(*) from payments p join payments c "
	                           "on c.payment_id = p.back_of where p.purpose = "
	                           "'refund_out' and p.back_reference = c.reference "
	                           "and p.back_txn = 'TX' || c.code and p.msisdn = "
	                           "c.msisdn and p.provider = c.provider and "
	                           "p.back_amount = c.amount"),
	                 1);
	verdict(&refund, PAY_PAID);
	assert_int_equal(credit(), 0);
	assert_int_equal(cash(), there - 1000000);
	assert_int_equal(owed(), before);
	ask_back(&officer, OFFICER_PIN);
	expect(OUTCOME_FAIL, "asked"); /* once and no more */
}

/* It closed the loan and more; it cannot be sent, and is owed to her. */
static void
what_cannot_be_sent_is_owed(void **state)
{
	int64_t before = owed(), there;
	struct uuid refund, loan;

	(void)state;
	repay(before + 500);
	loan = got.repayment.loan.loan_id;
	assert_int_equal(credit(), -500);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
	there = cash();
	agree_on();
	pay_back();
	expect(OUTCOME_PENDING, "paying");
	refund = refund_id();
	assert_int_equal(owed(), before);
	assert_int_equal(credit(), -before - 500);
	verdict(&refund, PAY_FAILED);
	assert_int_equal(owed(), before);
	assert_int_equal(credit(), -before - 500);
	assert_int_equal(cash(), there);
	assert_int_equal(messages("refund.owed"), 1);
	ask_back(&officer, OFFICER_PIN);
	expect(OUTCOME_FAIL, "asked");
	pay_what_is_owed();
	assert_int_equal(cash(), there - before - 500);
	repay(before);
	assert_int_equal(balance(ACC_LOAN, &loan, "TZS"), 0);
}

/* Her loan is paid, she has another one: she cannot have two. */
static void
not_beside_another_loan(void **state)
{
	char before[12];

	(void)state;
	memcpy(before, code, sizeof before);
	lend(4000000);
	agree_on();
	pay_back();
	expect(OUTCOME_FAIL, "loan");
	assert_int_equal(bed_query(&bed, "select count(*) from refunds where state = "
	                                 "'refused' and reason = 'loan'"),
	                 1);
	pay_back();
	expect(OUTCOME_FAIL, "stale");
}

static void
on_saved(void *arg, const struct payments_answer *a, const struct savings_view *v)
{
	(void)v;
	on_plain(arg, a);
}

static void
savings_go_back_while_they_are_there(void **state)
{
	struct savings_ask ask = { .who = neema, .amount = 20000, .key = fresh_key() };
	struct payment p;

	(void)state;
	payments_save(&env, &ask, on_saved, NULL);
	wait_all(1);
	p = fetch_payment(&neema.member_id);
	record_as(p, PAY_PAID);
	memcpy(code, p.code, sizeof code);
	ask.pin = NEEMA_PIN;
	ask.amount = 1;
	ask.key = fresh_key();
	payments_savings_take(&env, &ask, on_saved, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	agree_on();
	pay_back();
	expect(OUTCOME_FAIL, "spent");
	assert_int_equal(balance(ACC_SAVINGS, &neema.member_id, "TZS"), -19999);
}

/* It was hers by mistake: it is nobody's again, and stands in the list if it cannot go.
 */
static void
an_arrival_goes_back(void **state)
{
	int64_t before = owed(), mine = credit(), there;
	struct back_ask again = { treasurer, { { 0 } }, TREASURER_PIN, fresh_key() };

	(void)state;
	push("R-1", "255799000999", "M-0003", 30000);
	assert_int_equal(owed(), before - 30000);
	there = cash();
	agree_on();
	pay_back();
	expect(OUTCOME_PENDING, "paying");
	assert_int_equal(owed(), before);
	assert_int_equal(credit(), mine);
	assert_int_equal(balance(ACC_UNMATCHED, NULL, "TZS"), -30000);
	verdict(&arrival.arrival_id, PAY_FAILED);
	assert_int_equal(bed_query(&bed, "select count(*) from arrivals where state = "
	                                 "'unmatched'"),
	                 1);
	again.arrival_id = arrival.arrival_id;
	payments_send_back(&env, &again, on_arrival, NULL);
	wait_all(1);
	expect(OUTCOME_PENDING, "paying");
	verdict(&again.arrival_id, PAY_PAID);
	assert_int_equal(cash(), there - 30000);
	assert_int_equal(bed_query(&bed, "select count(*) from payments where purpose = "
	                                 "'back_out' and back_txn = 'R-1'"),
	                 2);
	ask_back(&officer, OFFICER_PIN);
	expect(OUTCOME_FAIL, "not_paid"); /* it is not here any more */
}

/* Credit of hers, and money of nobody: no loan is in it. */
static void
arrivals_without_a_loan(void **state)
{
	(void)state;
	push("R-2", "255799000999", "hello", 7000);
	agree_on();
	pay_back();
	expect(OUTCOME_PENDING, "paying");
	verdict(&arrival.arrival_id, PAY_PAID);
	assert_int_equal(balance(ACC_UNMATCHED, NULL, "TZS"), 0);
	push("R-3", "25470****149", "M-0003", 7000);
	ask_back(&officer, OFFICER_PIN);
	expect(OUTCOME_FAIL, "no_number");
}

/* One paid for all: every part of the group is as it was. */
static void
a_group_payment_goes_back(void **state)
{
	int64_t before[THREE];
	struct payment p;
	struct uuid refund;

	(void)state;
	lend_to_all("Umoja");
	for (int i = 0; i < THREE; i++) {
		look_at(&one[i]);
		before[i] = group.part[i].owed;
	}
	pay_for_all(0, 600000, PAY_PAID);
	p = fetch_payment(&group_id);
	memcpy(code, p.code, sizeof code);
	agree_on();
	pay_back();
	expect(OUTCOME_PENDING, "paying");
	refund = refund_id();
	look_at(&one[0]);
	for (int i = 0; i < THREE; i++)
		assert_int_equal(group.part[i].owed, before[i]);
	verdict(&refund, PAY_PAID);
	assert_int_equal(balance(ACC_MEMBER, &one[0].member_id, "TZS"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deposit_goes_back),
		cmocka_unit_test(by_two_officers),
		cmocka_unit_test(all_of_it_or_nothing),
		cmocka_unit_test(a_repayment_goes_back),
		cmocka_unit_test(what_cannot_be_sent_is_owed),
		cmocka_unit_test(not_beside_another_loan),
		cmocka_unit_test(savings_go_back_while_they_are_there),
		cmocka_unit_test(an_arrival_goes_back),
		cmocka_unit_test(arrivals_without_a_loan),
		cmocka_unit_test(a_group_payment_goes_back),
	};

	return cmocka_run_group_tests(tests, open_with_three, story_close);
}
