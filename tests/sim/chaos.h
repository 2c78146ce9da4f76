/*
 * chaos - how often the world misbehaves, in percent, decided by seed and reference.
 *
 * The same seed, payment and attempt always meet the same fate, whatever the order in
 * which things happen: a run that failed can be run again.
 */
#ifndef TESTS_SIM_CHAOS_H
#define TESTS_SIM_CHAOS_H

#include "lib/ids.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum knob {
	CHAOS_LOSE,       /* taken, but the connection closes without an answer     */
	CHAOS_DELAY,      /* taken, but the answer comes after delay_ms             */
	CHAOS_HTTP500,    /* taken, but the answer is a bare 500                    */
	CHAOS_REFUSE500,  /* a bare 500, and nothing was taken                      */
	CHAOS_BUSY,       /* 429, and nothing was taken                             */
	CHAOS_GARBAGE,    /* taken, but the answer is of no use             */
	CHAOS_FLIP,       /* numbers where strings were, decimals added     */
	CHAOS_EARLY,      /* the callback comes before the answer                   */
	CHAOS_DUP,        /* the callback comes twice                               */
	CHAOS_SILENT,     /* the callback never comes                               */
	CHAOS_POST,       /* the callback comes by POST                             */
	CHAOS_NOID,       /* the callback does not say whose it is                  */
	CHAOS_CONTRADICT, /* a callback with the opposite comes first               */
	CHAOS_NOTFOUND,   /* the status is 404 for notfound_ms                      */
	CHAOS_AUTH,       /* 401 once                                               */
	CHAOS_HTML,       /* the token is a page of HTML with 200                   */
	CHAOS_SMSLOSE,    /* the SMS is taken, the answer is lost                   */
	CHAOS_SMSFAIL,    /* the SMS is taken, then reported as failed              */
	CHAOS_SMSDUP,     /* the delivery report comes twice                        */
	CHAOS_KNOBS
};

struct chaos {
	uint64_t seed;
	unsigned percent[CHAOS_KNOBS];
	int64_t delay_ms;    /* real time: must outlast the client's deadline */
	int64_t notfound_ms; /* of the world: divided by --speed              */
};

void chaos_init(struct chaos *c);
/* "lose=10,dup=5,delay_ms=3000,seed=7" or "off"; other knobs stay.  False: nothing was
 * changed, *wrong is where reading stopped. */
bool chaos_set(struct chaos *c, const char *text, const char **wrong);
void chaos_print(const struct chaos *c, FILE *to); /* in the form chaos_set reads */
void chaos_explain(FILE *to);
bool chaos_rolls(const struct chaos *c, enum knob k, const struct uuid *about,
                 unsigned attempt);

#endif
