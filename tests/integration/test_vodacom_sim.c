/* The codecs of M-Pesa (Vodacom, Mozambique) over real HTTP against the simulator, which
 * shares no code with it.
 */
#include "tests/integration/sim_bed.h"

static int
start_world(void **state)
{
	const struct provider_account account = { .name = "vodacom",
		                                  .key = "key",
		                                  .currency = "TZS",
		                                  .market = "vodacomTZN",
		                                  .origin = "coop.example",
		                                  .party = "000000",
		                                  .scale = 2 };

	(void)state;
	if (sim_bed_open(&provider_vodacom, &account) != 0)
		return -1;
	sim_fetch_key();
	return 0;
}

static void
numbers_end_as_their_ending_says(void **state)
{
	static const struct {
		struct sim_ending ending;
		const char *code; /* of the submit, if it matters */
	} rows[] = {
		{ { "255682000100", PAY_OUT, A, PAID, REASON_NONE }, NULL },
		{ { "255682000100", PAY_IN, A, PAID, REASON_NONE }, NULL },
		{ { "255682000101", PAY_OUT, A, FAILED, REASON_OTHER }, NULL },
		{ { "255682000101", PAY_IN, A, FAILED, REASON_OTHER }, NULL },
		{ { "255682000103", PAY_IN, A, FAILED, REASON_CANCELLED }, NULL },
		{ { "255682000106", PAY_OUT, A, FAILED, REASON_OTHER }, NULL },
		{ { "255682000107", PAY_OUT, A, FAILED, REASON_OTHER }, NULL },
		/* no door that is shut, and no payment that failed */
		{ { "255682000105", PAY_OUT, VERDICT_UNKNOWN, FAILED, REASON_OTHER },
		  "INS-6" },
		{ { "255682000112", PAY_OUT, VERDICT_UNKNOWN, PAID, REASON_NONE },
		  "INS-9" },
		{ { "255682000113", PAY_OUT, VERDICT_DOWN, VERDICT_NOT_FOUND,
		    REASON_NONE },
		  NULL },
		{ { "255682000108", PAY_IN, A, VERDICT_PENDING, REASON_NONE }, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct verdict first, v = sim_ends(&rows[i].ending, VERDICT_DUPLICATE,
		                                   VERDICT_PENDING, &first);

		if (rows[i].code != NULL)
			assert_string_equal(first.code, rows[i].code);
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

static void
wrong_requests_are_refused(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order o = sim_order("255682000100", PAY_OUT);
	char book[16];

	(void)state;
	memcpy(sim.account.currency, "XAF", 4);
	memcpy(o.currency, "XAF", 4);
	assert_int_equal(sim_call(&o, true).kind, FAILED);
	sim.account = right;
	memcpy(o.currency, "TZS", 4);
	memcpy(o.msisdn, "123456789", 10);
	assert_int_equal(sim_call(&o, true).kind, FAILED);
	sim_book_state(&o.reference, book);
	assert_string_equal(book, "none");
}

/* In parts, never more than was collected; asked about like any payout. */
static void
collections_are_reversed(void **state)
{
	static const struct {
		int64_t amount;
		enum verdict_kind submit, end;
	} rows[] = {
		{ 300000, A, PAID },
		{ 400000, A, PAID },
		{ 100, FAILED, VERDICT_NOT_FOUND },
	};

	char txn[64];

	(void)state;
	(void)sim_collected("255682000100", 700000, txn);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order back = sim_order("255682000100", PAY_OUT);

		back.amount_minor = rows[i].amount;
		memcpy(back.back_txn, txn, sizeof txn);
		assert_int_equal(sim_call(&back, true).kind, rows[i].submit);
		if (rows[i].submit == A)
			assert_int_equal(sim_call(&back, true).kind, VERDICT_DUPLICATE);
		assert_int_equal(sim_settled(&back).kind, rows[i].end);
	}
}

static void
names_can_be_asked(void **state)
{
	static const struct {
		const char *number;
		enum err_code code;
	} rows[] = { { "255682000100", ERR_NONE }, { "255682000107", ERR_NOT_FOUND } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_inquiry q = { .topic = TOPIC_NAME,
			                      .direction = PAY_OUT,
			                      .wall_ms = 1 + (int64_t)i };
		struct provider_fact fact;

		snprintf(q.msisdn, sizeof q.msisdn, "%s", rows[i].number);
		assert_int_equal(sim_ask(&q, &fact), rows[i].code);
		assert_string_equal(fact.name,
		                    rows[i].code == ERR_NONE ? "Neema Mushi" : "");
	}
}

/* Its key goes with each call, on the one port of the simulator. */
static void
mozambique(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order o = sim_order("258840000100", PAY_OUT);
	struct verdict v;
	char txn[64];

	(void)state;
	sim.provider = &provider_mpesamz;
	memcpy(sim.account.initiator, "adit", 5);
	memcpy(sim.account.pin, "4321", 5);
	memcpy(sim.account.currency, "MZN", 4);
	memcpy(o.currency, "MZN", 4);
	assert_int_equal(sim_call(&o, true).kind, A);
	assert_int_equal(sim_call(&o, true).kind, VERDICT_DUPLICATE);
	do {
		loop_turn(sim.loop, 5);
		v = sim_call(&o, false);
	} while (v.kind == VERDICT_PENDING);
	assert_int_equal(v.kind, PAID);
	(void)sim_collected("258840000100", 700000, txn);
	o = sim_order("258840000100", PAY_OUT);
	memcpy(o.currency, "MZN", 4);
	o.amount_minor = 700000;
	memcpy(o.back_txn, txn, sizeof txn);
	assert_int_equal(sim_call(&o, true).kind, VERDICT_DOWN); /* a wrong proof */
	memcpy(sim.account.pin, "1234", 5);
	assert_int_equal(sim_call(&o, true).kind, A);
	assert_int_equal(sim_settled(&o).kind, PAID);
	sim.provider = &provider_vodacom;
	sim.account = right;
}

/* What it refuses at once, and what its own sandbox always takes. */
static void
what_it_does_not_take(void **state)
{
	static const struct {
		const char *market, *currency, *number;
		int64_t minor;
		uint8_t scale;
		enum verdict_kind kind;
		const char *code;
	} rows[] = {
		{ "vodacomTZN", "TZS", "000000000001", 500, 2, A, "INS-0" },
		{ "vodacomDRC", "CDF", "243812000100", 150050, 2, FAILED, "INS-15" },
		{ "vodacomDRC", "CDF", "243812000100", 150000, 0, A, "INS-0" },
		{ "x/vodacomTZN", "TZS", "255754000100", 500, 2, VERDICT_DOWN,
		  "INS-998" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = sim_order(rows[i].number, PAY_OUT);
		struct verdict v;

		o.amount_minor = rows[i].minor;
		sim.account.scale = rows[i].scale;
		snprintf(o.currency, sizeof o.currency, "%s", rows[i].currency);
		snprintf(sim.account.currency, 4, "%s", rows[i].currency);
		snprintf(sim.account.market, sizeof sim.account.market, "%s",
		         rows[i].market);
		v = sim_call(&o, true);
		assert_string_equal(v.code, rows[i].code);
		assert_int_equal(v.kind, rows[i].kind);
		if (v.kind == A)
			assert_int_equal(sim_settled(&o).kind, PAID);
	}
	sim.account.scale = 2;
	snprintf(sim.account.currency, 4, "TZS");
	snprintf(sim.account.market, sizeof sim.account.market, "vodacomTZN");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_as_their_ending_says),
		cmocka_unit_test(verdicts_agree_with_the_book_whatever_happens),
		cmocka_unit_test(collections_are_reversed),
		cmocka_unit_test(names_can_be_asked),
		cmocka_unit_test(wrong_requests_are_refused),
		cmocka_unit_test(what_it_does_not_take),
		cmocka_unit_test(mozambique),
	};

	return cmocka_run_group_tests(tests, start_world, sim_bed_close);
}
