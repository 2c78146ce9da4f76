/* Gold and stones, and the choice of the kind. */
#include "gateway/cli/calc_price.h"
#include "payments/core/unit.h"

#include <string.h>

#define PARCELS_MAX 16

void
price_gold_usd_per_g(struct price_case *c)
{
	struct gold_prices p = gold_prices(price_input_over_zero(c, "usd_per_oz"));

	price_put_money(c, "usd_per_g", p.usd_per_g);
	price_put_money(c, "fairtrade_min_usd_per_g", p.fairtrade_min);
	price_put(c, "fairtrade_premium_usd_per_g", p.fairtrade_premium, 0);
	price_put(c, "fairmined_premium_usd_per_g_max", p.fairmined_premium, 0);
	price_put(c, "fairmined_ecological_premium_usd_per_g_max", p.fairmined_ecological,
	          0);
}

/* "gross_weight": "2.5 tola", or "gross_weight_g" as a number. */
static struct exact
gross_weight(struct price_case *c)
{
	const char *field = "gross_weight", *text = json_get_text(c->in, field);
	struct exact amount = exact_of(1, 1), grams;
	struct weight_text w;
	const struct unit *u;

	if (json_absent(json_get(c->in, field)))
		return price_input_over_zero(c, "gross_weight_g");
	if (text == NULL || weight_read(text, &w, NULL) < 0 ||
	    !exact_parse(w.amount, &amount) || !exact_over_zero(amount) ||
	    (u = unit_find(w.unit)) == NULL || u->rough) {
		price_wrong(c, field, "give a number and a known unit: \"2.5 tola\"");
		return amount;
	}
	grams = exact_times(amount, exact_of(u->mg_num, u->mg_den));
	grams = exact_over(grams, exact_of(1000, 1));
	jw_text(c->out, field, text);
	price_put_exact(c, "gross_weight_g", grams);
	return grams;
}

void
price_gold_sale(struct price_case *c)
{
	struct gold_sale_terms t = { .gross_g = gross_weight(c),
		                     .fineness = price_input_up_to(c, "fineness", 1),
		                     .usd_per_oz = price_input_over_zero(c, "usd_per_oz"),
		                     .fx = price_input_over_zero(c, "fx_local_per_usd"),
		                     .payable =
		                         price_input_over_zero(c, "payable_fraction") };
	struct deductions d;
	struct gold_sale s;

	price_read_deductions(c, &d);
	if (!exact_over_zero(t.fineness))
		price_wrong(c, "fineness", "must be over zero");
	if (c->failed)
		return;
	s = gold_sale(&t, &d);
	price_check(c, &s.value, "payable_fraction", "deductions_of_gross");
	price_put_exact(c, "fine_g", s.fine_g);
	price_put_money(c, "world_value_local", s.value.world);
	price_put_money(c, "gross_local", s.value.gross);
	price_put_deductions(c, &d);
	price_put_money(c, "net_local", s.value.net);
	price_put_share(c, &s.value);
}

/* Parcels [name, carats, price of a carat]: the lot's value is their sum. */
static struct exact
parcels_value(struct price_case *c, struct exact *carats)
{
	const struct json *list = json_get(c->in, "parcels");
	struct exact value = exact_of(0, 1), each, price;

	*carats = exact_of(0, 1);
	if (json_count(list) == 0 || json_count(list) > PARCELS_MAX ||
	    !json_is_array(list))
		price_wrong(c, "parcels", "give 1 to 16 of [name, carats, price]");
	jw_array(c->out, "parcels");
	for (size_t i = 0; i < json_count(list) && !c->failed; i++) {
		const struct json *one = json_at(list, i);

		if (json_text(json_at(one, 0)) == NULL || json_count(one) != 3 ||
		    !price_number(json_at(one, 1), &each) || !exact_over_zero(each) ||
		    !price_number(json_at(one, 2), &price) || !exact_over_zero(price)) {
			price_wrong(c, "parcels",
			            "give [name, carats, price], both over zero");
			break;
		}
		*carats = exact_plus(*carats, each);
		value = exact_plus(value, exact_times(each, price));
		jw_array(c->out, NULL);
		jw_text(c->out, NULL, json_text(json_at(one, 0)));
		price_put_exact(c, NULL, each);
		price_put_exact(c, NULL, price);
		jw_end_array(c->out);
	}
	jw_end_array(c->out);
	return value;
}

/* A lot of stones at the value agreed on, whole or by sorted parcels. */
void
price_stones(struct price_case *c)
{
	struct exact one = exact_of(1, 1), carats, valued;
	struct exact payable = price_input_or(c, "payable_fraction", one);
	struct deductions d;
	struct value_chain v;

	if (json_absent(json_get(c->in, "parcels"))) {
		carats = price_input_over_zero(c, "carats");
		valued = price_input_over_zero(c, "valued_local");
	} else {
		valued = parcels_value(c, &carats);
	}
	price_read_deductions(c, &d);
	if (c->failed)
		return;
	v = stone_sale(valued, payable, &d);
	price_check(c, &v, "payable_fraction", "deductions_of_gross");
	price_put_exact(c, "carats_total", carats);
	price_put_exact(c, "weight_g", exact_times(carats, exact_of(1, 5)));
	price_put_money(c, "value_local", v.world);
	price_put_money(c, "gross_local", v.gross);
	price_put_deductions(c, &d);
	price_put_money(c, "net_local", v.net);
	price_put_share(c, &v);
}

/* What software that cuts after every step pays: shown, never paid. */
static void
put_truncated(struct price_case *c, struct exact density, struct exact gross,
              struct exact price, struct exact total)
{
	struct exact karat = exact_cut(trade_karat(density), PRICE_ROUNDED_DIGITS);
	struct exact pounds =
	    exact_cut(exact_over(gross, pound_of_gold()), PRICE_ROUNDED_DIGITS);
	struct exact paid = exact_cut(pounds_value(karat, price, pounds), 0);
	int64_t whole = 0;

	jw_object(c->out, "truncated_steps");
	price_put(c, "density", density, PRICE_ROUNDED_DIGITS);
	price_put(c, "karat", karat, PRICE_ROUNDED_DIGITS);
	price_put(c, "pounds", pounds, PRICE_ROUNDED_DIGITS);
	if (exact_round(paid, &whole, NULL) < 0)
		price_wrong(c, "gross_g, ghs_per_pound_23k",
		            "the value is over what can be paid");
	jw_i64(c->out, "total_int", whole);
	jw_end_object(c->out);
	if (exact_over_zero(total))
		price_put(c, "loss_to_seller_pct",
		          exact_times(exact_over(exact_minus(total, paid), total),
		                      exact_of(100, 1)),
		          PRICE_LOSS_DIGITS);
}

void
price_density(struct price_case *c)
{
	struct exact gross = price_input_over_zero(c, "gross_g");
	struct exact ml = price_input_over_zero(c, "displaced_ml");
	struct exact price = price_input_over_zero(c, "ghs_per_pound_23k");
	struct exact reading = price_input_or(c, "reading_ml", exact_of(1, 100));
	struct exact pounds, total, cut;
	struct density_test d;

	cut = exact_cut(exact_over(gross, ml), PRICE_ROUNDED_DIGITS);
	if (!exact_over_zero(cut))
		price_wrong(c, "gross_g, displaced_ml",
		            "the density is under 0.01 g/ml: check both readings");
	if (c->failed)
		return;
	d = density_test(gross, ml, reading);
	pounds = exact_over(gross, pound_of_gold());
	total = pounds_value(d.karat, price, pounds);
	price_put_exact(c, "density", d.density);
	price_put_exact(c, "karat_trade", d.karat);
	price_put_exact(c, "pounds", pounds);
	price_put_money(c, "total_exact", total);
	put_truncated(c, cut, gross, price, total);
	price_put_exact(c, "karat_au_ag_two_metal", d.karat_two);
	price_put(c, "karat_low", d.karat_low, PRICE_ROUNDED_DIGITS);
	price_put(c, "karat_high", d.karat_high, PRICE_ROUNDED_DIGITS);
	price_put_exact(c, "least_gross_g", d.least_g);
	jw_bool(c->out, "too_small_for_density", d.small);
}

static const struct {
	const char *kind;
	price_fn *price;
} kinds[] = {
	{ "gold_usd_per_g", price_gold_usd_per_g },
	{ "gold_sale", price_gold_sale },
	{ "density", price_density },
	{ "tin", price_tin },
	{ "tantalum", price_tantalum },
	{ "tungsten", price_tungsten },
	{ "cobalt", price_cobalt },
	{ "stones", price_stones },
};

static void
put_rounded(struct price_case *c)
{
	jw_object(c->out, "rounded");
	for (unsigned i = 0; i < c->rounded; i++)
		price_put(c, c->money[i].name, c->money[i].value, PRICE_ROUNDED_DIGITS);
	jw_end_object(c->out);
}

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
	                         "tin, tantalum, tungsten, cobalt, stones");
}
