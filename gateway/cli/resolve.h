/*
 * resolve - `adit payments resolve, confirm, withdraw, proposals`: an outcome that the
 * provider does not tell is settled by two people, with evidence.
 */
#ifndef GATEWAY_CLI_RESOLVE_H
#define GATEWAY_CLI_RESOLVE_H

#include "gateway/cli/cli.h"

struct cli_resolution {
	const char *verb, *code;
	const char *outcome; /* resolve: "paid", "failed" */
	const char *by, *evidence, *note;
};

bool cli_is_resolution(const char *verb);
/* Exit status; says what is missing. */
int cli_resolve(struct settings *s, const struct cli_resolution *r, bool json);

#endif
