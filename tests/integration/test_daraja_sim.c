/* The Daraja codec over real HTTP against the simulator, which shares no code with it:
 * prompts, payouts and reversals, whose outcome is posted to a page of ours. */
#include "lib/http_server.h"
#include "tests/integration/sim_bed.h"

#define NOWHERE  VERDICT_NOT_FOUND
#define QUESTION "/question"

static struct http_server *server;

/* What was posted last: as answer to a question, and unasked. */
static struct {
	char answer[2048], hint[2048];
} posted;

static void
on_post(void *arg, struct http_exchange *x)
{
	const char *path = http_path(x);
	size_t n;
	const char *body = http_body(x, &n);
	bool asked = strstr(path, QUESTION) != NULL;

	(void)arg;
	snprintf(asked ? posted.answer : posted.hint, sizeof posted.hint, "%s", body);
	http_answer_text(x, 200, "");
}

static const struct http_route routes[] = { { "POST", "/r/*", 8192, on_post, NULL },
	                                    { NULL, NULL, 0, NULL, NULL } };

static int
start_world(void **state)
{
	const struct provider_account account = { .name = "daraja",
		                                  .user = "integration",
		                                  .key = "key",
		                                  .currency = "KES",
		                                  .party = "174379",
		                                  .passkey = "sandbox-passkey",
		                                  .initiator = "adit",
		                                  .pin = "1234" };
	struct http_server_options o = { .listen = "127.0.0.1:0",
		                         .routes = routes,
		                         .idle_ms = 5000,
		                         .answer_ms = 5000,
		                         .headers_max = 8192,
		                         .connections_max = 8 };
	struct err err;

	(void)state;
	if (sim_bed_open(&provider_daraja, &account) != 0)
		return -1;
	server = http_server_new(sim.loop, &o, &err);
	sim_fetch_key();
	return server == NULL ? -1 : 0;
}

static int
end_world(void **state)
{
	http_server_free(server);
	return sim_bed_close(state);
}

static struct provider_order
order(const char *number, enum pay_direction d)
{
	struct provider_order o = sim_order(number, d);
	char id[UUID_TEXT_SIZE];

	o.amount_minor = 150000;
	memcpy(o.currency, "KES", 4);
	o.wall_ms = loop_clock(sim.loop)->wall_ms;
	snprintf(o.result_url, sizeof o.result_url, "http://127.0.0.1:%d/r/%s",
	         http_server_port(server), uuid_text(&o.reference, id));
	return o;
}

/* Asks, and reads what is posted for it. */
static struct verdict
asked(const struct provider_order *of)
{
	struct provider_order o = *of;
	struct verdict v;

	posted.answer[0] = '\0';
	snprintf(o.result_url, sizeof o.result_url, "http://127.0.0.1:%d/r" QUESTION,
	         http_server_port(server));
	v = sim_call(&o, false);
	if (v.kind != VERDICT_ASKED)
		return v;
	while (posted.answer[0] == '\0')
		loop_turn(sim.loop, 5);
	if (uuid_equal(&sim.handle_of, &o.reference))
		memcpy(o.handle, sim.handle, sizeof o.handle);
	provider_daraja.result(&o, posted.answer, strlen(posted.answer), &v);
	return v;
}

static struct verdict
settled(const struct provider_order *o)
{
	struct verdict v = { .kind = VERDICT_PENDING };

	for (int n = 0; n < 1000 && v.kind == VERDICT_PENDING; n++) {
		v = asked(o);
		loop_turn(sim.loop, 5);
	}
	return v;
}

static void
numbers_end_as_their_ending_says(void **state)
{
	static const struct {
		const char *number;
		enum pay_direction direction;
		enum verdict_kind submit, end;
		enum pay_reason reason;
	} rows[] = {
		{ "254711000100", PAY_IN, A, PAID, REASON_NONE },
		{ "254711000101", PAY_IN, A, FAILED, REASON_NO_FUNDS },
		{ "254711000102", PAY_IN, A, FAILED, REASON_WRONG_PIN },
		{ "254711000103", PAY_IN, A, FAILED, REASON_CANCELLED },
		{ "254711000104", PAY_IN, A, FAILED, REASON_IGNORED },
		{ "254711000108", PAY_IN, A, VERDICT_PENDING, REASON_NONE },
		{ "254711000100", PAY_OUT, A, PAID, REASON_NONE },
		{ "254711000101", PAY_OUT, A, FAILED, REASON_OUR_FLOAT },
		{ "254711000107", PAY_OUT, A, FAILED, REASON_NOT_REGISTERED },
		{ "254711000112", PAY_OUT, VERDICT_UNKNOWN, PAID, REASON_NONE },
		{ "254711000113", PAY_OUT, VERDICT_DOWN, NOWHERE, REASON_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order(rows[i].number, rows[i].direction);
		struct verdict v = sim_call(&o, true);

		assert_int_equal(v.kind, rows[i].submit);
		if (v.kind == A) /* a busy handset, or seen before: never "failed" */
			assert_int_equal(sim_call(&o, true).kind, o.direction == PAY_OUT
			                                              ? VERDICT_DUPLICATE
			                                              : VERDICT_UNKNOWN);
		v = rows[i].end == VERDICT_PENDING ? asked(&o) : settled(&o);
		assert_int_equal(v.kind, rows[i].end);
		assert_int_equal(v.reason, v.kind == VERDICT_PENDING ? REASON_NONE
		                                                     : rows[i].reason);
	}
}

/* A prompt takes whole shillings and 250,000 at most; a payout may have cents, and what
 * is over the limit is told as its end. */
static void
amounts_have_their_limits(void **state)
{
	static const struct {
		enum pay_direction direction;
		int64_t minor;
		enum verdict_kind submit, end;
		enum pay_reason reason;
	} rows[] = {
		{ PAY_OUT, 150050, A, PAID, REASON_NONE },
		{ PAY_OUT, 25000001, A, FAILED, REASON_LIMIT },
		{ PAY_IN, 150050, FAILED, NOWHERE, REASON_OTHER },
		{ PAY_IN, 25000100, FAILED, NOWHERE, REASON_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order("254711000600", rows[i].direction);
		struct verdict v;

		o.amount_minor = rows[i].minor;
		sim.account.scale = rows[i].minor % 100 == 0 ? 0 : 2;
		v = sim_call(&o, true);
		assert_int_equal(v.kind, rows[i].submit);
		if (v.kind == A)
			v = settled(&o);
		if (v.kind != FAILED)
			assert_int_equal(v.amount_minor, o.amount_minor);
		assert_int_equal(v.kind, v.kind == FAILED && rows[i].end == NOWHERE
		                             ? FAILED
		                             : rows[i].end);
		assert_int_equal(v.reason, rows[i].reason);
	}
	sim.account.scale = 0;
}

/* Once, and only what a receipt brought; the posted result says why not. */
static void
receipts_are_reversed_once(void **state)
{
	static const struct {
		const char *receipt; /* NULL: that of the collection */
		int64_t amount;
		enum verdict_kind end, claims;
	} rows[] = {
		{ "LK0", 150000, NOWHERE, FAILED },
		{ NULL, 150100, NOWHERE, FAILED }, /* not the whole of it */
		{ NULL, 150000, PAID, PAID },
		{ NULL, 150000, NOWHERE, VERDICT_UNKNOWN }, /* reversed already */
	};
	struct provider_order in = order("254711000200", PAY_IN);
	char receipt[64], back[64], id[UUID_TEXT_SIZE];

	(void)state;
	assert_int_equal(sim_call(&in, true).kind, A);
	assert_int_equal(settled(&in).kind, PAID);
	sim_book(&in.reference, "txn", receipt, sizeof receipt);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order("254711000200", PAY_OUT);
		struct provider_hint h;

		o.amount_minor = rows[i].amount;
		sim.account.scale =
		    i % 2 == 0 ? 0 : 2; /* never with cents for all that */
		snprintf(o.back_txn, sizeof o.back_txn, "%s",
		         rows[i].receipt == NULL ? receipt : rows[i].receipt);
		posted.hint[0] = '\0';
		assert_int_equal(sim_call(&o, true).kind, A);
		while (posted.hint[0] == '\0')
			loop_turn(sim.loop, 5);
		assert_int_equal(
		    provider_daraja.callback(posted.hint, strlen(posted.hint), &h, NULL),
		    0);
		assert_int_equal(h.claims, rows[i].claims);
		assert_string_equal(h.handle, sim.handle);
		assert_int_equal(settled(&o).kind, rows[i].end);
		if (rows[i].end == PAID) {
			sim_book(&o.reference, "back", back, sizeof back);
			assert_string_equal(back, uuid_text(&in.reference, id));
		}
	}
}

/* What our account holds, asked for and told; -1: not taken, or not told. */
static int64_t
balance_told(void)
{
	struct provider_inquiry q = { .topic = TOPIC_BALANCE, .exponent = 2 };
	struct provider_fact fact = { .balance_minor = -1 };
	struct provider_request rq;
	struct provider_answer ans;
	struct err err;

	snprintf(q.result_url, sizeof q.result_url, "http://127.0.0.1:%d/r" QUESTION,
	         http_server_port(server));
	posted.answer[0] = '\0';
	assert_int_equal(
	    provider_daraja.ask(&sim.account, sim_token(PAY_OUT), &q, &rq, &err), 0);
	ans = sim_answer(sim_send(&rq));
	if (provider_daraja.ask_answer(&q, &ans, &fact, &err) != 0)
		return -1;
	assert_true(fact.later);
	while (posted.answer[0] == '\0')
		loop_turn(sim.loop, 5);
	assert_int_equal(provider_daraja.ask_result(&q, posted.answer,
	                                            strlen(posted.answer), &fact, &err),
	                 0);
	assert_string_equal(fact.currency, "KES");
	return fact.balance_minor;
}

/* And each payout's own result tells what it left. */
static void
the_float_is_told(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order o = order("254711000300", PAY_OUT);
	struct provider_hint h;
	int64_t before = balance_told(), now;

	(void)state;
	assert_true(before >= 150000);
	posted.hint[0] = '\0';
	assert_int_equal(sim_call(&o, true).kind, A);
	while (posted.hint[0] == '\0')
		loop_turn(sim.loop, 5);
	assert_int_equal(balance_told(), before - 150000);
	assert_int_equal(
	    provider_daraja.callback(posted.hint, strlen(posted.hint), &h, NULL), 0);
	assert_int_equal(provider_amount_minor(h.holds, 2), before - 150000);
	now = loop_clock(sim.loop)->wall_ms;
	assert_true(h.holds_ms <= now + 999 && h.holds_ms > now - 600000);
	memcpy(sim.account.pin, "4321", 5);
	assert_int_equal(balance_told(), -1);
	sim.account = right;
}

static void
another_password_moves_nothing(void **state)
{
	struct provider_account right = sim.account;
	struct provider_order o = order("254711000100", PAY_OUT);
	char book[16];

	(void)state;
	memcpy(sim.account.pin, "4321", 5);
	assert_int_equal(sim_call(&o, true).kind, VERDICT_DOWN);
	memcpy(o.back_txn, "LK0", 4);
	assert_int_equal(sim_call(&o, true).kind, FAILED);
	sim.account = right;
	sim_book_state(&o.reference, book);
	assert_string_equal(book, "none");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_as_their_ending_says),
		cmocka_unit_test(amounts_have_their_limits),
		cmocka_unit_test(receipts_are_reversed_once),
		cmocka_unit_test(the_float_is_told),
		cmocka_unit_test(another_password_moves_nothing),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
