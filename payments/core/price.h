/*
 * price - what a lot is worth, what is taken off and why, and what the miner gets.
 *
 * Pure.  Every amount is computed from the measured weight by an exact rational and
 * rounded half to even once: nothing is computed from a rounded number.
 *
 * A price is for so much pure content: a gram of gold, a kilogram of tin.  A lot of
 * stones is valued whole: then the price is for its own weight, at full fineness.
 *
 * Chain:  content     = gross mg x fineness / 1000
 *         world value = content x price / price mg
 *         charges     = weight or content x money a kilogram, each: what the buyer keeps
 *                       for treatment, and for a price that may fall until he sells
 *         gross value = world value x paid permille - charges
 *         levies      = gross or world value x basis points, or weight x money a kilogram
 *                       (fees of a state, a cooperative's fee, an advance on tags), each
 *         reference   = (content x reference price - weight x money a kilogram) x basis
 *                       points, not under 0: a tax on a value that a state reckons
 *         premiums    = content x money a kilogram, each
 *         net         = gross value - levies
 *         loan share  = min(owed, net x share, net - net x floor)
 *         payout      = net - loan share
 *
 * Money a kilogram may stand in millionths of a dollar: then the rate of the dollar is
 * part of the same fraction.  The formulas of ore are those of mineral.h.
 *
 * Checked: world value >= gross value >= net >= payout >= 0, except that an offer of over
 * 1000 permille puts gross value above world value and says so.
 */
#ifndef PAYMENTS_CORE_PRICE_H
#define PAYMENTS_CORE_PRICE_H

#include "lib/err.h"
#include "lib/ids.h"

#include <stdbool.h>
#include <stdint.h>

#define LEVIES_MAX      8    /* levies and premiums */
#define PRICE_OFFER_MAX 2000 /* permille of the world price */

enum levy_base {
	LEVY_OF_WORLD,
	LEVY_OF_GROSS,
	LEVY_PREMIUM,   /* no deduction: on top, to a fund of the miners */
	LEVY_WEIGHT,    /* money a kilogram as weighed */
	LEVY_REFERENCE, /* a share of the value that a state reckons with */
	LEVY_CHARGE,    /* kept by the buyer before gross value, a kilogram as weighed */
	LEVY_DISCOUNT,  /* the same, a kilogram of pure content */
	LEVY_BASES
};

/* "world", "gross", "premium", "weight", "reference", "charge", "discount" */
const char *levy_base_name(enum levy_base base);
bool levy_is_charge(enum levy_base base); /* taken before gross value */

struct levy { /* a row of the cooperative's levies */
	struct uuid levy_id;
	char code[12];  /* "royalty"                */
	char payee[32]; /* "Mining Commission"      */
	enum levy_base base;
	uint32_t rate_bp;  /* 0..10000; of money a kilogram 0 */
	int64_t per_kg;    /* minor units a kilogram ... */
	int64_t usd_micro; /* ... and millionths of a dollar */
	int64_t ref_micro; /* of a reference: dollars a kilogram of pure content, in
	                    * millionths; 0: the board's price */
};

struct levy_line {
	struct levy levy;
	int64_t amount;
};

struct price_terms { /* what the quote is made from */
	int64_t gross_mg;
	int32_t fineness;  /* permille, 1..1000 */
	int64_t fine_gram; /* world price of price_mg of pure content, minor units */
	int64_t price_mg;  /* 1000: a gram; 0 means that too */
	int32_t
	    paid_permille; /* 1..1000; to PRICE_OFFER_MAX where over_world is allowed */
	bool over_world;   /* a second officer will look at it */
	int64_t dollar;    /* minor units; 0: not known, and no levy is in dollars */
	uint32_t levy_count;
	struct levy levies[LEVIES_MAX];
	int64_t owed;                 /* on the loan; 0: none */
	uint32_t loan_share_permille; /* of net */
	uint32_t floor_permille;      /* of net that stays the miner's */
};

struct price_quote {
	int64_t gross_mg;
	int32_t fineness;
	int64_t fine_mg; /* half even */
	int64_t fine_gram;
	int64_t price_mg;
	int32_t paid_permille;
	bool above_world; /* gross over world value: to be looked at */
	int64_t dollar;   /* of the terms, where a levy is in dollars; else 0 */
	int64_t world_value;
	int64_t charges_total; /* already off the gross value */
	int64_t gross_value;
	uint32_t levy_count;
	struct levy_line levies[LEVIES_MAX];
	int64_t levies_total;   /* without premiums and charges */
	int64_t premiums_total; /* on top, not the seller's */
	int64_t net;
	int64_t loan_share;
	int64_t payout;
};

/* Does any of the levies need the rate of the dollar? */
bool price_needs_dollar(const struct price_terms *terms);
/* ERR_RANGE: an input outside its bounds, or levies over the gross value.
 * ERR_OVERFLOW: beyond int64. */
int price_quote(const struct price_terms *terms, struct price_quote *out,
                struct err *err) MUST_CHECK;
/* Net of world value in permille, rounded half to even; 0 where there is no value. */
int32_t price_world_share(const struct price_quote *quote);
/* The loan share again for what is owed now (a quote may be minutes old). */
int price_loan_share(struct price_quote *quote, int64_t owed, uint32_t share_permille,
                     uint32_t floor_permille, struct err *err) MUST_CHECK;

#endif
