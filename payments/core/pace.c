#include "payments/core/pace.h"

#define PERMIT 1000 /* in `milli` */

/* What it holds when it is full: a tenth of a second's, so that few looks find many. */
static int64_t
held(int64_t per_second)
{
	return per_second < 20 ? 1 : per_second / 10;
}

/* Permits a second, which is thousandths a millisecond. */
static int64_t
gained(int64_t per_second)
{
	return per_second - held(per_second) + 1;
}

static int64_t
level(const struct pace *p, int64_t per_second, int64_t now_ms)
{
	int64_t full = held(per_second) * PERMIT;
	int64_t passed = now_ms > p->at_ms ? now_ms - p->at_ms : 0;

	if (!p->begun || passed >= full) /* gained() is 1 at least */
		return full;
	passed = p->milli + passed * gained(per_second);
	return passed < full ? passed : full;
}

unsigned
pace_room(struct pace *p, int64_t per_second, int64_t now_ms, unsigned most)
{
	int64_t room;

	if (per_second <= 0)
		return most;
	p->milli = level(p, per_second, now_ms);
	p->at_ms = now_ms;
	p->begun = true;
	room = p->milli / PERMIT;
	return room < (int64_t)most ? (unsigned)(room > 0 ? room : 0) : most;
}

void
pace_take(struct pace *p, unsigned n)
{
	p->milli -= (int64_t)n * PERMIT;
}

void
pace_give_back(struct pace *p, unsigned n)
{
	p->milli += (int64_t)n * PERMIT;
}

int64_t
pace_wait_ms(const struct pace *p, int64_t per_second, int64_t now_ms)
{
	int64_t lacks, rate;

	if (per_second <= 0)
		return 0;
	rate = gained(per_second);
	lacks = held(per_second) * PERMIT - level(p, per_second, now_ms);
	return lacks <= 0 ? 0 : (lacks + rate - 1) / rate;
}
