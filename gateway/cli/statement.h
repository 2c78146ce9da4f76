/*
 * statement - `adit statement`: what a provider says moved, against our books.
 */
#ifndef GATEWAY_CLI_STATEMENT_H
#define GATEWAY_CLI_STATEMENT_H

#include "gateway/cli/cli.h"
#include "payments/provider/statement.h"

/* An entry of the settings as an account. */
struct cli_account {
	const char *provider;
	const struct statement_form *form;
	struct uuid owner; /* of its float accounts */
	char currency[4];
};

#define STATEMENT_WORDS 16

/* --type WORD=in|out|fee, --status WORD=done|failed|pending, as often as needed */
struct cli_words {
	struct statement_word at[STATEMENT_WORDS + 1];
	char text[STATEMENT_WORDS][40];
};

struct cli_statement_ask {
	struct settings *settings;
	struct cli_account account;
	const char *file, *coop, *code, *by, *note;
	bool has_day, dry_run, json, all;
	int32_t day;
	struct cli_words types, states;
};

/* What became of the rows of a file. */
struct statement_counts {
	uint64_t rows, nothing, faults, added, repeated, changed, late, conflicts;
	int64_t paid_in, withdrawn, fees;
};

/* Prints them; before: the file was imported before. */
void cli_statement_counted(const struct cli_statement_ask *ask,
                           const struct statement_counts *n, const char *holder,
                           const struct statement_account *account, bool before);

/* All give an exit status. */
int cli_statement_import(const struct cli_statement_ask *ask);
int cli_statement_check(const struct cli_statement_ask *ask);
int cli_statement_items(const struct cli_statement_ask *ask);
int cli_statement_days(const struct cli_statement_ask *ask);
int cli_statement_close(const struct cli_statement_ask *ask);
int cli_statement_sign(const struct cli_statement_ask *ask);
int cli_statement_reopen(const struct cli_statement_ask *ask);
int cli_statement_forms(void);

/* One call that is waited for.  False after saying what the database said. */
typedef void cli_read_reply(void *arg, const struct pg_reply *r);
bool cli_statement_ask_db(struct cli_world *w, const struct pg_statement *st,
                          struct pg_args *args, cli_read_reply *read, void *arg);

#endif
