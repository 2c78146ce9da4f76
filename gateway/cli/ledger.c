#include "gateway/cli/cli.h"
#include "payments/core/day.h"
#include "payments/flow/books.h"
#include "payments/store/ledger_check.h"
#include "payments/store/ledger_export.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit ledger check|balance [--config FILE] [--json]\n"
    "       adit ledger export --hledger [--from DAY] [--to DAY] [--config FILE]\n\n"
    "  check    recomputes every balance from the entries, prints each broken invariant\n"
    "  balance  the trial balance: minor units and milligrams by kind of account\n"
    "  export   a journal for hledger, with balance assertions; days as 2026-11-29\n\n"
    "Exit status 0: the books are clean; 1: they are not; 2: they cannot be read.\n\n"
    "  adit ledger check\n"
    "  adit ledger check --json | jq .\n"
    "  adit ledger export --hledger >adit.journal && hledger -f adit.journal check\n";

static bool
read_day(const char *text, bool *has, int32_t *day)
{
	*has = text != NULL;
	if (text == NULL || day_parse(text, strlen(text), day))
		return true;
	fprintf(stderr, "adit ledger: a day is written as 2026-11-29\n");
	return false;
}

static int
export_journal(const struct settings *s, const struct ledger_journal *days)
{
	struct ledger_owner owners[SETTINGS_PROVIDERS_MAX];
	struct ledger_journal what = *days;

	what.owners = owners;
	for (; what.owner_count < s->provider_count; what.owner_count++) {
		const struct settings_provider *p = &s->providers[what.owner_count];

		owners[what.owner_count] =
		    (struct ledger_owner){ account_float(p->name, p->currency).owner,
			                   p->name };
	}
	return ledger_export_hledger(s->pg.conninfo, &what, stdout);
}

int
cli_ledger(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	const struct settings *s = cli_settings_or_environment(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	bool hledger = cli_flag(&argc, argv, "--hledger");
	const char *from = cli_value(&argc, argv, "--from");
	const char *to = cli_value(&argc, argv, "--to");
	const char *what = cli_word(&argc, argv);
	struct ledger_journal days = { .owners = NULL };
	if (s == NULL || !cli_done(argc, argv) ||
	    !read_day(from, &days.has_from, &days.from) ||
	    !read_day(to, &days.has_to, &days.to))
		return CLI_USAGE;
	if (what != NULL && strcmp(what, "export") == 0 && hledger && !json)
		return export_journal(s, &days);
	if (what != NULL && strcmp(what, "check") == 0)
		return ledger_check(s->pg.conninfo, stdout, json);
	if (what != NULL && strcmp(what, "balance") == 0)
		return ledger_balance(s->pg.conninfo, stdout, json);
	fputs(help, stderr);
	return CLI_USAGE;
}
