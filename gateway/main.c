/* adit - one program; the first word says what it does. */
#include "gateway/cli/cli.h"
#include "gateway/version.h"

#include <stdio.h>
#include <string.h>

static const struct cli_verb verbs[] = {
	{ "serve", cli_serve, "run the gateway" },
	{ "check", cli_check, "settings, menus, translations and schema level" },
	{ "calc", cli_calc, "compute a loan or its yearly cost: JSON in, JSON out" },
	{ "migrate", cli_migrate, "bring the database schema up to date" },
	{ "seed", cli_seed, "make a cooperative to try things with" },
	{ "menu", cli_menu, "check, test and draw the menus" },
	{ "ctl", cli_ctl, "ask the running gateway" },
	{ "phone", cli_phone, "a feature phone in the terminal" },
	{ "payments", cli_payments, "what we believe was paid, and what needs a person" },
	{ "providers", cli_providers, "who pays a number; what each code means" },
	{ "trade", cli_trade, "levies of countries and premiums of standards" },
	{ "wallet", cli_wallet, "what wallets take, and the tier of a member's" },
	{ "site", cli_site, "where members work: list, add, place a member" },
	{ "loans", cli_loans, "list loans, and how late they are" },
	{ "products", cli_products, "what is lent: lint, import, export, list" },
	{ "day", cli_day, "earn charges, tell penalties and remind, for one day" },
	{ "messages", cli_messages, "SMS that a person must read" },
	{ "ledger", cli_ledger, "prove the books from their entries" },
	{ "receipts", cli_receipts, "check a receipt, or the whole chain" },
	{ "bench", cli_bench, "payments by the hundred, for tests" },
	{ NULL, NULL, NULL },
};

static int
usage(FILE *to)
{
	fputs("usage: adit VERB [OPTION...]\n\n", to);
	for (const struct cli_verb *v = verbs; v->name != NULL; v++)
		fprintf(to, "  adit %-10s %s\n", v->name, v->summary);
	fputs("\nadit VERB --help shows examples.  --json where there is a result.\n"
	      "Exit status: 0 done, 1 something is wrong, 2 wrong usage or settings.\n",
	      to);
	return to == stdout ? CLI_OK : CLI_USAGE;
}

int
main(int argc, char **argv)
{
	if (argc < 2)
		return usage(stderr);
	const char *name = argv[1];
	if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 ||
	    strcmp(name, "-h") == 0)
		return usage(stdout);
	if (strcmp(name, "version") == 0 || strcmp(name, "--version") == 0) {
		puts("adit " ADIT_VERSION);
		return CLI_OK;
	}
	for (const struct cli_verb *v = verbs; v->name != NULL; v++) {
		if (strcmp(v->name, name) == 0)
			return v->run(argc - 1, argv + 1);
	}
	fprintf(stderr, "adit: there is no verb \"%s\"\n\n", name);
	return usage(stderr);
}
