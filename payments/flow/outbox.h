/*
 * outbox - SMS leave: claimed, handed to a sender, tried again, given up; and what the
 * carrier reports about them.
 *
 *   queued --claim--> sending --taken--> sent --report--> delivered, failed
 *     ^    offered --^   |---shown on her phone, and answered--> delivered
 *     ^                  |---refused for good, too many tries--> failed
 *     `---again later----'       (news for who said STOP: stopped)
 *
 * At least once: a gateway that dies while sending leaves a claim that lapses.  The
 * message's id goes to the carrier as the reference by which it may drop the second.
 */
#ifndef PAYMENTS_FLOW_OUTBOX_H
#define PAYMENTS_FLOW_OUTBOX_H

#include "payments/flow/env.h"
#include "payments/store/message.h"

#include <stdbool.h>
#include <stdint.h>

struct outbox;

#define OUTBOX_PORT_MS 110000

enum sms_fate {
	SMS_TAKEN,   /* the carrier has it; carrier_id names it      */
	SMS_AGAIN,   /* not now, or the answer was lost: once more   */
	SMS_REFUSED, /* never: this number, this text, this sender   */
};

struct sms_sent {
	enum sms_fate fate;
	bool shown; /* taken, and she has answered it: delivered, no report will come */
	const char *carrier_id; /* "" if not told; of several parts: all, by spaces */
	const char *reason;     /* short word for the record: "blacklisted"    */
};

typedef void outbox_sent_cb(void *arg, const struct sms_sent *sent);

/* Who renders and sends.  *m lives until cb is called.  Calls cb(arg, ..) exactly once,
 * within OUTBOX_PORT_MS, never from inside send. */
struct sms_port {
	void (*send)(void *ctx, const struct message *m, outbox_sent_cb *cb, void *arg);
	void *ctx;
};

/* Borrows env; copies the port, whose ctx outlives the outbox.  Begins at once. */
struct outbox *outbox_new(struct flow_env *env, const struct sms_port *port);
/* Takes nothing new; cb(arg) when nothing is being sent. */
void outbox_drain(struct outbox *o, loop_cb *cb, void *arg);
/* Answers of the port that come later are ignored, so free the port after. */
void outbox_free(struct outbox *o);
/* An operation wrote messages.  NULL is fine. */
void outbox_nudge(struct outbox *o);

enum report_state { REPORT_DELIVERED, REPORT_FAILED };

/* A message about to be written is offered: true, and *m has our claim, so that it leaves
 * as soon as its operation has committed, without being looked for.  A place is kept for
 * it until outbox_take or outbox_give_back.  False: no room; write it unclaimed and
 * nudge. What was written and never taken is found when its claim lapses.  NULL is fine.
 */
bool outbox_offer(struct outbox *o, struct message *m);
void outbox_take(struct outbox *o, const struct message *m); /* copies */
void outbox_give_back(struct outbox *o);

/* A delivery report is in the books; or it is not for sure, and the carrier has to bring
 * it again: twice is as good as once. */
typedef void report_cb(void *arg, bool kept);

/* A delivery report.  One that comes before we know the carrier's id is kept for an hour;
 * one about a message that has ended already changes nothing.  Copies.  False: the books
 * are away, or there are too many; the carrier has to bring it again.  True: cb, which
 * may be NULL, comes once, never from inside this call. */
bool outbox_report(struct outbox *o, const char *carrier_id, enum report_state state,
                   const char *reason, report_cb *cb, void *arg);

struct outbox_counts {
	uint64_t sent, again, refused, given_up;
	uint64_t delivered, undelivered, unmatched;
	unsigned sending;
	int64_t polled_ms; /* wall time of the last poll that was answered */
};

void outbox_read_counts(const struct outbox *o, struct outbox_counts *out);

#endif
