#include "payments/core/ladder.h"

#define SECOND       INT64_C(1000)
#define MINUTE       (60 * SECOND)
#define MISSES       3
#define MISSING_MS   (60 * SECOND)
#define MISS_WAIT_MS (30 * SECOND)

/* How often each wait is taken; together the first three rows make 24 hours. */
static const struct {
	int32_t times;
	int64_t wait_ms;
} rungs[] = {
	{ 1, 10 * SECOND }, { 1, 20 * SECOND }, { 1, 30 * SECOND }, { 1, 45 * SECOND },
	{ 1, 60 * SECOND }, { 1, 90 * SECOND }, { 14, 2 * MINUTE }, { 94, 15 * MINUTE },
};

#define RUNGS (sizeof rungs / sizeof *rungs)

int64_t
ladder_scale(int64_t ms, int64_t permille)
{
	int64_t scaled = ms / 1000 * permille + ms % 1000 * permille / 1000;

	return scaled > LADDER_LEAST_MS ? scaled : LADDER_LEAST_MS;
}

int64_t
ladder_wait_ms(int32_t step, int64_t permille)
{
	for (unsigned i = 0; i < RUNGS; i++) {
		if (step < rungs[i].times)
			return ladder_scale(rungs[i].wait_ms, permille);
		step -= rungs[i].times;
	}
	return ladder_scale(60 * MINUTE, permille);
}

bool
ladder_needs_person(int32_t step)
{
	for (unsigned i = 0; i < RUNGS; i++)
		step -= rungs[i].times;
	return step >= 0;
}

bool
ladder_is_missing(int32_t misses, int64_t missing_for_ms, int64_t permille)
{
	return misses >= MISSES && missing_for_ms >= ladder_scale(MISSING_MS, permille);
}

int64_t
ladder_miss_wait_ms(int32_t step, int64_t permille)
{
	int64_t most = ladder_scale(MISS_WAIT_MS, permille);
	int64_t wait = ladder_wait_ms(step, permille);

	return wait < most ? wait : most;
}
