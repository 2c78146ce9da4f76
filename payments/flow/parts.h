/*
 * parts - a payout in as many payments as the wallet's limits want, one after the other.
 *
 *   begin   hold part 1, hold the rest, create payment 1           (the operation that
 * owes) paid    capture part n, let the rest go, hold part n + 1 and   (the operation
 * that what then is left, create payment n + 1                 settles payment n) limit
 * a wallet that takes no more today: the same amount from another day on, WAITS_MAX times
 * in a row at most failed  let both go: all that was not paid stays owed to the member,
 * and somebody must ask for it (pay_owed.h)
 *
 * Each part is a payment row with its own reference (the provider's idempotency key),
 * hold and transfer.  Because a part exists from the commit that settles the one before
 * it, a kill loses none and pays none twice; because the rest is held, the float cannot
 * be spent meanwhile.  A part for another day is a payment whose first try lies in that
 * day: the rails need not know.
 *
 * What a wallet still takes is read before and not locked: two payouts decided in the
 * same moment may plan too much for a day.  The provider then refuses one, and it waits.
 *
 * A loan is live, and its days count, from its first part on, for the whole principal:
 * the rest is then owed to the member (account MEMBER), not to be lent any more.  So the
 * contract she agreed to holds to the last unit whatever her wallet takes.  If the first
 * part is refused, nothing was lent.
 *
 * A fraction that the provider does not pay is no part: it stays owed, until more is.
 *
 * What is sent so that a loan can be taken out as cash (p->extra) is in the first part
 * and its hold; when that is paid it is captured less this, which is a cost of its own.
 *
 * Only payments/flow includes this.
 */
#ifndef PAYMENTS_FLOW_PARTS_H
#define PAYMENTS_FLOW_PARTS_H

#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/store/wallet.h"

#define WAITS_MAX 7

/* Reads what the wallet of p takes (its member, provider, msisdn and currency).  The
 * reply is for wallet_facts_read. */
void parts_ask(struct payments_op *op, const struct payment *p, call_reply *on_reply);

/* Holds and creates the first part of p->amount, from `from` to the provider's float, and
 * tells the member when it is not all at once.  p becomes that part: amount, rest, ids,
 * code.  False: no day has room, or all is less than the provider pays; nothing was put.
 */
bool parts_begin(struct books *b, const struct wallet_facts *w, struct payment *p,
                 struct account_ref from, const struct member *to);

/* May anything come after this payment's end? */
bool parts_follow(const struct payment *done, bool paid, enum pay_reason why);

/* Resolves the holds of a payment that ended, and creates what comes after it if
 * parts_follow and *w has room; w is then not NULL.  from: where its holds are;
 * next_from: where those of the next part are to be.  What is left without a payment is
 * returned. */
int64_t parts_end(struct books *b, const struct wallet_facts *w,
                  const struct payment *done, bool paid, const struct account_ref from[2],
                  const struct member *to);

#endif
