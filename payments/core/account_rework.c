/*
 * account_rework - principal that is late, or all of it, moved to other instalments.
 *
 *   re-amortise  what is due by the day and not paid goes to the rows due later: each the
 *                same share, to the instalment multiple, the last one the rest
 *   re-age       all that is owed goes to new rows from a day on: each the same share,
 * the last one the rest
 *
 * Interest, fees and penalties stay where they are; a row that becomes done is so that
 * day.  Of loans without interest: the shares of others follow a new annuity.
 */
#include "payments/core/account_parts.h"
#include "payments/core/schedule_parts.h"

const char *
account_rework_uncovered(const struct loan_account *a)
{
	for (uint32_t i = 0; i < a->event_count; i++) {
		const struct loan_event *e = &a->events[i];

		if ((e->kind != EVENT_REAGE && e->kind != EVENT_REAMORTISE) ||
		    account_reversed(a, e->id))
			continue;
		if (a->contract.rate > 0)
			return "rate: with interest nothing is re-amortised or re-aged";
		if (e->kind == EVENT_REAGE &&
		    e->from <= a->plan.at[a->plan.count - 1].due)
			return "start: must be after the last instalment's due day";
		if (e->kind == EVENT_REAGE &&
		    a->row_count + (uint32_t)e->amount > INSTALMENTS_MAX)
			return "instalments: too many";
	}
	return NULL;
}

/* Takes the row's open principal away. */
static int64_t
empty(struct account_row *row, int32_t day)
{
	int64_t open = account_row_owed(row, PART_PRINCIPAL);

	if (open <= 0)
		return 0;
	row->due_part[PART_PRINCIPAL] -= open;
	if (account_row_done(row))
		row->paid_day = day;
	return open;
}

static int
share_of(int64_t sum, int64_t rows, int64_t multiple, int64_t *out, struct err *err)
{
	return decimal_money(decimal_over(decimal_of(sum), decimal_of(rows)), multiple,
	                     out, err);
}

static bool
takes_more(const struct account_row *row, int32_t day)
{
	return row->due > day && !row->down_payment && !row->additional;
}

int
account_reamortise(struct loan_account *a, const struct loan_event *e, int64_t *moved,
                   struct err *err)
{
	const struct contract *c = &a->working;
	int64_t multiple = money_unit(c), share, rows = 0;

	*moved = 0;
	for (uint32_t i = 0; i < a->row_count; i++)
		rows += takes_more(&a->rows[i], e->day);
	if (rows == 0)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "no instalment falls due after that day");
	for (uint32_t i = 0; i < a->row_count; i++)
		if (a->rows[i].due <= e->day)
			*moved += empty(&a->rows[i], e->day);
	if (multiple < c->instalment_multiple)
		multiple = c->instalment_multiple;
	if (share_of(*moved, rows, multiple, &share, err) < 0)
		return -1;
	for (uint32_t i = 0, n = 0; i < a->row_count; i++) {
		struct account_row *row = &a->rows[i];

		if (!takes_more(row, e->day))
			continue;
		n++;
		row->due_part[PART_PRINCIPAL] +=
		    n == rows ? *moved - share * (rows - 1) : share;
		if (!account_row_done(row))
			row->paid_day = 0;
	}
	return 0;
}

static void
sort_rows(struct loan_account *a)
{
	for (uint32_t i = 1; i < a->row_count; i++) {
		struct account_row row = a->rows[i];
		uint32_t at = i;

		for (; at > 0 && a->rows[at - 1].due > row.due; at--)
			a->rows[at] = a->rows[at - 1];
		a->rows[at] = row;
	}
	for (uint32_t i = 0; i < a->row_count; i++)
		a->rows[i].nr = i + 1;
}

int
account_reage(struct loan_account *a, const struct loan_event *e, int64_t *moved,
              struct err *err)
{
	struct contract pace = { .every = e->every, .every_unit = e->every_unit };
	int32_t from = a->rows[a->row_count - 1].due;
	int64_t share;

	*moved = 0;
	for (uint32_t i = 0; i < a->row_count; i++)
		*moved += empty(&a->rows[i], e->day);
	if (share_of(*moved, e->amount, money_unit(&a->working), &share, err) < 0)
		return -1;
	for (uint32_t k = 0; k < (uint32_t)e->amount; k++) {
		struct account_row *row = &a->rows[a->row_count++];

		*row = (struct account_row){ .from = from,
			                     .due = period_after(&pace, e->from, k) };
		row->due_part[PART_PRINCIPAL] =
		    k + 1 == (uint32_t)e->amount
		        ? *moved - share * (int64_t)(e->amount - 1)
		        : share;
		from = row->due;
	}
	sort_rows(a);
	return 0;
}
