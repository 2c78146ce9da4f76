#include "payments/core/mineral.h"

static struct exact
percent(struct exact pct)
{
	return exact_over(pct, exact_of(100, 1));
}

static struct exact
thousandth(struct exact a)
{
	return exact_over(a, exact_of(1000, 1));
}

struct exact
troy_ounce(void)
{
	return exact_of(311034768, 10000000);
}

struct exact
pound_of_gold(void)
{
	return exact_of(775, 100);
}

struct exact
karat_fineness(struct exact karat)
{
	return exact_over(karat, exact_of(24, 1));
}

struct gold_prices
gold_prices(struct exact usd_per_oz)
{
	struct gold_prices p = { .fairtrade_premium = exact_of(2, 1),
		                 .fairmined_premium = exact_of(4, 1),
		                 .fairmined_ecological = exact_of(6, 1) };

	p.usd_per_g = exact_over(usd_per_oz, troy_ounce());
	p.fairtrade_min = exact_times(p.usd_per_g, exact_of(95, 100));
	return p;
}

struct value_chain
value_chain(struct exact world, struct exact gross, struct exact net)
{
	struct value_chain v = { .world = world, .gross = gross, .net = net };

	v.pct_of_world = exact_over_zero(world)
	                     ? exact_times(exact_over(net, world), exact_of(100, 1))
	                     : exact_of(0, 1);
	v.above_world = exact_above(gross, world);
	return v;
}

enum value_fault
value_fault(const struct value_chain *v)
{
	if (v->world.failed || v->gross.failed || v->net.failed || v->pct_of_world.failed)
		return VALUE_TOO_WIDE;
	if (!exact_over_zero(v->gross))
		return VALUE_TOO_POOR;
	if (exact_under_zero(v->net) || exact_above(v->net, v->gross))
		return VALUE_OVERTAKEN;
	return VALUE_IN_ORDER;
}

struct exact
deductions_take(struct deductions *d, struct exact gross)
{
	struct exact net = gross;

	for (unsigned i = 0; i < d->count; i++) {
		d->amount[i] = exact_times(gross, d->rate[i]);
		net = exact_minus(net, d->amount[i]);
	}
	return net;
}

struct gold_sale
gold_sale(const struct gold_sale_terms *t, struct deductions *d)
{
	struct gold_sale s = { .fine_g = exact_times(t->gross_g, t->fineness) };
	struct exact gram = gold_prices(t->usd_per_oz).usd_per_g;
	struct exact world = exact_times(exact_times(s.fine_g, gram), t->fx);
	struct exact gross = exact_times(world, t->payable);

	s.value = value_chain(world, gross, deductions_take(d, gross));
	return s;
}

struct value_chain
stone_sale(struct exact valued, struct exact payable, struct deductions *d)
{
	struct exact gross = exact_times(valued, payable);

	return value_chain(valued, gross, deductions_take(d, gross));
}

static struct exact
within(struct exact a, struct exact low, struct exact high)
{
	if (exact_below(a, low))
		return low;
	return exact_above(a, high) ? high : a;
}

struct exact
trade_karat(struct exact density)
{
	struct exact k =
	    exact_times(exact_minus(density, exact_of(1051, 100)), exact_of(52838, 1000));

	return within(exact_over(k, density), exact_of(0, 1), exact_of(24, 1));
}

static struct exact
two_metal_karat(struct exact density)
{
	struct exact gold = exact_of(1932, 100), silver = exact_of(1049, 100);
	struct exact k = exact_times(gold, exact_minus(density, silver));

	k = exact_over(k, exact_times(density, exact_minus(gold, silver)));
	return within(exact_times(k, exact_of(24, 1)), exact_of(0, 1), exact_of(24, 1));
}

struct density_test
density_test(struct exact gross_g, struct exact displaced_ml, struct exact reading_ml)
{
	struct density_test d = { .density = exact_over(gross_g, displaced_ml) };
	struct exact more = exact_plus(displaced_ml, reading_ml);
	struct exact less = exact_minus(displaced_ml, reading_ml);

	d.karat = trade_karat(d.density);
	d.karat_two = two_metal_karat(d.density);
	d.karat_low = trade_karat(exact_over(gross_g, more));
	d.karat_high = exact_of(24, 1);
	if (exact_over_zero(less))
		d.karat_high = trade_karat(exact_over(gross_g, less));
	d.small = exact_compare(exact_minus(d.karat_high, d.karat_low), exact_of(1, 1)) >=
	          EXACT_MORE;
	d.least_g = exact_times(exact_times(exact_of(2 * 1051, 100), reading_ml),
	                        exact_of(52838, 1000));
	return d;
}

struct exact
pounds_value(struct exact karat, struct exact price_23k, struct exact pounds)
{
	struct exact per_karat = exact_over(price_23k, exact_of(23, 1));

	return exact_times(exact_times(karat, per_karat), pounds);
}

static struct exact
local(struct exact rwf_kg, struct exact kg, struct exact fx)
{
	return exact_over(exact_times(rwf_kg, kg), fx);
}

static struct exact
net_of(struct exact gross, const struct ore_sale *s)
{
	struct exact net = exact_minus(exact_minus(gross, s->tax), s->rma);

	return exact_minus(exact_minus(net, s->coop), s->advance);
}

struct ore_sale
tin_sale(const struct tin_terms *t)
{
	struct exact sn = percent(t->sn_pct), nothing = exact_of(0, 1), gross, world;
	struct ore_sale s = { 0 };

	s.tax_price_kg =
	    thousandth(exact_minus(exact_times(t->lme_usd_t, sn), t->gov_tc));
	if (exact_below(s.tax_price_kg, nothing))
		s.tax_price_kg = nothing;
	s.buyer_price_kg = thousandth(exact_minus(
	    exact_times(exact_minus(t->lme_usd_t, t->fluctuation), sn), t->buyer_tc));
	world = payable_value(t->net_kg, t->sn_pct, t->lme_usd_t, exact_of(1, 1));
	gross = exact_times(s.buyer_price_kg, t->net_kg);
	s.tax = exact_times(exact_times(s.tax_price_kg, t->net_kg), percent(t->rra_pct));
	s.rma = local(t->rma_rwf_kg, t->net_kg, t->fx_rwf_usd);
	s.coop = local(t->coop_rwf_kg, t->net_kg, t->fx_rwf_usd);
	s.advance = local(t->advance_rwf_kg, t->net_kg, t->fx_rwf_usd);
	s.value = value_chain(world, gross, net_of(gross, &s));
	return s;
}

struct ore_sale
tantalum_sale(const struct tantalum_terms *t)
{
	struct exact contained = exact_times(t->net_kg, t->ta_pct);
	struct exact world = exact_times(contained, t->world_usd_per_pct_kg);
	struct exact gross = exact_times(contained, t->usd_per_pct_kg);
	struct ore_sale s = { .tax_price_kg = exact_of(0, 1),
		              .buyer_price_kg = exact_of(0, 1) };

	s.tax = exact_times(exact_times(contained, t->tax_usd_per_pct_kg),
	                    percent(t->rra_pct));
	s.rma = thousandth(exact_times(t->rma_usd_t, t->net_kg));
	s.coop = local(t->coop_rwf_kg, t->net_kg, t->fx_rwf_usd);
	s.advance = local(t->advance_rwf_kg, t->net_kg, t->fx_rwf_usd);
	s.value = value_chain(world, gross, net_of(gross, &s));
	return s;
}

struct exact
tungsten_usd_per_kg(struct exact usd_per_mtu, struct exact wo3_pct)
{
	return thousandth(exact_times(usd_per_mtu, wo3_pct));
}

struct exact
payable_value(struct exact net_kg, struct exact grade_pct, struct exact usd_t,
              struct exact payable)
{
	struct exact contained = exact_times(net_kg, percent(grade_pct));

	return exact_times(exact_times(contained, thousandth(usd_t)), payable);
}
