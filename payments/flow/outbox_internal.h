/*
 * outbox_internal - what the files of the outbox share: outbox.c (when to look, what is
 * claimed) and outbox_letter.c (one message in our hands).  Nobody else includes this.
 */
#ifndef PAYMENTS_FLOW_OUTBOX_INTERNAL_H
#define PAYMENTS_FLOW_OUTBOX_INTERNAL_H

#include "config/settings.h"
#include "payments/flow/outbox.h"
#include "payments/flow/report.h"

#define REF         "outbox"
#define CLAIM_MS    (OUTBOX_PORT_MS + 10000)
#define REASON_SIZE 48
#define NOTES_MAX   64 /* letters noted by one statement */
#define NOTES_CALLS 2  /* such statements at the same time */

struct letter {               /* a message in our hands */
	struct outbox *owner; /* NULL: the outbox is gone, the port still holds us */
	struct message m;     /* values: our copy */
	char *values;
	bool is_out; /* the port holds it */
	int64_t slot_us;
	struct letter *next_slot; /* in line, for the slot after ours */
	struct letter *prev, *next;
	/* what became of it, to be noted */
	bool alone; /* noted with others, that was refused */
	const char *state;
	char *carrier_id; /* NULL: not told */
	char reason[REASON_SIZE];
	struct letter *next_note;
};

struct note { /* letters that one statement is about */
	struct outbox *owner;
	struct pg_op *pg; /* NULL: free */
	struct letter *first;
};

struct claim {
	struct outbox *owner;
	unsigned reserved;
	struct pg_op *pg;
	struct claim *next;
};

struct outbox {
	struct flow_env *env;
	struct sms_port port;
	struct pg_op *poll;
	bool poll_again, draining;
	struct timer *timer;
	struct claim *claims;
	struct letter *letters;
	struct note notes[NOTES_CALLS];
	struct letter *to_note, **to_note_end;
	struct reports *reports;
	unsigned under_way; /* letters, those offered, and those that a claim may bring */
	bool is_full;
	struct letter *line,
	    **line_end; /* those that wait for their slot, oldest first */
	struct timer *slot;
	int64_t next_slot_us; /* mono: when the next send may start */
	struct outbox_counts count;
	loop_cb *drained;
	void *drained_arg;
};

/* outbox.c */
void outbox_wake_in(struct outbox *o, int64_t delay_ms);
void outbox_tell_if_drained(struct outbox *o);

/* outbox_letter.c: what was claimed leaves, as fast as sms.per_second allows. */
void letter_send(struct outbox *o, const struct message *m);
void letters_forget(struct outbox *o);

static inline int64_t
outbox_wall(const struct outbox *o)
{
	return loop_clock(o->env->loop)->wall_ms;
}

static inline int64_t
outbox_deadline(const struct outbox *o)
{
	return o->env->settings->pg.statement_ms;
}

#endif
