/*
 * ledger_bed - a fresh, migrated database with one cooperative and a ledger writer on it.
 *
 * Reaches the server through the PG* environment.  Calls block by turning the loop, so
 * that a test reads as a story; 10 s without an answer fails the test.
 */
#ifndef TESTS_INTEGRATION_LEDGER_BED_H
#define TESTS_INTEGRATION_LEDGER_BED_H

#include "lib/clock.h"
#include "payments/flow/settle.h"
#include <libpq-fe.h>

#include <stdio.h>

struct ledger_bed {
	char database[40];
	char conninfo[120];
	struct clock clock;
	struct ids ids;
	struct loop *loop;
	struct pg *pg;
	struct settle *settle;
	struct settle_options options; /* for the next writer */
	PGconn *questions;             /* of bed_query */
	unsigned waiting;
};

extern const struct account_ref bed_float, bed_equity, bed_member, bed_loan, bed_till;
#define BED_COOPERATIVE 7

int ledger_bed_open(struct ledger_bed *b);     /* 0, or -1 with the reason on stderr */
void ledger_bed_close(struct ledger_bed *b);   /* drops the database                 */
void ledger_bed_restart(struct ledger_bed *b); /* a new writer that remembers nothing */

struct ledger_leg bed_post(struct ledger_bed *b, struct account_ref debit,
                           struct account_ref credit, int64_t amount);
struct ledger_leg bed_resolve(struct ledger_bed *b, const struct ledger_leg *hold,
                              enum leg_kind kind, int64_t amount);

/* Key is made of kind and number. */
struct settle_answer bed_settle(struct ledger_bed *b, const char *kind, unsigned number,
                                const struct ledger_leg *legs, uint32_t count);
void bed_submit(struct ledger_bed *b, const char *kind, unsigned number,
                const struct ledger_leg *legs, uint32_t count, struct settle_answer *out);
void bed_wait(struct ledger_bed *b); /* until all submitted are answered */

/* On a connection of their own, as the owner. */
int64_t bed_query(struct ledger_bed *b, const char *sql); /* first field as a number */
int64_t bed_balance(struct ledger_bed *b, const struct account_ref *account);
int64_t bed_faults(struct ledger_bed *b); /* rows of ledger_faults() */
void bed_bump_epoch(struct ledger_bed *b);
void bed_terminate_backends(struct ledger_bed *b);

#endif
