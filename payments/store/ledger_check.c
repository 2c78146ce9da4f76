#include "payments/store/ledger_check.h"

#include "lib/json.h"

#include <libpq-fe.h>
#include <string.h>

static const char faults[] =
    "select cooperative_id, invariant, detail from book_faults()";
static const char counts[] =
    "select (select count(*) from accounts), (select count(*) from operations),"
    " (select count(*) from transfers), (select count(*) from entries)";

static const char balances[] =
    "select cooperative_id, unit, kind, debit, credit from trial_balance()";

static void
print_fault(FILE *out, const PGresult *res, int row, bool json)
{
	char storage[1200];
	struct buf b;
	struct json_writer w;

	if (!json) {
		fprintf(out, "BROKEN  cooperative %s: %s: %s\n", PQgetvalue(res, row, 0),
		        PQgetvalue(res, row, 1), PQgetvalue(res, row, 2));
		return;
	}
	buf_init(&b, storage, sizeof storage);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_raw(&w, "cooperative", PQgetvalue(res, row, 0));
	jw_text(&w, "broken", PQgetvalue(res, row, 1));
	jw_text(&w, "detail", PQgetvalue(res, row, 2));
	jw_end_object(&w);
	fprintf(out, "%s\n", b.at);
}

static int
no_answer(PGconn *db, PGresult *res, FILE *out)
{
	fprintf(out, "ledger: the database cannot be asked: %s", PQerrorMessage(db));
	PQclear(res);
	PQfinish(db);
	return 2;
}

int
ledger_check(const char *conninfo, FILE *out, bool json)
{
	PGconn *db = PQconnectdb(conninfo);
	PGresult *res;
	int broken;

	/* one snapshot, or a commit between the two queries would look like a fault */
	PQclear(PQexec(db, "begin isolation level repeatable read read only"));
	res = PQexec(db, faults);
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		return no_answer(db, res, out);
	broken = PQntuples(res);
	for (int row = 0; row < broken; row++)
		print_fault(out, res, row, json);
	PQclear(res);
	res = PQexec(db, counts);
	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		return no_answer(db, res, out);
	if (json)
		fprintf(
		    out,
		    "{\"accounts\":%s,\"operations\":%s,\"transfers\":%s,\"entries\":%s,"
		    "\"broken\":%d}\n",
		    PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1), PQgetvalue(res, 0, 2),
		    PQgetvalue(res, 0, 3), broken);
	else
		fprintf(out,
		        "ledger: %s accounts, %s operations, %s transfers, %s entries: "
		        "%d broken\n",
		        PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1),
		        PQgetvalue(res, 0, 2), PQgetvalue(res, 0, 3), broken);
	PQclear(res);
	PQfinish(db);
	return broken > 0;
}

static void
print_balance(FILE *out, const PGresult *res, int row, bool json)
{
	const char *kind = PQgetvalue(res, row, 2);

	if (!json) {
		fprintf(out, "%3s %-12s %-14s %18s %18s\n", PQgetvalue(res, row, 0),
		        PQgetvalue(res, row, 1), kind[0] == '\0' ? "SUM" : kind,
		        PQgetvalue(res, row, 3), PQgetvalue(res, row, 4));
		return;
	}
	fprintf(out,
	        "{\"cooperative\":%s,\"unit\":\"%s\",\"kind\":\"%s\",\"debit\":%s,"
	        "\"credit\":%s}\n",
	        PQgetvalue(res, row, 0), PQgetvalue(res, row, 1), kind,
	        PQgetvalue(res, row, 3), PQgetvalue(res, row, 4));
}

int
ledger_balance(const char *conninfo, FILE *out, bool json)
{
	PGconn *db = PQconnectdb(conninfo);
	PGresult *res = PQexec(db, balances);
	int uneven = 0;

	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		return no_answer(db, res, out);
	if (!json)
		fprintf(out, "%3s %-12s %-14s %18s %18s\n", "", "unit", "accounts",
		        "debit", "credit");
	for (int row = 0; row < PQntuples(res); row++) {
		print_balance(out, res, row, json);
		if (PQgetvalue(res, row, 2)[0] == '\0' &&
		    strcmp(PQgetvalue(res, row, 3), PQgetvalue(res, row, 4)) != 0)
			uneven = 1;
	}
	PQclear(res);
	PQfinish(db);
	return uneven;
}
