/* What must hold for any contract and any history; PROPERTY_ROUNDS says how many. */
#include "tests/unit/loan_life.h"

static struct loan_account other;
static struct schedule plan;
static bool may_run; /* interest is recalculated: not with every order */

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

	do
		contract.strategy = (enum strategy)roll(seed, STRATEGIES);
	while (contract.schedule == SCHEDULE_PROGRESSIVE && may_run &&
	       contract.strategy == STRATEGY_HEAVENSFAMILY_UNIQUE);
	contract.surplus = (enum surplus)roll(seed, 3);
	contract.order_vertical = roll(seed, 2) == 0;
	loan_account_open(a, &contract);
	tell(a, EVENT_DISBURSE, contract.start, contract.principal, 0);
	while (n-- > 0)
		tell(a, EVENT_REPAY, contract.start + (int32_t)roll(seed, 400),
		     (int64_t)roll(seed, (uint64_t)most) + 1, 0);
}

static void
pause_interest(struct loan_account *a, uint64_t *seed)
{
	struct loan_event e = { .id = a->event_count + 1, .kind = EVENT_INTEREST_PAUSE };
	struct err err = err_none();

	e.day = contract.start;
	e.from = contract.start + (int32_t)roll(seed, 200);
	e.to = e.from + (int32_t)roll(seed, 60);
	if (loan_account_tell(a, &e, &err) < 0)
		fail_msg("%s", err.what);
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

/* PROGRESSIVE rows that follow each payment; what nobody agreed to lend is not owed, and
 * the pay-off of the business day leaves nothing. */
static void
any_running_life_conserves(void **state)
{
	uint64_t seed = 77;

	(void)state;
	may_run = true;
	for (unsigned n = rounds() / 40; n > 0; n--) {
		struct err err = err_none();
		int64_t part[PARTS], principal = 0;

		random_contract(&seed);
		contract.schedule = SCHEDULE_PROGRESSIVE;
		contract.interest_type = INTEREST_DECLINING;
		contract.amortization = AMORTIZE_INSTALMENTS;
		contract.recalculate = roll(&seed, 4) > 0;
		contract.rest = (enum rest)roll(&seed, 2);
		random_life(&account, &seed);
		if (!contract.recalculate || roll(&seed, 3) == 0)
			pause_interest(&account, &seed);
		conserves(&account);
		if (loan_account_day(&account, contract.start + (int32_t)roll(&seed, 500),
		                     &err) < 0)
			fail_msg("%s", err.what);
		conserves(&account);
		for (uint32_t i = 0; i < account.row_count; i++)
			principal += account.rows[i].due_part[PART_PRINCIPAL];
		assert_int_equal(principal, contract.principal);
		assert_int_equal(
		    loan_account_pay_off(&account, account.today, part, &err), 0);
		principal = part[0] + part[1] + part[2] + part[3];
		if (!contract.recalculate || principal == 0 ||
		    contract.strategy == STRATEGY_EARLY_REPAYMENT) /* no interest ahead */
			continue;
		tell(&account, EVENT_REPAY,
		     account.today > contract.start + 400 ? account.today
		                                          : contract.start + 400,
		     LOAN_AMOUNT_MAX / 2, 0);
		assert_int_equal(account.total.outstanding_all, 0);
		assert_int_equal(account.status, STATUS_OVERPAID);
	}
	may_run = false;
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
		cmocka_unit_test(any_schedule_adds_up),
		cmocka_unit_test(rarer_terms_add_up),
		cmocka_unit_test(a_plain_loan_costs_its_rate),
		cmocka_unit_test(any_life_conserves_money),
		cmocka_unit_test(any_running_life_conserves),
		cmocka_unit_test(shuffled_days_are_as_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
