#include "payments/core/loan.h"

#include "payments/core/money.h"

#define DAYS_PER_WEEK 7

/* Equal parts of an amount: what does not divide is left for the last row. */
static int64_t
part(int64_t amount, uint32_t rows)
{
	return amount / (int64_t)rows;
}

int
loan_terms(const struct loan_product *product, int64_t principal, uint32_t weeks,
           int32_t paid_out_day, struct loan_terms *out, struct err *err)
{
	if (principal <= 0 || principal > INT64_MAX / 4)
		return err_set(err, ERR_RANGE, FATE_NOT, "loan amount out of bounds");
	if (weeks < 1 || weeks > LOAN_ROWS_MAX || weeks < product->weeks_min ||
	    weeks > product->weeks_max)
		return err_set(err, ERR_RANGE, FATE_NOT, "loan term out of bounds");
	*out = (struct loan_terms){ .principal = principal, .weeks = weeks };
	if (money_part(principal, product->fee_bp, 10000, &out->fee, err) < 0 ||
	    money_add(principal, out->fee, &out->total, err) < 0)
		return -1;
	out->instalment = part(principal, weeks) + part(out->fee, weeks);
	loan_shift(out, paid_out_day + (int32_t)product->first_due_days);
	return 0;
}

void
loan_shift(struct loan_terms *terms, int32_t first_due_day)
{
	terms->first_due_day = first_due_day;
	terms->last_due_day = first_due_day + (int32_t)(terms->weeks - 1) * DAYS_PER_WEEK;
}

int
loan_schedule(const struct loan_terms *terms, struct loan_schedule *out, struct err *err)
{
	int64_t principal = terms->principal;
	int64_t fee = terms->fee;

	if (terms->weeks < 1 || terms->weeks > LOAN_ROWS_MAX)
		return err_set(err, ERR_RANGE, FATE_NOT, "loan term out of bounds");
	if (principal <= 0 || fee < 0 || principal + fee != terms->total)
		return err_set(err, ERR_RANGE, FATE_NOT, "loan terms do not add up");
	*out = (struct loan_schedule){ .rows = terms->weeks };
	for (uint32_t i = 0; i < terms->weeks; i++) {
		bool last = i + 1 == terms->weeks;
		struct loan_row *row = &out->at[i];

		row->due_day = terms->first_due_day + (int32_t)i * DAYS_PER_WEEK;
		row->principal = last ? principal : part(terms->principal, terms->weeks);
		row->fee = last ? fee : part(terms->fee, terms->weeks);
		principal -= row->principal;
		fee -= row->fee;
	}
	return 0;
}
