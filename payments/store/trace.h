/*
 * trace - what went to a number and came from it: SMS, payments and what was said about
 * them, money that arrived unasked.
 *
 * Names of templates and states, never the words of an SMS nor the values in them: those
 * may be private.  Hops of USSD are not kept anywhere, hence not here.
 */
#ifndef PAYMENTS_STORE_TRACE_H
#define PAYMENTS_STORE_TRACE_H

#include "lib/pg.h"

/* $1 digits, $2 since when (ms), $3 the number as it may be shown, $4 cooperative code or
 * "".  The newest 500, oldest first: at (UTC), cooperative, $3, kind ("sms", "payment",
 * "said", "arrival"), way ("to", "from"; "" of what was said), name (template, or the
 * payment's code), state, amount in minor units or 0, currency, by (carrier's id or
 * provider), why. */
extern const struct pg_statement trace_number;

#endif
