/*
 * report - delivery reports of SMS, matched by the carrier's id.
 *
 *   TELL --a message of ours--> delivered, failed
 *     |--none yet--> kept, until reports_match finds the message or an hour has passed
 *     `--not written, or nobody knows--> the carrier brings it again
 *
 * Only what is written is answered as taken: else whoever dies in between loses it.
 *
 * Inside of outbox: only outbox.c calls it.
 */
#ifndef PAYMENTS_FLOW_REPORT_H
#define PAYMENTS_FLOW_REPORT_H

#include "payments/flow/outbox.h"

#include <stdbool.h>
#include <stdint.h>

struct reports;

struct reports *reports_new(struct flow_env *env);
void reports_free(struct reports *r); /* those not told yet are to come again */
/* As outbox_report. */
bool reports_take(struct reports *r, const char *carrier_id, bool delivered,
                  const char *reason, report_cb *cb, void *arg);
/* Another one can be taken. */
bool reports_have_room(const struct reports *r);
/* Gives kept reports to the messages that know their carrier's id by now. */
void reports_match(struct reports *r);
void reports_read_counts(const struct reports *r, uint64_t *delivered,
                         uint64_t *undelivered, uint64_t *unmatched);

#endif
