#include "payments/core/exact.h"

#include <string.h>

#define DIGITS_MAX   18
#define DECIMALS_MAX 12

static wide
size(wide n)
{
	return n < 0 ? -n : n;
}

static wide
common(wide a, wide b)
{
	while (b != 0) {
		wide rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static struct exact
lowest(wide num, wide den, bool failed)
{
	wide by;

	if (failed || den <= 0)
		return (struct exact){ 0, 1, true };
	by = common(size(num), den);
	return (struct exact){ num / by, den / by, false };
}

struct exact
exact_of(int64_t num, int64_t den)
{
	return lowest(num, den, false);
}

struct exact
exact_times(struct exact a, struct exact b)
{
	wide x = common(size(a.num), b.den), y = common(size(b.num), a.den);
	wide num = 0, den = 1;
	bool failed = a.failed | b.failed;

	x = x == 0 ? 1 : x;
	y = y == 0 ? 1 : y;
	failed |= __builtin_mul_overflow(a.num / x, b.num / y, &num);
	failed |= __builtin_mul_overflow(a.den / y, b.den / x, &den);
	return lowest(num, den, failed);
}

struct exact
exact_over(struct exact a, struct exact b)
{
	struct exact turned = { b.num < 0 ? -b.den : b.den, size(b.num), b.failed };

	if (b.num == 0)
		return (struct exact){ 0, 1, true };
	return exact_times(a, turned);
}

struct exact
exact_plus(struct exact a, struct exact b)
{
	wide by = common(a.den, b.den), left = 0, right = 0, num = 0, den = 1;
	bool failed = a.failed | b.failed;

	failed |= __builtin_mul_overflow(a.num, b.den / by, &left);
	failed |= __builtin_mul_overflow(b.num, a.den / by, &right);
	failed |= __builtin_add_overflow(left, right, &num);
	failed |= __builtin_mul_overflow(a.den / by, b.den, &den);
	return lowest(num, den, failed);
}

struct exact
exact_minus(struct exact a, struct exact b)
{
	b.num = -b.num;
	return exact_plus(a, b);
}

int
exact_compare(struct exact a, struct exact b)
{
	struct exact apart = exact_minus(a, b);

	return apart.num < 0 ? -1 : apart.num > 0;
}

static wide
power_of_ten(unsigned n)
{
	wide p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* |a| x 10^decimals as an integer; half to even, or cut. */
static bool
scaled(struct exact a, unsigned decimals, bool cut, wide *out)
{
	wide num = size(a.num), whole = num / a.den, rest = num % a.den, more;

	if (a.failed || decimals > DECIMALS_MAX ||
	    __builtin_mul_overflow(whole, power_of_ten(decimals), &whole) ||
	    __builtin_mul_overflow(rest, power_of_ten(decimals), &more) ||
	    more > more + a.den)
		return false;
	whole += more / a.den;
	rest = more % a.den;
	if (!cut && (rest > a.den - rest || (rest == a.den - rest && whole % 2 != 0)))
		whole++;
	*out = whole;
	return true;
}

struct exact
exact_cut(struct exact a, unsigned decimals)
{
	wide n = 0;
	bool fits = scaled(a, decimals, true, &n);

	return lowest(a.num < 0 ? -n : n, power_of_ten(decimals), !fits);
}

bool
exact_parse(const char *text, struct exact *out)
{
	int64_t num = 0, den = 1;
	unsigned digits = 0;
	bool point = false;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '.' && !point && digits > 0) {
			point = true;
			continue;
		}
		if (*p < '0' || *p > '9' || ++digits > DIGITS_MAX)
			return false;
		num = num * 10 + (*p - '0');
		den *= point ? 10 : 1;
	}
	*out = exact_of(num, den);
	return digits > 0 && text[strlen(text) - 1] != '.';
}

bool
exact_text(struct exact a, unsigned decimals, char out[EXACT_TEXT_SIZE])
{
	char turned[EXACT_TEXT_SIZE];
	unsigned n = 0, at = 0;
	wide value;

	if (!scaled(a, decimals, false, &value))
		return false;
	if (a.num < 0 && value != 0)
		out[at++] = '-';
	for (; value > 0 || n <= decimals; n++) {
		turned[n] = (char)('0' + (int)(value % 10));
		value /= 10;
	}
	while (n > 0) {
		out[at++] = turned[--n];
		if (n == decimals && decimals > 0)
			out[at++] = '.';
	}
	out[at] = '\0';
	return true;
}

int
exact_round(struct exact a, int64_t *out, struct err *err)
{
	wide value;

	if (!scaled(a, 0, false, &value) || value > INT64_MAX)
		return err_set(err, ERR_OVERFLOW, FATE_NOT, "amount out of bounds");
	*out = (int64_t)(a.num < 0 ? -value : value);
	return 0;
}
