/*
 * mtn_callback - tells the caller's URL how a payment went: once, never again.
 */
#ifndef TESTS_SIM_MTN_CALLBACK_H
#define TESTS_SIM_MTN_CALLBACK_H

#include "lib/buf.h"
#include "tests/sim/book.h"
#include "tests/sim/sim.h"

/* As the payment stands, by its script and the chaos knobs.  Nothing if it gave no URL.
 */
void mtn_call_back(struct sim *s, const struct entry *e, unsigned times);

/* The body of a status answer. */
enum { MTN_WITH_ID = 1, MTN_LIES = 2 }; /* LIES: the opposite state */

void mtn_describe(const struct sim *s, const struct entry *e, struct buf *out,
                  unsigned how);

#endif
