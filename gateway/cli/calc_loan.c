#include "gateway/cli/calc.h"
#include "payments/core/day.h"
#include "payments/core/money.h"
#include "payments/core/schedule.h"

#define APR_DIGITS 2

static void
put_row(struct json_writer *out, const struct instalment *row, bool charges)
{
	char day[DAY_TEXT_SIZE];

	jw_array(out, NULL);
	jw_i64(out, NULL, row->nr);
	jw_text(out, NULL, day_text(row->due, day));
	jw_i64(out, NULL, row->principal);
	jw_i64(out, NULL, row->interest);
	jw_i64(out, NULL, row->balance_after);
	if (charges) {
		jw_i64(out, NULL, row->fee);
		jw_i64(out, NULL, row->penalty);
	}
	jw_end_array(out);
}

static void
put_total(struct json_writer *out, const struct schedule *s)
{
	jw_object(out, "total");
	jw_i64(out, "principal", s->principal);
	jw_i64(out, "interest", s->interest);
	jw_i64(out, "fee", s->fee + s->paid_at_disbursement);
	jw_i64(out, "penalty", s->penalty);
	jw_i64(out, "due",
	       s->principal + s->interest + s->fee + s->paid_at_disbursement +
	           s->penalty);
	jw_end_object(out);
}

int
calc_loan(const struct json *in, struct json_writer *out, struct diag *fault)
{
	static struct contract c;
	static struct schedule s;
	struct err err = err_none();
	char text[32];
	struct buf apr;
	int64_t bp;

	if (json_is_object(json_get(in, "in")))
		in = json_get(in, "in");
	if (contract_read(in, &c, fault) < 0 || contract_check(&c, fault) < 0)
		return -1;
	if (c.start == 0)
		c.start = c.period_from[0];
	if (schedule_make(&c, &s, &err) < 0 || schedule_apr(&c, &s, &bp, &err) < 0)
		return calc_fault(fault, "the terms cannot be computed: %s", err.what);
	jw_array(out, "rows");
	for (uint32_t i = 0; i < s.count; i++)
		put_row(out, &s.at[i], c.charge_count > 0);
	jw_end_array(out);
	put_total(out, &s);
	buf_init(&apr, text, sizeof text);
	money_text(&apr, bp, APR_DIGITS);
	jw_text(out, "apr_pct", text);
	return 0;
}
