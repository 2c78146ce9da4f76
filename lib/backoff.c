#include "lib/backoff.h"

#include "lib/ids.h"

int64_t
backoff_next(struct backoff *b, int64_t first_ms, int64_t most_ms)
{
	struct ids ids;
	int64_t ms = first_ms;

	for (unsigned i = 0; i < b->tries && ms < most_ms; i++)
		ms *= 2;
	if (ms > most_ms)
		ms = most_ms;
	b->tries++;
	ids_init(&ids);
	return ms - (int64_t)(ids_u64(&ids) % (uint64_t)(ms / 2 + 1));
}
