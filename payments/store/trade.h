/*
 * trade - levies of countries and premiums of standards, and a cooperative taking them
 * over.
 */
#ifndef PAYMENTS_STORE_TRADE_H
#define PAYMENTS_STORE_TRADE_H

#include "lib/pg.h"

/* No arguments: what, country or standard, mineral, rate, from, to, source. */
extern const struct pg_statement trade_data;
/* cooperative's code, now_ms: code, mineral, base, rate, payee, from. */
extern const struct pg_statement trade_list;
/* cooperative's code, standard or '', now_ms: the same rows, after.  Fails with a message
 * where a name is unknown. */
extern const struct pg_statement trade_adopt;
/* cooperative's code, mineral, code of the deduction, base or '' to end it, payee,
 * percent, dollars a kg, local money a kg, reference price in dollars, now_ms: the same
 * rows. */
extern const struct pg_statement trade_fee;
/* cooperative's code, unit, grams, now_ms: code, version, milligrams of each. */
extern const struct pg_statement trade_unit;
/* cooperative's code, mineral, percent paid, percent off it, now_ms: the rules. */
extern const struct pg_statement trade_rule;

#endif
