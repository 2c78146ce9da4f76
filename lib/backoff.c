#include "lib/backoff.h"

#include "lib/chance.h"
#include "lib/ids.h"

int64_t
backoff_of(uint64_t *chance, unsigned tries, int64_t first_ms, int64_t most_ms)
{
	int64_t ms = first_ms;

	for (unsigned i = 0; i < tries && ms < most_ms; i++)
		ms *= 2;
	if (ms > most_ms)
		ms = most_ms;
	return ms - (int64_t)(chance_next(chance) % (uint64_t)(ms / 2 + 1));
}

int64_t
backoff_next(struct backoff *b, int64_t first_ms, int64_t most_ms)
{
	struct ids ids;
	uint64_t chance;

	ids_init(&ids);
	chance = ids_u64(&ids) | 1;
	return backoff_of(&chance, b->tries++, first_ms, most_ms);
}
