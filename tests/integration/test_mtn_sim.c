/* The MTN codec over real HTTP against the simulator, which shares no code with it: every
 * ending of a number, and one property under all the chaos there is: what the codec calls
 * paid is paid in the provider's book, what it calls failed is not. */
#include "tests/integration/sim_bed.h"

static int
start_world(void **state)
{
	const struct provider_account account = { .name = "mtn",
		                                  .user = "integration",
		                                  .key = "key",
		                                  .subscription_key = "sub",
		                                  .target_environment = "sandbox",
		                                  .currency = "TZS",
		                                  .scale = 2 };

	(void)state;
	return sim_bed_open(&provider_mtn, &account);
}

static void
numbers_end_as_their_ending_says(void **state)
{
	static const struct sim_ending rows[] = {
		{ "255712000100", PAY_OUT, A, PAID, REASON_NONE },
		{ "255712000100", PAY_IN, A, PAID, REASON_NONE },
		{ "255712000101", PAY_OUT, A, FAILED, REASON_OUR_FLOAT },
		{ "255712000101", PAY_IN, A, FAILED, REASON_NO_FUNDS },
		{ "255712000102", PAY_IN, A, FAILED, REASON_WRONG_PIN },
		{ "255712000103", PAY_IN, A, FAILED, REASON_CANCELLED },
		{ "255712000104", PAY_IN, A, FAILED, REASON_IGNORED },
		{ "255712000105", PAY_OUT, A, FAILED, REASON_UNREACHABLE },
		{ "255712000106", PAY_OUT, A, FAILED, REASON_LIMIT },
		{ "255712000106", PAY_IN, A, FAILED, REASON_LIMIT },
		{ "255712000107", PAY_OUT, A, FAILED, REASON_NOT_REGISTERED },
		{ "255712000107", PAY_IN, A, FAILED, REASON_NOT_REGISTERED },
		{ "255712000110", PAY_OUT, A, PAID, REASON_NONE },
		{ "255712000112", PAY_OUT, VERDICT_UNKNOWN, PAID, REASON_NONE },
		{ "255712000113", PAY_OUT, VERDICT_DOWN, VERDICT_NOT_FOUND, REASON_NONE },
		{ "255712000108", PAY_IN, A, VERDICT_PENDING, REASON_NONE },
		{ "46733123455", PAY_OUT, FAILED, VERDICT_NOT_FOUND, REASON_NONE },
		{ "46733123461", PAY_IN, VERDICT_UNKNOWN, VERDICT_NOT_FOUND,
		  REASON_NONE },
	};

	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct verdict v =
		    sim_ends(&rows[i], VERDICT_DUPLICATE, VERDICT_PENDING, NULL);

		if (v.kind != VERDICT_NOT_FOUND)
			assert_int_equal(v.amount_minor, SIM_MINOR);
	}
}

static void
verdicts_agree_with_the_book_whatever_happens(void **state)
{
	static const char *const endings[SIM_ENDINGS] = { "00", "01", "05", "07",
		                                          "10", "12", "55" };

	(void)state;
	sim_agrees_whatever_happens("25571200", endings);
}

/* Twice half is all of it; nothing is given back that was not collected. */
static void
collections_are_given_back_once(void **state)
{
	static const struct {
		const char *number;
		int64_t of, amount;
		enum verdict_kind submit, end;
	} rows[] = {
		{ "255712000100", 1000000, 500000, VERDICT_ACCEPTED, VERDICT_PAID },
		{ NULL, 0, 500000, VERDICT_ACCEPTED, VERDICT_PAID },
		{ NULL, 0, 100, VERDICT_FAILED, VERDICT_NOT_FOUND },
		{ "255712000100", 1000000, 1000100, VERDICT_FAILED, VERDICT_NOT_FOUND },
		{ "255712000101", 1000000, 1000000, VERDICT_UNKNOWN, VERDICT_NOT_FOUND },
	};
	struct provider_order in = { .exponent = 2 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order back;

		if (rows[i].number != NULL) {
			in = sim_order(rows[i].number, PAY_IN);
			in.amount_minor = rows[i].of;
			assert_int_equal(sim_call(&in, true).kind, VERDICT_ACCEPTED);
			(void)sim_settled(&in);
		}
		back = sim_order(in.msisdn, PAY_OUT);
		back.amount_minor = rows[i].amount;
		back.back_reference = in.reference;
		assert_int_equal(sim_call(&back, true).kind, rows[i].submit);
		assert_int_equal(sim_settled(&back).kind, rows[i].end);
		if (rows[i].submit == VERDICT_ACCEPTED)
			assert_int_equal(sim_call(&back, true).kind, VERDICT_DUPLICATE);
	}
}

static void
payouts_may_be_deposits(void **state)
{
	struct provider_order o = sim_order("255712000100", PAY_OUT);

	(void)state;
	memcpy(sim.account.payout_call, "deposit", sizeof "deposit");
	assert_int_equal(sim_call(&o, true).kind, VERDICT_ACCEPTED);
	assert_int_equal(sim_settled(&o).kind, VERDICT_PAID);
	sim.account.payout_call[0] = '\0';
}

static void
wallets_and_balances_can_be_asked_about(void **state)
{
	static const struct sim_telling rows[] = {
		{ TOPIC_ACTIVE, "255712000100", ERR_NONE, true },
		{ TOPIC_ACTIVE, "255712000107", ERR_NONE, false },
		{ TOPIC_ACTIVE, "46733123450", ERR_NOT_FOUND, false },
		{ TOPIC_NAME, "255712000100", ERR_NONE, false },
		{ TOPIC_BALANCE, "", ERR_NONE, false },
	};

	(void)state;
	sim_tells(rows, COUNT(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_as_their_ending_says),
		cmocka_unit_test(verdicts_agree_with_the_book_whatever_happens),
		cmocka_unit_test(collections_are_given_back_once),
		cmocka_unit_test(payouts_may_be_deposits),
		cmocka_unit_test(wallets_and_balances_can_be_asked_about),
	};

	return cmocka_run_group_tests(tests, start_world, sim_bed_close);
}
