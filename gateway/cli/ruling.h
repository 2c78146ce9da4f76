/*
 * ruling - what officers decide about a payment from the shell: let one to another name
 * go or end it, settle one whose outcome nobody says.  Who decides is an officer of the
 * cooperative, by number of member or phone; all of it is kept in the audit.
 */
#ifndef GATEWAY_CLI_RULING_H
#define GATEWAY_CLI_RULING_H

#include "gateway/cli/cli.h"

struct cli_ruling {
	const char *verb; /* "release", "refuse", "resolve" */
	const char *code;
	const char *outcome; /* resolve: "paid", "failed" */
	const char *by, *note, *evidence;
	bool confirm; /* resolve: the second officer */
};

bool cli_is_ruling(const char *verb);
/* Without `by`, release shows both names and decides nothing. */
int cli_rule(struct settings *s, const struct cli_ruling *r);

#endif
