/*
 * rail - the verbs of `adit providers` that look at and change what goes to a provider.
 */
#ifndef GATEWAY_CLI_RAIL_H
#define GATEWAY_CLI_RAIL_H

#include "gateway/cli/cli.h"

/* Prints a line for each entry of the settings.  The exit status. */
int cli_rail_list(struct settings *s, bool json);

struct cli_pause {
	bool pause;            /* else resume */
	const char *name;      /* of the entry */
	const char *by, *note; /* who and why; kept in provider_pause_log */
};

/* The order in which a cooperative likes providers best, instead of the one before. */
struct cli_prefer {
	const char *cooperative; /* code */
	const char *by, *note;
	const char *names[SETTINGS_PROVIDERS_MAX];
	unsigned count;
};

int cli_rail_prefer(struct settings *s, const struct cli_prefer *ask);
int cli_rail_pause(struct settings *s, const struct cli_pause *ask);

#endif
