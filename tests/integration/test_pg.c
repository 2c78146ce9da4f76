/* pg against a real server: the mapping of answers to calls, and every way to lose one.
 */
#include "tests/integration/pg_world.h"

static const struct pg_statement DIVIDE = { "t_divide", "select 100 / $1::bigint" };
static const struct pg_statement BROKEN = { "t_broken", "select no_such_thing($1)" };
static const struct pg_statement SLEEP = {
	"t_sleep", "select 1 from pg_sleep($1::bigint / 1000.0)"
};
static const struct pg_statement DIE = {
	"t_die", "select pg_terminate_backend(pg_backend_pid())::int + 0 * $1::bigint"
};

static void
an_error_in_a_pipeline_stays_with_its_own_call(void **state)
{
	struct pg *pg = open_pool(2, 64);
	static struct seen s[300];
	(void)state;

	memset(s, 0, sizeof s);
	for (int64_t i = 0; i < 300; i++) {
		if (i % 50 == 7)
			call_i64(pg, &DIVIDE, 0, &s[i]);
		else if (i % 50 == 9)
			call_i64(pg, &BROKEN, i, &s[i]);
		else
			call_i64(pg, &SAME, i, &s[i]);
		assert_int_equal(s[i].times, 0); /* never from inside the call */
	}
	wait_seen(s, 300);
	for (int64_t i = 0; i < 300; i++) {
		if (i % 50 == 7) {
			assert_int_equal(s[i].err.code, ERR_REFUSED);
			assert_string_equal(s[i].sqlstate, "22012");
		} else if (i % 50 == 9) {
			assert_int_equal(s[i].err.fate, FATE_NOT);
		} else {
			assert_int_equal(s[i].err.code, ERR_NONE);
			assert_int_equal(s[i].first, i);
		}
	}
	close_pool(pg);
}

static void
a_commit_that_fails_is_not_reported_as_done(void **state)
{
	static const struct pg_statement insert = {
		"t_insert", "insert into deferred_parent values ($1) returning id"
	};
	struct pg *pg = open_pool(1, 8);
	struct seen s[3] = { 0 };
	(void)state;

	aside("create table deferred_parent (id bigint, ref bigint default 5 references "
	      "deferred_child deferrable initially deferred)");
	call_i64(pg, &SAME, 1, &s[0]);
	call_i64(pg, &insert, 1, &s[1]);
	call_i64(pg, &SAME, 2, &s[2]);
	wait_seen(s, 3);
	assert_int_equal(s[0].err.code, ERR_NONE);
	assert_int_equal(s[1].err.code, ERR_REFUSED);
	assert_string_equal(s[1].sqlstate, "23503");
	assert_int_equal(s[2].err.code, ERR_NONE);
	assert_int_equal(s[2].first, 2);
	close_pool(pg);
}

static void
a_killed_connection_loses_only_what_was_sent_on_it(void **state)
{
	struct pg *pg = open_pool(1, 4);
	struct seen s[10] = { 0 };
	(void)state;

	wait_ready(pg, 1);
	call_i64(pg, &SAME, 0, &s[0]);
	wait_seen(s, 1);
	call_i64(pg, &DIE, 0, &s[1]);
	for (int i = 2; i < 10; i++)
		call_i64(pg, &SAME, i, &s[i]);
	wait_seen(s, 10);
	assert_int_equal(s[1].err.code, ERR_LOST);
	assert_int_equal(s[1].err.fate, FATE_NOT); /* the server said why it died */
	for (int i = 2; i < 5; i++) {
		assert_int_equal(s[i].err.code, ERR_LOST);
		assert_int_equal(s[i].err.fate, FATE_UNKNOWN);
	}
	for (int i = 5; i < 10; i++) { /* waited for the next connection */
		assert_int_equal(s[i].err.code, ERR_NONE);
		assert_int_equal(s[i].first, i);
	}
	close_pool(pg);
}

static void
an_idle_connection_that_dies_comes_back(void **state)
{
	struct pg *pg = open_pool(3, 4);
	struct seen s = { 0 };
	(void)state;

	wait_ready(pg, 3);
	aside("select pg_terminate_backend(pid) from pg_stat_activity where "
	      "application_name = 'adit' and datname = current_database()");
	while (pg_ready(pg) > 0)
		loop_turn(loop, 20);
	wait_ready(pg, 3);
	call_i64(pg, &SAME, 3, &s);
	wait_seen(&s, 1);
	assert_int_equal(s.first, 3);
	close_pool(pg);
}

static void
a_slow_statement_is_given_up_and_then_ended_by_the_server(void **state)
{
	struct pg *pg = open_pool(1, 4);
	struct pg_args *a = pg_args_new();
	struct seen s[3] = { 0 };
	int64_t began;
	(void)state;

	wait_ready(pg, 1);
	began = loop_clock(loop)->mono_ms;
	pg_i64(a, 3000);
	s[0].op = pg_call(pg, &SLEEP, a, 100, on_reply, &s[0]);
	loop_turn(loop, 0);
	call_i64(pg, &SAME, 1, &s[1]); /* behind it in the pipeline */
	wait_seen(s, 2);
	assert_int_equal(s[0].err.code, ERR_TIMEOUT);
	assert_int_equal(s[0].err.fate, FATE_UNKNOWN);
	assert_int_equal(s[1].err.code, ERR_NONE);
	assert_true(loop_clock(loop)->mono_ms - began < 2900);
	/* and the server's own word, when the caller waits long enough for it */
	call_i64(pg, &SLEEP, 3000, &s[2]);
	wait_seen(&s[2], 1);
	assert_int_equal(s[2].err.code, ERR_TIMEOUT);
	assert_int_equal(s[2].err.fate, FATE_NOT);
	assert_string_equal(s[2].sqlstate, "57014");
	close_pool(pg);
}

static void
a_call_without_a_connection_waits_until_its_deadline(void **state)
{
	struct pg_options o = { .conninfo = "host=/nowhere",
		                .connections = 1,
		                .in_flight = 1,
		                .connect_ms = 100,
		                .statement_ms = 1000 };
	struct pg *pg = pg_new(loop, &o);
	struct seen s = { 0 };
	(void)state;

	s.op = pg_call(pg, &SAME, NULL, 120, on_reply, &s);
	wait_seen(&s, 1);
	assert_int_equal(s.err.code, ERR_TIMEOUT);
	assert_int_equal(s.err.fate, FATE_NOT);
	assert_int_equal(pg_ready(pg), 0);
	close_pool(pg);
}

static void
cancel_is_silent_at_every_stage(void **state)
{
	struct pg *pg = open_pool(1, 2);
	struct seen s[6] = { 0 };
	(void)state;

	call_i64(pg, &SAME, 0, &s[0]); /* before any connection */
	pg_cancel(&s[0].op);
	assert_null(s[0].op);
	pg_cancel(&s[0].op);
	pg_cancel(NULL);
	wait_ready(pg, 1);
	call_i64(pg, &SAME, 1, &s[1]); /* waiting for the next turn */
	pg_cancel(&s[1].op);
	call_i64(pg, &SLEEP, 50, &s[2]); /* no answer before it is cancelled */
	for (int i = 3; i < 6; i++)
		call_i64(pg, &SAME, i, &s[i]);
	loop_turn(loop, 0);
	pg_cancel(&s[2].op); /* sent */
	pg_cancel(&s[4].op); /* waiting for room in the pipeline */
	wait_seen(&s[3], 1);
	wait_seen(&s[5], 1);
	assert_int_equal(s[3].first, 3);
	assert_int_equal(s[5].first, 5);
	assert_int_equal(s[0].times + s[1].times + s[2].times + s[4].times, 0);
	close_pool(pg);
}

/* A callback that cancels a neighbour, calls again, and at last frees the pool. */
struct busy {
	struct pg *pg;
	struct seen neighbour, slow, inner;
	int times;
};

static void
on_busy(void *arg, const struct pg_reply *r)
{
	struct busy *b = arg;

	(void)r;
	b->times++;
	pg_cancel(&b->neighbour.op);
	if (b->times == 1) {
		pg_call(b->pg, &SAME, NULL, WITHIN_MS, on_busy, b);
		call_i64(b->pg, &SLEEP, 500, &b->slow);
		return;
	}
	call_i64(b->pg, &SAME, 9, &b->inner);
	pg_free(b->pg);
	assert_int_equal(b->inner.times, 1);
	assert_int_equal(b->inner.err.code, ERR_SHUTDOWN);
}

static void
a_callback_may_do_anything(void **state)
{
	struct busy b = { .pg = open_pool(1, 8) };
	(void)state;

	wait_ready(b.pg, 1);
	pg_call(b.pg, &SAME, NULL, WITHIN_MS, on_busy, &b);
	call_i64(b.pg, &SAME, 1, &b.neighbour);
	while (b.times < 2)
		loop_turn(loop, 20);
	loop_turn(loop, 0);
	assert_int_equal(b.neighbour.times, 0);
	assert_int_equal(b.slow.times, 1);
	assert_int_equal(b.slow.err.code, ERR_SHUTDOWN);
	assert_int_equal(b.slow.err.fate, FATE_UNKNOWN);
}

static const struct pg_statement RAISE = { "t_raise",
	                                   "select raise_state($1::text)::int" };

static void
the_servers_word_decides_the_error(void **state)
{
	static const struct {
		const char *sqlstate;
		enum err_code code;
	} rows[] = {
		{ "AD001", ERR_REFUSED },  { "23505", ERR_REFUSED },
		{ "40001", ERR_BUSY },     { "40P01", ERR_BUSY },
		{ "53100", ERR_BUSY },     { "55P03", ERR_BUSY },
		{ "XX001", ERR_INTERNAL }, { "58030", ERR_INTERNAL },
		{ "57P01", ERR_LOST },
	};
	struct pg *pg = open_pool(1, 4);
	(void)state;

	aside("create function raise_state(s text) returns int language plpgsql as "
	      "$$ begin raise exception 'x' using errcode = s; end $$");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pg_args *a = pg_args_new();
		struct seen s = { 0 };

		pg_text(a, rows[i].sqlstate);
		s.op = pg_call(pg, &RAISE, a, WITHIN_MS, on_reply, &s);
		wait_seen(&s, 1);
		assert_int_equal(s.err.code, rows[i].code);
		assert_int_equal(s.err.fate, FATE_NOT);
		assert_string_equal(s.sqlstate, rows[i].sqlstate);
	}
	close_pool(pg);
}

static void
a_changed_table_heals_after_one_failure(void **state)
{
	static const struct pg_statement st = { "t_changing", "select * from changing" };
	struct pg *pg = open_pool(1, 4);
	struct seen s[4] = { 0 };
	(void)state;

	aside("create table changing as select 1 as a");
	s[0].op = pg_call(pg, &st, NULL, WITHIN_MS, on_reply, &s[0]);
	wait_seen(s, 1);
	aside("alter table changing add column b int");
	s[1].op = pg_call(pg, &st, NULL, WITHIN_MS, on_reply, &s[1]);
	wait_seen(&s[1], 1);
	assert_int_equal(s[1].err.code, ERR_BUSY);
	assert_int_equal(s[1].err.fate, FATE_NOT);
	s[2].op = pg_call(pg, &st, NULL, WITHIN_MS, on_reply, &s[2]);
	wait_seen(&s[2], 1);
	assert_int_equal(s[2].err.code, ERR_NONE);
	close_pool(pg);
}

static void
large_calls_and_answers_do_not_deadlock(void **state)
{
	static const struct pg_statement st = { "t_large", "select $1::text, $1::text" };
	static struct seen s[64];
	struct pg *pg = open_pool(1, 64);
	char *text = xzalloc(200001);
	(void)state;

	memset(text, 'x', 200000);
	memset(s, 0, sizeof s);
	for (int i = 0; i < 64; i++) {
		struct pg_args *a = pg_args_new();

		pg_text(a, text);
		s[i].op = pg_call(pg, &st, a, 20000, on_reply, &s[i]);
	}
	wait_seen(s, 64);
	for (int i = 0; i < 64; i++)
		assert_int_equal(s[i].err.code, ERR_NONE);
	free(text);
	close_pool(pg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_in_a_pipeline_stays_with_its_own_call),
		cmocka_unit_test(a_commit_that_fails_is_not_reported_as_done),
		cmocka_unit_test(a_killed_connection_loses_only_what_was_sent_on_it),
		cmocka_unit_test(an_idle_connection_that_dies_comes_back),
		cmocka_unit_test(
		    a_slow_statement_is_given_up_and_then_ended_by_the_server),
		cmocka_unit_test(a_call_without_a_connection_waits_until_its_deadline),
		cmocka_unit_test(cancel_is_silent_at_every_stage),
		cmocka_unit_test(a_callback_may_do_anything),
		cmocka_unit_test(the_servers_word_decides_the_error),
		cmocka_unit_test(a_changed_table_heals_after_one_failure),
		cmocka_unit_test(large_calls_and_answers_do_not_deadlock),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
