#include "payments/store/wallet.h"
#include "gateway/cli/cli.h"
#include "payments/core/day.h"
#include "payments/flow/wallet_tier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK_MS     10000
#define NOTE_MAX   200
#define DIGITS_MAX 15

static const char help[] =
    "usage: adit wallet limits [--config FILE] [--json]\n"
    "       adit wallet prompts [--config FILE] [--json]\n"
    "       adit wallet prompt PROVIDER CURRENCY LEAST MOST --from YYYY-MM-DD --by WHO\n"
    "                          --note SOURCE [--config FILE]\n"
    "       adit wallet tier COOPERATIVE MEMBER TIER [--config FILE]\n\n"
    "limits: what wallets take, by country, provider and tier of the holder, as in "
    "force\n"
    "today; minor units, 0: none known.  A payout above them comes in parts.\n"
    "prompts: the least and the most that a provider asks a wallet for at once; "
    "without a\n"
    "provider: each of the currency that has no row of its own.\n"
    "prompt: one row more, minor units, 0: no bound; in force from that day on "
    "(PROVIDER\n"
    "\"\" : as above).\n"
    "tier: how well the provider knows who holds the wallet of a member (member number "
    "or\n"
    "phone number), 1 least.  Unknown counts as 1.\n\n"
    "  adit wallet tier MGODI M-0003 2\n"
    "  adit wallet prompt mtn UGX 500 5000000 --from 2026-12-01 --by amina --note "
    "\"letter of 12 Nov\"\n";

static const struct cli_column columns[] = {
	{ "country", false, 2 }, { "provider", false, 8 },    { "currency", false, 3 },
	{ "tier", true, 4 },     { "valid_from", false, 10 }, { "per_payment", true, 12 },
	{ "per_day", true, 12 }, { "per_month", true, 12 },   { "per_year", true, 12 },
	{ "balance", true, 12 }, { "minimum", true, 8 },      { "source", false, 30 },
	{ NULL, false, 0 },
};

static const struct cli_column prompts[] = {
	{ "provider", false, 16 }, { "currency", false, 3 }, { "valid_from", false, 10 },
	{ "least", true, 12 },     { "most", true, 12 },     { "source", false, 30 },
	{ "set_by", false, 16 },   { NULL, false, 0 },
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

/* ---- prompts ---- */

static int
list_prompts(struct settings *s, bool json)
{
	struct cli_rows rows = { .columns = prompts, .json = json };

	rows.w = cli_open(s, CLI_READS);
	cli_rows(&rows, &prompt_limit_list, pg_args_new());
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}

struct prompt_row {
	const char *provider, *currency, *least, *most, *from, *by, *note;
	struct bounds bounds; /* least and most, read */
};

static bool
complain(const char *what, const char *must)
{
	fprintf(stderr, "adit wallet prompt: %s %s\n", what, must);
	return false;
}

static bool
read_amount(const char *text, int64_t *out)
{
	size_t n = text == NULL ? 0 : strlen(text);

	if (n == 0 || n > DIGITS_MAX || strspn(text, "0123456789") != n)
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

static bool
is_text(const char *text, size_t most)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= most;
}

static bool
row_read(struct prompt_row *r)
{
	int32_t day;

	if (r->provider == NULL || strlen(r->provider) > 15)
		return complain("PROVIDER", "must be the name of an entry of the "
		                            "settings, or \"\"");
	if (r->currency == NULL || strlen(r->currency) != 3)
		return complain("CURRENCY", "must be three letters");
	if (!read_amount(r->least, &r->bounds.least) ||
	    !read_amount(r->most, &r->bounds.most))
		return complain("LEAST and MOST", "must be amounts in minor units");
	if (r->bounds.most > 0 && r->bounds.least > r->bounds.most)
		return complain("LEAST", "must not be over MOST");
	if (r->from == NULL || !day_parse(r->from, strlen(r->from), &day))
		return complain("--from", "must be a day: YYYY-MM-DD");
	if (!is_text(r->by, NOTE_MAX) || !is_text(r->note, NOTE_MAX))
		return complain("--by and --note", "must say who, and from where it is "
		                                   "known (200 letters at most)");
	return true;
}

static void
on_added(void *arg, const struct pg_reply *r)
{
	struct setting *t = arg;

	t->w->answered = true;
	t->ok = r->err.code == ERR_NONE && r->rows == 1 && reply_bool(r, 0, 0);
	if (r->err.code != ERR_NONE)
		complain("not written:", r->err.what);
	else if (!t->ok)
		complain("--from", "is a day of which there is a row: choose another");
}

static int
add_prompt(struct settings *s, struct prompt_row *row)
{
	struct setting t = { .ok = false };
	struct pg_args *a;

	if (!row_read(row))
		return CLI_USAGE;
	t.w = cli_open(s, CLI_READS);
	a = pg_args_new();
	pg_text(a, row->provider);
	pg_text(a, row->currency);
	pg_text(a, row->from);
	pg_i64(a, row->bounds.least);
	pg_i64(a, row->bounds.most);
	pg_text(a, row->by);
	pg_text(a, row->note);
	pg_i64(a, loop_clock(t.w->loop)->wall_ms);
	pg_call(t.w->env.pg, &prompt_limit_add, a, ASK_MS, on_added, &t);
	cli_await(t.w);
	cli_close(t.w);
	return t.ok ? CLI_OK : CLI_WRONG;
}

int
cli_wallet(int argc, char **argv)
{
	struct wallet_tier_ask ask = { 0 };

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	struct prompt_row row = { .from = cli_value(&argc, argv, "--from"),
		                  .by = cli_value(&argc, argv, "--by"),
		                  .note = cli_value(&argc, argv, "--note") };
	const char *what = cli_word(&argc, argv);
	ask.cooperative = cli_word(&argc, argv);
	ask.member = cli_word(&argc, argv);
	const char *tier = cli_word(&argc, argv);
	row.provider = ask.cooperative;
	row.currency = ask.member;
	row.least = tier;
	row.most = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && strcmp(what, "limits") == 0 && ask.cooperative == NULL)
		return list_limits(s, json);
	if (what != NULL && strcmp(what, "prompts") == 0 && ask.cooperative == NULL)
		return list_prompts(s, json);
	if (what != NULL && strcmp(what, "prompt") == 0)
		return add_prompt(s, &row);
	if (what == NULL || strcmp(what, "tier") != 0 || tier == NULL ||
	    row.most != NULL) {
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
