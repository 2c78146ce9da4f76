/*
 * receipts - part of the facade (payments.h says how its calls behave): of
 * sales, for whoever holds one.
 */
#ifndef PAYMENTS_FLOW_RECEIPTS_H
#define PAYMENTS_FLOW_RECEIPTS_H

#include "payments/flow/payments.h"
#include "payments/store/sales.h"

typedef void receipt_cb(void *arg, const struct payments_answer *a,
                        const struct receipt_view *r);

/* Anybody may ask, in any letter case, with dashes or spaces; a mistyped code is told by
 * its check character (bad_input) without asking the database.  Reasons: not_found. */
struct payments_op *payments_receipt(struct flow_env *env, const char *code,
                                     receipt_cb *cb, void *arg);

#define RECEIPTS_PAGE 10

struct receipt_list {
	unsigned count;
	unsigned total;
	struct receipt_line at[RECEIPTS_PAGE];
};

typedef void receipt_list_cb(void *arg, const struct payments_answer *a,
                             const struct receipt_list *list);

/* This member's, newest first. */
struct payments_op *payments_receipts(struct flow_env *env, const struct who *who,
                                      unsigned skip, receipt_list_cb *cb, void *arg);

#endif
