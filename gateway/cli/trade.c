#include "payments/store/trade.h"

#include "gateway/cli/cli.h"
#include "payments/core/unit.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit trade data [--config FILE] [--json]\n"
    "       adit trade list COOPERATIVE [--config FILE] [--json]\n"
    "       adit trade adopt COOPERATIVE [--standard NAME --fx MONEY] [--config FILE]\n"
    "       adit trade unit COOPERATIVE NAME GRAMS [--config FILE]\n"
    "       adit trade rule COOPERATIVE MINERAL PAID OFF [--config FILE]\n\n"
    "data:  levies of countries and premiums of standards, with their dates\n"
    "list:  what is taken from a sale, or put on top of it, today\n"
    "adopt: from today the levies of the cooperative's country, and the premium of a\n"
    "       standard (fairtrade, fairmined, ecological) at MONEY a dollar.  Look at\n"
    "       them first: laws change.\n"
    "unit:  what the cooperative's own measure weighs; a new version each time\n"
    "rule:  percent of the world price that new prices pay, and how far one officer\n"
    "       may offer off it\n\n"
    "  adit trade adopt MGODI --standard fairtrade --fx 2650\n"
    "  adit trade unit MGODI renge 1.25\n"
    "  adit trade rule MGODI tin 75 2.5\n";

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

static const struct cli_column unit_columns[] = {
	{ "unit", false, 11 },
	{ "version", true, 7 },
	{ "milligrams", false, 20 },
	{ NULL, false, 0 },
};

static const struct cli_column mineral_columns[] = {
	{ "mineral", false, 9 },
	{ "paid", false, 7 },
	{ "off", false, 7 },
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

/* A decimal between two whole numbers, or says why not. */
static bool
number(const char *name, const char *text, int64_t least, int64_t most)
{
	struct exact n;

	if (exact_parse(text, &n) && !exact_below(n, exact_of(least, 1)) &&
	    !exact_above(n, exact_of(most, 1)))
		return true;
	fprintf(stderr, "adit trade: %s is \"%s\", must be a decimal from %lld to %lld\n",
	        name, text, (long long)least, (long long)most);
	return false;
}

static int
set_unit(struct settings *s, struct cli_rows *rows, const char *const *w)
{
	struct unit u = { .mg_num = 1, .mg_den = 1, .version = 1 };
	struct err err = err_none();
	struct exact grams;

	snprintf(u.code, sizeof u.code, "%s", w[1]);
	if (strlen(w[1]) >= sizeof u.code || unit_check(&u, &err) < 0 ||
	    strspn(w[1], "abcdefghijklmnopqrstuvwxyz0123456789") != strlen(w[1])) {
		fprintf(stderr,
		        "adit trade: NAME is \"%s\", must be 1 to 11 small letters "
		        "and digits\n",
		        w[1]);
		return CLI_USAGE;
	}
	if (!number("GRAMS", w[2], 0, 1000000))
		return CLI_USAGE;
	if (!exact_parse(w[2], &grams) || !exact_over_zero(grams) || strlen(w[2]) > 12) {
		fprintf(stderr,
		        "adit trade: GRAMS is \"%s\", must be over zero, at most 12 "
		        "signs\n",
		        w[2]);
		return CLI_USAGE;
	}
	rows->columns = unit_columns;
	return show(s, rows, &trade_unit, w);
}

static int
set_rule(struct settings *s, struct cli_rows *rows, const char *const *w)
{
	if (!number("PAID", w[2], 1, 100) || !number("OFF", w[3], 0, 100))
		return CLI_USAGE;
	rows->columns = mineral_columns;
	return show(s, rows, &trade_rule, w);
}

/* w: cooperative, standard, dollar rate; each "" if it was not given. */
static int
adopt(struct settings *s, struct cli_rows *rows, const char *const *w)
{
	struct exact rate;

	if (w[2][0] != '\0' && (!exact_parse(w[2], &rate) || !exact_over_zero(rate))) {
		fprintf(stderr,
		        "adit trade: --fx is \"%s\", must be a decimal over zero\n",
		        w[2]);
		return CLI_USAGE;
	}
	return show(s, rows, &trade_adopt, w);
}

int
cli_trade(int argc, char **argv)
{
	struct cli_rows rows = { .columns = rule_columns };

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	rows.json = cli_flag(&argc, argv, "--json");
	const char *standard = cli_value(&argc, argv, "--standard");
	const char *fx = cli_value(&argc, argv, "--fx");
	const char *what = cli_word(&argc, argv);
	const char *words[5] = { NULL };
	for (int i = 0; i < 4 && (i == 0 || words[i - 1] != NULL); i++)
		words[i] = cli_word(&argc, argv);
	const char *coop = words[0];
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && strcmp(what, "data") == 0 && coop == NULL) {
		rows.columns = data_columns;
		return show(s, &rows, &trade_data, (const char *[]){ NULL });
	}
	if (what != NULL && strcmp(what, "list") == 0 && coop != NULL && words[1] == NULL)
		return show(s, &rows, &trade_list, (const char *[]){ coop, NULL });
	if (what != NULL && strcmp(what, "unit") == 0 && words[2] != NULL &&
	    words[3] == NULL)
		return set_unit(s, &rows, words);
	if (what != NULL && strcmp(what, "rule") == 0 && words[3] != NULL)
		return set_rule(s, &rows, words);
	if (what == NULL || strcmp(what, "adopt") != 0 || coop == NULL ||
	    words[1] != NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	return adopt(s, &rows,
	             (const char *[]){ coop, standard == NULL ? "" : standard,
	                               fx == NULL ? "" : fx, NULL });
}
