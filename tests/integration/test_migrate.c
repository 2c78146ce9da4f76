/* The migration runner on a database of its own: once, again, two at a time, and after a
 * file was changed. */
#include "payments/store/migrate.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char database[40], conninfo[60];

static long
ask(const char *where, const char *sql)
{
	PGconn *db = PQconnectdb(where);
	PGresult *res = PQexec(db, sql);
	long v = -1;

	if (PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1)
		v = strtol(PQgetvalue(res, 0, 0), NULL, 10);
	else if (PQresultStatus(res) == PGRES_COMMAND_OK)
		v = 0;
	PQclear(res);
	PQfinish(db);
	return v;
}

static int
fresh(void **state)
{
	char sql[100];
	(void)state;

	snprintf(database, sizeof database, "adit_migrate_%d", (int)getpid());
	snprintf(conninfo, sizeof conninfo, "dbname=%s", database);
	snprintf(sql, sizeof sql, "create database %s", database);
	return (int)ask("dbname=postgres", sql);
}

static int
drop(void **state)
{
	char sql[100];
	(void)state;

	snprintf(sql, sizeof sql, "drop database %s with (force)", database);
	return (int)ask("dbname=postgres", sql);
}

static void
an_empty_database_is_brought_forward_once(void **state)
{
	long files;
	(void)state;

	assert_int_equal(migrate_is_current(conninfo), 0);
	assert_int_equal(migrate(conninfo, NULL), 0);
	assert_int_equal(migrate_is_current(conninfo), 1);
	files = ask(conninfo, "select count(*) from schema_migrations");
	assert_true(files > 3);
	assert_int_equal(migrate(conninfo, NULL), 0);
	assert_int_equal(ask(conninfo, "select count(*) from schema_migrations"), files);
	assert_int_equal(ask(conninfo, "select count(*) from ledger_faults()"), 0);
}

static void
two_at_once_do_not_race(void **state)
{
	int status, failed = 0;
	(void)state;

	for (int i = 0; i < 2; i++) {
		if (fork() == 0)
			_exit(migrate(conninfo, NULL) == 0 ? 0 : 1);
	}
	while (wait(&status) > 0)
		failed += status != 0;
	assert_int_equal(failed, 0);
	assert_int_equal(migrate_is_current(conninfo), 1);
}

static void
a_changed_file_is_refused_by_name(void **state)
{
	char said[200] = "";
	FILE *out = fmemopen(said, sizeof said, "w");
	(void)state;

	assert_non_null(out);
	assert_int_equal(migrate(conninfo, NULL), 0);
	assert_int_equal(ask(conninfo, "update schema_migrations set checksum = 'other'"
	                               " where name = '002_settle.sql'"),
	                 0);
	assert_int_equal(migrate_is_current(conninfo), 0);
	assert_int_equal(migrate(conninfo, out), -1);
	fclose(out);
	assert_non_null(strstr(said, "002_settle.sql"));
}

/* What the file did is gone with it: nothing is half applied. */
static void
a_file_that_fails_leaves_nothing(void **state)
{
	(void)state;

	assert_int_equal(ask(conninfo, "create table transfers (there integer)"), 0);
	assert_int_equal(migrate(conninfo, NULL), -1);
	assert_int_equal(ask(conninfo, "select count(*) from schema_migrations"), 0);
	assert_int_equal(
	    ask(conninfo,
	        "select count(*) from pg_tables where tablename = 'operations'"),
	    0);
}

static void
no_database_is_told(void **state)
{
	(void)state;

	assert_int_equal(migrate("host=/nowhere", NULL), -1);
	assert_int_equal(migrate_is_current("host=/nowhere"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_empty_database_is_brought_forward_once,
		                                fresh, drop),
		cmocka_unit_test_setup_teardown(two_at_once_do_not_race, fresh, drop),
		cmocka_unit_test_setup_teardown(a_changed_file_is_refused_by_name, fresh,
		                                drop),
		cmocka_unit_test_setup_teardown(a_file_that_fails_leaves_nothing, fresh,
		                                drop),
		cmocka_unit_test(no_database_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
