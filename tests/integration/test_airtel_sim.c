/* The Airtel codec over real HTTP against the simulator, which shares no code with it:
 * every ending of a number, and one property under all the chaos there is: what the codec
 * calls paid is paid in the provider's book, what it calls failed is not. */
#include "tests/integration/sim_bed.h"

static const char another_key[] =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiBJIlPOWg41/OrP9YuVP7Sp6wzdF"
    "7eVyIYitMogA76dwqMEJTttOYgJZ66wYfe2bfu0sSam9SGa9kjeY2w2vacZBxwIXeBZFIeCe"
    "w1aV0tDMwDshfpvrH4cwpdwr5leKdLkz1jxvQ4m4siTJjUu3Z78q9SNwRaskM2bzX4pA/byV"
    "repmSOSP3y0D/xlCgtv2Q55dU7cMvdPo/aDyqueorHX0xJ6HJ/eeuDYAs2dg1W5JcYSVwSdx"
    "6fjeGaPk37rmvsH9pqim2/WiXaD7x0S/VH01893oC9usEYosXnjkoGYIzEutDxOulZ584pkZ"
    "K270KvSLoVRBgvXTH3RagQg62QIDAQAB";

static int
start_world(void **state)
{
	const struct provider_account account = { .name = "airtel",
		                                  .user = "integration",
		                                  .key = "key",
		                                  .currency = "TZS",
		                                  .country = "TZ",
		                                  .pin = "1234",
		                                  .version = 2,
		                                  .scale = 2 };

	(void)state;
	if (sim_bed_open(&provider_airtel, &account) != 0)
		return -1;
	sim_fetch_key();
	return 0;
}

static void
numbers_end_as_their_ending_says(void **state)
{
	static const struct {
		uint8_t version;
		struct sim_ending ending;
	} rows[] = {
		{ 1, { "255682000100", PAY_OUT, A, PAID, REASON_NONE } },
		{ 2, { "255682000100", PAY_OUT, A, PAID, REASON_NONE } },
		{ 1, { "255682000100", PAY_IN, A, PAID, REASON_NONE } },
		{ 2, { "255682000100", PAY_IN, A, PAID, REASON_NONE } },
		{ 2, { "255682000101", PAY_OUT, FAILED, FAILED, REASON_OUR_FLOAT } },
		{ 2, { "255682000101", PAY_IN, A, FAILED, REASON_NO_FUNDS } },
		{ 2, { "255682000102", PAY_IN, A, FAILED, REASON_WRONG_PIN } },
		{ 1, { "255682000103", PAY_IN, A, FAILED, REASON_CANCELLED } },
		{ 1, { "255682000104", PAY_IN, A, FAILED, REASON_IGNORED } },
		{ 1, { "255682000106", PAY_OUT, FAILED, FAILED, REASON_LIMIT } },
		{ 1, { "255682000107", PAY_OUT, FAILED, FAILED, REASON_NOT_REGISTERED } },
		{ 2, { "255682000110", PAY_OUT, A, PAID, REASON_NONE } },
		/* "ambiguous", and paid */
		{ 1, { "255682000112", PAY_OUT, VERDICT_UNKNOWN, PAID, REASON_NONE } },
		{ 2, { "255682000112", PAY_IN, VERDICT_UNKNOWN, PAID, REASON_NONE } },
		{ 1,
		  { "255682000113", PAY_OUT, VERDICT_DOWN, VERDICT_NOT_FOUND,
		    REASON_NONE } },
		{ 2, { "255682000108", PAY_IN, A, VERDICT_PENDING, REASON_NONE } },
	};

	(void)state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct sim_ending *e = &rows[i].ending;
		struct verdict v;

		sim.account.version = rows[i].version;
		/* seen before: ask, never "failed" */
		v = sim_ends(
		    e, e->direction == PAY_OUT ? VERDICT_DUPLICATE : VERDICT_UNKNOWN,
		    VERDICT_PENDING, NULL);
		if (v.kind == PAID)
			assert_string_not_equal(v.provider_txn, "");
	}
}

static void
verdicts_agree_with_the_book_whatever_happens(void **state)
{
	static const char *const endings[SIM_ENDINGS] = { "00", "01", "05", "07",
		                                          "10", "12", "06" };

	(void)state;
	sim_agrees_whatever_happens("25568200", endings);
}

/* A refund is all of it and once.  It has no enquiry: its own answer settles it, and one
 * whose answer was lost is never taken for done. */
static void
collections_are_given_back(void **state)
{
	(void)state;
	for (uint8_t version = 1; version <= 2; version++) {
		char txn[64];
		static const struct provider_token lost = { .text = "t" };
		static struct provider_request rq;
		struct provider_order in, back, again;
		struct verdict v;

		sim.account.version = version;
		in = sim_collected("255682000100", 700000, txn);
		back = sim_order("255682000100", PAY_OUT);
		back.amount_minor = 700000;
		back.back_reference = in.reference;
		memcpy(back.back_txn, txn, sizeof txn);
		again = back;
		again.reference = ids_uuid4(&sim.ids);
		v = sim_call(&back, true);
		assert_int_equal(v.kind, A);
		assert_string_not_equal(v.handle, "");
		assert_int_equal(sim_call(&back, false).kind, PAID);
		/* given back already: by this very call, for all it knows */
		assert_int_equal(sim_call(&again, true).kind, VERDICT_UNKNOWN);
		assert_int_equal(
		    provider_airtel.query(&sim.account, &lost, &again, &rq, NULL), -1);
		memcpy(again.back_txn, "CI0", 4);
		assert_int_equal(sim_call(&again, true).kind, VERDICT_UNKNOWN);
	}
}

static void
wallets_and_balances_can_be_asked_about(void **state)
{
	static const struct sim_telling rows[] = {
		{ TOPIC_ACTIVE, "255682000100", ERR_NONE, true },
		{ TOPIC_ACTIVE, "255682000107", ERR_NOT_FOUND, false },
		{ TOPIC_NAME, "255682000100", ERR_NONE, false },
		{ TOPIC_BALANCE, "", ERR_NONE, false },
	};

	(void)state;
	sim_tells(rows, COUNT(rows));
}

/* Wrong requests are refused as at the real one: nothing gets into the book. */
static void
wrong_requests_are_refused(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order in = sim_order("255682000100", PAY_IN);
	struct provider_order out = sim_order("255682000100", PAY_OUT);
	char book[16];

	(void)state;
	sim.account.version = 2;
	memcpy(sim.account.pin, "4321", 5);
	assert_int_equal(sim_call(&out, true).kind, VERDICT_DOWN);
	sim.account = right;
	sim.account.version = 2;
	memcpy(sim.account.public_key, another_key, sizeof another_key);
	assert_int_equal(sim_call(&in, true).kind, VERDICT_DOWN);
	assert_int_equal(sim_call(&out, true).kind, VERDICT_DOWN);
	sim.account = right;
	sim_book_state(&in.reference, book);
	assert_string_equal(book, "none");
	sim_book_state(&out.reference, book);
	assert_string_equal(book, "none");
	memcpy(sim.tokens[PAY_OUT].text, "x", 2);
	assert_int_equal(sim_call(&out, true).kind, VERDICT_ACCEPTED); /* minted anew */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_as_their_ending_says),
		cmocka_unit_test(verdicts_agree_with_the_book_whatever_happens),
		cmocka_unit_test(collections_are_given_back),
		cmocka_unit_test(wrong_requests_are_refused),
		cmocka_unit_test(wallets_and_balances_can_be_asked_about),
	};

	return cmocka_run_group_tests(tests, start_world, sim_bed_close);
}
