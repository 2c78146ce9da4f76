#include "gateway/cli/calc.h"
#include "payments/core/account.h"
#include "payments/core/day.h"

#include <stdio.h>
#include <string.h>

struct replay {
	struct loan_account account;
	struct diag *fault;
	size_t step;
	int32_t today;
};

static int
wrong(struct replay *r, const char *field, const char *why)
{
	return calc_fault(r->fault, "steps: number %zu: %s: %s", r->step + 1, field, why);
}

static int
read_day(struct replay *r, const struct json *in, const char *field, int32_t *out)
{
	const char *text = json_get_text(in, field);

	if (text == NULL && *out != 0)
		return 0;
	if (text == NULL || !day_parse(text, strlen(text), out))
		return wrong(r, field, "give a day as YYYY-MM-DD");
	return 0;
}

/* NSF and late fees are penalties; so says the published set. */
static bool
is_penalty(const char *type)
{
	return strstr(type, "NSF") != NULL || strstr(type, "LATE") != NULL ||
	       strstr(type, "PENALT") != NULL || strstr(type, "OVERDUE") != NULL;
}

static int
read_charge(struct replay *r, const struct json *in, struct loan_event *e)
{
	const char *type = json_get_text(in, "type");
	const struct json *pct = json_get(in, "pct");
	int64_t n;

	if (type == NULL)
		return wrong(r, "type", "is missing");
	snprintf(e->charge.code, sizeof e->charge.code, "%s", type);
	e->charge.penalty = is_penalty(type);
	e->charge.time = CHARGE_ON_DAY;
	e->charge.amount = e->amount;
	e->charge.day = r->today;
	if (read_day(r, in, "due", &e->charge.day) < 0)
		return -1;
	if (json_absent(pct))
		pct = json_get(in, "charge_pct");
	if (json_absent(pct))
		return 0;
	e->charge.base = CHARGE_PCT_PRINCIPAL_INTEREST;
	if (json_i64(pct, &n) && n >= 0 && n <= 1000)
		e->charge.pct = n * PCT_ONE;
	else if (json_text(pct) == NULL || !percent_parse(json_text(pct), &e->charge.pct))
		return wrong(r, "pct", "give a percentage as text");
	return 0;
}

static const struct {
	const char *op;
	enum loan_event_kind kind;
} ops[] = {
	{ "disburse", EVENT_DISBURSE },
	{ "disbursement", EVENT_DISBURSE },
	{ "repayment", EVENT_REPAY },
	{ "repay", EVENT_REPAY },
	{ "charge", EVENT_CHARGE },
	{ "charge_pct", EVENT_CHARGE },
	{ "waive_charge", EVENT_WAIVE_CHARGE },
	{ "waive_interest", EVENT_WAIVE_INTEREST },
	{ "write_off", EVENT_WRITE_OFF },
	{ "charge_off", EVENT_CHARGE_OFF },
	{ "undo_charge_off", EVENT_UNDO_CHARGE_OFF },
	{ "recovery", EVENT_RECOVER },
	{ "credit_balance_refund", EVENT_REFUND },
	{ "refund", EVENT_REFUND },
	{ "chargeback", EVENT_CHARGEBACK },
	{ "goodwill_credit", EVENT_GOODWILL },
	{ "goodwill", EVENT_GOODWILL },
	{ "payout_refund", EVENT_PAYOUT_REFUND },
	{ "merchant_issued_refund", EVENT_MERCHANT_REFUND },
	{ "down_payment", EVENT_DOWN_PAYMENT },
	{ "undo_repayment", EVENT_REVERSE },
	{ "undo", EVENT_REVERSE },
	{ "reverse", EVENT_REVERSE },
};

static bool
matches(const struct loan_event *e, enum loan_event_kind kind, int32_t day)
{
	return e->kind == kind && (day == 0 || e->day == day || e->charge.day == day);
}

/* The newest event of a kind, of that day if one is named. */
static uint32_t
newest(const struct loan_account *a, enum loan_event_kind kind, int32_t day)
{
	for (uint32_t i = a->event_count; i > 0; i--)
		if (matches(&a->events[i - 1], kind, day))
			return a->events[i - 1].id;
	return 0;
}

static bool
needs_amount(enum loan_event_kind kind)
{
	return kind != EVENT_CHARGE && kind != EVENT_WRITE_OFF &&
	       kind != EVENT_CHARGE_OFF && kind != EVENT_UNDO_CHARGE_OFF &&
	       kind != EVENT_REVERSE && kind != EVENT_WAIVE_CHARGE;
}

static int
fill(struct replay *r, const struct json *in, struct loan_event *e)
{
	int64_t of;

	if (json_get(in, "amount") != NULL &&
	    (!json_get_i64(in, "amount", &e->amount) || e->amount < 0))
		return wrong(r, "amount", "give minor units");
	if (json_get(in, "amount") == NULL && needs_amount(e->kind))
		return wrong(r, "amount", "is missing: give minor units");
	if (e->kind == EVENT_CHARGE)
		return read_charge(r, in, e);
	if (e->kind == EVENT_REVERSE || e->kind == EVENT_WAIVE_CHARGE) {
		int32_t day = 0;

		if ((json_get(in, "date") != NULL || json_get(in, "due") != NULL) &&
		    read_day(r, in, json_get(in, "due") != NULL ? "due" : "date", &day) <
		        0)
			return -1;
		e->of =
		    json_get_i64(in, "of", &of) && of > 0
		        ? (uint32_t)of
		        : newest(&r->account,
		                 e->kind == EVENT_REVERSE ? EVENT_REPAY : EVENT_CHARGE,
		                 day);
		e->day = r->today;
	}
	return 0;
}

static int
step(struct replay *r, const struct json *in)
{
	const char *op = json_get_text(in, "op");
	struct loan_event e = { .day = r->today, .id = r->account.event_count + 1 };
	struct err err = err_none();

	if (op == NULL)
		return wrong(r, "op", "is missing");
	if (strncmp(op, "expect", 6) == 0)
		return 0;
	if (strcmp(op, "business_date") == 0) {
		if (read_day(r, in, "date", &r->today) < 0)
			return -1;
		if (loan_account_day(&r->account, r->today, &err) < 0)
			return wrong(r, "date", err.what);
		return 0;
	}
	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
		if (strcmp(op, ops[i].op) != 0)
			continue;
		e.kind = ops[i].kind;
		if ((e.kind != EVENT_CHARGE && read_day(r, in, "date", &e.day) < 0) ||
		    fill(r, in, &e) < 0)
			return -1;
		if (loan_account_tell(&r->account, &e, &err) < 0)
			return wrong(r, op, err.what);
		return 0;
	}
	return wrong(r, "op",
	             "is none of disburse, repayment, charge, waive_charge, "
	             "waive_interest, write_off, charge_off, recovery, "
	             "chargeback, goodwill_credit, credit_balance_refund, undo");
}

/* ---- the answer ----------------------------------------------------------------------
 */

static void
put_line(struct json_writer *w, const struct loan_line *l)
{
	char day[DAY_TEXT_SIZE];

	jw_array(w, NULL);
	jw_text(w, NULL, day_text(l->day, day));
	jw_text(w, NULL, l->type);
	jw_i64(w, NULL, l->amount);
	jw_i64(w, NULL, l->part[PART_PRINCIPAL]);
	jw_i64(w, NULL, l->part[PART_INTEREST]);
	jw_i64(w, NULL, l->part[PART_FEE]);
	jw_i64(w, NULL, l->part[PART_PENALTY]);
	jw_i64(w, NULL, l->balance);
	if (l->reverted)
		jw_bool(w, NULL, true);
	else
		jw_null(w, NULL);
	jw_end_array(w);
}

static int64_t
sum(const int64_t part[PARTS])
{
	return part[0] + part[1] + part[2] + part[3];
}

static void
put_nulls(struct json_writer *w, unsigned n)
{
	while (n-- > 0)
		jw_null(w, NULL);
}

static void
put_disbursement(struct json_writer *w, int32_t day, int64_t amount, int64_t fee)
{
	char text[DAY_TEXT_SIZE];

	jw_array(w, NULL);
	put_nulls(w, 2);
	jw_text(w, NULL, day_text(day, text));
	put_nulls(w, 1);
	jw_i64(w, NULL, amount);
	put_nulls(w, 2);
	jw_i64(w, NULL, fee);
	put_nulls(w, 1);
	jw_i64(w, NULL, fee);
	jw_i64(w, NULL, fee);
	put_nulls(w, 3);
	jw_end_array(w);
}

static void
put_row(struct json_writer *w, const struct account_row *row)
{
	char text[DAY_TEXT_SIZE];
	int64_t owed = 0;

	for (int p = 0; p < PARTS; p++)
		owed += account_row_owed(row, (enum component)p);
	jw_array(w, NULL);
	jw_i64(w, NULL, row->nr);
	jw_i64(w, NULL, row->due - row->from);
	jw_text(w, NULL, day_text(row->due, text));
	if (row->paid_day != 0 && owed == 0)
		jw_text(w, NULL, day_text(row->paid_day, text));
	else
		put_nulls(w, 1);
	jw_i64(w, NULL, row->balance_after);
	jw_i64(w, NULL, row->due_part[PART_PRINCIPAL]);
	jw_i64(w, NULL, row->due_part[PART_INTEREST]);
	jw_i64(w, NULL, row->due_part[PART_FEE]);
	jw_i64(w, NULL, row->due_part[PART_PENALTY]);
	jw_i64(w, NULL, sum(row->due_part));
	jw_i64(w, NULL, sum(row->paid));
	jw_i64(w, NULL, row->in_advance);
	jw_i64(w, NULL, row->late);
	jw_i64(w, NULL, owed);
	jw_end_array(w);
}

/* A tranche stands before the first row that falls due after it. */
static void
put_schedule(struct json_writer *w, const struct loan_account *a)
{
	uint32_t next = 0;

	jw_array(w, "schedule");
	for (uint32_t i = 0; i < a->line_count; i++) {
		const struct loan_line *l = &a->lines[i];

		if (strcmp(l->type, "Disbursement") != 0 || l->reverted)
			continue;
		while (next < a->row_count && a->rows[next].due <= l->day)
			put_row(w, &a->rows[next++]);
		put_disbursement(w, l->day, l->amount,
		                 i == 0 ? a->plan.paid_at_disbursement : 0);
	}
	while (next < a->row_count)
		put_row(w, &a->rows[next++]);
	jw_end_array(w);
}

static void
put_account(struct json_writer *w, const struct loan_account *a)
{
	jw_array(w, "transactions");
	for (uint32_t i = 0; i < a->line_count; i++)
		put_line(w, &a->lines[i]);
	jw_end_array(w);
	put_schedule(w, a);
	jw_text(w, "status", loan_status_name(a->status));
	jw_i64(w, "outstanding", a->total.outstanding_all);
	jw_i64(w, "overpaid", a->total.overpaid);
}

int
calc_replay(const struct json *in, struct json_writer *out, struct diag *fault)
{
	static struct replay r;
	static struct contract c;
	const struct json *loan = json_get(in, "loan");
	const struct json *steps = json_get(in, "steps");
	int64_t multiple;

	r.fault = fault;
	if (!json_is_object(loan))
		return calc_fault(fault, "loan: give an object with the terms");
	if (!json_is_array(steps))
		return calc_fault(fault, "steps: give an array of what happened");
	if (contract_read(loan, &c, fault) < 0)
		return -1;
	if (json_get_i64(in, "installment_multiple", &multiple)) {
		if (multiple < 1)
			return calc_fault(fault, "installment_multiple: give 1 or more");
		c.instalment_multiple = multiple;
	}
	if (c.interest_free > c.instalments || contract_check(&c, fault) < 0)
		return -1;
	loan_account_open(&r.account, &c);
	r.today = c.start;
	for (r.step = 0; r.step < json_count(steps); r.step++)
		if (step(&r, json_at(steps, r.step)) < 0)
			return -1;
	put_account(out, &r.account);
	return 0;
}
