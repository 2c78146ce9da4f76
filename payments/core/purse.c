#include "payments/core/purse.h"

enum purse_say
purse_judge(const struct purse *p, int64_t amount, int64_t now_ms, int64_t keep_ms)
{
	int64_t age = now_ms - p->asked_ms;

	if (p->asked_ms == 0 || age >= keep_ms || age < 0)
		return PURSE_ASK;
	if (!p->known || p->holds >= amount)
		return PURSE_GO;
	return p->heard || age >= PURSE_ANEW_MS ? PURSE_ASK : PURSE_WAIT;
}

void
purse_told(struct purse *p, bool known, int64_t holds, int64_t now_ms)
{
	p->asked_ms = now_ms;
	p->known = known;
	p->holds = known ? holds : 0;
	p->heard = false;
}

bool
purse_heard(struct purse *p, int64_t holds, int64_t at_ms, int64_t now_ms,
            int64_t keep_ms)
{
	bool believed =
	    p->asked_ms != 0 && now_ms - p->asked_ms < keep_ms && now_ms >= p->asked_ms;
	int64_t at = at_ms < now_ms ? at_ms : now_ms; /* their clock may be ahead */

	if (at <= p->asked_ms || now_ms - at >= keep_ms ||
	    (believed && p->known && holds >= p->holds))
		return false;
	if (!believed || !p->known)
		purse_told(p, true, holds, at);
	p->holds = holds;
	p->heard = true;
	return true;
}

void
purse_take(struct purse *p, int64_t amount)
{
	if (p->known)
		p->holds -= amount;
}
