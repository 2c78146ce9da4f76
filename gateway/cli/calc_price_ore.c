/* Ores: tin, tantalum, tungsten, cobalt. */
#include "gateway/cli/calc_price.h"

#define WHOLE_PCT 100

static const char ore_deductions[] =
    "rra_pct, rma_rwf_kg, rma_usd_t, coop_rwf_kg, tag_advance_rwf_kg";

static struct exact
grade(struct price_case *c, const char *field)
{
	struct exact pct = price_input_up_to(c, field, WHOLE_PCT);

	if (exact_over_zero(pct))
		return pct;
	price_wrong(c, field, "must be over zero");
	return exact_of(1, 1);
}

static void
put_ore(struct price_case *c, const struct ore_sale *s)
{
	price_put_money(c, "gross_usd", s->value.gross);
	price_put_money(c, "tax_usd", s->tax);
	price_put_money(c, "rma_usd", s->rma);
	price_put_money(c, "coop_usd", s->coop);
	price_put_money(c, "advance_usd", s->advance);
	price_put_money(c, "net_usd", s->value.net);
}

void
price_tin(struct price_case *c)
{
	struct tin_terms t = { .lme_usd_t = price_input_over_zero(c, "lme_usd_t"),
		               .sn_pct = grade(c, "sn_pct"),
		               .net_kg = price_input_over_zero(c, "net_kg"),
		               .gov_tc = price_input(c, "gov_tc_usd_t"),
		               .buyer_tc = price_input(c, "buyer_tc_usd_t"),
		               .fluctuation = price_input(c, "fluctuation_usd_t"),
		               .rra_pct = price_input_up_to(c, "rra_pct", WHOLE_PCT),
		               .rma_rwf_kg = price_input(c, "rma_rwf_kg"),
		               .coop_rwf_kg = price_input(c, "coop_rwf_kg"),
		               .advance_rwf_kg = price_input(c, "tag_advance_rwf_kg"),
		               .fx_rwf_usd = price_input_over_zero(c, "fx_rwf_usd") };
	struct ore_sale s;

	if (c->failed)
		return;
	s = tin_sale(&t);
	price_check(c, &s.value, "sn_pct, fluctuation_usd_t, buyer_tc_usd_t",
	            ore_deductions);
	price_put_exact(c, "tax_price_usd_kg", s.tax_price_kg);
	price_put_exact(c, "buyer_price_usd_kg", s.buyer_price_kg);
	price_put_money(c, "world_value_usd", s.value.world);
	put_ore(c, &s);
	price_put_share(c, &s.value);
}

void
price_tantalum(struct price_case *c)
{
	const char *world = "world_usd_per_pct_kg";
	struct tantalum_terms t = {
		.usd_per_pct_kg = price_input_over_zero(c, "usd_per_pct_kg"),
		.ta_pct = grade(c, "ta2o5_pct"),
		.net_kg = price_input_over_zero(c, "net_kg"),
		.tax_usd_per_pct_kg = price_input(c, "tax_usd_per_pct_kg"),
		.rra_pct = price_input_up_to(c, "rra_pct", WHOLE_PCT),
		.rma_usd_t = price_input(c, "rma_usd_t"),
		.coop_rwf_kg = price_input(c, "coop_rwf_kg"),
		.advance_rwf_kg = price_input(c, "tag_advance_rwf_kg"),
		.fx_rwf_usd = price_input_over_zero(c, "fx_rwf_usd")
	};
	struct ore_sale s;

	t.world_usd_per_pct_kg = price_input_or(c, world, t.usd_per_pct_kg);
	if (c->failed)
		return;
	s = tantalum_sale(&t);
	price_check(c, &s.value, "ta2o5_pct", ore_deductions);
	put_ore(c, &s);
	if (json_absent(json_get(c->in, world)))
		return; /* nothing to compare with */
	price_put_money(c, "world_value_usd", s.value.world);
	price_put_share(c, &s.value);
}

/* What is paid of the world value, where nothing is deducted. */
static void
put_paid_share(struct price_case *c, struct exact world, struct exact gross)
{
	struct value_chain v = value_chain(world, gross, gross);

	price_check(c, &v, "payable_fraction", "payable_fraction");
	price_put_money(c, "world_value_usd", world);
	price_put_money(c, "gross_usd", gross);
	price_put_share(c, &v);
}

void
price_tungsten(struct price_case *c)
{
	struct exact mtu = price_input_over_zero(c, "usd_per_mtu");
	struct exact pct = grade(c, "wo3_pct");
	struct exact kg = price_input_over_zero(c, "net_kg");
	struct exact paid = price_input_or(c, "payable_fraction", exact_of(1, 1));
	struct exact per_kg = tungsten_usd_per_kg(mtu, pct);
	struct exact world = exact_times(per_kg, kg);

	if (c->failed)
		return;
	price_put_exact(c, "usd_per_kg", per_kg);
	put_paid_share(c, world, exact_times(world, paid));
}

void
price_cobalt(struct price_case *c)
{
	struct exact kg = price_input_over_zero(c, "net_kg");
	struct exact pct = grade(c, "co_pct");
	struct exact usd_t = price_input_over_zero(c, "usd_per_t");
	struct exact paid = price_input_over_zero(c, "payable_fraction");
	struct exact world = payable_value(kg, pct, usd_t, exact_of(1, 1));

	if (c->failed)
		return;
	put_paid_share(c, world, exact_times(world, paid));
}
