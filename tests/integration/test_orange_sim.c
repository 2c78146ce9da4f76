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
put_bearer(struct provider_request *rq)
{
	snprintf(rq->headers[0], sizeof *rq->headers, "Authorization: Bearer %s",
	         sim_token(PAY_OUT)->text);
}

/* What the page of the keys gives is what the settings hold. */
static void
fetch_key(void)
{
	struct provider_request rq = { .method = "GET" };
	const struct sim_reply *s;
	struct json *doc;
	const char *key;

	sim.deadline_ms = 5000;
	snprintf(rq.url, sizeof rq.url, "%.150s/api/eWallet/v1/publickeys",
	         sim.account.base_url);
	put_bearer(&rq);
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
		{ "46733123452", A, FAILED }, /* EXPIRED */
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

static void
what_is_no_request_is_answered_as_there(void **state)
{
	static const struct {
		const char *method, *path, *type, *body;
		bool known;
		int status;
		const char *word;
	} rows[] = {
		{ "POST", "/api/eWallet/v1/cashins", "application/json", "{}", false, 401,
		  "" },
		{ "GET", "/api/eWallet/v1/publickeys", "x/x", NULL, false, 401, "" },
		{ "POST", "/api/eWallet/v1/cashins", "text/plain", "{}", true, 415, "" },
		{ "POST", "/api/eWallet/v1/cashins", "application/json", "[]", true, 400,
		  "4099" },
		{ "POST", "/api/eWallet/v1/cashins", "application/json",
		  "{\"partner\":{\"id\":\"1\",\"encryptedPinCode\":\"AAAA\"}}", true, 400,
		  "2011" },
		{ "PUT", "/api/eWallet/v1/cashins", "application/json", "{}", true, 405,
		  "" },
		{ "GET", "/api/eWallet/v1/transactions/CI-1/status", "x/x", NULL, true,
		  404, "60" },
		{ "POST", "/oauth/v1/token", "application/x-www-form-urlencoded",
		  "grant_type=client_credentials", true, 401, "invalid_client" },
	};

	(void)state;
	sim.deadline_ms = 5000;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_request rq = { .method = rows[i].method };
		const struct sim_reply *s;

		snprintf(rq.url, sizeof rq.url, "%.150s%s", sim.account.base_url,
		         rows[i].path);
		if (rows[i].known)
			put_bearer(&rq);
		else
			snprintf(rq.headers[0], sizeof *rq.headers,
			         "Authorization: Bearer stranger");
		snprintf(rq.headers[1], sizeof *rq.headers, "Content-Type: %s",
		         rows[i].type);
		if (rows[i].body != NULL) {
			snprintf(rq.body, sizeof rq.body, "%s", rows[i].body);
			rq.body_len = strlen(rq.body);
		}
		s = sim_send(&rq);
		if (s->status != rows[i].status || strstr(s->body, rows[i].word) == NULL)
			fail_msg("%s %s: %d %s", rows[i].method, rows[i].path, s->status,
			         s->body);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cash_ins_end_as_their_number_says),
		cmocka_unit_test(a_wrong_pin_takes_nothing),
		cmocka_unit_test(what_is_no_request_is_answered_as_there),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
