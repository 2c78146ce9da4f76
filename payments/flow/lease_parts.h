/*
 * lease_parts - what operations about a lease share.
 *
 * Only payments/flow includes this.
 */
#ifndef PAYMENTS_FLOW_LEASE_PARTS_H
#define PAYMENTS_FLOW_LEASE_PARTS_H

#include "payments/flow/books.h"
#include "payments/flow/payments.h"

/* Why her wallet cannot be asked for the deposit, with op->answer.bound; "" if it can. */
const char *lease_deposit_refusal(struct payments_op *op, const struct loan_record *loan);
/* Creates a pull of the deposit. */
struct payment lease_ask_deposit(struct books *b, const struct loan_record *loan);
/* The asset is free for others again; nothing if the loan is about no asset. */
void lease_let_go(struct books *b, const struct loan_record *loan);
/* An SMS to the lessee: code, asset, deposit, amount, owed, due, last; without an amount
 * of its own that of an instalment. */
void lease_tell(struct books *b, const struct loan_record *loan, const char *template);
void lease_tell_amount(struct books *b, const struct loan_record *loan,
                       const char *template, int64_t amount);

#endif
