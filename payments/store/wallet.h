/*
 * wallet - what a member's wallet takes today and on the days that follow.
 */
#ifndef PAYMENTS_STORE_WALLET_H
#define PAYMENTS_STORE_WALLET_H

#include "lib/pg.h"
#include "payments/core/bounds.h"
#include "payments/core/wallet.h"

struct wallet_facts {
	struct wallet_room room;
	int32_t today;                  /* in the cooperative's zone */
	int64_t starts_ms[WALLET_DAYS]; /* wall time at which each day begins */
};

/* cooperative, member, provider, msisdn, currency, now_ms. */
extern const struct pg_statement wallet_room;
/* False: no such cooperative. */
bool wallet_facts_read(const struct pg_reply *r, struct wallet_facts *out);

/* Every row in force on the day of $1 (ms): country, provider, currency, tier,
 * valid_from, per_payment, per_day, per_month, per_year, balance, minimum, source. */
extern const struct pg_statement wallet_list;

/* $1 ms: what prompts are bound by on that day (UTC): provider ("": any other of the
 * currency), currency, least, most; the provider's own come first. */
extern const struct pg_statement prompt_limits_in_force;

struct prompt_limit {
	char provider[16];
	char currency[4];
	struct bounds bounds;
};

void prompt_limit_read(const struct pg_reply *r, int row, struct prompt_limit *out);

/* All that are known: provider, currency, valid_from, least, most, source, set_by. */
extern const struct pg_statement prompt_limit_list;
/* provider, currency, valid_from, least, most, by, source, now: false if there is one of
 * that day already. */
extern const struct pg_statement prompt_limit_add;

/* cooperative code, member number or msisdn: cooperative, member. */
extern const struct pg_statement wallet_holder;

/* cooperative, member, tier, now_ms. */
extern const struct pg_statement wallet_tier_set;

#endif
