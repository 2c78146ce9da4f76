#include "payments/store/trade.h"

#include "gateway/cli/cli.h"
#include "payments/core/exact.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit trade data [--config FILE] [--json]\n"
    "       adit trade list COOPERATIVE [--config FILE] [--json]\n"
    "       adit trade adopt COOPERATIVE [--standard NAME --fx MONEY] [--config FILE]\n\n"
    "data:  levies of countries and premiums of standards, with their dates\n"
    "list:  what is taken from a sale, or put on top of it, today\n"
    "adopt: from today the levies of the cooperative's country, and the premium of a\n"
    "       standard (fairtrade, fairmined, ecological) at MONEY a dollar.  Look at\n"
    "       them first: laws change.\n\n"
    "  adit trade adopt MGODI --standard fairtrade --fx 2650\n";

static const struct cli_column data_columns[] = {
	{ "what", false, 8 },    { "name", false, 14 }, { "mineral", false, 9 },
	{ "rate", false, 18 },   { "from", false, 10 }, { "to", false, 10 },
	{ "source", false, 40 }, { NULL, false, 0 },
};

static const struct cli_column rule_columns[] = {
	{ "code", false, 11 }, { "mineral", false, 9 }, { "base", false, 8 },
	{ "rate", false, 26 }, { "payee", false, 26 },  { "from", false, 10 },
	{ NULL, false, 0 },
};

static int
show(struct settings *s, struct cli_rows *rows, const struct pg_statement *st,
     const char *const *texts)
{
	struct pg_args *a = pg_args_new();

	rows->w = cli_open(s, CLI_READS);
	for (; *texts != NULL; texts++)
		pg_text(a, *texts);
	if (st != &trade_data)
		pg_i64(a, loop_clock(rows->w->loop)->wall_ms);
	cli_rows(rows, st, a);
	cli_close(rows->w);
	return rows->failed ? CLI_WRONG : CLI_OK;
}

int
cli_trade(int argc, char **argv)
{
	struct cli_rows rows = { .columns = rule_columns };
	struct exact rate;

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	rows.json = cli_flag(&argc, argv, "--json");
	const char *standard = cli_value(&argc, argv, "--standard");
	const char *fx = cli_value(&argc, argv, "--fx");
	const char *what = cli_word(&argc, argv);
	const char *coop = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && strcmp(what, "data") == 0 && coop == NULL) {
		rows.columns = data_columns;
		return show(s, &rows, &trade_data, (const char *[]){ NULL });
	}
	if (what != NULL && strcmp(what, "list") == 0 && coop != NULL)
		return show(s, &rows, &trade_list, (const char *[]){ coop, NULL });
	if (what == NULL || strcmp(what, "adopt") != 0 || coop == NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	if (fx != NULL && (!exact_parse(fx, &rate) || !exact_over_zero(rate))) {
		fprintf(stderr,
		        "adit trade: --fx is \"%s\", must be a decimal over zero\n", fx);
		return CLI_USAGE;
	}
	return show(s, &rows, &trade_adopt,
	            (const char *[]){ coop, standard == NULL ? "" : standard,
	                              fx == NULL ? "" : fx, NULL });
}
