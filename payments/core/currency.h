/*
 * currency - how many decimals a currency's minor unit has, by ISO 4217, and what of an
 * amount can be written with fewer.
 *
 * Pure.  The same rows as the table currencies (payments/schema): a test holds them
 * together.
 */
#ifndef PAYMENTS_CORE_CURRENCY_H
#define PAYMENTS_CORE_CURRENCY_H

#include <stdint.h>

int currency_decimals(const char *code); /* -1: not one of ours */

/* The smallest amount > 0, in minor units, that can be written with so many decimals: 100
 * for TZS without any.  1 for a currency that is not ours. */
int64_t currency_grain(const char *code, unsigned decimals);

#endif
