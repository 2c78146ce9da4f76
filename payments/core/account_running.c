/*
 * account_running - PROGRESSIVE instalments by the days money was really owed.
 *
 *   interest   of a row: balance x factor of the days, summed, rounded once, plus what
 *              rows before it could not take.  Up to the day it is seen from the balance
 *              is what was really owed; beyond it, what the rows leave when each is paid
 *              on its day, less what was paid ahead
 *   principal  equal instalment - interest; the last row takes what is left
 *   closed     a row whose principal was paid ahead so far that its interest finds no
 *              room keeps what interest was paid; the rest goes to the next row
 *   payment    sees interest up to its own day, and none in rows that have not begun
 *   pause      days without interest; the first one counts whole
 *   made       a row due by a day once seen from changes no more
 *
 * Where interest is not recalculated (a pause alone) the balance is the planned one.
 */
#include "payments/core/account_parts.h"
#include "payments/core/schedule_parts.h"

struct running {
	struct loan_account *a;
	int32_t day; /* seen from: the business day, or that of a payment */
	int32_t last_line;
	bool paying;
	bool inner; /* the balance may change within a row without a payment */
	int64_t lent;
	int64_t carried;      /* interest the rows before had no room for */
	int64_t due_before;   /* principal of the rows before */
	int64_t paid_from_on; /* principal paid of this row and those behind it */
};

bool
account_is_running(const struct loan_account *a)
{
	if (a->working.schedule != SCHEDULE_PROGRESSIVE)
		return false;
	if (a->contract.rate == 0)
		return false;
	if (a->contract.recalculate)
		return true;
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].kind == EVENT_INTEREST_PAUSE &&
		    !account_reversed(a, a->events[i].id))
			return true;
	return false;
}

static bool
moves_rows(enum loan_event_kind kind)
{
	return kind == EVENT_EXTRA_TERMS || kind == EVENT_SHIFT_DATES ||
	       kind == EVENT_HOLIDAY || kind == EVENT_WAIVE_INTEREST;
}

const char *
account_running_uncovered(const struct loan_account *a)
{
	const struct contract *c = &a->working;

	if (c->interest_type != INTEREST_DECLINING ||
	    c->amortization != AMORTIZE_INSTALMENTS || c->fixed_principal_pct > 0)
		return "recalculate: PROGRESSIVE only of a declining balance, in equal "
		       "instalments without fixed principal";
	if (c->strategy == STRATEGY_HEAVENSFAMILY_UNIQUE)
		return "recalculate: not with an order that gives interest up";
	if (c->compounding)
		return "compounding: PROGRESSIVE knows none";
	if (c->rest == REST_PERIOD && c->advance != ADVANCE_AMOUNT)
		return "advance: PROGRESSIVE knows no such way";
	for (uint32_t i = 0; i < a->event_count; i++)
		if (!account_reversed(a, a->events[i].id) &&
		    moves_rows(a->events[i].kind))
			return "recalculate: not together with waived interest or "
			       "rescheduling";
	return NULL;
}

/* ---- what is owed on a day ----------------------------------------------------------
 */

/* Principal lent up to the day: as told, for later tranches count on their own days. */
static int64_t
lent_until(const struct running *r, int32_t day)
{
	const struct contract *c = &r->a->working;
	int64_t sum = c->tranche_count == 0 && c->start <= day ? c->principal : 0;

	for (uint32_t i = 0; i < c->tranche_count; i++)
		if (c->tranches[i].day <= day)
			sum += c->tranches[i].amount;
	for (uint32_t i = 0; r->inner && i < r->a->row_count; i++)
		if (r->a->rows[i].back > 0 && r->a->rows[i].back_day <= day)
			sum += r->a->rows[i].back;
	return sum;
}

/* Of a day that has passed. */
static int64_t
owed_really(const struct running *r, int32_t day)
{
	int64_t sum = lent_until(r, day);

	for (uint32_t i = 0; i < r->a->line_count; i++) {
		const struct loan_line *l = &r->a->lines[i];

		if (l->payment && l->day <= day)
			sum -= l->part[PART_PRINCIPAL];
	}
	return sum;
}

/* Of a day to come, rows before `upto` being made. */
static int64_t
owed_by_plan(const struct running *r, int32_t day, uint32_t upto)
{
	bool follows = r->a->contract.recalculate;
	int64_t sum = lent_until(r, day);

	if (!r->inner)
		return sum - r->due_before - (follows ? r->paid_from_on : 0);
	for (uint32_t i = 0; i < r->a->row_count; i++) {
		const struct account_row *row = &r->a->rows[i];

		if (i < upto && row->due <= day)
			sum -= row->due_part[PART_PRINCIPAL];
		else if (follows)
			sum -= row->paid[PART_PRINCIPAL];
	}
	return sum;
}

/* ---- interest -----------------------------------------------------------------------
 */

static bool
paused(const struct loan_account *a, int32_t day, int32_t *next)
{
	bool inside = false;

	for (uint32_t i = 0; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];

		if (e->kind != EVENT_INTEREST_PAUSE || account_reversed(a, e->id))
			continue;
		if (day < e->from - 1 && e->from - 1 < *next)
			*next = e->from - 1;
		if (day >= e->from - 1 && day < e->to) {
			inside = true;
			if (e->to < *next)
				*next = e->to;
		}
	}
	return inside;
}

static void
sooner(int32_t day, int32_t *next, int32_t candidate)
{
	if (candidate > day && candidate < *next)
		*next = candidate;
}

/* The next day on which the balance may change. */
static int32_t
next_change(const struct running *r, int32_t day, int32_t seen, int32_t until)
{
	const struct loan_account *a = r->a;
	int32_t next = until;

	sooner(day, &next, seen);
	for (uint32_t i = 0; i < a->working.tranche_count; i++)
		sooner(day, &next, a->working.tranches[i].day);
	for (uint32_t i = 0; r->inner && i < a->row_count; i++) {
		sooner(day, &next, a->rows[i].due);
		if (a->rows[i].back > 0)
			sooner(day, &next, a->rows[i].back_day);
	}
	for (uint32_t i = 0; day < r->last_line && i < a->line_count; i++)
		if (a->lines[i].payment)
			sooner(day, &next, a->lines[i].day);
	return next;
}

/* From when on the balance is the planned one: with rest by periods what is late bears
 * interest for the whole period. */
static int32_t
seen_from(const struct running *r, const struct account_row *row)
{
	if (!r->a->contract.recalculate)
		return INT32_MIN;
	if (r->a->working.rest == REST_PERIOD && row->from < r->day && r->day < row->due)
		return row->due;
	return r->day;
}

static int
interest_of(struct running *r, uint32_t k, int64_t *out, struct err *err)
{
	const struct account_row *row = &r->a->rows[k];
	int32_t seen = seen_from(r, row), until = row->due;
	struct decimal all = decimal_of(r->carried);

	if (r->paying && until > r->day)
		until = r->day;
	for (int32_t day = row->from, next; day < until; day = next) {
		bool rests;
		int64_t owed;

		next = next_change(r, day, seen, until);
		rests = paused(r->a, day, &next);
		owed = day < seen ? owed_really(r, day) : owed_by_plan(r, day, k);
		if (rests || owed <= 0)
			continue;
		all = decimal_add(
		    all, decimal_times(decimal_of(owed),
		                       progressive_factor(&r->a->working, &r->a->plan, k,
		                                          day, next)));
	}
	return decimal_money(all, money_unit(&r->a->working), out, err);
}

/* ---- rows ---------------------------------------------------------------------------
 */

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

static int64_t
interest_taken(struct running *r, uint32_t k, uint32_t plain, int64_t interest)
{
	const struct account_row *row = &r->a->rows[k];
	const struct instalment *plan = &r->a->plan.at[k];
	int64_t room =
	    plan->principal + plan->interest + row->back - row->paid[PART_PRINCIPAL];
	int64_t taken = interest;

	if (k + 1 < r->a->plan.count && plain < r->a->working.grace_interest)
		taken = row->paid[PART_INTEREST];
	else if (k + 1 < r->a->plan.count && plain >= r->a->working.grace_principal &&
	         r->a->contract.recalculate && interest > room)
		taken = row->paid[PART_PRINCIPAL] > 0 ? row->paid[PART_INTEREST] : room;
	taken = larger(taken, row->paid[PART_INTEREST]);
	r->carried = larger(interest - taken, 0);
	return taken;
}

static int
make_row(struct running *r, uint32_t k, uint32_t plain, struct err *err)
{
	struct account_row *row = &r->a->rows[k];
	const struct instalment *plan = &r->a->plan.at[k];
	int64_t left =
	    r->lent - r->due_before - r->paid_from_on + row->paid[PART_PRINCIPAL];
	int64_t interest, taken, want;

	if (interest_of(r, k, &interest, err) < 0)
		return -1;
	taken = interest_taken(r, k, plain, interest);
	want = plan->principal + plan->interest - taken;
	if (plain < r->a->working.grace_principal)
		want = 0;
	want = smaller(larger(want, 0) + row->back, left);
	if (k + 1 == r->a->plan.count)
		want = left;
	row->due_part[PART_INTEREST] = taken;
	row->due_part[PART_PRINCIPAL] = larger(want, row->paid[PART_PRINCIPAL]);
	return 0;
}

/* Paid from the last row backwards, the last one takes a whole instalment. */
static void
fill_last(struct running *r)
{
	const struct schedule *plan = &r->a->plan;
	uint32_t last = plan->count - 1;
	struct account_row *to = &r->a->rows[last];

	for (uint32_t k = last; k > 0 && r->a->rows[k - 1].due > r->day; k--) {
		struct account_row *from = &r->a->rows[k - 1];
		int64_t whole =
		    plan->at[last - 1].principal + plan->at[last - 1].interest;
		int64_t lacks = whole - to->due_part[PART_PRINCIPAL];

		lacks = smaller(lacks, from->due_part[PART_PRINCIPAL] -
		                           from->paid[PART_PRINCIPAL]);
		if (lacks <= 0 || from->down_payment)
			return;
		from->due_part[PART_PRINCIPAL] -= lacks;
		to->due_part[PART_PRINCIPAL] += lacks;
	}
}

static void
look_around(struct running *r)
{
	const struct loan_account *a = r->a;

	r->carried = a->made_carried;
	r->inner = a->contract.down_payment_pct > 0;
	for (uint32_t i = 0; i < a->row_count; i++) {
		r->inner |= a->rows[i].back > 0;
		r->paid_from_on += a->rows[i].paid[PART_PRINCIPAL];
	}
	r->lent = lent_until(r, INT32_MAX);
}

int
account_run(struct loan_account *a, int32_t day, bool paying, struct err *err)
{
	struct running r = { .a = a, .day = day, .paying = paying };
	uint32_t plain = 0;

	if (a->row_count == 0 || a->status == STATUS_WRITTEN_OFF ||
	    !account_is_running(a))
		return 0;
	r.paying = paying && a->contract.recalculate;
	for (uint32_t i = 0; i < a->line_count; i++)
		if (a->lines[i].day > r.last_line)
			r.last_line = a->lines[i].day;
	if (!paying && r.day < r.last_line)
		r.day = r.last_line;
	look_around(&r);
	for (uint32_t k = 0; k < a->plan.count; k++) {
		struct account_row *row = &a->rows[k];
		bool made = row->down_payment || k < a->made_rows;

		if (!made && make_row(&r, k, plain, err) < 0)
			return -1;
		plain += row->down_payment ? 0 : 1;
		r.due_before += row->due_part[PART_PRINCIPAL];
		r.paid_from_on -= row->paid[PART_PRINCIPAL];
		if (row->due <= r.day && k == a->made_rows) {
			a->made_rows++;
			a->made_carried = r.carried;
		}
	}
	if (r.paying && a->contract.surplus == SURPLUS_LAST)
		fill_last(&r);
	return 0;
}
