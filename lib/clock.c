#include "lib/clock.h"

#include <time.h>

static int64_t
read_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_mono_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void
clock_init(struct clock *c)
{
	*c = (struct clock){ 0 };
	clock_update(c);
}

void
clock_init_virtual(struct clock *c, int64_t wall_ms)
{
	*c = (struct clock){ .wall_ms = wall_ms, .mono_ms = 1, .is_virtual = true };
}

void
clock_update(struct clock *c)
{
	if (c->is_virtual)
		return;
	c->wall_ms = read_ms(CLOCK_REALTIME) + c->skew_ms;
	c->mono_ms = read_ms(CLOCK_MONOTONIC);
}

void
clock_advance(struct clock *c, int64_t ms)
{
	if (!c->is_virtual || ms < 0)
		return;
	c->wall_ms += ms;
	c->mono_ms += ms;
}
