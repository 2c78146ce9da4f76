/*
 * tariff - what a provider charges for an amount: bands, as providers print them.
 *
 * Pure.  Money in minor units, shares in hundredths of a percent.
 *
 * The band of an amount is the first that reaches up to it; its fee is the fixed part and
 * the share together, the share rounded up to a whole unit, never over `most`.  A tariff
 * without bands, or an amount above the last one, is not known: no fee is made up.
 */
#ifndef PAYMENTS_CORE_TARIFF_H
#define PAYMENTS_CORE_TARIFF_H

#include <stdbool.h>
#include <stdint.h>

#define TARIFF_BANDS_MAX  32
#define TARIFF_AMOUNT_MAX INT64_C(1000000000000000)

struct tariff_band {
	int64_t up_to; /* the last amount of the band; 0: no end, the last band */
	int64_t fixed;
	uint32_t share_bp; /* of the amount, 0..10000 */
	int64_t most;      /* 0: no cap */
};

struct tariff {
	unsigned count; /* 0: not known */
	struct tariff_band band[TARIFF_BANDS_MAX];
};

/* Ends rise, only the last is open, amounts and shares are in their bounds. */
bool tariff_check(const struct tariff *t);
/* False: not known for this amount; *fee is then 0. */
bool tariff_fee(const struct tariff *t, int64_t amount, int64_t *fee);
/* The least amount of which at least `net` is left when its fee is taken off.  Where the
 * fee steps up, adding the fee of `net` may reach the next band and fall short: the next
 * band is then looked at.  False: not known, or no amount of the tariff leaves so much.
 */
bool tariff_gross(const struct tariff *t, int64_t net, int64_t *gross);

#endif
