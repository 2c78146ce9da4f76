/*
 * sales - lots as quoted and sold, receipts, and the effects that write them.
 *
 * A statement stands with its arguments in order; _read fills a struct from a reply.
 */
#ifndef PAYMENTS_STORE_SALES_H
#define PAYMENTS_STORE_SALES_H

#include "lib/buf.h"
#include "lib/pg.h"
#include "payments/core/price.h"
#include "payments/core/unit.h"
#include "payments/store/member.h"

#define MINERAL_SIZE       12
#define DOLLAR_SOURCE_SIZE 96 /* "BoT, 2026-11-23 10:15, M-0001 and M-0002" */

enum lot_state { LOT_QUOTED, LOT_SOLD, LOT_REFUSED, LOT_EXPIRED, LOT_STATES };

const char *lot_state_name(enum lot_state s);

enum lot_method {
	METHOD_XRF,
	METHOD_DENSITY,
	METHOD_TOUCHSTONE,
	METHOD_FIRE,
	METHOD_VALUER, /* stones: valuer and miner agree */
	LOT_METHODS
};

const char *lot_method_name(enum lot_method m); /* "xrf", "density", ... */

struct lot_view {
	struct uuid lot_id;
	char code[12]; /* what people quote; the receipt has its own */
	enum lot_state state;
	struct uuid seller_id;
	char seller_name[NAME_MAX_BYTES + 1];
	char seller_number[12];
	char site[24];
	char tag[24];
	enum lot_method method;
	int64_t recorded_ms, expires_ms;
	char currency[4];
	char mineral[MINERAL_SIZE];
	char typed_amount[UNIT_AMOUNT_SIZE]; /* as it was said: "2.5" of "tola"; "" if */
	char typed_unit[UNIT_CODE_SIZE];     /* only the milligrams are known          */
	int32_t board_permille; /* what the board pays; 0: valued by the lot */
	bool needs_second;      /* off the board: a second officer must agree ... */
	bool seconded;          /* ... and did */
	char recorded_by[NAME_MAX_BYTES + 1];
	struct price_quote quote; /* every number and deduction: price.h */
	char receipt_code[12];    /* once sold */
	int64_t owed_after;       /* on the loan, after this sale's share */
	char payment_code[12];    /* of the net payout, once sold */
};

struct lot_record {
	struct lot_view view;
	int32_t cooperative_id;
	int32_t version;
	struct uuid site_id, price_id, recorded_id;
	char symbol[4]; /* of the ledger's units: "Au" */
	int64_t quote_ms;
	struct uuid loan_id; /* of the open loan when read; nil if none is live */
	char msisdn[16];     /* the seller's */
	char language[4];
	char provider[16];
	char price_source[32];
	char dollar_source[DOLLAR_SOURCE_SIZE]; /* of quote.dollar; "" if none */
	char made_local[32];                    /* now, in the cooperative's zone */
	char cooperative[64];                   /* "MGODI Mgodi Cooperative" */
	unsigned exponent;
	unsigned actor_roles;
};

/* cooperative, lot, actor or nil, now_ms; one row a levy. */
extern const struct pg_statement lot_by_id;
extern const struct pg_statement lot_by_key; /* the same with the key */
bool lot_read(const struct pg_reply *r, struct lot_record *out);

/* cooperative, seller, now_ms, count, skip: quotes that wait, newest first, without
 * levies. */
extern const struct pg_statement lots_of_seller;
void lot_read_view(const struct pg_reply *r, int row, struct lot_view *out);
unsigned lots_read_total(const struct pg_reply *r);

/* cooperative, actor, now_ms, count, skip: lots off the board that wait for a second
 * officer, not the actor's own, oldest first. */
extern const struct pg_statement lots_for_second;

/* What a quote is made from.  cooperative, actor, seller (member number or msisdn), site
 * code or '', now_ms, mineral, unit typed or ''; one row a levy. */
struct trade_facts {
	unsigned actor_roles;
	bool has_seller, has_site, has_price, has_mineral;
	bool valued; /* by the lot: no board */
	char mineral[MINERAL_SIZE];
	char usual_unit[UNIT_CODE_SIZE];
	int64_t lot_max_mg;
	int32_t deviation_permille; /* of the board that one officer may offer */
	bool has_unit;              /* the cooperative has its own of this name */
	struct unit unit;
	bool price_stale;
	bool dollar_stale;     /* its rate is older than a price may be */
	struct uuid dollar_id; /* the rate that counts; nil if there is none */
	struct member seller;  /* id, name, number, msisdn, language */
	struct uuid site_id;
	char site[24];
	struct uuid price_id;
	char price_source[32];
	int64_t quote_ms; /* how long a quote lasts */
	char currency[4];
	struct price_terms terms; /* price, paid share, levies, loan */
	struct uuid loan_id;
};

extern const struct pg_statement trade_facts;
/* False if the actor is no active member. */
bool trade_facts_read(const struct pg_reply *r, struct trade_facts *out);

struct lot_new {
	struct uuid lot_id, recorded_by, request_key;
	const char *code;
	enum lot_method method;
	const char *tag;
	int64_t now_ms;
	const struct trade_facts *facts;
	const struct price_quote *quote;
	const char *amount, *unit; /* as typed, "" if not */
	int32_t unit_version;
	int32_t board_permille;
	bool needs_second;
};

/* Body of effect "lot_new". */
void lot_new_body(struct buf *out, const struct lot_new *n);

struct lot_change {
	enum lot_state to;
	int64_t sold_ms;
	struct uuid loan_id, payment_id;
	int64_t owed_after;
	const char *payment_code, *receipt_code; /* NULL: none */
};

/* Body of effect "lot_set": guard is the version, and that the lot is still quoted. */
void lot_set_body(struct buf *out, const struct lot_record *lot,
                  const struct lot_change *change);

struct lot_second {
	struct uuid by;
	bool agree;
	int64_t now_ms;
};

/* Body of effect "lot_second": guard is the version, that it waits, and two people. */
void lot_second_body(struct buf *out, const struct lot_record *lot,
                     const struct lot_second *second);

struct receipt_new {
	const char *code;
	const char *lines; /* receipt.h */
	int64_t made_ms;
};

/* Body of effect "receipt_new". */
void receipt_new_body(struct buf *out, const struct lot_record *lot,
                      const struct receipt_new *n);

/* "world", "gross" or "premium" of a reply. */
enum levy_base levy_base(const struct pg_reply *r, int row, int col);
/* levy_id, code, payee, base, rate_bp, per_kg, usd_micro, ref_micro from column `col`. */
void levy_read(const struct pg_reply *r, int row, int col, struct levy *out);

#define RECEIPT_TEXT_MAX 2600

struct receipt_view {
	int32_t cooperative_id;
	char code[12];
	char cooperative[64];
	char site[24];
	int64_t number; /* gapless per site, from 1 */
	int64_t made_ms;
	char made_local[32]; /* "2026-11-23 10:15:00 +0300" */
	char seller_number[12];
	char mineral[MINERAL_SIZE]; /* "gold" */
	char typed_amount[UNIT_AMOUNT_SIZE], typed_unit[UNIT_CODE_SIZE];
	enum lot_method method;
	char tag[24];
	char currency[4];
	unsigned exponent;
	struct price_quote quote;
	char price_source[32];
	char dollar_source[DOLLAR_SOURCE_SIZE];
	char hash[65];               /* hex, SHA-256 of text                           */
	char previous_hash[65];      /* of the receipt before it at the site; 64 zeros */
	char text[RECEIPT_TEXT_MAX]; /* canonical: `sha256sum` of it gives hash   */
	bool intact; /* hash matches text, previous matches its neighbour       */
	bool paid;   /* the net reached the wallet, or nothing was to be paid   */
	char payment_code[12];
};

extern const struct pg_statement receipt_by_code; /* code; one row a levy */
bool receipt_read(const struct pg_reply *r, struct receipt_view *out);

struct receipt_line {
	char code[12];
	int64_t made_ms;
	int32_t made_day;
	int64_t fine_mg;
	int64_t net;
	char currency[4];
};

/* cooperative, member, skip, count; newest first. */
extern const struct pg_statement receipts_of_member;
void receipt_line_read(const struct pg_reply *r, int row, struct receipt_line *out);
unsigned receipts_read_total(const struct pg_reply *r);

#endif
