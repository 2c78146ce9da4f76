/*
 * schedule_progressive - rate factors of the days each period really has.
 *
 *   f_i   rate x days of the period by convention / days of the year
 *         x real days / days a whole period has; where the year counts as it is and the
 *         period crosses a year's end: rate x real days / days of the year, in two
 *         parts that meet on 31 December
 *   EMI   B x (1+f_1)...(1+f_n) / F_n,  F_1 = 1,  F_i = 1 + F_(i-1) (1+f_i), to the unit
 *   pass  d = last instalment - the one before; if |d| in minor units > n/2 (whole), try
 *         EMI + d/n and keep it only if |d| became smaller
 *   row   interest = B f_i, principal = EMI - interest; the last row pays the balance
 */
#include "payments/core/day.h"
#include "payments/core/schedule_parts.h"

#define MONTH_DAYS    30
#define DAYS_PER_WEEK 7

struct run {
	const struct contract *c;
	struct schedule *s;
	int64_t unit;
	uint32_t first; /* index in s->at of the first row of this pace */
	int32_t known;  /* tranches before this day count in the rows ahead */
	struct decimal factor[INSTALMENTS_MAX];
};

static int64_t
convention_days(const struct contract *c, int32_t whole)
{
	switch (c->every_unit) {
	case EVERY_DAYS:
		return c->every;
	case EVERY_WEEKS:
		return (int64_t)c->every * DAYS_PER_WEEK;
	case EVERY_MONTHS:
		break;
	}
	return c->month == MONTH_30 ? (int64_t)c->every * MONTH_DAYS : whole;
}

/* days of [from, due) of a period whose whole length is `whole` days */
static struct decimal
part_factor(const struct contract *c, int64_t days, int64_t whole, unsigned year)
{
	struct decimal f = decimal_times(rate_of_year(c),
	                                 decimal_of(convention_days(c, (int32_t)whole)));

	f = decimal_over(f, decimal_of(year));
	if (days == whole)
		return f;
	return decimal_over(decimal_times(f, decimal_of(days)), decimal_of(whole));
}

static int32_t
last_of_year(int32_t day)
{
	struct date d = { day_date(day).year, 12, 31 };

	return day_of(&d);
}

static struct decimal
days_factor(const struct contract *c, int32_t days, unsigned year)
{
	return decimal_over(decimal_times(rate_of_year(c), decimal_of(days)),
	                    decimal_of(year));
}

static struct decimal
factor_of(const struct contract *c, int32_t from, int32_t due, int32_t whole)
{
	struct decimal sum = decimal_of(0);
	int year = day_date(from).year, last = day_date(due).year;

	if (c->year != YEAR_ACTUAL || year == last)
		return part_factor(c, due - from, whole, year_length(c, from));
	for (int32_t end; year < last; year++, from = end) {
		end = last_of_year(from + (day_date(from).year < year ? 1 : 0));
		sum = decimal_add(sum, days_factor(c, end - from, days_of_year(year)));
	}
	return decimal_add(sum, days_factor(c, due - from, days_of_year(last)));
}

/* A whole period that begins where this row begins. */
static int32_t
whole_length(const struct contract *c, const struct instalment *row)
{
	int32_t end = period_after(c, row->from, 1);

	if (c->every_unit == EVERY_MONTHS && row->due - end >= -3 && row->due - end <= 3)
		return row->due - row->from; /* month ends */
	return end - row->from;
}

static void
set_factors(struct run *r)
{
	for (uint32_t k = 0, i = 0; k < r->s->count; k++) {
		const struct instalment *row = &r->s->at[k];

		r->factor[k] = decimal_of(0);
		if (row->down_payment)
			continue;
		if (i++ >= r->c->interest_free)
			r->factor[k] =
			    factor_of(r->c, row->from, row->due, whole_length(r->c, row));
	}
}

struct decimal
progressive_factor(const struct contract *c, const struct schedule *s, uint32_t k,
                   int32_t from, int32_t until)
{
	uint32_t plain = 0;

	for (uint32_t i = 0; c->interest_free > 0 && i < k; i++)
		plain += s->at[i].down_payment ? 0 : 1;
	if (plain < c->interest_free)
		return decimal_of(0);
	return factor_of(c, from, until, whole_length(c, &s->at[k]));
}

/* The equal instalment of the rows from `k` on that pays `balance` off. */
static int
equal_instalment(const struct run *r, uint32_t k, struct decimal balance, int64_t *out,
                 struct err *err)
{
	struct decimal one = decimal_of(1), growth = one, fn = one;
	int64_t multiple =
	    r->unit > r->c->instalment_multiple ? r->unit : r->c->instalment_multiple;
	bool begun = false;

	for (uint32_t i = 0; k < r->s->count; k++, i++) {
		struct decimal step = decimal_add(one, r->factor[k]);

		if (r->s->at[k].down_payment)
			continue;
		growth = decimal_times(growth, step);
		if (begun)
			fn = decimal_add(one, decimal_times(fn, step));
		begun = true;
	}
	return decimal_money(decimal_over(decimal_times(balance, growth), fn), multiple,
	                     out, err);
}

/* What was lent within the row bears interest from its own day on. */
static int64_t
interest_of(const struct run *r, uint32_t k, int64_t balance, struct err *err)
{
	const struct contract *c = r->c;
	const struct instalment *row = &r->s->at[k];
	struct decimal all = decimal_of(0);
	int64_t interest, down;

	for (uint32_t t = 0; t < c->tranche_count; t++) {
		const struct tranche *tr = &c->tranches[t];
		struct decimal part;

		if (tr->day <= row->from || tr->day >= row->due || tr->day >= r->known)
			continue;
		if (money_pct(tr->amount, c->down_payment_pct, &down, err) < 0)
			return -1;
		balance -= tr->amount - down;
		part = decimal_times(decimal_of(tr->amount - down), r->factor[k]);
		part = decimal_times(part, decimal_of(row->due - tr->day));
		all = decimal_add(all,
		                  decimal_over(part, decimal_of(row->due - row->from)));
	}
	all = decimal_add(all, decimal_times(decimal_of(balance), r->factor[k]));
	return decimal_money(all, r->unit, &interest, err) < 0 ? -1 : interest;
}

static int64_t
lent_within(const struct run *r, uint32_t k)
{
	const struct contract *c = r->c;
	const struct instalment *row = &r->s->at[k];
	int64_t down, sum = 0;

	for (uint32_t t = 0; t < c->tranche_count; t++) {
		const struct tranche *tr = &c->tranches[t];
		bool first = k == r->first && tr->day <= row->from;

		if (!first &&
		    !(tr->day >= row->from && tr->day < row->due && k != r->first) &&
		    !(k == r->first && tr->day < row->due))
			continue;
		if (money_pct(tr->amount, c->down_payment_pct, &down, NULL) == 0)
			sum += tr->amount - down;
	}
	return sum;
}

/* Of [from, until), down payments left out. */
static uint32_t
plain_rows(const struct run *r, uint32_t from, uint32_t until)
{
	uint32_t n = 0;

	for (; from < until; from++)
		n += r->s->at[from].down_payment ? 0 : 1;
	return n;
}

/* What is still to come down before row k, which is not the first. */
static int64_t
balance_before(const struct run *r, uint32_t k)
{
	while (r->s->at[k - 1].down_payment)
		k--;
	return r->s->at[k - 1].balance_after;
}

/* Rows from k on at this pace; *apart: last instalment - the one before. */
static int
fill(const struct run *r, uint32_t k, int64_t balance, int64_t emi, int64_t *apart,
     struct err *err)
{
	const struct contract *c = r->c;
	int64_t carried = 0, before = 0, last = 0;

	for (uint32_t i = plain_rows(r, r->first, k); k < r->s->count; k++) {
		struct instalment *row = &r->s->at[k];
		int64_t interest;

		if (row->down_payment)
			continue;
		if ((interest = interest_of(r, k, balance, err)) < 0)
			return -1;
		interest += carried;
		carried = 0;
		if (k + 1 == r->s->count) {
			row->principal = balance;
		} else if (i < c->grace_principal) {
			row->principal = 0;
		} else if (interest > emi) {
			carried = interest - emi;
			interest = emi;
			row->principal = 0;
		} else {
			row->principal =
			    emi - interest < balance ? emi - interest : balance;
		}
		if (i < c->grace_interest) {
			carried += interest;
			interest = 0;
		}
		row->interest = interest;
		balance -= row->principal;
		row->balance_after = balance;
		before = last;
		last = row->principal + row->interest;
		i++;
	}
	*apart = last - before;
	return 0;
}

static int64_t
size(int64_t n)
{
	return n < 0 ? -n : n;
}

static int
pace(const struct run *r, uint32_t k, int64_t balance, struct err *err)
{
	uint32_t rows = plain_rows(r, k, r->s->count);
	uint32_t from = k + (k == r->first ? r->c->grace_principal : 0);
	int64_t emi, other, apart, then;
	struct decimal step;

	if (equal_instalment(r, from, decimal_of(balance), &emi, err) < 0 ||
	    fill(r, k, balance, emi, &apart, err) < 0)
		return -1;
	if (rows < 2 || size(apart) <= (int64_t)(rows / 2))
		return 0;
	step = decimal_add(decimal_of(emi),
	                   decimal_over(decimal_of(apart), decimal_of(rows)));
	if (decimal_money(step,
	                  r->unit > r->c->instalment_multiple ? r->unit
	                                                      : r->c->instalment_multiple,
	                  &other, err) < 0 ||
	    fill(r, k, balance, other, &then, err) < 0)
		return -1;
	if (other == emi || size(then) < size(apart))
		return 0;
	return fill(r, k, balance, emi, &apart, err);
}

/* The principal of each of the rows left, when `lent` in all and `balance` is owed. */
static int
equal_share(const struct run *r, int64_t lent, int64_t balance, uint32_t paying,
            int64_t *out, struct err *err)
{
	const struct contract *c = r->c;
	bool whole = c->amortization == AMORTIZE_INSTALMENTS && c->rate == 0;

	if (c->fixed_principal_pct > 0)
		return money_pct(lent, c->fixed_principal_pct, out, err);
	return decimal_money(
	    decimal_over(decimal_of(balance), decimal_of(paying)),
	    whole && c->instalment_multiple > r->unit ? c->instalment_multiple : r->unit,
	    out, err);
}

/* Of the i-th plain row: nothing in grace, and the last row takes what is left. */
static int64_t
principal_of(const struct run *r, uint32_t k, uint32_t i, int64_t each, int64_t balance)
{
	if (k + 1 == r->s->count)
		return balance;
	if (i < r->c->grace_principal)
		return 0;
	return each < balance ? each : balance;
}

/* Equal principal, interest on the balance or (flat) on all that was lent.  A later
 * tranche is shared by the rows from its own on. */
static int
equal_principal(const struct run *r, int64_t balance, struct err *err)
{
	const struct contract *c = r->c;
	uint32_t plain = plain_rows(r, r->first, r->s->count), i = 0;
	int64_t lent = balance, each = 0, waiting = 0;

	for (uint32_t k = r->first; k < r->s->count; k++) {
		struct instalment *row = &r->s->at[k];
		int64_t more = k == r->first ? 0 : lent_within(r, k), interest;
		uint32_t before = i > c->grace_principal ? i : c->grace_principal;

		if (row->down_payment)
			continue;
		balance += more;
		lent += more;
		if ((i == 0 || more > 0) &&
		    equal_share(r, lent, balance, plain - before, &each, err) < 0)
			return -1;
		interest = interest_of(
		    r, k, c->interest_type == INTEREST_FLAT ? lent : balance, err);
		if (interest < 0)
			return -1;
		row->principal = principal_of(r, k, i, each, balance);
		waiting += interest;
		row->interest = i < c->grace_interest ? 0 : waiting;
		waiting -= row->interest;
		balance -= row->principal;
		row->balance_after = balance;
		i++;
	}
	return 0;
}

int
schedule_progressive(const struct contract *c, struct schedule *s, struct err *err)
{
	struct run r = { .c = c, .s = s, .unit = money_unit(c) };
	int64_t balance = c->principal;

	while (r.first < s->count && s->at[r.first].down_payment)
		balance -= s->at[r.first++].principal;
	set_factors(&r);
	if (c->tranche_count > 0)
		balance = lent_within(&r, r.first);
	r.known = INT32_MAX;
	if (c->interest_type == INTEREST_FLAT || c->fixed_principal_pct > 0 ||
	    c->amortization == AMORTIZE_PRINCIPAL)
		return equal_principal(&r, balance, err);
	r.known = s->at[r.first].due;
	if (pace(&r, r.first, balance, err) < 0)
		return -1;
	for (uint32_t k = r.first + 1; k < s->count; k++) {
		int64_t more = s->at[k].down_payment ? 0 : lent_within(&r, k);

		r.known = s->at[k].due;
		if (more > 0 && pace(&r, k, balance_before(&r, k) + more, err) < 0)
			return -1;
	}
	return 0;
}
