#include "payments/store/wallet.h"
#include "gateway/cli/cli.h"
#include "payments/flow/wallet_tier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: adit wallet limits [--config FILE] [--json]\n"
    "       adit wallet tier COOPERATIVE MEMBER TIER [--config FILE]\n\n"
    "limits: what wallets take, by country, provider and tier of the holder, as in "
    "force\n"
    "today; minor units, 0: none known.  A payout above them comes in parts.\n"
    "tier: how well the provider knows who holds the wallet of a member (member number "
    "or\n"
    "phone number), 1 least.  Unknown counts as 1.\n\n"
    "  adit wallet tier MGODI M-0003 2\n";

static const struct cli_column columns[] = {
	{ "country", false, 2 }, { "provider", false, 8 },    { "currency", false, 3 },
	{ "tier", true, 4 },     { "valid_from", false, 10 }, { "per_payment", true, 12 },
	{ "per_day", true, 12 }, { "per_month", true, 12 },   { "per_year", true, 12 },
	{ "balance", true, 12 }, { "minimum", true, 8 },      { "source", false, 30 },
	{ NULL, false, 0 },
};

struct setting {
	struct cli_world *w;
	bool ok;
};

static void
on_set(void *arg, const struct payments_answer *a)
{
	struct setting *t = arg;

	t->w->answered = true;
	t->ok = a->outcome == OUTCOME_OK;
	if (!t->ok)
		cli_complain("wallet", a);
}

static int
set_tier(struct settings *s, const struct wallet_tier_ask *ask)
{
	struct setting t = { .w = cli_open(s, CLI_READS) };

	payments_wallet_tier(&t.w->env, ask, on_set, &t);
	cli_await(t.w);
	cli_close(t.w);
	return t.ok ? CLI_OK : CLI_WRONG;
}

static int
list_limits(struct settings *s, bool json)
{
	struct cli_rows rows = { .columns = columns, .json = json };
	struct pg_args *a = pg_args_new();

	rows.w = cli_open(s, CLI_READS);
	pg_i64(a, loop_clock(rows.w->loop)->wall_ms);
	cli_rows(&rows, &wallet_list, a);
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}

int
cli_wallet(int argc, char **argv)
{
	struct wallet_tier_ask ask = { 0 };

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	const char *what = cli_word(&argc, argv);
	ask.cooperative = cli_word(&argc, argv);
	ask.member = cli_word(&argc, argv);
	const char *tier = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && strcmp(what, "limits") == 0 && ask.cooperative == NULL)
		return list_limits(s, json);
	if (what == NULL || strcmp(what, "tier") != 0 || tier == NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	if (strlen(tier) != 1 || tier[0] < '1' || tier[0] > '9') {
		fprintf(stderr, "adit wallet: TIER is \"%s\", must be 1 to %d\n", tier,
		        WALLET_TIER_MAX);
		return CLI_USAGE;
	}
	ask.tier = tier[0] - '0';
	return set_tier(s, &ask);
}
