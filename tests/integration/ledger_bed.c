#include "tests/integration/ledger_bed.h"

#include "tests/integration/fresh_database.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 10000

const struct account_ref bed_float = { ACC_FLOAT, { { 1 } }, "TZS" };
const struct account_ref bed_equity = { ACC_EQUITY, { { 0 } }, "TZS" };
const struct account_ref bed_member = { ACC_MEMBER, { { 2 } }, "TZS" };
const struct account_ref bed_loan = { ACC_LOAN, { { 3 } }, "TZS" };
const struct account_ref bed_till = { ACC_TILL, { { 0 } }, "TZS" };

static void
die(const char *what, PGconn *db)
{
	fprintf(stderr, "ledger_bed: %s: %s\n", what,
	        db != NULL ? PQerrorMessage(db) : "");
	exit(1);
}

static int64_t
ask(PGconn *db, const char *sql)
{
	PGresult *res = PQexec(db, sql);
	int64_t v = 0;

	if (PQresultStatus(res) != PGRES_TUPLES_OK &&
	    PQresultStatus(res) != PGRES_COMMAND_OK)
		die(sql, db);
	if (PQntuples(res) > 0)
		v = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
	PQclear(res);
	return v;
}

int64_t
bed_query(struct ledger_bed *b, const char *sql)
{
	if (b->questions == NULL) /* one for all: a new one knows no table yet */
		b->questions = PQconnectdb(b->conninfo);
	return ask(b->questions, sql);
}

static const struct settle_options plain = { .batch_max = 500,
	                                     .queue_max = 100000,
	                                     .cache_accounts = 100000,
	                                     .lease_ms = 600,
	                                     .holder = "bed" };

static void
start_writer(struct ledger_bed *b)
{
	b->settle = settle_new(b->loop, b->pg, &b->options);
}

int
ledger_bed_open(struct ledger_bed *b)
{
	struct pg_options o = { .connections = 2,
		                .in_flight = 32,
		                .connect_ms = 3000,
		                .statement_ms = 10000,
		                .role = "adit_gateway" };
	char sql[200];

	snprintf(b->database, sizeof b->database, "adit_bed_%d", (int)getpid());
	snprintf(b->conninfo, sizeof b->conninfo, "dbname=%s", b->database);
	if (fresh_database(b->database) < 0)
		return -1;
	snprintf(sql, sizeof sql,
	         "insert into cooperatives (cooperative_id, code, name, country, "
	         "currency, timezone)"
	         " values (%d, 'BED', 'Bed', 'TZ', 'TZS', 'UTC')",
	         BED_COOPERATIVE);
	bed_query(b, sql);
	clock_init(&b->clock);
	ids_init(&b->ids);
	b->loop = loop_new(&b->clock);
	o.conninfo = b->conninfo;
	b->pg = pg_new(b->loop, &o);
	b->options = plain;
	start_writer(b);
	return 0;
}

void
ledger_bed_restart(struct ledger_bed *b)
{
	settle_free(b->settle);
	start_writer(b);
}

void
ledger_bed_close(struct ledger_bed *b)
{
	PGconn *db = PQconnectdb("dbname=postgres");
	char sql[100];

	PQfinish(b->questions);
	b->questions = NULL;
	settle_free(b->settle);
	pg_free(b->pg);
	loop_free(b->loop);
	snprintf(sql, sizeof sql, "drop database %s with (force)", b->database);
	ask(db, sql);
	PQfinish(db);
}

struct ledger_leg
bed_post(struct ledger_bed *b, struct account_ref debit, struct account_ref credit,
         int64_t amount)
{
	return (struct ledger_leg){ .kind = LEG_POST,
		                    .transfer_id = ids_uuid7(&b->ids, b->clock.wall_ms),
		                    .debit = debit,
		                    .credit = credit,
		                    .amount = amount };
}

struct ledger_leg
bed_resolve(struct ledger_bed *b, const struct ledger_leg *hold, enum leg_kind kind,
            int64_t amount)
{
	struct ledger_leg leg = *hold;

	leg.kind = kind;
	leg.transfer_id = ids_uuid7(&b->ids, b->clock.wall_ms);
	leg.hold_id = hold->transfer_id;
	leg.amount = amount;
	leg.expires_ms = 0;
	return leg;
}

struct waiter {
	struct ledger_bed *bed;
	struct settle_answer *out;
};

static void
on_answer(void *arg, const struct settle_answer *answer)
{
	struct waiter *w = arg;

	*w->out = *answer;
	w->bed->waiting--;
	free(w);
}

void
bed_submit(struct ledger_bed *b, const char *kind, unsigned number,
           const struct ledger_leg *legs, uint32_t count, struct settle_answer *out)
{
	struct waiter *w = malloc(sizeof *w);
	char name[60];
	int n = snprintf(name, sizeof name, "%s/%u", kind, number);
	struct operation op = { .cooperative_id = BED_COOPERATIVE,
		                .key = uuid_from_name(name, (size_t)n),
		                .kind = kind,
		                .legs = legs,
		                .leg_count = count };

	if (w == NULL)
		die("no memory", NULL);
	*w = (struct waiter){ b, out };
	b->waiting++;
	settle_submit(b->settle, &op, WAIT_MS, on_answer, w);
}

void
bed_wait(struct ledger_bed *b)
{
	int64_t end;

	clock_update(&b->clock);
	end = b->clock.mono_ms + 2 * WAIT_MS;
	while (b->waiting > 0) {
		loop_turn(b->loop, 50);
		if (b->clock.mono_ms > end)
			die("no answer in time", NULL);
	}
}

struct settle_answer
bed_settle(struct ledger_bed *b, const char *kind, unsigned number,
           const struct ledger_leg *legs, uint32_t count)
{
	struct settle_answer answer;

	bed_submit(b, kind, number, legs, count, &answer);
	bed_wait(b);
	return answer;
}

int64_t
bed_balance(struct ledger_bed *b, const struct account_ref *account)
{
	struct uuid id = account_id(BED_COOPERATIVE, account);
	char text[UUID_TEXT_SIZE], sql[200];

	snprintf(sql, sizeof sql,
	         "select coalesce(sum(balance), 0) from accounts where account_id = '%s'",
	         uuid_text(&id, text));
	return bed_query(b, sql);
}

int64_t
bed_faults(struct ledger_bed *b)
{
	return bed_query(b, "select count(*) from ledger_faults()");
}

void
bed_bump_epoch(struct ledger_bed *b)
{
	bed_query(b, "update writer_lease set epoch = epoch + 1, holder = 'another',"
	             " until = now() + interval '200 milliseconds'");
}

void
bed_terminate_backends(struct ledger_bed *b)
{
	bed_query(b, "select count(pg_terminate_backend(pid)) from pg_stat_activity"
	             " where datname = current_database() and pid <> pg_backend_pid()");
}
