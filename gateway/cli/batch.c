/* adit batch - lists of payouts: made by one officer, approved by another. */
#include "gateway/cli/batch.h"

#include "payments/store/batch.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS 60000

static const char help[] =
    "usage: adit batch create FILE --cooperative CODE --by WHO \n"
    "              [--from owed|dividend|wages]\n"
    "       adit batch again PAYMENT --by WHO\n"
    "       adit batch approve|pause|resume|cancel BATCH --by WHO\n"
    "       adit batch show BATCH [--json]\n"
    "       adit batch list [--json]\n"
    "       each with [--config FILE]\n\n"
    "create: reads a file of payouts, number,amount,note[,member] a line, and checks all "
    "of\n"
    "it: the numbers are members', nobody stands in it twice, the wallets take such "
    "amounts,\n"
    "the books and the providers hold the money.  Nothing moves.  The same file twice is "
    "the\n"
    "same batch.  --from: what the cooperative owes each of them (owed; what fails "
    "stays\n"
    "owed), its own means (dividend, the default), or its own means for work (wages): "
    "a\n"
    "line is then number,amount,note,name, and the numbers may be anybody's.\n"
    "again: what a failed payout left owed, as a batch of one row.\n"
    "approve: by another officer; a running gateway then begins the payouts, one after "
    "the\n"
    "other.  pause: begins no more; resume goes on.  cancel: what has not begun does "
    "not.\n"
    "WHO is a treasurer or second officer, by number of member or phone.\n"
    "show: each row, and, if it went together with others, what became of their batch\n"
    "at the provider and its name there; status 1 if any failed.\n\n"
    "  adit batch create bonus.csv --cooperative MGODI --by M-0001\n"
    "  adit batch create wages.csv --cooperative MGODI --by M-0001 --from wages\n"
    "  adit batch approve QX7K2PA --by M-0002\n";

static const struct cli_column batches[] = {
	{ "batch", false, 8 },    { "cooperative", false, 11 }, { "name", false, 20 },
	{ "from", false, 8 },     { "state", false, 9 },        { "made_by", false, 8 },
	{ "approved", false, 8 }, { "rows", true, 5 },          { "total", true, 14 },
	{ "currency", false, 4 }, { "new", true, 5 },           { "paying", true, 6 },
	{ "paid", true, 5 },      { "failed", true, 6 },        { "cancelled", true, 9 },
	{ "paid_sum", true, 14 }, { NULL, false, 0 },
};

static const struct cli_column lines[] = {
	{ "line", true, 5 },      { "member", false, 8 },    { "number", false, 0 },
	{ "provider", false, 8 }, { "amount", true, 14 },    { "paid", true, 14 },
	{ "state", false, 9 },    { "reason", false, 14 },   { "note", false, 30 },
	{ "name", false, 24 },    { "together", false, 14 }, { NULL, false, 0 },
};

static const struct {
	const char *why, *words;
} reasons[] = {
	{ "no_batch", "no batch has this code" },
	{ "not_officer", "--by names no active treasurer or second officer" },
	{ "same_person", "another officer must approve it than made it" },
	{ "not_now", "its state does not allow that: see adit batch show" },
};

struct deciding {
	struct cli_world *w;
	const char *verb, *code;
	bool done;
};

static void
on_decided(void *arg, const struct pg_reply *r)
{
	struct deciding *d = arg;
	const char *why = r->err.code == ERR_NONE ? reply_text(r, 0, 0) : r->message;

	d->w->answered = true;
	d->done = r->err.code == ERR_NONE && why[0] == '\0';
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(reasons[i].why, why) == 0)
			why = reasons[i].words;
	if (!d->done)
		fprintf(stderr, "adit batch %s: %s: %s\n", d->verb, d->code, why);
}

static int
decide(struct settings *s, const char *verb, const char *code, const char *by)
{
	struct deciding d = { .verb = verb, .code = code };
	struct pg_args *a = pg_args_new();

	d.w = cli_open(s, CLI_READS);
	pg_text(a, code);
	pg_text(a, verb);
	pg_text(a, by);
	pg_i64(a, loop_clock(d.w->loop)->wall_ms);
	pg_call(d.w->env.pg, &batch_decide, a, ASK_MS, on_decided, &d);
	cli_await(d.w);
	cli_close(d.w);
	if (d.done)
		printf("%s: done\n", code);
	return d.done ? CLI_OK : CLI_WRONG;
}

struct counting {
	struct cli_world *w;
	long long failed;
};

static void
on_count(void *arg, const struct pg_reply *r)
{
	struct counting *c = arg;

	c->w->answered = true;
	c->failed = 0;
	for (int i = 0; r->err.code == ERR_NONE && i < r->rows; i++)
		c->failed += strcmp(reply_text(r, i, 6), "failed") == 0 ? 1 : 0;
}

static int
show(struct settings *s, const char *code, bool json)
{
	struct cli_rows rows = { .columns = batches, .json = json };
	struct counting c = { .failed = 0 };
	struct pg_args *a = pg_args_new();
	int found;

	rows.w = c.w = cli_open(s, CLI_READS);
	pg_text(a, code == NULL ? "" : code);
	cli_rows(&rows, &batch_overview, a);
	found = rows.count;
	if (code != NULL && found > 0) {
		rows.columns = lines;
		a = pg_args_new();
		pg_text(a, code);
		cli_rows(&rows, &batch_lines, a);
		a = pg_args_new();
		pg_text(a, code);
		pg_call(c.w->env.pg, &batch_lines, a, ASK_MS, on_count, &c);
		cli_await(c.w);
	} else if (code != NULL) {
		fprintf(stderr, "adit batch: no batch has the code %s\n", code);
	}
	cli_close(rows.w);
	return rows.failed || c.failed > 0 || (code != NULL && found == 0) ? CLI_WRONG
	                                                                   : CLI_OK;
}

static bool
is_decision(const char *verb)
{
	return strcmp(verb, "approve") == 0 || strcmp(verb, "pause") == 0 ||
	       strcmp(verb, "resume") == 0 || strcmp(verb, "cancel") == 0;
}

static bool
is_source(const char *from)
{
	return strcmp(from, "owed") == 0 || strcmp(from, "dividend") == 0 ||
	       strcmp(from, "wages") == 0;
}

int
cli_batch(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	struct cli_batch ask = { .cooperative = cli_value(&argc, argv, "--cooperative"),
		                 .by = cli_value(&argc, argv, "--by"),
		                 .from = cli_value(&argc, argv, "--from") };
	const char *what = cli_word(&argc, argv);
	const char *code = cli_word(&argc, argv);
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	ask.path = code;
	if (ask.from == NULL)
		ask.from = "dividend";
	if (what != NULL && code == NULL && strcmp(what, "list") == 0)
		return show(s, NULL, json);
	if (what != NULL && code != NULL && strcmp(what, "show") == 0)
		return show(s, code, json);
	if (what != NULL && code != NULL && ask.by != NULL && strcmp(what, "again") == 0)
		return cli_batch_again(s, code, ask.by);
	if (what != NULL && code != NULL && ask.by != NULL && is_decision(what))
		return decide(s, what, code, ask.by);
	if (what != NULL && code != NULL && ask.by != NULL && ask.cooperative != NULL &&
	    strcmp(what, "create") == 0 && is_source(ask.from))
		return cli_batch_create(s, &ask);
	fputs(help, stderr);
	return CLI_USAGE;
}
