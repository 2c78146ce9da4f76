/*
 * wallet - what a member's wallet takes today and on the days that follow.
 */
#ifndef PAYMENTS_STORE_WALLET_H
#define PAYMENTS_STORE_WALLET_H

#include "lib/pg.h"
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

/* cooperative code, member number or msisdn: cooperative, member. */
extern const struct pg_statement wallet_holder;

/* cooperative, member, tier, now_ms. */
extern const struct pg_statement wallet_tier_set;

#endif
