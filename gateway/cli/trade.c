#include "payments/store/trade.h"

#include "gateway/cli/cli.h"
#include "payments/core/unit.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit trade data [--config FILE] [--json]\n"
    "       adit trade list COOPERATIVE [--config FILE] [--json]\n"
    "       adit trade adopt COOPERATIVE [--standard NAME] [--config FILE]\n"
    "       adit trade fee COOPERATIVE MINERAL CODE BASE PAYEE AMOUNT... [--config "
    "FILE]\n"
    "       adit trade fee COOPERATIVE MINERAL CODE --end [--config FILE]\n"
    "       adit trade unit COOPERATIVE NAME GRAMS [--config FILE]\n"
    "       adit trade rule COOPERATIVE MINERAL PAID OFF [--config FILE]\n\n"
    "data:  levies of countries and premiums of standards, with their dates\n"
    "list:  what is taken from a sale, or put on top of it, today\n"
    "adopt: from today the levies of the cooperative's country, and the premium of a\n"
    "       standard (fairtrade, fairmined, ecological).  Look at them first: laws\n"
    "       change.\n"
    "fee:   from today one deduction of a mineral, in place of what has its CODE.  "
    "BASE:\n"
    "         charge     kept by the buyer before the value, a kg as weighed\n"
    "         discount   the same, a kg of pure content\n"
    "         weight     a fee or an advance after it, a kg as weighed\n"
    "         reference  a tax on (content x --reference - weight x --usd or --local)\n"
    "         world, gross  a share of that value\n"
    "       AMOUNT: --usd or --local (money a kg), --percent, --reference (dollars a kg\n"
    "       of content; the board's price if absent)\n"
    "unit:  what the cooperative's own measure weighs; a new version each time\n"
    "rule:  percent of the world price that new prices pay, and how far one officer\n"
    "       may offer off it\n\n"
    "What is in dollars is reckoned with the rate that two officers put on the board, "
    "on\n"
    "the day of each sale.  Every change stands in the chain of decisions.\n\n"
    "  adit trade adopt MGODI --standard fairtrade\n"
    "  adit trade fee MGODI tin smelter charge Minsur --usd 0.8\n"
    "  adit trade fee MGODI tin rra reference Revenue --percent 3 --usd 0.5\n"
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

struct amounts { /* "0" where not given */
	const char *percent, *usd, *local, *reference;
	bool end;
};

static struct amounts
amounts(int *argc, char **argv)
{
	struct amounts a = { .percent = cli_value(argc, argv, "--percent"),
		             .usd = cli_value(argc, argv, "--usd"),
		             .local = cli_value(argc, argv, "--local"),
		             .reference = cli_value(argc, argv, "--reference"),
		             .end = cli_flag(argc, argv, "--end") };

	a.percent = a.percent == NULL ? "0" : a.percent;
	a.usd = a.usd == NULL ? "0" : a.usd;
	a.local = a.local == NULL ? "0" : a.local;
	a.reference = a.reference == NULL ? "0" : a.reference;
	return a;
}

static bool
none(const char *text)
{
	return strspn(text, "0.") == strlen(text);
}

/* Which amounts a base takes, or says why not. */
static bool
fits_base(const char *base, const struct amounts *a)
{
	static const struct {
		const char *base;
		bool percent, money, reference;
	} t[] = { { "charge", false, true, false }, { "discount", false, true, false },
		  { "weight", false, true, false }, { "reference", true, true, true },
		  { "world", true, false, false },  { "gross", true, false, false } };

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		if (strcmp(base, t[i].base) != 0)
			continue;
		if (none(a->percent) != t[i].percent &&
		    (t[i].money || (none(a->usd) && none(a->local))) &&
		    (t[i].percent || none(a->usd) != none(a->local)) &&
		    (t[i].reference || none(a->reference)))
			return true;
		fprintf(stderr, "adit trade: BASE \"%s\" takes %s\n", base,
		        t[i].reference
		            ? "--percent, and --usd or --local, and --reference"
		        : t[i].percent ? "--percent alone"
		                       : "--usd or --local, and nothing else");
		return false;
	}
	fprintf(stderr,
	        "adit trade: BASE is \"%s\", must be charge, discount, weight, "
	        "reference, world or gross\n",
	        base);
	return false;
}

/* w: cooperative, mineral, code, base, payee. */
static int
set_fee(struct settings *s, struct cli_rows *rows, const char *const *w,
        const struct amounts *a)
{
	size_t code = strlen(w[2]);

	if (code == 0 || code > 11 ||
	    (!a->end && (w[4][0] == '\0' || strlen(w[4]) > 31))) {
		fprintf(stderr, "adit trade: CODE must have 1 to 11 signs, PAYEE 1 to "
		                "31\n");
		return CLI_USAGE;
	}
	if (!number("--percent", a->percent, 0, 100) ||
	    !number("--usd", a->usd, 0, 1000000) ||
	    !number("--local", a->local, 0, 1000000000) ||
	    !number("--reference", a->reference, 0, 1000000) ||
	    (!a->end && !fits_base(w[3], a)))
		return CLI_USAGE;
	return show(s, rows, &trade_fee,
	            (const char *[]){ w[0], w[1], w[2], a->end ? "" : w[3],
	                              a->end ? "" : w[4], a->percent, a->usd, a->local,
	                              a->reference, NULL });
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
	const struct amounts a = amounts(&argc, argv);
	const char *what = cli_word(&argc, argv);
	const char *words[6] = { NULL };
	for (int i = 0; i < 5 && (i == 0 || words[i - 1] != NULL); i++)
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
	    words[3] == NULL && standard == NULL)
		return set_unit(s, &rows, words);
	if (what != NULL && strcmp(what, "fee") == 0 && words[2] != NULL &&
	    (words[4] != NULL) == !a.end && (words[3] == NULL) == a.end)
		return set_fee(s, &rows, words, &a);
	if (what != NULL && strcmp(what, "rule") == 0 && words[3] != NULL &&
	    words[4] == NULL)
		return set_rule(s, &rows, words);
	if (what == NULL || strcmp(what, "adopt") != 0 || coop == NULL ||
	    words[1] != NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	return show(s, &rows, &trade_adopt,
	            (const char *[]){ coop, standard == NULL ? "" : standard, NULL });
}
