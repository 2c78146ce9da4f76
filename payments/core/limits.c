#include "payments/core/limits.h"

#include "payments/core/money.h"

#include <string.h>

#define WHOLE 1000 /* permille */

/* Far over any amount, and far from wrapping when five of them are added. */
static int64_t
line(wide amount)
{
	const wide most = INT64_MAX / 8;

	return (int64_t)(amount > most ? most : amount < -most ? -most : amount);
}

void
limit_why(const struct loan_product *product, const struct borrower *b,
          struct limit_why *out)
{
	const struct limit_rule *rule = &product->limit;
	int64_t sales = b->sales > 0 ? b->sales : 0, sum;

	*out = (struct limit_why){
		.first = line(rule->first),
		.loans = line((wide)rule->per_loan * b->loans_closed),
		.sales = line((wide)sales * rule->sales_permille / WHOLE),
		.late = line(-(wide)rule->per_late * b->late),
	};
	sum = out->first + out->loans + out->sales + out->late;
	out->limit = sum < 0 ? 0 : sum > product->amount_max ? product->amount_max : sum;
	out->cut = out->limit - sum;
}

int64_t
limit_loan(const struct loan_product *product, const struct borrower *b)
{
	struct limit_why why;

	limit_why(product, b, &why);
	return b->has_loan ? 0 : why.limit;
}

enum limit_answer
limit_check(const struct loan_product *product, const struct borrower *b, int64_t amount)
{
	if (b->has_loan)
		return LIMIT_HAS_LOAN;
	if (amount < product->amount_min)
		return LIMIT_MINIMUM;
	return amount > limit_loan(product, b) ? LIMIT_OVER : LIMIT_OK;
}

bool
limit_needs_second(const struct loan_product *product, int64_t amount)
{
	return amount > product->second_above;
}

/* Does every digit follow the one before it by `step`? */
static bool
steps_by(const char *pin, size_t n, int step)
{
	for (size_t i = 1; i < n; i++)
		if (pin[i] - pin[i - 1] != step)
			return false;
	return true;
}

static bool
reads_as_year(const char *pin, size_t n)
{
	if (n != 4)
		return false;
	return memcmp(pin, "19", 2) == 0 || (memcmp(pin, "20", 2) == 0 && pin[2] <= '2');
}

enum pin_answer
pin_judge(const char *pin)
{
	size_t n = strlen(pin);

	if (n < 4 || n > 6)
		return PIN_NOT_DIGITS;
	for (size_t i = 0; i < n; i++)
		if (pin[i] < '0' || pin[i] > '9')
			return PIN_NOT_DIGITS;
	if (steps_by(pin, n, 0) || steps_by(pin, n, 1) || steps_by(pin, n, -1))
		return PIN_WEAK;
	if (n % 2 == 0 && memcmp(pin, pin + n / 2, n / 2) == 0)
		return PIN_WEAK;
	return reads_as_year(pin, n) ? PIN_WEAK : PIN_FINE;
}
