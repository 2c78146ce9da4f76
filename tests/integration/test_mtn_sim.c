/* The MTN codec over real HTTP against the simulator, which shares no code with it: every
 * ending of a number, and one property under all the chaos there is: what the codec calls
 * paid is paid in the provider's book, what it calls failed is not. */
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

static struct clock now;
static struct loop *loop;
static struct http_client *http;
static struct ids ids;
static struct provider_account account;
static struct provider_token tokens[2];
static int64_t deadline_ms;
static pid_t sim;

/* ---- the simulator ---------------------------------------------------------------- */

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
	account = (struct provider_account){ .name = "mtn",
		                             .user = "integration",
		                             .key = "key",
		                             .subscription_key = "sub",
		                             .target_environment = "sandbox",
		                             .currency = "TZS",
		                             .scale = 2 };
	snprintf(account.base_url, sizeof account.base_url, "http://127.0.0.1:%d", port);
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

		assert_int_equal(provider_mtn.token(&account, d, &rq, NULL), 0);
		s = send_built(&rq);
		ans = answer_of(s);
		if (s->err.code == ERR_NONE)
			(void)provider_mtn.token_answer(&ans, loop_clock(loop)->wall_ms,
			                                t, NULL);
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

		assert_int_equal((submit ? provider_mtn.submit
		                         : provider_mtn.query)(&account, t, o, &rq, NULL),
		                 0);
		s = send_built(&rq);
		ans = answer_of(s);
		if (s->err.code != ERR_NONE)
			v.kind = s->err.fate == FATE_NOT ? VERDICT_DOWN : VERDICT_UNKNOWN;
		else if (submit)
			provider_mtn.submit_answer(o, &ans, &v);
		else
			provider_mtn.query_answer(o, &ans, &v);
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
		const char *number;
		enum pay_direction direction;
		enum verdict_kind submit, end;
		enum pay_reason reason;
	} rows[] = {
		{ "255712000100", PAY_OUT, VERDICT_ACCEPTED, VERDICT_PAID, REASON_NONE },
		{ "255712000100", PAY_IN, VERDICT_ACCEPTED, VERDICT_PAID, REASON_NONE },
		{ "255712000101", PAY_OUT, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_OUR_FLOAT },
		{ "255712000101", PAY_IN, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_NO_FUNDS },
		{ "255712000102", PAY_IN, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_WRONG_PIN },
		{ "255712000103", PAY_IN, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_CANCELLED },
		{ "255712000104", PAY_IN, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_IGNORED },
		{ "255712000105", PAY_OUT, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_UNREACHABLE },
		{ "255712000106", PAY_OUT, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_LIMIT },
		{ "255712000106", PAY_IN, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_LIMIT },
		{ "255712000107", PAY_OUT, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_NOT_REGISTERED },
		{ "255712000107", PAY_IN, VERDICT_ACCEPTED, VERDICT_FAILED,
		  REASON_NOT_REGISTERED },
		{ "255712000110", PAY_OUT, VERDICT_ACCEPTED, VERDICT_PAID, REASON_NONE },
		{ "255712000112", PAY_OUT, VERDICT_UNKNOWN, VERDICT_PAID, REASON_NONE },
		{ "255712000113", PAY_OUT, VERDICT_DOWN, VERDICT_NOT_FOUND, REASON_NONE },
		{ "255712000108", PAY_IN, VERDICT_ACCEPTED, VERDICT_PENDING,
		  REASON_NONE },
		{ "46733123455", PAY_OUT, VERDICT_FAILED, VERDICT_NOT_FOUND,
		  REASON_NONE },
		{ "46733123461", PAY_IN, VERDICT_UNKNOWN, VERDICT_NOT_FOUND,
		  REASON_NONE },
	};

	(void)state;

	deadline_ms = 5000;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct provider_order o = order(rows[i].number, rows[i].direction);
		struct verdict v = call(&o, true);

		assert_int_equal(v.kind, rows[i].submit);
		if (v.kind == VERDICT_ACCEPTED)
			assert_int_equal(call(&o, true).kind, VERDICT_DUPLICATE);
		for (int n = 0; n < 1000; n++) {
			v = call(&o, false);
			if (v.kind == rows[i].end)
				break;
			assert_int_equal(v.kind, VERDICT_PENDING);
			loop_turn(loop, 5);
		}
		assert_int_equal(v.kind, rows[i].end);
		assert_int_equal(v.reason, rows[i].reason);
		if (v.kind != VERDICT_NOT_FOUND)
			assert_int_equal(v.amount_minor, o.amount_minor);
	}
}

static void
verdicts_agree_with_the_book_whatever_happens(void **state)
{
	static const char chaos[] =
	    "lose=15,delay=5,delay_ms=400,http500=10,refuse500=15,busy=10,notfound=15,"
	    "notfound_ms=20000,auth=10,garbage=15,flip=30,html=20";
	static const char *const endings[] = { "00", "01", "05", "07", "10", "12", "55" };
	unsigned paid = 0, failed = 0;

	(void)state;

	assert_int_equal(page("POST", "/chaos", chaos)->status, 200);
	deadline_ms = 150;
	for (unsigned i = 0; i < PAYMENTS; i++) {
		char number[16], book[16];
		struct provider_order o;
		struct verdict v;
		bool maybe_taken;

		snprintf(number, sizeof number, "25571200%02u%s", i % 100,
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
		{ TOPIC_ACTIVE, "255712000100", ERR_NONE, true },
		{ TOPIC_ACTIVE, "255712000107", ERR_NONE, false },
		{ TOPIC_ACTIVE, "46733123450", ERR_NOT_FOUND, false },
		{ TOPIC_NAME, "255712000100", ERR_NONE, false },
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
		    provider_mtn.ask(&account, token_for(PAY_OUT), &q, &rq, NULL), 0);
		ans = answer_of(send_built(&rq));
		(void)provider_mtn.ask_answer(&q, &ans, &fact, &err);
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(fact.active, rows[i].active);
		if (rows[i].topic == TOPIC_NAME)
			assert_string_not_equal(fact.name, "");
		if (rows[i].topic == TOPIC_BALANCE)
			assert_true(fact.balance_minor > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_end_as_their_ending_says),
		cmocka_unit_test(verdicts_agree_with_the_book_whatever_happens),
		cmocka_unit_test(wallets_and_balances_can_be_asked_about),
	};

	return cmocka_run_group_tests(tests, start_world, end_world);
}
