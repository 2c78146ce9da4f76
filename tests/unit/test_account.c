/* A loan's life: payments in order, reversal, penalties and their cap, and what cannot
 * be. */
#include "tests/unit/loan_life.h"

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

/* In `text`, which the caller keeps. */
static struct json *
written(const struct loan_event *e, const struct contract *c, char *text, size_t size)
{
	struct json_writer w;
	struct buf b;
	struct json *doc;

	buf_init(&b, text, size);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	if (e != NULL)
		loan_event_write(&w, e);
	else
		contract_write(&w, c);
	jw_end_object(&w);
	doc = json_parse(text, b.len, NULL);
	assert_non_null(doc);
	return doc;
}

static void
new_terms_survive_their_json(void **state)
{
	static char text[4000];
	static struct contract out;
	const struct loan_event events[] = {
		{ .id = 1, .kind = EVENT_INTEREST_PAUSE, .from = START, .to = START + 9 },
		{ .id = 2, .kind = EVENT_REAMORTISE, .day = START },
		{ .id = 3,
		  .kind = EVENT_REAGE,
		  .day = START,
		  .amount = 6,
		  .from = START + 3,
		  .every = 2,
		  .every_unit = EVERY_WEEKS },
		{ .id = 4,
		  .kind = EVENT_REVERSE,
		  .of = 1,
		  .day = START,
		  .was = { 1, 2, 3, 4 },
		  .was_earned = { 5, 6, 7, 0 } },
	};
	struct loan_event read;
	struct diag fault;
	struct json *doc;

	(void)state;
	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		struct loan_event e = events[i];

		e.day = START;
		doc = written(&e, NULL, text, sizeof text);
		assert_int_equal(loan_event_read(doc, &read, &fault), 0);
		assert_memory_equal(&e, &read, sizeof e);
		json_free(doc);
	}
	weekly(40000);
	contract.rest = REST_PERIOD;
	contract.compounding = contract.recalculate = true;
	doc = written(NULL, &contract, text, sizeof text);
	assert_int_equal(contract_read(doc, &out, &fault), 0);
	assert_int_equal(out.rest, REST_PERIOD);
	assert_true(out.compounding && out.recalculate);
	json_free(doc);
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
		cmocka_unit_test(new_terms_survive_their_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
