#include "payments/core/account.h"

#include "payments/core/account_parts.h"
#include "payments/core/schedule_parts.h"

#include <string.h>

void
loan_account_open(struct loan_account *a, const struct contract *c)
{
	a->contract = *c;
	a->today = c->start;
	a->event_count = a->row_count = a->line_count = 0;
	a->status = STATUS_SUBMITTED;
	a->total = (struct loan_totals){ 0 };
	a->closed_day = 0;
}

static const struct loan_line *
line_of(const struct loan_account *a, uint32_t event)
{
	for (uint32_t i = 0; i < a->line_count; i++)
		if (a->lines[i].event == event)
			return &a->lines[i];
	return NULL;
}

static bool
needs_amount(const struct loan_event *e)
{
	static const bool plain[EVENT_KINDS] = {
		[EVENT_WAIVE_CHARGE] = true,    [EVENT_WRITE_OFF] = true,
		[EVENT_CHARGE_OFF] = true,      [EVENT_SHIFT_DATES] = true,
		[EVENT_UNDO_CHARGE_OFF] = true, [EVENT_REVERSE] = true,
		[EVENT_REAMORTISE] = true,      [EVENT_PAUSE] = true,
		[EVENT_INTEREST_PAUSE] = true,
	};

	if (e->kind == EVENT_CHARGE)
		return e->charge.base == CHARGE_FLAT;
	return !plain[e->kind];
}

static int
check(const struct loan_account *a, const struct loan_event *e, struct err *err)
{
	if (a->event_count == LOAN_EVENTS_MAX)
		return err_set(err, ERR_TOO_LONG, FATE_NOT, "too many events of a loan");
	if (e->amount < 0 || e->amount > LOAN_AMOUNT_MAX)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "amount: give 1 to 1000000000000000 minor units");
	if (e->amount == 0 && needs_amount(e))
		return err_set(err, ERR_RANGE, FATE_NOT, "amount: give more than 0");
	if (e->kind == EVENT_REVERSE &&
	    (account_event(a, e->of) == NULL || account_reversed(a, e->of)))
		return err_set(err, ERR_NOT_FOUND, FATE_NOT,
		               "no such event, or reversed already");
	if (e->kind == EVENT_WAIVE_CHARGE && account_event(a, e->of) == NULL)
		return err_set(err, ERR_NOT_FOUND, FATE_NOT, "no such charge");
	return 0;
}

/* A reversal remembers what it takes back. */
static void
remember(const struct loan_account *a, struct loan_event *e)
{
	const struct loan_line *line = line_of(a, e->of);

	if (e->kind != EVENT_REVERSE || line == NULL)
		return;
	memcpy(e->was, line->part, sizeof e->was);
	e->was_balance = line->balance;
	if (line + 1 < a->lines + a->line_count && line[1].event == 0 &&
	    strcmp(line[1].type, "Accrual") == 0)
		memcpy(e->was_earned, line[1].part, sizeof e->was_earned);
}

int
loan_account_tell(struct loan_account *a, const struct loan_event *e, struct err *err)
{
	struct loan_event *added;

	if (check(a, e, err) < 0)
		return -1;
	added = &a->events[a->event_count++];
	*added = *e;
	remember(a, added);
	if (account_replay(a, err) == 0)
		return 0;
	a->event_count--;
	if (account_replay(a, NULL) < 0)
		return -1;
	return -1;
}

int
loan_account_load(struct loan_account *a, const struct loan_event *e, uint32_t count,
                  struct err *err)
{
	if (count > LOAN_EVENTS_MAX)
		return err_set(err, ERR_TOO_LONG, FATE_NOT, "too many events of a loan");
	memcpy(a->events, e, count * sizeof *e);
	a->event_count = count;
	return account_replay(a, err);
}

int
loan_account_day(struct loan_account *a, int32_t today, struct err *err)
{
	a->today = today;
	return account_replay(a, err);
}

/* What a payment of more than enough would pay on that day. */
static int
pay_off_recalculated(struct loan_account *a, int32_t day, int64_t part[PARTS],
                     struct err *err)
{
	struct loan_event all = { .id = UINT32_MAX,
		                  .kind = EVENT_REPAY,
		                  .day = day,
		                  .amount = LOAN_AMOUNT_MAX };
	int32_t today = a->today;
	const struct loan_line *line;
	int rc;

	if (a->event_count == LOAN_EVENTS_MAX)
		return err_set(err, ERR_TOO_LONG, FATE_NOT, "too many events of a loan");
	a->events[a->event_count++] = all;
	a->today = day > today ? day : today;
	rc = account_replay(a, err);
	line = rc < 0 ? NULL : line_of(a, all.id);
	if (line != NULL)
		memcpy(part, line->part, PARTS * sizeof part[0]);
	else if (rc == 0)
		rc = err_set(err, ERR_INTERNAL, FATE_NOT, "a payment left no line");
	a->event_count--;
	a->today = today;
	return account_replay(a, rc < 0 ? NULL : err) < 0 ? -1 : rc;
}

int
loan_account_pay_off(struct loan_account *a, int32_t day, int64_t part[PARTS],
                     struct err *err)
{
	memset(part, 0, PARTS * sizeof part[0]);
	if (a->contract.recalculate && a->status == STATUS_ACTIVE)
		return pay_off_recalculated(a, day, part, err);
	for (uint32_t i = 0; i < a->row_count; i++)
		for (int p = 0; p < PARTS; p++)
			part[p] += account_row_owed(&a->rows[i], (enum component)p);
	return 0;
}

/* The first pause that holds on that day; the number of events: none. */
static uint32_t
first_pause(const struct loan_account *a, int32_t day)
{
	uint32_t i = 0;

	for (; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];

		if (e->kind == EVENT_PAUSE && day >= e->from && day <= e->to &&
		    !account_reversed(a, e->id))
			break;
	}
	return i;
}

/* Of a payment that was due on that day, on the business day. */
static uint32_t
days_late(const struct loan_account *a, int32_t due)
{
	uint32_t days = due < a->today ? (uint32_t)(a->today - due) : 0;

	for (uint32_t i = 0; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];
		int32_t from = e->from > due ? e->from : due + 1;
		int32_t to = e->to < a->today ? e->to : a->today;

		if (e->kind != EVENT_PAUSE || account_reversed(a, e->id))
			continue;
		for (int32_t day = from; day <= to; day++)
			days -= first_pause(a, day) == i;
	}
	return days;
}

uint32_t
loan_account_arrears_days(const struct loan_account *a)
{
	for (uint32_t i = 0; i < a->row_count; i++)
		if (!account_row_done(&a->rows[i]))
			return days_late(a, a->rows[i].due);
	return 0;
}

const struct account_row *
loan_account_next(const struct loan_account *a)
{
	const struct account_row *oldest = NULL;

	for (uint32_t i = 0; i < a->row_count; i++) {
		if (account_row_done(&a->rows[i]))
			continue;
		if (a->rows[i].due >= a->today)
			return &a->rows[i];
		if (oldest == NULL)
			oldest = &a->rows[i];
	}
	return oldest;
}

/* ---- overdue penalties ---------------------------------------------------------------
 */

static bool
charged(const struct loan_account *a, const char *code, uint32_t row)
{
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].kind == EVENT_CHARGE &&
		    a->events[i].from == (int32_t)row &&
		    strcmp(a->events[i].charge.code, code) == 0)
			return true;
	return false;
}

static int64_t
charges_due(const struct loan_account *a)
{
	const struct loan_totals *t = &a->total;

	return t->due[PART_INTEREST] + t->due[PART_FEE] + t->due[PART_PENALTY] -
	       t->waived[PART_INTEREST] - t->waived[PART_FEE] - t->waived[PART_PENALTY];
}

static int64_t
overdue_amount(const struct charge *c, const struct account_row *row)
{
	int64_t base = 0, amount = 0;

	switch (c->base) {
	case CHARGE_FLAT:
		return c->amount;
	case CHARGE_PCT_PRINCIPAL:
		base = account_row_owed(row, PART_PRINCIPAL);
		break;
	case CHARGE_PCT_PRINCIPAL_INTEREST:
		base = account_row_owed(row, PART_PRINCIPAL) +
		       account_row_owed(row, PART_INTEREST);
		break;
	case CHARGE_PCT_INTEREST:
		base = account_row_owed(row, PART_INTEREST);
		break;
	}
	return money_pct(base, c->pct, &amount, NULL) < 0 ? 0 : amount;
}

uint32_t
loan_account_overdue(const struct loan_account *a, struct loan_event *out, uint32_t room)
{
	const struct contract *c = &a->contract;
	int64_t most = INT64_MAX, used = charges_due(a);
	uint32_t n = 0;

	if (first_pause(a, a->today) < a->event_count)
		return 0;
	if (c->in_duplum_pct > 0 &&
	    money_pct(a->total.disbursed, c->in_duplum_pct, &most, NULL) < 0)
		return 0;
	for (uint32_t k = 0; k < c->charge_count; k++) {
		const struct charge *charge = &c->charges[k];

		for (uint32_t i = 0; i < a->row_count && n < room; i++) {
			const struct account_row *row = &a->rows[i];
			int64_t amount = overdue_amount(charge, row);

			if (charge->time != CHARGE_OVERDUE || row->additional ||
			    account_row_done(row) ||
			    days_late(a, row->due) <= (uint32_t)charge->grace_days ||
			    charged(a, charge->code, row->nr))
				continue;
			if (amount > most - used)
				amount = most - used;
			if (amount <= 0)
				continue;
			used += amount;
			out[n] = (struct loan_event){ .kind = EVENT_CHARGE,
				                      .day = a->today,
				                      .amount = amount,
				                      .from = (int32_t)row->nr,
				                      .charge = *charge };
			out[n].charge.base = CHARGE_FLAT;
			out[n].charge.amount = amount;
			out[n++].charge.day = a->today;
		}
	}
	return n;
}
