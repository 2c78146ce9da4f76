#include "gateway/cli/statement.h"

#include "payments/core/day.h"
#include "payments/flow/books.h"
#include "payments/provider/provider.h"
#include "payments/store/statements.h"

#include <stdio.h>
#include <string.h>

#define WHO_MAX  120
#define NOTE_MAX 400
#define ASK_MS   60000

static const char help[] =
    "usage: adit statement import FILE --provider NAME [--day YYYY-MM-DD] [--coop CODE]\n"
    "                      [--type 'WORD=in|out|fee']... [--dry-run] [--json]\n"
    "                      [--status 'WORD=done|failed|pending']...\n"
    "       adit statement check --provider NAME --day YYYY-MM-DD [--json]\n"
    "       adit statement items [--provider NAME] [--all] [--json]\n"
    "       adit statement close ITEM --by WHO --note WHY\n"
    "       adit statement days --provider NAME [--json]\n"
    "       adit statement sign --provider NAME --day YYYY-MM-DD --by WHO\n"
    "       adit statement reopen --provider NAME --day YYYY-MM-DD --by WHO --note WHY\n"
    "       adit statement forms\n\n"
    "import: a CSV export of the provider's portal; `forms` shows its columns.  The "
    "whole\n"
    "file is read before anything is written: if a row is not understood, each such row "
    "is\n"
    "told as FILE:LINE and nothing is imported.  After a kill the same command goes on; "
    "a\n"
    "line is never in twice.  --day: all rows must be of that day, which counts as "
    "stated\n"
    "even if there are none.  A line of an unknown payment belongs to --coop, else to "
    "the\n"
    "first cooperative that keeps money there.  --dry-run reads and writes nothing.\n"
    "check: each line of the day against our payments, and the balances.  What "
    "disagrees\n"
    "is an open item until both sides agree or a person closes it; nothing is mended.\n"
    "sign: when no item is open, the day and all before it are locked: the database "
    "then\n"
    "refuses what is dated into them.  reopen: the last signed day, by another "
    "person.\n\n"
    "Exit status: 0 all agrees, or done; 1 something does not; 2 wrong usage.\n\n"
    "  adit statement import mtn-29.csv --provider mtn --day 2026-11-29\n"
    "  adit statement check --provider mtn --day 2026-11-29\n"
    "  adit statement sign --provider mtn --day 2026-11-29 --by 'M-0002 Asha'\n";

struct asking {
	struct cli_world *w;
	cli_read_reply *read;
	void *arg;
	bool failed;
};

static void
on_reply(void *arg, const struct pg_reply *r)
{
	struct asking *a = arg;

	a->w->answered = true;
	a->failed = r->err.code != ERR_NONE;
	if (a->failed)
		fprintf(stderr, "adit statement: the database says: %s\n",
		        r->message[0] != '\0' ? r->message : r->err.what);
	else if (a->read != NULL)
		a->read(a->arg, r);
}

bool
cli_statement_ask_db(struct cli_world *w, const struct pg_statement *st,
                     struct pg_args *args, cli_read_reply *read, void *arg)
{
	struct asking a = { .w = w, .read = read, .arg = arg };

	pg_call(w->env.pg, st, args, ASK_MS, on_reply, &a);
	cli_await(w);
	return !a.failed;
}

int
cli_statement_forms(void)
{
	const struct statement_form *f;

	for (size_t i = 0; (f = statement_form_at(i)) != NULL; i++) {
		printf("%s: fields by '%c', decimals by '%c', dates %s%s\n", f->codec,
		       f->delimiter, f->decimal,
		       f->year_first ? "2026-11-29 10:22:33" : "29-11-2026 10:22:33",
		       f->utc ? " in UTC" : " in local time");
		for (unsigned c = 0; c < STATEMENT_COLUMNS; c++)
			if (f->heading[c] != NULL)
				printf("  %-14s %s\n",
				       statement_column_name((enum statement_column)c),
				       f->heading[c]);
	}
	return CLI_OK;
}

/* False after saying what is wrong. */
static bool
find_account(struct cli_statement_ask *ask, const char *name)
{
	const struct settings_provider *p =
	    name == NULL ? NULL : settings_provider(ask->settings, name);
	struct cli_account *a = &ask->account;

	if (p == NULL) {
		fprintf(stderr, "adit statement: --provider must name an entry of the "
		                "settings\n");
		return false;
	}
	a->provider = p->name;
	a->form = statement_form(p->codec[0] != '\0' ? p->codec : p->name);
	snprintf(a->currency, sizeof a->currency, "%s", p->currency);
	a->owner = account_float(p->name, p->currency).owner;
	return true;
}

/* WORD=MEANING, as often as the flag is there. */
static bool
read_words(struct cli_words *words, const char *flag,
           const struct statement_word *meanings, int *argc, char **argv)
{
	const char *text;

	for (unsigned n = 0; (text = cli_value(argc, argv, flag)) != NULL; n++) {
		const char *sign = strrchr(text, '=');
		const struct statement_word *m = meanings;

		while (m->text != NULL &&
		       (sign == NULL || strcmp(sign + 1, m->text) != 0))
			m++;
		if (m->text == NULL || n == STATEMENT_WORDS || sign == text ||
		    (size_t)(sign - text) >= sizeof words->text[n]) {
			fprintf(
			    stderr, "adit statement: %s is WORD=%s, WORD=%s or WORD=%s\n",
			    flag, meanings[0].text, meanings[1].text, meanings[2].text);
			return false;
		}
		memcpy(words->text[n], text, (size_t)(sign - text));
		words->at[n] = (struct statement_word){ words->text[n], m->means };
	}
	return true;
}

static const struct statement_word type_meanings[] = {
	{ "in", LINE_IN }, { "out", LINE_OUT }, { "fee", LINE_FEE }, { NULL, 0 }
};
static const struct statement_word state_meanings[] = { { "done", LINE_DONE },
	                                                { "failed", LINE_FAILED },
	                                                { "pending", LINE_PENDING },
	                                                { NULL, 0 } };

static bool
read_ask(struct cli_statement_ask *ask, int *argc, char **argv)
{
	const char *day = cli_value(argc, argv, "--day");

	ask->coop = cli_value(argc, argv, "--coop");
	ask->by = cli_value(argc, argv, "--by");
	ask->note = cli_value(argc, argv, "--note");
	ask->dry_run = cli_flag(argc, argv, "--dry-run");
	ask->json = cli_flag(argc, argv, "--json");
	ask->all = cli_flag(argc, argv, "--all");
	ask->has_day = day != NULL;
	if (day != NULL && !day_parse(day, strlen(day), &ask->day)) {
		fprintf(stderr, "adit statement: --day is a date as 2026-11-29\n");
		return false;
	}
	return read_words(&ask->types, "--type", type_meanings, argc, argv) &&
	       read_words(&ask->states, "--status", state_meanings, argc, argv);
}

static bool
is_said(const char *text, size_t most)
{
	return text != NULL && text[strspn(text, " \t")] != '\0' && strlen(text) <= most;
}

/* What a verb cannot do without. */
enum need { NEED_ACCOUNT = 1, NEED_DAY = 2, NEED_WORD = 4, NEED_BY = 8, NEED_NOTE = 16 };

static const struct {
	const char *name;
	int (*run)(const struct cli_statement_ask *ask);
	unsigned needs;
} verbs[] = {
	{ "import", cli_statement_import, NEED_ACCOUNT | NEED_WORD },
	{ "check", cli_statement_check, NEED_ACCOUNT | NEED_DAY },
	{ "items", cli_statement_items, 0 },
	{ "days", cli_statement_days, NEED_ACCOUNT },
	{ "close", cli_statement_close, NEED_WORD | NEED_BY | NEED_NOTE },
	{ "sign", cli_statement_sign, NEED_ACCOUNT | NEED_DAY | NEED_BY },
	{ "reopen", cli_statement_reopen, NEED_ACCOUNT | NEED_DAY | NEED_BY | NEED_NOTE },
};

static bool
has_needs(struct cli_statement_ask *ask, unsigned needs, const char *provider,
          const char *word)
{
	if ((needs & NEED_ACCOUNT || provider != NULL) && !find_account(ask, provider))
		return false;
	if (needs & NEED_DAY && !ask->has_day) {
		fprintf(stderr, "adit statement: --day YYYY-MM-DD is needed\n");
		return false;
	}
	if ((needs & NEED_BY && !is_said(ask->by, WHO_MAX)) ||
	    (needs & NEED_NOTE && !is_said(ask->note, NOTE_MAX))) {
		fprintf(stderr, "adit statement: --by WHO%s needed\n",
		        needs & NEED_NOTE ? " and --note WHY are" : " is");
		return false;
	}
	if ((word != NULL) != ((needs & NEED_WORD) != 0)) {
		fputs(help, stderr);
		return false;
	}
	return true;
}

int
cli_statement(int argc, char **argv)
{
	struct cli_statement_ask ask = { .settings = NULL };

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	if (argc == 2 && strcmp(argv[1], "forms") == 0)
		return cli_statement_forms();
	ask.settings = cli_settings(&argc, argv);
	if (ask.settings == NULL || !read_ask(&ask, &argc, argv))
		return CLI_USAGE;
	const char *provider = cli_value(&argc, argv, "--provider");
	const char *verb = cli_word(&argc, argv);
	ask.file = ask.code = cli_word(&argc, argv);
	if (!cli_done(argc, argv))
		return CLI_USAGE;
	for (size_t i = 0; verb != NULL && i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].name, verb) == 0)
			return has_needs(&ask, verbs[i].needs, provider, ask.file)
			           ? verbs[i].run(&ask)
			           : CLI_USAGE;
	fputs(help, stderr);
	return CLI_USAGE;
}
