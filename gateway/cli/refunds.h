/*
 * refunds - the words of `adit payments` about giving money back.
 */
#ifndef GATEWAY_CLI_REFUNDS_H
#define GATEWAY_CLI_REFUNDS_H

#include "gateway/cli/cli.h"

struct cli_refund {
	const char *code; /* of the collection or arrival */
	const char *by;   /* officer: member number or phone number */
	const char *note; /* of who asks */
	bool confirm, withdraw;
};

/* Asks, confirms or withdraws.  The exit status. */
int cli_refund(struct settings *s, const struct cli_refund *ask);
int cli_refunds(struct settings *s, bool json);

#endif
