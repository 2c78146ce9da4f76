/* Interest by the days money was really owed: published schedules after payments on time,
 * early and late; what must hold for any of them; and what is refused. */
#include "payments/core/account.h"
#include "payments/core/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 6

static struct loan_account account, other;
static struct contract contract;

/* 5,000.00 on 1 November 2022, 12 % a year, six months, instalments in whole units. */
static void
terms(enum advance advance)
{
	const struct date start = { 2022, 11, 1 };

	contract_init(&contract);
	contract.principal = 500000;
	contract.rate = 12 * PCT_ONE;
	contract.start = day_of(&start);
	contract.instalments = ROWS;
	contract.interest_period = INTEREST_DAILY;
	contract.instalment_multiple = 100;
	contract.recalculate = true;
	contract.advance = advance;
	loan_account_open(&account, &contract);
}

static void
tell(struct loan_account *a, enum loan_event_kind kind, int32_t day, int64_t amount)
{
	struct loan_event e = { .kind = kind, .day = day, .amount = amount };
	struct err err = err_none();

	e.id = a->event_count + 1;
	if (loan_account_tell(a, &e, &err) < 0)
		fail_msg("%s", err.what);
}

#define ON_TIME 30 /* days after the start: 1 December */
#define EARLY   26 /* 27 November */
#define LATE    34 /* 5 December */
#define SECOND  61 /* 1 January */

/* Apache Fineract, LoanRepayment.feature, RP02 to RP13. */
static const struct published {
	const char *name;
	enum advance advance;

	struct {
		int32_t after;
		int64_t amount;
	} pay[2];

	int64_t row[ROWS][2]; /* principal, interest */
	int64_t in_advance, late;
} published[] = {
	{ "RP02",
	  ADVANCE_AMOUNT,
	  { { ON_TIME, 86300 } },
	  { { 81368, 4932 },
	    { 81933, 4267 },
	    { 82768, 3432 },
	    { 83862, 2338 },
	    { 84467, 1733 },
	    { 85602, 844 } },
	  0,
	  0 },
	{ "RP03",
	  ADVANCE_AMOUNT,
	  { { EARLY, 86300 } },
	  { { 86300, 4818 },
	    { 80984, 4216 },
	    { 81809, 3391 },
	    { 82890, 2310 },
	    { 83488, 1712 },
	    { 84529, 834 } },
	  86300,
	  0 },
	{ "RP04",
	  ADVANCE_AMOUNT,
	  { { LATE, 86200 } },
	  { { 81268, 4932 },
	    { 81825, 4375 },
	    { 82766, 3434 },
	    { 83861, 2339 },
	    { 84465, 1735 },
	    { 85815, 846 } },
	  0,
	  86200 },
	{ "RP05",
	  ADVANCE_AMOUNT,
	  { { ON_TIME, 20000 } },
	  { { 81268, 4932 },
	    { 81932, 4268 },
	    { 82767, 3433 },
	    { 83862, 2338 },
	    { 84466, 1734 },
	    { 85705, 845 } },
	  0,
	  0 },
	{ "RP06",
	  ADVANCE_AMOUNT,
	  { { EARLY, 20000 } },
	  { { 81295, 4905 },
	    { 81933, 4267 },
	    { 82768, 3432 },
	    { 83862, 2338 },
	    { 84466, 1734 },
	    { 85676, 845 } },
	  20000,
	  0 },
	{ "RP07",
	  ADVANCE_AMOUNT,
	  { { LATE, 20000 } },
	  { { 81268, 4932 },
	    { 81825, 4375 },
	    { 82766, 3434 },
	    { 83861, 2339 },
	    { 84465, 1735 },
	    { 85815, 846 } },
	  0,
	  20000 },
	{ "RP08",
	  ADVANCE_AMOUNT,
	  { { ON_TIME, 150000 } },
	  { { 145068, 4932 },
	    { 69483, 3617 },
	    { 70191, 2909 },
	    { 71118, 1982 },
	    { 71631, 1469 },
	    { 72509, 715 } },
	  0,
	  0 },
	{ "RP09",
	  ADVANCE_AMOUNT,
	  { { EARLY, 150000 } },
	  { { 150000, 4734 },
	    { 68533, 3567 },
	    { 69231, 2869 },
	    { 70146, 1954 },
	    { 70652, 1448 },
	    { 71438, 705 } },
	  150000,
	  0 },
	{ "RP10",
	  ADVANCE_AMOUNT,
	  { { LATE, 150000 } },
	  { { 81268, 4932 },
	    { 82391, 3809 },
	    { 82772, 3428 },
	    { 83866, 2334 },
	    { 84470, 1730 },
	    { 85233, 841 } },
	  63800,
	  86200 },
	{ "RP11",
	  ADVANCE_NUMBER,
	  { { ON_TIME, 100000 }, { SECOND, 200000 } },
	  { { 95068, 4932 },
	    { 195873, 4127 },
	    { 84069, 2131 },
	    { 85049, 1151 },
	    { 39941, 407 } },
	  0,
	  0 },
	{ "RP12",
	  ADVANCE_AMOUNT,
	  { { ON_TIME, 100000 }, { SECOND, 200000 } },
	  { { 95068, 4932 },
	    { 195873, 4127 },
	    { 51469, 2131 },
	    { 52149, 1451 },
	    { 52525, 1075 },
	    { 52916, 522 } },
	  0,
	  0 },
	{ "RP13",
	  ADVANCE_NEXT,
	  { { ON_TIME, 100000 }, { SECOND, 200000 } },
	  { { 95068, 4932 },
	    { 195873, 4127 },
	    { 0, 2131 },
	    { 40745, 1924 },
	    { 84485, 1715 },
	    { 83829, 827 } },
	  0,
	  0 },
};

static void
published_schedules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
		const struct published *t = &published[i];
		int64_t in_advance = 0, late = 0;
		uint32_t rows = 0;

		terms(t->advance);
		tell(&account, EVENT_DISBURSE, contract.start, 500000);
		for (int k = 0; k < 2 && t->pay[k].amount > 0; k++) {
			int32_t day = contract.start + t->pay[k].after;

			assert_int_equal(loan_account_day(&account, day, NULL), 0);
			tell(&account, EVENT_REPAY, day, t->pay[k].amount);
		}
		while (rows < ROWS && t->row[rows][1] > 0)
			rows++;
		assert_int_equal(account.row_count, rows);
		for (uint32_t k = 0; k < rows; k++) {
			const struct account_row *row = &account.rows[k];

			if (row->due_part[PART_PRINCIPAL] != t->row[k][0] ||
			    row->due_part[PART_INTEREST] != t->row[k][1])
				fail_msg("%s row %u", t->name, k + 1);
			in_advance += row->in_advance;
			late += row->late;
		}
		assert_int_equal(in_advance, t->in_advance);
		assert_int_equal(late, t->late);
	}
}

static int64_t
pay_off(int32_t day)
{
	int64_t part[PARTS];

	assert_int_equal(loan_account_pay_off(&account, day, part, NULL), 0);
	return part[0] + part[1] + part[2] + part[3];
}

/* 26 days of 5,000.00 bear 42.74; a day before the payment nobody knew. */
static void
pay_off_costs_the_days_gone(void **state)
{
	(void)state;
	terms(ADVANCE_AMOUNT);
	tell(&account, EVENT_DISBURSE, contract.start, 500000);
	assert_int_equal(pay_off(contract.start + EARLY), 504274);
	assert_int_equal(pay_off(contract.start), 500000);
	assert_int_equal(account.event_count, 1);
	tell(&account, EVENT_REPAY, contract.start + EARLY, 504274);
	assert_int_equal(account.status, STATUS_CLOSED);
	assert_int_equal(account.row_count, 1);
}

static uint64_t
roll(uint64_t *seed, uint64_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed % below;
}

static void
conserves(const struct loan_account *a)
{
	int64_t principal = 0;

	for (uint32_t i = 0; i < a->row_count; i++) {
		principal += a->rows[i].due_part[PART_PRINCIPAL];
		for (int p = 0; p < PARTS; p++) {
			assert_true(a->rows[i].due_part[p] >= 0);
			assert_true(account_row_owed(&a->rows[i], (enum component)p) >=
			            0);
		}
	}
	assert_int_equal(principal, a->contract.principal);
	for (uint32_t i = 0; i < a->line_count; i++) {
		const struct loan_line *l = &a->lines[i];

		if (strcmp(l->type, "Repayment") == 0)
			assert_int_equal(l->part[0] + l->part[1] + l->part[2] +
			                     l->part[3] + l->overpaid,
			                 l->amount);
	}
}

/* Told in any order of days it is as told in order of days. */
static void
any_life_conserves_and_sorts(void **state)
{
	uint64_t seed = 20221101;

	(void)state;
	for (int n = 0; n < 2000; n++) {
		struct {
			int32_t day;
			int64_t amount;
		} pay[6];

		int32_t order[6];
		int count = (int)roll(&seed, 6);

		terms((enum advance)roll(&seed, 3));
		contract.strategy = (enum strategy)roll(&seed, STRATEGIES);
		contract.rest = (enum rest)roll(&seed, 2);
		contract.compounding = contract.rest == REST_DAILY && roll(&seed, 4) == 0;
		loan_account_open(&account, &contract);
		loan_account_open(&other, &contract);
		tell(&account, EVENT_DISBURSE, contract.start, 500000);
		tell(&other, EVENT_DISBURSE, contract.start, 500000);
		for (int i = 0; i < count; i++) {
			int at = i;

			pay[i].day = contract.start + i * 40 + (int32_t)roll(&seed, 40);
			pay[i].amount = (int64_t)roll(&seed, 200000) + 1;
			tell(&account, EVENT_REPAY, pay[i].day, pay[i].amount);
			for (int k = (int)roll(&seed, (uint64_t)i + 1); at > k; at--)
				order[at] = order[at - 1];
			order[at] = i;
		}
		for (int i = 0; i < count; i++)
			tell(&other, EVENT_REPAY, pay[order[i]].day,
			     pay[order[i]].amount);
		conserves(&account);
		assert_int_equal(account.row_count, other.row_count);
		assert_memory_equal(account.rows, other.rows,
		                    account.row_count * sizeof account.rows[0]);
		assert_int_equal(
		    loan_account_day(&account, contract.start + (int32_t)roll(&seed, 300),
		                     NULL),
		    0);
		conserves(&account);
	}
}

static void
what_it_does_not_cover_is_refused(void **state)
{
	struct loan_event e = { .id = 1, .kind = EVENT_DISBURSE, .amount = 500000 };
	struct err err = err_none();

	(void)state;
	terms(ADVANCE_AMOUNT);
	e.day = contract.start;
	contract.schedule = SCHEDULE_PROGRESSIVE;
	contract.amortization = AMORTIZE_PRINCIPAL;
	loan_account_open(&account, &contract);
	assert_int_equal(loan_account_tell(&account, &e, &err), -1);
	assert_memory_equal(err.what, "recalculate:", 12);
	terms(ADVANCE_AMOUNT);
	tell(&account, EVENT_DISBURSE, contract.start, 500000);
	e.kind = EVENT_HOLIDAY;
	e.amount = 1;
	e.from = contract.start + 10;
	assert_int_equal(loan_account_tell(&account, &e, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_schedules),
		cmocka_unit_test(pay_off_costs_the_days_gone),
		cmocka_unit_test(any_life_conserves_and_sorts),
		cmocka_unit_test(what_it_does_not_cover_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
