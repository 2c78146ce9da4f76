/* adit providers list, pause, resume - what waits at each provider of the settings, and
 * whether anything new goes to it. */
#include "gateway/cli/rail.h"

#include "lib/buf.h"
#include "payments/store/payment.h"
#include "payments/store/preferences.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS   10000
#define NOTE_MAX 200

static const struct cli_column columns[] = {
	{ .name = "provider", .width = 16 },
	{ .name = "paused_by", .width = 16 },
	{ .name = "note", .width = 24 },
	{ .name = "paused_ms", .number = true },
	{ .name = "to_send", .width = 8, .number = true },
	{ .name = "under_way", .width = 9, .number = true },
	{ .name = "told", .width = 5, .number = true },
	{ .name = NULL },
};

/* {"mtn","airtel"}: names are letters, digits and dashes. */
static void
put_names(struct buf *b, const struct settings *s)
{
	buf_puts(b, "{");
	for (unsigned i = 0; i < s->provider_count; i++)
		buf_printf(b, "%s\"%s\"", i == 0 ? "" : ",", s->providers[i].name);
	buf_puts(b, "}");
}

int
cli_rail_list(struct settings *s, bool json)
{
	struct cli_rows rows = { .columns = columns, .json = json };
	char names[SETTINGS_PROVIDERS_MAX * 20];
	struct pg_args *a = pg_args_new();
	struct buf b;

	buf_init(&b, names, sizeof names);
	put_names(&b, s);
	pg_text(a, names);
	if (!json)
		puts("provider          paused by         note                       to "
		     "send"
		     "  under way  told");
	rows.w = cli_open(s, CLI_READS);
	cli_rows(&rows, &provider_overview, a);
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}

struct pausing {
	struct cli_world *w;
	bool failed, changed;
};

static void
on_paused(void *arg, const struct pg_reply *r)
{
	struct pausing *p = arg;

	p->w->answered = true;
	p->failed = r->err.code != ERR_NONE;
	p->changed = !p->failed && reply_bool(r, 0, 0);
	if (p->failed)
		fprintf(stderr, "adit providers: the database says: %s\n", r->message);
}

static bool
who_and_why(const char *by, const char *note)
{
	if (by != NULL && by[0] != '\0' && note != NULL && note[0] != '\0' &&
	    strlen(by) <= NOTE_MAX && strlen(note) <= NOTE_MAX)
		return true;
	fputs("adit providers: --by WHO and --note WHY are needed\n", stderr);
	return false;
}

static int
ask_and_close(struct pausing *p, const struct pg_statement *st, struct pg_args *a)
{
	pg_call(p->w->env.pg, st, a, ASK_MS, on_paused, p);
	cli_await(p->w);
	cli_close(p->w);
	return p->failed ? CLI_WRONG : CLI_OK;
}

int
cli_rail_prefer(struct settings *s, const struct cli_prefer *ask)
{
	struct pausing p = { .failed = false };
	char names[SETTINGS_PROVIDERS_MAX * 20];
	struct pg_args *a;
	struct buf b;
	int status;

	buf_init(&b, names, sizeof names);
	buf_puts(&b, "{");
	for (unsigned i = 0; i < ask->count; i++) {
		if (settings_provider(s, ask->names[i]) == NULL) {
			fprintf(stderr,
			        "adit providers: no entry \"%s\" in the settings\n",
			        ask->names[i]);
			return CLI_USAGE;
		}
		buf_printf(&b, "%s\"%s\"", i == 0 ? "" : ",", ask->names[i]);
	}
	buf_puts(&b, "}");
	if (ask->cooperative == NULL || !who_and_why(ask->by, ask->note))
		return CLI_USAGE;
	p.w = cli_open(s, CLI_READS);
	a = pg_args_new();
	pg_text(a, ask->cooperative);
	pg_text(a, names);
	pg_text(a, ask->by);
	pg_text(a, ask->note);
	pg_i64(a, loop_clock(p.w->loop)->wall_ms);
	status = ask_and_close(&p, &preference_set, a);
	if (status == CLI_OK && !p.changed) {
		fprintf(stderr, "adit providers: no cooperative \"%s\"\n",
		        ask->cooperative);
		return CLI_WRONG;
	}
	return status;
}

int
cli_rail_pause(struct settings *s, const struct cli_pause *ask)
{
	struct pausing p = { .failed = false };
	struct pg_args *a;

	if (ask->name == NULL || settings_provider(s, ask->name) == NULL) {
		fprintf(stderr, "adit providers: no entry \"%s\" in the settings\n",
		        ask->name == NULL ? "" : ask->name);
		return CLI_USAGE;
	}
	if (!who_and_why(ask->by, ask->note))
		return CLI_USAGE;
	p.w = cli_open(s, CLI_READS);
	a = pg_args_new();
	pg_text(a, ask->name);
	pg_bool(a, ask->pause);
	pg_text(a, ask->by);
	pg_text(a, ask->note);
	pg_i64(a, loop_clock(p.w->loop)->wall_ms);
	if (ask_and_close(&p, &provider_pause, a) != CLI_OK)
		return CLI_WRONG;
	printf("%s %s%s\n", ask->name, p.changed ? "is now " : "was ",
	       ask->pause ? "paused" : "open");
	return CLI_OK;
}
