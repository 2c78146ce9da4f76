/*
 * round - a call for each row of a question, page by page, some of them at the same time.
 *
 *   ASK --a page--> its rows, at_once of them at once --all landed--> ASK ... --> over
 *
 * The rows are the owner's, as is the page that holds them.
 *
 * Only payments/flow includes this.
 */
#ifndef PAYMENTS_FLOW_ROUND_H
#define PAYMENTS_FLOW_ROUND_H

#include "payments/flow/call.h"

#define ROUND_AT_ONCE 64

struct round_port {
	unsigned page;    /* rows of a full page */
	unsigned at_once; /* at most ROUND_AT_ONCE */
	/* Asks for the rows after the last of the page; its reply is told to round_read.
	 */
	struct pg_op *(*ask)(void *run);
	/* Begins the call for that row of the page; when it ends, round_landed is told
	 * its flight. */
	struct payments_op *(*begin)(void *run, unsigned row, unsigned flight);
	void (*over)(void *run); /* the round may be freed in it */
	void *run;
};

/* Zeroed but for port. */
struct round {
	struct round_port port;
	unsigned count; /* rows of the page */
	unsigned next, in_flight;
	bool last_page;
	struct pg_op *ask; /* in flight, or NULL */
	struct payments_op *flights[ROUND_AT_ONCE];
};

void round_begin(struct round *r);
/* The page holds so many rows now; fewer than a full one: it is the last. */
void round_read(struct round *r, unsigned count);
void round_landed(struct round *r, unsigned flight);
/* No callback comes any more. */
void round_stop(struct round *r);

#endif
