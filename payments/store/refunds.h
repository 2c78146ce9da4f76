/*
 * refunds - what was collected and is given back: asked for, agreed to, paid.
 */
#ifndef PAYMENTS_STORE_REFUNDS_H
#define PAYMENTS_STORE_REFUNDS_H

#include "payments/store/member.h"
#include "payments/store/payment.h"

struct refund {
	struct uuid refund_id, source_id; /* of the collection or arrival */
	bool arrival;                     /* what came unasked; else a collection */
	char code[12];                    /* of the source */
	int64_t amount;
	int64_t brought; /* by the source */
	char currency[4];
	char provider[16]; /* through whom it came, and goes back */
	char msisdn[16];
	char purpose[16];       /* of the collection; "" of an arrival */
	struct uuid purpose_id; /* the same */
	char state[12];         /* of the source */
	struct uuid reference;  /* of the collection; nil */
	char provider_txn[64];  /* what the provider calls it; "" if never told */
	struct uuid member_id;  /* whom it was taken for; nil: nobody */
	char language[4];
	bool paid_loan;           /* it came for a loan, or several: refund_loans */
	struct uuid confirmed_by; /* the second officer */
};

/* Which event of which loan it became. */
struct refund_loan {
	struct uuid loan_id;
	uint32_t event; /* 0: all of it was over */
	bool free;      /* no other loan of the member is open, its group has not ended */
};

/* cooperative, refund: a confirmed one. */
extern const struct pg_statement refund_by_id;
bool refund_read(const struct pg_reply *r, struct refund *out);
/* cooperative, source: rows for refund_loan_read. */
extern const struct pg_statement refund_loans;
void refund_loan_read(const struct pg_reply *r, int row, struct refund_loan *out);
/* The oldest confirmed one: cooperative, refund. */
extern const struct pg_statement refund_next;
/* cooperative (0: any), code, who, via, note, now: "" or why not. */
extern const struct pg_statement refund_ask;
/* cooperative (0: any), code, who, via, agree, now: "" or why not. */
extern const struct pg_statement refund_answer;
/* cooperative, code, who asks: rows for refund_view_read. */
extern const struct pg_statement refund_look;

struct refund_view { /* as an officer sees it */
	struct uuid refund_id;
	char code[12]; /* of the collection or arrival; "": there is none */
	char name[NAME_MAX_BYTES + 1]; /* whose it is; "" nobody's */
	char msisdn[16];               /* where it came from */
	int64_t amount;
	bool asked, mine; /* by an officer; by this one */
};

/* Why it cannot be given back, or "". */
const char *refund_view_read(const struct pg_reply *r, struct refund_view *out);
/* cooperative, refund, reason, now. */
extern const struct pg_statement refund_refuse;
/* cooperative code ("": all): cooperative, code, state, reason, amount, currency,
 * payment, asked by, confirmed by, note, changed_ms. */
extern const struct pg_statement refund_list;

/* Body of effect "loan_source": this money became that event of that loan. */
void loan_source_body(struct buf *out, const struct uuid *source_id,
                      const struct uuid *loan_id, uint32_t event);
/* Body of effect "payment_back", after payment_new: what the payout gives back. */
void payment_back_body(struct buf *out, const struct payment *p,
                       const struct uuid *source_id);
/* Body of effect "refund_pay": stale unless confirmed, or if a loan of these that is
 * closed cannot be open again. */
void refund_pay_body(struct buf *out, const struct refund *r, const struct payment *p,
                     const struct refund_loan *loans, unsigned count, int64_t now_ms);
/* Body of effect "refund_end": "paid", "owed" (to the member), "listed" (nobody's). */
void refund_end_body(struct buf *out, const struct uuid *payment_id, const char *state,
                     int64_t now_ms);

#endif
