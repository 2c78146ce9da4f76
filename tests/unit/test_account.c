/* A loan's life: payments in order, reversal, penalties and their cap; and what must hold
 * for any contract and any history. */
#include "payments/core/account.h"
#include "payments/core/day.h"
#include "payments/core/loan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define START 20000 /* 2024-10-04 */

static struct loan_account account, other;
static struct contract contract;
static struct schedule plan;

static uint64_t
roll(uint64_t *seed, uint64_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed % below;
}

static void
tell(struct loan_account *a, enum loan_event_kind kind, int32_t day, int64_t amount,
     uint32_t of)
{
	struct err err = err_none();

	if (loan_account_tell(a,
	                      &(struct loan_event){ .id = a->event_count + 1,
	                                            .kind = kind,
	                                            .day = day,
	                                            .amount = amount,
	                                            .of = of },
	                      &err) < 0)
		fail_msg("%s: %s", loan_event_name(kind), err.what);
}

/* Four weeks, 5 % on each, 2 % of the principal when three days late. */
static void
weekly(int64_t principal)
{
	contract_init(&contract);
	contract.principal = principal;
	contract.start = START;
	contract.instalments = 4;
	contract.every_unit = EVERY_WEEKS;
	contract.interest_type = INTEREST_FLAT;
	contract.charge_count = 2;
	contract.charges[0] = (struct charge){ .code = "service",
		                               .time = CHARGE_PER_INSTALMENT,
		                               .base = CHARGE_PCT_PRINCIPAL,
		                               .pct = 5 * PCT_ONE };
	contract.charges[1] = (struct charge){ .code = "late",
		                               .time = CHARGE_OVERDUE,
		                               .base = CHARGE_PCT_PRINCIPAL,
		                               .penalty = true,
		                               .pct = 2 * PCT_ONE,
		                               .grace_days = 3 };
	loan_account_open(&account, &contract);
	tell(&account, EVENT_DISBURSE, START, principal, 0);
}

static void
conserves(const struct loan_account *a)
{
	int64_t owed = 0;

	for (uint32_t i = 0; i < a->row_count; i++)
		for (int p = 0; p < PARTS; p++) {
			assert_true(a->rows[i].paid[p] >= 0);
			assert_true(account_row_owed(&a->rows[i], (enum component)p) >=
			            0);
			owed += account_row_owed(&a->rows[i], (enum component)p);
		}
	assert_int_equal(owed, a->total.outstanding_all);
	for (uint32_t i = 0; i < a->line_count; i++) {
		const struct loan_line *l = &a->lines[i];

		if (strcmp(l->type, "Repayment") == 0)
			assert_int_equal(l->part[0] + l->part[1] + l->part[2] +
			                     l->part[3] + l->overpaid,
			                 l->amount);
	}
}

static void
paid_in_full_and_over(void **state)
{
	(void)state;
	weekly(100000);
	assert_int_equal(account.total.outstanding_all, 105000);
	tell(&account, EVENT_REPAY, START + 7, 26250, 0);
	assert_int_equal(account.rows[0].paid_day, START + 7);
	tell(&account, EVENT_REPAY, START + 9, 80000, 0);
	assert_int_equal(account.status, STATUS_OVERPAID);
	assert_int_equal(account.total.overpaid, 1250);
	tell(&account, EVENT_REFUND, START + 9, 1250, 0);
	assert_int_equal(account.status, STATUS_CLOSED);
	assert_int_equal(loan_account_tell(&account,
	                                   &(struct loan_event){ .kind = EVENT_REFUND,
	                                                         .day = START + 9,
	                                                         .amount = 1 },
	                                   NULL),
	                 -1);
	conserves(&account);
}

static void
a_reversal_is_as_if_never(void **state)
{
	(void)state;
	weekly(100000);
	tell(&account, EVENT_REPAY, START + 7, 26250, 0);
	tell(&account, EVENT_REPAY, START + 14, 10000, 0);
	tell(&account, EVENT_REVERSE, START + 15, 0, 2);
	assert_int_equal(account.total.outstanding_all, 95000);
	assert_int_equal(account.rows[0].late, 10000);
	assert_true(account.lines[1].reverted);
	assert_int_equal(account.lines[1].part[PART_PRINCIPAL], 25000);
	conserves(&account);
}

static void
late_once_and_capped(void **state)
{
	struct loan_event due[8];

	(void)state;
	weekly(100000);
	assert_int_equal(loan_account_day(&account, START + 10, NULL), 0);
	assert_int_equal(loan_account_overdue(&account, due, 8), 0); /* in grace */
	assert_int_equal(loan_account_arrears_days(&account), 3);
	assert_int_equal(loan_account_day(&account, START + 11, NULL), 0);
	assert_int_equal(loan_account_overdue(&account, due, 8), 1);
	assert_int_equal(due[0].amount, 500);
	due[0].id = account.event_count + 1;
	assert_int_equal(loan_account_tell(&account, &due[0], NULL), 0);
	assert_int_equal(loan_account_overdue(&account, due, 8), 0); /* once a row */
	assert_int_equal(account.total.outstanding_all, 105500);
	/* the cap: charges never over so much of what was lent */
	account.contract.in_duplum_pct = 6 * PCT_ONE;
	assert_int_equal(loan_account_day(&account, START + 18, NULL), 0);
	assert_int_equal(loan_account_overdue(&account, due, 8), 1);
	assert_int_equal(due[0].amount, 500); /* 5,000 + 500 + 500 = 6 % */
	due[0].id = account.event_count + 1;
	assert_int_equal(loan_account_tell(&account, &due[0], NULL), 0);
	assert_int_equal(loan_account_day(&account, START + 40, NULL), 0);
	assert_int_equal(loan_account_overdue(&account, due, 8), 0);
	conserves(&account);
}

static void
written_off_and_recovered(void **state)
{
	(void)state;
	weekly(100000);
	tell(&account, EVENT_REPAY, START + 7, 26250, 0);
	tell(&account, EVENT_WRITE_OFF, START + 90, 0, 0);
	assert_int_equal(account.status, STATUS_WRITTEN_OFF);
	assert_int_equal(account.total.outstanding_all, 0);
	assert_int_equal(account.total.written_off[PART_PRINCIPAL], 75000);
	tell(&account, EVENT_RECOVER, START + 100, 5000, 0);
	assert_int_equal(account.total.recovered, 5000);
}

/* A history of which the last event cannot have happened. */
static const struct impossible {
	const char *why;
	struct loan_event events[4];
} impossible[] = {
	{ "nothing was lent before that day",
	  { { .kind = EVENT_REPAY, .day = START, .amount = 1 } } },
	{ "nothing was lent before that day",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_REPAY, .day = START - 1, .amount = 1 } } },
	{ "nothing was lent before that day",
	  { { .kind = EVENT_CHARGE,
	      .day = START,
	      .amount = 1,
	      .charge = { .time = CHARGE_ON_DAY } } } },
	{ "nothing was lent before that day",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_REPAY, .day = START, .amount = 1 },
	    { .kind = EVENT_REVERSE, .day = START, .of = 1 } } },
	{ "amount: give more than 0", { { .kind = EVENT_DISBURSE, .day = START } } },
	{ "amount: give more than 0",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_REPAY, .day = START } } },
	{ "amount: give more than 0",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_CHARGE, .day = START } } },
	{ "amount: give 1 to 1000000000000000 minor units",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_REPAY, .day = START, .amount = -1 } } },
	{ "amount: give 1 to 1000000000000000 minor units",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_REPAY, .day = START, .amount = INT64_MAX } } },
	{ "amount: more is lent than the principal agreed",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100001 } } },
	{ "amount: more is lent than the principal agreed",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_DISBURSE, .day = START + 1, .amount = 1 } } },
	{ "nothing was written off before",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_RECOVER, .day = START, .amount = 1 } } },
	{ "the loan was written off before: money that comes back is a recovery",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_WRITE_OFF, .day = START },
	    { .kind = EVENT_REPAY, .day = START, .amount = 1 } } },
	{ "the loan was not charged off before",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_UNDO_CHARGE_OFF, .day = START } } },
	{ "no such event, or reversed already",
	  { { .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
	    { .kind = EVENT_REVERSE, .day = START, .of = 7 } } },
};

static void
impossible_histories_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
		const struct impossible *t = &impossible[i];
		struct err err = err_none();
		uint32_t n = 0;

		weekly(100000);
		loan_account_open(&account, &contract);
		for (; n + 1 < 4 && t->events[n + 1].day != 0; n++)
			tell(&account, t->events[n].kind, t->events[n].day,
			     t->events[n].amount, t->events[n].of);
		if (loan_account_tell(&account, &t->events[n], &err) == 0)
			fail_msg("history %zu: should be: %s", i, t->why);
		assert_string_equal(err.what, t->why);
		assert_int_equal(account.event_count, n); /* as before */
	}
}

/* Two payments that a signed 64-bit sum would not hold, from a store that checks none. */
static void
overpaid_never_wraps(void **state)
{
	const struct loan_event events[] = {
		{ .id = 1, .kind = EVENT_DISBURSE, .day = START, .amount = 100000 },
		{ .id = 2, .kind = EVENT_REPAY, .day = START, .amount = INT64_MAX },
		{ .id = 3, .kind = EVENT_REPAY, .day = START, .amount = INT64_MAX },
	};
	struct err err = err_none();

	(void)state;
	weekly(100000);
	assert_int_equal(loan_account_load(&account, events, 3, &err), -1);
	assert_int_equal(err.code, ERR_OVERFLOW);
}

static void
charges_at_disbursement_are_paid_there(void **state)
{
	(void)state;
	weekly(100000);
	contract.charges[0].time = CHARGE_AT_DISBURSEMENT;
	contract.charges[0].pct = 3 * PCT_ONE / 2;
	loan_account_open(&account, &contract);
	tell(&account, EVENT_DISBURSE, START, 100000, 0);
	assert_int_equal(account.line_count, 3);
	assert_string_equal(account.lines[0].type, "Repayment (at time of disbursement)");
	assert_int_equal(account.lines[0].part[PART_FEE], 1500);
	assert_string_equal(account.lines[2].type, "Accrual");
	assert_int_equal(account.total.at_disbursement[PART_FEE], 1500);
	assert_int_equal(account.total.outstanding_all, 100000);
}

static void
events_survive_their_json(void **state)
{
	static char text[2000];
	struct loan_event in = { .id = 7,
		                 .kind = EVENT_CHARGE,
		                 .day = START,
		                 .amount = 500,
		                 .from = 2,
		                 .charge = { .code = "late",
		                             .time = CHARGE_OVERDUE,
		                             .penalty = true,
		                             .amount = 500,
		                             .day = START } };
	struct loan_event out;
	struct json_writer w;
	struct diag fault;
	struct json *doc;
	struct buf b;

	(void)state;
	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	loan_event_write(&w, &in);
	jw_end_object(&w);
	doc = json_parse(text, b.len, NULL);
	assert_non_null(doc);
	assert_int_equal(loan_event_read(doc, &out, &fault), 0);
	assert_memory_equal(&in.charge, &out.charge, sizeof in.charge);
	assert_int_equal(out.from, 2);
	assert_int_equal(out.amount, 500);
	json_free(doc);
}

/* ---- any contract --------------------------------------------------------------------
 */

static void
random_contract(uint64_t *seed)
{
	contract_init(&contract);
	contract.principal = (int64_t)roll(seed, 900000000) + 10000;
	contract.rate = (int64_t)roll(seed, 60) * PCT_ONE;
	contract.interest_type = (enum interest_type)roll(seed, 2);
	contract.interest_period = (enum interest_period)roll(seed, 2);
	contract.amortization = (enum amortization)roll(seed, 2);
	contract.schedule = (enum schedule_kind)roll(seed, 2);
	contract.year = (enum year_days)roll(seed, 4);
	contract.month = (enum month_days)roll(seed, 2);
	contract.start = START + (int32_t)roll(seed, 1000);
	contract.instalments = (uint32_t)roll(seed, 36) + 1;
	contract.every = (uint32_t)roll(seed, 3) + 1;
	contract.every_unit = (enum every_unit)roll(seed, 3);
	contract.grace_principal = (uint32_t)roll(seed, contract.instalments);
	contract.grace_interest = (uint32_t)roll(seed, contract.instalments);
	contract.instalment_multiple = roll(seed, 2) == 0 ? 1 : 100;
}

/* Terms fewer products have, each in some of the contracts. */
static void
random_rarer_terms(uint64_t *seed)
{
	int32_t first = contract.start + 1 + (int32_t)roll(seed, 60);

	contract.currency_digits = roll(seed, 4) == 0 ? 0 : 2;
	contract.currency_multiple = roll(seed, 4) == 0 ? 100 : 1;
	contract.first_due = roll(seed, 4) == 0 ? first : 0;
	contract.interest_free =
	    roll(seed, 4) == 0 ? (uint32_t)roll(seed, contract.instalments + 1) : 0;
	contract.fixed_principal_pct =
	    roll(seed, 4) == 0 ? (int64_t)(roll(seed, 100) + 1) * PCT_ONE : 0;
	contract.down_payment_pct =
	    roll(seed, 4) == 0 ? (int64_t)(roll(seed, 60) + 1) * PCT_ONE : 0;
}

/* Its second half comes on any day of the term. */
static void
lend_in_two(uint64_t *seed, int32_t last_due)
{
	int64_t half = contract.principal / 2;
	uint64_t days = (uint64_t)(last_due - contract.start);

	contract.tranche_count = 2;
	contract.tranches[0] = (struct tranche){ contract.start, half };
	contract.tranches[1] =
	    (struct tranche){ contract.start + (int32_t)roll(seed, days),
		              contract.principal - half };
}

static void
schedule_holds(void)
{
	int64_t principal = 0, interest = 0, before = contract.principal;

	for (uint32_t i = 0; i < plan.count; i++) {
		const struct instalment *row = &plan.at[i];

		assert_true(row->principal >= 0 && row->interest >= 0);
		assert_true(row->balance_after <= before && row->balance_after >= 0);
		assert_int_equal(row->balance_after, before - row->principal);
		assert_true(row->down_payment || row->due > row->from);
		before = row->balance_after;
		principal += row->principal;
		interest += row->interest;
	}
	assert_int_equal(principal, contract.principal);
	assert_int_equal(interest, plan.interest);
	assert_int_equal(before, 0);
}

static unsigned
rounds(void)
{
	const char *text = getenv("PROPERTY_ROUNDS");

	return text == NULL ? 20000 : (unsigned)strtoul(text, NULL, 10);
}

static void
any_schedule_adds_up(void **state)
{
	uint64_t seed = 20261123;

	(void)state;
	for (unsigned n = rounds(); n > 0; n--) {
		struct err err = err_none();

		random_contract(&seed);
		if (schedule_make(&contract, &plan, &err) < 0)
			fail_msg("%s", err.what);
		schedule_holds();
	}
}

/* What was lent less what was paid down, row by row, whenever it was lent. */
static void
tranches_hold(void)
{
	bool all_at_once = contract.schedule == SCHEDULE_CUMULATIVE &&
	                   contract.interest_type == INTEREST_FLAT;
	int64_t principal = 0;

	for (uint32_t i = 0; i < plan.count; i++) {
		const struct instalment *row = &plan.at[i];
		int64_t lent = 0;

		principal += row->principal;
		for (uint32_t t = 0; t < contract.tranche_count; t++)
			if (all_at_once || contract.tranches[t].day <= row->due)
				lent += contract.tranches[t].amount;
		assert_true(row->principal >= 0 && row->interest >= 0);
		assert_true(row->balance_after >= 0);
		assert_true(row->balance_after <= lent - principal);
	}
	assert_int_equal(principal, contract.principal);
	assert_int_equal(plan.at[plan.count - 1].balance_after, 0);
}

static void
rarer_terms_add_up(void **state)
{
	uint64_t seed = 1031;

	(void)state;
	for (unsigned n = rounds(); n > 0; n--) {
		struct err err = err_none();

		random_contract(&seed);
		random_rarer_terms(&seed);
		if (schedule_make(&contract, &plan, &err) < 0)
			fail_msg("%s", err.what);
		schedule_holds();
		lend_in_two(&seed, plan.at[plan.count - 1].due);
		if (schedule_make(&contract, &plan, &err) < 0)
			fail_msg("%s", err.what);
		tranches_hold();
	}
}

/* Monthly on a 30/360 year, nothing else to pay: what it costs is its rate. */
static void
a_plain_loan_costs_its_rate(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned n = rounds() / 100; n > 0; n--) {
		int64_t bp, want;

		contract_init(&contract);
		contract.principal = INT64_C(100000000000);
		contract.rate = (int64_t)(roll(&seed, 6000) + 1) * (PCT_ONE / 100);
		contract.year = YEAR_360;
		contract.month = MONTH_30;
		contract.schedule = (enum schedule_kind)roll(&seed, 2);
		contract.start = START + (int32_t)roll(&seed, 1000);
		contract.instalments = (uint32_t)roll(&seed, 36) + 1;
		want = contract.rate / (PCT_ONE / 100);
		assert_int_equal(schedule_make(&contract, &plan, NULL), 0);
		assert_int_equal(schedule_apr(&contract, &plan, &bp, NULL), 0);
		assert_int_equal(bp, want);
	}
}

static void
random_life(struct loan_account *a, uint64_t *seed)
{
	int64_t most = contract.principal / 3;
	unsigned n = (unsigned)roll(seed, 8);

	contract.strategy = (enum strategy)roll(seed, STRATEGIES);
	contract.surplus = (enum surplus)roll(seed, 3);
	contract.order_vertical = roll(seed, 2) == 0;
	loan_account_open(a, &contract);
	tell(a, EVENT_DISBURSE, contract.start, contract.principal, 0);
	while (n-- > 0)
		tell(a, EVENT_REPAY, contract.start + (int32_t)roll(seed, 400),
		     (int64_t)roll(seed, (uint64_t)most) + 1, 0);
}

static void
any_life_conserves_money(void **state)
{
	uint64_t seed = 42;

	(void)state;
	for (unsigned n = rounds() / 20; n > 0; n--) {
		random_contract(&seed);
		random_life(&account, &seed);
		conserves(&account);
	}
}

static int
by_day(const void *a, const void *b)
{
	const struct loan_event *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->id < y->id ? -1 : 1;
}

static void
shuffled_days_are_as_sorted(void **state)
{
	static struct loan_event events[LOAN_EVENTS_MAX];
	uint64_t seed = 99;

	(void)state;
	for (unsigned n = rounds() / 40; n > 0; n--) {
		uint32_t count;

		random_contract(&seed);
		random_life(&account, &seed);
		count = account.event_count;
		memcpy(events, account.events, count * sizeof *events);
		qsort(events, count, sizeof *events, by_day);
		loan_account_open(&other, &contract);
		for (uint32_t i = 0; i < count; i++)
			tell(&other, events[i].kind, events[i].day, events[i].amount, 0);
		assert_int_equal(account.row_count, other.row_count);
		assert_memory_equal(account.rows, other.rows,
		                    account.row_count * sizeof account.rows[0]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paid_in_full_and_over),
		cmocka_unit_test(a_reversal_is_as_if_never),
		cmocka_unit_test(late_once_and_capped),
		cmocka_unit_test(written_off_and_recovered),
		cmocka_unit_test(impossible_histories_are_refused),
		cmocka_unit_test(overpaid_never_wraps),
		cmocka_unit_test(charges_at_disbursement_are_paid_there),
		cmocka_unit_test(events_survive_their_json),
		cmocka_unit_test(any_schedule_adds_up),
		cmocka_unit_test(rarer_terms_add_up),
		cmocka_unit_test(a_plain_loan_costs_its_rate),
		cmocka_unit_test(any_life_conserves_money),
		cmocka_unit_test(shuffled_days_are_as_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
