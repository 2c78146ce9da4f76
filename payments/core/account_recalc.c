/*
 * account_recalc - instalments by the days money was really owed.
 *
 *   interest    of each stretch of days on one balance: balance x day rate x days,
 * rounded by itself.  The balance is what the schedule leaves, plus principal that is
 *               late (up to the business day; beyond it nothing is taken to be late),
 * less what was paid ahead of the row's due day, from the day it was paid instalment
 * annuity on the day rate x 30, 7 or 1 days; stays through late payments ahead       what
 * a payment leaves after all that is due comes off the principal: AMOUNT: a new
 * instalment for the rows left; NUMBER: the same instalment, fewer rows; NEXT: the
 * principal of the rows that follow
 */
#include "payments/core/account_parts.h"
#include "payments/core/schedule_parts.h"

#include <string.h>

struct recalc {
	struct loan_account *a;
	uint32_t rows; /* of the plan */
	uint16_t payment[LOAN_EVENTS_MAX];
	uint32_t payments, next; /* next: the first not used by a row yet */
	int32_t today;           /* nothing is late beyond */
	struct decimal day_rate, pace_rate;
	int64_t unit, multiple;
	int64_t balance;    /* before the row */
	int64_t instalment; /* equal ones */
	int64_t credit;     /* ADVANCE_NEXT: paid ahead, to come off rows that follow */
	int64_t interest;   /* of the row, and what was paid ahead in it: */
	int64_t early, to_charges;
};

static bool
moves_money(enum loan_event_kind kind)
{
	return kind == EVENT_REPAY || kind == EVENT_GOODWILL ||
	       kind == EVENT_PAYOUT_REFUND || kind == EVENT_MERCHANT_REFUND ||
	       kind == EVENT_ADJUST_CHARGE || kind == EVENT_DOWN_PAYMENT;
}

static bool
on_due_days(const struct loan_account *a)
{
	const struct contract *c = &a->working;

	for (uint32_t t = 0; t < c->tranche_count; t++) {
		bool found = c->tranches[t].day == c->start;

		for (uint32_t i = 0; i + 1 < a->plan.count; i++)
			found |= c->tranches[t].day == a->plan.at[i].due;
		if (!found)
			return false;
	}
	return true;
}

/* What the rules above say nothing about; NULL: all is covered. */
static const char *
uncovered(const struct loan_account *a)
{
	const struct contract *c = &a->working;

	bool periods = c->rest == REST_PERIOD;

	if (c->interest_type != INTEREST_DECLINING ||
	    (c->interest_period != INTEREST_DAILY && !periods) ||
	    c->amortization != AMORTIZE_INSTALMENTS || c->schedule != SCHEDULE_CUMULATIVE)
		return "recalculate: only of a declining balance, daily, in equal "
		       "instalments, CUMULATIVE";
	if (c->tranche_count > 0 && !(periods && on_due_days(a)))
		return "recalculate: tranches only by PERIOD, on due days";
	if (c->grace_principal > 0 || c->grace_interest > 0 || c->interest_free > 0 ||
	    c->fixed_principal_pct > 0 || c->down_payment_pct > 0)
		return "recalculate: not with grace, interest-free or fixed "
		       "principal instalments, or down payments";
	for (uint32_t i = 0; i < a->event_count; i++) {
		enum loan_event_kind kind = a->events[i].kind;

		if (!account_reversed(a, a->events[i].id) &&
		    (kind == EVENT_CHARGEBACK || kind == EVENT_WAIVE_INTEREST ||
		     kind == EVENT_WAIVE_CHARGE || kind == EVENT_DOWN_PAYMENT ||
		     kind == EVENT_EXTRA_TERMS || kind == EVENT_SHIFT_DATES ||
		     kind == EVENT_HOLIDAY))
			return "recalculate: not together with chargebacks, waivers, "
			       "down payments or rescheduling";
	}
	return NULL;
}

/* Payments in order of days; what is written off is late no longer. */
static void
gather(struct recalc *r)
{
	const struct loan_account *a = r->a;

	for (uint32_t i = 0; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];
		uint32_t at = r->payments;

		if (account_reversed(a, e->id))
			continue;
		if (e->kind == EVENT_WRITE_OFF && e->day < r->today)
			r->today = e->day;
		if (!moves_money(e->kind))
			continue;
		for (; at > 0 && a->events[r->payment[at - 1]].day > e->day; at--)
			r->payment[at] = r->payment[at - 1];
		r->payment[at] = (uint16_t)i;
		r->payments++;
	}
}

/* Places a payment on the rows built so far; returns what is left of it. */
static int64_t
place(struct recalc *r, int32_t day, int64_t amount, uint32_t rows)
{
	struct paying p = { .a = r->a, .day = day, .left = amount };
	uint32_t all = r->a->row_count;

	account_due_charges(&p);
	r->a->row_count = rows;
	account_place(&p);
	r->a->row_count = all;
	return p.left;
}

static int64_t
late_principal(const struct recalc *r, uint32_t rows)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < rows; i++)
		sum += account_row_owed(&r->a->rows[i], PART_PRINCIPAL);
	return sum;
}

static int
bear(struct recalc *r, int64_t balance, int32_t days, struct err *err)
{
	struct decimal exact = decimal_times(
	    decimal_times(decimal_of(balance), r->day_rate), decimal_of(days));
	int64_t interest;

	if (days <= 0 || balance <= 0)
		return 0;
	if (decimal_money(exact, r->unit, &interest, err) < 0)
		return -1;
	r->interest += interest;
	return 0;
}

/* Does the business day fall into the row? */
static bool
is_now(const struct recalc *r, uint32_t i)
{
	const struct account_row *row = &r->a->rows[i];

	return row->from < r->today && r->today <= row->due;
}

/* What is late and bears interest: with compounding interest too, and in the row of the
 * business day alone. */
static int64_t
late_of(const struct recalc *r, uint32_t i)
{
	int64_t sum = late_principal(r, i);

	if (!r->a->working.compounding)
		return sum;
	for (uint32_t k = 0; k < i; k++)
		sum += account_row_owed(&r->a->rows[k], PART_INTEREST);
	return is_now(r, i) ? sum : 0;
}

/* Days on which nothing was paid. */
static int
stretch(struct recalc *r, uint32_t i, int32_t from, int32_t until, struct err *err)
{
	int64_t late = late_of(r, i), balance = r->balance - r->early;

	if (late == 0 || r->today >= until)
		return bear(r, balance + late, until - from, err);
	if (r->today > from) {
		if (bear(r, balance + late, r->today - from, err) < 0)
			return -1;
		from = r->today;
	}
	return bear(r, balance, until - from, err);
}

/* Rest by periods: payments ahead count from the due day, and what is late bears interest
 * in the period of the business day alone, for all its days. */
static int
whole_period(struct recalc *r, uint32_t i, struct err *err)
{
	const struct account_row *row = &r->a->rows[i];
	int64_t balance = r->balance + (is_now(r, i) ? late_principal(r, i) : 0);
	struct decimal exact = decimal_times(decimal_of(balance), r->pace_rate);

	if (r->a->working.interest_period == INTEREST_DAILY)
		return bear(r, balance, row->due - row->from, err);
	return decimal_money(exact, r->unit, &r->interest, err);
}

static int
pace(struct recalc *r, uint32_t rows_left, struct err *err)
{
	return decimal_money(
	    schedule_annuity(decimal_of(r->balance), r->pace_rate, rows_left),
	    r->multiple, &r->instalment, err);
}

static int64_t
smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Interest of the row, what came ahead of its due day, and (returned in *on_day) on it.
 */
static int
live_through(struct recalc *r, uint32_t i, int64_t *on_day, struct err *err)
{
	struct account_row *row = &r->a->rows[i];
	int64_t charges = row->due_part[PART_FEE] + row->due_part[PART_PENALTY];
	bool periods = r->a->working.rest == REST_PERIOD;
	int32_t at = row->from;

	r->interest = r->early = r->to_charges = *on_day = 0;
	if (periods && whole_period(r, i, err) < 0)
		return -1;
	for (uint32_t n = r->next; n < r->payments; n++) {
		const struct loan_event *e = &r->a->events[r->payment[n]];
		int64_t left, to_charges;

		if (e->day > row->due)
			break;
		if (!periods && stretch(r, i, at, e->day, err) < 0)
			return -1;
		at = e->day > at ? e->day : at;
		left = place(r, e->day, e->amount, i);
		to_charges = smaller(left, charges);
		if (e->day == row->due) {
			*on_day += left;
			continue;
		}
		charges -= to_charges;
		r->to_charges += to_charges;
		r->early = smaller(r->early + left - to_charges, r->balance);
	}
	return periods ? 0 : stretch(r, i, at, row->due, err);
}

/* The payments of the row's days, for the rows to come: what of it stays late. */
static void
settle_row(struct recalc *r, uint32_t i, int64_t paid)
{
	const struct account_row *row = &r->a->rows[i];

	place(r, row->due, paid, i + 1);
	while (r->next < r->payments && r->a->events[r->payment[r->next]].day <= row->due)
		r->next++;
}

/* Lent on the due day of the row: it bears interest from the next one on. */
static int64_t
lent_after(const struct recalc *r, uint32_t i)
{
	const struct contract *c = &r->a->working;
	int64_t sum = 0;

	for (uint32_t t = 0; t < c->tranche_count; t++)
		if (c->tranches[t].day == r->a->rows[i].due)
			sum += c->tranches[t].amount;
	return sum;
}

static int
build_row(struct recalc *r, uint32_t i, struct err *err)
{
	struct account_row *row = &r->a->rows[i];
	int64_t charges = row->due_part[PART_FEE] + row->due_part[PART_PENALTY];
	int64_t on_day, want, principal, over, ahead;

	if (live_through(r, i, &on_day, err) < 0)
		return -1;
	want = smaller(larger(r->instalment - r->interest, 0), r->balance);
	if (i + 1 == r->rows)
		want = r->balance;
	else if (r->credit > 0) {
		ahead = smaller(r->credit, want);
		r->credit -= ahead;
		want -= ahead;
	}
	principal = larger(want, r->early);
	over = on_day - (r->interest + charges - r->to_charges + principal - r->early);
	principal = smaller(principal + larger(over, 0), r->balance);
	ahead = principal - want;
	row->due_part[PART_INTEREST] = r->interest;
	row->due_part[PART_PRINCIPAL] = principal;
	r->balance += lent_after(r, i) - principal;
	settle_row(r, i, r->early + r->to_charges + on_day);
	if (ahead <= 0 || r->balance == 0 || i + 1 == r->rows)
		return 0;
	if (r->a->working.advance == ADVANCE_NEXT)
		r->credit += ahead;
	else if (r->a->working.advance == ADVANCE_AMOUNT)
		return pace(r, r->rows - i - 1, err);
	return 0;
}

/* The payments happen for real later, and rows that have become empty are none. */
static void
forget_placing(struct recalc *r)
{
	struct loan_account *a = r->a;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < a->row_count; i++) {
		struct account_row *row = &a->rows[i];
		int64_t due = 0;

		memset(row->paid, 0, sizeof row->paid);
		memset(row->waived, 0, sizeof row->waived);
		row->in_advance = row->late = row->paid_day = 0;
		for (int p = 0; p < PARTS; p++)
			due += row->due_part[p];
		if (due == 0 && i > 0)
			continue;
		a->rows[kept] = *row;
		a->rows[kept].nr = kept + 1;
		kept++;
	}
	a->row_count = kept;
}

static int64_t
pace_days(const struct contract *c)
{
	static const int64_t days[] = {
		[EVERY_DAYS] = 1, [EVERY_WEEKS] = 7, [EVERY_MONTHS] = 30
	};

	return (int64_t)c->every * days[c->every_unit];
}

int
account_recalculate(struct loan_account *a, struct err *err)
{
	const struct contract *c = &a->working;
	struct recalc r = { .a = a, .rows = a->plan.count, .today = a->today };
	const char *why = uncovered(a);

	if (why != NULL)
		return err_set(err, ERR_RANGE, FATE_NOT, why);
	r.unit = money_unit(c);
	r.multiple = larger(r.unit, c->instalment_multiple);
	r.balance = c->principal;
	r.day_rate = decimal_over(
	    rate_of_year(c),
	    decimal_of(year_length(c, c->periods > 0 ? c->period_from[0] : c->start)));
	r.pace_rate = c->interest_period == INTEREST_DAILY
	                  ? decimal_times(r.day_rate, decimal_of(pace_days(c)))
	                  : rate_of_period(c);
	gather(&r);
	if (c->rest == REST_PERIOD)
		r.balance = a->contract.principal; /* instalments as agreed */
	if (pace(&r, r.rows, err) < 0)
		return -1;
	r.balance = c->principal;
	for (uint32_t t = 0; t < c->tranche_count; t++)
		r.balance -= c->tranches[t].day > c->start ? c->tranches[t].amount : 0;
	for (uint32_t i = 0; i < r.rows; i++)
		if (build_row(&r, i, err) < 0)
			return -1;
	forget_placing(&r);
	return 0;
}
