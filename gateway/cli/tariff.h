/*
 * tariff - `adit providers tariffs` and `tariff`: what providers charge, as dated data.
 */
#ifndef GATEWAY_CLI_TARIFF_H
#define GATEWAY_CLI_TARIFF_H

#include "gateway/cli/cli.h"

#define CLI_BANDS_MAX 32

struct cli_tariff {
	const char *name, *direction, *currency;
	const char *from; /* "2027-01-01", UTC */
	const char *by, *note;
	const char *bands[CLI_BANDS_MAX]; /* "UPTO:FIXED:RATE_BP[:LEAST[:MOST]]" */
	unsigned count;
};

int cli_tariffs(struct settings *s, bool json);
int cli_tariff(struct settings *s, const struct cli_tariff *t);

#endif
