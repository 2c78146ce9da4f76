/*
 * collect - ask a wallet for money.
 *
 *   created --too old, never called--> failed
 *      |
 *      `--mark--> sent --taken--> accepted ... as in disburse.c
 *
 * A prompt that comes long after the person asked for it is wrong: who was not reached
 * within PULL_STALE_MS is told so and may ask again.
 */
#include "payments/flow/collect.h"

static bool
is_over(const struct payment *p, const struct course_time *t, struct course *out)
{
	if (!course_is_stale(p, t->now_ms))
		return false;
	course_stale(p, t, out);
	return true;
}

const struct carry_manner collect = {
	.name = "collect",
	.submits = true,
	.before = is_over,
	.judge = course_after_submit,
};
