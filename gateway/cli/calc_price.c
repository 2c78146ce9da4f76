#include "gateway/cli/calc.h"
#include "payments/core/mineral.h"

#include <stdio.h>
#include <string.h>

#define EXACT_DIGITS   12
#define ROUNDED_DIGITS 2
#define PERCENT_DIGITS 6
#define LOSS_DIGITS    4
#define ROUNDED_MAX    32

/* One case: inputs are echoed as they are read, money is kept for "rounded". */
struct price_case {
	const struct json *in;
	struct json_writer *out;
	struct diag *fault;
	bool failed;
	unsigned rounded;

	struct {
		char name[48];
		struct exact value;
	} money[ROUNDED_MAX];
};

static void
wrong(struct price_case *c, const char *field, const char *why)
{
	if (!c->failed)
		calc_fault(c->fault, "%s: %s", field, why);
	c->failed = true;
}

static bool
number_of(const struct json *v, struct exact *out)
{
	int64_t whole;

	if (json_text(v) != NULL)
		return exact_parse(json_text(v), out);
	if (!json_i64(v, &whole) || whole < 0)
		return false;
	*out = exact_of(whole, 1);
	return true;
}

static struct exact
input(struct price_case *c, const char *field)
{
	const struct json *v = json_get(c->in, field);
	struct exact n = exact_of(1, 1);
	char text[EXACT_TEXT_SIZE];

	if (json_absent(v))
		wrong(c, field, "is missing");
	else if (!number_of(v, &n))
		wrong(c, field, "give a decimal number as text, such as \"4.37\"");
	else if (json_text(v) != NULL)
		jw_text(c->out, field, json_text(v));
	else if (exact_text(n, 0, text))
		jw_text(c->out, field, text);
	return n;
}

/* Where a zero would mean nothing can be computed. */
static struct exact
input_over_zero(struct price_case *c, const char *field)
{
	struct exact n = input(c, field);

	if (n.num <= 0)
		wrong(c, field, "must be over zero");
	return n;
}

static void
put(struct price_case *c, const char *field, struct exact value, unsigned digits)
{
	char text[EXACT_TEXT_SIZE];

	if (exact_text(value, digits, text))
		jw_text(c->out, field, text);
	else
		wrong(c, field, "the numbers are too large to compute exactly");
}

static void
put_exact(struct price_case *c, const char *field, struct exact value)
{
	put(c, field, value, EXACT_DIGITS);
}

static void
keep(struct price_case *c, const char *field, struct exact value)
{
	if (c->rounded == ROUNDED_MAX)
		return;
	snprintf(c->money[c->rounded].name, sizeof c->money[0].name, "%s", field);
	c->money[c->rounded++].value = value;
}

static void
put_money(struct price_case *c, const char *field, struct exact value)
{
	put_exact(c, field, value);
	keep(c, field, value);
}

static void
put_rounded(struct price_case *c)
{
	jw_object(c->out, "rounded");
	for (unsigned i = 0; i < c->rounded; i++)
		put(c, c->money[i].name, c->money[i].value, ROUNDED_DIGITS);
	jw_end_object(c->out);
}

static void
price_gold_usd_per_g(struct price_case *c)
{
	struct gold_prices p = gold_prices(input(c, "usd_per_oz"));

	put_money(c, "usd_per_g", p.usd_per_g);
	put_money(c, "fairtrade_min_usd_per_g", p.fairtrade_min);
	put(c, "fairtrade_premium_usd_per_g", p.fairtrade_premium, 0);
	put(c, "fairmined_premium_usd_per_g_max", p.fairmined_premium, 0);
	put(c, "fairmined_ecological_premium_usd_per_g_max", p.fairmined_ecological, 0);
}

/* Pairs [name, rate], echoed. */
static void
read_deductions(struct price_case *c, struct gold_sale_terms *t)
{
	const struct json *list = json_get(c->in, "deductions_of_gross");

	if (!json_absent(list) && !json_is_array(list))
		wrong(c, "deductions_of_gross", "give pairs [name, rate]");
	if (json_count(list) > DEDUCTIONS_MAX)
		wrong(c, "deductions_of_gross", "give at most 16");
	jw_array(c->out, "deductions_of_gross");
	for (size_t i = 0; i < json_count(list) && !c->failed; i++) {
		const struct json *pair = json_at(list, i);

		if (json_text(json_at(pair, 0)) == NULL ||
		    !number_of(json_at(pair, 1), &t->rate[i])) {
			wrong(c, "deductions_of_gross", "give pairs [name, rate]");
			break;
		}
		t->deductions++;
		jw_array(c->out, NULL);
		jw_text(c->out, NULL, json_text(json_at(pair, 0)));
		if (json_text(json_at(pair, 1)) != NULL)
			jw_text(c->out, NULL, json_text(json_at(pair, 1)));
		else
			put(c, NULL, t->rate[i], 0);
		jw_end_array(c->out);
	}
	jw_end_array(c->out);
}

static void
price_gold_sale(struct price_case *c)
{
	const struct json *list = json_get(c->in, "deductions_of_gross");
	struct gold_sale_terms t = { 0 };
	struct gold_sale s;

	t.gross_g = input_over_zero(c, "gross_weight_g");
	t.fineness = input_over_zero(c, "fineness");
	t.usd_per_oz = input_over_zero(c, "usd_per_oz");
	t.fx = input_over_zero(c, "fx_local_per_usd");
	t.payable = input(c, "payable_fraction");
	read_deductions(c, &t);
	if (exact_compare(t.fineness, exact_of(1, 1)) > 0)
		wrong(c, "fineness", "is at most 1");
	if (c->failed)
		return;
	s = gold_sale(&t);
	put_exact(c, "fine_g", s.fine_g);
	put_money(c, "world_value_local", s.world);
	put_money(c, "gross_local", s.gross);
	jw_object(c->out, "deduction_local");
	for (unsigned i = 0; i < t.deductions; i++)
		put_money(c, json_text(json_at(json_at(list, i), 0)), s.deduction[i]);
	jw_end_object(c->out);
	put_money(c, "net_local", s.net);
	put(c, "net_pct_of_world", s.pct_of_world, PERCENT_DIGITS);
	if (s.net.num < 0)
		wrong(c, "deductions_of_gross", "take more than the gross value");
	if (s.above_world)
		jw_bool(c->out, "above_world", true);
}

/* What software that cuts after every step pays: shown, never paid. */
static void
put_truncated(struct price_case *c, struct exact gross, struct exact ml,
              struct exact price, struct exact total)
{
	struct exact density = exact_cut(exact_over(gross, ml), ROUNDED_DIGITS);
	struct exact karat = exact_over(
	    exact_times(exact_minus(density, exact_of(1051, 100)), exact_of(52838, 1000)),
	    density);
	struct exact pounds =
	    exact_cut(exact_over(gross, pound_of_gold()), ROUNDED_DIGITS);
	struct exact paid;
	int64_t whole = 0;

	karat = exact_cut(karat, ROUNDED_DIGITS);
	paid = exact_cut(pounds_value(karat, price, pounds), 0);
	jw_object(c->out, "truncated_steps");
	put(c, "density", density, ROUNDED_DIGITS);
	put(c, "karat", karat, ROUNDED_DIGITS);
	put(c, "pounds", pounds, ROUNDED_DIGITS);
	if (exact_round(paid, &whole, NULL) < 0)
		wrong(c, "ghs_per_pound_23k", "is too large");
	jw_i64(c->out, "total_int", whole);
	jw_end_object(c->out);
	if (total.num > 0)
		put(c, "loss_to_seller_pct",
		    exact_times(exact_over(exact_minus(total, paid), total),
		                exact_of(100, 1)),
		    LOSS_DIGITS);
}

static void
price_density(struct price_case *c)
{
	struct exact gross = input_over_zero(c, "gross_g");
	struct exact ml = input_over_zero(c, "displaced_ml");
	struct exact price = input(c, "ghs_per_pound_23k");
	struct exact reading = exact_of(1, 100);
	struct exact pounds, total;
	struct density_test d;

	if (!json_absent(json_get(c->in, "reading_ml")))
		reading = input(c, "reading_ml");
	if (c->failed)
		return;
	d = density_test(gross, ml, reading);
	pounds = exact_over(gross, pound_of_gold());
	total = pounds_value(d.karat, price, pounds);
	put_exact(c, "density", d.density);
	put_exact(c, "karat_trade", d.karat);
	put_exact(c, "pounds", pounds);
	put_money(c, "total_exact", total);
	put_truncated(c, gross, ml, price, total);
	put_exact(c, "karat_au_ag_two_metal", d.karat_two);
	put(c, "karat_low", d.karat_low, ROUNDED_DIGITS);
	put(c, "karat_high", d.karat_high, ROUNDED_DIGITS);
	jw_bool(c->out, "too_small_for_density", d.small);
}

static void
put_ore(struct price_case *c, const struct ore_sale *s)
{
	put_money(c, "gross_usd", s->gross);
	put_money(c, "tax_usd", s->tax);
	put_money(c, "rma_usd", s->rma);
	put_money(c, "coop_usd", s->coop);
	put_money(c, "advance_usd", s->advance);
	put_money(c, "net_usd", s->net);
}

static void
price_tin(struct price_case *c)
{
	struct tin_terms t = { .lme_usd_t = input(c, "lme_usd_t"),
		               .sn_pct = input(c, "sn_pct"),
		               .net_kg = input(c, "net_kg"),
		               .gov_tc = input(c, "gov_tc_usd_t"),
		               .buyer_tc = input(c, "buyer_tc_usd_t"),
		               .fluctuation = input(c, "fluctuation_usd_t"),
		               .rra_pct = input(c, "rra_pct"),
		               .rma_rwf_kg = input(c, "rma_rwf_kg"),
		               .coop_rwf_kg = input(c, "coop_rwf_kg"),
		               .advance_rwf_kg = input(c, "tag_advance_rwf_kg"),
		               .fx_rwf_usd = input_over_zero(c, "fx_rwf_usd") };
	struct ore_sale s;

	if (c->failed)
		return;
	s = tin_sale(&t);
	put_exact(c, "tax_price_usd_kg", s.tax_price_kg);
	put_exact(c, "buyer_price_usd_kg", s.buyer_price_kg);
	put_ore(c, &s);
}

static void
price_tantalum(struct price_case *c)
{
	struct tantalum_terms t = { .usd_per_pct_kg = input(c, "usd_per_pct_kg"),
		                    .ta_pct = input(c, "ta2o5_pct"),
		                    .net_kg = input(c, "net_kg"),
		                    .tax_usd_per_pct_kg = input(c, "tax_usd_per_pct_kg"),
		                    .rra_pct = input(c, "rra_pct"),
		                    .rma_usd_t = input(c, "rma_usd_t"),
		                    .coop_rwf_kg = input(c, "coop_rwf_kg"),
		                    .advance_rwf_kg = input(c, "tag_advance_rwf_kg"),
		                    .fx_rwf_usd = input_over_zero(c, "fx_rwf_usd") };
	struct ore_sale s;

	if (c->failed)
		return;
	s = tantalum_sale(&t);
	put_ore(c, &s);
}

static void
price_tungsten(struct price_case *c)
{
	struct exact mtu = input(c, "usd_per_mtu");
	struct exact pct = input(c, "wo3_pct");
	struct exact kg = input(c, "net_kg");
	struct exact per_kg = tungsten_usd_per_kg(mtu, pct);

	put_exact(c, "usd_per_kg", per_kg);
	put_money(c, "gross_usd", exact_times(per_kg, kg));
}

static void
price_cobalt(struct price_case *c)
{
	struct exact kg = input(c, "net_kg");
	struct exact pct = input(c, "co_pct");
	struct exact usd_t = input(c, "usd_per_t");
	struct exact payable = input(c, "payable_fraction");

	put_money(c, "world_value_usd", payable_value(kg, pct, usd_t, exact_of(1, 1)));
	put_money(c, "gross_usd", payable_value(kg, pct, usd_t, payable));
}

static const struct {
	const char *kind;
	void (*price)(struct price_case *c);
} kinds[] = {
	{ "gold_usd_per_g", price_gold_usd_per_g },
	{ "gold_sale", price_gold_sale },
	{ "density", price_density },
	{ "tin", price_tin },
	{ "tantalum", price_tantalum },
	{ "tungsten", price_tungsten },
	{ "cobalt", price_cobalt },
};

int
calc_price(const struct json *in, struct json_writer *out, struct diag *fault)
{
	struct price_case c = { .in = in, .out = out, .fault = fault };
	const char *kind = json_get_text(in, "kind");

	for (size_t i = 0; kind != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(kind, kinds[i].kind) != 0)
			continue;
		jw_text(out, "kind", kind);
		kinds[i].price(&c);
		put_rounded(&c);
		return c.failed ? -1 : 0;
	}
	return calc_fault(fault, "kind: give one of gold_usd_per_g, gold_sale, density, "
	                         "tin, tantalum, tungsten, cobalt");
}
