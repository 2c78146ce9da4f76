#include "payments/core/schedule.h"

#include "payments/core/day.h"
#include "payments/core/schedule_parts.h"

#define DAYS_PER_WEEK 7

unsigned
days_of_year(int year)
{
	return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 366 : 365;
}

unsigned
year_length(const struct contract *c, int32_t day)
{
	static const unsigned fixed[] = {
		[YEAR_360] = 360, [YEAR_364] = 364, [YEAR_365] = 365
	};

	return c->year == YEAR_ACTUAL ? days_of_year(day_date(day).year) : fixed[c->year];
}

struct decimal
rate_of_year(const struct contract *c)
{
	struct decimal r = decimal_scaled(c->rate, -8);

	return c->rate_per == RATE_PER_MONTH ? decimal_times(r, decimal_of(12)) : r;
}

struct decimal
rate_of_period(const struct contract *c)
{
	static const int64_t in_year[] = {
		[EVERY_DAYS] = 365, [EVERY_WEEKS] = 52, [EVERY_MONTHS] = 12
	};

	return decimal_times(
	    decimal_over(rate_of_year(c), decimal_of(in_year[c->every_unit])),
	    decimal_of(c->every));
}

int64_t
money_unit(const struct contract *c)
{
	int64_t unit = c->currency_multiple;

	for (unsigned digits = c->currency_digits; digits < 2 && unit < 100; digits++)
		unit *= 10;
	return unit;
}

int
money_pct(int64_t amount, int64_t pct, int64_t *out, struct err *err)
{
	return money_part(amount, pct, 100 * PCT_ONE, out, err);
}

/* The month's own last day where the wanted day is beyond it. */
static int32_t
month_day(int32_t seed, int months, uint32_t wanted)
{
	struct date d = day_date(seed);
	int32_t first, next;

	d.day = 1;
	first = day_add_months(day_of(&d), months);
	next = day_add_months(first, 1);
	return first + (int32_t)wanted - 1 < next ? first + (int32_t)wanted - 1
	                                          : next - 1;
}

int32_t
period_after(const struct contract *c, int32_t seed, uint32_t k)
{
	int32_t steps = (int32_t)(c->every * k);

	switch (c->every_unit) {
	case EVERY_DAYS:
		return seed + steps;
	case EVERY_WEEKS:
		return seed + steps * DAYS_PER_WEEK;
	case EVERY_MONTHS:
		break;
	}
	return month_day(seed, steps,
	                 c->seed_day != 0 ? c->seed_day : (uint32_t)day_date(seed).day);
}

static int32_t
due_day(const struct contract *c, uint32_t i)
{
	if (c->periods > 0)
		return c->period_due[i];
	if (c->first_due == 0)
		return period_after(c, c->start, i + 1);
	return i == 0 ? c->first_due : period_after(c, c->first_due, i);
}

/* A down payment is a row of its own on the day of each tranche. */
static int
put_down_payment(const struct contract *c, struct schedule *s, int32_t day, int64_t of,
                 struct err *err)
{
	struct instalment *row = &s->at[s->count];

	if (s->count >= INSTALMENTS_MAX)
		return err_set(err, ERR_RANGE, FATE_NOT, "too many instalments");
	*row = (struct instalment){
		.nr = ++s->count, .from = day, .due = day, .down_payment = true
	};
	if (money_pct(of, c->down_payment_pct, &row->principal, err) < 0)
		return -1;
	row->balance_after = of - row->principal; /* what is lent that day, until
	                                             carry_balances() adds the rest */
	return 0;
}

static void
carry_balances(struct schedule *s)
{
	int64_t balance = 0;

	for (uint32_t i = 0; i < s->count; i++) {
		if (s->at[i].down_payment)
			s->at[i].balance_after += balance;
		balance = s->at[i].balance_after;
	}
}

static int
put_down_payments(const struct contract *c, struct schedule *s, int32_t from,
                  int32_t until, struct err *err)
{
	if (c->down_payment_pct == 0)
		return 0;
	if (c->tranche_count == 0)
		return from == c->start && s->count == 0
		           ? put_down_payment(c, s, c->start, c->principal, err)
		           : 0;
	for (uint32_t t = 0; t < c->tranche_count; t++)
		if (c->tranches[t].day >= from && c->tranches[t].day < until &&
		    put_down_payment(c, s, c->tranches[t].day, c->tranches[t].amount,
		                     err) < 0)
			return -1;
	return 0;
}

int
schedule_days(const struct contract *c, struct schedule *s, struct err *err)
{
	int32_t from = c->periods > 0 ? c->period_from[0] : c->start, after = from;

	s->count = 0;
	for (uint32_t i = 0; i < c->instalments; i++) {
		int32_t due = due_day(c, i);

		if (put_down_payments(c, s, after,
		                      c->schedule == SCHEDULE_CUMULATIVE &&
		                              i + 1 < c->instalments
		                          ? due + 1
		                          : due,
		                      err) < 0)
			return -1;
		if (s->count >= INSTALMENTS_MAX)
			return err_set(err, ERR_RANGE, FATE_NOT, "too many instalments");
		s->at[s->count] =
		    (struct instalment){ .nr = s->count + 1, .from = from, .due = due };
		s->count++;
		from = due;
		after = c->schedule == SCHEDULE_CUMULATIVE ? due + 1 : due;
	}
	return 0;
}

static int64_t
base_of(const struct charge *charge, int64_t principal, int64_t interest)
{
	switch (charge->base) {
	case CHARGE_PCT_PRINCIPAL:
		return principal;
	case CHARGE_PCT_PRINCIPAL_INTEREST:
		return principal + interest;
	case CHARGE_PCT_INTEREST:
		return interest;
	case CHARGE_FLAT:
		break;
	}
	return 0;
}

static int
charge_amount(const struct charge *charge, int64_t principal, int64_t interest,
              int64_t *out, struct err *err)
{
	if (charge->base == CHARGE_FLAT) {
		*out = charge->amount;
		return 0;
	}
	return money_pct(base_of(charge, principal, interest), charge->pct, out, err);
}

static void
put_charge(struct instalment *row, const struct charge *charge, int64_t amount)
{
	if (charge->penalty)
		row->penalty += amount;
	else
		row->fee += amount;
}

static struct instalment *
row_of_day(struct schedule *s, int32_t day)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (!s->at[i].down_payment && day <= s->at[i].due)
			return &s->at[i];
	return &s->at[s->count - 1];
}

static int
put_on_each_row(const struct charge *charge, struct schedule *s, struct err *err)
{
	for (uint32_t i = 0; i < s->count; i++) {
		struct instalment *row = &s->at[i];
		int64_t amount;

		if (row->down_payment)
			continue;
		if (charge_amount(charge, row->principal, row->interest, &amount, err) <
		    0)
			return -1;
		put_charge(row, charge, amount);
	}
	return 0;
}

/* What is known when the contract is made; overdue charges come with the days. */
static int
put_charges(const struct contract *c, struct schedule *s, struct err *err)
{
	for (uint32_t k = 0; k < c->charge_count; k++) {
		const struct charge *charge = &c->charges[k];
		int64_t amount;

		if (charge->time == CHARGE_OVERDUE)
			continue;
		if (charge->time == CHARGE_PER_INSTALMENT) {
			if (put_on_each_row(charge, s, err) < 0)
				return -1;
			continue;
		}
		if (charge_amount(charge, s->principal, s->interest, &amount, err) < 0)
			return -1;
		if (charge->time == CHARGE_AT_DISBURSEMENT)
			s->paid_at_disbursement += amount;
		else
			put_charge(row_of_day(s, charge->day), charge, amount);
	}
	return 0;
}

static int
add_up(struct schedule *s, struct err *err)
{
	s->interest = s->fee = s->penalty = 0;
	for (uint32_t i = 0; i < s->count; i++)
		if (money_add(s->interest, s->at[i].interest, &s->interest, err) < 0 ||
		    money_add(s->fee, s->at[i].fee, &s->fee, err) < 0 ||
		    money_add(s->penalty, s->at[i].penalty, &s->penalty, err) < 0)
			return -1;
	return 0;
}

/* Rows that do not sum to the whole are never a schedule. */
static int
all_comes_back(const struct schedule *s, struct err *err)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < s->count; i++)
		if (money_add(sum, s->at[i].principal, &sum, err) < 0)
			return -1;
	if (sum != s->principal)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "tranches: one falls on or after the last instalment");
	return 0;
}

int
schedule_make(const struct contract *c, struct schedule *out, struct err *err)
{
	out->paid_at_disbursement = 0;
	out->principal = c->principal;
	if (schedule_days(c, out, err) < 0)
		return -1;
	if ((c->schedule == SCHEDULE_PROGRESSIVE ? schedule_progressive(c, out, err)
	                                         : schedule_cumulative(c, out, err)) < 0)
		return -1;
	carry_balances(out);
	if (all_comes_back(out, err) < 0)
		return -1;
	if (add_up(out, err) < 0 || put_charges(c, out, err) < 0)
		return -1;
	return add_up(out, err);
}
