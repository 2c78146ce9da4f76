/*
 * cli - one file per verb: `int cli_VERB(int argc, char **argv)`, argv[0] is the verb.
 *
 * Exit status: 0 done, 1 the thing asked about is wrong or failed, 2 wrong usage or the
 * settings cannot be read.  Results go to standard output, everything else to standard
 * error.  Every verb takes --help; those that read settings take --config FILE (else the
 * environment's ADIT_CONFIG, else /etc/adit/adit.conf); those with results take --json.
 */
#ifndef GATEWAY_CLI_CLI_H
#define GATEWAY_CLI_CLI_H

#include "config/settings.h"
#include "lib/ids.h"
#include "lib/loop.h"
#include "lib/pg.h"
#include "payments/flow/env.h"

#include <stdbool.h>

enum { CLI_OK = 0, CLI_WRONG = 1, CLI_USAGE = 2 };

struct cli_verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
};

struct payments_answer;

int cli_bench(int argc, char **argv);
int cli_calc(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_ctl(int argc, char **argv);
int cli_day(int argc, char **argv);
int cli_ledger(int argc, char **argv);
int cli_loans(int argc, char **argv);
int cli_menu(int argc, char **argv);
int cli_messages(int argc, char **argv);
int cli_migrate(int argc, char **argv);
int cli_payments(int argc, char **argv);
int cli_phone(int argc, char **argv);
int cli_products(int argc, char **argv);
int cli_providers(int argc, char **argv);
int cli_receipts(int argc, char **argv);
int cli_seed(int argc, char **argv);
int cli_serve(int argc, char **argv);
int cli_site(int argc, char **argv);
int cli_trade(int argc, char **argv);
int cli_wallet(int argc, char **argv);

/* ---- arguments: taken out of argv one by one; what is left is wrong usage ---------- */

/* "--name": true if it was there. */
bool cli_flag(int *argc, char **argv, const char *name);
/* "--name VALUE" or "--name=VALUE": NULL if it was not there. */
const char *cli_value(int *argc, char **argv, const char *name);
/* The next word that is no option; NULL if there is none. */
const char *cli_word(int *argc, char **argv);
/* Prints help and returns true if --help (or -h) was there. */
bool cli_help(int *argc, char **argv, const char *help);
/* True if nothing is left; else says what is too much. */
bool cli_done(int argc, char **argv);

/* ---- settings and database ----------------------------------------------------------
 */

/* The file named by --config, read and checked.  NULL after printing the faults. */
struct settings *cli_settings(int *argc, char **argv);
/* The same; where no file is named and none is in the usual place, the defaults: the
 * database is then that of the PG* environment. */
struct settings *cli_settings_or_environment(int *argc, char **argv);
const char *cli_config_path(int *argc, char **argv);

/* A loop with the database and the money side, for verbs that ask and end. */
struct cli_world {
	struct settings *settings;
	struct clock clock;
	struct ids ids;
	struct loop *loop;
	struct flow_env env;
	struct pg *writes; /* NULL without the writer */
	bool answered;
};

enum cli_reach {
	CLI_READS,  /* the database */
	CLI_WRITES, /* and the ledger writer, PINs included */
	CLI_OWNER,  /* the database, not as the gateway's role: migrations */
};

struct cli_world *cli_open(struct settings *s, enum cli_reach reach);
void cli_close(struct cli_world *w);
/* Turns the loop until a callback has set w->answered (then clears it). */
void cli_await(struct cli_world *w);

/* ---- rows of a statement: a line each, or with json an object each ---------------- */

struct cli_column {
	const char *name; /* NULL ends the list */
	bool number;
	int width; /* of a line; 0: only in JSON */
};

struct cli_rows {
	struct cli_world *w;
	const struct cli_column *columns;
	bool json;
	int count;     /* rows of the last answer */
	char last[64]; /* first column of its last row: where to go on */
	bool failed;
};

/* Takes args.  Prints what came and returns when it has. */
void cli_rows(struct cli_rows *rows, const struct pg_statement *st, struct pg_args *args);

/* Says on standard error why the money side could not answer. */
void cli_complain(const char *verb, const struct payments_answer *a);

#endif
