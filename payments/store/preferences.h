/*
 * preferences - what people decided about providers: what each cooperative likes best,
 * and which provider is paused.
 */
#ifndef PAYMENTS_STORE_PREFERENCES_H
#define PAYMENTS_STORE_PREFERENCES_H

#include "lib/pg.h"

#include <stdint.h>

struct preference {
	int32_t cooperative_id; /* 0: of all, as it is paused */
	char provider[16];
	int32_t rank; /* 1 best; 0: paused */
};

/* All of them, for preference_read. */
extern const struct pg_statement preferences_all;
void preference_read(const struct pg_reply *r, int row, struct preference *out);

/* $1 cooperative's code, $2 names {a,b}, $3 by, $4 note, $5 now: false if there is no
 * such cooperative. */
extern const struct pg_statement preference_set;

#endif
