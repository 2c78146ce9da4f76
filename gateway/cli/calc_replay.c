#include "gateway/cli/calc_replay.h"
#include "payments/core/day.h"

#include <string.h>

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
	int64_t fee = sum(a->total.at_disbursement);
	uint32_t next = 0;
	bool first = true;

	jw_array(w, "schedule");
	for (uint32_t i = 0; i < a->line_count; i++) {
		const struct loan_line *l = &a->lines[i];

		if (strcmp(l->type, "Disbursement") != 0 || l->reverted)
			continue;
		while (next < a->row_count &&
		       account_row_before(a, &a->rows[next], l->day))
			put_row(w, &a->rows[next++]);
		put_disbursement(w, l->day, l->amount, first ? fee : 0);
		first = false;
	}
	while (next < a->row_count)
		put_row(w, &a->rows[next++]);
	jw_end_array(w);
}

static int
put_account(struct json_writer *w, struct loan_account *a, struct err *err)
{
	int64_t part[PARTS];

	jw_array(w, "transactions");
	for (uint32_t i = 0; i < a->line_count; i++)
		put_line(w, &a->lines[i]);
	jw_end_array(w);
	put_schedule(w, a);
	jw_text(w, "status", loan_status_name(a->status));
	jw_i64(w, "outstanding", a->total.outstanding_all);
	jw_i64(w, "overpaid", a->total.overpaid);
	if (loan_account_pay_off(a, a->today, part, err) < 0)
		return -1;
	jw_i64(w, "pay_off", sum(part));
	return 0;
}

/* Of "..._RECALCULATION_SARP_TILL_..." and the like; PROGRESSIVE knows no compounding. */
static int
read_recalculation(const char *product, struct contract *c, struct diag *fault)
{
	bool none = strstr(product, "COMPOUNDING_NONE") != NULL;

	c->recalculate = true;
	if (strstr(product, "SARP") != NULL ||
	    strstr(product, "SAME_AS_REPAYMENT") != NULL)
		c->rest = REST_PERIOD;
	if (c->schedule == SCHEDULE_PROGRESSIVE &&
	    (none || strstr(product, "COMPOUNDING") == NULL))
		return 0;
	c->compounding = strstr(product, "COMPOUNDING_MONTHLY") != NULL;
	if (!none && !c->compounding)
		return calc_fault(fault,
		                  "loan: product: %.100s: this way of compounding is not "
		                  "known",
		                  product);
	if (strstr(product, "_REDUCE_NR_INST") != NULL)
		c->advance = ADVANCE_NUMBER;
	else if (strstr(product, "_RESCH_NEXT_REP") != NULL)
		c->advance = ADVANCE_NEXT;
	return 0;
}

/* Products of the published set say by their name what the loan's own fields leave out:
 * the kind of schedule, how days count, down payments, how interest is recalculated. */
static int
read_product(const struct json *loan, struct contract *c, bool *pays_down,
             struct diag *fault)
{
	const char *product = json_get_text(loan, "product");

	bool custom;

	*pays_down = false;
	if (product == NULL)
		return 0;
	if (json_absent(json_get(loan, "schedule")) &&
	    (c->strategy == STRATEGY_CONFIGURED || strstr(product, "PROG") != NULL ||
	     strstr(product, "_EMI_") != NULL ||
	     strstr(product, "ADV_PYMNT_INTEREST") != NULL))
		c->schedule = SCHEDULE_PROGRESSIVE;
	custom = strstr(product, "ADV_CUSTOM_PMT_ALLOC_PROGRESSIVE") != NULL;
	if (json_absent(json_get(loan, "days_in_year")) &&
	    c->schedule == SCHEDULE_PROGRESSIVE &&
	    (custom || strstr(product, "360_30") != NULL)) {
		c->year = YEAR_360;
		c->month = MONTH_30;
	}
	if (strstr(product, "DOWNPAYMENT") != NULL &&
	    json_absent(json_get(loan, "down_payment_pct")))
		c->down_payment_pct = 25 * PCT_ONE;
	*pays_down = strstr(product, "DOWNPAYMENT_AUTO") != NULL;
	return custom || strstr(product, "RECALC") != NULL
	           ? read_recalculation(product, c, fault)
	           : 0;
}

/* Second products of the published set may lend more than was applied for. */
static void
lend_over(const struct json *loan, const struct json *steps, struct contract *c)
{
	const char *product = json_get_text(loan, "product");
	int64_t sum = 0, amount;

	if (product == NULL || strncmp(product, "LP2", 3) != 0)
		return;
	for (size_t i = 0; i < json_count(steps); i++) {
		const char *op = json_get_text(json_at(steps, i), "op");

		if (op != NULL && strncmp(op, "disburse", 8) == 0 &&
		    json_get_i64(json_at(steps, i), "amount", &amount) && amount > 0 &&
		    amount <= LOAN_AMOUNT_MAX && sum <= LOAN_AMOUNT_MAX)
			sum += amount;
	}
	if (sum > c->principal && sum <= LOAN_AMOUNT_MAX)
		c->principal = sum;
}

int
calc_replay(const struct json *in, struct json_writer *out, struct diag *fault)
{
	static struct replay r;
	static struct contract c;
	const struct json *loan = json_get(in, "loan");
	const struct json *steps = json_get(in, "steps");
	struct err err = err_none();
	int64_t multiple;

	r.topped_up = r.paid_off = 0;
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
	if (read_product(loan, &c, &r.pays_down, fault) < 0)
		return -1;
	if (c.interest_free > c.instalments || contract_check(&c, fault) < 0)
		return -1;
	lend_over(loan, steps, &c);
	loan_account_open(&r.account, &c);
	r.today = c.start;
	for (r.step = 0; r.step < json_count(steps); r.step++)
		if (replay_step(&r, json_at(steps, r.step)) < 0)
			return -1;
	if (put_account(out, &r.account, &err) < 0)
		return calc_fault(fault, "pay_off: %s", err.what);
	if (r.topped_up > 0) {
		jw_i64(out, "top_up", r.topped_up);
		jw_i64(out, "top_up_paid_out", r.topped_up - r.paid_off);
	}
	return 0;
}
