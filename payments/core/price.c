#include "payments/core/price.h"

#include "payments/core/money.h"

#define PERMILLE      1000
#define BASIS_POINTS  10000
#define MG_PER_GRAM   1000
#define MG_PER_KG     1000000
#define GROSS_MG_MAX  INT64_C(1000000000) /* a tonne */
#define FINE_GRAM_MAX INT64_C(1000000000000000)

static bool
in(int64_t v, int64_t low, int64_t high)
{
	return v >= low && v <= high;
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
		if (t->levies[i].rate_bp > BASIS_POINTS || t->levies[i].per_kg < 0)
			return err_set(err, ERR_RANGE, FATE_NOT,
			               "levy rate out of bounds");
	return 0;
}

static int64_t
price_mg(const struct price_terms *t)
{
	return t->price_mg == 0 ? MG_PER_GRAM : t->price_mg;
}

static struct ratio
world_value(const struct price_terms *t)
{
	struct ratio r = ratio_of(t->gross_mg, 1);

	ratio_times(&r, t->fineness, PERMILLE);
	ratio_times(&r, t->fine_gram, price_mg(t));
	return r;
}

const char *
levy_base_name(enum levy_base base)
{
	static const char *const names[LEVY_BASES] = { "world", "gross", "premium" };

	return names[base];
}

static struct ratio
premium(const struct price_terms *t, int64_t per_kg)
{
	struct ratio r = ratio_of(t->gross_mg, 1);

	ratio_times(&r, t->fineness, PERMILLE);
	ratio_times(&r, per_kg, MG_PER_KG);
	return r;
}

static int
take_levies(const struct price_terms *t, struct price_quote *q, struct err *err)
{
	q->levy_count = t->levy_count;
	for (uint32_t i = 0; i < t->levy_count; i++) {
		const struct levy *levy = &t->levies[i];
		bool on_top = levy->base == LEVY_PREMIUM;
		int64_t *total = on_top ? &q->premiums_total : &q->levies_total;
		struct ratio r = on_top ? premium(t, levy->per_kg) : world_value(t);

		q->levies[i].levy = *levy;
		if (levy->base == LEVY_OF_GROSS)
			ratio_times(&r, t->paid_permille, PERMILLE);
		if (!on_top)
			ratio_times(&r, levy->rate_bp, BASIS_POINTS);
		if (ratio_round(&r, &q->levies[i].amount, err) < 0 ||
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
	struct ratio world, gross;

	if (check(t, err) < 0)
		return -1;
	world = world_value(t);
	gross = world;
	*out = (struct price_quote){ .gross_mg = t->gross_mg,
		                     .fineness = t->fineness,
		                     .fine_gram = t->fine_gram,
		                     .price_mg = price_mg(t),
		                     .paid_permille = t->paid_permille };
	ratio_times(&fine, t->fineness, PERMILLE);
	ratio_times(&gross, t->paid_permille, PERMILLE);
	if (ratio_round(&fine, &out->fine_mg, err) < 0 ||
	    ratio_round(&world, &out->world_value, err) < 0 ||
	    ratio_round(&gross, &out->gross_value, err) < 0)
		return -1;
	out->above_world = out->gross_value > out->world_value;
	if (take_levies(t, out, err) < 0 ||
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
