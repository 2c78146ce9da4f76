/*
 * reconcile - ask what became of a payment, on the ladder or when a callback hints.
 *
 *   sent (a gateway died), accepted, unknown
 *      |--paid, failed---------------------> SETTLE: the purpose moves the money
 *      |--pending--------------------------> accepted, next rung
 *      |--unreadable, lost, other amount---> as before, next rung
 *      `--not found, several times over a minute
 *            |--the last call was refused--> failed
 *            `--else-----------------------> created: sent again, same reference
 *
 *   paid, failed (a callback said otherwise)
 *      |--the same, or no answer-----------> nothing
 *      `--the opposite---------------------> listed as a contradiction; never changed
 */
#include "payments/flow/reconcile.h"

const struct carry_manner reconcile = {
	.name = "reconcile",
	.submits = false,
	.before = course_by_hand,
	.judge = course_after_query,
};
