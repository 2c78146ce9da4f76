/*
 * collect - a pull from a member's wallet: the prompt for the wallet's own PIN.
 *
 * Begins only after payments.collect_delay, when the member's own menu session is over:
 * a phone in a session shows no prompt.  See carry.h for how.
 */
#ifndef PAYMENTS_FLOW_COLLECT_H
#define PAYMENTS_FLOW_COLLECT_H

#include "payments/flow/carry.h"

extern const struct carry_manner collect;

#endif
