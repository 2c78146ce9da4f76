/* Other dates for one loan: which event, what it makes of the loan, what cannot be. */
#include "payments/core/reschedule.h"

#include "tests/unit/loan_life.h"

#define R(kind_, count_, to_)                                                            \
	{                                                                                \
		.kind = RESCHEDULE_##kind_, .count = (count_), .to = (to_)               \
	}

static const char *
try(const struct reschedule *r)
{
	struct loan_event e;
	const char *no = reschedule_event(&account, r, &e);
	struct err err = err_none();

	if (no[0] != '\0')
		return no;
	e.id = account.event_count + 1;
	e.day = account.today;
	assert_int_equal(loan_account_tell(&account, &e, &err), 0);
	conserves(&account);
	return "";
}

/* Due 7, 14, 21 and 28 days after the start. */
static void
dates(void **state)
{
	static const struct {
		const char *what;
		struct reschedule r;
		int32_t today;
		const char *no;
		uint32_t rows;
		int32_t first, last;
	} rows[] = {
		{ "one skipped", R(SKIP, 1, 0), 0, "", 4, 14, 35 },
		{ "three skipped", R(SKIP, 3, 0), 0, "", 4, 28, 49 },
		{ "the late one stays", R(SKIP, 1, 0), 8, "", 4, 7, 35 },
		{ "due today is skipped", R(SKIP, 1, 0), 7, "", 4, 14, 35 },
		{ "all are late", R(SKIP, 1, 0), 29, "nothing_due", 4, 7, 28 },
		{ "none", R(SKIP, 0, 0), 0, "bad_count", 4, 7, 28 },
		{ "too many", R(SKIP, 25, 0), 0, "bad_count", 4, 7, 28 },
		{ "another day", R(DATE, 0, START + 10), 0, "", 4, 10, 31 },
		{ "the late one moves", R(DATE, 0, START + 31), 30, "", 4, 31, 52 },
		{ "not earlier", R(DATE, 0, START + 7), 0, "bad_date", 4, 7, 28 },
		{ "not in the past", R(DATE, 0, START + 30), 30, "bad_date", 4, 7, 28 },
		{ "not in years", R(DATE, 0, START + 367), 0, "bad_date", 4, 7, 28 },
		{ "two more", R(MORE, 2, 0), 0, "", 6, 7, 42 },
		{ "more when all are late", R(MORE, 2, 0), 29, "", 6, 7, 42 },
		{ "none more", R(MORE, 0, 0), 0, "bad_count", 4, 7, 28 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *no;

		weekly(100000);
		assert_int_equal(loan_account_day(&account, START + rows[i].today, NULL),
		                 0);
		no = try(&rows[i].r);
		if (strcmp(no, rows[i].no) != 0 || account.row_count != rows[i].rows ||
		    account.rows[0].due != START + rows[i].first ||
		    account.rows[account.row_count - 1].due != START + rows[i].last)
			fail_msg("%s: \"%s\", %u rows, first %d, last %d", rows[i].what,
			         no, account.row_count, account.rows[0].due - START,
			         account.rows[account.row_count - 1].due - START);
		/* smaller payments are rounded each */
		assert_int_equal(account.total.outstanding_all,
		                 rows[i].rows == 6 ? 104998 : 105000);
	}
}

static void
interest_by_days_keeps_its_dates(void **state)
{
	static const struct reschedule any[] = { R(SKIP, 1, 0), R(DATE, 0, START + 10),
		                                 R(MORE, 1, 0) };

	(void)state;
	weekly(100000);
	account.contract.recalculate = true;
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(try(&any[i]), "by_days");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(interest_by_days_keeps_its_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
