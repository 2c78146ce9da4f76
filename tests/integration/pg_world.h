/* A loop, a pool, and a database of their own for tests of pg. */
#ifndef TESTS_INTEGRATION_PG_WORLD_H
#define TESTS_INTEGRATION_PG_WORLD_H

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

static inline void
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

static inline struct pg *
open_pool(unsigned connections, unsigned in_flight)
{
	struct pg_options o = { .conninfo = "",
		                .connections = connections,
		                .in_flight = in_flight,
		                .connect_ms = 3000,
		                .statement_ms = 1000 };

	return pg_new(loop, &o);
}

static inline void
wait_ready(struct pg *pg, unsigned n)
{
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;

	while (pg_ready(pg) < n && loop_clock(loop)->mono_ms < until)
		loop_turn(loop, 20);
	assert_int_equal(pg_ready(pg), n);
}

static inline void
wait_seen(struct seen *s, size_t n)
{
	int64_t until = loop_clock(loop)->mono_ms + WITHIN_MS;

	for (size_t i = 0; i < n; i++) {
		while (s[i].times == 0 && loop_clock(loop)->mono_ms < until)
			loop_turn(loop, 20);
		assert_int_equal(s[i].times, 1);
	}
}

static inline void
close_pool(struct pg *pg)
{
	pg_free(pg);
	loop_turn(loop, 0);
}

static inline void
call_i64(struct pg *pg, const struct pg_statement *st, int64_t v, struct seen *s)
{
	struct pg_args *a = pg_args_new();

	pg_i64(a, v);
	s->op = pg_call(pg, st, a, WITHIN_MS, on_reply, s);
}

/* One blocking statement beside the pool, as another program would send it. */
static inline void
aside(const char *sql)
{
	PGconn *c = PQconnectdb("");
	PGresult *r = PQexec(c, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(c));
	PQclear(r);
	PQfinish(c);
}

/* ---- an own database ---- */

static char database[64];

static inline void
on_server(const char *format)
{
	char sql[200];
	PGconn *c = PQconnectdb("dbname=postgres");

	snprintf(sql, sizeof sql, "%s %s", format, database);
	PQclear(PQexec(c, sql));
	PQfinish(c);
}

static inline int
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

static inline int
tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	on_server("drop database");
	return 0;
}

static const struct pg_statement SAME = { "t_same", "select $1::bigint" };

#endif
