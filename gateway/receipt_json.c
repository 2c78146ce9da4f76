/* receipt_json - the same receipt for programs: minor units, milligrams, permille. */
#include "gateway/receipt_page.h"
#include "lib/json.h"

static void
put_deductions(struct json_writer *w, const struct price_quote *q)
{
	jw_array(w, "levies");
	for (uint32_t i = 0; i < q->levy_count && i < LEVIES_MAX; i++) {
		const struct levy_line *l = &q->levies[i];
		jw_object(w, NULL);
		jw_text(w, "code", l->levy.code);
		jw_text(w, "payee", l->levy.payee);
		jw_text(w, "base", levy_base_name(l->levy.base));
		if (l->levy.per_kg > 0)
			jw_i64(w, "per_kg", l->levy.per_kg);
		if (l->levy.usd_micro > 0)
			jw_i64(w, "usd_micro_per_kg", l->levy.usd_micro);
		if (l->levy.ref_micro > 0)
			jw_i64(w, "reference_usd_micro_per_kg", l->levy.ref_micro);
		jw_i64(w, "rate_bp", l->levy.rate_bp);
		jw_i64(w, "amount", l->amount);
		jw_end_object(w);
	}
	jw_end_array(w);
	jw_i64(w, "loan_share", q->loan_share);
}

static void
put_quote(struct json_writer *w, const struct receipt_view *r)
{
	const struct price_quote *q = &r->quote;

	jw_text(w, "mineral", r->mineral);
	jw_text(w, "weighed_amount", r->typed_amount);
	jw_text(w, "weighed_unit", r->typed_unit);
	jw_i64(w, "gross_mg", q->gross_mg);
	jw_i64(w, "fineness_permille", q->fineness);
	jw_text(w, "method", lot_method_name(r->method));
	jw_i64(w, "fine_mg", q->fine_mg);
	jw_text(w, "tag", r->tag);
	jw_text(w, "currency", r->currency);
	jw_i64(w, "exponent", r->exponent);
	if (q->price_mg == 1000)
		jw_i64(w, "world_price_per_fine_gram", q->fine_gram);
	jw_i64(w, "price", q->fine_gram);
	jw_i64(w, "price_is_for_mg", q->price_mg);
	jw_text(w, "price_source", r->price_source);
	if (q->dollar > 0) {
		jw_i64(w, "dollar", q->dollar);
		jw_text(w, "dollar_source", r->dollar_source);
	}
	jw_i64(w, "world_value", q->world_value);
	jw_i64(w, "paid_permille", q->paid_permille);
	jw_i64(w, "charges", q->charges_total);
	jw_i64(w, "gross_value", q->gross_value);
	put_deductions(w, q);
	jw_bool(w, "above_world", q->above_world);
	jw_i64(w, "net", q->net);
	jw_i64(w, "net_permille_of_world", price_world_share(q));
	jw_i64(w, "payout", q->payout);
}

void
receipt_json(struct buf *b, const struct receipt_view *r)
{
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "code", r->code);
	jw_bool(&w, "valid", r->intact);
	jw_bool(&w, "paid", r->paid);
	jw_text(&w, "cooperative", r->cooperative);
	jw_text(&w, "site", r->site);
	jw_i64(&w, "number", r->number);
	jw_text(&w, "made", r->made_local);
	jw_i64(&w, "made_ms", r->made_ms);
	jw_text(&w, "seller", r->seller_number);
	put_quote(&w, r);
	jw_text(&w, "payment", r->payment_code);
	jw_text(&w, "hash", r->hash);
	jw_text(&w, "previous_hash", r->previous_hash);
	jw_text(&w, "text", r->text);
	jw_end_object(&w);
	buf_putc(b, '\n');
}
