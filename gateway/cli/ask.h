/*
 * ask - `adit providers ask`: a question to the provider itself, over the network.
 */
#ifndef GATEWAY_CLI_ASK_H
#define GATEWAY_CLI_ASK_H

#include "gateway/cli/cli.h"

struct cli_ask {
	const char *name;   /* of the entry */
	const char *topic;  /* "balance", "name", "active", "service", "carrier" */
	const char *number; /* NULL for those that are about no number */
	bool in;            /* the product that takes money; else the one that pays */
	bool json;
};

/* Prints the fact.  The exit status: 1 if it could not be learnt. */
int cli_ask(struct settings *s, const struct cli_ask *ask);

#endif
