#include "gateway/cli/tariffs.h"

#include "payments/core/contract.h"
#include "payments/core/day.h"
#include "payments/store/tariffs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK_MS     10000
#define NOTE_MAX   200
#define BP_OF_PCT  10000 /* millionths of a percent in a hundredth */
#define DIGITS_MAX 15

static const struct cli_column columns[] = {
	{ .name = "provider", .width = 16 },
	{ .name = "currency", .width = 3 },
	{ .name = "direction", .width = 7 },
	{ .name = "valid_from", .width = 10 },
	{ .name = "up_to", .width = 14, .number = true },
	{ .name = "fixed", .width = 10, .number = true },
	{ .name = "share_bp", .width = 5, .number = true },
	{ .name = "most", .width = 10, .number = true },
	{ .name = "source", .width = 30 },
	{ .name = "set_by", .width = 16 },
	{ .name = NULL },
};

void
cli_tariff_options(struct cli_tariff *t, int *argc, char **argv)
{
	t->from = cli_value(argc, argv, "--from");
	t->up_to = cli_value(argc, argv, "--up-to");
	t->fixed = cli_value(argc, argv, "--fixed");
	t->percent = cli_value(argc, argv, "--percent");
	t->most = cli_value(argc, argv, "--most");
}

static bool
say(const char *what, const char *must)
{
	fprintf(stderr, "adit providers tariff: %s %s\n", what, must);
	return false;
}

/* Minor units; NULL is 0. */
static bool
amount(const char *name, const char *text, int64_t *out)
{
	size_t n = text == NULL ? 0 : strlen(text);

	*out = 0;
	if (text == NULL)
		return true;
	if (n == 0 || n > DIGITS_MAX || strspn(text, "0123456789") != n)
		return say(name, "must be an amount in minor units, digits only");
	*out = strtoll(text, NULL, 10);
	return true;
}

static bool
share(const char *text, int32_t *bp)
{
	int64_t pct = 0;

	*bp = 0;
	if (text == NULL)
		return true;
	if (!percent_parse(text, &pct) || pct % BP_OF_PCT != 0 || pct > 100 * PCT_ONE)
		return say("--percent", "must be 0 to 100, two decimals at most");
	*bp = (int32_t)(pct / BP_OF_PCT);
	return true;
}

static bool
one_of_three(const char *direction)
{
	return direction != NULL &&
	       (strcmp(direction, "out") == 0 || strcmp(direction, "in") == 0 ||
	        strcmp(direction, "cashout") == 0);
}

static bool
is_text(const char *text)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= NOTE_MAX;
}

struct adding {
	struct cli_world *w;
	bool failed, added;
};

static void
on_added(void *arg, const struct pg_reply *r)
{
	struct adding *a = arg;

	a->w->answered = true;
	a->failed = r->err.code != ERR_NONE;
	a->added = !a->failed && reply_bool(r, 0, 0);
	if (a->failed)
		fprintf(stderr, "adit providers: the database says: %s\n", r->message);
}

/* NULL after saying what is wrong; provider, ..., most. */
static struct pg_args *
arguments(const struct settings *s, const struct cli_tariff *t)
{
	const struct settings_provider *p =
	    t->name == NULL ? NULL : settings_provider(s, t->name);
	int64_t up_to, fixed, most;
	int32_t bp, day;
	struct pg_args *a;

	if (p == NULL)
		say("NAME", "is no entry of the settings");
	else if (!one_of_three(t->direction))
		say("the direction", "must be out, in or cashout");
	else if (t->from == NULL || !day_parse(t->from, strlen(t->from), &day))
		say("--from", "must be a day, such as 2026-12-01");
	else if (!is_text(t->by) || !is_text(t->note))
		say("--by WHO and --note", "(where the fee is written) are needed");
	else if (amount("--up-to", t->up_to, &up_to) &&
	         amount("--fixed", t->fixed, &fixed) && share(t->percent, &bp) &&
	         amount("--most", t->most, &most)) {
		a = pg_args_new();
		pg_text(a, p->name);
		pg_text(a, p->currency);
		pg_text(a, t->direction);
		pg_text(a, t->from);
		pg_i64(a, up_to);
		pg_i64(a, fixed);
		pg_i32(a, bp);
		pg_i64(a, most);
		return a;
	}
	return NULL;
}

int
cli_tariff_add(struct settings *s, const struct cli_tariff *t)
{
	struct adding add = { .failed = false };
	struct pg_args *a = arguments(s, t);

	if (a == NULL)
		return CLI_USAGE;
	add.w = cli_open(s, CLI_READS);
	pg_text(a, t->by);
	pg_text(a, t->note);
	pg_i64(a, loop_clock(add.w->loop)->wall_ms);
	pg_call(add.w->env.pg, &tariff_add, a, ASK_MS, on_added, &add);
	cli_await(add.w);
	cli_close(add.w);
	if (!add.failed && !add.added)
		say("that band of that day",
		    "is known already: what was booked stays, name another day");
	return add.added ? CLI_OK : CLI_WRONG;
}

int
cli_tariff_list(struct settings *s, bool json)
{
	struct cli_rows rows = { .columns = columns, .json = json };

	rows.w = cli_open(s, CLI_READS);
	cli_rows(&rows, &tariff_list, pg_args_new());
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}
