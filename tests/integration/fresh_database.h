/*
 * fresh_database - a database with today's schema, quickly.
 *
 * The migrations run once on a server, into a template; each test gets a copy of it.  A
 * template of another schema is made anew.  Reaches the server through PG*.
 */
#ifndef TESTS_INTEGRATION_FRESH_DATABASE_H
#define TESTS_INTEGRATION_FRESH_DATABASE_H

#include "lib/err.h"

/* 0, or -1 with the reason on stderr. */
int fresh_database(const char *name) MUST_CHECK;

#endif
