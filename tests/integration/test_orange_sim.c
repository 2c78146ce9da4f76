/* The codec of Orange Money over real HTTP against the simulator, which
 * shares no code with it.
 */
#include "lib/json.h"
#include "tests/integration/sim_bed.h"

/* What the page of the keys gives is what the settings hold. */
static void
fetch_key(void)
{
	struct provider_request rq = { .method = "GET" };
	const struct sim_reply *s;
	struct json *doc;
	const char *key;

	snprintf(rq.url, sizeof rq.url, "%.150s/api/eWallet/v1/publickeys",
	         sim.account.base_url);
	snprintf(rq.headers[0], sizeof *rq.headers, "Authorization: Bearer %s",
	         sim_token(PAY_OUT)->text);
	s = sim_send(&rq);
	doc = json_parse(s->body, s->n, NULL);
	key = json_get_text(doc, "key");
	assert_non_null(key);
	snprintf(sim.account.public_key, sizeof sim.account.public_key, "%s", key);
	json_free(doc);
}

static int
start_world(void **state)
{
	const struct provider_account account = { .name = "orange",
		                                  .user = "id",
		                                  .key = "key",
		                                  .pin = "1234",
		                                  .currency = "TZS",

		                                  .party = "000000",
		                                  .scale = 0 };

	(void)state;
	if (sim_bed_open(&provider_orange, &account) != 0)
		return -1;
	fetch_key();
	return 0;
}

static void
cash_ins_end_as_their_number_says(void **state)
{
	static const struct {
		const char *number;
		enum verdict_kind submit, end;
	} rows[] = {
		{ "255682000100", A, PAID },
		{ "255682000101", A, FAILED },
		{ "255682000107", A, FAILED },
		{ "255682000113", VERDICT_DOWN, VERDICT_DOWN },
		{ "46733123452", A, FAILED }, /* EXPIRED */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = sim_order(rows[i].number, PAY_OUT);
		struct verdict v;

		o.amount_minor = 1234500;
		v = sim_call(&o, true);
		assert_int_equal(v.kind, rows[i].submit);
		while (v.kind == A || v.kind == VERDICT_PENDING) {
			loop_turn(sim.loop, 5);
			v = sim_call(&o, false);
		}
		assert_int_equal(v.kind, rows[i].end);
		if (v.kind == PAID)
			assert_string_not_equal(v.provider_txn, "");
	}
}

static void
a_wrong_pin_takes_nothing(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order o = sim_order("255682000100", PAY_OUT);
	char book[16];

	(void)state;
	o.amount_minor = 1234500;
	memcpy(sim.account.pin, "4321", 5);
	assert_int_equal(sim_call(&o, true).kind, VERDICT_UNKNOWN);
	sim.account = right;
	sim_book_state(&o.reference, book);
	assert_string_equal(book, "none");
}

static void
what_is_no_request_is_answered_as_there(void **state)
{
	static const struct sim_said rows[] = {
		{ "POST", "/api/eWallet/v1/cashins", "stranger", "application/json", "{}",
		  401, "" },
		{ "GET", "/api/eWallet/v1/publickeys", "stranger", NULL, NULL, 401, "" },
		{ "POST", "/api/eWallet/v1/cashins", SIM_OURS, "text/plain", "{}", 415,
		  "" },
		{ "POST", "/api/eWallet/v1/cashins", SIM_OURS, "application/json", "[]",
		  400, "4099" },
		{ "POST", "/api/eWallet/v1/cashins", SIM_OURS, "application/json",
		  "{\"partner\":{\"id\":\"1\",\"encryptedPinCode\":\"AAAA\"}}", 400,
		  "2011" },
		{ "PUT", "/api/eWallet/v1/cashins", SIM_OURS, "application/json", "{}",
		  405, "" },
		{ "GET", "/api/eWallet/v1/transactions/CI-1/status", SIM_OURS, NULL, NULL,
		  404, "60" },
		{ "POST", "/oauth/v1/token", SIM_OURS,
		  "application/x-www-form-urlencoded", "grant_type=client_credentials",
		  401, "invalid_client" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		sim_is_answered(&rows[i], NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cash_ins_end_as_their_number_says),
		cmocka_unit_test(a_wrong_pin_takes_nothing),
		cmocka_unit_test(what_is_no_request_is_answered_as_there),
	};

	return cmocka_run_group_tests(tests, start_world, sim_bed_close);
}
