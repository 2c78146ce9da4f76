/*
 * payment - one movement of money through a provider: the row, and the effects that write
 * it.
 *
 * States (payments.state):
 *   created   durable, hold placed (PAY_OUT); not called yet, or to be called again
 *             under the same reference because nothing is known of it over there
 *   sent      about to be or just called; the row says so before the call does
 *   accepted  the provider took it; outcome to come
 *   unknown   the answer was lost or unreadable; the query ladder asks
 *   paid, failed   final; set only by the operation that moves the money
 */
#ifndef PAYMENTS_STORE_PAYMENT_H
#define PAYMENTS_STORE_PAYMENT_H

#include "lib/buf.h"
#include "lib/ids.h"
#include "lib/pg.h"
#include "payments/provider/provider.h"

#include <stdbool.h>
#include <stdint.h>

enum pay_state {
	PAY_CREATED,
	PAY_SENT,
	PAY_ACCEPTED,
	PAY_UNKNOWN,
	PAY_PAID,
	PAY_FAILED,
	PAY_STATES
};

const char *pay_state_name(enum pay_state s);

struct payment {
	int32_t cooperative_id;
	struct uuid payment_id; /* UUIDv7, ours */
	struct uuid reference; /* UUIDv4, the provider's idempotency key                */
	enum pay_direction direction;
	char provider[16];
	char purpose[16]; /* row of the purpose table: "loan_out", "sale_out", "owed_out",
	                   * "repay_in", "deposit_in", "back_out", "refund_out",
	                   * "batch_owed", ... */
	struct uuid purpose_id; /* the loan, sale, member owed, arrival, row of a batch */
	struct uuid member_id;  /* nil: of nobody who is a member */
	struct uuid hold_id; /* PAY_OUT: the hold on the float; nil for PAY_IN        */
	char msisdn[16];
	int64_t amount; /* minor units, > 0                                      */
	char currency[4];
	char code[12]; /* short code people quote; in the SMS and the log       */
	enum pay_state state;
	int32_t attempts;    /* calls of submit so far                                */
	int32_t ladder_step; /* queries so far                                        */
	char provider_txn[64];
	char reason[32];    /* pay_reason_name, "" while not failed                  */
	int64_t created_ms; /* wall time; 0 in payment_new_body: the database's */
	/* a payout in parts (flow/parts.h): what comes after this one, and how it is held
	 */
	int32_t part; /* from 1 */
	int64_t rest; /* 0: this is the last one */
	struct uuid rest_hold_id;
	int32_t waits;         /* how often a wallet's limit had it wait */
	int32_t planned_day;   /* only in payment_new_body; 0: not in parts, at once */
	int64_t not_before_ms; /* the same */
	/* the rest is the rails' own business: filled by payment_read */
	uint8_t exponent;   /* of the currency */
	int64_t sent_ms;    /* of the last submit, 0: none */
	bool maybe_taken;   /* a submit's answer does not exclude that it was taken  */
	int32_t misses;     /* queries in a row that found nothing since the submit  */
	int64_t missing_ms; /* since when                                            */
	char handle[64];    /* the provider's name for it, "" if none was told       */
	bool answered;      /* the answer of a query was posted: payment_posted      */
	char attention[16]; /* why a person should look, "" if none needs to         */
	struct uuid claim;  /* the lease we hold                                     */
	/* a payout that gives back what a collection brought (store/refunds.h), else nil
	 * and "": that one's reference, and what the provider called it */
	struct uuid back_reference;
	char back_txn[64];
	int64_t back_amount; /* what that one brought */
	int64_t extra;       /* of amount, what is sent to be taken out as cash (139) */
	bool in_bulk; /* it went with others (store/bulk.h): asked for alone, that it is
	               * not found says nothing */
};

/* Body of effect "payment_new": inserts the row in state created. */
void payment_new_body(struct buf *out, const struct payment *p);
/* Body of effect "payment_extra", after payment_new. */
void payment_extra_body(struct buf *out, const struct payment *p);
/* Body of effect "payment_for_bulk", after payment_new: it waits for others. */
void payment_for_bulk_body(struct buf *out, const struct uuid *payment_id);
/* Body of effect "one_prompt": stale while another pull waits on that handset. */
void payment_prompt_body(struct buf *out, const struct payment *p);
/* Body of effect "payment_outcome": guard is a state that is not final, and that the
 * claim (if p has one) is still ours; to is PAY_PAID or PAY_FAILED. */
void payment_outcome_body(struct buf *out, const struct payment *p, enum pay_state to,
                          const struct verdict *why);

/* ---- what only the rails call -------------------------------------------------------
 */

const char *verdict_kind_name(enum verdict_kind k); /* "accepted", "not_found", ... */

/* $1 a currency: its decimals. */
extern const struct pg_statement currency_exponent;
/* (cooperative, provider, how many) that are due, counted up to twice $3.  $1 now, $2
 * pull delay. */
extern const struct pg_statement payments_due;
/* $1 cooperative, $2 provider, $3 claim, $4 now, $5 until, $6 limit, $7 submits too,
 * $8 pull delay.  Rows for payment_read. */
extern const struct pg_statement payments_claim;
/* $1 provider, $2 paused, $3 by, $4 note, $5 now: true if that changed anything. */
extern const struct pg_statement provider_pause;
/* $1 names, $2 rates: name, paused by, note, since, to send, under way, told to a person,
 * rate. */
extern const struct pg_statement provider_overview;
extern const struct pg_statement payment_sent;
extern const struct pg_statement payment_heard;
extern const struct pg_statement payment_event;
/* $1 provider, $2 and $3 first and last reference: that of a collection. */
extern const struct pg_statement payment_by_prefix;
/* $1 provider, $2 receipt, $3 number, $4 amount, $5 now: the reference of the prompt that
 * brought it to a till, or null (222_tills.sql). */
extern const struct pg_statement payment_by_till;
/* $1 reference, $2 provider: cooperative, payment, whether it goes out, exponent and name
 * of the currency, amount with all parts that follow. */
extern const struct pg_statement payment_by_reference;
extern const struct pg_statement payment_hint;
/* $1 cooperative, $2 payment, $3 now, $4 attempts, $5 said, $6 body: the answer of a
 * query was posted.  False: it is about a call that is no longer the last. */
extern const struct pg_statement payment_answer;
/* $1 cooperative, $2 payment: what was posted, "" if nothing is waiting. */
extern const struct pg_statement payment_posted;
/* What needs a person (payments/schema/062_attention.sql), oldest first; $1 cooperative
 * (0: all), $2 now: code, why, said, state, direction, provider, purpose, member, msisdn,
 * amount, currency, reference, since_ms.  Of why "owed" the amount is what is owed. */
extern const struct pg_statement payments_attention;
/* $1 code, $2 now, $3 note: false if there is no payment that is over and marked. */
extern const struct pg_statement payment_seen;
/* What a person decides about a payment that was stopped (064_stopped.sql); $1 code, $2
 * now; settled: $3 code of the one that paid.  False: it is not so. */
extern const struct pg_statement payment_resume, payment_settled;

/* $1 cooperative, $2 payment: the payee's name, and whether a person let it pass; no row
 * if nobody says who that is. */
extern const struct pg_statement payment_payee;
/* $1 cooperative, $2 payment, $3 the name it went to, $4 now: false if that was told
 * before, or is of no interest (221_payees.sql). */
extern const struct pg_statement payment_payee_differs;
/* 125_payout_checks.sql: $1 cooperative, $2 payment, $3 claim, $4 now, $5 why, $6 what
 * was said, $7 next try or null: false if the claim is no longer ours. */
extern const struct pg_statement payment_held;

/* What officers decide, each '' or why not.  release: $1 code, $2 it goes (else it ends
 * as failed), $3 by, $4 note, $5 now.  propose: $1 code, $2 outcome, $3 by, $4 evidence,
 * $5 note, $6 now.  confirm: $1 code, $2 outcome, $3 by, $4 now. */
extern const struct pg_statement payment_release, payment_propose, payment_confirm;
/* $1 code of a payout that waits for its name: the payee's, the wallet's. */
extern const struct pg_statement payment_names;

void payment_read(const struct pg_reply *r, int row, struct payment *out);
/* Both false ("f") if the claim is no longer ours. */
struct pg_args *payment_sent_args(const struct payment *p, int64_t now, int64_t until);

struct payment_note {     /* what one conversation with the provider brought */
	const char *kind; /* "heard", "query", "recheck", "problem", ... */
	const struct verdict *verdict;
	int64_t now, next_try_ms; /* next 0: nothing left to do */
	bool answered;            /* it was read from what had been posted */
};

/* Writes p's state, maybe_taken, ladder_step, misses, missing_ms, reason and attention.
 */
struct pg_args *payment_heard_args(const struct payment *p,
                                   const struct payment_note *note);
struct pg_args *payment_event_args(const struct payment *p, int64_t now, const char *kind,
                                   const struct verdict *v, const char *detail);

#endif
