/*
 * migrate - bring a database forward to this program's schema.
 *
 * Forward only: each file of payments/schema once, in order of name, each in a
 * transaction of its own, under an advisory lock so that two gateways starting together
 * do not race. A file that was changed after it ran is refused.  Blocks: for the command
 * line, never for the loop.
 */
#ifndef PAYMENTS_STORE_MIGRATE_H
#define PAYMENTS_STORE_MIGRATE_H

#include "lib/err.h"

#include <stdbool.h>
#include <stdio.h>

/* conninfo: libpq form, "" for the PG* environment.  Says on `out` (NULL: silent) what it
 * runs and what went wrong.  0, or -1. */
int migrate(const char *conninfo, FILE *out) MUST_CHECK;
/* Is the schema exactly this program's?  1 yes, 0 no, -1 the database cannot be asked. */
int migrate_is_current(const char *conninfo);

#endif
