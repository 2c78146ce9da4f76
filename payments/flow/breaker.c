#include "payments/flow/breaker.h"

enum breaker_state
breaker_state(const struct breaker *b, int64_t now_ms)
{
	if (b->open_until_ms == 0)
		return BREAKER_CLOSED;
	return now_ms < b->open_until_ms ? BREAKER_OPEN : BREAKER_TRYING;
}

const char *
breaker_state_name(enum breaker_state s)
{
	static const char *const names[] = {
		[BREAKER_CLOSED] = "closed",
		[BREAKER_OPEN] = "open",
		[BREAKER_TRYING] = "trying",
	};

	return names[s];
}

unsigned
breaker_allows(const struct breaker *b, int64_t now_ms, unsigned under_way, unsigned most)
{
	switch (breaker_state(b, now_ms)) {
	case BREAKER_CLOSED:
		return most;
	case BREAKER_TRYING:
		return under_way == 0 && most > 0 ? 1 : 0;
	case BREAKER_OPEN:
		break;
	}
	return 0;
}

void
breaker_success(struct breaker *b)
{
	b->failures = 0;
	b->open_until_ms = 0;
}

bool
breaker_failure(struct breaker *b, int64_t now_ms, int64_t failures_max, int64_t open_ms)
{
	bool was_open = breaker_state(b, now_ms) == BREAKER_OPEN;

	b->failures++;
	if (was_open || b->failures < failures_max)
		return false;
	b->open_until_ms = now_ms + open_ms;
	b->times_opened++;
	return true;
}
