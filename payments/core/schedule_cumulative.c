/*
 * schedule_cumulative - row after row on the balance that is left.
 *
 *   period rate     nominal rate of the year / 12, 52 or 365, times `every`
 *   daily           balance x rate of the year / length of the first period's year x days
 *   annuity         A = B r / (1 - (1 + r)^-k) over the k rows that pay principal, to the
 *                   instalment multiple; principal = A - interest
 *   equal principal B / k, to the currency's unit
 *   flat            total = P r n, or P x rate x days of the term; each row its n-th
 *                   part; with an instalment multiple the whole row is rounded to it;
 *                   all tranches count as lent from the start
 *   last row        takes what is left of principal and, if flat, of interest
 */
#include "payments/core/schedule_parts.h"

struct run {
	const struct contract *c;
	struct schedule *s;
	int64_t unit;       /* minor units an amount is rounded to */
	int64_t balance;    /* principal still to come down        */
	int64_t lent;       /* so far, down payments left out      */
	uint32_t paying;    /* rows that pay principal             */
	uint32_t plain;     /* rows that are no down payment       */
	int64_t instalment; /* equal ones                          */
	int64_t principal;  /* of each row, where that is equal    */
	int32_t lent_until; /* tranches before this day are in balance */
	int64_t deferred;   /* interest waiting for its first row  */
	struct decimal period_rate, day_rate;
};

static struct decimal
power(struct decimal base, uint32_t n)
{
	struct decimal p = decimal_of(1);

	while (n-- > 0)
		p = decimal_times(p, base);
	return p;
}

struct decimal
schedule_annuity(struct decimal balance, struct decimal rate, uint32_t rows)
{
	struct decimal one = decimal_of(1), growth;

	if (rate.digits == 0)
		return decimal_over(balance, decimal_of(rows));
	growth = power(decimal_add(one, rate), rows);
	return decimal_over(decimal_times(decimal_times(balance, rate), growth),
	                    decimal_subtract(growth, one));
}

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* What each of the rows left pays, from the balance as it is now. */
static int
set_pace(struct run *r, uint32_t rows_left, struct err *err)
{
	const struct contract *c = r->c;
	struct decimal balance = decimal_of(r->balance);

	if (c->fixed_principal_pct > 0)
		return money_pct(r->lent, c->fixed_principal_pct, &r->principal, err);
	if (decimal_money(decimal_over(balance, decimal_of(rows_left)), r->unit,
	                  &r->principal, err) < 0)
		return -1;
	return decimal_money(schedule_annuity(balance, r->period_rate, rows_left),
	                     larger(r->unit, c->instalment_multiple), &r->instalment,
	                     err);
}

/* Tranches before `until` that are not lent yet, what is paid down at once left out.
 * *came: any. */
static int
lend(struct run *r, int32_t until, bool *came, struct err *err)
{
	const struct contract *c = r->c;
	int32_t from = r->lent_until;
	int64_t down;

	*came = false;
	r->lent_until = until;
	for (uint32_t t = 0; t < c->tranche_count; t++) {
		const struct tranche *tr = &c->tranches[t];

		if (tr->day < from || tr->day >= until)
			continue;
		if (money_pct(tr->amount, c->down_payment_pct, &down, err) < 0)
			return -1;
		r->balance += tr->amount - down;
		r->lent += tr->amount - down;
		*came = true;
	}
	return 0;
}

static struct decimal
row_interest(const struct run *r, const struct instalment *row)
{
	struct decimal balance = decimal_of(r->balance);

	if (r->c->interest_period == INTEREST_DAILY)
		return decimal_times(decimal_times(balance, r->day_rate),
		                     decimal_of(row->due - row->from));
	return decimal_times(balance, r->period_rate);
}

static int64_t
within(int64_t amount, int64_t most)
{
	if (amount < 0)
		return 0;
	return amount < most ? amount : most;
}

/* Interest of rows in grace waits; the first open row takes it along. */
static void
put_interest(struct run *r, struct instalment *row, uint32_t i, int64_t interest)
{
	if (i < r->c->grace_interest) {
		r->deferred += interest;
		row->interest = 0;
		return;
	}
	row->interest = interest + r->deferred;
	r->deferred = 0;
}

/* The row bears no interest on it, but pays its share of it. */
static int
lend_on_due_day(struct run *r, const struct instalment *row, uint32_t i, struct err *err)
{
	bool came;

	if (lend(r, row->due + 1, &came, err) < 0)
		return -1;
	return came ? set_pace(r, i < r->c->grace_principal ? r->paying : r->plain - i,
	                       err)
	            : 0;
}

static int
declining_row(struct run *r, struct instalment *row, uint32_t i, struct err *err)
{
	const struct contract *c = r->c;
	int64_t interest = 0;

	if (i >= c->interest_free &&
	    decimal_money(row_interest(r, row), r->unit, &interest, err) < 0)
		return -1;
	if (i + 1 < r->plain && lend_on_due_day(r, row, i, err) < 0)
		return -1;
	if (i + 1 == r->plain)
		row->principal = r->balance;
	else if (i < c->grace_principal)
		row->principal = 0;
	else if (c->fixed_principal_pct > 0 || c->amortization == AMORTIZE_PRINCIPAL)
		row->principal = within(r->principal, r->balance);
	else
		row->principal = within(r->instalment - interest, r->balance);
	put_interest(r, row, i, interest);
	return 0;
}

/* The whole term's interest, and each row's part of it. */
static int
flat_total(const struct run *r, int64_t *total, int64_t *each, struct err *err)
{
	const struct contract *c = r->c;
	const struct schedule *s = r->s;
	struct decimal sum = decimal_of(r->lent);
	int32_t first = s->at[s->count - r->plain].from;

	if (c->interest_period == INTEREST_DAILY)
		sum = decimal_times(decimal_times(sum, r->day_rate),
		                    decimal_of(s->at[s->count - 1].due - first));
	else
		sum = decimal_times(decimal_times(sum, r->period_rate),
		                    decimal_of(r->plain));
	if (decimal_money(decimal_over(sum, decimal_of(r->plain)), r->unit, each, err) <
	    0)
		return -1;
	if (c->interest_free > 0)
		sum = decimal_over(
		    decimal_times(sum, decimal_of((int64_t)r->plain - c->interest_free)),
		    decimal_of(r->plain));
	return decimal_money(sum, r->unit, total, err);
}

static int
flat_row(struct run *r, struct instalment *row, uint32_t i, int64_t each, struct err *err)
{
	const struct contract *c = r->c;
	int64_t whole = each;
	struct decimal exact;

	row->principal = within(r->principal, r->balance);
	if (i < c->grace_principal) {
		row->principal = 0;
		return 0;
	}
	if (i + 1 == r->plain) {
		row->principal = r->balance;
		return 0;
	}
	if (c->amortization != AMORTIZE_INSTALMENTS || c->instalment_multiple <= 1 ||
	    c->fixed_principal_pct > 0)
		return 0;
	exact = decimal_add(decimal_over(decimal_of(r->lent), decimal_of(r->paying)),
	                    decimal_of(each));
	if (decimal_money(exact, larger(r->unit, c->instalment_multiple), &whole, err) <
	    0)
		return -1;
	row->principal = within(whole - each, r->balance);
	return 0;
}

static int
flat(struct run *r, struct err *err)
{
	const struct contract *c = r->c;
	int64_t total, each, left, before = 0;

	if (flat_total(r, &total, &each, err) < 0)
		return -1;
	left = total;
	for (uint32_t k = 0, i = 0; k < r->s->count; k++) {
		struct instalment *row = &r->s->at[k];
		int64_t interest = 0;

		if (row->down_payment) {
			row->balance_after = r->balance - before; /* to be carried */
			before = r->balance;
			continue;
		}
		if (flat_row(r, row, i, each, err) < 0)
			return -1;
		if (i + 1 == r->plain)
			interest = left;
		else if (i >= c->interest_free)
			interest = within(each, left);
		left -= interest;
		put_interest(r, row, i, interest);
		r->balance -= row->principal;
		row->balance_after = before = r->balance;
		i++;
	}
	return 0;
}

static int
declining(struct run *r, struct err *err)
{
	for (uint32_t k = 0, i = 0; k < r->s->count; k++) {
		struct instalment *row = &r->s->at[k];
		uint32_t grace = r->c->grace_principal;
		bool came = false;

		if (row->down_payment)
			continue;
		if (lend(r, i + 1 == r->plain ? INT32_MAX : row->due, &came, err) < 0)
			return -1;
		if ((came || i == 0) &&
		    set_pace(r, i < grace ? r->paying : r->plain - i, err) < 0)
			return -1;
		if (declining_row(r, row, i, err) < 0)
			return -1;
		r->balance -= row->principal;
		row->balance_after = r->balance;
		i++;
	}
	return 0;
}

int
schedule_cumulative(const struct contract *c, struct schedule *s, struct err *err)
{
	struct run r = { .c = c, .s = s, .unit = money_unit(c), .lent_until = INT32_MIN };
	int64_t down = 0;
	bool came;

	for (uint32_t k = 0; k < s->count; k++) {
		if (s->at[k].down_payment)
			down += s->at[k].principal;
		else
			r.plain++;
	}
	r.paying = r.plain - c->grace_principal;
	r.period_rate = rate_of_period(c);
	r.day_rate = decimal_over(
	    rate_of_year(c),
	    decimal_of(year_length(c, c->periods > 0 ? c->period_from[0] : c->start)));
	if (c->tranche_count == 0) {
		r.balance = r.lent = c->principal - down;
	} else if (c->interest_type == INTEREST_FLAT &&
	           lend(&r, INT32_MAX, &came, err) < 0) {
		return -1;
	}
	if (c->interest_type != INTEREST_FLAT)
		return declining(&r, err);
	if (set_pace(&r, r.paying, err) < 0)
		return -1;
	return flat(&r, err);
}
