#include "lib/redial.h"

#include "lib/backoff.h"

#define LOST_FIRST_MS    1000
#define LOST_MOST_MS     60000
#define REFUSED_FIRST_MS 30000
#define REFUSED_MOST_MS  (15 * 60000)
#define STEADY_MS        10000

void
redial_up(struct redial *r, int64_t now_ms)
{
	r->is_up = true;
	r->up_ms = now_ms;
	r->refusals = 0;
}

void
redial_refused(struct redial *r)
{
	r->refusals++;
}

int64_t
redial_when(struct redial *r, uint64_t *chance, int64_t now_ms)
{
	if (r->is_up && now_ms - r->up_ms >= STEADY_MS)
		r->tries = 0;
	r->is_up = false;
	r->tries++;
	return now_ms + (r->refusals > 0 ? backoff_of(chance, r->refusals - 1,
	                                              REFUSED_FIRST_MS, REFUSED_MOST_MS)
	                                 : backoff_of(chance, r->tries - 1, LOST_FIRST_MS,
	                                              LOST_MOST_MS));
}
