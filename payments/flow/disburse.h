/*
 * disburse - a payout handed to its provider, once.
 *
 * The operation that decided the payout placed the hold on the float and wrote the row;
 * here the row is marked and the provider called.  See carry.h for how.
 */
#ifndef PAYMENTS_FLOW_DISBURSE_H
#define PAYMENTS_FLOW_DISBURSE_H

#include "payments/flow/carry.h"

extern const struct carry_manner disburse;

#endif
