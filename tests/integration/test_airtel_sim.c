/* The Airtel codec over real HTTP against the simulator, which shares no code with it:
 * every ending of a number, and one property under all the chaos there is: what the codec
 * calls paid is paid in the provider's book, what it calls failed is not. */
#include "lib/http_client.h"
#include "lib/json.h"
#include "payments/provider/provider.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define PAYMENTS    70
#define MINTS_MAX   40
#define TRIES_MAX   400
#define A           VERDICT_ACCEPTED
#define PAID        VERDICT_PAID
#define FAILED      VERDICT_FAILED

static struct clock now;
static struct loop *loop;
static struct http_client *http;
static struct ids ids;
static struct provider_account account;
static struct provider_token tokens[2];
static int64_t deadline_ms;
static pid_t sim;

static const char another_key[] =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiBJIlPOWg41/OrP9YuVP7Sp6wzdF"
    "7eVyIYitMogA76dwqMEJTttOYgJZ66wYfe2bfu0sSam9SGa9kjeY2w2vacZBxwIXeBZFIeCe"
    "w1aV0tDMwDshfpvrH4cwpdwr5leKdLkz1jxvQ4m4siTJjUu3Z78q9SNwRaskM2bzX4pA/byV"
    "repmSOSP3y0D/xlCgtv2Q55dU7cMvdPo/aDyqueorHX0xJ6HJ/eeuDYAs2dg1W5JcYSVwSdx"
    "6fjeGaPk37rmvsH9pqim2/WiXaD7x0S/VH01893oC9usEYosXnjkoGYIzEutDxOulZ584pkZ"
    "K270KvSLoVRBgvXTH3RagQg62QIDAQAB";

/* ---- the simulator ---------------------------------------------------------------- */

static void fetch_key(void);

static int
port_in(FILE *log)
{
	char text[4096];
	const char *at;
	size_t n;

	rewind(log);
	n = fread(text, 1, sizeof text - 1, log);
	text[n] = '\0';
	at = strstr(text, "listening port=");
	return at == NULL ? 0 : (int)strtol(at + 15, NULL, 10);
}

static int
start_world(void **state)
{
	const char *given = getenv("ADIT_SIM"), *build = getenv("BUILD");
	struct http_client_options o = { .connections = 8,
		                         .per_host = 8,
		                         .answer_max = 262144 };
	char program[300];
	FILE *log = tmpfile();
	int port = 0;

	(void)state;

	assert_non_null(log);
	snprintf(program, sizeof program, "%s%s",
	         given   ? given
	         : build ? build
	                 : "build",
	         given ? "" : "/adit-sim");
	sim = fork();
	if (sim == 0) {
		dup2(fileno(log), STDERR_FILENO);
		execl(program, program, "--listen", "127.0.0.1:0", "--speed", "200",
		      "--seed", getenv("SIM_SEED") ? getenv("SIM_SEED") : "11",
		      (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 500 && (port = port_in(log)) == 0; i++)
		usleep(10000);
	fclose(log);
	assert_int_not_equal(port, 0);
	clock_init(&now);
	loop = loop_new(&now);
	http = http_client_new(loop, &o);
	ids_init_seeded(&ids, 42);
	account = (struct provider_account){ .name = "airtel",
		                             .user = "integration",
		                             .key = "key",
		                             .currency = "TZS",
		                             .country = "TZ",
		                             .pin = "1234",
		                             .version = 2,
		                             .scale = 2 };
	snprintf(account.base_url, sizeof account.base_url, "http://127.0.0.1:%d", port);
	fetch_key();
	return 0;
}

static int
end_world(void **state)
{
	int status = 0;

	(void)state;

	http_client_free(http);
	loop_turn(loop, 0);
	loop_free(loop);
	kill(sim, SIGTERM);
	waitpid(sim, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* ---- one call, waited for ------------------------------------------------------------
 */

struct seen {
	bool done;
	struct err err;
	int status;
	size_t n;
	char body[65536];
};

static void
on_reply(void *arg, const struct http_reply *r)
{
	struct seen *s = arg;

	s->done = true;
	s->err = r->err;
	s->status = r->status;
	s->n = r->body_len < sizeof s->body ? r->body_len : sizeof s->body - 1;
	memcpy(s->body, r->body, s->n);
	s->body[s->n] = '\0';
}

static const struct seen *
wait_for(const struct http_request *rq)
{
	static struct seen seen;

	seen.done = false;
	http_send(http, rq, on_reply, &seen);
	while (!seen.done)
		loop_turn(loop, 1);
	return &seen;
}

static const struct seen *
send_built(const struct provider_request *rq)
{
	struct http_request r = { .method = rq->method,
		                  .url = rq->url,
		                  .basic_auth = rq->basic_auth[0] ? rq->basic_auth : NULL,
		                  .body = rq->body_len ? rq->body : NULL,
		                  .body_len = rq->body_len,
		                  .deadline_ms = deadline_ms };

	for (int i = 0; i < PROVIDER_HEADERS && rq->headers[i][0] != '\0'; i++)
		r.headers[i] = rq->headers[i];
	return wait_for(&r);
}

static struct provider_answer
answer_of(const struct seen *s)
{
	return (struct provider_answer){ s->status, "", s->body, s->n };
}

static const struct seen *
page(const char *method, const char *path, const char *body)
{
	char url[300];
	struct http_request rq = { .method = method,
		                   .url = url,
		                   .body = body,
		                   .body_len = body ? strlen(body) : 0,
		                   .deadline_ms = 5000 };

	snprintf(url, sizeof url, "%s%s", account.base_url, path);
	return wait_for(&rq);
}

static void
fetch_key(void)
{
	const struct seen *s = page("GET", "/v1/rsa/encryption-keys", NULL);
	struct json *doc = json_parse(s->body, s->n, NULL);
	const char *key = json_get_text(json_get(doc, "data"), "key");

	assert_non_null(key);
	snprintf(account.public_key, sizeof account.public_key, "%s", key);
	json_free(doc);
}

/* ---- what a flow does, in small
 * --------------------------------------------------------
 */

static struct provider_token *
token_for(enum pay_direction d)
{
	struct provider_token *t = &tokens[d];
	struct provider_request rq;

	for (int i = 0; i < MINTS_MAX && t->expires_ms <= loop_clock(loop)->wall_ms;
	     i++) {
		const struct seen *s;
		struct provider_answer ans;

		assert_int_equal(provider_airtel.token(&account, d, &rq, NULL), 0);
		s = send_built(&rq);
		ans = answer_of(s);
		if (s->err.code == ERR_NONE)
			(void)provider_airtel.token_answer(
			    &ans, loop_clock(loop)->wall_ms, t, NULL);
	}
	assert_true(t->expires_ms > loop_clock(loop)->wall_ms);
	return t;
}

static struct verdict
call(const struct provider_order *o, bool submit)
{
	struct verdict v = { .kind = VERDICT_AUTH };

	for (int i = 0; i < 2 && v.kind == VERDICT_AUTH; i++) {
		struct provider_token *t = token_for(o->direction);
		struct provider_request rq;
		const struct seen *s;
		struct provider_answer ans;

		assert_int_equal((submit
		                      ? provider_airtel.submit
		                      : provider_airtel.query)(&account, t, o, &rq, NULL),
		                 0);
		s = send_built(&rq);
		ans = answer_of(s);
		if (s->err.code != ERR_NONE)
			v.kind = s->err.fate == FATE_NOT ? VERDICT_DOWN : VERDICT_UNKNOWN;
		else if (submit)
			provider_airtel.submit_answer(o, &ans, &v);
		else
			provider_airtel.query_answer(o, &ans, &v);
		if (v.kind == VERDICT_AUTH)
			t->expires_ms = 0;
	}
	return v;
}

static struct provider_order
order(const char *number, enum pay_direction d)
{
	struct provider_order o = { .direction = d,
		                    .reference = ids_uuid4(&ids),
		                    .amount_minor = 1234567,
		                    .exponent = 2,
		                    .currency = "TZS",
		                    .note = "It's a test" };

	ids_bytes(&ids, o.chance, sizeof o.chance);
	snprintf(o.msisdn, sizeof o.msisdn, "%s", number);
	return o;
}

/* Asks until it is decided; sends again only under the same reference, after what surely
 * was not taken or was not found often enough. */
static struct verdict
carry(const struct provider_order *o, bool *maybe_taken)
{
	bool submit = true;
	int misses = 0;
	struct verdict v = { .kind = VERDICT_UNKNOWN };

	*maybe_taken = false;
	for (int i = 0; i < TRIES_MAX; i++) {
		v = call(o, submit);
		if (v.kind == VERDICT_PAID || (v.kind == VERDICT_FAILED && !submit) ||
		    (v.kind == VERDICT_FAILED && !*maybe_taken))
			return v;
		if (submit && v.kind != VERDICT_DOWN && v.kind != VERDICT_AUTH)
			*maybe_taken = true;
		misses = v.kind == VERDICT_NOT_FOUND ? misses + 1 : 0;
		submit = submit ? !*maybe_taken : misses > 30;
		loop_turn(loop, 5);
	}
	return v;
}

static void
state_in_book(const struct uuid *reference, char out[16])
{
	char path[80], text[UUID_TEXT_SIZE];
	const struct seen *s;
	struct json *doc;

	snprintf(path, sizeof path, "/book?reference=%s", uuid_text(reference, text));
	s = page("GET", path, NULL);
	assert_int_equal(s->status, 200);
	doc = s->n == 0 ? NULL : json_parse(s->body, s->n, NULL);
	snprintf(out, 16, "%s", doc == NULL ? "none" : json_get_text(doc, "state"));
	json_free(doc);
}

/* ---- tests
 * -----------------------------------------------------------------------------
 */

static void
numbers_end_as_their_ending_says(void **state)
{
	static const struct {
		uint8_t version;
		const char *number;
		enum pay_direction direction;
		enum verdict_kind submit, end;
		enum pay_reason reason;
	} rows[] = {
		{ 1, "255682000100", PAY_OUT, A, PAID, REASON_NONE },
		{ 2, "255682000100", PAY_OUT, A, PAID, REASON_NONE },
		{ 1, "255682000100", PAY_IN, A, PAID, REASON_NONE },
		{ 2, "255682000100", PAY_IN, A, PAID, REASON_NONE },
		{ 2, "255682000101", PAY_OUT, FAILED, FAILED, REASON_OUR_FLOAT },
		{ 2, "255682000101", PAY_IN, A, FAILED, REASON_NO_FUNDS },
		{ 2, "255682000102", PAY_IN, A, FAILED, REASON_WRONG_PIN },
		{ 1, "255682000103", PAY_IN, A, FAILED, REASON_CANCELLED },
		{ 1, "255682000104", PAY_IN, A, FAILED, REASON_IGNORED },
		{ 1, "255682000106", PAY_OUT, FAILED, FAILED, REASON_LIMIT },
		{ 1, "255682000107", PAY_OUT, FAILED, FAILED, REASON_NOT_REGISTERED },
		{ 2, "255682000110", PAY_OUT, A, PAID, REASON_NONE },
		/* "ambiguous", and paid */
		{ 1, "255682000112", PAY_OUT, VERDICT_UNKNOWN, PAID, REASON_NONE },
		{ 2, "255682000112", PAY_IN, VERDICT_UNKNOWN, PAID, REASON_NONE },
		{ 1, "255682000113", PAY_OUT, VERDICT_DOWN, VERDICT_NOT_FOUND,
		  REASON_NONE },
		{ 2, "255682000108", PAY_IN, A, VERDICT_PENDING, REASON_NONE },
	};

	(void)state;

	deadline_ms = 5000;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order(rows[i].number, rows[i].direction);
		struct verdict v;

		account.version = rows[i].version;
		v = call(&o, true);
		assert_int_equal(v.kind, rows[i].submit);
		if (v.kind == VERDICT_ACCEPTED) /* seen before: ask, never "failed" */
			assert_int_equal(call(&o, true).kind, o.direction == PAY_OUT
			                                          ? VERDICT_DUPLICATE
			                                          : VERDICT_UNKNOWN);
		for (int n = 0; n < 1000; n++) {
			v = call(&o, false);
			if (v.kind == rows[i].end)
				break;
			assert_int_equal(v.kind, VERDICT_PENDING);
			loop_turn(loop, 5);
		}
		assert_int_equal(v.kind, rows[i].end);
		assert_int_equal(v.reason, rows[i].reason);
		if (v.kind == PAID)
			assert_string_not_equal(v.provider_txn, "");
	}
}

static void
verdicts_agree_with_the_book_whatever_happens(void **state)
{
	static const char chaos[] =
	    "lose=15,delay=5,delay_ms=400,http500=10,refuse500=15,busy=10,notfound=15,"
	    "notfound_ms=20000,auth=10,garbage=15,flip=30,html=20";
	static const char *const endings[] = { "00", "01", "05", "07", "10", "12", "06" };
	unsigned paid = 0, failed = 0;

	(void)state;

	assert_int_equal(page("POST", "/chaos", chaos)->status, 200);
	deadline_ms = 150;
	for (unsigned i = 0; i < PAYMENTS; i++) {
		char number[16], book[16];
		struct provider_order o;
		struct verdict v;
		bool maybe_taken;

		snprintf(number, sizeof number, "25568200%02u%s", i % 100,
		         endings[i % COUNT(endings)]);
		o = order(number, i % 2 == 0 ? PAY_OUT : PAY_IN);
		v = carry(&o, &maybe_taken);
		state_in_book(&o.reference, book);
		assert_true(v.kind == VERDICT_PAID || v.kind == VERDICT_FAILED);
		assert_string_equal(book, v.kind == VERDICT_PAID ? "paid" : "failed");
		paid += v.kind == VERDICT_PAID;
		failed += v.kind == VERDICT_FAILED;
	}
	assert_int_equal(page("POST", "/chaos", "off")->status, 200);
	assert_true(paid > PAYMENTS / 3 && failed > PAYMENTS / 3);
}

static void
wallets_and_balances_can_be_asked_about(void **state)
{
	static const struct {
		enum provider_topic topic;
		const char *number;
		enum err_code code;
		bool active;
	} rows[] = {
		{ TOPIC_ACTIVE, "255682000100", ERR_NONE, true },
		{ TOPIC_ACTIVE, "255682000107", ERR_NOT_FOUND, false },
		{ TOPIC_NAME, "255682000100", ERR_NONE, false },
		{ TOPIC_BALANCE, "", ERR_NONE, false },
	};

	(void)state;

	deadline_ms = 5000;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_inquiry q = { .topic = rows[i].topic,
			                      .direction = PAY_OUT,
			                      .exponent = 2 };
		struct provider_fact fact = { .name = "" };
		struct provider_request rq;
		struct provider_answer ans;
		struct err err = err_none();

		snprintf(q.msisdn, sizeof q.msisdn, "%s", rows[i].number);
		assert_int_equal(
		    provider_airtel.ask(&account, token_for(PAY_OUT), &q, &rq, NULL), 0);
		ans = answer_of(send_built(&rq));
		(void)provider_airtel.ask_answer(&q, &ans, &fact, &err);
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(fact.active, rows[i].active);
		if (rows[i].topic == TOPIC_NAME)
			assert_string_not_equal(fact.name, "");
		if (rows[i].topic == TOPIC_BALANCE)
			assert_true(fact.balance_minor > 0);
	}
}

/* Wrong requests are refused as at the real one: nothing gets into the book. */
static void
wrong_requests_are_refused(void **state)
{
	struct provider_account right = account;
	struct provider_order in = order("255682000100", PAY_IN);
	struct provider_order out = order("255682000100", PAY_OUT);
	char book[16];

	(void)state;
	deadline_ms = 5000;
	account.version = 2;
	memcpy(account.pin, "4321", 5);
	assert_int_equal(call(&out, true).kind, VERDICT_DOWN);
	account = right;
	account.version = 2;
	memcpy(account.public_key, another_key, sizeof another_key);
	assert_int_equal(call(&in, true).kind, VERDICT_DOWN);
	assert_int_equal(call(&out, true).kind, VERDICT_DOWN);
	account = right;
	state_in_book(&in.reference, book);
	assert_string_equal(book, "none");
	state_in_book(&out.reference, book);
	assert_string_equal(book, "none");
	memcpy(tokens[PAY_OUT].text, "x", 2);
	assert_int_equal(call(&out, true).kind, VERDICT_ACCEPTED); /* minted anew */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_as_their_ending_says),
		cmocka_unit_test(verdicts_agree_with_the_book_whatever_happens),
		cmocka_unit_test(wrong_requests_are_refused),
		cmocka_unit_test(wallets_and_balances_can_be_asked_about),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
