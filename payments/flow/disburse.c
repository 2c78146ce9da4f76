/*
 * disburse - hand a payout to its provider.
 *
 *   created --mark--> sent --taken------------> accepted   (reconcile asks)
 *     ^                 |----lost, duplicate--> unknown    (reconcile asks)
 *     |                 |----refused----------> failed     (the hold is released)
 *     `--surely not taken, again later--'
 *
 * What a person settled by hand is not handed over (course_by_hand).
 *
 * Refused or surely not taken count only while no earlier call can have been taken; after
 * one, everything but "accepted" means asking.
 */
#include "payments/flow/disburse.h"

const struct carry_manner disburse = {
	.name = "disburse",
	.submits = true,
	.before = course_by_hand,
	.judge = course_after_submit,
};
