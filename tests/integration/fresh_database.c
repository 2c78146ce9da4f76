#include "tests/integration/fresh_database.h"

#include "payments/store/migrate.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>

#define TEMPLATE "adit_template"

static int
run(PGconn *db, const char *sql)
{
	PGresult *res = PQexec(db, sql);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK ||
	          PQresultStatus(res) == PGRES_TUPLES_OK;

	if (!ok)
		fprintf(stderr, "fresh_database: %s: %s", sql, PQerrorMessage(db));
	PQclear(res);
	return ok ? 0 : -1;
}

static bool
there_is(PGconn *db)
{
	PGresult *res =
	    PQexec(db, "select 1 from pg_database where datname = '" TEMPLATE "'");
	bool yes = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;

	PQclear(res);
	return yes;
}

static int
ready_template(PGconn *db)
{
	if (there_is(db) && migrate_is_current("dbname=" TEMPLATE) == 1)
		return 0;
	if (run(db, "drop database if exists " TEMPLATE " with (force)") < 0 ||
	    run(db, "create database " TEMPLATE) < 0)
		return -1;
	return migrate("dbname=" TEMPLATE, stderr);
}

/* The lock keeps a second test from copying, or making, what is being made. */
int
fresh_database(const char *name)
{
	PGconn *db = PQconnectdb("dbname=postgres");
	char sql[200];
	int rc = -1;

	snprintf(sql, sizeof sql, "create database %s template " TEMPLATE, name);
	if (PQstatus(db) != CONNECTION_OK)
		fprintf(stderr, "fresh_database: %s", PQerrorMessage(db));
	else if (run(db, "select pg_advisory_lock(4154)") == 0 && ready_template(db) == 0)
		rc = run(db, sql);
	PQfinish(db);
	return rc;
}
