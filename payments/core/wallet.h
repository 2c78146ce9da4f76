/*
 * wallet - what a mobile-money wallet takes, and a payout cut into parts that it takes.
 *
 * Pure.  Money in minor units; day 0 is today in the cooperative's zone.
 *
 * Providers and regulators limit one payment, all payments of a day, calendar month and
 * year, and the balance, by country and by how well the holder is known (facts:
 * payments/schema/060_wallets.sql). A part is the most that fits; what is left goes into
 * later parts of the same day, then of the next days.  No part is smaller than the least
 * payment unless the whole amount is, or the limits leave no other way: the provider then
 * refuses it and it stays owed.
 */
#ifndef PAYMENTS_CORE_WALLET_H
#define PAYMENTS_CORE_WALLET_H

#include <stdbool.h>
#include <stdint.h>

#define WALLET_DAYS 32 /* that are looked at, from today on: into another month */

struct wallet_limits { /* 0: none known */
	int64_t per_payment;
	int64_t per_day;
	int64_t per_month;
	int64_t per_year;
	int64_t balance; /* what the wallet may hold; what is in it is not known */
	int64_t minimum; /* of one payment */
};

struct wallet_room {
	struct wallet_limits limits;
	int64_t used_month; /* of today's month, before today */
	int64_t used_year;
	uint32_t month_days; /* from today on, that are of today's month; 0: not known */
	uint32_t year_days;
	int64_t used[WALLET_DAYS]; /* paid or planned on each day, not refused */
};

struct wallet_part {
	int64_t amount;
	uint32_t day;
};

/* The first part of an amount > 0, no earlier than from_day.  False: no day of those
 * looked at has room, as when a year's limit is used up. */
bool wallet_next(const struct wallet_room *room, int64_t amount, uint32_t from_day,
                 struct wallet_part *out);

struct wallet_plan {
	int64_t now;    /* today          */
	int64_t later;  /* after today    */
	uint32_t parts; /* today's        */
	uint32_t last;  /* the last day on which something comes */
};

/* All parts of an amount, summed up for whom it is paid to.  What the days looked at
 * have no room for is taken to come at the pace of the narrowest limit. */
void wallet_plan(const struct wallet_room *room, int64_t amount, uint32_t from_day,
                 struct wallet_plan *out);

#endif
