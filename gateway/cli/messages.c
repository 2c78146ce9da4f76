#include "gateway/cli/cli.h"
#include "lib/msisdn.h"
#include "payments/flow/unread.h"
#include "payments/store/trace.h"
#include "payments/store/unread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: adit messages unread [COOPERATIVE] [--config FILE] [--json]\n"
    "       adit messages seen COOPERATIVE NUMBER BY [--config FILE]\n"
    "       adit messages trace PHONE [--days 7] [--cooperative CODE] [--config FILE] "
    "[--json]\n\n"
    "unread: SMS of members that are no command, oldest first: what a person must read.\n"
    "A text that looks as if it held a PIN is not among them: it is kept nowhere.\n"
    "Times are UTC.  seen: BY has dealt with it; it leaves the list.\n"
    "trace: what went to a phone and came from it, the newest 500: SMS by their "
    "template\n"
    "(never their words), payments and what was said about them, money that arrived\n"
    "unasked.  USSD is kept nowhere.  Amounts are in minor units; the number is "
    "masked.\n\n"
    "  adit messages unread MGODI\n"
    "  adit messages seen MGODI 12 treasurer\n"
    "  adit messages trace +255712000100 --days 30\n";

static const struct cli_column columns[] = {
	{ "number", true, 6 },  { "cooperative", false, 10 }, { "member", false, 8 },
	{ "phone", false, 15 }, { "at", false, 16 },          { "text", false, 1 },
	{ NULL, false, 0 },
};

static int
list(struct settings *s, const char *cooperative, bool json)
{
	struct cli_rows rows = { .columns = columns, .json = json };
	struct pg_args *a = pg_args_new();

	rows.w = cli_open(s, CLI_READS);
	pg_text(a, cooperative == NULL ? "" : cooperative);
	cli_rows(&rows, &unread_list, a);
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}

struct seen {
	struct cli_world *w;
	bool ok;
};

static void
on_seen(void *arg, const struct payments_answer *a)
{
	struct seen *seen = arg;

	seen->w->answered = true;
	seen->ok = a->outcome == OUTCOME_OK;
	if (!seen->ok)
		cli_complain("messages", a);
}

static int
mark(struct settings *s, const char *cooperative, const char *number, const char *by)
{
	char *end;
	long long n = strtoll(number, &end, 10);
	struct seen seen = { .ok = false };

	if (*end != '\0' || n <= 0) {
		fprintf(stderr, "adit messages: %s is no number of a message\n", number);
		return CLI_USAGE;
	}
	seen.w = cli_open(s, CLI_READS);
	payments_unread_seen(&seen.w->env, cooperative, n, by, on_seen, &seen);
	cli_await(seen.w);
	cli_close(seen.w);
	return seen.ok ? CLI_OK : CLI_WRONG;
}

#define DAY_MS 86400000LL

static const struct cli_column trace_columns[] = {
	{ "at", false, 19 },    { "cooperative", false, 8 }, { "number", false, 15 },
	{ "kind", false, 7 },   { "way", false, 4 },         { "name", false, 22 },
	{ "state", false, 18 }, { "amount", true, 10 },      { "currency", false, 3 },
	{ "by", false, 12 },    { "why", false, 1 },         { NULL, false, 0 },
};

struct trace {
	const char *phone, *cooperative, *days; /* the latter two NULL: not said */
	bool json;
};

static int
trace(struct settings *s, const struct trace *t)
{
	struct cli_rows rows = { .columns = trace_columns, .json = t->json };
	char masked[MSISDN_MAX + 1], *end = NULL;
	long days = t->days == NULL ? 7 : strtol(t->days, &end, 10);
	struct msisdn number;

	if (!msisdn_parse(t->phone, strlen(t->phone), NULL, &number)) {
		fprintf(stderr, "adit messages: %s is no number: +255712000100\n",
		        t->phone);
		return CLI_USAGE;
	}
	if (days < 1 || days > 3660 || (end != NULL && *end != '\0')) {
		fputs("adit messages: --days is a number from 1 to 3660\n", stderr);
		return CLI_USAGE;
	}
	rows.w = cli_open(s, CLI_READS);
	struct pg_args *a = pg_args_new();
	pg_text(a, number.digits);
	pg_i64(a, rows.w->clock.wall_ms - days * DAY_MS);
	pg_text(a, msisdn_mask(number.digits, masked));
	pg_text(a, t->cooperative == NULL ? "" : t->cooperative);
	cli_rows(&rows, &trace_number, a);
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}

int
cli_messages(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	const char *of = cli_value(&argc, argv, "--cooperative");
	const char *days = cli_value(&argc, argv, "--days");
	const char *what = cli_word(&argc, argv);
	const char *cooperative = cli_word(&argc, argv);
	const char *number = cli_word(&argc, argv);
	const char *by = cli_word(&argc, argv);

	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (what != NULL && strcmp(what, "trace") == 0 && cooperative != NULL &&
	    number == NULL)
		return trace(s, &(struct trace){ cooperative, of, days, json });
	if (of != NULL || days != NULL) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	if (what != NULL && strcmp(what, "unread") == 0 && number == NULL)
		return list(s, cooperative, json);
	if (what != NULL && strcmp(what, "seen") == 0 && by != NULL)
		return mark(s, cooperative, number, by);
	fputs(help, stderr);
	return CLI_USAGE;
}
