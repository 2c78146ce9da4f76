/*
 * reread - a small table that people change, read now and every few seconds: what is kept
 * of it is that old at most.  While PostgreSQL is away, what was read last stands.
 */
#ifndef PAYMENTS_FLOW_REREAD_H
#define PAYMENTS_FLOW_REREAD_H

#include "lib/pg.h"
#include "payments/flow/env.h"

#include <stdbool.h>

struct reread;

struct reread_table {
	const struct pg_statement
	    *all; /* its one argument, if any, is the wall time in ms */
	bool asks_time;
	void (*take)(void *owner, const struct pg_reply *r); /* all rows */
};

/* Borrows env and table; owner is handed to take. */
struct reread *reread_new(struct flow_env *env, const struct reread_table *table,
                          int64_t every_ms, void *owner);
void reread_free(struct reread *t);

#endif
