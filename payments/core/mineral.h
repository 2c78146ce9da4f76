/*
 * mineral - what a lot of each mineral is worth, exactly.
 *
 * Pure.  Fractions all the way; whoever pays rounds once, at the end.  Sources of the
 * formulas: the trade's own (gold in Ghana and Tanzania, 3T in Rwanda), the two-metal
 * density of gold and silver, and the premiums of the Fairtrade and Fairmined standards.
 * Weights in grams (gold) or kilograms, prices in USD or the local unit named.
 */
#ifndef PAYMENTS_CORE_MINERAL_H
#define PAYMENTS_CORE_MINERAL_H

#include "payments/core/exact.h"

#define DEDUCTIONS_MAX 16

struct exact troy_ounce(void);                   /* 31.1034768 g             */
struct exact pound_of_gold(void);                /* 7.75 g, priced at 23 karat */
struct exact karat_fineness(struct exact karat); /* karat / 24 */

struct gold_prices {
	struct exact usd_per_g, fairtrade_min; /* 95 % */
	struct exact fairtrade_premium, fairmined_premium,
	    fairmined_ecological; /* a gram */
};

struct gold_prices gold_prices(struct exact usd_per_oz);

struct gold_sale_terms {
	struct exact gross_g, fineness, usd_per_oz, fx, payable;
	unsigned deductions;
	struct exact rate[DEDUCTIONS_MAX]; /* of gross */
};

struct gold_sale {
	struct exact fine_g, world, gross, net, pct_of_world;
	struct exact deduction[DEDUCTIONS_MAX];
	bool above_world; /* gross over world value: to be looked at */
};

struct gold_sale gold_sale(const struct gold_sale_terms *t);

/* Weighed in air and in water.  The reading of the displaced water is good to
 * +-`reading_ml`; below `density_least_g` that error is too large to trade on. */
struct density_test {
	struct exact density;
	struct exact karat;     /* (d - 10.51) 52.838 / d, at most 24 and at least 0 */
	struct exact karat_two; /* gold and silver alone: 19.32 and 10.49            */
	struct exact karat_low, karat_high; /* by the trade formula, with the error     */
	bool small; /* the range is wider than one karat: refuse         */
};

struct density_test density_test(struct exact gross_g, struct exact displaced_ml,
                                 struct exact reading_ml);
/* Karat / 23 of the price of a pound. */
struct exact pounds_value(struct exact karat, struct exact price_23k,
                          struct exact pounds);

struct tin_terms {
	struct exact lme_usd_t, sn_pct, net_kg, gov_tc, buyer_tc, fluctuation, rra_pct;
	struct exact rma_rwf_kg, coop_rwf_kg, advance_rwf_kg, fx_rwf_usd;
};

struct tantalum_terms {
	struct exact usd_per_pct_kg, ta_pct, net_kg, tax_usd_per_pct_kg, rra_pct;
	struct exact rma_usd_t, coop_rwf_kg, advance_rwf_kg, fx_rwf_usd;
};

struct ore_sale {                                  /* USD */
	struct exact tax_price_kg, buyer_price_kg; /* tin only */
	struct exact gross, tax, rma, coop, advance, net;
};

struct ore_sale tin_sale(const struct tin_terms *t);
struct ore_sale tantalum_sale(const struct tantalum_terms *t);

/* 1 mtu = 10 kg of WO3, so a kilogram at p percent holds p / 1000 mtu. */
struct exact tungsten_usd_per_kg(struct exact usd_per_mtu, struct exact wo3_pct);
/* Contained metal at a share of the world price. */
struct exact payable_value(struct exact net_kg, struct exact grade_pct,
                           struct exact usd_t, struct exact payable);

#endif
