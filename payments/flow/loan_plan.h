/*
 * loan_plan - part of the facade (payments.h says how its calls behave): a member's own
 * loan as it stands today.  All amounts come from a replay of its contract and events.
 */
#ifndef PAYMENTS_FLOW_LOAN_PLAN_H
#define PAYMENTS_FLOW_LOAN_PLAN_H

#include "payments/flow/payments.h"
#include "payments/store/loans.h"

#define PLAN_PAGE 10

struct plan_row { /* an instalment */
	uint32_t nr;
	int32_t due;
	int64_t amount;     /* all parts, as due                    */
	int64_t left;       /* of it, still to pay                  */
	uint32_t late_days; /* since it fell due, if not paid; or 0 */
};

struct loan_plan {
	struct loan_view loan;
	int64_t owed;     /* to the very end, charges and all     */
	int64_t past_due; /* due before today                     */
	uint32_t late_days;
	int64_t penalty; /* of what is owed                      */
	/* The first row still to pay that is due today or later; 0, 0: there is none. */
	int32_t next_day;
	int64_t next_amount;
	int64_t pay_off; /* what closes the loan today           */
	int64_t pay_off_part[PARTS];
	unsigned skip, count, total; /* rows of the schedule                 */
	struct plan_row at[PLAN_PAGE];
};

typedef void loan_plan_cb(void *arg, const struct payments_answer *a,
                          const struct loan_plan *p);

/* The member's live loan, with the rows after the first `skip`.  Ok.
 * Reasons: no_loan. */
struct payments_op *payments_loan_plan(struct flow_env *env, const struct who *who,
                                       unsigned skip, loan_plan_cb *cb, void *arg);

#endif
