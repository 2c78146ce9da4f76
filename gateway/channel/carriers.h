/*
 * carriers - which carrier an SMS goes by: the cheapest that reaches the number and is
 * well.
 *
 *   pick --a route--> its carrier --taken, refused, lost--> told
 *     |                  `--surely not--> pick among the others    (sms.dead = failover)
 *     `--it is down--> wait in line --it is well--> its carrier    (sms.dead = hold)
 *                        `--sms.hold over--> told "again"
 *
 * After sms.failures answers of "again" in a row a route is down for sms.breaker; then
 * one SMS tries it, and the others follow if that one is taken.  What waits keeps its
 * order, route by route.  Of two SMS to one number the second begins when the first is
 * told.
 */
#ifndef GATEWAY_CHANNEL_CARRIERS_H
#define GATEWAY_CHANNEL_CARRIERS_H

#include "config/settings.h"
#include "gateway/channel/carrier.h"
#include "lib/loop.h"

#include <stddef.h>
#include <stdint.h>

#define CARRIERS_MAX (SETTINGS_CARRIERS_MAX + SETTINGS_SMPP_MAX + 1)

struct carrier_health {
	unsigned failures;     /* in a row                                       */
	int64_t open_until_ms; /* on the loop's clock; down before that          */
	bool probing;          /* after it, one SMS is under way to find out     */
};

struct carrier_route {
	struct carrier carrier;
	const char *numbers; /* prefixes by spaces, "" for all numbers; borrowed */
	int64_t cost;        /* of one SMS in any unit, the same for all routes */
	struct carrier_health health;
	bool paused; /* by a person: as if it were down */

	struct {
		uint64_t taken, refused, again, failed_over;
	} count;
};

/* ---- pure ---- */

#define CARRIER_NONE (-1)

/* Who would carry for this number if all were well, leaving out those of the bit mask
 * `without`: the cheapest, of equals the longest prefix, then the earlier row. */
int carrier_pick(const struct carrier_route *routes, unsigned n, const char *digits,
                 uint32_t without);
bool carrier_is_well(const struct carrier_route *r, int64_t mono_ms, int64_t failures);
void carrier_note(struct carrier_health *h, enum sms_fate fate, int64_t mono_ms,
                  int64_t failures, int64_t breaker_ms);

/* ---- on the loop ---- */

struct carriers;

/* Borrows both. */
struct carriers *carriers_new(struct loop *loop, const struct settings *settings);
/* Copies the row; numbers is borrowed. */
void carriers_add(struct carriers *c, const struct carrier *carrier, const char *numbers,
                  int64_t cost);
/* As struct carrier's send. */
void carriers_send(struct carriers *c, const struct carrier_sms *sms, carrier_cb *cb,
                   void *arg);
/* Nothing new goes by the route of that name, or does again.  False: there is none. */
bool carriers_pause(struct carriers *c, const char *name, size_t n, bool paused);
/* SMS in line, and all that come later, are told SMS_AGAIN. */
void carriers_stop(struct carriers *c);
/* After the carriers themselves have ended, as they answer here.  NULL is fine. */
void carriers_free(struct carriers *c);

const struct carrier_route *carriers_routes(const struct carriers *c, unsigned *n);

#endif
