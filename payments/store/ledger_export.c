#include "payments/store/ledger_export.h"

#include "lib/buf.h"
#include "payments/core/day.h"
#include "payments/core/money.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 96
#define OWNERS    2048

/* $1, $2: floats' owners and their names; $3, $4: first day and the day after the last,
 * null for all.  A transfer's moment stands in its id, so the bounds are ids. */
#define NAMED_ACCOUNTS                                                                   \
	"with named as (select * from unnest($1::uuid[], $2::text[]) as n(owner, "       \
	"name)), "                                                                       \
	"span as (select c.cooperative_id, c.code, c.timezone, "                         \
	"coalesce(uuid7_floor(day_begin_ms(c.cooperative_id, $3::integer)), "            \
	"'00000000-0000-0000-0000-000000000000') as begins, "                            \
	"coalesce(uuid7_floor(day_begin_ms(c.cooperative_id, $4::integer)), "            \
	"'ffffffff-ffff-ffff-ffff-ffffffffffff') as ends from cooperatives c), "         \
	"book as (select a.cooperative_id, a.account_id, s.code || ':' || k.name || "    \
	"coalesce(':' || coalesce(n.name, a.owner::text), '') as name, a.unit, "         \
	"coalesce(u.exponent, 0) as exponent, s.begins, s.ends, s.timezone "             \
	"from accounts a join span s using (cooperative_id) join account_kinds k using " \
	"(kind) left join named n on n.owner = a.owner and a.kind = 0 "                  \
	"left join currencies u on u.code = a.unit) "

static const char units[] = "declare page no scroll cursor for " NAMED_ACCOUNTS
                            "select distinct unit, exponent from book order by unit";
static const char names[] = "declare page no scroll cursor for " NAMED_ACCOUNTS
                            "select distinct name from book order by name";
static const char openings[] =
    "declare page no scroll cursor for " NAMED_ACCOUNTS
    "select b.cooperative_id, b.name, b.unit, b.exponent, sum(e.amount) from book b "
    "join entries e using (cooperative_id, account_id) where e.transfer_id < b.begins "
    "group by 1, 2, 3, 4 having sum(e.amount) <> 0 order by 1, 2, 3";
static const char closings[] =
    "declare page no scroll cursor for " NAMED_ACCOUNTS
    "select b.cooperative_id, b.name, b.unit, b.exponent, coalesce(sum(e.amount), 0) "
    "from book b left join entries e on e.cooperative_id = b.cooperative_id and "
    "e.account_id = b.account_id and e.transfer_id < b.ends "
    "group by 1, 2, 3, 4 order by 1, 2, 3";
static const char transfers[] =
    "declare page no scroll cursor for " NAMED_ACCOUNTS
    "select (to_timestamp(uuid7_ms(t.transfer_id) / 1000.0) at time zone "
    "d.timezone)::date, o.kind, t.op_key, t.transfer_id, d.name, c.name, d.unit, "
    "d.exponent, t.amount from transfers t join operations o using (cooperative_id, "
    "op_key) join book d on d.cooperative_id = t.cooperative_id and d.account_id = "
    "t.debit join book c on c.cooperative_id = t.cooperative_id and c.account_id = "
    "t.credit where t.kind in (0, 2) and t.transfer_id >= d.begins and t.transfer_id < "
    "d.ends order by t.cooperative_id, t.transfer_id";

struct journal {
	PGconn *db;
	FILE *out;
	const char *values[4];
	char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
	char cooperative[16]; /* of the transaction being written */
	const char *title;
	bool assert_only;
};

typedef void row_fn(struct journal *j, const PGresult *res, int row);

static int
no_answer(struct journal *j, PGresult *res)
{
	fprintf(stderr, "ledger: the database cannot be asked: %s",
	        PQerrorMessage(j->db));
	PQclear(res);
	return -1;
}

/* Every row of a cursor, a page at a time. */
static int
each(struct journal *j, const char *declare, row_fn *fn)
{
	PGresult *res = PQexecParams(j->db, declare, 4, NULL, j->values, NULL, NULL, 0);
	int rows;

	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		return no_answer(j, res);
	PQclear(res);
	do {
		res = PQexec(j->db, "fetch 1000 from page");
		if (PQresultStatus(res) != PGRES_TUPLES_OK)
			return no_answer(j, res);
		rows = PQntuples(res);
		for (int row = 0; row < rows; row++)
			fn(j, res, row);
		PQclear(res);
	} while (rows > 0);
	PQclear(PQexec(j->db, "close page"));
	return 0;
}

/* "-500.00 TZS", "841 "mg.Au.fine"": a name that is more than letters is quoted. */
static const char *
amount(int64_t minor, const char *unit, const char *exponent, char out[NAME_SIZE])
{
	bool plain = unit[strspn(unit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';
	struct buf b;

	buf_init(&b, out, NAME_SIZE);
	money_text(&b, minor, (unsigned)strtoul(exponent, NULL, 10));
	buf_printf(&b, plain ? " %s" : " \"%s\"", unit);
	return out;
}

static void
write_unit(struct journal *j, const PGresult *res, int row)
{
	const char *unit = PQgetvalue(res, row, 0);
	unsigned exponent = (unsigned)strtoul(PQgetvalue(res, row, 1), NULL, 10);
	bool plain = unit[strspn(unit, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0';

	fprintf(j->out,
	        plain ? "commodity 1000.%.*s %s\n" : "commodity 1000.%.*s \"%s\"\n",
	        (int)exponent, "0000", unit);
}

static void
write_name(struct journal *j, const PGresult *res, int row)
{
	fprintf(j->out, "account %s\n", PQgetvalue(res, row, 0));
}

static void
write_transfer(struct journal *j, const PGresult *res, int row)
{
	const char *day = PQgetvalue(res, row, 0), *unit = PQgetvalue(res, row, 6),
	           *exponent = PQgetvalue(res, row, 7);
	int64_t minor = strtoll(PQgetvalue(res, row, 8), NULL, 10);
	char text[NAME_SIZE];

	if (strcmp(day, j->last) > 0)
		snprintf(j->last, sizeof j->last, "%s", day);
	fprintf(j->out, "\n%s %s  ; op:%s, transfer:%s\n", day, PQgetvalue(res, row, 1),
	        PQgetvalue(res, row, 2), PQgetvalue(res, row, 3));
	fprintf(j->out, "    %s  %s\n", PQgetvalue(res, row, 4),
	        amount(minor, unit, exponent, text));
	fprintf(j->out, "    %s  %s\n", PQgetvalue(res, row, 5),
	        amount(-minor, unit, exponent, text));
}

/* A posting of the transaction that opens or proves; one transaction a cooperative. */
static void
write_balance(struct journal *j, const PGresult *res, int row)
{
	const char *unit = PQgetvalue(res, row, 2), *exponent = PQgetvalue(res, row, 3);
	int64_t minor = strtoll(PQgetvalue(res, row, 4), NULL, 10);
	char text[NAME_SIZE], zero[NAME_SIZE];

	if (strcmp(j->cooperative, PQgetvalue(res, row, 0)) != 0) {
		snprintf(j->cooperative, sizeof j->cooperative, "%s",
		         PQgetvalue(res, row, 0));
		fprintf(j->out, "\n%s %s\n", j->assert_only ? j->last : j->first,
		        j->title);
	}
	amount(minor, unit, exponent, text);
	if (j->assert_only)
		fprintf(j->out, "    %s  %s = %s\n", PQgetvalue(res, row, 1),
		        amount(0, unit, exponent, zero), text);
	else
		fprintf(j->out, "    %s  %s\n", PQgetvalue(res, row, 1), text);
}

static int
write_journal(struct journal *j)
{
	fputs("; the ledger of Adit, for hledger: hledger -f FILE check\n"
	      "; accounts are cooperative:kind:owner; debits are positive\n"
	      "decimal-mark .\n\n",
	      j->out);
	if (each(j, units, write_unit) != 0)
		return -1;
	fputs("\n", j->out);
	if (each(j, names, write_name) != 0)
		return -1;
	j->title = "opening balances";
	if (j->values[2] != NULL && each(j, openings, write_balance) != 0)
		return -1;
	if (each(j, transfers, write_transfer) != 0)
		return -1;
	j->title = "balances";
	j->assert_only = true;
	j->cooperative[0] = '\0';
	return each(j, closings, write_balance);
}

/* {..,..} of the owners, and of their names. */
static void
put_owners(const struct ledger_journal *what, struct buf *ids, struct buf *texts)
{
	char text[UUID_TEXT_SIZE];

	buf_putc(ids, '{');
	buf_putc(texts, '{');
	for (unsigned i = 0; i < what->owner_count; i++) {
		buf_printf(ids, "%s%s", i == 0 ? "" : ",",
		           uuid_text(&what->owners[i].owner, text));
		buf_printf(texts, "%s\"%s\"", i == 0 ? "" : ",", what->owners[i].name);
	}
	buf_putc(ids, '}');
	buf_putc(texts, '}');
}

int
ledger_export_hledger(const char *conninfo, const struct ledger_journal *what, FILE *out)
{
	struct journal j = { .db = PQconnectdb(conninfo), .out = out };
	char ids[OWNERS], texts[OWNERS], from[16], to[16];
	struct buf id_list, text_list;
	int failed;

	buf_init(&id_list, ids, sizeof ids);
	buf_init(&text_list, texts, sizeof texts);
	put_owners(what, &id_list, &text_list);
	snprintf(from, sizeof from, "%d", what->from);
	snprintf(to, sizeof to, "%d", what->to + 1);
	j.values[0] = ids;
	j.values[1] = texts;
	j.values[2] = what->has_from ? from : NULL;
	j.values[3] = what->has_to ? to : NULL;
	day_text(what->has_from ? what->from : 0, j.first);
	day_text(what->has_to ? what->to : what->has_from ? what->from : 0, j.last);
	PQclear(PQexec(j.db, "begin isolation level repeatable read read only"));
	failed = write_journal(&j);
	PQfinish(j.db);
	if (failed == 0 && fflush(out) != 0) {
		perror("ledger export");
		failed = -1;
	}
	return failed == 0 ? 0 : 2;
}
