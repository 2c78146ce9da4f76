/*
 * bill - the verbs of `adit providers` for a pay bill of Safaricom's (codec daraja).
 */
#ifndef GATEWAY_CLI_BILL_H
#define GATEWAY_CLI_BILL_H

#include "gateway/cli/cli.h"

struct cli_bill {
	const char *name;        /* of the entry */
	const char *cooperative; /* whose bill it is: a part of our pages' URLs */
	const char *nominated;   /* register: for pulls, too; NULL: not */
	const char *gateway;     /* pull: its URL; NULL: as the settings say */
	int64_t hours;           /* pull: so far back */
	unsigned version;        /* register: of their call */
	bool cancels, dry;
};

/* Tells Safaricom our two pages.  The exit status. */
int cli_bill_register(struct settings *s, const struct cli_bill *ask);
/* Fetches what came and tells it to the running gateway, which knows what it has. */
int cli_bill_pull(struct settings *s, const struct cli_bill *ask);

#endif
