/*
 * carry - one claimed payment in our hands, until something is known and written down.
 *
 *   [CHECK --goes--> MARK --ours-->] CALL --verdict--> NOTE ------------> END
 *      `--waits--> HOLD --> END  `--not ours--> END  ^   `-- SETTLE --books--> END
 *                                         READ ------'          `--not now--> NOTE
 *
 * The engine under disburse, collect and reconcile, which say whether to mark and how to
 * judge.  CHECK is the gate of a payout (gate.h), HOLD writes that it waits.  MARK writes
 * "about to call" before a byte leaves.  READ takes the place of a call when the answer
 * of an earlier query was posted (posted.h).  NOTE writes what was heard and gives the
 * claim back.  SETTLE hands a final verdict to the payment's purpose, which moves the
 * money.  Whatever fails in between leaves a row that reconcile takes up when the claim
 * lapses.
 */
#ifndef PAYMENTS_FLOW_CARRY_H
#define PAYMENTS_FLOW_CARRY_H

#include "payments/flow/course.h"
#include "payments/flow/env.h"
#include "payments/flow/provider_call.h"
#include "payments/flow/token.h"

#include <stdbool.h>

struct carry;
struct gate;

struct carry_manner {
	const char *name; /* for the log */
	bool submits;     /* MARK first, then submit; else query */
	/* NULL, or: true if *out says what to do without any call. */
	bool (*before)(const struct payment *p, const struct course_time *t,
	               struct course *out);
	void (*judge)(const struct payment *p, const struct verdict *v,
	              const struct course_time *t, struct course *out);
};

struct carry_means { /* borrowed; outlives the carry */
	struct flow_env *env;
	struct tokens *tokens;
	const struct provider *provider;
	struct provider_account account[2]; /* by direction */
	int64_t deadline_ms;                /* of one exchange with the provider */
	int64_t claim_ms;
	int64_t float_ms;   /* how long its balance is believed; 0: not asked for */
	int64_t name_above; /* units; 0: names are not asked for                  */
	struct gate *gate;  /* what a payout passes first; NULL: nothing           */
};

struct carry_end {
	const struct payment *payment;
	bool called; /* the provider was asked; verdict says what it said */
	struct verdict verdict;
	int64_t next_try_ms; /* 0: nothing left to do, or not known */
};

typedef void carry_cb(void *arg, const struct carry_end *end);

/* Copies *p.  told: what the provider said of it elsewhere, judged instead of a call;
 * NULL if nothing.  Keeps the five promises of loop.h; cancelled while the books are
 * being written, they are still written. */
struct carry *carry_start(const struct carry_means *means,
                          const struct carry_manner *manner, const struct payment *p,
                          const struct verdict *told, carry_cb *cb, void *arg);
void carry_cancel(struct carry **c);
int64_t carry_claim_ms(int64_t deadline_ms);

#endif
