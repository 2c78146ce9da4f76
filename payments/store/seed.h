/*
 * seed - the rows of a cooperative to try things with.
 */
#ifndef PAYMENTS_STORE_SEED_H
#define PAYMENTS_STORE_SEED_H

#include "lib/pg.h"

/* cooperative, provider, now_ms, treasurer's and officer's PIN hash. */
extern const struct pg_statement seed_cooperative;

#endif
