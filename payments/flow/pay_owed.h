/*
 * pay_owed - part of the facade (payments.h says how its calls behave): paying a member
 * what the cooperative owes.
 */
#ifndef PAYMENTS_FLOW_PAY_OWED_H
#define PAYMENTS_FLOW_PAY_OWED_H

#include "payments/flow/payments.h"
#include "payments/store/owed.h"

struct pay_owed_ask {
	struct who who;        /* treasurer or officer, or who is owed */
	struct uuid member_id; /* who is owed     */
	const char *pin;       /* of who asks     */
	struct uuid key;
};

struct owed_payout {
	struct uuid payment_id;
	char code[12];
	int64_t amount; /* on fail: what is owed, as far as known */
	char currency[4];
};

typedef void owed_payout_cb(void *arg, const struct payments_answer *a,
                            const struct owed_payout *p);

/* Pays out all that the cooperative owes a member and no payout holds yet: a sale whose
 * payout failed, what was paid beyond a loan.  If it fails, it stays owed.  Pending with
 * "paying".  What the wallet's limits do not let through at once follows by itself.
 * After a failed payout, more than the cooperative lets one officer approve takes two:
 * pending with "second_needed" after the first, who tells the others; another one's ask
 * pays it, if it is the same amount still and within a week. Reasons: pin_wrong, locked,
 * not_found, not_allowed, nothing_owed, no_funds (the float is short), limit (the wallet
 * takes nothing for weeks), large (who is owed cannot have so much paid; two officers
 * can), busy, stale. */
struct payments_op *payments_pay_owed(struct flow_env *env,
                                      const struct pay_owed_ask *ask, owed_payout_cb *cb,
                                      void *arg);

#define OWED_PAGE 10

struct owed_list {
	unsigned count;
	unsigned total;
	struct owed_line at[OWED_PAGE];
};

typedef void owed_list_cb(void *arg, const struct payments_answer *a,
                          const struct owed_list *list);

/* Members with money that could be paid out now, the largest first.  Ok.
 * Reasons: not_allowed (treasurer and officer only). */
struct payments_op *payments_owed(struct flow_env *env, const struct who *who,
                                  unsigned skip, owed_list_cb *cb, void *arg);

#endif
