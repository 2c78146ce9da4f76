/*
 * tariffs - what providers charge, as data; and what a payment did cost.
 */
#ifndef PAYMENTS_STORE_TARIFFS_H
#define PAYMENTS_STORE_TARIFFS_H

#include "lib/buf.h"
#include "lib/ids.h"
#include "lib/pg.h"
#include "payments/core/tariff.h"

/* cooperative, provider, currency, direction ("out", "in", "cashout"), ms: the bands in
 * force on that day of the cooperative. */
extern const struct pg_statement tariff_bands;
/* No bands, or such as cannot be: not known. */
void tariff_read(const struct pg_reply *r, struct tariff *out);
/* $1 ms: what is in force in "out" and "in" on that day (UTC), tariff after tariff. */
extern const struct pg_statement tariffs_in_force;

struct tariff_of { /* whose it is */
	char provider[16];
	char currency[4];
	bool in;
	struct tariff tariff;
};

/* The tariff that begins at *row, which becomes the row behind it. */
void tariffs_read(const struct pg_reply *r, int *row, struct tariff_of *out);
/* All that are known: provider, currency, direction, valid_from, up_to, fixed, share_bp,
 * most, source, set_by. */
extern const struct pg_statement tariff_list;
/* provider, currency, direction, valid_from, up_to, fixed, share_bp, most, by, source,
 * now: false if there is such a band already. */
extern const struct pg_statement tariff_add;

struct fee_owed { /* to a provider, what the float did not cover */
	int32_t cooperative_id;
	struct uuid owner; /* of the accounts fee_due and float */
	char unit[12];
	int64_t due;
	int64_t amount; /* of it, what the float holds now; > 0 */
};

/* cooperative (0: all), limit: rows for fee_owed_read. */
extern const struct pg_statement fees_owed;
bool fee_owed_read(const struct pg_reply *r, int row, struct fee_owed *out);

/* Body of effect "payment_fee", with the outcome. */
void payment_fee_body(struct buf *out, const struct uuid *payment_id, int64_t fee,
                      bool due, int64_t now_ms);

#endif
