/*
 * split - a pot shared out in proportion, to the last unit.
 *
 * Pure.  Largest remainder: everybody gets the whole part of pot x weight / all weights,
 * and the units that are left go one each to the largest remainders, of equal ones to the
 * first.  Shares sum to the pot; a pot that is not over the weights' sum gives nobody
 * more than the own weight.
 */
#ifndef PAYMENTS_CORE_SPLIT_H
#define PAYMENTS_CORE_SPLIT_H

#include "lib/err.h"

#include <stdint.h>

#define SPLIT_MAX 64

/* ERR_RANGE: pot or a weight < 0, n over SPLIT_MAX, or a pot > 0 without any weight. */
int split_pot(int64_t pot, const int64_t *weight, unsigned n, int64_t *share,
              struct err *err) MUST_CHECK;

#endif
