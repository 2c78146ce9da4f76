/*
 * late - a loan of which two officers have a word: how it is found, and who may speak of
 * it at all.
 *
 * Only payments/flow includes this.
 */
#ifndef PAYMENTS_FLOW_LATE_H
#define PAYMENTS_FLOW_LATE_H

#include "payments/flow/call.h"
#include "payments/flow/loan_money.h"

/* By its code; if that is NULL, by its id.  st: loan_off_by_... or loan_call_by_... of
 * the same; the reply is for loan_off_read. */
void late_ask(struct payments_op *op, const struct pg_statement *st, const char *code,
              const struct uuid *loan_id, call_reply *on_reply);
/* What is wrong with a word of this person on this loan, which was found: not_allowed,
 * not_found, try_later (op->answer.err says why); or "", with its account open and
 * view.owed to the very end. */
const char *late_open(struct payments_op *op, struct loan_record *loan,
                      struct loan_money *money);

#endif
