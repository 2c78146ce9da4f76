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
 *
 * Here is what all calls share.  The calls stand by subject, in the headers that begin
 * with "part of the facade": members.h, loans.h, lots.h (what is sold), prices.h,
 * receipts.h, savings.h, lease.h, groups.h, funds.h, and smaller ones.
 */
#ifndef PAYMENTS_FLOW_PAYMENTS_H
#define PAYMENTS_FLOW_PAYMENTS_H

#include "lib/err.h"
#include "lib/ids.h"
#include "payments/flow/env.h"

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
 *   exists       this number is a member already
 *   bad_input    a name, weight, amount or purity outside its bounds
 *   limit        over the limit;  minimum  under the least amount
 *   under_least, over_most  answer.bound is what one prompt asks for; none was made
 *   has_loan     a loan is still open;  no_loan  there is none
 *   no_product   the cooperative lends nothing now
 *   no_funds     the float does not hold it
 *   nothing_owed the cooperative owes this member nothing that is not on its way
 *   stale        somebody decided meanwhile: look again
 *   expired      the quote is too old
 *   no_price     no price was set;  stale_price  the last one is too old
 *   busy         a payment for this is already on its way
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

/* Who asks.  Both come from payments_member_find (members.h). */
struct who {
	int32_t cooperative_id;
	struct uuid member_id;
};

/* A call that tells no more than how it went. */
typedef void payments_cb(void *arg, const struct payments_answer *a);

/* What an officer says to what waits for her. */
struct decide_ask {
	struct who who;
	struct uuid id; /* loan or price */
	bool approve;   /* false refuses */
	const char *pin;
	struct uuid key;
};

/* What a message says that goes with no other operation. */
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

#endif
