/*
 * gate - what a payout passes before it is first handed over.
 *
 *   NAME (large ones) --the member's, nobody says, released--> FLOAT --fits, nobody
 * says--> go
 *      |--another name--> wait for a person                      `--does not--> wait
 *      `--its key wakes late--> later
 *
 * One gate belongs to a provider: it remembers what the provider's float holds (purse.h)
 * and asks once for all who wait.  What cannot be learnt keeps nobody: unknown is not
 * zero, and not a stranger.  But a provider whose fresh key is refused for a while
 * (token_wakes_ms) will say soon whose it is: so long the payout comes later.  Nothing
 * has been sent yet, so waiting is safe; the claim stays ours while we ask, and if it
 * lapses meanwhile nobody is harmed: the mark then fails (carry.h).
 */
#ifndef PAYMENTS_FLOW_GATE_H
#define PAYMENTS_FLOW_GATE_H

#include "payments/flow/carry.h"
#include "payments/flow/hint.h"

struct gate;
struct gate_pass;

#define GATE_FLOAT_LOW "float_low" /* payments.attention */

/* GATE_LATER: nothing was learnt; once the claim has lapsed it is asked again. */
enum gate_word { GATE_GO, GATE_FLOAT, GATE_NAME, GATE_LATER };

struct gate_answer {
	enum gate_word word;
	char said[64]; /* of GATE_NAME: the wallet's name; of GATE_FLOAT: what it holds */
};

typedef void gate_cb(void *arg, const struct gate_answer *a);

struct gate *gate_new(const struct carry_means *m); /* borrows m */
/* Passes that wait are dropped: whoever holds them cancels them first, or at leisure. */
void gate_free(struct gate **g);
/* Is there anything to check?  Else it goes without asking. */
bool gate_watches(const struct gate *g, const struct payment *p);
/* A payout's callback told what the float held then: believed as purse.h says. */
void gate_hear(struct gate *g, const struct hint_funds *f);
/* Copies *p.  Keeps the five promises of loop.h. */
struct gate_pass *gate_enter(struct gate *g, const struct payment *p, gate_cb *cb,
                             void *arg);
void gate_cancel(struct gate_pass **pass);

#endif
