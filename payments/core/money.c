#include "payments/core/money.h"

struct ratio
ratio_of(int64_t num, int64_t den)
{
	return (struct ratio){ num, den, den <= 0 };
}

static wide
gcd(wide a, wide b)
{
	if (a < 0)
		a = -a;
	while (b != 0) {
		wide rest = a % b;

		a = b;
		b = rest;
	}
	return a == 0 ? 1 : a;
}

static void
reduce(wide *a, wide *b)
{
	wide common = gcd(*a, *b);

	*a /= common;
	*b /= common;
}

void
ratio_times(struct ratio *r, int64_t num, int64_t den)
{
	wide n = num;
	wide d = den;

	if (r->failed || den <= 0) {
		r->failed = true;
		return;
	}
	/* crosswise first: keeps the numbers as small as they can be */
	reduce(&r->num, &d);
	reduce(&n, &r->den);
	if (__builtin_mul_overflow(r->num, n, &r->num) ||
	    __builtin_mul_overflow(r->den, d, &r->den))
		r->failed = true;
}

int
ratio_round(const struct ratio *r, int64_t *out, struct err *err)
{
	wide whole, rest, twice;

	if (r->failed)
		return err_set(err, ERR_OVERFLOW, FATE_NOT, "fraction too large");
	whole = r->num / r->den;
	rest = r->num % r->den;
	if (rest < 0)
		rest = -rest;
	if (__builtin_mul_overflow(rest, (wide)2, &twice))
		return err_set(err, ERR_OVERFLOW, FATE_NOT, "fraction too large");
	if (twice > r->den || (twice == r->den && whole % 2 != 0))
		whole += r->num < 0 ? -1 : 1;
	if (whole > INT64_MAX || whole < INT64_MIN)
		return err_set(err, ERR_OVERFLOW, FATE_NOT, "amount too large");
	*out = (int64_t)whole;
	return 0;
}

int
money_part(int64_t a, int64_t num, int64_t den, int64_t *out, struct err *err)
{
	struct ratio r = ratio_of(a, 1);

	ratio_times(&r, num, den);
	return ratio_round(&r, out, err);
}

int
money_add(int64_t a, int64_t b, int64_t *out, struct err *err)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return err_set(err, ERR_OVERFLOW, FATE_NOT, "sum too large");
	*out = sum;
	return 0;
}

void
money_text(struct buf *out, int64_t minor, unsigned exponent)
{
	static const uint64_t scales[] = { 1, 10, 100, 1000, 10000 };
	uint64_t scale = scales[exponent > 4 ? 4 : exponent];
	uint64_t size = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;

	if (minor < 0)
		buf_putc(out, '-');
	buf_printf(out, "%llu", (unsigned long long)(size / scale));
	if (exponent > 0)
		buf_printf(out, ".%0*llu", (int)(exponent > 4 ? 4 : exponent),
		           (unsigned long long)(size % scale));
}
