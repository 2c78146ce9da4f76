#include "payments/core/split.h"

#include "payments/core/money.h"

/* The largest remainder that has got no unit yet. */
static unsigned
largest(const wide *remainder, unsigned n)
{
	unsigned best = 0;

	for (unsigned i = 1; i < n; i++)
		if (remainder[i] > remainder[best])
			best = i;
	return best;
}

int
split_pot(int64_t pot, const int64_t *weight, unsigned n, int64_t *share, struct err *err)
{
	wide remainder[SPLIT_MAX], sum = 0;
	int64_t left = pot;

	if (pot < 0 || n > SPLIT_MAX)
		return err_set(err, ERR_RANGE, FATE_NOT, "cannot be split");
	for (unsigned i = 0; i < n; i++) {
		if (weight[i] < 0)
			return err_set(err, ERR_RANGE, FATE_NOT, "a weight under 0");
		sum += weight[i];
		share[i] = 0;
	}
	if (sum == 0)
		return pot == 0 ? 0
		                : err_set(err, ERR_RANGE, FATE_NOT, "nobody to share");
	for (unsigned i = 0; i < n; i++) {
		share[i] = (int64_t)((wide)pot * weight[i] / sum);
		remainder[i] = (wide)pot * weight[i] % sum;
		left -= share[i];
	}
	for (; left > 0; left--) {
		unsigned i = largest(remainder, n);

		share[i]++;
		remainder[i] = -1;
	}
	return 0;
}
