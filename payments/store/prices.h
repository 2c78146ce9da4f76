/*
 * prices - the price board, and small reads for the home screen and the float.
 */
#ifndef PAYMENTS_STORE_PRICES_H
#define PAYMENTS_STORE_PRICES_H

#include "lib/buf.h"
#include "lib/pg.h"
#include "payments/store/member.h"
#include "payments/store/sales.h"

struct price_view {
	char mineral[MINERAL_SIZE];
	int64_t price_mg; /* what the price is for; 0: valued by the lot, no board */
	int64_t
	    fine_gram; /* minor units paid world-wide for a gram of fine gold; 0: none */
	int32_t paid_permille; /* of it that the cooperative pays */
	int64_t set_ms;
	char source[32];
	char set_by[NAME_MAX_BYTES + 1];
	bool stale; /* too old to quote with */
	char currency[4];
	/* one that waits for the second officer; nil if none */
	struct uuid waiting_id;
	int64_t waiting_fine_gram;
	char waiting_by[NAME_MAX_BYTES + 1];
	bool waiting_own; /* made by who asks */
	/* The dollar: what it costs, minor units, confirmed; 0 if not or if too old. */
	int64_t dollar;
	char quote[8];         /* what a dollar price is for: "ounce", "tonne"; "" none */
	int64_t usd_cents;     /* what was typed, if in dollars; else 0 */
	int64_t waiting_cents; /* of the one that waits */
};

struct price_facts {
	struct price_view view;
	unsigned actor_roles;
	char actor_name[NAME_MAX_BYTES + 1];
	int32_t rule_permille; /* what a new price pays */
	bool key_known;        /* a price was set under this key */
	struct uuid dollar_id;
	int64_t quote_num, quote_den; /* milligrams of pure content of a quote */
};

/* cooperative, actor, now_ms, key or nil, mineral or '' for the one whose price waits
 * longest (gold if none does). */
extern const struct pg_statement price_facts;
bool price_facts_read(const struct pg_reply *r, struct price_facts *out);
/* cooperative, price: state, set_by, confirmed_by, mineral. */
extern const struct pg_statement price_by_id;

struct price_new {
	struct uuid price_id, set_by, request_key;
	int64_t fine_gram;
	int32_t paid_permille;
	const char *source, *mineral;
	int64_t usd_cents; /* as typed, with the rate below; 0: typed in local money */
	struct uuid dollar_id;
	int64_t now_ms;
};

/* Body of effect "price_new". */
void price_new_body(struct buf *out, const struct price_new *n);

struct price_decision {
	struct uuid price_id, by;
	bool confirm;
	int64_t now_ms;
};

/* Body of effect "price_decide": guard is that it waits, and was set by another. */
void price_decide_body(struct buf *out, const struct price_decision *d);

/* cooperative, member, now_ms, the member's account: owed, balance, price, has_loan,
 * given_up. */
extern const struct pg_statement home_facts;
/* cooperative, member: roles, currency, provider. */
extern const struct pg_statement float_facts;
/* cooperative, account: balance, held, payouts open. */
extern const struct pg_statement float_balance;

#endif
