#include "tests/integration/story_bed.h"

#include "payments/flow/seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct ledger_bed bed;
struct flow_env env;
struct who treasurer, officer, neema;

struct story_answers got;

static void
heard(const struct payments_answer *a)
{
	got.answer = *a;
	got.waiting--;
}

#define ON(name, type, field)                                                            \
	void name(void *arg, const struct payments_answer *a, const type *v)             \
	{                                                                                \
		(void)arg;                                                               \
		got.field = *v;                                                          \
		heard(a);                                                                \
	}

ON(on_member, struct member, member)
ON(on_loan, struct loan_view, loan)
ON(on_offer, struct loan_offer, offer)
ON(on_loans, struct loan_list, loans)
ON(on_lot, struct lot_view, lot)
ON(on_lots, struct lot_list, lots)
ON(on_price, struct price_view, price)
ON(on_receipt, struct receipt_view, receipt)
ON(on_receipts, struct receipt_list, receipts)
ON(on_dialler, struct dialler, dialler)
ON(on_home, struct home, home)
ON(on_cash, struct float_view, cash)
ON(on_repay, struct repayment, repayment)

void
on_plain(void *arg, const struct payments_answer *a)
{
	(void)arg;
	heard(a);
}

void
on_seed(void *arg, const struct payments_answer *a, int32_t cooperative_id)
{
	(void)arg;
	got.member.cooperative_id = cooperative_id;
	heard(a);
}

void
on_recorded(void *arg, const struct err *err)
{
	(void)arg;
	got.err = *err;
	got.waiting--;
}

void
wait_all(unsigned n)
{
	int64_t end;

	clock_update(&bed.clock);
	end = bed.clock.mono_ms + 10000;
	got.waiting += n;
	while (got.waiting > 0) {
		loop_turn(bed.loop, 20);
		assert_true(bed.clock.mono_ms < end);
	}
}

/* What must hold at any time. */
void
books_balance(void)
{
	assert_int_equal(bed_query(&bed, "select count(*) from book_faults()"), 0);
}

void
expect(enum outcome outcome, const char *reason)
{
	assert_string_equal(got.answer.reason, reason);
	assert_int_equal(got.answer.outcome, outcome);
	books_balance();
}

int64_t
balance(enum account_kind kind, const struct uuid *owner, const char *unit)
{
	struct account_ref ref = account(kind, owner, unit);
	struct uuid id = account_id(1, &ref);
	char text[UUID_TEXT_SIZE], sql[160];

	snprintf(sql, sizeof sql,
	         "select coalesce(sum(balance), 0) from accounts where account_id = '%s'",
	         uuid_text(&id, text));
	return bed_query(&bed, sql);
}

struct uuid
fresh_key(void)
{
	return ids_uuid4(&bed.ids);
}

struct who
find(const char *msisdn)
{
	payments_member_find(&env, msisdn, 0, on_member, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	return (struct who){ got.member.cooperative_id, got.member.member_id };
}

void
join(const char *msisdn, const char *name, const char *pin)
{
	struct register_ask ask = { "mgodi", name, "sw", msisdn, pin };
	struct who who;

	payments_register_begin(&env, &ask, on_member, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.member.state, MEMBER_PENDING);
	who = (struct who){ 1, got.member.member_id };
	payments_register_confirm(&env, &who, pin, on_member, NULL);
	wait_all(1);
	expect(OUTCOME_OK, "");
	assert_int_equal(got.member.state, MEMBER_ACTIVE);
}

int
story_open(void **state)
{
	struct pinhash_options o = { .threads = 1,
		                     .memory_bytes = 8192 * 8,
		                     .passes = 1 };
	struct seed_ask ask = { NULL, "mtn", FLOAT_OPEN, TREASURER_PIN, OFFICER_PIN };

	(void)state;
	if (ledger_bed_open(&bed) != 0)
		return -1;
	env = (struct flow_env){ .loop = bed.loop,
		                 .ids = &bed.ids,
		                 .pg = bed.pg,
		                 .settle = bed.settle,
		                 .pinhash = pinhash_new(bed.loop, &o) };
	for (int i = 0; i < 2; i++) { /* seeding twice is seeding once */
		payments_seed(&env, &ask, on_seed, NULL);
		wait_all(1);
		expect(OUTCOME_OK, "");
	}
	treasurer = find(TREASURER);
	officer = find(OFFICER);
	return 0;
}

int
story_open_with_neema(void **state)
{
	if (story_open(state) != 0)
		return -1;
	join(NEEMA, "Neema", NEEMA_PIN);
	neema = find(NEEMA);
	return 0;
}

int
story_close(void **state)
{
	(void)state;
	pinhash_free(env.pinhash);
	ledger_bed_close(&bed);
	return 0;
}

/* ---- helpers of the stories ---------------------------------------------------------
 */

struct loan_ask
neema_asks(int64_t amount)
{
	return (struct loan_ask){
		.who = neema, .amount = amount, .pin = NEEMA_PIN, .key = fresh_key()
	};
}

void
offer(const char *product, int64_t amount, unsigned terms)
{
	struct offer_ask ask = {
		.who = neema, .product = product, .amount = amount, .terms = terms
	};

	payments_loan_offer(&env, &ask, on_offer, NULL);
	wait_all(1);
}

void
ask_loan(const struct who *who, int64_t amount, const char *pin, struct uuid key)
{
	struct loan_ask ask = { .who = *who, .amount = amount, .pin = pin, .key = key };

	payments_loan_request(&env, &ask, on_loan, NULL);
	wait_all(1);
}

void
decide(const struct who *who, const char *pin, struct uuid loan, bool approve,
       struct uuid key)
{
	struct decide_ask ask = { *who, loan, approve, pin, key };

	payments_approval_decide(&env, &ask, on_loan, NULL);
	wait_all(1);
}

/* The newest payment about a loan or lot, as the rails would hand it over. */
static void
on_fetch(void *arg, const struct pg_reply *r)
{
	struct payment *p = arg;

	p->payment_id = reply_uuid(r, 0, 0);
	p->purpose_id = reply_uuid(r, 0, 1);
	p->member_id = reply_uuid(r, 0, 2);
	p->hold_id = reply_uuid(r, 0, 3);
	p->amount = reply_i64(r, 0, 4);
	snprintf(p->purpose, sizeof p->purpose, "%s", reply_text(r, 0, 5));
	snprintf(p->provider, sizeof p->provider, "%s", reply_text(r, 0, 6));
	snprintf(p->msisdn, sizeof p->msisdn, "%s", reply_text(r, 0, 7));
	snprintf(p->currency, sizeof p->currency, "%s", reply_text(r, 0, 8));
	snprintf(p->code, sizeof p->code, "%s", reply_text(r, 0, 9));
	p->part = (int32_t)reply_i64(r, 0, 10);
	p->rest = reply_i64(r, 0, 11);
	p->rest_hold_id = reply_uuid(r, 0, 12);
	p->waits = (int32_t)reply_i64(r, 0, 13);
	p->extra = reply_i64(r, 0, 15);
	p->direction = reply_bool(r, 0, 14) ? PAY_OUT : PAY_IN;
	got.waiting--;
}

struct payment
fetch_payment(const struct uuid *purpose_id)
{
	static const struct pg_statement newest = {
		"test_newest_payment",
		"select payment_id, purpose_id, member_id, hold_id, amount, purpose, "
		"provider, msisdn, currency, code, part, rest, rest_hold_id, waits, "
		"direction = 'out', extra "
		"from payments where purpose_id = "
		"$1::uuid "
		"order by created_ms desc, payment_id desc limit 1"
	};
	struct payment p = { .cooperative_id = 1 };
	struct pg_args *a = pg_args_new();

	pg_uuid(a, purpose_id);
	pg_call(bed.pg, &newest, a, 5000, on_fetch, &p);
	wait_all(1);
	return p;
}

void
record_as(struct payment p, enum pay_state to)
{
	struct verdict why = { .kind = to == PAY_PAID ? VERDICT_PAID : VERDICT_FAILED,
		               .reason =
		                   to == PAY_PAID ? REASON_NONE : REASON_NOT_REGISTERED,
		               .amount_minor = -1 };

	assert_true(purpose_record(&env, &p, to, &why, on_recorded, NULL));
	wait_all(1);
	books_balance();
}

void
verdict(const struct uuid *purpose_id, enum pay_state to)
{
	record_as(fetch_payment(purpose_id), to);
	assert_int_equal(got.err.code, ERR_NONE);
}

void
lend(int64_t amount)
{
	ask_loan(&neema, amount, NEEMA_PIN, fresh_key());
	expect(OUTCOME_PENDING, "approval");
	decide(&treasurer, TREASURER_PIN, got.loan.loan_id, true, fresh_key());
	expect(OUTCOME_PENDING, "paying");
	verdict(&got.loan.loan_id, PAY_PAID);
}

void
weigh(int64_t mg, struct uuid key)
{
	struct lot_ask ask = { .who = treasurer,
		               .seller = NEEMA,
		               .gross_mg = mg,
		               .fineness = 900,
		               .method = METHOD_XRF,
		               .tag = "T-1",
		               .key = key };

	payments_lot_record(&env, &ask, on_lot, NULL);
	wait_all(1);
}

void
consent(struct uuid lot, struct uuid key)
{
	struct consent_ask ask = { neema, lot, NEEMA_PIN, key };

	payments_lot_consent(&env, &ask, on_lot, NULL);
	wait_all(1);
}

void
pull(int64_t amount, struct uuid key)
{
	struct repay_ask ask = { neema, amount, key };

	payments_repay(&env, &ask, on_repay, NULL);
	wait_all(1);
}
