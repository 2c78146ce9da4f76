/*
 * payment - one movement of money through a provider: the row, and the effects that write
 * it.
 *
 * States (payments.state):
 *   created   durable, hold placed (PAY_OUT), nobody called yet
 *   sent      about to be or just called; the row says so before the call does
 *   accepted  the provider took it; outcome to come
 *   unknown   the answer was lost or unreadable; the query ladder asks
 *   paid, failed   final; set only by the operation that moves the money
 */
#ifndef PAYMENTS_STORE_PAYMENT_H
#define PAYMENTS_STORE_PAYMENT_H

#include "lib/buf.h"
#include "lib/ids.h"
#include "payments/provider/provider.h"

#include <stdint.h>

enum pay_state {
	PAY_CREATED,
	PAY_SENT,
	PAY_ACCEPTED,
	PAY_UNKNOWN,
	PAY_PAID,
	PAY_FAILED,
	PAY_STATES
};

const char *pay_state_name(enum pay_state s);

struct payment {
	int32_t cooperative_id;
	struct uuid payment_id; /* UUIDv7, ours */
	struct uuid reference; /* UUIDv4, the provider's idempotency key                */
	enum pay_direction direction;
	char provider[16];
	char purpose[16]; /* row of the purpose table: "loan_out", "sale_out", "repay_in"
	                   */
	struct uuid purpose_id; /* the loan or sale */
	struct uuid member_id;
	struct uuid hold_id; /* PAY_OUT: the hold on the float; nil for PAY_IN        */
	char msisdn[16];
	int64_t amount; /* minor units, > 0                                      */
	char currency[4];
	char code[12]; /* short code people quote; in the SMS and the log       */
	enum pay_state state;
	int32_t attempts;    /* calls of submit so far                                */
	int32_t ladder_step; /* queries so far                                        */
	char provider_txn[64];
	char reason[32]; /* pay_reason_name, "" while not failed                  */
};

/* Body of effect "payment_new": inserts the row in state created. */
void payment_new_body(struct buf *out, const struct payment *p);
/* Body of effect "payment_outcome": guard is a state that is not final; to is PAY_PAID or
 * PAY_FAILED. */
void payment_outcome_body(struct buf *out, const struct payment *p, enum pay_state to,
                          const struct verdict *why);

#endif
