#include "gateway/cli/cli.h"
#include "payments/core/day.h"
#include "payments/store/overview.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit loans list|risk [--config FILE] [--date YYYY-MM-DD] [--json]\n\n"
    "  list  every loan, oldest first\n"
    "  risk  live loans by product: principal still out, what is past due, and the\n"
    "        principal of loans that are late at all, by over 30, 60 and 90 days; a\n"
    "        line without a product sums a cooperative\n\n"
    "Amounts in minor units.  --json prints one object a line; --date is for risk, "
    "today\n"
    "if it is not given: what is paid since then counts as paid.\n\n"
    "  adit loans list --json | jq -r 'select(.state==\"live\") | [.member,.owed] | "
    "@tsv'\n"
    "  adit loans risk --date 2026-11-30\n";

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

static const struct cli_column risk_columns[] = {
	{ "cooperative_id", true, 4 },
	{ "currency", false, 3 },
	{ "product", false, 12 },
	{ "loans", true, 7 },
	{ "principal", true, 15 },
	{ "past_due", true, 15 },
	{ "over_1", true, 15 },
	{ "over_30", true, 15 },
	{ "over_60", true, 15 },
	{ "over_90", true, 15 },
	{ NULL, false, 0 },
};

static void
list_loans(struct cli_rows *rows)
{
	do {
		struct pg_args *a = pg_args_new();

		pg_i32(a, 0);
		pg_text(a, rows->last);
		cli_rows(rows, &overview_loans, a);
	} while (rows->count > 0);
}

static void
show_risk(struct cli_rows *rows, const int32_t *day)
{
	struct pg_args *a = pg_args_new();

	if (day == NULL)
		pg_null(a);
	else
		pg_i32(a, *day);
	pg_i64(a, loop_clock(rows->w->loop)->wall_ms);
	if (!rows->json)
		printf("%4s  %3s  %-12s  %7s  %15s  %15s  %15s  %15s  %15s  %15s\n",
		       "coop", "", "product", "loans", "principal", "past due", "late",
		       "over 30 days", "over 60", "over 90");
	cli_rows(rows, &overview_risk, a);
}

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
	const char *date = cli_value(&argc, argv, "--date");
	rows.json = cli_flag(&argc, argv, "--json");
	const char *what = cli_word(&argc, argv);
	int32_t day = 0;
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	bool risk = what != NULL && strcmp(what, "risk") == 0;
	if (!risk && (what == NULL || strcmp(what, "list") != 0 || date != NULL)) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	if (date != NULL && !day_parse(date, strlen(date), &day)) {
		fprintf(stderr, "adit loans: --date: give a day as YYYY-MM-DD\n");
		return CLI_USAGE;
	}
	rows.w = cli_open(s, CLI_READS);
	if (risk) {
		rows.columns = risk_columns;
		show_risk(&rows, date != NULL ? &day : NULL);
	} else {
		list_loans(&rows);
	}
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}
