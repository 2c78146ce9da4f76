/*
 * env - all that a payment flow may touch.  Borrowed by every flow; outlives them all.
 */
#ifndef PAYMENTS_FLOW_ENV_H
#define PAYMENTS_FLOW_ENV_H

#include "lib/http_client.h"
#include "lib/ids.h"
#include "lib/loop.h"
#include "lib/pg.h"
#include "lib/pinhash.h"
#include "payments/flow/settle.h"

struct costs;
struct outbox;
struct preferences;
struct prompt_sizes;
struct rails;
struct settings;
struct waits;

struct flow_env {
	struct loop *loop;
	struct ids *ids;
	struct pg *pg; /* reads and money-less marks; not the writer's connections */
	struct settle *settle; /* everything that moves money, weight or their states */
	struct http_client *http;
	struct pinhash *pinhash;
	const struct settings *settings;
	/* who is nudged when an operation wrote payments or messages; NULL: another
	 * process finds them by its poll */
	struct rails *rails;
	struct outbox *outbox;
	struct costs *costs;             /* NULL: what providers charge is not known */
	struct preferences *preferences; /* NULL: nobody is preferred or paused */
	struct waits *waits; /* NULL: who waits for what is posted looks by itself */
	struct prompt_sizes *prompt_sizes; /* NULL: no bounds of prompts are known */
};

#endif
