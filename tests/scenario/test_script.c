/* The scripted world keeps the promises that the real one makes. */
#include "lib/http_client.h"
#include "lib/pg.h"
#include "lib/pinhash.h"
#include "lib/redis.h"
#include "tests/fake/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct clock now;
static struct loop *loop;

struct seen {
	int times;
	struct err err;
	int status, rows;
	int64_t number;
	bool nil, ok;
	char text[64];
};

static void
on_pg(void *arg, const struct pg_reply *r)
{
	struct seen *s = arg;

	s->times++;
	s->err = r->err;
	s->rows = r->rows;
	s->number = reply_i64(r, 0, 0);
	s->nil = reply_null(r, 0, 1);
	snprintf(s->text, sizeof s->text, "%s", reply_text(r, 1, 1));
}

static void
on_redis(void *arg, const struct redis_reply *r)
{
	struct seen *s = arg;

	s->times++;
	s->err = r->err;
	s->nil = r->is_nil;
	s->number = r->integer;
	snprintf(s->text, sizeof s->text, "%s", r->text);
}

static void
on_http(void *arg, const struct http_reply *r)
{
	struct seen *s = arg;

	s->times++;
	s->err = r->err;
	s->status = r->status;
	snprintf(s->text, sizeof s->text, "%s", r->body);
}

static void
on_pin(void *arg, bool ok, const char *text, bool needs_rehash)
{
	struct seen *s = arg;

	(void)needs_rehash;
	s->times++;
	s->ok = ok;
	snprintf(s->text, sizeof s->text, "%s", text ? text : "-");
}

static int
set_up(void **state)
{
	(void)state;
	clock_init_virtual(&now, 1700000000000);
	loop = loop_new(&now);
	script_reset(loop);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	script_reset(loop);
	loop_free(loop);
	return 0;
}

static const struct pg_statement CLAIM = { "payment_claim", "select 1" };

static void
canned_rows_come_on_a_later_turn(void **state)
{
	struct pg *pg = pg_new(loop, NULL);
	struct seen s = { 0 };
	(void)state;

	script_expect("payment_*", answer_rows("7|\\N\n8|a\\|b\n"));
	pg_call(pg, &CLAIM, NULL, 1000, on_pg, &s);
	assert_int_equal(s.times, 0);
	script_run(0);
	assert_int_equal(s.times, 1);
	assert_int_equal(s.rows, 2);
	assert_int_equal(s.number, 7);
	assert_true(s.nil);
	assert_string_equal(s.text, "a|b");
	assert_null(script_problem());
	assert_string_equal(script_trace(), "payment_claim");
	pg_free(pg);
}

static struct answer
echo(void *arg, const struct script_call *call)
{
	char *to = arg;

	snprintf(to, 200, "%s %s %s %s", script_arg(call, 0), script_arg(call, 1),
	         script_arg(call, 2) ? "?" : "null", script_arg(call, 3));
	return answer_rows("");
}

static void
handlers_read_arguments_as_text(void **state)
{
	static const int64_t numbers[] = { 1, -2 };
	static const char *const texts[] = { "x", NULL };
	struct pg *pg = pg_new(loop, NULL);
	struct pg_args *a = pg_args_new();
	struct seen s = { 0 };
	char text[200] = "";
	(void)state;

	script_handle("payment_claim", echo, text);
	pg_i64(a, 5);
	pg_i64_array(a, numbers, 2);
	pg_null(a);
	pg_text_array(a, texts, 2);
	pg_call(pg, &CLAIM, a, 1000, on_pg, &s);
	script_run(0);
	assert_string_equal(text, "5 {1,-2} null {x,NULL}");
	assert_int_equal(s.err.code, ERR_NONE);
	assert_int_equal(s.rows, 0);
	pg_free(pg);
}

static void
a_silent_peer_takes_exactly_the_deadline(void **state)
{
	struct http_client *c = http_client_new(loop, NULL);
	struct http_request rq = { .method = "POST",
		                   .url = "https://momo.example/transfer",
		                   .deadline_ms = 8000 };
	struct seen s = { 0 };
	(void)state;

	script_expect("POST */transfer", answer_silence());
	http_send(c, &rq, on_http, &s);
	script_run(7999);
	assert_int_equal(s.times, 0);
	script_run(1);
	assert_int_equal(s.times, 1);
	assert_int_equal(s.err.code, ERR_TIMEOUT);
	assert_int_equal(s.err.fate, FATE_UNKNOWN);
	assert_string_equal(script_trace(), "POST:/transfer");
	http_client_free(c);
}

static const struct {
	enum script_fault fault;
	enum err_code code;
	enum fate fate;
	size_t served;
} fault_rows[] = {
	{ FAULT_NOT_SENT, ERR_CONNECT, FATE_NOT, 1 },
	{ FAULT_LOST_BEFORE, ERR_LOST, FATE_UNKNOWN, 1 },
	{ FAULT_LOST_AFTER, ERR_LOST, FATE_UNKNOWN, 2 },
	{ FAULT_LATE, ERR_NONE, FATE_DONE, 2 },
	{ FAULT_SILENT, ERR_TIMEOUT, FATE_UNKNOWN, 1 },
};

static void
faults_befall_the_call_they_name(void **state)
{

	(void)state;

	for (size_t i = 0; i < sizeof fault_rows / sizeof *fault_rows; i++) {
		struct redis *r;
		struct seen first = { 0 }, second = { 0 }, count = { 0 };

		script_reset(loop);
		script_fault(1, fault_rows[i].fault);
		r = redis_new(loop, "unix:/nowhere", 500);
		redis_count(r, "k", 60000, on_redis, &first);
		redis_count(r, "k", 60000, on_redis, &second);
		script_run(1000);
		assert_int_equal(first.err.code, ERR_NONE);
		assert_int_equal(second.err.code, fault_rows[i].code);
		assert_int_equal(second.err.fate, fault_rows[i].fate);
		redis_get(r, "k", on_redis, &count);
		script_run(0);
		assert_int_equal(count.text[0] - '0', fault_rows[i].served);
		redis_free(r);
	}
}

static void
redis_remembers_until_the_time_to_live_ends(void **state)
{
	struct redis *r = redis_new(loop, "unix:/nowhere", 500);
	struct seen s = { 0 };
	(void)state;

	assert_null(redis_set(r, "k", "v", 1, 180000, NULL, NULL));
	redis_get(r, "k", on_redis, &s);
	script_run(0);
	assert_string_equal(s.text, "v");
	assert_false(s.nil);
	script_run(180000);
	redis_get(r, "k", on_redis, &s);
	script_run(0);
	assert_true(s.nil);
	script_redis_down(true);
	redis_get(r, "k", on_redis, &s);
	script_run(0);
	assert_int_equal(s.err.code, ERR_CONNECT);
	assert_false(redis_is_up(r));
	redis_free(r);
}

static void
what_was_not_scripted_is_a_problem(void **state)
{
	struct pg *pg = pg_new(loop, NULL);
	struct pg_op *op;
	struct seen s = { 0 };
	(void)state;

	script_expect("other", answer_rows(""));
	assert_string_equal(script_problem(), "never called: other");
	script_reset(loop);
	pg_call(pg, &CLAIM, NULL, 1000, on_pg, &s);
	script_run(0);
	assert_int_equal(s.err.code, ERR_INTERNAL);
	assert_string_equal(script_problem(), "unexpected call: payment_claim");
	script_reset(loop);
	script_always("*", answer_rows("1\n"));
	s = (struct seen){ 0 };
	op = pg_call(pg, &CLAIM, NULL, 1000, on_pg, &s);
	pg_cancel(&op);
	assert_null(op);
	script_run(2000);
	assert_int_equal(s.times, 0);
	assert_null(script_problem());
	pg_free(pg);
}

static void
a_pin_is_right_or_wrong_or_not_looked_at(void **state)
{
	struct pinhash *p = pinhash_new(loop, NULL);
	struct seen s = { 0 };
	(void)state;

	pinhash_make(p, "4821", on_pin, &s);
	script_run(10);
	assert_string_equal(s.text, "hash:4821");
	pinhash_check(p, "4821", "hash:4821", on_pin, &s);
	script_run(10);
	assert_true(s.ok);
	pinhash_check(p, "4822", "hash:4821", on_pin, &s);
	script_run(10);
	assert_false(s.ok);
	pinhash_check(p, "4821", "hash:4821", on_pin, &s);
	pinhash_free(p);
	assert_string_equal(s.text, "-");
	assert_int_equal(s.times, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(canned_rows_come_on_a_later_turn, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(handlers_read_arguments_as_text, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(a_silent_peer_takes_exactly_the_deadline,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(faults_befall_the_call_they_name, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(
		    redis_remembers_until_the_time_to_live_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_not_scripted_is_a_problem,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_pin_is_right_or_wrong_or_not_looked_at,
		                                set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
