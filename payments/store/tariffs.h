/*
 * tariffs - what providers charge: their tables, and what is owed to them.
 */
#ifndef PAYMENTS_STORE_TARIFFS_H
#define PAYMENTS_STORE_TARIFFS_H

#include "lib/pg.h"
#include "payments/core/tariff.h"

/* All bands, for tariff_read; behind them set_by, note, set_ms. */
extern const struct pg_statement tariffs_all;
void tariff_read(const struct pg_reply *r, int row, struct tariff_band *out);

/* $1 provider, $2 "out" or "in", $3 currency, $4 from_ms, $5 bands as JSON, $6 by, $7
 * note, $8 now: '' or why not. */
extern const struct pg_statement tariff_set;

/* What is owed to providers and not taken from the float yet: cooperative, owner, unit,
 * amount. */
extern const struct pg_statement tariff_dues;

#endif
