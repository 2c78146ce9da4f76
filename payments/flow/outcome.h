/*
 * outcome - what all purposes share: read the loan, lot or member the payment is about,
 * put one operation together, submit it under the payment's key, tell the rails.
 *
 *   READ (--> ROOM, or PART for each of a group) --> FEE --> COMMIT --done--> END
 *     ^-------stale----'   `--conflict--> LOOK (settled already, the same way?) --> END
 *
 * FEE: what the provider charges for a payment that was made, by the tariff of the day it
 * was sent on, is lines of the same operation: debit provider_fee, credit the float.  The
 * money has moved whatever our books say: a float that does not cover the fee owes it
 * (fee_due), under a key of its own, until a day finds money there (fee_due.h).  Without
 * a tariff there is no line.
 */
#ifndef PAYMENTS_FLOW_OUTCOME_H
#define PAYMENTS_FLOW_OUTCOME_H

#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/parts.h"
#include "payments/flow/purpose.h"
#include "payments/store/sales.h"

struct outcome_call;

/* Adds legs, state and messages to *b; o->loan may be changed first.  -1: cannot be. */
typedef int outcome_put(struct outcome_call *o, struct books *b, struct err *err);

struct purpose {
	const char *name; /* payments.purpose */
	outcome_put *put;
};

struct outcome_call {
	struct payments_op op;
	struct payment payment; /* our copy */
	enum pay_state to;
	struct verdict why;
	struct loan_record loan;  /* of purposes about a loan */
	struct lot_record lot;    /* of purposes about a lot  */
	struct group_view *group; /* of purposes about a group, in the arena */
	struct loan_record *part; /* its live parts */
	unsigned part_count, at;
	struct member member; /* to be told: id, msisdn, language */
	struct wallet_facts room;
	bool follows; /* another part does: room is known */
	int64_t fee;  /* what the provider charges; 0: nothing, or not known */
	bool fee_due; /* the float does not cover it */
	outcome_put *put;
	purpose_cb *cb;
	void *arg;
};

/* parts_end of this payment, its holds from `from` and the next part's the same. */
int64_t outcome_parts(struct outcome_call *o, struct books *b, struct account_ref from);
/* Tells the member of `amount`: values amount, payment (its code) and, unless it was
 * paid, reason. */
void outcome_tell(struct outcome_call *o, struct books *b, const char *template,
                  int64_t amount);

extern const struct purpose purpose_loan_out, purpose_sale_out, purpose_repay_in,
    purpose_owed_out, purpose_deposit_in, purpose_save_in, purpose_group_in,
    purpose_back_out, purpose_refund_out, purpose_batch_owed, purpose_batch_means,
    purpose_batch_wages;

#endif
