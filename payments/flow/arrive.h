/*
 * arrive - part of the facade (payments.h says how its calls behave): money that comes
 * unasked.
 *
 * Whose it is follows from the reference (the code of a loan, a member's number), else
 * from the number it came from.  It pays that member's live loan; what is over, or all of
 * it without a loan, stands to her credit.  With the code of a loan that was given up it
 * is a recovery.  Nobody's money stands in an account of
 * its own until an officer says whose it is.
 */
#ifndef PAYMENTS_FLOW_ARRIVE_H
#define PAYMENTS_FLOW_ARRIVE_H

#include "payments/flow/payments.h"
#include "payments/store/arrivals.h"

typedef void arrival_cb(void *arg, const struct payments_answer *a,
                        const struct arrival *r);

struct push_ask {
	int32_t cooperative_id;
	const char *provider;     /* whose float it came to */
	const char *provider_txn; /* the same again is the same money */
	const char *msisdn;       /* may be empty */
	const char *reference;    /* may be empty */
	int64_t amount;
	const char *currency;
};

/* Ok; r->member_id is nil if nobody was found.  Told again: what was taken down then.
 * Reasons: bad_input, differs (told before with another amount). */
struct payments_op *payments_push(struct flow_env *env, const struct push_ask *ask,
                                  arrival_cb *cb, void *arg);

struct till_ask {
	struct who who;     /* treasurer */
	const char *member; /* number of the member, or the code of her loan */
	int64_t amount;
	const char *pin;
	struct uuid key;
};

/* Cash a member lays on the table.  Ok.  Reasons: pin_wrong, locked, not_allowed,
 * own_work, not_found (member), bad_input. */
struct payments_op *payments_till(struct flow_env *env, const struct till_ask *ask,
                                  arrival_cb *cb, void *arg);

struct assign_ask {
	struct who who; /* treasurer or officer */
	struct uuid arrival_id;
	const char *member; /* as till_ask */
	const char *pin;
};

/* Says whose unmatched money is; money is assigned once, whatever the key.  Reasons: as
 * till, stale (assigned already). */
struct payments_op *payments_assign(struct flow_env *env, const struct assign_ask *ask,
                                    arrival_cb *cb, void *arg);

#define ARRIVALS_PAGE 10

struct arrival_list {
	unsigned count;
	struct arrival at[ARRIVALS_PAGE];
};

typedef void arrival_list_cb(void *arg, const struct payments_answer *a,
                             const struct arrival_list *list);

/* Unmatched, oldest first.  Reasons: not_allowed. */
struct payments_op *payments_unmatched(struct flow_env *env, const struct who *who,
                                       unsigned skip, arrival_list_cb *cb, void *arg);

#endif
