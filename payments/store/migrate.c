#include "payments/store/migrate.h"

#include "payments/store/schema_files.h"

#include <libpq-fe.h>
#include <sodium.h>
#include <string.h>

#define CHECKSUM_TEXT 65

static const char create_table[] = "create table if not exists schema_migrations (name "
                                   "text primary key, checksum text not null,"
                                   " applied_at timestamptz not null default now())";
static const char lock_it[] = "select pg_advisory_lock(7236452100)";
static const char find_it[] = "select checksum from schema_migrations where name = $1";
static const char note_it[] =
    "insert into schema_migrations (name, checksum) values ($1, $2)";

static void
checksum(const struct schema_file *f, char out[CHECKSUM_TEXT])
{
	unsigned char hash[32];

	crypto_generichash(hash, sizeof hash, (const unsigned char *)f->sql, f->size,
	                   NULL, 0);
	sodium_bin2hex(out, CHECKSUM_TEXT, hash, sizeof hash);
}

static bool
run(PGconn *db, const char *sql, FILE *out, const char *what)
{
	PGresult *res = PQexec(db, sql);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK ||
	          PQresultStatus(res) == PGRES_TUPLES_OK;

	if (!ok && out != NULL)
		fprintf(out, "%s: %s", what, PQresultErrorMessage(res));
	PQclear(res);
	return ok;
}

/* 1 applied with this content, 0 not applied, -1 applied with other content, -2 no answer
 */
static int
state_of(PGconn *db, const struct schema_file *f)
{
	const char *values[] = { f->name };
	char sum[CHECKSUM_TEXT];
	PGresult *res = PQexecParams(db, find_it, 1, NULL, values, NULL, NULL, 0);
	int state;

	checksum(f, sum);
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		state = -2;
	else if (PQntuples(res) == 0)
		state = 0;
	else
		state = strcmp(PQgetvalue(res, 0, 0), sum) == 0 ? 1 : -1;
	PQclear(res);
	return state;
}

static bool
apply(PGconn *db, const struct schema_file *f, FILE *out)
{
	char sum[CHECKSUM_TEXT];
	const char *values[] = { f->name, sum };
	PGresult *res;
	bool ok;

	checksum(f, sum);
	if (!run(db, "begin", out, f->name) || !run(db, f->sql, out, f->name))
		return false;
	res = PQexecParams(db, note_it, 2, NULL, values, NULL, NULL, 0);
	ok = PQresultStatus(res) == PGRES_COMMAND_OK;
	PQclear(res);
	if (ok && run(db, "commit", out, f->name)) {
		if (out != NULL)
			fprintf(out, "applied %s\n", f->name);
		return true;
	}
	return false;
}

static int
apply_all(PGconn *db, FILE *out)
{
	for (const struct schema_file *f = schema_files; f->name != NULL; f++) {
		int state = state_of(db, f);

		if (state == 1)
			continue;
		if (state < 0) {
			if (out != NULL)
				fprintf(out, "%s: %s\n", f->name,
				        state == -1 ? "was changed after it ran here; "
				                      "put it back and "
				                      "write a new file instead"
				                    : PQerrorMessage(db));
			return -1;
		}
		if (!apply(db, f, out))
			return -1;
	}
	return 0;
}

int
migrate(const char *conninfo, FILE *out)
{
	PGconn *db = PQconnectdb(conninfo);
	int result = -1;

	if (PQstatus(db) != CONNECTION_OK) {
		if (out != NULL)
			fprintf(out, "no database: %s", PQerrorMessage(db));
	} else if (run(db, "set client_min_messages = warning", out, "set") &&
	           run(db, lock_it, out, "lock") &&
	           run(db, create_table, out, "schema_migrations")) {
		result = apply_all(db, out);
	}
	PQfinish(db);
	return result;
}

int
migrate_is_current(const char *conninfo)
{
	PGconn *db = PQconnectdb(conninfo);
	int result = 1;

	if (PQstatus(db) != CONNECTION_OK)
		result = -1;
	for (const struct schema_file *f = schema_files; result == 1 && f->name != NULL;
	     f++) {
		int state = state_of(db, f);

		if (state != 1)
			result = 0;
	}
	PQfinish(db);
	return result;
}
