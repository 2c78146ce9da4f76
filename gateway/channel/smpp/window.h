/*
 * smpp_window - what one bind has to send, has under way, and has finished.
 *
 *   waiting --pick--> in flight --answer--> finished
 *      ^                  |---slower, full: back to its place; the bind pauses
 *      `------------------'
 *
 * A throttled bind pauses whole: nothing leaves until a wait that doubles, with jitter,
 * is over; then one goes ahead to ask, and its good answer opens the window again.  Who
 * was throttled keeps its place, so order is kept; two messages to one number are never
 * in flight together.  Parts are counted, not messages, throttled ones too, and the rate
 * is judged over any window of one second.
 *
 * A peer of 5.0 says how congested it is before it throttles: above 80 of 100 one part is
 * in flight at a time, with a gap that grows to a second; ten seconds later it counts as
 * not said.
 *
 * Pure: time is a parameter (monotonic ms), the caller owns every struct smpp_send.
 */
#ifndef GATEWAY_CHANNEL_SMPP_WINDOW_H
#define GATEWAY_CHANNEL_SMPP_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define SMPP_RATE_MAX 1000

enum smpp_outcome {
	SMPP_TAKEN,    /* message_id names it, if the peer said one              */
	SMPP_REFUSED,  /* the status is final                                    */
	SMPP_LATER,    /* the status is not                                      */
	SMPP_NOT_SENT, /* never left: the bind was down or paused for too long   */
	SMPP_LOST,     /* left, and no answer came: it may have been taken       */
};

/* One submit_sm on its way.  Owned by who sends; the window's until it is finished. */
struct smpp_send {
	uint8_t *bytes; /* written; the window sets the sequence number  */
	size_t len;
	const char *number;  /* who gets it: order is kept for each           */
	void *owner;         /* the caller's own */
	uint64_t message;    /* parts of one message have the same            */
	int64_t deadline_ms; /* not begun by then: SMPP_NOT_SENT              */
	bool urgent;         /* a screen somebody looks at: before all others */

	TAILQ_ENTRY(smpp_send) link;
	uint64_t place;   /* in the order of arrival */
	uint64_t ordinal; /* in the order of sending */
	uint32_t sequence;
	int64_t sent_ms;

	enum smpp_outcome outcome;
	uint32_t status; /* of the answer; 0 if none came */
	char message_id[80];
};

TAILQ_HEAD(smpp_sends, smpp_send);

struct smpp_window_options {
	unsigned size;       /* in flight at the same time        */
	unsigned per_second; /* parts; 0: no limit                */
	int64_t response_ms; /* an answer that takes longer is lost */
};

struct smpp_window {
	struct smpp_window_options o;
	struct smpp_sends urgent, waiting, flight, finished;
	unsigned in_flight, queued;
	uint64_t places, ordinals;

	int64_t paused_until_ms;
	uint64_t paused_after; /* ordinal of the last one sent before the pause */
	unsigned pauses;       /* in a row */
	bool asking;           /* one goes ahead */
	uint64_t chance;       /* state of the jitter */

	int64_t slots[SMPP_RATE_MAX]; /* when the last per_second parts left */
	unsigned slot;

	unsigned congestion;  /* 0..100, as the peer last said */
	int64_t congested_ms; /* when it said so               */
	int64_t left_ms;      /* when the last part left       */

	int64_t lag_ms; /* of the last answer */

	struct {
		uint64_t sent, taken, refused, later, not_sent, lost, throttled, stray;
	} count;
};

void smpp_window_init(struct smpp_window *w, const struct smpp_window_options *o,
                      uint64_t seed);
void smpp_window_add(struct smpp_window *w, struct smpp_send *send);
/* The next that may leave now, moved to those in flight; NULL if none may.  *sequence is
 * the number it gets. */
struct smpp_send *smpp_window_pick(struct smpp_window *w, uint32_t sequence,
                                   int64_t now_ms);

struct smpp_window_answer {
	uint32_t sequence, status;
	const char *message_id;
};

/* False: nobody waits for that number (any more). */
bool smpp_window_answer(struct smpp_window *w, const struct smpp_window_answer *a,
                        int64_t now_ms);
/* What the peer says of its congestion, 0..100; more is taken for 100. */
void smpp_window_congestion(struct smpp_window *w, unsigned percent, int64_t now_ms);
/* What still counts of it. */
unsigned smpp_window_congested(const struct smpp_window *w, int64_t now_ms);
/* The answers of all in flight will not come. */
void smpp_window_lose(struct smpp_window *w);
/* What waits will not be sent. */
void smpp_window_empty(struct smpp_window *w);
/* Finishes what has waited for too long.  True if an answer was overdue. */
bool smpp_window_expire(struct smpp_window *w, int64_t now_ms);
/* Removes one that is finished; NULL if there is none. */
struct smpp_send *smpp_window_finished(struct smpp_window *w);
/* When pick or expire could do something next, if nothing happens until then; may_send:
 * whether pick would be called at all.  INT64_MAX: nothing waits. */
int64_t smpp_window_wake(const struct smpp_window *w, bool may_send);

#endif
