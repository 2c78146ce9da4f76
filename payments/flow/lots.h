/*
 * lots - the facade of sales: what lies on the scale, who agrees to it, and for how much.
 *
 * As payments.h: a call answers once through its callback; ok, pending or a reason.
 */
#ifndef PAYMENTS_FLOW_LOTS_H
#define PAYMENTS_FLOW_LOTS_H

#include "payments/flow/payments.h"
#include "payments/store/sales.h"

typedef void lot_cb(void *arg, const struct payments_answer *a, const struct lot_view *l);

struct lot_ask {
	struct who who;      /* treasurer or weigher */
	const char *seller;  /* member number, or phone number as E.164 digits */
	const char *mineral; /* "gold", "tin", ...; "" or NULL: gold */
	const char *weight;  /* as said: "2.5 tola"; "" or NULL: gross_mg counts */
	int64_t gross_mg;    /* over 0, at most what a lot of the mineral may weigh */
	int32_t fineness;    /* permille, 1..1000; of stones 1000 */
	int64_t value;       /* of stones: the lot's, as valuer and miner see it */
	/* What is paid of the world price, where that is not the board's; 0: the board's.
	 * Further off than the rules allow, or over 1000, a second officer must agree. */
	int32_t offer_permille;
	enum lot_method method;
	const char *site; /* site code; "" or NULL: the cooperative's first */
	const char *tag;  /* may be empty */
	struct uuid key;
};

/* Computes and locks the quote, tells the miner by SMS.  Ok; pending with second_needed
 * where another officer must agree first.
 * Reasons: not_allowed, own_work, not_found (seller), bad_input, bad_unit, no_price,
 * stale_price; no_rate, stale_rate (of the dollar, where a levy is in dollars). */
struct payments_op *payments_lot_record(struct flow_env *env, const struct lot_ask *ask,
                                        lot_cb *cb, void *arg);

#define LOTS_PAGE     10
#define LOTS_SKIP_MAX 10000

struct lot_list {
	unsigned count;
	unsigned total;
	struct lot_view at[LOTS_PAGE];
};

typedef void lot_list_cb(void *arg, const struct payments_answer *a,
                         const struct lot_list *list);

/* Quotes that wait for this miner and have not expired, newest first, without the first
 * `skip`. */
struct payments_op *payments_lots(struct flow_env *env, const struct who *who,
                                  unsigned skip, lot_list_cb *cb, void *arg);
/* Lots off the board that wait for this officer, oldest first.  Reasons: not_allowed. */
struct payments_op *payments_lots_second(struct flow_env *env, const struct who *who,
                                         unsigned skip, lot_list_cb *cb, void *arg);
/* For the seller, and for weigher, treasurer, officer, auditor.  Reasons: not_found. */
struct payments_op *payments_lot(struct flow_env *env, const struct who *who,
                                 const struct uuid *lot_id, lot_cb *cb, void *arg);

/* An officer who did not record the lot agrees to its price, or refuses it.
 * Reasons: pin_wrong, locked, not_allowed, own_work, not_found, stale. */
struct payments_op *payments_lot_second(struct flow_env *env,
                                        const struct decide_ask *ask, lot_cb *cb,
                                        void *arg);

struct consent_ask {
	struct who who; /* the seller */
	struct uuid lot_id;
	const char *pin; /* not needed to refuse */
	struct uuid key;
};

/* One operation: value, levies, loan share, weight, hold of the net, payout, receipt.
 * If the float cannot hold the net, nothing happens: no_funds, and the treasurers are
 * told.  Pending with "paying"; ok if nothing is left to pay out.
 * Reasons: pin_wrong, locked, not_found, stale, expired, no_funds. */
struct payments_op *payments_lot_consent(struct flow_env *env,
                                         const struct consent_ask *ask, lot_cb *cb,
                                         void *arg);
/* Reasons: not_found, stale. */
struct payments_op *payments_lot_refuse(struct flow_env *env,
                                        const struct consent_ask *ask, lot_cb *cb,
                                        void *arg);

#endif
