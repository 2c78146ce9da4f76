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

#endif
