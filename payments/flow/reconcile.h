/*
 * reconcile - finish what was handed over: ask the provider, never guess.
 */
#ifndef PAYMENTS_FLOW_RECONCILE_H
#define PAYMENTS_FLOW_RECONCILE_H

#include "payments/flow/carry.h"

extern const struct carry_manner reconcile;

#endif
