#include "payments/store/row.h"
#include "payments/store/sales.h"

#include <string.h>

enum {
	C_COOP,
	C_CODE,
	C_COOP_NAME,
	C_SITE,
	C_NUMBER,
	C_MADE,
	C_SELLER,
	C_METHOD,
	C_TAG,
	C_CURRENCY,
	C_EXPONENT,
	C_SOURCE,
	C_HASH,
	C_PREVIOUS,
	C_TEXT,
	C_INTACT,
	C_PAID,
	C_PAYMENT_CODE,
	C_GROSS_MG,
	C_FINENESS,
	C_FINE_MG,
	C_FINE_GRAM,
	C_PERMILLE,
	C_WORLD,
	C_GROSS,
	C_LEVIES,
	C_NET,
	C_SHARE,
	C_PAYOUT,
	C_MINERAL,
	C_PRICE_MG,
	C_AMOUNT,
	C_UNIT,
	C_ABOVE,
	C_DOLLAR,
	C_CHARGES,
	C_DOLLAR_SOURCE,
	C_LEVY
};

const struct pg_statement receipt_by_code = {
	"receipt_by_code",
	"select r.cooperative_id, r.code, c.code || ' ' || c.name, s.code, r.number, "
	"r.made_ms, m.number, t.method, t.tag, c.currency, "
	"(select u.exponent from currencies u where u.code = c.currency), "
	"t.price_source, encode(r.hash, 'hex'), encode(r.previous_hash, 'hex'), r.text, "
	"r.hash = sha256(convert_to(r.text, 'UTF8')) and r.previous_hash = coalesce("
	"(select b.hash from receipts b where b.cooperative_id = r.cooperative_id "
	"and b.site_id = r.site_id and b.number = r.number - 1), "
	"case when r.number = 1 then decode(repeat('00', 32), 'hex') end), "
	"sale_is_paid(t.cooperative_id, t.lot_id, t.payout), t.payment_code, t.gross_mg, "
	"t.fineness, t.fine_mg, "
	"t.fine_gram, t.paid_permille, t.world_value, t.gross_value, t.levies_total, "
	"t.net, t.loan_share, t.payout, t.mineral, t.price_mg, t.typed_amount, "
	"t.typed_unit, t.above_world, coalesce(t.dollar, 0), t.charges_total, "
	"coalesce(dollar_source(t.cooperative_id, t.dollar_id), ''), v.levy_id, v.code, "
	"v.payee, v.base, v.rate_bp, "
	"v.per_kg, v.usd_micro, v.ref_micro, "
	"v.amount from receipts r "
	"join lots t on t.cooperative_id = r.cooperative_id and t.lot_id = r.lot_id "
	"join sites s on s.cooperative_id = r.cooperative_id and s.site_id = r.site_id "
	"join members m on m.cooperative_id = r.cooperative_id "
	"and m.member_id = r.member_id "
	"join cooperatives c on c.cooperative_id = r.cooperative_id "
	"left join lot_lines v on v.cooperative_id = t.cooperative_id "
	"and v.lot_id = t.lot_id where r.code = $1::text order by v.line"
};

const struct pg_statement receipts_of_member = {
	"receipts_of_member",
	"select r.code, r.made_ms, local_day(r.cooperative_id, r.made_ms), t.fine_mg, "
	"t.net, "
	"c.currency, count(*) over () from receipts r "
	"join lots t on t.cooperative_id = r.cooperative_id and t.lot_id = r.lot_id "
	"join cooperatives c on c.cooperative_id = r.cooperative_id "
	"where r.cooperative_id = $1::integer and r.member_id = $2::uuid "
	"order by r.made_ms desc, r.number desc offset $3::integer limit $4::integer"
};

/* "made: 2026-11-23 10:15:00 +0300" of the text, which is what was signed for. */
static void
read_made(struct receipt_view *v)
{
	const char *at = strstr(v->text, "\nmade: ");
	size_t n;

	if (at == NULL)
		return;
	at += strlen("\nmade: ");
	n = strcspn(at, "\n");
	if (n >= sizeof v->made_local)
		n = sizeof v->made_local - 1;
	memcpy(v->made_local, at, n);
	v->made_local[n] = '\0';
}

static void
read_levies(const struct pg_reply *r, struct price_quote *q)
{
	for (int i = 0; i < r->rows && i < LEVIES_MAX && !reply_null(r, i, C_LEVY); i++) {
		struct levy_line *l = &q->levies[q->levy_count++];

		levy_read(r, i, C_LEVY, &l->levy);
		l->amount = reply_i64(r, i, C_LEVY + 8);
		if (l->levy.base == LEVY_PREMIUM)
			q->premiums_total += l->amount;
	}
}

bool
receipt_read(const struct pg_reply *r, struct receipt_view *out)
{
	static const char *const methods[LOT_METHODS] = { "xrf", "density", "touchstone",
		                                          "fire", "valuer" };

	if (r->rows == 0)
		return false;
	*out = (struct receipt_view){
		.cooperative_id = (int32_t)reply_i64(r, 0, C_COOP),
		.number = reply_i64(r, 0, C_NUMBER),
		.made_ms = reply_i64(r, 0, C_MADE),
		.method = (enum lot_method)row_word(r, 0, C_METHOD, methods, LOT_METHODS),
		.exponent = (unsigned)reply_i64(r, 0, C_EXPONENT),
		.intact = reply_bool(r, 0, C_INTACT),
		.paid = reply_bool(r, 0, C_PAID),
		.quote = { .gross_mg = reply_i64(r, 0, C_GROSS_MG),
		           .fineness = (int32_t)reply_i64(r, 0, C_FINENESS),
		           .fine_mg = reply_i64(r, 0, C_FINE_MG),
		           .fine_gram = reply_i64(r, 0, C_FINE_GRAM),
		           .price_mg = reply_i64(r, 0, C_PRICE_MG),
		           .paid_permille = (int32_t)reply_i64(r, 0, C_PERMILLE),
		           .above_world = reply_bool(r, 0, C_ABOVE),
		           .world_value = reply_i64(r, 0, C_WORLD),
		           .gross_value = reply_i64(r, 0, C_GROSS),
		           .levies_total = reply_i64(r, 0, C_LEVIES),
		           .net = reply_i64(r, 0, C_NET),
		           .loan_share = reply_i64(r, 0, C_SHARE),
		           .payout = reply_i64(r, 0, C_PAYOUT),
		           .dollar = reply_i64(r, 0, C_DOLLAR),
		           .charges_total = reply_i64(r, 0, C_CHARGES) },
	};
	ROW_TEXT(r, 0, C_CODE, out->code);
	ROW_TEXT(r, 0, C_MINERAL, out->mineral);
	ROW_TEXT(r, 0, C_AMOUNT, out->typed_amount);
	ROW_TEXT(r, 0, C_UNIT, out->typed_unit);
	ROW_TEXT(r, 0, C_COOP_NAME, out->cooperative);
	ROW_TEXT(r, 0, C_SITE, out->site);
	ROW_TEXT(r, 0, C_SELLER, out->seller_number);
	ROW_TEXT(r, 0, C_TAG, out->tag);
	ROW_TEXT(r, 0, C_CURRENCY, out->currency);
	ROW_TEXT(r, 0, C_SOURCE, out->price_source);
	ROW_TEXT(r, 0, C_DOLLAR_SOURCE, out->dollar_source);
	ROW_TEXT(r, 0, C_HASH, out->hash);
	ROW_TEXT(r, 0, C_PREVIOUS, out->previous_hash);
	ROW_TEXT(r, 0, C_TEXT, out->text);
	ROW_TEXT(r, 0, C_PAYMENT_CODE, out->payment_code);
	read_levies(r, &out->quote);
	read_made(out);
	return true;
}

void
receipt_line_read(const struct pg_reply *r, int row, struct receipt_line *out)
{
	*out = (struct receipt_line){ .made_ms = reply_i64(r, row, 1),
		                      .made_day = (int32_t)reply_i64(r, row, 2),
		                      .fine_mg = reply_i64(r, row, 3),
		                      .net = reply_i64(r, row, 4) };
	ROW_TEXT(r, row, 0, out->code);
	ROW_TEXT(r, row, 5, out->currency);
}

unsigned
receipts_read_total(const struct pg_reply *r)
{
	return r->rows == 0 ? 0 : (unsigned)reply_i64(r, 0, 6);
}
