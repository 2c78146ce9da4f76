/*
 * tariffs - the verbs of `adit providers` about what providers charge.
 */
#ifndef GATEWAY_CLI_TARIFFS_H
#define GATEWAY_CLI_TARIFFS_H

#include "gateway/cli/cli.h"

struct cli_tariff {
	const char *name;      /* of the provider's entry in the settings */
	const char *direction; /* out, in, cashout */
	const char *from;      /* "2026-12-01" */
	const char *up_to, *fixed, *percent, *most; /* NULL: 0 */
	const char *by, *note;                      /* who, and where it is written */
};

/* Takes the options that only it knows out of the arguments. */
void cli_tariff_options(struct cli_tariff *t, int *argc, char **argv);
/* Adds a band.  The exit status. */
int cli_tariff_add(struct settings *s, const struct cli_tariff *t);
int cli_tariff_list(struct settings *s, bool json);

#endif
