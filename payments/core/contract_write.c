#include "payments/core/contract.h"

#include "payments/core/day.h"

#include <stdio.h>
#include <string.h>

char *
percent_text(int64_t pct, char out[PERCENT_TEXT_SIZE])
{
	int n = snprintf(out, PERCENT_TEXT_SIZE, "%lld.%06lld",
	                 (long long)(pct / PCT_ONE), (long long)(pct % PCT_ONE));

	while (out[n - 1] == '0')
		out[--n] = '\0';
	if (out[n - 1] == '.')
		out[--n] = '\0';
	return out;
}

static void
put_percent(struct json_writer *w, const char *field, int64_t pct)
{
	char text[PERCENT_TEXT_SIZE];

	if (pct != 0)
		jw_text(w, field, percent_text(pct, text));
}

static void
put_day(struct json_writer *w, const char *field, int32_t day)
{
	char text[DAY_TEXT_SIZE];

	if (day != 0)
		jw_text(w, field, day_text(day, text));
}

/* What is at its default is left out. */
static void
put_number(struct json_writer *w, const char *field, int64_t n, int64_t usual)
{
	if (n != usual)
		jw_i64(w, field, n);
}

void
charge_write(struct json_writer *w, const struct charge *c)
{
	static const char *const times[] = { "DISBURSEMENT", "DAY", "INSTALMENT",
		                             "OVERDUE" };
	static const char *const bases[] = { "FLAT", "PCT_PRINCIPAL",
		                             "PCT_PRINCIPAL_INTEREST", "PCT_INTEREST" };

	jw_text(w, "code", c->code);
	jw_text(w, "time", times[c->time]);
	jw_text(w, "base", bases[c->base]);
	if (c->penalty)
		jw_bool(w, "penalty", true);
	put_number(w, "amount", c->amount, 0);
	put_percent(w, "pct", c->pct);
	put_day(w, "day", c->day);
	put_number(w, "grace_days", c->grace_days, 0);
}

static void
put_ways(struct json_writer *w, const struct contract *c)
{
	static const char *const years[] = { "ACTUAL", "360", "364", "365" };
	static const char *const units[] = { "DAYS", "WEEKS", "MONTHS" };
	static const char *const advance[] = { "AMOUNT", "NUMBER", "NEXT" };
	static const char *const surplus[] = { "NEXT", "LAST", "REAMORTISE" };

	jw_text(w, "rate_per", c->rate_per == RATE_PER_YEAR ? "YEAR" : "MONTH");
	jw_text(w, "interest_type",
	        c->interest_type == INTEREST_FLAT ? "FLAT" : "DECLINING_BALANCE");
	jw_text(w, "interest_calc_period",
	        c->interest_period == INTEREST_DAILY ? "DAILY"
	                                             : "SAME_AS_REPAYMENT_PERIOD");
	jw_text(w, "amortization",
	        c->amortization == AMORTIZE_INSTALMENTS ? "EQUAL_INSTALLMENTS"
	                                                : "EQUAL_PRINCIPAL_PAYMENTS");
	jw_text(w, "schedule",
	        c->schedule == SCHEDULE_CUMULATIVE ? "CUMULATIVE" : "PROGRESSIVE");
	jw_text(w, "days_in_year", years[c->year]);
	jw_text(w, "days_in_month", c->month == MONTH_30 ? "30" : "ACTUAL");
	jw_text(w, "every_unit", units[c->every_unit]);
	jw_text(w, "strategy", strategy_name(c->strategy));
	if (c->surplus != SURPLUS_NEXT)
		jw_text(w, "surplus", surplus[c->surplus]);
	if (c->order_vertical)
		jw_bool(w, "order_vertical", true);
	if (c->recalculate)
		jw_bool(w, "recalculate", true);
	if (c->compounding)
		jw_bool(w, "compounding", true);
	if (c->rest != REST_DAILY)
		jw_text(w, "recalculate_rest", "PERIOD");
	if (c->advance != ADVANCE_AMOUNT)
		jw_text(w, "advance", advance[c->advance]);
}

static void
put_pair(struct json_writer *w, int32_t day, int32_t other, int64_t amount)
{
	char text[DAY_TEXT_SIZE];

	jw_array(w, NULL);
	jw_text(w, NULL, day_text(day, text));
	if (other != 0)
		jw_text(w, NULL, day_text(other, text));
	else
		jw_i64(w, NULL, amount);
	jw_end_array(w);
}

static void
put_lists(struct json_writer *w, const struct contract *c)
{
	static const char *const timings[] = { "PAST_DUE", "DUE", "IN_ADVANCE" };
	static const char *const parts[] = { "PENALTY", "FEE", "INTEREST", "PRINCIPAL" };

	if (c->periods > 0) {
		jw_array(w, "periods");
		for (uint32_t i = 0; i < c->periods; i++)
			put_pair(w, c->period_from[i], c->period_due[i], 0);
		jw_end_array(w);
	}
	if (c->tranche_count > 0) {
		jw_array(w, "tranches");
		for (uint32_t i = 0; i < c->tranche_count; i++)
			put_pair(w, c->tranches[i].day, 0, c->tranches[i].amount);
		jw_end_array(w);
	}
	if (c->charge_count > 0) {
		jw_array(w, "charges");
		for (uint32_t i = 0; i < c->charge_count; i++) {
			jw_object(w, NULL);
			charge_write(w, &c->charges[i]);
			jw_end_object(w);
		}
		jw_end_array(w);
	}
	if (c->order_count > 0) {
		jw_array(w, "order");
		for (uint32_t i = 0; i < c->order_count; i++) {
			jw_object(w, NULL);
			jw_text(w, "timing", timings[c->order[i].timing]);
			jw_text(w, "part", parts[c->order[i].part]);
			jw_end_object(w);
		}
		jw_end_array(w);
	}
}

void
contract_write(struct json_writer *w, const struct contract *c)
{
	put_number(w, "principal", c->principal, 0);
	put_percent(w, "rate_pct", c->rate);
	put_ways(w, c);
	put_day(w, "start", c->start);
	jw_i64(w, "instalments", c->instalments);
	jw_i64(w, "every", c->every);
	put_day(w, "first_due", c->first_due);
	put_number(w, "seed_day", c->seed_day, 0);
	put_number(w, "grace_principal", c->grace_principal, 0);
	put_number(w, "grace_interest", c->grace_interest, 0);
	put_number(w, "interest_free", c->interest_free, 0);
	put_percent(w, "fixed_principal_pct_per_instalment", c->fixed_principal_pct);
	put_percent(w, "down_payment_pct", c->down_payment_pct);
	put_number(w, "currency_digits", c->currency_digits, 2);
	put_number(w, "currency_multiple", c->currency_multiple, 1);
	put_number(w, "installment_multiple", c->instalment_multiple, 1);
	if (c->cashout != CASHOUT_NONE)
		jw_text(w, "cashout",
		        c->cashout == CASHOUT_MEMBER ? "MEMBER" : "COOPERATIVE");
	put_number(w, "cashout_amount", c->cashout_amount, 0);
	put_percent(w, "in_duplum_pct", c->in_duplum_pct);
	put_lists(w, c);
}
