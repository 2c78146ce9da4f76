#include "gateway/cli/refunds.h"

#include "payments/flow/refund.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS 10000

static const struct cli_column columns[] = {
	{ .name = "cooperative", .width = 10 },
	{ .name = "code", .width = 8 },
	{ .name = "state", .width = 9 },
	{ .name = "reason", .width = 10 },
	{ .name = "amount", .width = 12, .number = true },
	{ .name = "currency", .width = 3 },
	{ .name = "payment", .width = 8 },
	{ .name = "asked_by", .width = 8 },
	{ .name = "confirmed_by", .width = 8 },
	{ .name = "note", .width = 30 },
	{ .name = "changed_ms", .number = true },
	{ .name = NULL },
};

static const struct {
	const char *reason, *means;
} reasons[] = {
	{ "not_found", "no collection or arrival of that code, or nobody asked for it" },
	{ "ambiguous", "two cooperatives have that code: decide it on the phone" },
	{ "not_allowed", "WHO is no active treasurer or officer of that cooperative" },
	{ "own_work", "it was WHO that paid it" },
	{ "not_paid", "it was not paid, or went back already" },
	{ "no_number", "nobody knows the number it came from" },
	{ "asked", "it was asked for before, or given back" },
	{ "second_needed", "another officer must confirm, not the one who asked" },
};

struct saying {
	struct cli_world *w;
	char said[32];
	bool failed;
};

static void
on_said(void *arg, const struct pg_reply *r)
{
	struct saying *s = arg;

	s->w->answered = true;
	s->failed = r->err.code != ERR_NONE;
	if (s->failed)
		fprintf(stderr, "adit payments: the database says: %s\n", r->message);
	else
		snprintf(s->said, sizeof s->said, "%s", reply_text(r, 0, 0));
}

static bool
fits(const char *text, size_t most)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= most;
}

static int
complain(const struct cli_refund *ask, const char *said)
{
	const char *means = said;

	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (strcmp(reasons[i].reason, said) == 0)
			means = reasons[i].means;
	fprintf(stderr, "adit payments refund %s: %s\n", ask->code, means);
	return CLI_WRONG;
}

int
cli_refund(struct settings *s, const struct cli_refund *ask)
{
	struct saying say = { .failed = false };
	bool answers = ask->confirm || ask->withdraw;
	struct pg_args *a;

	if (!fits(ask->by, 36) || (!answers && !fits(ask->note, REFUND_NOTE_MAX)) ||
	    (ask->confirm && ask->withdraw)) {
		fputs("adit payments refund: --by WHO and --note WHY are needed, or --by "
		      "WHO and --confirm or --withdraw\n",
		      stderr);
		return CLI_USAGE;
	}
	say.w = cli_open(s, CLI_READS);
	a = pg_args_new();
	pg_i32(a, 0);
	pg_text(a, ask->code);
	pg_text(a, ask->by);
	pg_text(a, "shell");
	if (answers)
		pg_bool(a, ask->confirm);
	else
		pg_text(a, ask->note);
	pg_i64(a, loop_clock(say.w->loop)->wall_ms);
	pg_call(say.w->env.pg, answers ? &refund_answer : &refund_ask, a, ASK_MS, on_said,
	        &say);
	cli_await(say.w);
	cli_close(say.w);
	if (say.failed)
		return CLI_WRONG;
	if (say.said[0] != '\0')
		return complain(ask, say.said);
	printf("%s: %s\n", ask->code,
	       ask->confirm    ? "confirmed; the gateway sends it: adit payments refunds"
	       : ask->withdraw ? "withdrawn"
	                       : "asked for; another officer must say --confirm");
	return CLI_OK;
}

int
cli_refunds(struct settings *s, bool json)
{
	struct cli_rows rows = { .columns = columns, .json = json };
	struct pg_args *a = pg_args_new();

	pg_text(a, "");
	rows.w = cli_open(s, CLI_READS);
	cli_rows(&rows, &refund_list, a);
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}
