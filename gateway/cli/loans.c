#include "gateway/cli/cli.h"
#include "payments/store/overview.h"

#include <stdio.h>
#include <string.h>

static const char help[] = "usage: adit loans list [--config FILE] [--json]\n\n"
                           "Every loan, oldest first; amounts in minor units.  --json "
                           "prints one object a line.\n\n"
                           "  adit loans list\n"
                           "  adit loans list --json | jq -r 'select(.state==\"live\") | "
                           "[.member,.owed] | @tsv'\n";

static const struct cli_column columns[] = {
	{ "loan_id", false, 0 },      { "cooperative_id", true, 4 },
	{ "code", false, 8 },         { "member", false, 8 },
	{ "state", false, 9 },        { "principal", true, 14 },
	{ "fee", true, 12 },          { "total", true, 14 },
	{ "owed", true, 14 },         { "currency", false, 3 },
	{ "weeks", true, 2 },         { "requested_ms", true, 0 },
	{ "paid_ms", true, 0 },       { "closed_ms", true, 0 },
	{ "payment_code", false, 8 }, { NULL, false, 0 },
};

int
cli_loans(int argc, char **argv)
{
	struct cli_rows rows = {
		.columns = columns,
		.last = "00000000-0000-0000-0000-000000000000",
	};

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	rows.json = cli_flag(&argc, argv, "--json");
	const char *what = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what == NULL || strcmp(what, "list") != 0) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	rows.w = cli_open(s, CLI_READS);
	do {
		struct pg_args *a = pg_args_new();
		pg_i32(a, 0);
		pg_text(a, rows.last);
		cli_rows(&rows, &overview_loans, a);
	} while (rows.count > 0);
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}
