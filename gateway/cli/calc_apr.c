#include "gateway/cli/calc.h"
#include "payments/core/apr.h"
#include "payments/core/money.h"

#define FLOWS_MAX  64
#define COUNT_MAX  2000
#define AMOUNT_MAX INT64_C(1000000000000)
#define UNITS_MAX  366
#define APR_DIGITS 2

struct times {
	int64_t t, odd, odd_of;
};

struct flows {
	struct apr_flow at[FLOWS_MAX];
	uint32_t count;
};

static int
read_times(const struct json *in, struct times *out, struct diag *fault)
{
	const struct json *odd = json_get(in, "f_odd");

	*out = (struct times){ 1, 0, 1 };
	if (json_get(in, "t_first") != NULL &&
	    (!json_get_i64(in, "t_first", &out->t) || out->t < 0 || out->t > COUNT_MAX))
		return calc_fault(fault, "t_first: give whole unit periods, 0 to %d",
		                  COUNT_MAX);
	if (odd != NULL && (!json_i64(json_at(odd, 0), &out->odd) ||
	                    !json_i64(json_at(odd, 1), &out->odd_of) || out->odd < 0 ||
	                    out->odd_of <= 0 || out->odd > out->odd_of))
		return calc_fault(fault, "f_odd: give a pair [days, days of the period]");
	return 0;
}

/* [count, amount], or [count, amount, t, [odd, of]] where it does not follow on. */
static int
read_payment(const struct json *in, struct times *now, struct apr_flow *out)
{
	int64_t count, amount, t;

	if (!json_i64(json_at(in, 0), &count) || !json_i64(json_at(in, 1), &amount) ||
	    count < 1 || count > COUNT_MAX || amount < 0 || amount > AMOUNT_MAX)
		return -1;
	if (json_i64(json_at(in, 2), &t)) {
		if (t < 0 || t > COUNT_MAX)
			return -1;
		now->t = t;
		if (json_count(in) > 3 &&
		    (!json_i64(json_at(json_at(in, 3), 0), &now->odd) ||
		     !json_i64(json_at(json_at(in, 3), 1), &now->odd_of) ||
		     now->odd < 0 || now->odd_of <= 0))
			return -1;
	}
	*out = (struct apr_flow){ .amount = amount,
		                  .count = (uint32_t)count,
		                  .t = (uint32_t)now->t,
		                  .odd = now->odd,
		                  .odd_of = now->odd_of };
	now->t += count;
	return 0;
}

static int
read_list(const struct json *in, const char *field, bool advance, struct times now,
          struct flows *flows, struct diag *fault)
{
	const struct json *list = json_get(in, field);

	if (!json_is_array(list) || json_count(list) == 0 ||
	    flows->count + json_count(list) > FLOWS_MAX)
		return calc_fault(fault, "%s: give 1 to %d pairs [count, amount]", field,
		                  FLOWS_MAX);
	for (size_t i = 0; i < json_count(list); i++) {
		struct apr_flow *flow = &flows->at[flows->count];

		if (read_payment(json_at(list, i), &now, flow) < 0)
			return calc_fault(fault,
			                  "%s: number %zu: give a pair [count, amount]",
			                  field, i + 1);
		flow->advance = advance;
		flows->count++;
	}
	return 0;
}

int
calc_apr(const struct json *in, struct json_writer *out, struct diag *fault)
{
	struct flows flows = { .count = 0 };
	struct times times;
	struct err err = err_none();
	int64_t amount, units = 0, units_of = 1, bp;
	const struct json *fraction = json_get(in, "unit_periods_per_year");
	char text[32];
	struct buf apr;

	if (json_is_array(fraction) ? !json_i64(json_at(fraction, 0), &units) ||
	                                  !json_i64(json_at(fraction, 1), &units_of)
	                            : !json_i64(fraction, &units))
		units = 0;
	if (units < 1 || units > UNITS_MAX || units_of < 1 || units_of > COUNT_MAX)
		return calc_fault(
		    fault, "unit_periods_per_year: give 1 to %d, or a pair [n, of]",
		    UNITS_MAX);
	if (json_get(in, "advances") != NULL) {
		if (read_list(in, "advances", true, (struct times){ 0, 0, 1 }, &flows,
		              fault) < 0)
			return -1;
	} else {
		if (!json_get_i64(in, "amount_financed", &amount) || amount < 1 ||
		    amount > AMOUNT_MAX)
			return calc_fault(fault, "amount_financed: give minor units");
		flows.at[flows.count++] = (struct apr_flow){
			.amount = amount, .advance = true, .count = 1, .odd_of = 1
		};
	}
	if (read_times(in, &times, fault) < 0 ||
	    read_list(in, "payments", false, times, &flows, fault) < 0)
		return -1;
	if (apr_actuarial(flows.at, flows.count, units, units_of, &bp, &err) < 0)
		return calc_fault(fault, "payments: %s", err.what);
	buf_init(&apr, text, sizeof text);
	money_text(&apr, bp, APR_DIGITS);
	jw_text(out, "apr_pct", text);
	return 0;
}
