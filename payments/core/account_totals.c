/*
 * account_totals - how a loan stands, added up from its rows.
 */
#include "payments/core/account_parts.h"
#include "payments/core/money.h"

static void
add_row(struct loan_account *a, const struct account_row *row)
{
	struct loan_totals *t = &a->total;
	bool late = row->due < a->today;

	for (int p = 0; p < PARTS; p++) {
		int64_t owed = account_row_owed(row, (enum component)p);

		t->due[p] += row->due_part[p];
		t->paid[p] += row->paid[p];
		t->waived[p] += row->waived[p];
		t->written_off[p] += row->written_off[p];
		t->outstanding[p] += owed;
		t->outstanding_all += owed;
		t->past_due[p] += late ? owed : 0;
		t->past_due_all += late ? owed : 0;
	}
}

/* Interest by days; fees and penalties of a row on its due day, single ones on theirs. */
static int
earn(struct loan_account *a, struct err *err)
{
	int64_t *accrued = a->total.accrued;

	for (uint32_t i = 0; i < a->row_count; i++) {
		const struct account_row *row = &a->rows[i];
		int64_t part = 0;

		if (row->due <= a->today) {
			for (int p = 0; p < PART_PRINCIPAL; p++)
				accrued[p] += row->due_part[p];
			continue;
		}
		if (row->from < a->today &&
		    money_part(row->due_part[PART_INTEREST], a->today - row->from,
		               row->due - row->from, &part, err) < 0)
			return -1;
		accrued[PART_INTEREST] += part;
		for (uint32_t k = 0; k < a->event_count; k++) {
			const struct loan_event *e = &a->events[k];

			if (e->kind == EVENT_CHARGE &&
			    e->charge.time != CHARGE_AT_DISBURSEMENT &&
			    e->charge.day <= a->today && e->charge.day > row->from &&
			    e->charge.day <= row->due && !account_reversed(a, e->id))
				accrued[account_charge_part(&e->charge)] +=
				    account_charge_amount(a, e);
		}
	}
	return 0;
}

bool
account_row_before(const struct loan_account *a, const struct account_row *row,
                   int32_t day)
{
	if (row->due != day)
		return row->due < day;
	return !row->down_payment && a->working.schedule == SCHEDULE_PROGRESSIVE;
}

/* What is lent before a row, and put back on it, and not yet due after it. */
static void
carry_balance(struct loan_account *a)
{
	const struct contract *c = &a->working;
	int64_t left = c->tranche_count == 0 ? c->principal : 0;
	uint32_t t = 0;

	for (uint32_t i = 0; i < a->row_count; i++) {
		struct account_row *row = &a->rows[i];

		for (; t < c->tranche_count &&
		       !account_row_before(a, row, c->tranches[t].day);
		     t++)
			left += c->tranches[t].amount;
		left += row->back - row->due_part[PART_PRINCIPAL];
		row->balance_after = left;
	}
}

int
account_add_up(struct loan_account *a, struct err *err)
{
	carry_balance(a);
	for (uint32_t i = 0; i < a->row_count; i++)
		add_row(a, &a->rows[i]);
	if (a->status == STATUS_CLOSED && a->total.outstanding_all > 0)
		a->status = STATUS_ACTIVE;
	if (a->status == STATUS_CLOSED && a->total.overpaid > 0)
		a->status = STATUS_OVERPAID;
	if (a->total.overpaid < 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "more refunded than was overpaid");
	return earn(a, err);
}
