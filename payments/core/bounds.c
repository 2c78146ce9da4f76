#include "payments/core/bounds.h"

static int64_t
up_to(int64_t amount, int64_t grain)
{
	int64_t over = amount % grain;
	int64_t up;

	if (over == 0)
		return amount;
	return __builtin_add_overflow(amount, grain - over, &up) ? amount - over : up;
}

enum bounds_say
bounds_judge(const struct bounds *b, int64_t grain, int64_t *amount, int64_t *bound)
{
	int64_t least = up_to(b->least, grain);
	int64_t most = b->most - b->most % grain;

	*amount = up_to(*amount, grain);
	*bound = 0;
	if (least > 0 && *amount < least) {
		*bound = least;
		return BOUNDS_UNDER;
	}
	if (b->most > 0 && *amount > most) {
		*bound = most;
		return BOUNDS_OVER;
	}
	return BOUNDS_FIT;
}
