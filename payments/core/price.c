#include "payments/core/price.h"

#include "payments/core/exact.h"
#include "payments/core/money.h"

#define PERMILLE      1000
#define BASIS_POINTS  10000
#define MG_PER_GRAM   1000
#define MG_PER_KG     1000000
#define MICRO         1000000             /* of a dollar */
#define GROSS_MG_MAX  INT64_C(1000000000) /* a tonne */
#define FINE_GRAM_MAX INT64_C(1000000000000000)

static bool
in(int64_t v, int64_t low, int64_t high)
{
	return v >= low && v <= high;
}

static bool
levy_in(const struct levy *l)
{
	return l->rate_bp <= BASIS_POINTS && in(l->per_kg, 0, FINE_GRAM_MAX) &&
	       in(l->usd_micro, 0, FINE_GRAM_MAX) && in(l->ref_micro, 0, FINE_GRAM_MAX) &&
	       (unsigned)l->base < LEVY_BASES;
}

static int
check(const struct price_terms *t, struct err *err)
{
	if (!in(t->gross_mg, 1, GROSS_MG_MAX))
		return err_set(err, ERR_RANGE, FATE_NOT, "weight out of bounds");
	if (!in(t->fineness, 1, PERMILLE))
		return err_set(err, ERR_RANGE, FATE_NOT, "fineness out of bounds");
	if (!in(t->fine_gram, 1, FINE_GRAM_MAX))
		return err_set(err, ERR_RANGE, FATE_NOT, "price out of bounds");
	if (!in(t->price_mg, 0, GROSS_MG_MAX))
		return err_set(err, ERR_RANGE, FATE_NOT, "price weight out of bounds");
	if (!in(t->paid_permille, 1, t->over_world ? PRICE_OFFER_MAX : PERMILLE))
		return err_set(err, ERR_RANGE, FATE_NOT, "paid share out of bounds");
	if (t->levy_count > LEVIES_MAX)
		return err_set(err, ERR_RANGE, FATE_NOT, "too many levies");
	for (uint32_t i = 0; i < t->levy_count; i++)
		if (!levy_in(&t->levies[i]))
			return err_set(err, ERR_RANGE, FATE_NOT,
			               "levy rate out of bounds");
	if (price_needs_dollar(t) && !in(t->dollar, 1, FINE_GRAM_MAX))
		return err_set(err, ERR_RANGE, FATE_NOT, "rate of the dollar not known");
	return 0;
}

static int64_t
price_mg(const struct price_terms *t)
{
	return t->price_mg == 0 ? MG_PER_GRAM : t->price_mg;
}

const char *
levy_base_name(enum levy_base base)
{
	static const char *const names[LEVY_BASES] = { "world",   "gross",     "premium",
		                                       "weight",  "reference", "charge",
		                                       "discount" };

	return names[base];
}

bool
levy_is_charge(enum levy_base base)
{
	return base == LEVY_CHARGE || base == LEVY_DISCOUNT;
}

static bool
in_dollars(const struct levy *l)
{
	return l->usd_micro > 0 || l->ref_micro > 0;
}

bool
price_needs_dollar(const struct price_terms *t)
{
	for (uint32_t i = 0; i < t->levy_count && i < LEVIES_MAX; i++)
		if (in_dollars(&t->levies[i]))
			return true;
	return false;
}

struct chain { /* exact; weights in kilograms */
	struct exact weight, content, world, gross;
};

static struct exact
part(struct exact a, int64_t num, int64_t den)
{
	return exact_times(a, exact_of(num, den));
}

static struct exact
local(const struct price_terms *t, int64_t usd_micro)
{
	return part(exact_of(usd_micro, MICRO), t->dollar, 1);
}

static struct exact
a_kilogram(const struct price_terms *t, const struct levy *l)
{
	return exact_plus(exact_of(l->per_kg, 1), local(t, l->usd_micro));
}

/* What a state reckons the ore is worth; its charge may be over the metal. */
static struct exact
reference(const struct price_terms *t, const struct chain *c, const struct levy *l)
{
	struct exact value = c->world;

	if (l->ref_micro > 0)
		value = exact_times(c->content, local(t, l->ref_micro));
	value = exact_minus(value, exact_times(c->weight, a_kilogram(t, l)));
	return exact_under_zero(value) ? exact_of(0, 1) : value;
}

static struct exact
levy_value(const struct price_terms *t, const struct chain *c, const struct levy *l)
{
	switch (l->base) {
	case LEVY_OF_WORLD:
		return part(c->world, l->rate_bp, BASIS_POINTS);
	case LEVY_OF_GROSS:
		return part(c->gross, l->rate_bp, BASIS_POINTS);
	case LEVY_REFERENCE:
		return part(reference(t, c, l), l->rate_bp, BASIS_POINTS);
	case LEVY_PREMIUM:
	case LEVY_DISCOUNT:
		return exact_times(c->content, a_kilogram(t, l));
	case LEVY_WEIGHT:
	case LEVY_CHARGE:
	case LEVY_BASES:
		break;
	}
	return exact_times(c->weight, a_kilogram(t, l));
}

static struct chain
chain_of(const struct price_terms *t)
{
	struct chain c = { .weight = exact_of(t->gross_mg, MG_PER_KG) };

	c.content = part(c.weight, t->fineness, PERMILLE);
	c.world = part(part(c.content, t->fine_gram, 1), MG_PER_KG, price_mg(t));
	c.gross = part(c.world, t->paid_permille, PERMILLE);
	for (uint32_t i = 0; i < t->levy_count; i++)
		if (levy_is_charge(t->levies[i].base))
			c.gross = exact_minus(c.gross, levy_value(t, &c, &t->levies[i]));
	return c;
}

static int64_t *
total_of(struct price_quote *q, enum levy_base base)
{
	if (base == LEVY_PREMIUM)
		return &q->premiums_total;
	return levy_is_charge(base) ? &q->charges_total : &q->levies_total;
}

static int
take_levies(const struct price_terms *t, const struct chain *c, struct price_quote *q,
            struct err *err)
{
	q->levy_count = t->levy_count;
	for (uint32_t i = 0; i < t->levy_count; i++) {
		const struct levy *levy = &t->levies[i];
		int64_t *total = total_of(q, levy->base);

		q->levies[i].levy = *levy;
		if (exact_round(levy_value(t, c, levy), &q->levies[i].amount, err) < 0 ||
		    money_add(*total, q->levies[i].amount, total, err) < 0)
			return -1;
	}
	q->net = q->gross_value - q->levies_total;
	if (q->net < 0)
		return err_set(err, ERR_RANGE, FATE_NOT, "levies over the value");
	return 0;
}

int
price_quote(const struct price_terms *t, struct price_quote *out, struct err *err)
{
	struct ratio fine = ratio_of(t->gross_mg, 1);
	struct chain c;

	if (check(t, err) < 0)
		return -1;
	c = chain_of(t);
	*out = (struct price_quote){ .gross_mg = t->gross_mg,
		                     .fineness = t->fineness,
		                     .fine_gram = t->fine_gram,
		                     .price_mg = price_mg(t),
		                     .paid_permille = t->paid_permille,
		                     .dollar = price_needs_dollar(t) ? t->dollar : 0 };
	ratio_times(&fine, t->fineness, PERMILLE);
	if (ratio_round(&fine, &out->fine_mg, err) < 0 ||
	    exact_round(c.world, &out->world_value, err) < 0 ||
	    exact_round(c.gross, &out->gross_value, err) < 0)
		return -1;
	if (exact_under_zero(c.gross))
		return err_set(err, ERR_RANGE, FATE_NOT, "charges over the value");
	out->above_world = out->gross_value > out->world_value;
	if (take_levies(t, &c, out, err) < 0 ||
	    price_loan_share(out, t->owed, t->loan_share_permille, t->floor_permille,
	                     err) < 0)
		return -1;
	if ((out->above_world && t->paid_permille <= PERMILLE) ||
	    out->gross_value < out->net || out->net < out->payout || out->payout < 0)
		return err_set(err, ERR_INTERNAL, FATE_NOT, "quote does not add up");
	return 0;
}

int
price_loan_share(struct price_quote *q, int64_t owed, uint32_t share_permille,
                 uint32_t floor_permille, struct err *err)
{
	int64_t share, floor;

	if (owed < 0 || share_permille > PERMILLE || floor_permille > PERMILLE)
		return err_set(err, ERR_RANGE, FATE_NOT, "loan share out of bounds");
	if (money_part(q->net, share_permille, PERMILLE, &share, err) < 0 ||
	    money_part(q->net, floor_permille, PERMILLE, &floor, err) < 0)
		return -1;
	if (share > q->net - floor)
		share = q->net - floor;
	if (share > owed)
		share = owed;
	q->loan_share = share;
	q->payout = q->net - share;
	return 0;
}

int32_t
price_world_share(const struct price_quote *q)
{
	int64_t share = 0;

	if (q->world_value <= 0 ||
	    money_part(q->net, PERMILLE, q->world_value, &share, NULL) < 0)
		return 0;
	return (int32_t)share;
}
