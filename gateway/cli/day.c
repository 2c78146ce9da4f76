#include "payments/core/day.h"

#include "gateway/cli/cli.h"
#include "payments/flow/day_run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS  INT64_C(86400000)
#define NOON_MS INT64_C(43200000)
#define TICK_MS 500

static const char help[] =
    "usage: adit day [--config FILE] [--date YYYY-MM-DD] [--json]\n\n"
    "Does one day for every live loan: charges that were earned, the penalty of an\n"
    "instalment that is late, and the reminders of members.  Doing a day again changes\n"
    "nothing; after a kill it goes on.  A gateway that serves does it by itself every\n"
    "evening (payments.evening); this verb is for when none does: it needs the ledger\n"
    "writer, and leaves loans that a gateway holds for the next run.\n\n"
    "  adit day --config /etc/adit/adit.conf\n"
    "  adit day --date 2026-11-30\n";

struct day_verb {
	struct cli_world *w;
	struct day_run *run;
	struct timer *tick;
	struct day_counts counts;
	struct err err;
};

static void
on_day(void *arg, const struct err *err, const struct day_counts *counts)
{
	struct day_verb *d = arg;

	timer_cancel(&d->tick);
	d->w->answered = true;
	d->counts = *counts;
	d->err = *err;
}

/* On a terminal one line says how far it is. */
static void
show(void *arg)
{
	struct day_verb *d = arg;
	const struct day_counts *c = day_run_counts(d->run);

	fprintf(stderr, "\r%llu loans, %llu changed ", (unsigned long long)c->loans,
	        (unsigned long long)c->written);
	d->tick = timer_start(d->w->loop, TICK_MS, show, d);
}

static void
print(const struct day_counts *c, bool json)
{
	printf(json ? "{\"loans\":%llu,\"changed\":%llu,\"penalties\":%llu,"
	              "\"reminders\":%llu,\"late_1\":%llu,\"late_31\":%llu,"
	              "\"late_61\":%llu,\"late_91\":%llu,\"failed\":%llu}\n"
	            : "%llu live loans, %llu changed; %llu penalties, %llu reminders\n"
	              "late by 1-30 days %llu, 31-60 %llu, 61-90 %llu, more %llu; left "
	              "for the next run %llu\n",
	       (unsigned long long)c->loans, (unsigned long long)c->written,
	       (unsigned long long)c->penalties, (unsigned long long)c->reminders,
	       (unsigned long long)c->late[0], (unsigned long long)c->late[1],
	       (unsigned long long)c->late[2], (unsigned long long)c->late[3],
	       (unsigned long long)c->failed);
}

int
cli_day(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	const char *date = cli_value(&argc, argv, "--date");
	bool json = cli_flag(&argc, argv, "--json");
	int32_t day = 0;
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (date != NULL && !day_parse(date, strlen(date), &day)) {
		fprintf(stderr, "adit day: --date: give a day as YYYY-MM-DD\n");
		return CLI_USAGE;
	}
	struct day_verb d = { .w = cli_open(s, CLI_WRITES) };
	int64_t moment = loop_clock(d.w->loop)->wall_ms;
	if (date != NULL)
		moment = day * DAY_MS + NOON_MS;
	d.run = day_run_start(&d.w->env, 0, moment, on_day, &d);
	if (isatty(STDERR_FILENO))
		show(&d);
	cli_await(d.w);
	cli_close(d.w);
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	print(&d.counts, json);
	if (d.err.code != ERR_NONE)
		fprintf(stderr, "adit day: %s\n", d.err.what);
	return d.err.code == ERR_NONE && d.counts.failed == 0 ? CLI_OK : CLI_WRONG;
}
