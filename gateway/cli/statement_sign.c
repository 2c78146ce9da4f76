/* adit statement close, sign, reopen - what a person answers for. */
#include "gateway/cli/statement.h"

#include "payments/core/day.h"
#include "payments/store/statements.h"

#include <stdio.h>
#include <string.h>

struct decision {
	const struct cli_statement_ask *ask;
	struct cli_world *w;
	struct pg_args *args;
	char wrong[200];
};

static void
on_decided(void *arg, const struct pg_reply *r)
{
	struct decision *d = arg;

	snprintf(d->wrong, sizeof d->wrong, "%s", reply_text(r, 0, 0));
}

static void
begin(struct decision *d, const struct cli_statement_ask *ask)
{
	*d = (struct decision){ .ask = ask, .args = pg_args_new() };
	d->w = cli_open(ask->settings, CLI_READS);
}

static void
put_account(struct decision *d)
{
	pg_text(d->args, d->ask->account.provider);
	pg_uuid(d->args, &d->ask->account.owner);
	pg_text(d->args, d->ask->account.currency);
	pg_i32(d->args, d->ask->day);
}

static int
decide(struct decision *d, const struct pg_statement *st, const char *what,
       const char *done)
{
	bool ok;

	pg_i64(d->args, loop_clock(d->w->loop)->wall_ms);
	ok = cli_statement_ask_db(d->w, st, d->args, on_decided, d);
	cli_close(d->w);
	if (ok && d->wrong[0] == '\0')
		printf("%s %s\n", what, done);
	else if (ok)
		fprintf(stderr, "adit statement: %s %s\n", what, d->wrong);
	return ok && d->wrong[0] == '\0' ? CLI_OK : CLI_WRONG;
}

static const char *
day_of_account(const struct cli_statement_ask *ask, char *out, size_t cap)
{
	char day[DAY_TEXT_SIZE];

	snprintf(out, cap, "%s %s", ask->account.provider, day_text(ask->day, day));
	return out;
}

int
cli_statement_close(const struct cli_statement_ask *ask)
{
	struct decision d;

	begin(&d, ask);
	pg_text(d.args, ask->code);
	pg_text(d.args, ask->by);
	pg_text(d.args, ask->note);
	return decide(&d, &statement_close, ask->code, "is closed");
}

int
cli_statement_sign(const struct cli_statement_ask *ask)
{
	struct decision d;
	char what[48];

	begin(&d, ask);
	put_account(&d);
	pg_text(d.args, ask->by);
	return decide(&d, &statement_sign, day_of_account(ask, what, sizeof what),
	              "is signed off, and locked with all days before it");
}

int
cli_statement_reopen(const struct cli_statement_ask *ask)
{
	struct decision d;
	char what[48];

	begin(&d, ask);
	put_account(&d);
	pg_text(d.args, ask->by);
	pg_text(d.args, ask->note);
	return decide(&d, &statement_reopen, day_of_account(ask, what, sizeof what),
	              "is open again");
}
