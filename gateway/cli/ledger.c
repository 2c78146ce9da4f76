#include "gateway/cli/cli.h"
#include "payments/store/ledger_check.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit ledger check|balance [--config FILE] [--json]\n\n"
    "  check    recomputes every balance from the entries, prints each broken invariant\n"
    "  balance  the trial balance: minor units and milligrams by kind of account\n\n"
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
	if (what != NULL && strcmp(what, "check") == 0)
		return ledger_check(s->pg.conninfo, stdout, json);
	if (what != NULL && strcmp(what, "balance") == 0)
		return ledger_balance(s->pg.conninfo, stdout, json);
	fputs(help, stderr);
	return CLI_USAGE;
}
