#include "payments/core/allocate.h"

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static bool
row_sound(const struct loan_row *row)
{
	return row->principal_paid >= 0 && row->principal_paid <= row->principal &&
	       row->fee_paid >= 0 && row->fee_paid <= row->fee;
}

static enum allocate_class
class_of(const struct loan_row *row, int32_t today)
{
	if (row->due_day < today)
		return ALLOCATE_PAST_DUE;
	return row->due_day == today ? ALLOCATE_DUE : ALLOCATE_ADVANCE;
}

static int64_t
unpaid(const struct loan_row *row)
{
	return row->principal - row->principal_paid + row->fee - row->fee_paid;
}

int
allocate(struct loan_schedule *schedule, int64_t amount, int32_t today,
         struct allocation *out, struct err *err)
{
	if (amount < 0 || schedule->rows > LOAN_ROWS_MAX)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "amount to allocate out of bounds");
	for (uint32_t i = 0; i < schedule->rows; i++)
		if (!row_sound(&schedule->at[i]))
			return err_set(err, ERR_RANGE, FATE_NOT,
			               "loan row paid beyond itself");
	*out = (struct allocation){ .over = amount, .closes = true };
	/* rows stand in order of their due day, which is the order of the classes too */
	for (uint32_t i = 0; i < schedule->rows; i++) {
		struct loan_row *row = &schedule->at[i];
		int64_t fee = least(out->over, row->fee - row->fee_paid);
		int64_t principal =
		    least(out->over - fee, row->principal - row->principal_paid);

		if (fee + principal > 0) {
			if (out->rows_changed++ == 0)
				out->first_changed = i;
			out->last_changed = i;
		}
		row->fee_paid += fee;
		row->principal_paid += principal;
		out->fee += fee;
		out->principal += principal;
		out->by_class[class_of(row, today)] += fee + principal;
		out->over -= fee + principal;
		if (unpaid(row) > 0)
			out->closes = false;
	}
	return 0;
}

void
loan_standing(const struct loan_schedule *schedule, int32_t today,
              struct loan_standing *out)
{
	*out = (struct loan_standing){ 0 };
	for (uint32_t i = 0; i < schedule->rows && i < LOAN_ROWS_MAX; i++) {
		const struct loan_row *row = &schedule->at[i];
		int64_t open = unpaid(row);

		if (open == 0)
			continue;
		out->owed_fee += row->fee - row->fee_paid;
		out->owed_principal += row->principal - row->principal_paid;
		out->owed += open;
		if (row->due_day < today)
			out->past_due += open;
		if (out->next_due_day == 0 || out->next_due_day < today) {
			out->next_due_day = row->due_day;
			out->next_due = open;
		}
	}
}
