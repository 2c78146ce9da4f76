#include "payments/core/tariff.h"

#define BP 10000

bool
tariff_check(const struct tariff *t)
{
	int64_t before = 0;

	if (t->count > TARIFF_BANDS_MAX)
		return false;
	for (unsigned i = 0; i < t->count; i++) {
		const struct tariff_band *b = &t->band[i];
		bool open = b->up_to == 0;

		if (open ? i + 1 < t->count
		         : b->up_to <= before || b->up_to > TARIFF_AMOUNT_MAX)
			return false;
		if (b->fixed < 0 || b->fixed > TARIFF_AMOUNT_MAX || b->most < 0 ||
		    b->most > TARIFF_AMOUNT_MAX || b->share_bp > BP)
			return false;
		before = b->up_to;
	}
	return true;
}

/* Rounded up; by quotient and rest, so that nothing overflows. */
static int64_t
share(int64_t amount, uint32_t bp)
{
	return amount / BP * bp + (amount % BP * bp + BP - 1) / BP;
}

static int64_t
fee_in(const struct tariff_band *b, int64_t amount)
{
	int64_t fee = b->fixed + share(amount, b->share_bp);

	return b->most > 0 && fee > b->most ? b->most : fee;
}

bool
tariff_fee(const struct tariff *t, int64_t amount, int64_t *fee)
{
	*fee = 0;
	if (amount <= 0 || amount > TARIFF_AMOUNT_MAX)
		return false;
	for (unsigned i = 0; i < t->count; i++)
		if (t->band[i].up_to == 0 || amount <= t->band[i].up_to) {
			*fee = fee_in(&t->band[i], amount);
			return true;
		}
	return false;
}

/* What is left of an amount never falls as the amount grows within one band: a unit more
 * costs at most a unit more.  So the least is found by halving; 0: none in this band. */
static int64_t
least_in(const struct tariff_band *b, int64_t from, int64_t to, int64_t net)
{
	if (to - fee_in(b, to) < net)
		return 0;
	while (from < to) {
		int64_t middle = from + (to - from) / 2;

		if (middle - fee_in(b, middle) >= net)
			to = middle;
		else
			from = middle + 1;
	}
	return to;
}

bool
tariff_gross(const struct tariff *t, int64_t net, int64_t *gross)
{
	int64_t from = 1;

	*gross = 0;
	if (net <= 0 || net > TARIFF_AMOUNT_MAX)
		return false;
	for (unsigned i = 0; i < t->count && *gross == 0; i++) {
		const struct tariff_band *b = &t->band[i];
		int64_t to = b->up_to == 0 ? TARIFF_AMOUNT_MAX : b->up_to;

		*gross = least_in(b, from, to, net);
		from = to + 1;
	}
	return *gross > 0;
}
