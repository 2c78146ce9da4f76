/*
 * turn - what a hop means to the session it meets.
 *
 * Carriers send a hop twice, begin twice, and say goodbye while we answer.  So a hop is
 * judged before anything steps: the same hop again is replayed, an unknown session
 * begins, only what is new steps.
 *
 * Pure.
 */
#ifndef USSD_CORE_TURN_H
#define USSD_CORE_TURN_H

#include "ussd/core/hop.h"
#include "ussd/core/session.h"

/* So long after its last screen a session is not asked about any more. */
#define TURN_SETTLED_MS 10000

enum turn_kind {
	TURN_CLOSE,  /* the carrier says that it is over, or her phone is busy with a
	              * session of her own: nothing to show                    */
	TURN_REPLAY, /* the last reply again                                   */
	TURN_BEGIN,  /* a new dialog; the session, if any, is one of before    */
	TURN_STEP,   /* the open dialog goes on with input                     */
};

struct turn {
	enum turn_kind kind;
	/* STEP: the new part.  BEGIN: what was dialled behind the service code, for
	 * dial_read.  Points into the hop's input. */
	const char *input;
	size_t input_len;
	struct cumulative_last last; /* to be remembered with the answer         */
	uint64_t hop;                /* likewise                                 */
};

struct turn_rules {
	uint8_t key[CUMULATIVE_KEY];
	int64_t now_ms;
	int64_t replay_ms; /* how long a repeated hop gets the first reply */
};

/* s is NULL where there is no session. */
void turn_judge(const struct turn_rules *rules, const struct session *s,
                const struct hop *hop, struct turn *out);

#endif
