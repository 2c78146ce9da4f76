/*
 * payments - the facade: everything a menu, an SMS command, a web page or a command line
 * may ask of the money side.
 *
 * Shape:    every call is async and keeps the five promises of loop.h.  It copies what it
 *           is asked, answers through its callback exactly once, and its handle is dead
 *           by then.  What the callback is given dies when it returns.
 * Outcome:  ok; pending (committed, somebody or something else comes next); fail with a
 *           reason.  Fields beside the answer are filled as far as they are known, also
 *           on fail (a refused loan still tells the limit).
 * Units:    money in minor units of the cooperative's currency, weight in milligrams,
 *           fineness in permille, days since 1970-01-01 in the cooperative's own zone,
 *           _ms wall time.
 * Keys:     what changes something takes a key from the caller, made from what the person
 *           did (session and screen): the same key again gets the first answer.
 * PINs:     checked here, wiped here, never stored but as a hash.  A call with a PIN
 *           counts tries: three wrong ones lock.
 */
#ifndef PAYMENTS_FLOW_PAYMENTS_H
#define PAYMENTS_FLOW_PAYMENTS_H

#include "lib/err.h"
#include "lib/ids.h"
#include "payments/flow/env.h"
#include "payments/store/loans.h"
#include "payments/store/member.h"
#include "payments/store/prices.h"
#include "payments/store/sales.h"

#include <stdbool.h>
#include <stdint.h>

enum outcome { OUTCOME_OK, OUTCOME_PENDING, OUTCOME_FAIL };

/* Reasons: static text, "" with ok.
 *   with fail
 *   try_later    the database is away or busy; nothing happened
 *   not_found    no such member, cooperative, loan, lot, receipt, or not yours
 *   not_allowed  your role may not
 *   own_work     nobody approves or confirms what they made or would receive
 *   pin_wrong    answer.tries_left says how often you may still try
 *   locked       too many wrong PINs
 *   pin_weak     1234, 0000, 1985 and the like, or not 4 to 6 digits
 *   pin_differs  the second PIN is not the first
 *   exists       this number is a member already;  bad_input  out of bounds
 *   limit        over the limit;  minimum  under the least amount
 *   under_least, over_most  answer.bound is what one prompt asks for; none was made
 *   has_loan     a loan is still open;  no_loan  there is none
 *   no_product   the cooperative lends nothing now;  no_funds  the float is short
 *   nothing_owed the cooperative owes this member nothing that is not on its way
 *   stale        somebody decided meanwhile: look again;  expired  too old a quote
 *   no_price     no price was set;  stale_price  the last one is too old
 *   busy         a payment for this is on its way
 *   with pending
 *   second_needed  an officer must still agree
 *   approval       the treasurer must approve
 *   paying         the provider was or will be asked; SMS follows
 *   not_known      the commit's outcome is not known yet: ask again with the same key */
struct payments_answer {
	enum outcome outcome;
	const char *reason;
	unsigned tries_left; /* with pin_wrong */
	int64_t bound;       /* with under_least and over_most; minor units */
	struct err err;      /* for the log; ERR_NONE unless machinery failed */
};

struct payments_op;

void payments_cancel(struct payments_op **op); /* detaches; NULL is fine */

#define PIN_TEXT_MAX 8

/* Who asks.  Both come from member_find. */
struct who {
	int32_t cooperative_id;
	struct uuid member_id;
};

/* ---- members ------------------------------------------------------------------- */

typedef void member_cb(void *arg, const struct payments_answer *a,
                       const struct member *m);

/* cooperative_id 0: any; the one first joined wins.  A member still pending is found too
 * (state says so).  Reasons: not_found. */
struct payments_op *payments_member_find(struct flow_env *env, const char *msisdn,
                                         int32_t cooperative_id, member_cb *cb,
                                         void *arg);

typedef void cooperative_cb(void *arg, const struct payments_answer *a,
                            const struct cooperative *c);

/* Letter case does not matter.  Reasons: not_found. */
struct payments_op *payments_cooperative_find(struct flow_env *env, const char *code,
                                              cooperative_cb *cb, void *arg);

struct register_ask {
	const char *cooperative_code;
	const char *name;
	const char *language;
	const char *msisdn;
	const char *pin;
};

/* Stores a pending member with the PIN's hash, over any older pending one of this number.
 * Reasons: not_found (code), exists, bad_input (name), pin_weak. */
struct payments_op *payments_register_begin(struct flow_env *env,
                                            const struct register_ask *ask, member_cb *cb,
                                            void *arg);
/* The PIN again: makes the member active.  Reasons: pin_differs (begin anew), not_found.
 */
struct payments_op *payments_register_confirm(struct flow_env *env, const struct who *who,
                                              const char *pin, member_cb *cb, void *arg);

typedef void payments_cb(void *arg, const struct payments_answer *a);

/* Reasons: pin_wrong, locked. */
struct payments_op *payments_pin_check(struct flow_env *env, const struct who *who,
                                       const char *pin, payments_cb *cb, void *arg);

/* Three screens, one PIN each, nothing kept by the caller: OLD proves who you are for
 * three minutes, NEW stores its hash aside, AGAIN compares and puts it in force. */
enum pin_step { PIN_OLD, PIN_NEW, PIN_AGAIN };

/* Reasons: pin_wrong, locked; pin_weak; pin_differs; expired (begin anew). */
struct payments_op *payments_pin_change(struct flow_env *env, const struct who *who,
                                        enum pin_step step, const char *pin,
                                        payments_cb *cb, void *arg);

struct unlock_ask {
	struct who who;        /* treasurer or officer */
	struct uuid member_id; /* whose PIN is locked  */
	const char *pin;       /* of who unlocks       */
	struct uuid key;
};

/* Opens a locked PIN again; it stays what it was.  Ok, and audited.
 * Reasons: pin_wrong, locked (who asks), not_allowed, own_work, stale (not a locked
 * member of this cooperative). */
struct payments_op *payments_member_unlock(struct flow_env *env,
                                           const struct unlock_ask *ask, payments_cb *cb,
                                           void *arg);

struct payments_op *payments_language_set(struct flow_env *env, const struct who *who,
                                          const char *language, payments_cb *cb,
                                          void *arg);

#define MEMBERS_PAGE 20

struct member_list {
	unsigned count; /* at most MEMBERS_PAGE */
	bool more;
	struct member at[MEMBERS_PAGE];
};

typedef void member_list_cb(void *arg, const struct payments_answer *a,
                            const struct member_list *list);

/* text: a part of a name, a member number, or a phone number; "" lists all. */
struct payments_op *payments_members(struct flow_env *env, const struct who *who,
                                     const char *text, unsigned skip, member_list_cb *cb,
                                     void *arg);

/* Who dials, and what waits for her: one question, as every session begins with it.
 * Reason: not_found. */
struct dialler {
	struct member member;
	unsigned approvals, prices; /* that she may decide, or confirm */
	unsigned lots;              /* that want her consent           */
};

typedef void dialler_cb(void *arg, const struct payments_answer *a,
                        const struct dialler *d);
struct payments_op *payments_dialler(struct flow_env *env, const char *msisdn,
                                     dialler_cb *cb, void *arg);

/* How a member stands. */
struct home {
	bool has_loan;           /* requested, approved or live                    */
	int64_t owed;            /* on the live loan                               */
	int64_t given_up;        /* of loans written off, what did not come back   */
	int64_t loan_limit;      /* what may be asked for today                    */
	int64_t member_balance;  /* what the cooperative owes this person          */
	int64_t price_fine_gram; /* 0: none valid today                            */
};

typedef void home_cb(void *arg, const struct payments_answer *a, const struct home *h);
struct payments_op *payments_home(struct flow_env *env, const struct who *who,
                                  home_cb *cb, void *arg);

/* ---- products ------------------------------------------------------------------- */

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

/* ---- loans --------------------------------------------------------------------- */

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

/* ---- approvals ------------------------------------------------------------------ */

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

struct decide_ask {
	struct who who;
	struct uuid id; /* loan or price */
	bool approve;   /* false refuses */
	const char *pin;
	struct uuid key;
};

/* Approving places the hold on the float and creates the payout in one operation: pending
 * with "paying" (of a lease "deposit"), or with "second_needed" above the product's
 * limit.  Refusing: ok. What the wallet's limits do not let through at once follows by
 * itself (parts.h). Reasons: pin_wrong, locked, not_allowed, own_work, not_found, stale,
 * no_funds, limit (the wallet takes nothing for weeks), and of a lease lease_offer's. */
struct payments_op *payments_approval_decide(struct flow_env *env,
                                             const struct decide_ask *ask, loan_cb *cb,
                                             void *arg);

/* ---- receipts ------------------------------------------------------------------- */

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

/* ---- prices and float ------------------------------------------------------------ */

typedef void price_cb(void *arg, const struct payments_answer *a,
                      const struct price_view *p);

/* Of this mineral, or of the one whose price waits longest ("").  Ok also when stale or
 * absent (fine_gram 0). */
struct payments_op *payments_price(struct flow_env *env, const struct who *who,
                                   const char *mineral, price_cb *cb, void *arg);

struct price_ask {
	struct who who;
	int64_t fine_gram;  /* > 0; or 0 with usd_cents */
	const char *source; /* "board", "market"; may be NULL */
	const char *pin;
	struct uuid key;
	const char *mineral; /* "" or NULL: gold; "dollar": its rate in local money */
	int64_t usd_cents;   /* a dollar price as the world quotes it: an ounce of gold, a
	                      * tonne of tin.  Reckoned with the dollar of the day and kept
	                      * beside the price. */
};

/* Pending with second_needed.  Reasons: not_allowed, bad_input, no_rate (of the dollar,
 * or too old), pin_wrong, locked. */
struct payments_op *payments_price_set(struct flow_env *env, const struct price_ask *ask,
                                       price_cb *cb, void *arg);
/* ask->id is waiting_id.  Ok.  Reasons: not_allowed, own_work, not_found, stale,
 * pin_wrong, locked. */
struct payments_op *payments_price_confirm(struct flow_env *env,
                                           const struct decide_ask *ask, price_cb *cb,
                                           void *arg);

struct float_view {
	int64_t balance;
	int64_t held;      /* of it, promised to payouts on their way */
	int64_t available; /* balance - held */
	char currency[4];
	char provider[16];
	unsigned payouts_open;
};

typedef void float_cb(void *arg, const struct payments_answer *a,
                      const struct float_view *f);

/* Reasons: not_allowed. */
struct payments_op *payments_float(struct flow_env *env, const struct who *who,
                                   float_cb *cb, void *arg);

/* ---- messages --------------------------------------------------------------------- */

struct notify_ask {
	int32_t cooperative_id;
	struct uuid member_id, key;     /* member nil: the receiver is none */
	const char *country, *currency; /* of the cooperative, and its decimals */
	unsigned exponent;
	const char *msisdn, *language;
	/* of the menus: "sms.balance"; one JSON object of texts, as message.h says */
	const char *template, *values;
};

/* An SMS that goes with no other operation: an outbox row.  Ok. */
struct payments_op *payments_notify(struct flow_env *env, const struct notify_ask *ask,
                                    payments_cb *cb, void *arg);

/* ---- for operators ---------------------------------------------------------------- */

#define PAYMENTS_PAGE 50

struct payment_line {
	int32_t cooperative_id;
	struct uuid payment_id;
	struct uuid reference;
	char direction[4]; /* "out", "in" */
	char provider[16];
	char purpose[16];
	char msisdn[16];
	int64_t amount;
	char currency[4];
	char code[12];
	char state[16];
	char reason[32];
	char provider_txn[64];
	int64_t created_ms;
};

struct payment_page {
	unsigned count;
	bool more; /* ask again after the last payment_id */
	struct payment_line at[PAYMENTS_PAGE];
};

typedef void payment_page_cb(void *arg, const struct payments_answer *a,
                             const struct payment_page *p);

/* In order of payment_id; after nil: from the first.  cooperative_id 0: all. */
struct payments_op *payments_page(struct flow_env *env, int32_t cooperative_id,
                                  const struct uuid *after, payment_page_cb *cb,
                                  void *arg);

/* A cooperative to try things with: MGODI with its officers, product, price, levies and
 * opening float.  Doing it again changes nothing but the PINs. */
struct seed_ask {
	const char
	    *country; /* "TZ" (MGODI; also NULL) or "KE" (MIGORI); else not_found */
	const char *provider; /* whose float is filled: "mtn" */
	int64_t opening_float;
	const char *treasurer_pin;
	const char *officer_pin;
};

typedef void seed_cb(void *arg, const struct payments_answer *a, int32_t cooperative_id);

struct payments_op *payments_seed(struct flow_env *env, const struct seed_ask *ask,
                                  seed_cb *cb, void *arg);

#endif
