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

#define STATEMENT_TYPES 16

struct cli_statement_ask {
	struct settings *settings;
	struct cli_account account;
	const char *file, *coop, *code, *by, *note;
	bool has_day, dry_run, json, all;
	int32_t day;
	/* --type WORD=in|out|fee, as often as needed */
	struct statement_word types[STATEMENT_TYPES + 1];
	char words[STATEMENT_TYPES][40];
};

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
