#include "gateway/cli/cli.h"
#include "payments/store/ledger_check.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit ledger check [--config FILE] [--json]\n\n"
    "Recomputes every balance from the entries and prints each broken invariant.\n"
    "Exit status 0: the books are clean; 1: they are not; 2: they cannot be read.\n\n"
    "  adit ledger check\n"
    "  adit ledger check --json | jq .\n";

int
cli_ledger(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	const struct settings *s = cli_settings_or_environment(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	const char *what = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what == NULL || strcmp(what, "check") != 0) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	return ledger_check(s->pg.conninfo, stdout, json);
}
