#include "payments/core/apr.h"

#include "payments/core/day.h"
#include "payments/core/schedule_parts.h"

#define STEPS_MAX     90
#define RATE_MAX      decimal_of(1000)         /* of a unit period: 100,000 % */
#define RATE_MIN      decimal_scaled(-999, -3) /* nearly nothing comes back   */
#define STOP_AT       12 /* differences below 10^-STOP_AT change no printed digit */
#define UNIT_MONTH    30
#define DAYS_PER_WEEK 7

static struct decimal
worth(const struct apr_flow *f, struct decimal rate)
{
	struct decimal one = decimal_of(1);
	struct decimal v = decimal_over(one, decimal_add(one, rate));
	struct decimal discount = one, sum = decimal_of(0), base = v;
	struct decimal odd =
	    decimal_over(decimal_times(rate, decimal_of(f->odd)), decimal_of(f->odd_of));

	for (uint32_t n = f->t; n > 0; n >>= 1) {
		if (n & 1)
			discount = decimal_times(discount, base);
		base = decimal_times(base, base);
	}
	for (uint32_t k = 0; k < f->count; k++) {
		sum = decimal_add(sum, discount);
		discount = decimal_times(discount, v);
	}
	sum = decimal_times(sum, decimal_of(f->amount));
	return decimal_over(sum, decimal_add(one, odd));
}

/* Lent less paid back, both as worth at that rate: grows with the rate. */
static struct decimal
gap(const struct apr_flow *flows, uint32_t count, struct decimal rate)
{
	struct decimal sum = decimal_of(0);

	for (uint32_t i = 0; i < count; i++) {
		struct decimal w = worth(&flows[i], rate);

		sum = flows[i].advance ? decimal_add(sum, w) : decimal_subtract(sum, w);
	}
	return sum;
}

static bool
settled(struct decimal low, struct decimal high)
{
	struct decimal apart = decimal_subtract(high, low);

	return decimal_compare(apart, decimal_scaled(1, -STOP_AT)) <= 0;
}

static struct decimal
halved(struct decimal d)
{
	return decimal_over(d, decimal_of(2));
}

/* Where the line between the ends' worths meets zero; their middle if that is outside. */
static struct decimal
crossing(struct decimal low, struct decimal high, struct decimal above,
         struct decimal spread)
{
	struct decimal span = decimal_subtract(high, low);
	struct decimal at =
	    decimal_subtract(high, decimal_over(decimal_times(above, span), spread));

	if (decimal_compare(at, low) <= 0 || decimal_compare(at, high) >= 0)
		return halved(decimal_add(low, high));
	return at;
}

/* Narrows [low, high] around the rate by false position; the worth of an end that stays
 * is halved, so that both ends move. */
static void
close_in(const struct apr_flow *flows, uint32_t count, struct decimal *low,
         struct decimal *high)
{
	struct decimal below = gap(flows, count, *low), above = gap(flows, count, *high);
	struct decimal middle, at;
	int side = 0;

	for (int i = 0; i < STEPS_MAX && !settled(*low, *high); i++) {
		struct decimal spread = decimal_subtract(above, below);

		if (spread.digits == 0)
			return;
		middle = crossing(*low, *high, above, spread);
		at = gap(flows, count, middle);
		if (at.digits < 0) {
			*low = middle;
			below = at;
			above = side < 0 ? halved(above) : above;
			side = -1;
		} else {
			*high = middle;
			above = at;
			below = side > 0 ? halved(below) : below;
			side = at.digits == 0 ? 0 : 1;
			*low = at.digits == 0 ? middle : *low;
		}
	}
}

int
apr_actuarial(const struct apr_flow *flows, uint32_t count, int64_t units,
              int64_t units_of, int64_t *out_bp, struct err *err)
{
	struct decimal low = decimal_of(0), high = decimal_scaled(1, -2), middle;
	struct decimal two = decimal_of(2);
	struct decimal flat = gap(flows, count, low);

	if (flat.digits > 0) { /* less comes back than was lent */
		low = RATE_MIN;
		high = decimal_of(0);
	}
	while (flat.digits < 0 && gap(flows, count, high).digits < 0) {
		low = high;
		high = decimal_times(high, two);
		if (decimal_compare(high, RATE_MAX) > 0)
			return err_set(err, ERR_RANGE, FATE_NOT,
			               "no rate makes what is paid worth what was lent");
	}
	if (flat.digits == 0)
		high = low;
	close_in(flows, count, &low, &high);
	middle = decimal_over(decimal_add(low, high), two);
	middle =
	    decimal_times(decimal_times(middle, decimal_of(units)), decimal_of(10000));
	return decimal_money(decimal_over(middle, decimal_of(units_of)), 1, out_bp, err);
}

/* Unit periods from `start` to `day`, counted back from the payment. */
static void
time_of(const struct contract *c, int32_t day, struct apr_flow *f)
{
	int32_t unit =
	    (int32_t)c->every * (c->every_unit == EVERY_WEEKS ? DAYS_PER_WEEK : 1);
	int32_t span = day - c->start;

	f->count = 1;
	if (c->every_unit != EVERY_MONTHS) {
		f->t = (uint32_t)(span / unit);
		f->odd = span % unit;
		f->odd_of = unit;
		return;
	}
	f->t = (uint32_t)(span / (31 * (int32_t)c->every));
	f->odd = 0;
	f->odd_of = (int64_t)UNIT_MONTH * c->every;
	for (uint32_t k = f->t; k <= f->t + 2 + f->t / 8; k++)
		if (period_after(c, c->start, k) == day) { /* month ends included */
			f->t = k;
			return;
		}
	while (day_add_months(day, -(int)((f->t + 1) * c->every)) >= c->start)
		f->t++;
	f->odd = day_add_months(day, -(int)(f->t * c->every)) - c->start;
}

int
schedule_apr(const struct contract *c, const struct schedule *s, int64_t *out_bp,
             struct err *err)
{
	static const int64_t in_year[] = {
		[EVERY_DAYS] = 365, [EVERY_WEEKS] = 52, [EVERY_MONTHS] = 12
	};
	struct apr_flow flows[INSTALMENTS_MAX + TRANCHES_MAX + 2];
	uint32_t n = 0;

	if (c->tranche_count == 0)
		flows[n++] = (struct apr_flow){
			.amount = c->principal, .advance = true, .count = 1, .odd_of = 1
		};
	for (uint32_t i = 0; i < c->tranche_count; i++) {
		flows[n] =
		    (struct apr_flow){ .amount = c->tranches[i].amount, .advance = true };
		time_of(c, c->tranches[i].day, &flows[n++]);
	}
	flows[n++] = (struct apr_flow){ .amount = s->paid_at_disbursement,
		                        .count = 1,
		                        .odd_of = 1 };
	for (uint32_t i = 0; i < s->count; i++) {
		const struct instalment *row = &s->at[i];

		flows[n] = (struct apr_flow){ .amount = row->principal + row->interest +
			                                row->fee + row->penalty };
		time_of(c, row->due, &flows[n++]);
	}
	return apr_actuarial(flows, n, in_year[c->every_unit], c->every, out_bp, err);
}
