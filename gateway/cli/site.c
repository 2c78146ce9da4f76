#include "payments/flow/site.h"
#include "gateway/cli/cli.h"
#include "payments/store/moratoria.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit site list|moratoria [COOPERATIVE] [--config FILE] [--json]\n"
    "       adit site add COOPERATIVE CODE NAME [--config FILE]\n"
    "       adit site member COOPERATIVE MEMBER CODE [--config FILE]\n\n"
    "list: the named places where members work, with how many of them do and their\n"
    "live loans.  moratoria: days without payments, to how many loans they were told "
    "and\n"
    "how many wait for it.  add: a new one; a code has up to 12 letters, digits and "
    "hyphens.\n"
    "member: where a member (member number or phone number) works from now on.  Where\n"
    "a cooperative has one site only, everybody works there without being told so.\n\n"
    "  adit site add MGODI GEITA-2 \"Geita pit 2\"\n"
    "  adit site member MGODI M-0003 GEITA-2\n";

static const struct cli_column columns[] = {
	{ "cooperative", false, 10 }, { "code", false, 12 }, { "name", false, 30 },
	{ "members", true, 7 },       { "loans", true, 7 },  { NULL, false, 0 },
};

static const struct cli_column moratoria[] = {
	{ "cooperative", false, 10 }, { "site", false, 12 },    { "from", false, 10 },
	{ "to", false, 10 },          { "interest", false, 8 }, { "state", false, 8 },
	{ "told", true, 7 },          { "waiting", true, 7 },   { NULL, false, 0 },
};

struct by_hand {
	struct cli_world *w;
	bool ok;
};

static void
on_written(void *arg, const struct payments_answer *a)
{
	struct by_hand *h = arg;

	h->w->answered = true;
	h->ok = a->outcome == OUTCOME_OK;
	if (!h->ok)
		cli_complain("site", a);
}

static int
write_by_hand(struct settings *s, const struct site_by_hand *ask)
{
	struct by_hand h = { .w = cli_open(s, CLI_READS) };

	payments_site_by_hand(&h.w->env, ask, on_written, &h);
	cli_await(h.w);
	cli_close(h.w);
	return h.ok ? CLI_OK : CLI_WRONG;
}

static int
list(struct settings *s, bool sites, const char *cooperative, bool json)
{
	struct cli_rows rows = { .columns = sites ? columns : moratoria, .json = json };
	struct pg_args *a = pg_args_new();

	rows.w = cli_open(s, CLI_READS);
	pg_text(a, cooperative == NULL ? "" : cooperative);
	if (!sites)
		pg_i64(a, loop_clock(rows.w->loop)->wall_ms);
	cli_rows(&rows, sites ? &site_list : &moratorium_list, a);
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}

int
cli_site(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	const char *what = cli_word(&argc, argv);
	const char *cooperative = cli_word(&argc, argv);
	const char *second = cli_word(&argc, argv);
	const char *third = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	bool sites = what != NULL && strcmp(what, "list") == 0;
	if (second == NULL && (sites || (what != NULL && strcmp(what, "moratoria") == 0)))
		return list(s, sites, cooperative, json);
	if (what != NULL && strcmp(what, "add") == 0 && third != NULL)
		return write_by_hand(
		    s, &(struct site_by_hand){
		           .cooperative = cooperative, .code = second, .name = third });
	if (what != NULL && strcmp(what, "member") == 0 && third != NULL)
		return write_by_hand(
		    s, &(struct site_by_hand){
		           .cooperative = cooperative, .member = second, .code = third });
	fputs(help, stderr);
	return CLI_USAGE;
}
