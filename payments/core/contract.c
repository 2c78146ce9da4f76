#include "payments/core/contract.h"

#include "payments/core/day.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PRINCIPAL_MAX INT64_C(1000000000000000)
#define PCT_MAX       (10000 * PCT_ONE)
#define MULTIPLE_MAX  INT64_C(1000000000000)

static const char *const strategy_names[STRATEGIES] = {
	[STRATEGY_PENALTIES_FEES_INTEREST_PRINCIPAL] =
	    "PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER",
	[STRATEGY_CREOCORE_UNIQUE] = "CREOCORE_UNIQUE",
	[STRATEGY_EARLY_REPAYMENT] = "EARLY_REPAYMENT_STRATEGY",
	[STRATEGY_HEAVENSFAMILY_UNIQUE] = "HEAVENSFAMILY_UNIQUE",
	[STRATEGY_INTEREST_PRINCIPAL_PENALTIES_FEES] =
	    "INTEREST_PRINCIPAL_PENALTIES_FEES_ORDER",
	[STRATEGY_PRINCIPAL_INTEREST_PENALTIES_FEES] =
	    "PRINCIPAL_INTEREST_PENALTIES_FEES_ORDER",
	[STRATEGY_RBI_INDIA] = "RBI_INDIA",
	[STRATEGY_DUE_PENALTY_FEE_INTEREST_PRINCIPAL] =
	    ("DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_"
	     "INTEREST"),
	[STRATEGY_DUE_PENALTY_INTEREST_PRINCIPAL_FEE] =
	    ("DUE_PENALTY_INTEREST_PRINCIPAL_FEE_IN_ADVANCE_PENALTY_INTEREST_PRINCIPAL_"
	     "FEE"),
	[STRATEGY_CONFIGURED] = "ADVANCED_PAYMENT_ALLOCATION",
};

/* Every choice by the word it is written with; NULL ends a list. */
static const char *const per_words[] = { "YEAR", "MONTH", NULL };
static const char *const type_words[] = { "DECLINING_BALANCE", "FLAT", NULL };
static const char *const period_words[] = { "SAME_AS_REPAYMENT_PERIOD", "DAILY", NULL };
static const char *const amortization_words[] = { "EQUAL_INSTALLMENTS",
	                                          "EQUAL_PRINCIPAL_PAYMENTS", NULL };
static const char *const schedule_words[] = { "CUMULATIVE", "PROGRESSIVE", NULL };
static const char *const unit_words[] = { "DAYS", "WEEKS", "MONTHS", NULL };
static const char *const year_words[] = { "ACTUAL", "360", "364", "365", NULL };
static const char *const month_words[] = { "ACTUAL", "30", NULL };
static const char *const time_words[] = { "DISBURSEMENT", "DAY", "INSTALMENT", "OVERDUE",
	                                  NULL };
static const char *const base_words[] = { "FLAT", "PCT_PRINCIPAL",
	                                  "PCT_PRINCIPAL_INTEREST", "PCT_INTEREST",
	                                  NULL };
static const char *const surplus_words[] = { "NEXT", "LAST", "REAMORTISE", NULL };
static const char *const rest_words[] = { "DAILY", "PERIOD", NULL };
static const char *const advance_words[] = { "AMOUNT", "NUMBER", "NEXT", NULL };
static const char *const timing_words[] = { "PAST_DUE", "DUE", "IN_ADVANCE", NULL };
static const char *const cashout_words[] = { "NONE", "COOPERATIVE", "MEMBER", NULL };
static const char *const part_words[] = { "PENALTY", "FEE", "INTEREST", "PRINCIPAL",
	                                  NULL };

const char *
strategy_name(enum strategy s)
{
	return strategy_names[s];
}

/* One reader for all fields: the first fault stays. */
struct reader {
	const struct json *in;
	struct diag *fault;
	bool failed;
};

static void __attribute__((format(printf, 3, 4)))
fail(struct reader *r, const char *field, const char *fmt, ...)
{
	char why[200];
	va_list args;

	if (r->failed)
		return;
	r->failed = true;
	va_start(args, fmt);
	vsnprintf(why, sizeof why, fmt, args);
	va_end(args);
	*r->fault = (struct diag){ 0 };
	snprintf(r->fault->text, sizeof r->fault->text, "%s: %s", field, why);
}

static void
number(struct reader *r, const char *field, int64_t low, int64_t high, int64_t *out)
{
	const struct json *v = json_get(r->in, field);
	int64_t n;

	if (json_absent(v))
		return;
	if (!json_i64(v, &n) || n < low || n > high)
		fail(r, field, "give a whole number from %lld to %lld", (long long)low,
		     (long long)high);
	else
		*out = n;
}

static void
count(struct reader *r, const char *field, int64_t low, int64_t high, uint32_t *out)
{
	int64_t n = *out;

	number(r, field, low, high, &n);
	*out = (uint32_t)n;
}

static unsigned
word(struct reader *r, const char *field, const char *const *words, unsigned now)
{
	const struct json *v = json_get(r->in, field);
	const char *text = json_text(v);
	char list[160] = "", digits[24];
	int64_t n;

	if (json_absent(v))
		return now;
	if (text == NULL && json_i64(v, &n)) {
		snprintf(digits, sizeof digits, "%lld", (long long)n);
		text = digits;
	}
	for (unsigned i = 0; words[i] != NULL; i++) {
		if (text != NULL && strcmp(text, words[i]) == 0)
			return i;
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
		         i == 0 ? "" : ", ", words[i]);
	}
	fail(r, field, "give one of %s", list);
	return now;
}

static void
flag(struct reader *r, const char *field, bool *out)
{
	const struct json *v = json_get(r->in, field);

	if (!json_absent(v) && !json_bool(v, out))
		fail(r, field, "give true or false");
}

static bool
day_value(const struct json *v, int32_t *out)
{
	const char *text = json_text(v);

	return text != NULL && day_parse(text, strlen(text), out);
}

static void
day(struct reader *r, const char *field, int32_t *out)
{
	const struct json *v = json_get(r->in, field);

	if (!json_absent(v) && !day_value(v, out))
		fail(r, field, "give a day as YYYY-MM-DD");
}

bool
percent_parse(const char *text, int64_t *out)
{
	int64_t whole = 0, scale = PCT_ONE;
	const char *p = text;

	for (; *p >= '0' && *p <= '9' && whole < PCT_MAX; p++)
		whole = whole * 10 + (*p - '0');
	if (p == text || whole >= PCT_MAX)
		return false;
	whole *= PCT_ONE;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++) {
			scale /= 10;
			if (scale == 0 && *p != '0')
				return false;
			whole += (*p - '0') * scale;
		}
	*out = whole;
	return *p == '\0' && whole <= PCT_MAX;
}

static void
percent(struct reader *r, const char *field, int64_t *out)
{
	const struct json *v = json_get(r->in, field);
	const char *text = json_text(v);
	int64_t n;

	if (json_absent(v))
		return;
	if (text != NULL && percent_parse(text, out))
		return;
	if (text == NULL && json_i64(v, &n) && n >= 0 && n <= PCT_MAX / PCT_ONE)
		*out = n * PCT_ONE;
	else
		fail(r, field,
		     "give a percentage as text, such as \"9.4822\", at most six "
		     "decimals");
}

static void
read_periods(struct reader *r, struct contract *c)
{
	const struct json *list = json_get(r->in, "periods");

	if (json_absent(list))
		return;
	if (!json_is_array(list) || json_count(list) > INSTALMENTS_MAX) {
		fail(r, "periods", "give at most %d pairs of days", INSTALMENTS_MAX);
		return;
	}
	c->periods = (uint32_t)json_count(list);
	for (uint32_t i = 0; i < c->periods; i++) {
		const struct json *pair = json_at(list, i);

		if (!day_value(json_at(pair, 0), &c->period_from[i]) ||
		    !day_value(json_at(pair, 1), &c->period_due[i]) ||
		    c->period_due[i] <= c->period_from[i]) {
			fail(r, "periods", "pair %u: give two days, the second later",
			     i + 1);
			return;
		}
	}
}

static void
read_tranches(struct reader *r, struct contract *c)
{
	const struct json *list = json_get(r->in, "tranches");

	if (json_absent(list))
		return;
	if (!json_is_array(list) || json_count(list) > TRANCHES_MAX) {
		fail(r, "tranches", "give at most %d pairs of day and amount",
		     TRANCHES_MAX);
		return;
	}
	c->tranche_count = (uint32_t)json_count(list);
	for (uint32_t i = 0; i < c->tranche_count; i++) {
		const struct json *pair = json_at(list, i);
		struct tranche *t = &c->tranches[i];

		if (!day_value(json_at(pair, 0), &t->day) ||
		    !json_i64(json_at(pair, 1), &t->amount) || t->amount <= 0 ||
		    t->amount > PRINCIPAL_MAX) {
			fail(r, "tranches", "pair %u: give a day and an amount", i + 1);
			return;
		}
	}
}

static void
read_charge(struct reader *r, struct charge *out)
{
	const char *code = json_get_text(r->in, "code");
	int64_t grace = 0;

	*out = (struct charge){ 0 };
	snprintf(out->code, sizeof out->code, "%s", code == NULL ? "charge" : code);
	out->time = (enum charge_time)word(r, "time", time_words, CHARGE_ON_DAY);
	out->base = (enum charge_base)word(r, "base", base_words, CHARGE_FLAT);
	flag(r, "penalty", &out->penalty);
	number(r, "amount", 0, PRINCIPAL_MAX, &out->amount);
	percent(r, "pct", &out->pct);
	day(r, "day", &out->day);
	number(r, "grace_days", 0, 3650, &grace);
	out->grace_days = (int32_t)grace;
}

int
charge_read(const struct json *in, struct charge *out, struct diag *fault)
{
	struct reader r = { in, fault, false };

	if (!json_is_object(in))
		fail(&r, "charge", "give an object");
	read_charge(&r, out);
	return r.failed ? -1 : 0;
}

static void
read_charges(struct reader *r, struct contract *c)
{
	const struct json *list = json_get(r->in, "charges");

	if (json_absent(list))
		return;
	if (!json_is_array(list) || json_count(list) > CHARGES_MAX) {
		fail(r, "charges", "give at most %d charges", CHARGES_MAX);
		return;
	}
	c->charge_count = (uint32_t)json_count(list);
	for (uint32_t i = 0; i < c->charge_count && !r->failed; i++) {
		struct reader inner = { json_at(list, i), r->fault, false };

		read_charge(&inner, &c->charges[i]);
		r->failed = inner.failed;
	}
}

static void
read_order(struct reader *r, struct contract *c)
{
	const struct json *list = json_get(r->in, "order");

	if (json_absent(list))
		return;
	c->order_count = 0;
	if (json_count(list) > ORDER_MAX)
		fail(r, "order", "give at most %d steps", ORDER_MAX);
	for (uint32_t i = 0; i < json_count(list) && !r->failed; i++) {
		struct reader step = { json_at(list, i), r->fault, false };

		c->order[c->order_count++] = (struct order_step){
			(enum timing)word(&step, "timing", timing_words, DUE),
			(enum component)word(&step, "part", part_words, PART_PRINCIPAL)
		};
		r->failed = step.failed;
	}
}

void
contract_init(struct contract *c)
{
	*c = (struct contract){ .instalments = 1,
		                .every = 1,
		                .every_unit = EVERY_MONTHS,
		                .currency_digits = 2,
		                .currency_multiple = 1,
		                .instalment_multiple = 1,
		                .strategy = STRATEGY_PENALTIES_FEES_INTEREST_PRINCIPAL };
}

static void
read_money(struct reader *r, struct contract *c)
{
	uint32_t digits = c->currency_digits;

	number(r, "principal", 1, PRINCIPAL_MAX, &c->principal);
	percent(r, "rate_pct", &c->rate);
	percent(r, "annual_rate_pct", &c->rate);
	c->rate_per = (enum rate_per)word(r, "rate_per", per_words, c->rate_per);
	percent(r, "fixed_principal_pct_per_instalment", &c->fixed_principal_pct);
	percent(r, "down_payment_pct", &c->down_payment_pct);
	percent(r, "in_duplum_pct", &c->in_duplum_pct);
	c->cashout = (enum cashout)word(r, "cashout", cashout_words, c->cashout);
	number(r, "cashout_amount", 0, PRINCIPAL_MAX, &c->cashout_amount);
	count(r, "currency_digits", 0, 2, &digits);
	c->currency_digits = digits;
	number(r, "currency_multiple", 1, MULTIPLE_MAX, &c->currency_multiple);
	number(r, "installment_multiple", 1, MULTIPLE_MAX, &c->instalment_multiple);
}

static void
read_ways(struct reader *r, struct contract *c)
{
	c->interest_type =
	    (enum interest_type)word(r, "interest_type", type_words, c->interest_type);
	c->interest_period = (enum interest_period)word(r, "interest_calc_period",
	                                                period_words, c->interest_period);
	c->amortization = (enum amortization)word(r, "amortization", amortization_words,
	                                          c->amortization);
	c->schedule =
	    (enum schedule_kind)word(r, "schedule", schedule_words, c->schedule);
	c->year = (enum year_days)word(r, "days_in_year", year_words, c->year);
	c->month = (enum month_days)word(r, "days_in_month", month_words, c->month);
	c->every_unit = (enum every_unit)word(r, "every_unit", unit_words, c->every_unit);
	c->surplus = (enum surplus)word(r, "surplus", surplus_words, c->surplus);
	flag(r, "order_vertical", &c->order_vertical);
	flag(r, "recalculate", &c->recalculate);
	flag(r, "compounding", &c->compounding);
	c->rest = (enum rest)word(r, "recalculate_rest", rest_words, c->rest);
	c->advance = (enum advance)word(r, "advance", advance_words, c->advance);
}

/* Other names of the same orders. */
static const struct {
	const char *name;
	enum strategy strategy;
} aliases[] = {
	{ "OVERDUE_DUE_FEE_INT_PRINCIPAL", STRATEGY_RBI_INDIA },
	{ "EARLY_REPAYMENT", STRATEGY_EARLY_REPAYMENT },
	{ "CREOCORE", STRATEGY_CREOCORE_UNIQUE },
	{ "HEAVENSFAMILY", STRATEGY_HEAVENSFAMILY_UNIQUE },
	{ "mifos-standard-strategy", STRATEGY_PENALTIES_FEES_INTEREST_PRINCIPAL },
	{ "heavensfamily-strategy", STRATEGY_HEAVENSFAMILY_UNIQUE },
	{ "creocore-strategy", STRATEGY_CREOCORE_UNIQUE },
	{ "rbi-india-strategy", STRATEGY_RBI_INDIA },
	{ "early-repayment-strategy", STRATEGY_EARLY_REPAYMENT },
	{ "principal-interest-penalties-fees-order-strategy",
	  STRATEGY_PRINCIPAL_INTEREST_PENALTIES_FEES },
	{ "interest-principal-penalties-fees-order-strategy",
	  STRATEGY_INTEREST_PRINCIPAL_PENALTIES_FEES },
	{ "due-penalty-fee-interest-principal-in-advance-principal-penalty-fee-interest-"
	  "strategy",
	  STRATEGY_DUE_PENALTY_FEE_INTEREST_PRINCIPAL },
	{ "due-penalty-interest-principal-fee-in-advance-penalty-interest-principal-fee-"
	  "strategy",
	  STRATEGY_DUE_PENALTY_INTEREST_PRINCIPAL_FEE },
	{ "advanced-payment-allocation-strategy", STRATEGY_CONFIGURED },
};

static void
read_strategy(struct reader *r, struct contract *c)
{
	const char *text = json_get_text(r->in, "strategy");

	if (text == NULL)
		return;
	for (unsigned i = 0; i < STRATEGIES; i++)
		if (strcmp(text, strategy_names[i]) == 0) {
			c->strategy = (enum strategy)i;
			return;
		}
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (strcmp(text, aliases[i].name) == 0) {
			c->strategy = aliases[i].strategy;
			return;
		}
	fail(r, "strategy", "\"%.60s\" is none of the ten orders of payment", text);
}

int
contract_read(const struct json *in, struct contract *out, struct diag *fault)
{
	struct reader r = { in, fault, false };

	contract_init(out);
	if (!json_is_object(in))
		fail(&r, "contract", "give an object");
	read_money(&r, out);
	read_ways(&r, out);
	read_strategy(&r, out);
	day(&r, "submitted", &out->start);
	day(&r, "start", &out->start);
	day(&r, "first_due", &out->first_due);
	count(&r, "seed_day", 0, 31, &out->seed_day);
	count(&r, "instalments", 1, INSTALMENTS_MAX, &out->instalments);
	count(&r, "every", 1, 366, &out->every);
	count(&r, "grace_principal", 0, INSTALMENTS_MAX, &out->grace_principal);
	count(&r, "grace_interest", 0, INSTALMENTS_MAX, &out->grace_interest);
	count(&r, "interest_free", 0, INSTALMENTS_MAX, &out->interest_free);
	read_periods(&r, out);
	read_tranches(&r, out);
	read_charges(&r, out);
	read_order(&r, out);
	return r.failed ? -1 : 0;
}

/* All is lent while instalments are still to come, and it is what was agreed. */
static void
check_tranches(struct reader *r, const struct contract *c)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < c->tranche_count; i++) {
		if (c->tranches[i].day < c->start)
			fail(r, "tranches", "number %u is before start", i + 1);
		sum += c->tranches[i].amount;
	}
	if (c->tranche_count > 0 && sum != c->principal)
		fail(r, "tranches", "add up to %lld, principal is %lld", (long long)sum,
		     (long long)c->principal);
}

int
contract_check(const struct contract *c, struct diag *fault)
{
	struct reader r = { NULL, fault, false };

	if (c->principal <= 0)
		fail(&r, "principal", "is missing: give it in minor units");
	if (c->start == 0 && c->periods == 0)
		fail(&r, "start", "is missing: give a day as YYYY-MM-DD");
	if (c->periods != 0 && c->periods != c->instalments)
		fail(&r, "periods", "%u given for %u instalments", c->periods,
		     c->instalments);
	if (c->first_due != 0 && c->first_due <= c->start)
		fail(&r, "first_due", "must be after start");
	if (c->grace_principal >= c->instalments)
		fail(&r, "grace_principal", "leaves no instalment to pay principal in");
	if (c->grace_interest >= c->instalments && c->grace_interest > 0)
		fail(&r, "grace_interest", "leaves no instalment to pay interest in");
	if (c->fixed_principal_pct * (int64_t)c->instalments > 100 * PCT_ONE &&
	    c->fixed_principal_pct > 100 * PCT_ONE)
		fail(&r, "fixed_principal_pct_per_instalment", "is over 100");
	if (c->down_payment_pct >= 100 * PCT_ONE)
		fail(&r, "down_payment_pct", "must be under 100");
	check_tranches(&r, c);
	return r.failed ? -1 : 0;
}
