/*
 * bounds - the least and the most that a provider asks a wallet for by one prompt.
 *
 * Pure.  Money in minor units.  A payout above a wallet's limits comes in parts
 * (wallet.h); a prompt is one, because each wants the holder's PIN: what does not fit is
 * told to who asked, before there is a prompt.
 */
#ifndef PAYMENTS_CORE_BOUNDS_H
#define PAYMENTS_CORE_BOUNDS_H

#include <stdint.h>

struct bounds {
	int64_t least, most; /* 0: none known */
};

enum bounds_say { BOUNDS_FIT, BOUNDS_UNDER, BOUNDS_OVER };

/* Rounds *amount > 0 up to a multiple of grain >= 1, the step in which the provider asks,
 * and judges that.  *bound: the least, or the most, that can be asked for, in the same
 * step; 0 with BOUNDS_FIT. */
enum bounds_say bounds_judge(const struct bounds *b, int64_t grain, int64_t *amount,
                             int64_t *bound);

#endif
