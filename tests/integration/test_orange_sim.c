/* The codec of Orange Money over real HTTP against the simulator, which
 * shares no code with it.
 */
#include "lib/json.h"
#include "tests/integration/sim_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define A           VERDICT_ACCEPTED
#define PAID        VERDICT_PAID
#define FAILED      VERDICT_FAILED

static void
fetch_key(void)
{
	const struct sim_reply *s = sim_page("GET", "/v1/rsa/encryption-keys", NULL);
	struct json *doc = json_parse(s->body, s->n, NULL);
	const char *key = json_get_text(json_get(doc, "data"), "key");

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

static int
end_world(void **state)
{
	(void)state;
	return sim_bed_close();
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
	};

	(void)state;
	sim.deadline_ms = 5000;
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cash_ins_end_as_their_number_says),
		cmocka_unit_test(a_wrong_pin_takes_nothing),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
