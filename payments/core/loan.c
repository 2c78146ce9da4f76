#include "payments/core/loan.h"

#include "payments/core/money.h"

#include <string.h>

#define BUYOUT  "buyout"
#define CASHOUT "cashout"
#define BP      10000

void
loan_paid_out_on(struct contract *c, int32_t day, uint32_t first_due_days)
{
	c->start = day;
	c->first_due = first_due_days == 0 ? 0 : day + (int32_t)first_due_days;
}

struct limit_rule
limit_rule_usual(int64_t amount_max)
{
	return (struct limit_rule){ .first = amount_max / 2,
		                    .per_loan = amount_max / 4,
		                    .sales_permille = 1000,
		                    .sales_weeks = 13 };
}

bool
loan_term_fits(const struct loan_product *product, uint32_t instalments)
{
	if (instalments < 1 || instalments > INSTALMENTS_MAX ||
	    instalments < product->terms_min || instalments > product->terms_max)
		return false;
	for (uint32_t i = 0; i < product->choices; i++)
		if (product->choice[i] == instalments)
			return true;
	return product->choices == 0;
}

int
loan_contract(const struct loan_product *product, int64_t principal, uint32_t instalments,
              int32_t paid_out_day, struct contract *out, struct err *err)
{
	if (principal <= 0 || principal > INT64_MAX / 4)
		return err_set(err, ERR_RANGE, FATE_NOT, "loan amount out of bounds");
	if (!loan_term_fits(product, instalments))
		return err_set(err, ERR_RANGE, FATE_NOT, "loan term out of bounds");
	*out = product->contract;
	out->principal = principal;
	out->instalments = instalments;
	loan_paid_out_on(out, paid_out_day, product->first_due_days);
	return 0;
}

static int64_t
row_total(const struct instalment *row)
{
	return row->principal + row->interest + row->fee + row->penalty;
}

int
loan_terms(const struct contract *c, struct schedule *work, struct loan_terms *out,
           struct err *err)
{
	if (schedule_make(c, work, err) < 0)
		return -1;
	if (work->count == 0)
		return err_set(err, ERR_RANGE, FATE_NOT, "a loan without instalments");
	*out = (struct loan_terms){
		.principal = work->principal,
		.fee = work->interest + work->fee + work->penalty +
		       work->paid_at_disbursement,
		.instalments = work->count,
		.every = c->every,
		.every_unit = c->every_unit,
		.first_due_day = work->at[0].due,
		.last_due_day = work->at[work->count - 1].due,
	};
	out->total = out->principal + out->fee;
	for (uint32_t i = 0; i < work->count; i++)
		if (row_total(&work->at[i]) > out->instalment &&
		    (i + 1 < work->count || work->count == 1))
			out->instalment = row_total(&work->at[i]);
	return schedule_apr(c, work, &out->apr_bp, err);
}

int
lease_price(int64_t price, uint32_t deposit_bp, uint32_t buyout_bp,
            struct lease_price *out, struct err *err)
{
	if (price <= 0 || price > INT64_MAX / 4)
		return err_set(err, ERR_RANGE, FATE_NOT, "price out of bounds");
	*out = (struct lease_price){ .price = price };
	if (money_part(price, deposit_bp, BP, &out->deposit, err) < 0 ||
	    money_part(price, buyout_bp, BP, &out->buyout, err) < 0)
		return -1;
	out->principal = price - out->deposit;
	return 0;
}

static struct charge *
charge_of(struct contract *c, const char *code)
{
	for (uint32_t i = 0; i < c->charge_count; i++)
		if (strcmp(c->charges[i].code, code) == 0)
			return &c->charges[i];
	return NULL;
}

/* The fee of that code, made if there is an amount; on the first day for now: inside the
 * term, whatever it was before.  NULL with *err, or with nothing to do. */
static struct charge *
fee_on_day(struct contract *c, const char *code, int64_t amount, struct err *err)
{
	struct charge *fee = charge_of(c, code);

	if (fee == NULL && amount == 0)
		return NULL;
	if (fee == NULL) {
		if (c->charge_count == CHARGES_MAX) {
			err_set(err, ERR_RANGE, FATE_NOT, "too many charges");
			return NULL;
		}
		fee = &c->charges[c->charge_count++];
		*fee = (struct charge){ .time = CHARGE_ON_DAY,
			                .base = CHARGE_FLAT,
			                .amount = amount };
		memcpy(fee->code, code, strlen(code) + 1);
	}
	fee->day = c->start;
	return fee;
}

int
lease_buyout(struct contract *c, int64_t amount, struct schedule *work, struct err *err)
{
	struct charge *buyout = fee_on_day(c, BUYOUT, amount, err);

	if (buyout == NULL)
		return amount == 0 ? 0 : -1;
	if (schedule_make(c, work, err) < 0)
		return -1;
	buyout->day = work->at[work->count - 1].due;
	return 0;
}

int
loan_cashout(struct contract *c, int64_t amount, struct schedule *work, struct err *err)
{
	struct charge *fee;

	if (c->cashout == CASHOUT_NONE || amount == 0)
		return 0;
	c->cashout_amount = amount;
	if (c->cashout == CASHOUT_COOPERATIVE)
		return 0;
	fee = fee_on_day(c, CASHOUT, amount, err);
	if (fee == NULL || schedule_make(c, work, err) < 0)
		return -1;
	fee->day = work->at[0].due;
	return 0;
}
