#include "payments/core/decimal.h"

#define DIGITS_MAX INT64_C(1000000000000) /* 10^12 */
#define ALIGN_MAX  24                     /* 10^12 x 10^24 still fits 128 bits */

static wide
power_of_ten(int n)
{
	wide p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* value / divisor, to the nearest; a remainder beyond (sticky) breaks ties upward. */
static wide
divide(wide value, wide divisor, bool sticky)
{
	wide q = value / divisor;
	wide rest = value % divisor;
	wide twice;

	if (rest < 0)
		rest = -rest;
	twice = rest * 2;
	if (twice > divisor || (twice == divisor && (sticky || q % 2 != 0)))
		q += value < 0 ? -1 : 1;
	return q;
}

static struct decimal
rounded(wide value, int power, bool sticky)
{
	wide size = value < 0 ? -value : value;
	wide divisor = 1;
	int cut = 0;

	while (size / divisor >= DIGITS_MAX) {
		divisor *= 10;
		cut++;
	}
	if (cut > 0)
		value = divide(value, divisor, sticky);
	power += cut;
	if (value == DIGITS_MAX || value == -DIGITS_MAX) {
		value /= 10;
		power++;
	}
	return (struct decimal){ (int64_t)value, value == 0 ? 0 : power };
}

struct decimal
decimal_scaled(int64_t n, int power)
{
	return rounded(n, power, false);
}

struct decimal
decimal_of(int64_t n)
{
	return rounded(n, 0, false);
}

struct decimal
decimal_add(struct decimal a, struct decimal b)
{
	struct decimal low = a.power < b.power ? a : b;
	struct decimal high = a.power < b.power ? b : a;
	int apart = high.power - low.power;

	if (low.digits == 0)
		return high;
	if (high.digits == 0)
		return low;
	if (apart > ALIGN_MAX)
		return high; /* far below the last digit kept */
	return rounded(high.digits * power_of_ten(apart) + low.digits, low.power, false);
}

struct decimal
decimal_subtract(struct decimal a, struct decimal b)
{
	b.digits = -b.digits;
	return decimal_add(a, b);
}

struct decimal
decimal_times(struct decimal a, struct decimal b)
{
	return rounded((wide)a.digits * b.digits, a.power + b.power, false);
}

struct decimal
decimal_over(struct decimal a, struct decimal b)
{
	wide value = a.digits * power_of_ten(ALIGN_MAX);
	wide divisor = b.digits;

	if (divisor < 0) {
		divisor = -divisor;
		value = -value;
	}
	return rounded(value / divisor, a.power - b.power - ALIGN_MAX,
	               value % divisor != 0);
}

int
decimal_compare(struct decimal a, struct decimal b)
{
	struct decimal d = decimal_subtract(a, b);

	return d.digits < 0 ? -1 : d.digits > 0;
}

int
decimal_money(struct decimal a, int64_t multiple, int64_t *out, struct err *err)
{
	wide value = a.digits;
	wide divisor = multiple;

	if (a.power > 6 || (a.power > 0 && multiple > DIGITS_MAX))
		return err_set(err, ERR_OVERFLOW, FATE_NOT, "amount out of bounds");
	if (a.power > 0)
		value *= power_of_ten(a.power);
	else if (a.power < -ALIGN_MAX)
		value = 0;
	else
		divisor *= power_of_ten(-a.power);
	value = divide(value, divisor, false) * multiple;
	if (value > INT64_MAX || value < -INT64_MAX)
		return err_set(err, ERR_OVERFLOW, FATE_NOT, "amount out of bounds");
	*out = (int64_t)value;
	return 0;
}
