/*
 * loan_judge - may this member have this loan, and on what terms?  Shared by the offer
 * and the request.
 *
 * What the loan is for decides where amount and terms come from: the member (money), the
 * asset's price (a lease), or the group that asked her.
 *
 * Only payments/flow includes this.
 */
#ifndef PAYMENTS_FLOW_LOAN_JUDGE_H
#define PAYMENTS_FLOW_LOAN_JUDGE_H

#include "payments/flow/call.h"
#include "payments/flow/loans.h"
#include "payments/store/tariffs.h"

struct judged {
	struct loan_offer offer;
	struct contract contract; /* of an offer that can be */
	struct tariff cashout;    /* of her wallet; not known: nothing is sent besides */
	struct group_view group;  /* of a part of a group loan; code "" else */
};

void judge_ask_asset(struct payments_op *op, const struct uuid *asset_id,
                     call_reply *on_reply);
void judge_ask_group(struct payments_op *op, const struct uuid *group_id,
                     call_reply *on_reply);
/* product: of money; an asset or a group has its own. */
void judge_ask_facts(struct payments_op *op, const struct judged *j, const char *product,
                     call_reply *on_reply);
/* What taking money out of her wallet costs, for tariff_read into j->cashout.  False: the
 * product does not ask. */
bool judge_ask_cashout(struct payments_op *op, const struct loan_facts *f,
                       call_reply *on_reply);
/* Takes the group and her part of it; NULL: she is not asked, or has agreed. */
const struct group_part *judge_group(struct judged *j, const struct pg_reply *r,
                                     const struct uuid *member_id);
/* Fills the offer and the contract it rests on; the reason why not, or "". */
const char *judge(struct payments_op *op, const struct loan_facts *f, int64_t amount,
                  unsigned terms, struct judged *j);

#endif
