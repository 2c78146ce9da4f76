/*
 * adit statement import - a file of any length in constant memory, in two passes.
 *
 *   READ all: every row is understood, or told and nothing is written
 *   WRITE: batches of rows, each with how far the file then is; a second run goes on
 * there
 */
#include "gateway/cli/statement.h"

#include "lib/arena.h"
#include "lib/clock.h"
#include "lib/csv.h"
#include "payments/store/statements.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH        500
#define CHUNK        65536
#define PREAMBLE_MAX 60 /* lines above the heading */
#define FAULTS_TOLD  20
#define PROGRESS_US  500000
#define DAY_S        86400

struct import {
	const struct cli_statement_ask *ask;
	struct cli_world *w;
	FILE *in;
	const char *missing; /* heading, by the row that came nearest */
	int64_t bytes, last_line, all_lines, sharing, done_line, shown_us;
	struct statement_counts n;
	crypto_generichash_state hashing;
	uint8_t hash[32];
	int64_t lines[BATCH];
	struct statement_line rows[BATCH];
	struct csv csv;
	struct statement_account account;
	struct statement_map map;
	char holder_code[16];
	int32_t holder;
	unsigned count;
	bool headed, writing, failed, whole;
};

/* ---- what is told
 * ---------------------------------------------------------------------- */

static void
tell(struct import *im, uint64_t line, const char *what, const char *todo)
{
	fprintf(stderr, "%s:%llu: %s%s%s\n", im->ask->file, (unsigned long long)line,
	        what, todo[0] == '\0' ? "" : ": ", todo);
}

static void
fault(struct import *im, uint64_t line, const char *what, const char *todo)
{
	if (++im->n.faults <= FAULTS_TOLD)
		tell(im, line, what, todo);
}

static void
bad_row(struct import *im, const struct csv_row *row, const struct statement_fault *f)
{
	const char *value = "";
	char what[240];

	if (f->column < STATEMENT_COLUMNS && im->map.at[f->column] >= 0)
		value = row->at[im->map.at[f->column]];
	if (f->column == STATEMENT_COLUMNS)
		snprintf(what, sizeof what, "the row %s", f->what);
	else
		snprintf(what, sizeof what, "%s \"%.40s\" %s",
		         statement_column_name(f->column), value, f->what);
	fault(im, row->line, what, f->todo);
}

/* On a terminal one line that changes; else a line now and then. */
static void
show(struct import *im, bool last)
{
	int64_t now = clock_mono_us();
	bool terminal = isatty(STDERR_FILENO) == 1;

	if (!last && now - im->shown_us < (terminal ? PROGRESS_US : 4 * PROGRESS_US))
		return;
	im->shown_us = now;
	fprintf(stderr, "%s%s: %llu of %lld lines in%s", terminal ? "\r" : "",
	        im->ask->file, (unsigned long long)im->done_line,
	        (long long)im->all_lines, terminal && !last ? "" : "\n");
}

/* ---- the database
 * ---------------------------------------------------------------------- */

static void
on_holder(void *arg, const struct pg_reply *r)
{
	struct import *im = arg;

	if (r->rows == 0)
		return;
	im->holder = (int32_t)reply_i64(r, 0, 0);
	snprintf(im->holder_code, sizeof im->holder_code, "%s", reply_text(r, 0, 1));
	im->account.exponent = (uint8_t)reply_i64(r, 0, 2);
	im->sharing = reply_i64(r, 0, 3);
}

static bool
find_holder(struct import *im)
{
	const struct cli_account *account = &im->ask->account;
	struct pg_args *a = pg_args_new();

	pg_text(a, im->ask->coop == NULL ? "" : im->ask->coop);
	pg_uuid(a, &account->owner);
	pg_text(a, account->currency);
	if (!cli_statement_ask_db(im->w, &statement_holder, a, on_holder, im))
		return false;
	if (im->holder == 0)
		fprintf(stderr,
		        "adit statement: no cooperative %s: name one with --coop\n",
		        im->ask->coop != NULL ? im->ask->coop : "has this currency");
	else if (im->sharing > 1 || im->ask->coop == NULL)
		fprintf(stderr, "lines of unknown payments belong to %s%s\n",
		        im->holder_code,
		        im->ask->coop == NULL ? "; --coop CODE names another" : "");
	return im->holder != 0;
}

static void
on_begun(void *arg, const struct pg_reply *r)
{
	struct import *im = arg;

	im->done_line = reply_i64(r, 0, 0);
	im->whole = strcmp(reply_text(r, 0, 1), "whole") == 0;
}

static bool
begin(struct import *im)
{
	const char *name = strrchr(im->ask->file, '/');
	struct pg_args *a = pg_args_new();

	pg_i32(a, im->holder);
	pg_text(a, im->ask->account.provider);
	pg_bytes(a, im->hash, sizeof im->hash);
	pg_text(a, name == NULL ? im->ask->file : name + 1);
	pg_i64(a, im->bytes);
	pg_i64(a, im->all_lines);
	pg_i64(a, loop_clock(im->w->loop)->wall_ms);
	return cli_statement_ask_db(im->w, &statement_begin, a, on_begun, im);
}

static bool
end(struct import *im)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, im->holder);
	pg_text(a, im->ask->account.provider);
	pg_bytes(a, im->hash, sizeof im->hash);
	if (im->ask->has_day)
		pg_i32(a, im->ask->day);
	else
		pg_null(a);
	pg_i64(a, loop_clock(im->w->loop)->wall_ms);
	return cli_statement_ask_db(im->w, &statement_end, a, NULL, NULL);
}

static void
on_added(void *arg, const struct pg_reply *r)
{
	struct import *im = arg;

	for (int i = 0; i < r->rows; i++) {
		const char *fate = reply_text(r, i, 0);
		uint64_t n = (uint64_t)reply_i64(r, i, 1),
		         line = (uint64_t)reply_i64(r, i, 2);

		if (strcmp(fate, "added") == 0) {
			im->n.added += n;
		} else if (strcmp(fate, "repeated") == 0) {
			im->n.repeated += n;
		} else if (strcmp(fate, "changed") == 0) {
			im->n.changed += n;
		} else if (strcmp(fate, "late") == 0) {
			if (++im->n.late <= FAULTS_TOLD)
				tell(im, line, "its day is signed off",
				     "left out; adit statement reopen, then import it "
				     "again");
		} else if (++im->n.conflicts <= FAULTS_TOLD) {
			tell(im, line,
			     "this id was imported before with another amount or state",
			     "left out; ask the provider which one holds");
		}
	}
}

/* The rows gathered so far, and that all lines up to `line` are in. */
static void
flush(struct import *im, int64_t line)
{
	struct statement_batch b = { .holder = im->holder,
		                     .provider = im->ask->account.provider,
		                     .currency = im->account.currency,
		                     .hash = im->hash,
		                     .done_line = line,
		                     .now_ms = loop_clock(im->w->loop)->wall_ms,
		                     .count = im->count,
		                     .lines = im->lines,
		                     .rows = im->rows };

	if (line <= im->done_line)
		return;
	if (!cli_statement_ask_db(im->w, &statement_add, statement_add_args(&b), on_added,
	                          im)) {
		im->failed = true;
		return;
	}
	im->count = 0;
	im->done_line = line;
	show(im, false);
}

/* ---- rows
 * ------------------------------------------------------------------------------ */

/* A day written in UTC may be another one here. */
static bool
is_of_day(const struct import *im, const struct statement_line *l)
{
	int64_t day = l->wall_s / DAY_S, off = day - im->ask->day;

	return !im->ask->has_day || off == 0 || (l->zoned && (off == 1 || off == -1));
}

static void
count_row(struct import *im, const struct statement_line *l)
{
	im->n.rows++;
	if (l->state != LINE_DONE)
		return;
	im->n.fees += l->fee;
	if (l->kind == LINE_FEE)
		im->n.fees -= l->amount;
	else if (l->amount > 0)
		im->n.paid_in += l->amount;
	else
		im->n.withdrawn -= l->amount;
}

static void
take_row(struct import *im, const struct csv_row *row)
{
	struct statement_reader by = { im->ask->account.form, &im->map, &im->account };
	struct statement_line *l = &im->rows[im->count];
	struct statement_fault f;
	int got = statement_read(&by, row->at, row->count, l, &f);

	if (im->writing) { /* all was understood when it was read before */
		if (got == 0 && (int64_t)row->line > im->done_line) {
			im->lines[im->count++] = (int64_t)row->line;
			if (im->count == BATCH)
				flush(im, (int64_t)row->line);
		}
		return;
	}
	if (got < 0)
		bad_row(im, row, &f);
	else if (got > 0)
		im->n.nothing++;
	else if (!is_of_day(im, l))
		fault(im, row->line, "is of another day than --day says",
		      "leave --day away, or export that day alone");
	else
		count_row(im, l);
}

static void
take_heading(struct import *im, const struct csv_row *row)
{
	const struct statement_form *form = im->ask->account.form;

	im->headed = statement_heading(form, row->at, row->count, &im->map);
	if (!im->headed && row->count > 3)
		im->missing = statement_heading_misses(form, row->at, row->count);
	if (!im->headed && row->line > PREAMBLE_MAX)
		im->failed = true;
}

static void
take(struct import *im, enum csv_result got, const struct csv_row *row)
{
	im->last_line = (int64_t)row->line;
	if (got == CSV_BAD && im->headed && !im->writing)
		fault(im, row->line, row->wrong, "");
	else if (got == CSV_ROW && !im->headed)
		take_heading(im, row);
	else if (got == CSV_ROW)
		take_row(im, row);
}

/* One pass over the whole file. */
static void
walk(struct import *im)
{
	static char bytes[CHUNK];
	struct csv_row row;
	enum csv_result got;
	size_t n;

	rewind(im->in);
	crypto_generichash_init(&im->hashing, NULL, 0, sizeof im->hash);
	csv_init(&im->csv, im->ask->account.form->delimiter);
	im->headed = false;
	im->bytes = 0;
	while (!im->failed && (n = fread(bytes, 1, sizeof bytes, im->in)) > 0) {
		crypto_generichash_update(&im->hashing, (const uint8_t *)bytes, n);
		im->bytes += (int64_t)n;
		csv_feed(&im->csv, bytes, n);
		while (!im->failed && (got = csv_next(&im->csv, &row)) != CSV_MORE)
			take(im, got, &row);
	}
	csv_finish(&im->csv);
	while (!im->failed && (got = csv_next(&im->csv, &row)) != CSV_END)
		take(im, got, &row);
	if (ferror(im->in)) {
		fprintf(stderr, "%s: %s\n", im->ask->file, strerror(errno));
		im->failed = true;
	}
}

/* ---- the whole
 * ------------------------------------------------------------------------- */

/* True if every row was understood. */
static bool
read_all(struct import *im)
{
	bool headed;

	walk(im);
	im->all_lines = im->last_line;
	headed = im->headed;
	if (!headed && !ferror(im->in))
		fprintf(stderr,
		        "%s: no heading of a %s statement: \"%s\" is not there; see adit "
		        "statement forms, and save the file as UTF-8\n",
		        im->ask->file, im->ask->account.form->codec,
		        im->missing != NULL ? im->missing
		                            : im->ask->account.form->heading[COL_TXN]);
	if (im->n.faults > FAULTS_TOLD) {
		unsigned long long rest = im->n.faults - FAULTS_TOLD;

		fprintf(stderr, "%s: and %llu more\n", im->ask->file, rest);
	}
	if (im->n.faults > 0)
		fprintf(stderr, "%s: %llu rows are wrong; nothing was imported\n",
		        im->ask->file, (unsigned long long)im->n.faults);
	crypto_generichash_final(&im->hashing, im->hash, sizeof im->hash);
	return headed && !im->failed && im->n.faults == 0;
}

static bool
write_all(struct import *im)
{
	uint8_t again[32];

	if (!begin(im))
		return false;
	if (im->whole)
		return end(im); /* perhaps --day is new */
	im->writing = true;
	walk(im);
	if (!im->failed)
		flush(im, im->last_line);
	crypto_generichash_final(&im->hashing, again, sizeof again);
	if (!im->failed && memcmp(again, im->hash, sizeof again) != 0) {
		fprintf(stderr, "%s: changed while it was read: run this again\n",
		        im->ask->file);
		im->failed = true;
	}
	if (im->failed || !end(im))
		return false;
	show(im, true);
	return true;
}

int
cli_statement_import(const struct cli_statement_ask *ask)
{
	struct import *im = xzalloc(sizeof *im);
	bool ok;

	im->ask = ask;
	im->in = fopen(ask->file, "rbe");
	if (im->in == NULL) {
		fprintf(stderr, "%s: %s\n", ask->file, strerror(errno));
		free(im);
		return CLI_USAGE;
	}
	snprintf(im->account.currency, sizeof im->account.currency, "%s",
	         ask->account.currency);
	im->account.types = ask->types.at;
	im->account.states = ask->states.at;
	if (fseek(im->in, 0, SEEK_SET) != 0) {
		fprintf(stderr, "%s: is read twice: name a file, no pipe\n", ask->file);
		fclose(im->in);
		free(im);
		return CLI_USAGE;
	}
	im->w = cli_open(ask->settings, CLI_READS);
	ok = find_holder(im) && read_all(im) && (ask->dry_run || write_all(im));
	if (ok || ask->json)
		cli_statement_counted(ask, &im->n, im->holder_code, &im->account,
		                      im->whole);
	cli_close(im->w);
	fclose(im->in);
	ok = ok && im->n.late + im->n.conflicts == 0;
	free(im);
	return ok ? CLI_OK : CLI_WRONG;
}
