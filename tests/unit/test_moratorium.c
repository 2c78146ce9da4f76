/* Days without payments: which dates move, by how much, what it costs, what is late. */
#include "payments/core/moratorium.h"

#include "tests/unit/loan_life.h"

#define ROWS 4

static uint32_t
declare(struct moratorium_days days)
{
	struct loan_event told[MORATORIUM_EVENTS];
	uint32_t n = moratorium_events(&account, &days, told);
	struct err err = err_none();

	for (uint32_t i = 0; i < n; i++) {
		told[i].id = account.event_count + 1;
		told[i].day = account.today;
		assert_int_equal(loan_account_tell(&account, &told[i], &err), 0);
	}
	return n;
}

static void
at(int32_t after)
{
	assert_int_equal(loan_account_day(&account, START + after, NULL), 0);
}

/* Due 7, 14, 21 and 28 days after the start, 26,250 each, 1,250 of it a charge. */
static void
dates_move_by_whole_weeks(void **state)
{
	static const struct {
		const char *what;
		int64_t paid;
		int32_t from, to, due[ROWS];
	} rows[] = {
		{ "nothing is due inside", 0, 8, 13, { 7, 14, 21, 28 } },
		{ "one day", 0, 14, 14, { 7, 21, 28, 35 } },
		{ "the first due is past the last day", 0, 10, 20, { 7, 21, 28, 35 } },
		{ "the last day is a pay day", 0, 10, 21, { 7, 28, 35, 42 } },
		{ "all of it", 0, 1, 60, { 63, 70, 77, 84 } },
		{ "the first is paid before", 26250, 5, 16, { 7, 21, 28, 35 } },
		{ "a part is paid", 10000, 5, 8, { 14, 21, 28, 35 } },
		{ "all inside is paid before", 52500, 5, 16, { 7, 14, 21, 28 } },
		{ "after the last", 0, 29, 60, { 7, 14, 21, 28 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		weekly(100000);
		if (rows[i].paid > 0)
			tell(&account, EVENT_REPAY, START, rows[i].paid, 0);
		declare((struct moratorium_days){
		    START + rows[i].from, START + rows[i].to, HOLIDAY_INTEREST_STOPS });
		for (int k = 0; k < ROWS; k++)
			if (account.rows[k].due != START + rows[i].due[k])
				fail_msg("%s: payment %d is due after %d days",
				         rows[i].what, k + 1,
				         (int)(account.rows[k].due - START));
		assert_int_equal(account.total.outstanding_all, 105000 - rows[i].paid);
		conserves(&account);
	}
}

/* 12 % a year, monthly: a month's interest more, or nothing. */
static void
interest_goes_on_or_stops(void **state)
{
	static const struct {
		enum holiday_policy policy;
		int64_t more;
	} rows[] = { { HOLIDAY_INTEREST_RUNS, 1000 }, { HOLIDAY_INTEREST_STOPS, 0 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		int64_t before;

		weekly(100000);
		contract.every_unit = EVERY_MONTHS;
		contract.charge_count = 0;
		contract.interest_type = INTEREST_DECLINING;
		contract.rate = 12 * PCT_ONE;
		loan_account_open(&account, &contract);
		tell(&account, EVENT_DISBURSE, START, 100000, 0);
		before = account.total.outstanding_all;
		declare((struct moratorium_days){
		    account.rows[0].due - 3, account.rows[0].due + 3, rows[i].policy });
		assert_int_equal(account.total.outstanding_all - before, rows[i].more);
	}
}

/* Late before: the days inside do not make it later, and cost nothing. */
static void
paused_days_are_not_late(void **state)
{
	static const struct {
		int32_t day;
		uint32_t late, penalties;
	} rows[] = {
		{ 8, 1, 0 },  { 9, 2, 0 },  { 10, 2, 0 }, { 19, 2, 0 },
		{ 20, 3, 0 }, { 21, 4, 1 }, { 22, 5, 1 },
	};
	struct loan_event out[4];

	(void)state;
	weekly(100000);
	declare(
	    (struct moratorium_days){ START + 10, START + 19, HOLIDAY_INTEREST_STOPS });
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		at(rows[i].day);
		assert_int_equal(loan_account_arrears_days(&account), rows[i].late);
		assert_int_equal(loan_account_overdue(&account, out, 4),
		                 rows[i].penalties);
	}
	/* declared twice over the same days: they count once */
	declare(
	    (struct moratorium_days){ START + 12, START + 19, HOLIDAY_INTEREST_STOPS });
	assert_int_equal(loan_account_arrears_days(&account), 5);
}

/* A penalty that nobody charged in time waits until the days are over. */
static void
no_penalty_inside(void **state)
{
	struct loan_event out[4];

	(void)state;
	weekly(100000);
	at(12);
	assert_int_equal(loan_account_overdue(&account, out, 4), 1);
	declare(
	    (struct moratorium_days){ START + 12, START + 13, HOLIDAY_INTEREST_STOPS });
	assert_int_equal(loan_account_overdue(&account, out, 4), 0);
	at(14);
	assert_int_equal(loan_account_overdue(&account, out, 4), 1);
	assert_int_equal(loan_account_arrears_days(&account), 5);
	tell(&account, EVENT_REVERSE, START + 14, 0, 2); /* taken back: as if never */
	assert_int_equal(loan_account_arrears_days(&account), 7);
}

/* Declared when the rain has come: the penalty that was told inside is waived. */
static void
a_penalty_inside_is_waived(void **state)
{
	struct loan_event out[4];

	(void)state;
	weekly(100000);
	at(11);
	assert_int_equal(loan_account_overdue(&account, out, 4), 1);
	out[0].id = account.event_count + 1;
	assert_int_equal(loan_account_tell(&account, &out[0], NULL), 0);
	assert_true(account.total.outstanding[PART_PENALTY] > 0);
	at(12);
	assert_int_equal(declare((struct moratorium_days){ START + 12, START + 20,
	                                                   HOLIDAY_INTEREST_STOPS }),
	                 2); /* told the day before: it stays */
	assert_true(account.total.outstanding[PART_PENALTY] > 0);
	assert_int_equal(declare((struct moratorium_days){ START + 5, START + 11,
	                                                   HOLIDAY_INTEREST_STOPS }),
	                 3);
	assert_int_equal(account.total.outstanding[PART_PENALTY], 0);
	assert_int_equal(account.total.outstanding_all, 105000);
	assert_int_equal(account.rows[0].due, START + 14);
	assert_int_equal(loan_account_arrears_days(&account), 0);
	assert_int_equal(declare((struct moratorium_days){ START + 5, START + 11,
	                                                   HOLIDAY_INTEREST_STOPS }),
	                 1); /* nothing is left to do */
}

static void
interest_by_days_keeps_its_dates(void **state)
{
	struct loan_event told[MORATORIUM_EVENTS];
	struct moratorium_days days = { START + 1, START + 60, HOLIDAY_INTEREST_RUNS };

	(void)state;
	weekly(100000);
	account.contract.recalculate = true;
	assert_int_equal(moratorium_events(&account, &days, told), 1);
	assert_int_equal(told[0].kind, EVENT_PAUSE);
}

static void
days_that_cannot_be(void **state)
{
	static const struct {
		int32_t from, to;
		const char *wrong;
	} rows[] = {
		{ -31, 5, NULL },   { -32, 5, "from" }, { -5, -1, "to" },
		{ -5, 0, NULL },    { 0, 0, NULL },     { 367, 370, "from" },
		{ 5, 4, "to" },     { 0, 365, NULL },   { 0, 366, "to" },
		{ 366, 366, NULL }, { 366, 800, "to" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *wrong = moratorium_fault(
		    &(struct moratorium_days){ START + rows[i].from, START + rows[i].to,
		                               HOLIDAY_INTEREST_RUNS },
		    START);

		assert_string_equal(wrong == NULL ? "" : wrong,
		                    rows[i].wrong == NULL ? "" : rows[i].wrong);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_move_by_whole_weeks),
		cmocka_unit_test(interest_goes_on_or_stops),
		cmocka_unit_test(paused_days_are_not_late),
		cmocka_unit_test(no_penalty_inside),
		cmocka_unit_test(a_penalty_inside_is_waived),
		cmocka_unit_test(interest_by_days_keeps_its_dates),
		cmocka_unit_test(days_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
