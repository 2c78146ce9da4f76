/* pg against a real server: the mapping of answers to calls, and every way to lose one.
 */
#include "lib/arena.h"
#include "lib/pg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>

#define WITHIN_MS 5000

static struct clock now;
static struct loop *loop;

/* What a call came to. */
struct seen {
	int times;
	struct err err;
	char sqlstate[6];
	int rows;
	int64_t first;
	char text[160];
	struct pg_op *op;
};

static void
on_reply(void *arg, const struct pg_reply *r)
{
	struct seen *s = arg;

	s->op = NULL;
	s->times++;
	s->err = r->err;
	s->rows = r->rows;
	memcpy(s->sqlstate, r->sqlstate, sizeof s->sqlstate);
	s->first = reply_i64(r, 0, 0);
	snprintf(s->text, sizeof s->text, "%s", reply_text(r, 0, 0));
}

static struct pg *
open_pool(unsigned connections, unsigned in_flight)
{
	struct pg_options o = { .conninfo = "",
		                .connections = connections,
		                .in_flight = in_flight,
		                .connect_ms = 3000,
		                .statement_ms = 1000 };

	return pg_new(loop, &o);
}

static void
wait_ready(struct pg *pg, unsigned n)
{
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;

	while (pg_ready(pg) < n && loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 20);
	assert_int_equal(pg_ready(pg), n);
}

static void
wait_seen(struct seen *s, size_t n)
{
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;

	for (size_t i = 0; i < n; i++) {
		while (s[i].times == 0 && loop_clock(loop)->mono_ms < until)
			loop_turn(loop, 20);
		assert_int_equal(s[i].times, 1);
	}
}

static void
close_pool(struct pg *pg)
{
	pg_free(pg);
	loop_turn(loop, 0);
}

static void
call_i64(struct pg *pg, const struct pg_statement *st, int64_t v, struct seen *s)
{
	struct pg_args *a = pg_args_new();

	pg_i64(a, v);
	s->op = pg_call(pg, st, a, WITHIN_MS, on_reply, s);
}

/* One blocking statement beside the pool, as another program would send it. */
static void
aside(const char *sql)
{
	PGconn *c = PQconnectdb("");
	PGresult *r = PQexec(c, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(c));
	PQclear(r);
	PQfinish(c);
}

static const struct pg_statement SAME = { "t_same", "select $1::bigint" };
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
	for (int i = 2; i < 6; i++)
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

/* Sends the arguments, expects the text of the first column. */
static void
expect_text(struct pg *pg, const struct pg_statement *st, struct pg_args *a,
            const char *text)
{
	struct seen s = { 0 };

	s.op = pg_call(pg, st, a, WITHIN_MS, on_reply, &s);
	wait_seen(&s, 1);
	assert_int_equal(s.err.code, ERR_NONE);
	assert_string_equal(s.text, text);
}

static void
arguments_of_every_type_arrive(void **state)
{
	static const struct pg_statement scalars = {
		"t_scalars", "select concat_ws('|', $1::text, $2::bigint, $3::integer, "
		             "$4::boolean, $5::uuid, $6::bytea, $7::jsonb->>'a', "
		             "coalesce($8::date::text, 'null'))"
	};
	static const struct pg_statement arrays = {
		"t_arrays",
		"select concat_ws('|', $1::bigint[], $2::integer[], $3::uuid[], "
		"$4::text[], $5::bytea[], cardinality($6::bigint[]))"
	};
	static const struct pg_statement uuid_nulls = {
		"t_uuids", "select ($1::uuid[])[2] is null and ($1::uuid[])[1] = "
		           "'01000000-0000-0000-0000-000000000000'"
	};
	static const int64_t longs[] = { INT64_MIN, 0, INT64_MAX };
	static const int32_t ints[] = { -1, 7 };
	static const struct uuid uuids[] = { { { 1 } }, { { 0 } } };
	static const char *const texts[] = { "a,\"b", NULL, "" };
	static const struct pg_blob blobs[] = { { "\0\1", 2 }, { NULL, 0 } };
	struct pg *pg = open_pool(1, 4);
	struct pg_args *a = pg_args_new();
	(void)state;

	pg_text(a, "na\xc3\xafve");
	pg_i64(a, INT64_MIN);
	pg_i32(a, -5);
	pg_bool(a, true);
	pg_uuid(a, NULL);
	pg_bytes(a, "\0x", 2);
	pg_text_n(a, "{\"a\":1}..", 7);
	pg_null(a);
	expect_text(pg, &scalars, a,
	            "na\xc3\xafve|-9223372036854775808|-5|t|\\x0078|1|null");
	a = pg_args_new();
	pg_i64_array(a, longs, 3);
	pg_i32_array(a, ints, 2);
	pg_uuid_array(a, uuids, 0);
	pg_text_array(a, texts, 3);
	pg_bytes_array(a, blobs, 2);
	pg_i64_array(a, NULL, 0);
	expect_text(pg, &arrays, a,
	            "{-9223372036854775808,0,9223372036854775807}|{-1,7}|{}|"
	            "{\"a,\\\"b\",NULL,\"\"}|{\"\\\\x0001\",NULL}|0");
	a = pg_args_new();
	pg_uuid_array(a, uuids, 2);
	expect_text(pg, &uuid_nulls, a, "t");
	close_pool(pg);
}

static void
unfit_arguments_are_refused_before_they_are_sent(void **state)
{
	struct pg *pg = open_pool(1, 4);
	struct pg_args *a = pg_args_new(), *b = pg_args_new();
	struct seen s[2] = { 0 };
	(void)state;

	for (int i = 0; i < 65; i++)
		pg_i64(a, i);
	pg_text_n(b, "a\0b", 3);
	s[0].op = pg_call(pg, &SAME, a, WITHIN_MS, on_reply, &s[0]);
	s[1].op = pg_call(pg, &SAME, b, WITHIN_MS, on_reply, &s[1]);
	wait_seen(s, 2);
	assert_int_equal(s[0].err.code, ERR_TOO_LONG);
	assert_int_equal(s[1].err.code, ERR_TOO_LONG);
	close_pool(pg);
}

static void
check_reply(void *arg, const struct pg_reply *r)
{
	static const struct uuid id = { { 0x01, 0x23 } };
	struct uuid got = reply_uuid(r, 0, 3);
	unsigned char bytes[8];
	bool *done = arg;

	*done = true;
	assert_int_equal(r->rows, 2);
	assert_true(reply_null(r, 0, 0));
	assert_int_equal(reply_i64(r, 0, 0), 0);
	assert_string_equal(reply_text(r, 0, 0), "");
	assert_int_equal(reply_i64(r, 0, 1), -42);
	assert_true(reply_bool(r, 0, 2));
	assert_true(uuid_equal(&got, &id));
	assert_int_equal(reply_bytes(r, 0, 4, bytes, sizeof bytes), 3);
	assert_memory_equal(bytes, "\xff\x00\x41", 3);
	assert_int_equal(reply_bytes(r, 0, 4, bytes, 1), 1);
	assert_int_equal(reply_i64(r, 0, 5), 0); /* unreadable as a number */
	assert_string_equal(reply_text(r, 1, 5), "y");
	assert_string_equal(reply_text(r, 2, 0), ""); /* out of range */
	assert_true(reply_null(r, 0, 99));
	assert_true(reply_null(r, -1, 0));
}

static void
getters_read_rows_and_survive_nonsense(void **state)
{
	static const struct pg_statement st = {
		"t_getters", "values (null::bigint, -42::bigint, true, "
		             "'01230000-0000-0000-0000-000000000000'::uuid, "
		             "'\\xff0041'::bytea, '12x'), "
		             "(1, 2, false, null, null, 'y')"
	};
	struct pg *pg = open_pool(1, 4);
	bool done = false;
	(void)state;

	pg_call(pg, &st, NULL, WITHIN_MS, check_reply, &done);
	while (!done)
		loop_turn(loop, 20);
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
	assert_int_equal(s[1].err.code, ERR_REFUSED);
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
	char *text = xzalloc(1000001);
	(void)state;

	memset(text, 'x', 1000000);
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

/* ---- an own database ---- */

static char database[64];

static void
on_server(const char *format)
{
	char sql[200];
	PGconn *c = PQconnectdb("dbname=postgres");

	snprintf(sql, sizeof sql, "%s %s", format, database);
	PQclear(PQexec(c, sql));
	PQfinish(c);
}

static int
set_up(void **state)
{
	(void)state;
	clock_init(&now);
	loop = loop_new(&now);
	snprintf(database, sizeof database, "adit_test_pg_%d", (int)getpid());
	on_server("create database");
	setenv("PGDATABASE", database, 1);
	aside("create table deferred_child (id bigint primary key)");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	on_server("drop database");
	return 0;
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
		cmocka_unit_test(arguments_of_every_type_arrive),
		cmocka_unit_test(unfit_arguments_are_refused_before_they_are_sent),
		cmocka_unit_test(getters_read_rows_and_survive_nonsense),
		cmocka_unit_test(a_changed_table_heals_after_one_failure),
		cmocka_unit_test(large_calls_and_answers_do_not_deadlock),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
