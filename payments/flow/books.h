/*
 * books - putting one operation together: legs, state changes, decisions, messages.
 *
 * Everything lives in the caller's arena.  The builder keeps to the limits of ledger.h;
 * past them it aborts, because no operation of ours depends on input for its size.
 *
 * Texts that are sent, with their values (money in minor units, days as YYYY-MM-DD,
 * weight in mg, fineness in permille; every value is text):
 *   loan.asked     officers  code name amount
 *   loan.second    officers  code name amount
 *   loan.nofunds   officers  code name amount
 *   loan.approved  member    code amount
 *   loan.refused   member    code amount
 *   loan.paid      member    code amount fee total due last payment
 *   loan.unpaid    member    code amount reason payment
 *   loan.repaid    member    code amount owed due payment  (due: "" when nothing is owed)
 *   loan.due       member    code amount due
 *   loan.late      member    code amount owed due  (amount: the penalty, owed: past due)
 *   loan.holiday   member    code site from to amount due last  (the next, the last)
 *   loan.paused    member    code site from to
 *   moratorium.second officers site from to
 *   loan.dates_second officers code name
 *   loan.dates     member    code amount due last owed  (the next, the last)
 *   loan.off_second officers code name amount
 *   loan.written_off member  code amount
 *   loan.recovered member    code amount owed payment  (owed: still lost)
 *   loan.closed    member    code amount over payment  (over: beyond what was owed)
 *   repay.failed   member    code amount reason payment
 *   lot.quoted     member    code weight fineness value payout minutes lot (its id)
 *   sale.receipt   member    receipt weight fineness value levies share payout owed
 *   sale.paid      member    receipt amount payment
 *   sale.unpaid    member    receipt amount reason payment
 *   sale.nofunds   officers  code name amount
 *   lease.approved member   code asset deposit (0: come and fetch it)
 *   lease.ready    member   code asset deposit; lease.fetch officers code asset name
 *   lease.nodeposit member  code asset amount payment
 *   lease.handed   member   code asset amount due last
 *   lease.owned    member   code asset
 *   lease.returned member   code asset amount owed
 *   lot.second     officers  code name paid board value
 *   money.credited member  amount payment   (came unasked, pays no loan)
 *   group.asked    member    group amount
 *   group.ready, group.second officers code name amount
 *   group.refused  member    group amount code name
 *   group.approved member    code group amount guarantee
 *   group.received member    group amount payment
 *   guarantee.called, guarantee.paid member code name group amount
 *   guarantee.second officers code name group amount
 *   guarantee.free member    group amount
 *   savings.in     member    amount payment
 *   savings.failed member    amount payment reason
 *   owed.paid      member    amount payment
 *   owed.unpaid    member    amount reason payment
 *   refund.second officers  code name amount (name: or the number it came from)
 *   refund.sent    member    amount code payment (code: what is given back)
 *   refund.paid    member    amount payment
 *   refund.owed    member    amount payment reason
 *   payout.parts   member    now parts
 *   payout.later   member    now later
 *   payout.days    member    now later days
 *   payout.tomorrow member   later
 *   payout.wait    member    later days
 *   payout.none    member    later
 *   price.asked    officers  name mineral price
 *   payout.float, payout.name treasurers amount payment provider name
 *   batch.paid     member    amount payment
 *   owed.second    officers  name amount
 */
#ifndef PAYMENTS_FLOW_BOOKS_H
#define PAYMENTS_FLOW_BOOKS_H

#include "lib/arena.h"
#include "payments/core/ledger.h"
#include "payments/core/topic.h"
#include "payments/flow/env.h"
#include "payments/store/loans.h"
#include "payments/store/payment.h"

struct books {
	struct flow_env *env; /* borrowed */
	struct arena *arena;  /* borrowed */
	struct operation op;  /* points into the arrays below */
	struct ledger_leg legs[OPERATION_LEGS_MAX];
	struct effect effects[OPERATION_EFFECTS_MAX];
	char key_text[160];
};

/* The key is the name of what is done: printf format, for example "loan.request/%s". */
void books_begin(struct books *b, struct flow_env *env, struct arena *arena,
                 int32_t cooperative_id, const char *kind, const struct uuid *actor);
void books_key(struct books *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

struct account_ref account(enum account_kind kind, const struct uuid *owner,
                           const char *unit); /* owner NULL: none */
struct account_ref account_float(const char *provider, const char *currency);

/* An amount of 0 is no leg. */
void books_post(struct books *b, struct account_ref debit, struct account_ref credit,
                int64_t amount);
struct uuid books_hold(struct books *b, struct account_ref debit,
                       struct account_ref credit, int64_t amount);

struct hold {
	struct uuid id;
	struct account_ref debit, credit;
	int64_t amount;
};

void books_resolve(struct books *b, const struct hold *h, bool capture);

/* A buffer for a body; give it back with books_effect. */
struct buf books_body(struct books *b, size_t cap);
void books_effect(struct books *b, const char *kind, const struct buf *body);

/* A line of the audit; the actor is the operation's. */
void books_audit(struct books *b, const char *action, const struct uuid *subject,
                 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

struct text_value {
	const char *name, *value; /* name NULL ends a list */
};

char *books_i64(struct books *b, int64_t v); /* in the arena */
char *books_day(struct books *b, int32_t day);
/* An SMS to a member (member_id, msisdn and language are read). */
void books_message(struct books *b, const struct member *to, const char *template,
                   const struct text_value *values);
/* The same, but who said STOP, or STOP of this topic, does not get it: reminders and
 * news, never what was done with money. */
void books_news(struct books *b, const struct member *to, enum topic topic,
                const char *template, const struct text_value *values);
void books_tell_officers(struct books *b, const struct officers *to, const char *template,
                         const struct text_value *values);

/* An asset as read goes to a state, for this loan (nil when it is free again). */
void books_asset(struct books *b, const struct asset *a, enum asset_state to,
                 const struct uuid *loan_id, int64_t value);
/* A loan as read changes. */
void books_loan(struct books *b, const struct loan_record *loan,
                const struct loan_change *change);
/* Whom an SMS about a loan goes to. */
struct member books_borrower(const struct loan_record *loan);
/* A payment about a loan, to or from its member's wallet, not created yet. */
struct payment books_loan_payment(const struct loan_record *loan,
                                  enum pay_direction direction, const char *purpose,
                                  int64_t amount);
/* Its payout: the principal, and what is sent so that it can be taken out as cash. */
struct payment books_loan_payout(const struct loan_record *loan);
/* One pull for a loan at a time: stale otherwise. */
void books_guard_one_pull(struct books *b, const struct uuid *loan_id);
/* A payment in state created; p gets its ids (payment_id if nil) and code.  What is
 * pulled is rounded up to what its provider can ask for, and stale while another prompt
 * waits on that handset. */
void books_payment(struct books *b, struct payment *p);

#endif
