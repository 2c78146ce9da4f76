/*
 * account_replay - from the contract and the events to how the loan stands.
 *
 *   rows (account_rows.c) --> every event in order of its day --> totals, what is earned,
 *   status
 */
#include "payments/core/account_parts.h"
#include "payments/core/money.h"

#include <string.h>

static struct loan_line *
add_line(struct loan_account *a, const struct loan_event *e, const char *type)
{
	struct loan_line *line;

	if (a->line_count == sizeof a->lines / sizeof a->lines[0])
		a->line_count--; /* cannot be: two lines an event at most */
	line = &a->lines[a->line_count++];
	*line = (struct loan_line){
		.event = e->id, .type = type, .day = e->day, .amount = e->amount
	};
	return line;
}

static int64_t
owed_of(const struct loan_account *a, enum component part)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < a->row_count; i++)
		sum += account_row_owed(&a->rows[i], part);
	return sum;
}

static int64_t
owed_all(const struct loan_account *a)
{
	int64_t sum = 0;

	for (int p = 0; p < PARTS; p++)
		sum += owed_of(a, (enum component)p);
	return sum;
}

/* Principal lent up to now and not paid back. */
static int64_t
balance(const struct loan_account *a)
{
	int64_t sum = a->total.disbursed;

	for (uint32_t i = 0; i < a->row_count; i++)
		sum -= a->rows[i].paid[PART_PRINCIPAL] +
		       a->rows[i].written_off[PART_PRINCIPAL];
	return sum;
}

void
account_due_charges(struct paying *p)
{
	const struct loan_account *a = p->a;

	for (uint32_t i = 0; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];

		if (e->kind == EVENT_CHARGE && e->charge.time != CHARGE_AT_DISBURSEMENT &&
		    e->charge.day <= p->day && !account_reversed(a, e->id))
			p->due_charge[account_charge_part(&e->charge)] +=
			    account_charge_amount(a, e);
	}
}

/* When nothing is owed any more, all charges are earned: a line says so. */
static void
accrue_at_close(struct loan_account *a, const struct loan_event *e)
{
	struct loan_event all = { .day = e->day };
	struct loan_line *line;
	int64_t part[PARTS];

	memcpy(part, a->total.at_disbursement, sizeof part);
	if (owed_all(a) != 0 || a->status == STATUS_CLOSED)
		return;
	a->status = STATUS_CLOSED;
	a->closed_day = e->day;
	for (uint32_t i = 0; i < a->row_count; i++)
		for (int p = 0; p < PART_PRINCIPAL; p++)
			part[p] += a->rows[i].paid[p];
	for (uint32_t i = 0; i < a->line_count; i++)
		if (strcmp(a->lines[i].type, "Accrual") == 0)
			for (int p = 0; p < PART_PRINCIPAL; p++)
				part[p] -= a->lines[i].part[p];
	for (int p = 0; p < PART_PRINCIPAL; p++)
		part[p] = part[p] > 0 ? part[p] : 0;
	all.amount = part[PART_PENALTY] + part[PART_FEE] + part[PART_INTEREST];
	if (all.amount <= 0)
		return;
	line = add_line(a, &all, "Accrual");
	memcpy(line->part, part, sizeof part);
}

static int
pay(struct loan_account *a, const struct loan_event *e, const char *type, struct err *err)
{
	struct paying p = { .a = a, .day = e->day, .left = e->amount };
	struct loan_line *line;

	if (account_run(a, e->day, true, err) < 0)
		return -1;
	line = add_line(a, e, type);
	account_due_charges(&p);
	account_place(&p);
	memcpy(line->part, p.part, sizeof p.part);
	line->payment = true;
	line->overpaid = p.left;
	line->balance = balance(a);
	accrue_at_close(a, e);
	return money_add(a->total.overpaid, p.left, &a->total.overpaid, err);
}

/* What the loan costs at once is kept back: paid with the first money lent. */
static void
disburse(struct loan_account *a, const struct loan_event *e)
{
	bool first = a->total.disbursed == 0;
	struct loan_event fee = { .day = e->day };
	struct loan_line *line;

	a->total.disbursed += e->amount;
	if (a->status == STATUS_SUBMITTED)
		a->status = STATUS_ACTIVE;
	for (int p = 0; first && p < PART_PRINCIPAL; p++)
		fee.amount += a->total.at_disbursement[p];
	if (fee.amount > 0) {
		line = add_line(a, &fee, "Repayment (at time of disbursement)");
		memcpy(line->part, a->total.at_disbursement, sizeof line->part);
		line->balance = balance(a);
	}
	add_line(a, e, "Disbursement")->balance = balance(a);
	if (fee.amount > 0) {
		line = add_line(a, &fee, "Accrual");
		memcpy(line->part, a->total.at_disbursement, sizeof line->part);
	}
}

/* The other orders know all charges from the start (account_rows.c). */
static void
charge(struct loan_account *a, const struct loan_event *e)
{
	if (a->contract.strategy != STRATEGY_CONFIGURED ||
	    e->charge.time == CHARGE_AT_DISBURSEMENT)
		return;
	account_put_charge(a, e);
	if (a->status == STATUS_CLOSED)
		a->status = STATUS_ACTIVE;
}

static void
waive_interest(struct loan_account *a, const struct loan_event *e)
{
	struct loan_line *line = add_line(a, e, "Waive interest");
	int64_t left = e->amount;

	for (uint32_t i = 0; i < a->row_count && left > 0; i++) {
		int64_t open = account_row_owed(&a->rows[i], PART_INTEREST);
		int64_t take = open < left ? open : left;

		a->rows[i].waived[PART_INTEREST] += take;
		left -= take;
		if (take > 0 && account_row_done(&a->rows[i]))
			a->rows[i].paid_day = e->day;
	}
	line->part[PART_INTEREST] = e->amount - left;
	line->balance = balance(a);
	accrue_at_close(a, e);
}

static void
waive_charge(struct loan_account *a, const struct loan_event *e)
{
	const struct loan_event *of = account_event(a, e->of);
	struct loan_line *line = add_line(a, e, "Waive loan charges");
	struct account_row *row;
	enum component part;
	int64_t open, take;

	if (of == NULL || of->kind != EVENT_CHARGE)
		return;
	row = account_row_of_day(a, of->charge.day);
	part = account_charge_part(&of->charge);
	open = account_row_owed(row, part);
	take = account_charge_amount(a, of);
	take = take < open ? take : open;
	row->waived[part] += take;
	if (account_row_done(row))
		row->paid_day = e->day;
	line->amount = take;
	line->part[part] = take;
	line->balance = balance(a);
	accrue_at_close(a, e);
}

static void
write_off(struct loan_account *a, const struct loan_event *e)
{
	struct loan_line *line = add_line(a, e, "Close (as written-off)");

	for (uint32_t i = 0; i < a->row_count; i++)
		for (int p = 0; p < PARTS; p++) {
			int64_t open = account_row_owed(&a->rows[i], (enum component)p);

			a->rows[i].written_off[p] += open;
			line->part[p] += open;
		}
	line->amount = line->part[0] + line->part[1] + line->part[2] + line->part[3];
	a->status = STATUS_WRITTEN_OFF;
	a->closed_day = e->day;
}

static void
charge_off(struct loan_account *a, const struct loan_event *e)
{
	struct loan_line *line = add_line(a, e, "Charge-off");

	for (int p = 0; p < PARTS; p++)
		line->part[p] = owed_of(a, (enum component)p);
	line->amount = owed_all(a);
	a->total.charged_off = true;
}

/* A payment that bounced: its money is owed again, as principal of the row of the day. */
static void
charge_back(struct loan_account *a, const struct loan_event *e)
{
	struct loan_line *line = add_line(a, e, "Chargeback");
	int64_t from_over = a->total.overpaid < e->amount ? a->total.overpaid : e->amount;
	struct account_row *row;

	a->total.overpaid -= from_over;
	a->total.disbursed += e->amount - from_over;
	line->overpaid = from_over;
	line->part[PART_PRINCIPAL] = e->amount - from_over;
	if (e->amount > from_over) {
		row = account_row_of_day(a, e->day);
		row->due_part[PART_PRINCIPAL] += e->amount - from_over;
		row->back += e->amount - from_over;
		row->back_day = e->day;
		row->paid_day = 0;
		if (a->status == STATUS_CLOSED)
			a->status = STATUS_ACTIVE;
	}
	line->balance = balance(a);
}

static int
rework(struct loan_account *a, const struct loan_event *e, const char *type,
       struct err *err)
{
	struct loan_line *line = add_line(a, e, type);
	int64_t moved;

	if ((e->kind == EVENT_REAGE ? account_reage(a, e, &moved, err)
	                            : account_reamortise(a, e, &moved, err)) < 0)
		return -1;
	line->amount = line->part[PART_PRINCIPAL] = moved;
	return 0;
}

/* What a payment had closed was earned: that stands, though the payment does not. */
static void
keep_earned(struct loan_account *a, int32_t day, const int64_t earned[PARTS])
{
	struct loan_event all = { .day = day };
	struct loan_line *line;

	for (int p = 0; p < PART_PRINCIPAL; p++)
		all.amount += earned[p];
	if (all.amount == 0)
		return;
	line = add_line(a, &all, "Accrual");
	memcpy(line->part, earned, sizeof line->part);
}

static void
show_reversed(struct loan_account *a, const struct loan_event *e, const char *type)
{
	struct loan_line *line = add_line(a, e, type);

	line->reverted = true;
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].kind == EVENT_REVERSE && a->events[i].of == e->id) {
			memcpy(line->part, a->events[i].was, sizeof line->part);
			line->balance = a->events[i].was_balance;
			keep_earned(a, e->day, a->events[i].was_earned);
			return;
		}
}

static const char *
line_type(enum loan_event_kind kind)
{
	static const char *const types[EVENT_KINDS] = {
		[EVENT_DISBURSE] = "Disbursement",
		[EVENT_REPAY] = "Repayment",
		[EVENT_WAIVE_CHARGE] = "Waive loan charges",
		[EVENT_WAIVE_INTEREST] = "Waive interest",
		[EVENT_WRITE_OFF] = "Close (as written-off)",
		[EVENT_CHARGE_OFF] = "Charge-off",
		[EVENT_RECOVER] = "Recovery Repayment",
		[EVENT_REFUND] = "Credit Balance Refund",
		[EVENT_CHARGEBACK] = "Chargeback",
		[EVENT_GOODWILL] = "Goodwill Credit",
		[EVENT_PAYOUT_REFUND] = "Payout Refund",
		[EVENT_MERCHANT_REFUND] = "Merchant Issued Refund",
		[EVENT_DOWN_PAYMENT] = "Down Payment",
		[EVENT_ADJUST_CHARGE] = "Charge Adjustment",
		[EVENT_REAMORTISE] = "Re-amortize",
		[EVENT_REAGE] = "Re-age",
	};

	return kind < EVENT_KINDS ? types[kind] : NULL;
}

/* What cannot have happened as the loan stands on that day; NULL: it can. */
static const char *
impossible(const struct loan_account *a, const struct loan_event *e)
{
	bool written_off = a->status == STATUS_WRITTEN_OFF;

	if (e->kind == EVENT_DISBURSE)
		return written_off ? "the loan was written off before" : NULL;
	if (e->kind == EVENT_CHARGE && e->charge.time == CHARGE_AT_DISBURSEMENT)
		return NULL;
	if (a->total.disbursed == 0)
		return "nothing was lent before that day";
	if (e->kind == EVENT_RECOVER)
		return written_off ? NULL : "nothing was written off before";
	if (written_off && e->kind != EVENT_REFUND && e->kind != EVENT_UNDO_CHARGE_OFF)
		return "the loan was written off before: money that comes back is a "
		       "recovery";
	if (e->kind == EVENT_CHARGE_OFF && a->total.charged_off)
		return "the loan was charged off before";
	if (e->kind == EVENT_UNDO_CHARGE_OFF && !a->total.charged_off)
		return "the loan was not charged off before";
	if (e->kind == EVENT_REFUND && e->amount > a->total.overpaid)
		return "more refunded than was overpaid";
	if ((e->kind == EVENT_WAIVE_INTEREST) && e->amount > owed_of(a, PART_INTEREST))
		return "more waived than is owed";
	return NULL;
}

/* It happens, and is possible. */
static int
apply(struct loan_account *a, const struct loan_event *e, const char *type,
      struct err *err)
{
	switch (e->kind) {
	case EVENT_DISBURSE:
		disburse(a, e);
		return 0;
	case EVENT_REPAY:
	case EVENT_GOODWILL:
	case EVENT_PAYOUT_REFUND:
	case EVENT_MERCHANT_REFUND:
	case EVENT_DOWN_PAYMENT:
	case EVENT_ADJUST_CHARGE:
		return pay(a, e, type, err);
	case EVENT_WAIVE_INTEREST:
		waive_interest(a, e);
		return 0;
	case EVENT_WAIVE_CHARGE:
		waive_charge(a, e);
		return 0;
	case EVENT_WRITE_OFF:
		write_off(a, e);
		return 0;
	case EVENT_CHARGE_OFF:
		charge_off(a, e);
		return 0;
	case EVENT_UNDO_CHARGE_OFF:
		a->total.charged_off = false;
		return 0;
	case EVENT_RECOVER:
		a->total.recovered += e->amount;
		add_line(a, e, type)->balance = balance(a);
		return 0;
	case EVENT_REFUND:
		a->total.overpaid -= e->amount;
		add_line(a, e, type)->balance = balance(a);
		return 0;
	case EVENT_CHARGEBACK:
		charge_back(a, e);
		return 0;
	case EVENT_REAMORTISE:
	case EVENT_REAGE:
		return rework(a, e, type, err);
	case EVENT_CHARGE:
		charge(a, e);
		return 0;
	case EVENT_SHIFT_DATES:
	case EVENT_EXTRA_TERMS:
	case EVENT_HOLIDAY:
	case EVENT_PAUSE:
	case EVENT_INTEREST_PAUSE:
	case EVENT_REVERSE:
	case EVENT_KINDS:
		return 0;
	}
	return 0;
}

static int
happen(struct loan_account *a, const struct loan_event *e, struct err *err)
{
	const char *type = line_type(e->kind), *why;

	if (account_reversed(a, e->id)) {
		if (type != NULL)
			show_reversed(a, e, type);
		return 0;
	}
	if (e->kind == EVENT_REVERSE)
		return 0;
	if (account_run(a, e->day, false, err) < 0)
		return -1;
	if ((why = impossible(a, e)) != NULL)
		return err_set(err, ERR_RANGE, FATE_NOT, why);
	return apply(a, e, type, err);
}

/* In the configured order a charge is there from the day it was told or fell due. */
static int32_t
day_of_event(const struct loan_account *a, const struct loan_event *e)
{
	if (e->kind == EVENT_CHARGE && a->contract.strategy == STRATEGY_CONFIGURED &&
	    e->charge.day < e->day && e->charge.time != CHARGE_AT_DISBURSEMENT)
		return e->charge.day;
	return e->day;
}

/* In order of days; told on one day: as told. */
static int
happen_all(struct loan_account *a, struct err *err)
{
	uint16_t order[LOAN_EVENTS_MAX] = { 0 };

	for (uint32_t i = 0; i < a->event_count; i++) {
		uint32_t at = i;

		for (; at > 0 && day_of_event(a, &a->events[order[at - 1]]) >
		                     day_of_event(a, &a->events[i]);
		     at--)
			order[at] = order[at - 1];
		order[at] = (uint16_t)i;
	}
	for (uint32_t i = 0; i < a->event_count; i++)
		if (happen(a, &a->events[order[i]], err) < 0)
			return -1;
	return 0;
}

int
account_replay(struct loan_account *a, struct err *err)
{
	a->status = STATUS_SUBMITTED;
	a->row_count = a->line_count = 0;
	a->total = (struct loan_totals){ 0 };
	a->closed_day = 0;
	a->made_rows = 0;
	a->made_carried = 0;
	if (account_make_rows(a, err) < 0)
		return -1;
	if (happen_all(a, err) < 0 || account_run(a, a->today, false, err) < 0)
		return -1;
	return account_add_up(a, err);
}
