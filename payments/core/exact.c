#include "payments/core/exact.h"

#include <string.h>

#define DECIMALS_MAX 12

static struct exact
failure(void)
{
	return (struct exact){ .den = big_of(1), .failed = true };
}

static struct exact
lowest(struct big num, struct big den, bool negative)
{
	struct big by = big_common(num, den);

	return (struct exact){ .num = big_over(&num, &by, NULL),
		               .den = big_over(&den, &by, NULL),
		               .negative = negative && !big_zero(&num) };
}

struct exact
exact_of(int64_t num, int64_t den)
{
	uint64_t size = num < 0 ? 0 - (uint64_t)num : (uint64_t)num;

	if (den <= 0)
		return failure();
	return lowest(big_of(size), big_of((uint64_t)den), num < 0);
}

/* Common factors go first: the products then fit whenever the result does. */
struct exact
exact_times(struct exact a, struct exact b)
{
	struct big x, y, num, den, left, right;

	if (a.failed || b.failed)
		return failure();
	x = big_common(a.num, b.den);
	y = big_common(b.num, a.den);
	left = big_over(&a.num, &x, NULL);
	right = big_over(&b.num, &y, NULL);
	if (!big_times(&left, &right, &num))
		return failure();
	left = big_over(&a.den, &y, NULL);
	right = big_over(&b.den, &x, NULL);
	if (!big_times(&left, &right, &den))
		return failure();
	return lowest(num, den, a.negative != b.negative);
}

struct exact
exact_over(struct exact a, struct exact b)
{
	struct exact turned = { .num = b.den, .den = b.num, .negative = b.negative };

	if (b.failed || big_zero(&b.num))
		return failure();
	return exact_times(a, turned);
}

struct exact
exact_plus(struct exact a, struct exact b)
{
	struct big by, left, right, num, den;
	bool negative = a.negative;

	if (a.failed || b.failed)
		return failure();
	by = big_common(a.den, b.den);
	left = big_over(&b.den, &by, NULL);
	right = big_over(&a.den, &by, NULL);
	if (!big_times(&left, &a.den, &den) || !big_times(&left, &a.num, &left) ||
	    !big_times(&right, &b.num, &right))
		return failure();
	if (a.negative == b.negative) {
		if (!big_plus(&left, &right, &num))
			return failure();
	} else if (big_compare(&left, &right) >= 0) {
		num = big_minus(&left, &right);
	} else {
		num = big_minus(&right, &left);
		negative = b.negative;
	}
	return lowest(num, den, negative);
}

struct exact
exact_minus(struct exact a, struct exact b)
{
	b.negative = !b.negative && !big_zero(&b.num);
	return exact_plus(a, b);
}

enum exact_order
exact_compare(struct exact a, struct exact b)
{
	struct exact apart = exact_minus(a, b);

	if (apart.failed)
		return EXACT_UNKNOWN;
	if (big_zero(&apart.num))
		return EXACT_EQUAL;
	return apart.negative ? EXACT_LESS : EXACT_MORE;
}

bool
exact_below(struct exact a, struct exact b)
{
	return exact_compare(a, b) == EXACT_LESS;
}

bool
exact_above(struct exact a, struct exact b)
{
	return exact_compare(a, b) == EXACT_MORE;
}

bool
exact_over_zero(struct exact a)
{
	return !a.failed && !a.negative && !big_zero(&a.num);
}

bool
exact_under_zero(struct exact a)
{
	return !a.failed && a.negative;
}

static uint64_t
power_of_ten(unsigned n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* |a| x 10^decimals as a whole number; half to even, or cut. */
static bool
scaled(struct exact a, unsigned decimals, bool cut, struct big *out)
{
	struct big by, one = big_of(1), rest, other;
	int half;

	if (a.failed || decimals > DECIMALS_MAX)
		return false;
	by = big_of(power_of_ten(decimals));
	if (!big_times(&a.num, &by, &by))
		return false;
	*out = big_over(&by, &a.den, &rest);
	other = big_minus(&a.den, &rest);
	half = big_compare(&rest, &other);
	if (!cut && (half > 0 || (half == 0 && big_odd(out))))
		return big_plus(out, &one, out);
	return true;
}

struct exact
exact_cut(struct exact a, unsigned decimals)
{
	struct big n;

	if (!scaled(a, decimals, true, &n))
		return failure();
	return lowest(n, big_of(power_of_ten(decimals)), a.negative);
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
		if (*p < '0' || *p > '9' || ++digits > EXACT_DIGITS_MAX)
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
	struct big value, ten = big_of(10), digit;
	unsigned n = 0, at = 0;

	if (!scaled(a, decimals, false, &value))
		return false;
	if (a.negative && !big_zero(&value))
		out[at++] = '-';
	for (; !big_zero(&value) || n <= decimals; n++) {
		value = big_over(&value, &ten, &digit);
		turned[n] = (char)('0' + (int)digit.limb[0]);
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
	struct big value;
	int64_t n;

	if (!scaled(a, 0, false, &value) || !big_i64(&value, &n))
		return err_set(err, ERR_OVERFLOW, FATE_NOT, "amount out of bounds");
	*out = a.negative ? -n : n;
	return 0;
}
