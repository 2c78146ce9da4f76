/*
 * batch - `adit batch create`: a file of payouts is read and checked as a whole.
 */
#ifndef GATEWAY_CLI_BATCH_H
#define GATEWAY_CLI_BATCH_H

#include "gateway/cli/cli.h"

struct cli_batch {
	const char *path;
	const char *cooperative, *by;
	const char *from; /* "owed", "dividend", "wages" */
};

/* Says what is wrong, each line of it, or what the batch is and what it needs. */
int cli_batch_create(struct settings *s, const struct cli_batch *ask);

/* What a failed payout left owed, as a batch of one row. */
int cli_batch_again(struct settings *s, const char *code, const char *by);

#endif
