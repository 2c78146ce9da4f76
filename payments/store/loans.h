/*
 * loans - loans as stored, and the effects that change them.
 *
 * Every change names the version it saw; another change in between makes it STALE.
 * A statement stands with its arguments in order; _read fills a struct from a reply.
 */
#ifndef PAYMENTS_STORE_LOANS_H
#define PAYMENTS_STORE_LOANS_H

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/pg.h"
#include "payments/core/account.h"
#include "payments/core/limits.h"
#include "payments/store/assets.h"
#include "payments/store/groups.h"
#include "payments/store/member.h"
#include "payments/store/products.h"

enum loan_state {
	LOAN_REQUESTED, /* a treasurer must decide                */
	LOAN_SEEN,      /* the treasurer agreed, the second officer must too */
	LOAN_APPROVED,  /* hold placed, payout on its way         */
	LOAN_READY,     /* a lease: the deposit is here, the asset is not handed over */
	LOAN_LIVE,      /* paid out, handed over                  */
	LOAN_CLOSED,    /* paid back                              */
	LOAN_REFUSED,
	LOAN_UNPAID, /* the payout failed: nothing was lent    */
	LOAN_WRITTEN_OFF,
	LOAN_STATES
};

/* A code as people write it: in capitals, without blanks and hyphens. */
void loan_code_read(const char *text, char *out, size_t cap);
const char *loan_state_name(enum loan_state s); /* "requested", ... */

struct loan_view {
	struct uuid loan_id;
	char code[12]; /* what people quote */
	enum loan_state state;
	struct loan_terms terms;
	char product[16]; /* its code */
	struct asset
	    asset;        /* of a lease; code "" else.  Its id, code, name, state, cost */
	int64_t deposit;  /* of a lease, paid before */
	int64_t owed;     /* principal and all charges still to pay */
	int64_t past_due; /* of it, due before today        */
	int32_t next_due_day;
	int64_t next_due; /* of it, due that day */
	char currency[4];
	/* for officers */
	char member_name[NAME_MAX_BYTES + 1];
	char msisdn[16];
	int64_t requested_ms;
	bool needs_second;
	int64_t sales_90d; /* net of this member's sales in 90 days */
	unsigned loans_before;
	bool in_group; /* a part of a group's loan; not known in lists */
	/* the payout, once approved */
	char payment_code[12];
};

struct loan_record {
	struct loan_view view;
	int32_t cooperative_id;
	int32_t version;
	struct uuid member_id;
	struct uuid seen_by, approved_by; /* nil if nobody */
	struct uuid payment_id, hold_id;
	uint32_t first_due_days;
	uint32_t sale_share_permille, floor_permille;
	char language[4]; /* the member's */
	char provider[16];
	int32_t today;            /* in the cooperative's zone */
	unsigned actor_roles;     /* of who asks; 0 if nobody of this cooperative */
	int64_t booked;           /* of the charges, what the ledger holds as earned */
	struct json *contract;    /* of the arena given to loan_read */
	struct json *events;      /* array of stored events, oldest first */
	struct loan_group *group; /* it is a part of; NULL.  Not read for the day's run */
};

/* All of these: cooperative, id, actor or nil, now_ms. */
extern const struct pg_statement loan_by_id;
extern const struct pg_statement loan_by_key;
/* Without roles, the member's past and what is due (0): the day's run has no use for it.
 */
extern const struct pg_statement loan_for_day;
extern const struct pg_statement loan_of_member; /* open first, then newest */
/* The same with the first officer who wants it written off; by_code takes the code. */
extern const struct pg_statement loan_off_by_id, loan_off_by_code;
/* The same with the first officer who wants its group's guarantee to pay. */
extern const struct pg_statement loan_call_by_id, loan_call_by_code;
bool loan_off_read(const struct pg_reply *r, struct arena *arena, struct loan_record *out,
                   struct uuid *asked_by);
/* cooperative, loan, count, only this cooperative (0: any): cooperative_id and loan_id of
 * live loans after that one. */
extern const struct pg_statement loans_live;
/* now_ms, hour: cooperative_id and day where the evening's run is still to be done. */
extern const struct pg_statement days_waiting;
/* cooperative, day, now_ms, loans, changed, penalties, reminders: notes a run's end. */
extern const struct pg_statement day_done;
/* False if there is no such loan.  The documents live as long as the arena. */
bool loan_read(const struct pg_reply *r, struct arena *arena, struct loan_record *out);

/* cooperative, actor, now_ms, skip, count: what this person may decide, oldest first. */
extern const struct pg_statement loans_waiting;
/* The same arguments: leases whose asset is to be handed over, or (state live) is out. */
extern const struct pg_statement leases_ready;
extern const struct pg_statement leases_out;
void loan_read_view(const struct pg_reply *r, int row, struct loan_view *out);
unsigned loans_read_total(const struct pg_reply *r);

/* A payment as its purpose sees it.  cooperative, payment, member or nil (any).
 * payment_id, code, amount, state. */
extern const struct pg_statement loan_payment_by_id;
void loan_payment_code(const struct pg_reply *r, char *out, size_t cap);
/* Body of effect "loan_pull": stale while another pull for the loan is on its way. */
void loan_pull_body(struct buf *out, const struct uuid *loan_id);

struct loan_new {
	struct uuid loan_id, member_id, product_id, request_key;
	const char *code;
	const struct loan_terms *terms;
	const struct contract *contract;
	const struct loan_product *product;
	const char *product_code;
	bool needs_second;
	int64_t deposit; /* of a lease */
	int64_t now_ms;
};

/* Body of effect "loan_new".  Stale if the member has a loan open. */
void loan_new_body(struct buf *out, const struct loan_new *n);

/* A change; nil ids, zero times and NULL texts stay as they are. */
struct loan_change {
	enum loan_state to;
	struct uuid seen_by, approved_by, refused_by, payment_id, hold_id;
	const char *payment_code;
	int64_t decided_ms, paid_ms, closed_ms;
	const struct contract *contract; /* NULL: as it was */
	/* Rows and totals of the account, and its events from this number on. */
	const struct loan_account *account;
	uint32_t first_event;
	/* Rows as they stand in the store: those that are the same are not written. */
	const struct account_row *stored;
	uint32_t stored_count;
	int64_t booked, now_ms;
};

/* Body of effect "loan_off_asked".  Stale unless live and not asked for. */
void loan_off_asked_body(struct buf *out, const struct loan_record *loan,
                         const struct uuid *by, int64_t now_ms);
/* Body of effect "loan_lost": given up, how much, and what came back of it. */
void loan_lost_body(struct buf *out, const struct uuid *loan_id, int64_t lost,
                    int64_t recovered);
/* Body of effect "loan_off_back"; stale unless live and asked for by this officer. */
void loan_off_back_body(struct buf *out, const struct loan_record *loan,
                        const struct uuid *by);
/* Body of effect "loan_rows_cut": the loan has no more rows than these. */
void loan_rows_cut_body(struct buf *out, const struct uuid *loan_id, uint32_t rows);
/* Body of effect "loan_set" for loan as read (version, terms). */
void loan_set_body(struct buf *out, const struct loan_record *loan,
                   const struct loan_change *change);

/* Officers to be told: cooperative, role bits, member not to tell or nil.
 * Rows: member_id, msisdn, language; at most OFFICERS_MAX. */
#define OFFICERS_MAX 4

struct officers {
	unsigned count;
	struct member at[OFFICERS_MAX]; /* member_id, msisdn, language only */
};

extern const struct pg_statement officers_of;
void officers_read(const struct pg_reply *r, struct officers *out);

#endif
