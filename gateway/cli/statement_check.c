/* adit statement check, items, days - what agrees, what does not, and the balances. */
#include "gateway/cli/statement.h"

#include "lib/json.h"
#include "lib/msisdn.h"
#include "payments/core/day.h"
#include "payments/core/money.h"
#include "payments/store/statements.h"

#include <stdio.h>
#include <string.h>

#define AMOUNT_SIZE 40

static char *
amount(int64_t minor, unsigned exponent, char out[AMOUNT_SIZE])
{
	struct buf b;

	buf_init(&b, out, AMOUNT_SIZE);
	money_text(&b, minor, exponent);
	return out;
}

/* ---- items
 * ----------------------------------------------------------------------------- */

enum {
	I_CODE,
	I_PROVIDER,
	I_DAY,
	I_COOPERATIVE,
	I_KIND,
	I_STATE,
	I_PAYMENT,
	I_TXN,
	I_NUMBER,
	I_OURS,
	I_THEIRS,
	I_CURRENCY,
	I_WORDS,
	I_BY,
	I_NOTE,
	I_EXPONENT,
	I_NO_OURS,
	I_NO_THEIRS,
};

static const struct advice {
	const char *kind, *means, *action;
} advice[] = {
	{ "missing_here", "they moved it, we know nothing of it",
	  "Find out whose it is. Money that came in belongs to somebody; money that left "
	  "was sent by somebody with access to the portal." },
	{ "missing_there", "we say it was paid, they do not list it",
	  "See the statement of the next day: around midnight it may stand there. Else "
	  "ask "
	  "the provider with our reference, as nobody may have been paid." },
	{ "amount", "the amounts differ", "Ask the provider which amount moved." },
	{ "state", "one side says it moved, the other does not",
	  "Do not pay it again. Ask the provider with our reference; what is unknown "
	  "here "
	  "ends by itself when the provider answers." },
	{ "direction", "in here, out there, or the other way round",
	  "Ask the provider; look at the payment." },
	{ "twice", "they moved it twice", "Have the provider give one back." },
	{ "balance",
	  "their balance differs from our float's by more than all of the above",
	  "Look for money that moved without a payment: top-ups of the float, entries by "
	  "hand, fees that the statement does not list." },
	{ "sum", "their lines do not add up to their own balance",
	  "Export the statement again: lines are missing." },
	{ "gap", "they begin with another balance than the day before ended with",
	  "Export the days between again: lines are missing." },
	{ "conflict", "their id was imported before with another content",
	  "Ask the provider which of the two holds, and close it with the answer." },
	{ "late", "they added it to a day that is signed off",
	  "adit statement reopen that day and import the file again; or close it." },
};

struct list {
	const struct cli_statement_ask *ask;
	int open;
};

static const struct advice *
advice_about(const char *kind)
{
	static const struct advice unknown = { "", "", "" };

	for (size_t i = 0; i < sizeof advice / sizeof *advice; i++)
		if (strcmp(advice[i].kind, kind) == 0)
			return &advice[i];
	return &unknown;
}

static void
item_json(const struct pg_reply *r, int row)
{
	static const struct {
		const char *name;
		int column;
	} texts[] = {
		{ "item", I_CODE },       { "provider", I_PROVIDER },
		{ "day", I_DAY },         { "cooperative", I_COOPERATIVE },
		{ "kind", I_KIND },       { "state", I_STATE },
		{ "payment", I_PAYMENT }, { "txn", I_TXN },
		{ "number", I_NUMBER },   { "currency", I_CURRENCY },
		{ "words", I_WORDS },     { "by", I_BY },
		{ "note", I_NOTE },
	};
	const struct advice *a = advice_about(reply_text(r, row, I_KIND));
	char text[4096];
	struct buf b;
	struct json_writer w;

	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		jw_text(&w, texts[i].name, reply_text(r, row, texts[i].column));
	if (reply_bool(r, row, I_NO_OURS))
		jw_null(&w, "ours");
	else
		jw_i64(&w, "ours", reply_i64(r, row, I_OURS));
	if (reply_bool(r, row, I_NO_THEIRS))
		jw_null(&w, "theirs");
	else
		jw_i64(&w, "theirs", reply_i64(r, row, I_THEIRS));
	jw_text(&w, "means", a->means);
	jw_text(&w, "do", a->action);
	jw_end_object(&w);
	puts(text);
}

static const char *
side(const struct pg_reply *r, int row, int column, int absent, char out[AMOUNT_SIZE])
{
	if (reply_bool(r, row, absent))
		return "-";
	return amount(reply_i64(r, row, column), (unsigned)reply_i64(r, row, I_EXPONENT),
	              out);
}

static void
item_text(const struct pg_reply *r, int row)
{
	const struct advice *a = advice_about(reply_text(r, row, I_KIND));
	char masked[MSISDN_MAX + 1], ours[AMOUNT_SIZE], theirs[AMOUNT_SIZE];
	const char *number = reply_text(r, row, I_NUMBER);

	printf("%-8s %s %s %s %s: theirs %s, ours %s %s%s%s%s%s%s%s\n",
	       reply_text(r, row, I_CODE), reply_text(r, row, I_DAY),
	       reply_text(r, row, I_PROVIDER), reply_text(r, row, I_COOPERATIVE),
	       reply_text(r, row, I_KIND), side(r, row, I_THEIRS, I_NO_THEIRS, theirs),
	       side(r, row, I_OURS, I_NO_OURS, ours), reply_text(r, row, I_CURRENCY),
	       reply_text(r, row, I_TXN)[0] != '\0' ? ", their " : "",
	       reply_text(r, row, I_TXN),
	       reply_text(r, row, I_PAYMENT)[0] != '\0' ? ", our " : "",
	       reply_text(r, row, I_PAYMENT), number[0] != '\0' ? ", " : "",
	       number[0] != '\0' ? msisdn_mask(number, masked) : "");
	if (strcmp(reply_text(r, row, I_STATE), "closed") == 0) {
		printf("    closed by %s: %s\n", reply_text(r, row, I_BY),
		       reply_text(r, row, I_NOTE));
		return;
	}
	printf("    why: %s (%s)\n    do:  %s\n", a->means, reply_text(r, row, I_WORDS),
	       a->action);
}

static void
on_items(void *arg, const struct pg_reply *r)
{
	struct list *l = arg;

	for (int row = 0; row < r->rows; row++) {
		l->open += strcmp(reply_text(r, row, I_STATE), "open") == 0;
		if (l->ask->json)
			item_json(r, row);
		else
			item_text(r, row);
	}
}

/* Prints them; how many are open, -1 if the database did not say. */
static int
list_items(struct cli_world *w, const struct cli_statement_ask *ask, bool open_only)
{
	struct list l = { .ask = ask };
	struct pg_args *a = pg_args_new();

	pg_text(a, ask->account.provider == NULL ? "" : ask->account.provider);
	if (ask->has_day)
		pg_i32(a, ask->day);
	else
		pg_null(a);
	pg_bool(a, open_only);
	return cli_statement_ask_db(w, &statement_items, a, on_items, &l) ? l.open : -1;
}

int
cli_statement_items(const struct cli_statement_ask *ask)
{
	struct cli_world *w = cli_open(ask->settings, CLI_READS);
	int open = list_items(w, ask, !ask->all);

	cli_close(w);
	if (open == 0 && !ask->json)
		puts("nothing is open");
	return open == 0 ? CLI_OK : CLI_WRONG;
}

/* ---- the account on a day
 * -------------------------------------------------------------- */

static const struct sum {
	const char *name, *words;
} sums[] = {
	{ "lines", NULL },
	{ "opening", "their balance before" },
	{ "paid_in", "  paid in" },
	{ "withdrawn", "  withdrawn" },
	{ "fees", "  fees" },
	{ "closing", "their balance after" },
	{ "ledger_opening", "our float's balance before" },
	{ "ledger_in", "  in" },
	{ "ledger_out", "  out" },
	{ "ledger_closing", "our float's balance after" },
	{ "carried", "difference carried on from the last signed day" },
	{ "fees_since", "fees since then, not in our float" },
	{ "only_there", "only they have" },
	{ "only_here", "only we have" },
	{ "differing", "both have, and differ" },
	{ "other_day", "booked here on another day" },
	{ "unexplained", "not explained" },
};

#define SUMS       (sizeof sums / sizeof *sums)
#define A_STATED   (SUMS)
#define A_EXPONENT (SUMS + 1)
#define A_CLOSING  5
#define A_CARRIED  10
#define A_LAST     (SUMS - 1)

struct day_view {
	const struct cli_statement_ask *ask;
	int64_t at[SUMS];
	bool absent[SUMS], stated;
	unsigned exponent;
	int64_t matched, fee_lines, failed, lines;
	int open;
};

static void
on_account(void *arg, const struct pg_reply *r)
{
	struct day_view *v = arg;

	for (unsigned i = 0; i < SUMS; i++) {
		v->at[i] = reply_i64(r, 0, (int)i);
		v->absent[i] = reply_null(r, 0, (int)i);
	}
	v->stated = reply_bool(r, 0, (int)A_STATED);
	v->exponent = (unsigned)reply_i64(r, 0, (int)A_EXPONENT);
}

static void
on_counts(void *arg, const struct pg_reply *r)
{
	struct day_view *v = arg;

	v->matched = reply_i64(r, 0, 0);
	v->fee_lines = reply_i64(r, 0, 1);
	v->failed = reply_i64(r, 0, 2);
	v->lines = reply_i64(r, 0, 3);
}

static void
view_json(const struct day_view *v)
{
	char text[2048], day[DAY_TEXT_SIZE];
	struct buf b;
	struct json_writer w;

	buf_init(&b, text, sizeof text);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "provider", v->ask->account.provider);
	jw_text(&w, "day", day_text(v->ask->day, day));
	jw_text(&w, "currency", v->ask->account.currency);
	jw_bool(&w, "stated", v->stated);
	for (unsigned i = 0; i < SUMS; i++) {
		if (v->absent[i])
			jw_null(&w, sums[i].name);
		else
			jw_i64(&w, sums[i].name, v->at[i]);
	}
	jw_i64(&w, "matched", v->matched);
	jw_i64(&w, "fee_lines", v->fee_lines);
	jw_i64(&w, "failed_unknown", v->failed);
	jw_i64(&w, "open", v->open);
	jw_end_object(&w);
	puts(text);
}

static void
view_text(const struct day_view *v)
{
	char text[AMOUNT_SIZE], day[DAY_TEXT_SIZE];

	printf(
	    "%s %s: %lld lines, %lld matched, %lld fees, %lld failed there and unknown "
	    "here; %d open\n",
	    v->ask->account.provider, day_text(v->ask->day, day), (long long)v->lines,
	    (long long)v->matched, (long long)v->fee_lines, (long long)v->failed,
	    v->open);
	if (!v->stated)
		puts("no statement of that day has been imported");
	if (v->absent[A_CLOSING])
		puts("the statement tells no balance: it cannot be compared");
	for (unsigned i = 1; i < SUMS; i++) {
		if (v->absent[i] || (i >= A_CARRIED && i != A_LAST && v->at[i] == 0))
			continue;
		printf("  %-48s %18s %s\n", sums[i].words,
		       amount(v->at[i], v->exponent, text), v->ask->account.currency);
	}
}

static void
put_account(struct pg_args *a, const struct cli_statement_ask *ask)
{
	pg_text(a, ask->account.provider);
	pg_uuid(a, &ask->account.owner);
	pg_text(a, ask->account.currency);
	pg_i32(a, ask->day);
}

static bool
look(struct cli_world *w, struct day_view *v)
{
	struct pg_args *a = pg_args_new();

	put_account(a, v->ask);
	pg_i64(a, loop_clock(w->loop)->wall_ms);
	if (!cli_statement_ask_db(w, &statement_check, a, NULL, NULL))
		return false;
	v->open = list_items(w, v->ask, false);
	a = pg_args_new();
	put_account(a, v->ask);
	if (v->open < 0 || !cli_statement_ask_db(w, &statement_account, a, on_account, v))
		return false;
	a = pg_args_new();
	pg_text(a, v->ask->account.provider);
	pg_i32(a, v->ask->day);
	return cli_statement_ask_db(w, &statement_counts, a, on_counts, v);
}

int
cli_statement_check(const struct cli_statement_ask *ask)
{
	struct day_view v = { .ask = ask };
	struct cli_world *w = cli_open(ask->settings, CLI_READS);
	bool ok = look(w, &v);

	cli_close(w);
	if (!ok)
		return CLI_WRONG;
	if (ask->json)
		view_json(&v);
	else
		view_text(&v);
	return v.stated && v.open == 0 ? CLI_OK : CLI_WRONG;
}

/* ---- days
 * ------------------------------------------------------------------------------ */

int
cli_statement_days(const struct cli_statement_ask *ask)
{
	static const struct cli_column columns[] = {
		{ "day", false, 10 },      { "lines", true, 8 },
		{ "open", true, 6 },       { "signed_by", false, 24 },
		{ "reopened", false, 30 }, { NULL, false, 0 },
	};
	struct cli_rows rows = { .columns = columns, .json = ask->json };
	struct pg_args *a = pg_args_new();

	pg_text(a, ask->account.provider);
	if (!ask->json)
		puts("day            lines    open  signed by                 reopened");
	rows.w = cli_open(ask->settings, CLI_READS);
	cli_rows(&rows, &statement_days, a);
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}
