/*
 * bench_day - fills the database of the PG* environment with live loans, for the day's
 * run.
 *
 *   bench_day LOANS
 *
 * Every loan goes through the ledger writer, as the gateway's would: asked for, then paid
 * out with its contract, rows, first events and legs.  Members 1..LOANS exist already
 * (tools/bench-day).  The loans began 1 to 50 days ago, run for eight weeks, and two of
 * three have paid what fell due; the rest are late by up to six instalments.
 * Prints one JSON object.
 */
#include "lib/arena.h"
#include "lib/clock.h"
#include "payments/flow/loan_money.h"
#include "payments/store/loans.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COOPERATIVE   1
#define WAITING       400
#define PENALTIES_MAX 8
#define DAY_MS        INT64_C(86400000)

struct run {
	struct clock clock;
	struct ids ids;
	struct loop *loop;
	struct flow_env env;
	struct uuid product_id;
	int32_t today;
	uint32_t loans, begun, done, refused, waiting;
};

struct loan {
	struct run *run;
	uint32_t nr;
	struct arena *arena;
	struct books books;
	struct loan_record record;
	struct contract contract;
};

static void begin_loan(struct run *r);

static void
refuse(struct loan *l, const char *why)
{
	fprintf(stderr, "bench_day: loan %u: %s\n", l->nr, why);
	l->run->refused++;
}

static void
end_loan(struct loan *l)
{
	struct run *r = l->run;

	arena_free(l->arena);
	free(l);
	r->waiting--;
	r->done++;
	if (r->begun < r->loans)
		begin_loan(r);
}

static void
on_live(void *arg, const struct settle_answer *a)
{
	struct loan *l = arg;

	if (a->err.code != ERR_NONE || a->result != OP_DONE)
		refuse(l,
		       a->err.code != ERR_NONE ? a->err.what : op_result_name(a->result));
	end_loan(l);
}

static void
agree(struct loan *l)
{
	struct contract *c = &l->contract;
	struct charge late = { .code = "late",
		               .time = CHARGE_OVERDUE,
		               .base = CHARGE_PCT_PRINCIPAL_INTEREST,
		               .penalty = true,
		               .pct = 2 * PCT_ONE,
		               .grace_days = 3 };

	contract_init(c);
	c->principal = 5000000 + 10000 * (int64_t)(l->nr % 1000);
	c->rate = 36 * PCT_ONE;
	c->interest_type = INTEREST_FLAT;
	c->start = l->run->today - 1 - (int32_t)(l->nr % 50);
	c->instalments = 8;
	c->every_unit = EVERY_WEEKS;
	c->in_duplum_pct = 100 * PCT_ONE;
	c->charges[c->charge_count++] = late;
}

/* What the runs of the days before have charged. */
static int
penalise(struct loan *l, struct loan_money *m, struct err *err)
{
	struct loan_event due[PENALTIES_MAX];
	uint32_t n;

	if (loan_account_day(m->account, l->run->today, err) < 0)
		return -1;
	n = loan_account_overdue(m->account, due, PENALTIES_MAX);
	for (uint32_t i = 0; i < n; i++)
		if (loan_money_tell(m, due[i], err) < 0)
			return -1;
	return 0;
}

/* What fell due is paid on its day; of every third loan, nothing. */
static int
live_until_today(struct loan *l, struct loan_money *m, struct err *err)
{
	if (loan_money_begin(m, l->arena, &l->record, &l->contract, err) < 0)
		return -1;
	for (int32_t d = l->contract.start + 7; d <= l->run->today; d += 7) {
		const struct account_row *row;
		int64_t owed = 0;

		if (loan_account_day(m->account, d, err) < 0)
			return -1;
		row = loan_account_next(m->account);
		if (l->nr % 3 == 0 || row == NULL)
			continue;
		for (int p = 0; p < PARTS; p++)
			owed += account_row_owed(row, (enum component)p);
		if (loan_money_tell(m,
		                    (struct loan_event){
		                        .kind = EVENT_REPAY, .day = d, .amount = owed },
		                    err) < 0)
			return -1;
	}
	return penalise(l, m, err);
}

static void
pay_out(struct loan *l)
{
	struct account_ref cash = account_float("mtn", "TZS");
	struct loan_money m;
	struct err err = err_none();
	char id[UUID_TEXT_SIZE];

	if (live_until_today(l, &m, &err) < 0) {
		refuse(l, err.what);
		end_loan(l);
		return;
	}
	books_begin(&l->books, &l->run->env, l->arena, COOPERATIVE, "loan.live", NULL);
	books_key(&l->books, "loan.live/%s", uuid_text(&l->record.view.loan_id, id));
	books_post(&l->books, account(ACC_LOAN, &l->record.view.loan_id, "TZS"), cash,
	           l->contract.principal);
	loan_money_put(&m, &l->books, &cash);
	settle_submit(l->run->env.settle, &l->books.op, 120000, on_live, l);
}

static void
on_asked(void *arg, const struct settle_answer *a)
{
	struct loan *l = arg;

	if (a->err.code == ERR_NONE && a->result == OP_DONE) {
		pay_out(l);
		return;
	}
	refuse(l, a->err.code != ERR_NONE ? a->err.what : op_result_name(a->result));
	end_loan(l);
}

static void
ask(struct loan *l, const struct loan_terms *terms)
{
	struct run *r = l->run;
	struct loan_product product = { .sale_share_permille = 300,
		                        .floor_permille = 500,
		                        .contract = l->contract };
	struct loan_new row = { .loan_id = l->record.view.loan_id,
		                .member_id = l->record.member_id,
		                .product_id = r->product_id,
		                .request_key = ids_uuid4(&r->ids),
		                .code = l->record.view.code,
		                .terms = terms,
		                .contract = &l->contract,
		                .product = &product,
		                .product_code = "weekly",
		                .now_ms = r->clock.wall_ms };
	struct buf body;
	char id[UUID_TEXT_SIZE];

	books_begin(&l->books, &r->env, l->arena, COOPERATIVE, "loan.request",
	            &row.member_id);
	books_key(&l->books, "loan.request/%s", uuid_text(&row.request_key, id));
	body = books_body(&l->books, 8000);
	loan_new_body(&body, &row);
	books_effect(&l->books, "loan_new", &body);
	settle_submit(r->env.settle, &l->books.op, 120000, on_asked, l);
}

static void
begin_loan(struct run *r)
{
	static struct schedule work;
	struct loan *l = xzalloc(sizeof *l);
	struct err err = err_none();

	*l = (struct loan){ .run = r, .nr = ++r->begun, .arena = arena_new(1 << 22) };
	r->waiting++;
	agree(l);
	l->record.cooperative_id = COOPERATIVE;
	l->record.version = 1;
	l->record.today = r->today;
	l->record.view.loan_id = ids_uuid7(&r->ids, r->clock.wall_ms);
	snprintf(l->record.view.code, sizeof l->record.view.code, "%08u", l->nr);
	snprintf(l->record.view.currency, sizeof l->record.view.currency, "TZS");
	l->record.member_id.b[8] = 0x80;
	for (int i = 0; i < 4; i++)
		l->record.member_id.b[15 - i] = (uint8_t)(l->nr >> (8 * i));
	if (loan_terms(&l->contract, &work, &l->record.view.terms, &err) < 0) {
		refuse(l, err.what);
		end_loan(l);
		return;
	}
	ask(l, &l->record.view.terms);
}

static int
read_product(struct run *r)
{
	PGconn *pg = PQconnectdb("");
	PGresult *res = PQexec(pg, "select product_id from loan_products limit 1");
	bool ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1 &&
	          uuid_parse(PQgetvalue(res, 0, 0), 36, &r->product_id);

	if (!ok)
		fprintf(stderr, "bench_day: no product: %s\n", PQerrorMessage(pg));
	PQclear(res);
	PQfinish(pg);
	return ok ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct run r = { .loans = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0 };
	struct pg_options po = { .conninfo = "",
		                 .connections = 2,
		                 .in_flight = 16,
		                 .connect_ms = 3000,
		                 .statement_ms = 60000,
		                 .role = "adit_gateway" };
	struct settle_options so = { .batch_max = 250,
		                     .queue_max = 100000,
		                     .cache_accounts = 300000,
		                     .lease_ms = 10000,
		                     .holder = "bench" };
	struct pg *pg;
	int64_t began;

	if (r.loans == 0) {
		fputs("usage: bench_day LOANS\n", stderr);
		return 2;
	}
	clock_init(&r.clock);
	ids_init(&r.ids);
	r.today = (int32_t)(r.clock.wall_ms / DAY_MS);
	if (read_product(&r) < 0)
		return 1;
	r.loop = loop_new(&r.clock);
	pg = pg_new(r.loop, &po);
	r.env = (struct flow_env){ .loop = r.loop,
		                   .ids = &r.ids,
		                   .settle = settle_new(r.loop, pg, &so) };
	while (!settle_is_leader(r.env.settle))
		loop_turn(r.loop, 10);
	began = r.clock.mono_ms;
	while (r.begun < r.loans && r.waiting < WAITING)
		begin_loan(&r);
	while (r.waiting > 0)
		loop_turn(r.loop, 10);
	printf("{\"loans\":%u,\"refused\":%u,\"took_ms\":%lld}\n", r.done, r.refused,
	       (long long)(r.clock.mono_ms - began));
	settle_free(r.env.settle);
	pg_free(pg);
	loop_free(r.loop);
	return r.refused > 0;
}
