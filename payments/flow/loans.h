/*
 * loans - part of the facade (payments.h says how its calls behave): what
 * can be lent, what a member asks for, who agrees to it, and paying back.
 */
#ifndef PAYMENTS_FLOW_LOANS_H
#define PAYMENTS_FLOW_LOANS_H

#include "payments/flow/payments.h"
#include "payments/store/loans.h"

/* ---- products ---- */

enum product_change { PRODUCT_SAME, PRODUCT_NEW, PRODUCT_CHANGED };

struct product_put {
	enum product_change change;
	uint32_t version; /* that stands now, or would */
};

typedef void product_put_cb(void *arg, const struct payments_answer *a,
                            const struct product_put *p);

struct product_ask {
	int32_t cooperative_id;
	const struct product *product; /* checked: product_check */
	bool dry_run;                  /* only says what would change */
	bool only_new; /* leaves a product that was changed before: version > 1 */
};

/* Makes the product what it should be: a new version, unless it is the same already.
 * Loans keep the contract of theirs.  Ok.
 * Reasons: bad_input (not the cooperative's currency), not_found, stale. */
struct payments_op *payments_product_put(struct flow_env *env,
                                         const struct product_ask *ask,
                                         product_put_cb *cb, void *arg);

struct product_list {
	unsigned count;
	const struct product *at; /* in the order of the menu */
};

typedef void product_list_cb(void *arg, const struct payments_answer *a,
                             const struct product_list *list);

/* The newest version of every product of a cooperative, also of those lent no more. */
struct payments_op *payments_products(struct flow_env *env, int32_t cooperative_id,
                                      product_list_cb *cb, void *arg);

/* ---- a loan of her own ---- */

struct loan_offer {
	char product[16];              /* its code                               */
	struct loan_terms terms;       /* what would be agreed: loan.h           */
	int64_t minimum, cashout;      /* sent besides, to be cash; in fee if hers */
	int64_t limit;                 /* today's most for this person         */
	unsigned terms_min, terms_max; /* instalments */
	unsigned choices;              /* 0: any number of them */
	uint32_t choice[TERM_CHOICES_MAX];
	enum every_unit every_unit;
	unsigned every;
	struct limit_rule rule; /* why the limit is what it is, line by line */
	struct limit_why why;
	struct borrower borrower;
	char currency[4];
	struct asset asset;       /* of a lease */
	struct lease_price lease; /* loan.h     */
};

typedef void loan_offer_cb(void *arg, const struct payments_answer *a,
                           const struct loan_offer *o);

struct offer_ask {
	struct who who;
	const char *product;  /* its code; NULL or "": the first of the menu */
	int64_t amount;       /* 0: the limits only                          */
	unsigned terms;       /* instalments; 0: the usual                   */
	struct uuid group_id; /* of her part in it; nil: a loan of her own  */
};

/* Of a product that a member may ask for herself, product_on_menu, or of the part that
 * her group asks her to take.  Reasons besides, of a group: gone.
 * Reasons: limit (also: today's most is under the product's least), minimum, has_loan,
 * no_product, bad_input (terms). */
struct payments_op *payments_loan_offer(struct flow_env *env, const struct offer_ask *ask,
                                        loan_offer_cb *cb, void *arg);

typedef void loan_cb(void *arg, const struct payments_answer *a,
                     const struct loan_view *l);

/* The same for an asset that is free; the price says how much.  Reasons besides: gone,
 * and under_least or over_most, when her wallet could not be asked for the deposit. */
struct payments_op *payments_lease_offer(struct flow_env *env, const struct who *who,
                                         const struct uuid *asset_id, unsigned terms,
                                         loan_offer_cb *cb, void *arg);

struct loan_ask {
	struct who who;
	struct uuid asset_id; /* what is leased; nil: money is lent */
	struct uuid group_id; /* whose part she agrees to; nil: a loan of her own */
	const char *product;  /* of money: its code; NULL or "": the first of the menu */
	int64_t amount;       /* of money */
	unsigned terms;       /* instalments; 0: the usual */
	const char *pin;
	struct uuid key;
};

/* Locks the terms, stores the request, tells the treasurers by SMS.  Pending with
 * "approval". Reasons: those of loan_offer or lease_offer, pin_wrong, locked. */
struct payments_op *payments_loan_request(struct flow_env *env,
                                          const struct loan_ask *ask, loan_cb *cb,
                                          void *arg);
/* The member's newest loan that is not closed, refused or unpaid; else fail no_loan (and
 * the last one in *l, if any). */
struct payments_op *payments_loan_status(struct flow_env *env, const struct who *who,
                                         loan_cb *cb, void *arg);

struct repayment {
	struct uuid payment_id;
	char code[12];
	int64_t amount;
	char currency[4];
	struct loan_view loan;
};

typedef void repay_cb(void *arg, const struct payments_answer *a,
                      const struct repayment *r);

struct repay_ask {
	struct who who;
	int64_t
	    amount; /* may exceed what is owed: the rest stands to the member's credit */
	struct uuid key;
};

/* Starts a pull from the member's wallet, where the wallet's own PIN is asked.
 * Pending with "paying".  Reasons: no_loan, bad_input, busy, under_least, over_most. */
struct payments_op *payments_repay(struct flow_env *env, const struct repay_ask *ask,
                                   repay_cb *cb, void *arg);

/* ---- approvals ---- */

#define LOANS_PAGE 10

struct loan_list {
	unsigned count;
	unsigned total;
	struct loan_view at[LOANS_PAGE];
};

typedef void loan_list_cb(void *arg, const struct payments_answer *a,
                          const struct loan_list *list);

/* What waits for this person, oldest first; never their own.  Reasons: not_allowed. */
struct payments_op *payments_approvals(struct flow_env *env, const struct who *who,
                                       unsigned skip, loan_list_cb *cb, void *arg);
/* Reasons: not_allowed, not_found. */
struct payments_op *payments_approval(struct flow_env *env, const struct who *who,
                                      const struct uuid *loan_id, loan_cb *cb, void *arg);

/* Approving places the hold on the float and creates the payout in one operation: pending
 * with "paying" (of a lease "deposit"), or with "second_needed" above the product's
 * limit.  Refusing: ok. What the wallet's limits do not let through at once follows by
 * itself (parts.h). Reasons: pin_wrong, locked, not_allowed, own_work, not_found, stale,
 * no_funds, limit (the wallet takes nothing for weeks), and of a lease lease_offer's. */
struct payments_op *payments_approval_decide(struct flow_env *env,
                                             const struct decide_ask *ask, loan_cb *cb,
                                             void *arg);

#endif
