/* The books beside the published lives of loans: after every step of every case of
 * tests/vectors/loans.json what was posted balances by currency, and the loan's accounts
 * hold what its instalments say.
 *
 * Each step opens the loan from its stored contract and events, as the gateway does, and
 * the legs that would go to the ledger writer are added up here. */
#include "gateway/cli/calc_replay.h"
#include "lib/clock.h"
#include "payments/flow/loan_money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CASES        6 /* a file that lost its cases must not pass */
#define STORED_MAX   200000
#define VECTORS_FILE "tests/vectors/loans.json"

/* ---- balances: debits less credits ---- */

static struct {
	int64_t at[ACC_KINDS];
	unsigned legs;
} books;

static void
post(const struct operation *op)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < op->leg_count; i++) {
		const struct ledger_leg *l = &op->legs[i];

		assert_int_equal(l->kind, LEG_POST);
		assert_true(l->amount > 0);
		assert_string_equal(l->debit.unit, "TZS");
		assert_string_equal(l->credit.unit, l->debit.unit);
		assert_false(l->debit.kind == l->credit.kind);
		books.at[l->debit.kind] += l->amount;
		books.at[l->credit.kind] -= l->amount;
		books.legs++;
	}
	for (int k = 0; k < ACC_KINDS; k++)
		sum += books.at[k];
	assert_int_equal(sum, 0);
}

/* ---- the loan as the gateway keeps it ---- */

static struct live {
	struct clock clock;
	struct ids ids;
	struct flow_env env;
	struct loan_record loan;
	char contract[STORED_MAX], events[STORED_MAX];
	bool begun;
	struct loan_totals total; /* after the step before */
} live;

static void
store(const struct loan_account *a)
{
	struct buf out;
	struct json_writer w;

	buf_init(&out, live.contract, sizeof live.contract);
	jw_init(&w, &out);
	jw_object(&w, NULL);
	contract_write(&w, &a->contract);
	jw_end_object(&w);
	assert_true(buf_ok(&out));
	buf_init(&out, live.events, sizeof live.events);
	jw_init(&w, &out);
	jw_array(&w, NULL);
	for (uint32_t i = 0; i < a->event_count; i++) {
		jw_object(&w, NULL);
		loan_event_write(&w, &a->events[i]);
		jw_end_object(&w);
	}
	jw_end_array(&w);
	assert_true(buf_ok(&out));
}

static void
open_stored(struct loan_money *m, struct arena *arena)
{
	struct err err = err_none();

	live.loan.contract = json_parse(live.contract, strlen(live.contract), &err);
	live.loan.events = json_parse(live.events, strlen(live.events), &err);
	assert_non_null(live.loan.contract);
	assert_non_null(live.loan.events);
	assert_int_equal(loan_money_open(m, arena, &live.loan, &err), 0);
	json_free(live.loan.contract);
	json_free(live.loan.events);
}

static void
write_books(struct loan_money *m, struct books *b, const struct account_ref *from)
{
	struct json *body;
	struct err err = err_none();

	loan_money_put(m, b, from);
	post(&b->op);
	store(m->account);
	body = json_parse(b->op.effects[0].body, strlen(b->op.effects[0].body), &err);
	assert_true(json_get_i64(body, "booked", &live.loan.booked));
	json_free(body);
	live.total = m->account->total;
}

/* event NULL: the day's run. */
static void
happens(const struct loan_event *event, const struct contract *c, int32_t today)
{
	struct arena *arena = arena_new(1 << 23);
	struct books *b = arena_zalloc(arena, sizeof *b);
	struct account_ref cash = account_float("mtn", "TZS");
	struct loan_money m;
	struct err err = err_none();

	live.loan.today = today;
	books_begin(b, &live.env, arena, 1, "loan.step", NULL);
	if (!live.begun) {
		assert_int_equal(event->kind, EVENT_DISBURSE);
		assert_int_equal(loan_money_begin(&m, arena, &live.loan, c, &err), 0);
		books_post(b, account(ACC_LOAN, &live.loan.view.loan_id, "TZS"), cash,
		           event->amount);
		live.begun = true;
		write_books(&m, b, NULL);
	} else {
		open_stored(&m, arena);
		if (event != NULL && event->kind == EVENT_REPAY)
			assert_int_equal(loan_money_pay(&m, event->amount, &err), 0);
		else if (event != NULL)
			assert_int_equal(loan_money_tell(&m, *event, &err), 0);
		write_books(&m, b,
		            event != NULL && event->kind == EVENT_REPAY ? &cash : NULL);
	}
	arena_free(arena);
}

/* ---- what the accounts must hold, from the instalments alone ---- */

/* Interest by the days of its instalment to the nearest unit, charges on their day. */
static int64_t
earned_by(const struct loan_account *a, int32_t today)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < a->row_count; i++) {
		const struct account_row *row = &a->rows[i];
		int64_t days = row->due - row->from, gone = today - row->from;

		if (row->due <= today)
			gone = days;
		if (gone > 0)
			sum +=
			    (2 * row->due_part[PART_INTEREST] * gone + days) / (2 * days);
	}
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].kind == EVENT_CHARGE && a->events[i].charge.day <= today)
			sum += a->events[i].amount;
	return sum;
}

static int64_t
charges(const int64_t part[PARTS])
{
	return part[PART_INTEREST] + part[PART_FEE] + part[PART_PENALTY];
}

static void
books_hold_it(const struct replay *r, const char *id, size_t step)
{
	const struct loan_totals *t = &r->account.total;
	int64_t paid = charges(t->paid), earned = earned_by(&r->account, r->today);

	earned = earned > paid ? earned : paid;
	if (books.at[ACC_LOAN] != t->outstanding[PART_PRINCIPAL] ||
	    books.at[ACC_LOAN_FEE] != earned - paid ||
	    books.at[ACC_FEE_INCOME] != -earned || books.at[ACC_MEMBER] != -t->overpaid)
		fail_msg("%s, step %zu: loan %lld of %lld, charges %lld of %lld, "
		         "income %lld of %lld",
		         id, step + 1, (long long)books.at[ACC_LOAN],
		         (long long)t->outstanding[PART_PRINCIPAL],
		         (long long)books.at[ACC_LOAN_FEE], (long long)(earned - paid),
		         (long long)-books.at[ACC_FEE_INCOME], (long long)earned);
	assert_memory_equal(live.total.outstanding, t->outstanding,
	                    sizeof t->outstanding);
}

/* ---- a case ---- */

static void
begin_case(struct replay *r, struct diag *fault, const struct json *in)
{
	static struct contract c;
	int64_t multiple = 1;

	memset(&books, 0, sizeof books);
	live.begun = false;
	live.loan = (struct loan_record){ .cooperative_id = 1, .version = 1 };
	snprintf(live.loan.view.currency, sizeof live.loan.view.currency, "TZS");
	live.loan.view.loan_id = ids_uuid7(&live.ids, live.clock.wall_ms);
	live.loan.member_id = ids_uuid7(&live.ids, live.clock.wall_ms);
	assert_int_equal(contract_read(json_get(in, "loan"), &c, fault), 0);
	if (json_get_i64(in, "installment_multiple", &multiple))
		c.instalment_multiple = multiple;
	*r = (struct replay){ .fault = fault, .today = c.start };
	loan_account_open(&r->account, &c);
}

static void
take_step(struct replay *r, const struct json *step, const char *id)
{
	uint32_t before = r->account.event_count;

	if (replay_step(r, step) < 0)
		fail_msg("%s: %s", id, r->fault->text);
	if (live.begun && r->account.event_count == before)
		happens(NULL, NULL, r->today);
	for (uint32_t i = before; i < r->account.event_count; i++)
		happens(&r->account.events[i], &r->account.contract, r->today);
	if (live.begun)
		books_hold_it(r, id, r->step);
}

/* When all is due, all charges are earned; when all is paid, nothing is left. */
static void
to_the_end(struct replay *r, const char *id)
{
	const struct loan_account *a = &r->account;
	struct loan_event rest = { .id = a->event_count + 1, .kind = EVENT_REPAY };
	int64_t charged;
	struct err err = err_none();

	r->today = a->rows[a->row_count - 1].due + 1;
	assert_int_equal(loan_account_day(&r->account, r->today, &err), 0);
	happens(NULL, NULL, r->today);
	books_hold_it(r, id, r->step);
	assert_int_equal(books.at[ACC_LOAN_FEE], charges(a->total.outstanding));
	charged = charges(a->total.due);
	rest.day = r->today;
	rest.amount = a->total.outstanding_all;
	if (rest.amount > 0) {
		assert_int_equal(loan_account_tell(&r->account, &rest, &err), 0);
		happens(&rest, NULL, r->today);
		books_hold_it(r, id, r->step + 1);
	}
	assert_int_equal(books.at[ACC_LOAN], 0);
	assert_int_equal(books.at[ACC_LOAN_FEE], 0);
	assert_int_equal(books.at[ACC_FEE_INCOME], -charged);
	assert_int_equal(books.at[ACC_FLOAT], charged);
}

static struct json *
read_vectors(void)
{
	static char text[1 << 20];
	FILE *f = fopen(VECTORS_FILE, "r");
	struct err err = err_none();
	struct json *doc;
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text, f);
	fclose(f);
	assert_true(n < sizeof text);
	doc = json_parse(text, n, &err);
	assert_non_null(doc);
	return doc;
}

static void
every_case(void **state)
{
	static struct replay r;
	struct json *doc = read_vectors();
	const struct json *cases = json_get(doc, "allocations");
	struct diag fault;

	(void)state;
	assert_true(json_count(cases) >= CASES);
	for (size_t i = 0; i < json_count(cases); i++) {
		const struct json *in = json_at(cases, i), *steps = json_get(in, "steps");
		const char *id = json_get_text(in, "id");

		begin_case(&r, &fault, in);
		for (r.step = 0; r.step < json_count(steps); r.step++)
			take_step(&r, json_at(steps, r.step), id);
		assert_true(live.begun);
		to_the_end(&r, id);
		assert_true(books.legs > 1);
	}
	json_free(doc);
}

/* The day's run books the interest of the days that passed: 3,000 over 31 days. */
static void
interest_day_by_day(void **state)
{
	static const struct {
		int day;
		int64_t earned;
	} days[] = {
		{ 0, 0 },     { 1, 97 },    { 2, 194 },   { 15, 1452 }, { 30, 2903 },
		{ 31, 3000 }, { 32, 3107 }, { 59, 6000 }, { 90, 9000 }, { 91, 9000 }
	};
	static struct replay r;
	struct json *doc = read_vectors();
	const struct json *in = json_at(json_get(doc, "allocations"), 0);
	const struct json *steps = json_get(in, "steps");
	struct diag fault;
	int32_t start;

	(void)state;
	begin_case(&r, &fault, in);
	take_step(&r, json_at(steps, 0), "day by day");
	take_step(&r, json_at(steps, 1), "day by day");
	start = r.today;
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
		unsigned legs;

		happens(NULL, NULL, start + days[i].day);
		assert_int_equal(-books.at[ACC_FEE_INCOME], days[i].earned);
		assert_int_equal(books.at[ACC_LOAN_FEE], days[i].earned);
		legs = books.legs;
		happens(NULL, NULL, start + days[i].day); /* run again: nothing */
		assert_int_equal(books.legs, legs);
	}
	json_free(doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case),
		cmocka_unit_test(interest_day_by_day),
	};

	int rc;

	clock_init_virtual(&live.clock, INT64_C(1700000000000));
	ids_init_seeded(&live.ids, 3);
	live.env.ids = &live.ids;
	live.env.loop = loop_new(&live.clock);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	loop_free(live.env.loop);
	return rc;
}
