/*
 * account_rows - the rows of a loan before anything was paid.
 *
 *   disbursements --> schedule --> rows --> moved days --> charges on rows
 */
#include "payments/core/account_parts.h"
#include "payments/core/schedule_parts.h"

const struct loan_event *
account_event(const struct loan_account *a, uint32_t id)
{
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].id == id)
			return &a->events[i];
	return NULL;
}

bool
account_reversed(const struct loan_account *a, uint32_t id)
{
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].kind == EVENT_REVERSE && a->events[i].of == id)
			return true;
	return false;
}

static int
count_disbursements(struct loan_account *a, struct err *err)
{
	struct contract *c = &a->working;
	uint32_t n = 0;

	*c = a->contract;
	c->principal = 0;
	c->tranche_count = 0;
	for (uint32_t i = 0; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];

		if (e->kind == EVENT_EXTRA_TERMS && !account_reversed(a, e->id))
			c->instalments += (uint32_t)e->amount;
		if (e->kind != EVENT_DISBURSE || account_reversed(a, e->id))
			continue;
		if (n >= TRANCHES_MAX)
			return err_set(err, ERR_RANGE, FATE_NOT, "too many tranches");
		c->tranches[n++] = (struct tranche){ e->day, e->amount };
		if (n == 1)
			c->start = e->day;
		if (money_add(c->principal, e->amount, &c->principal, err) < 0)
			return -1;
	}
	if (c->principal > a->contract.principal)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "amount: more is lent than the principal agreed");
	if (c->instalments > INSTALMENTS_MAX)
		return err_set(err, ERR_RANGE, FATE_NOT, "too many instalments");
	c->tranche_count = n > 1 ? n : 0;
	return 0;
}

static void
rows_of_plan(struct loan_account *a)
{
	a->row_count = a->plan.count;
	for (uint32_t i = 0; i < a->row_count; i++) {
		const struct instalment *from = &a->plan.at[i];
		struct account_row *row = &a->rows[i];

		*row = (struct account_row){ .nr = from->nr,
			                     .from = from->from,
			                     .due = from->due,
			                     .down_payment = from->down_payment };
		row->due_part[PART_PRINCIPAL] = from->principal;
		row->due_part[PART_INTEREST] = from->interest;
		row->due_part[PART_FEE] = from->fee;
		row->due_part[PART_PENALTY] = from->penalty;
	}
}

/* Rows due on `from` or later move by so many days. */
static void
move_rows(struct loan_account *a, int32_t from, int32_t by)
{
	for (uint32_t i = 0; i < a->row_count; i++) {
		if (a->rows[i].due < from)
			continue;
		a->rows[i].due += by;
		if (i + 1 < a->row_count)
			a->rows[i + 1].from = a->rows[i].due;
	}
}

static int64_t
principal_from(const struct loan_account *a, uint32_t i)
{
	int64_t sum = 0;

	for (; i < a->row_count; i++)
		sum += a->rows[i].due_part[PART_PRINCIPAL];
	return sum;
}

/* The interest of a holiday stands on the first row after it, or on the last one. */
static int
take_holiday(struct loan_account *a, const struct loan_event *e, struct err *err)
{
	uint32_t i = 0;
	int64_t more;
	struct decimal interest;

	while (i < a->row_count && a->rows[i].due < e->from)
		i++;
	if (i == a->row_count)
		return 0;
	interest = decimal_times(
	    decimal_times(decimal_of(principal_from(a, i)), rate_of_period(&a->working)),
	    decimal_of(e->amount));
	if (decimal_money(interest, money_unit(&a->working), &more, err) < 0)
		return -1;
	move_rows(a, e->from,
	          period_after(&a->working, a->rows[i].due, (uint32_t)e->amount) -
	              a->rows[i].due);
	if (e->policy == HOLIDAY_INTEREST_RUNS)
		a->rows[i].due_part[PART_INTEREST] += more;
	else if (e->policy == HOLIDAY_INTEREST_CAPITALISED)
		a->rows[a->row_count - 1].due_part[PART_INTEREST] += more;
	return 0;
}

static int
move_days(struct loan_account *a, struct err *err)
{
	for (uint32_t i = 0; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];

		if (account_reversed(a, e->id))
			continue;
		if (e->kind == EVENT_SHIFT_DATES)
			move_rows(a, e->from, e->to - e->from);
		if (e->kind == EVENT_HOLIDAY && take_holiday(a, e, err) < 0)
			return -1;
	}
	return 0;
}

struct account_row *
account_row_of_day(struct loan_account *a, int32_t day)
{
	struct account_row *last = &a->rows[a->row_count - 1];

	for (uint32_t i = 0; i < a->row_count; i++)
		if (!a->rows[i].down_payment && !a->rows[i].additional &&
		    day <= a->rows[i].due)
			return &a->rows[i];
	if (last->additional) {
		if (day > last->due)
			last->due = day;
		return last;
	}
	if (a->row_count == INSTALMENTS_MAX)
		return last;
	last++;
	*last = (struct account_row){
		.nr = ++a->row_count, .from = last[-1].due, .due = day, .additional = true
	};
	return last;
}

int64_t
account_charge_amount(const struct loan_account *a, const struct loan_event *e)
{
	const struct schedule *s = &a->plan;
	int64_t base = s->principal, amount = e->amount;

	if (e->charge.base == CHARGE_FLAT)
		return amount;
	if (e->charge.base == CHARGE_PCT_PRINCIPAL_INTEREST)
		base += s->interest;
	else if (e->charge.base == CHARGE_PCT_INTEREST)
		base = s->interest;
	if (money_pct(base, e->charge.pct, &amount, NULL) < 0)
		return 0;
	return amount;
}

enum component
account_charge_part(const struct charge *c)
{
	return c->penalty ? PART_PENALTY : PART_FEE;
}

void
account_put_charge(struct loan_account *a, const struct loan_event *e)
{
	enum component part = account_charge_part(&e->charge);
	int64_t amount = account_charge_amount(a, e);
	struct account_row *row;

	if (e->charge.time == CHARGE_AT_DISBURSEMENT) {
		a->total.at_disbursement[part] += amount;
		return;
	}
	row = account_row_of_day(a, e->charge.day);
	row->due_part[part] += amount;
	row->paid_day = amount > 0 ? 0 : row->paid_day;
}

static void
put_charges(struct loan_account *a)
{
	for (uint32_t i = 0; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];

		if (e->kind == EVENT_CHARGE && !account_reversed(a, e->id) &&
		    (e->charge.time == CHARGE_AT_DISBURSEMENT ||
		     a->contract.strategy != STRATEGY_CONFIGURED))
			account_put_charge(a, e);
	}
	a->total.at_disbursement[PART_FEE] += a->plan.paid_at_disbursement;
}

static bool
paused(const struct loan_account *a)
{
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].kind == EVENT_INTEREST_PAUSE &&
		    !account_reversed(a, a->events[i].id))
			return true;
	return false;
}

int
account_make_rows(struct loan_account *a, struct err *err)
{
	const char *why;

	if (count_disbursements(a, err) < 0)
		return -1;
	if (a->working.principal == 0)
		return 0;
	if (schedule_make(&a->working, &a->plan, err) < 0)
		return -1;
	rows_of_plan(a);
	if (move_days(a, err) < 0)
		return -1;
	put_charges(a);
	if ((why = account_rework_uncovered(a)) != NULL)
		return err_set(err, ERR_RANGE, FATE_NOT, why);
	if (account_is_running(a))
		why = account_running_uncovered(a);
	else if (a->contract.schedule == SCHEDULE_CUMULATIVE && paused(a))
		why = "pause_interest: of PROGRESSIVE schedules only";
	else
		return a->contract.recalculate &&
		               a->contract.schedule == SCHEDULE_CUMULATIVE
		           ? account_recalculate(a, err)
		           : 0;
	return why == NULL ? 0 : err_set(err, ERR_RANGE, FATE_NOT, why);
}
