/*
 * mineral - what a lot of each mineral is worth, exactly.
 *
 * Pure.  Fractions all the way; whoever pays rounds once, at the end.  Sources of the
 * formulas: the trade's own (gold in Ghana and Tanzania, 3T in Rwanda), the two-metal
 * density of gold and silver, and the premiums of the Fairtrade and Fairmined standards.
 * Weights in grams (gold), kilograms (ore) or carats (stones), prices in USD or the local
 * unit named.
 *
 * Every sale keeps  world value >= gross >= net >= 0:  ask value_fault() before using it.
 */
#ifndef PAYMENTS_CORE_MINERAL_H
#define PAYMENTS_CORE_MINERAL_H

#include "payments/core/exact.h"

#define DEDUCTIONS_MAX 16

struct exact troy_ounce(void);                   /* 31.1034768 g             */
struct exact pound_of_gold(void);                /* 7.75 g, priced at 23 karat */
struct exact karat_fineness(struct exact karat); /* karat / 24 */

/* What the metal is worth in the world, what this buyer gives, what the seller gets. */
struct value_chain {
	struct exact world, gross, net;
	struct exact pct_of_world; /* net of world, where world is over zero */
	bool above_world;          /* gross over world value: to be looked at */
};

enum value_fault {
	VALUE_IN_ORDER,  /* above_world is flagged, not refused       */
	VALUE_TOO_WIDE,  /* beyond 512 bits                           */
	VALUE_TOO_POOR,  /* the buyer's charges exceed the metal      */
	VALUE_OVERTAKEN, /* deductions exceed the gross value         */
};

struct value_chain value_chain(struct exact world, struct exact gross, struct exact net);
enum value_fault value_fault(const struct value_chain *v);

struct gold_prices {
	struct exact usd_per_g, fairtrade_min; /* 95 % */
	struct exact fairtrade_premium, fairmined_premium,
	    fairmined_ecological; /* a gram */
};

struct gold_prices gold_prices(struct exact usd_per_oz);

struct deductions { /* shares of the gross value, each 0..1 */
	unsigned count;
	struct exact rate[DEDUCTIONS_MAX];
	struct exact amount[DEDUCTIONS_MAX]; /* filled by deductions_take() */
};

/* gross less every deduction. */
struct exact deductions_take(struct deductions *d, struct exact gross);

struct gold_sale_terms {
	struct exact gross_g, fineness, usd_per_oz, fx, payable;
};

struct gold_sale {
	struct exact fine_g;
	struct value_chain value;
};

struct gold_sale gold_sale(const struct gold_sale_terms *t, struct deductions *d);

/* Stones have no world price: the lot's value is what seller and valuer agreed on, and
 * the buyer pays a share of it. */
struct value_chain stone_sale(struct exact valued, struct exact payable,
                              struct deductions *d);

/* Weighed in air and in water.  The reading of the displaced water is good to
 * +-`reading_ml`. */
struct density_test {
	struct exact density;
	struct exact karat;     /* (d - 10.51) 52.838 / d, at most 24 and at least 0 */
	struct exact karat_two; /* gold and silver alone: 19.32 and 10.49            */
	struct exact karat_low, karat_high; /* by the trade formula, with the error     */
	struct exact least_g; /* lighter than this, the range is over one karat: the */
	                      /* formula's 2 x 10.51 x 52.838 x reading_ml           */
	bool small;           /* the range is wider than one karat: refuse         */
};

struct density_test density_test(struct exact gross_g, struct exact displaced_ml,
                                 struct exact reading_ml);
/* The trade's formula, at most 24 and at least 0; density over zero. */
struct exact trade_karat(struct exact density);
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
	struct exact world_usd_per_pct_kg; /* where not known: the buyer's own price */
};

struct ore_sale {                                  /* USD */
	struct exact tax_price_kg, buyer_price_kg; /* tin only */
	struct exact tax, rma, coop, advance;
	struct value_chain value;
};

/* A tax price below zero (the treatment charge is over the metal) taxes nothing. */
struct ore_sale tin_sale(const struct tin_terms *t);
struct ore_sale tantalum_sale(const struct tantalum_terms *t);

/* 1 mtu = 10 kg of WO3, so a kilogram at p percent holds p / 1000 mtu. */
struct exact tungsten_usd_per_kg(struct exact usd_per_mtu, struct exact wo3_pct);
/* Contained metal at a share of the world price. */
struct exact payable_value(struct exact net_kg, struct exact grade_pct,
                           struct exact usd_t, struct exact payable);

#endif
