/*
 * products - what a cooperative lends, by version, and what an offer is made from.
 *
 * A version is never changed: a changed product is a new row, and loans keep the contract
 * of theirs.  The newest version of a code is the product as it stands; it is offered
 * while it is active.
 */
#ifndef PAYMENTS_STORE_PRODUCTS_H
#define PAYMENTS_STORE_PRODUCTS_H

#include "lib/buf.h"
#include "lib/pg.h"
#include "payments/core/limits.h"
#include "payments/core/product.h"
#include "payments/store/member.h"

/* cooperative, code or null: the newest version of each, in the order of the menu. */
extern const struct pg_statement products_newest;
/* False where the stored contract cannot be read.  *id may be NULL. */
bool product_row_read(const struct pg_reply *r, int row, struct product *out,
                      struct uuid *id);

/* Cooperatives that products are given to: code or null (all).
 * cooperative_id, code, currency. */
extern const struct pg_statement product_cooperatives;

/* Body of effect "product_new".  Stale unless `seen` is the newest version (0: none). */
void product_new_body(struct buf *out, const struct uuid *id, const struct product *p,
                      uint32_t seen, int64_t now_ms);

/* What an offer is made from.
 * cooperative, member, now_ms, code or null: the first of the menu. */
struct loan_facts {
	struct product product;
	struct uuid product_id;
	struct borrower borrower;
	int32_t today;
	char currency[4];
	char provider[16];
	struct member member; /* name, msisdn, language only */
};

extern const struct pg_statement loan_facts;
/* False if the member or an active product is missing. */
bool loan_facts_read(const struct pg_reply *r, struct loan_facts *out);

#endif
