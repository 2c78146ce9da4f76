#include "lib/json.h"
#include "payments/store/sales.h"

static void
put_quote(struct json_writer *w, const struct price_quote *q)
{
	jw_i64(w, "gross_mg", q->gross_mg);
	jw_i64(w, "fineness", q->fineness);
	jw_i64(w, "fine_mg", q->fine_mg);
	jw_i64(w, "fine_gram", q->fine_gram);
	jw_i64(w, "price_mg", q->price_mg);
	jw_i64(w, "paid_permille", q->paid_permille);
	jw_bool(w, "above_world", q->above_world);
	jw_i64(w, "world_value", q->world_value);
	jw_i64(w, "gross_value", q->gross_value);
	jw_i64(w, "levies_total", q->levies_total);
	jw_i64(w, "net", q->net);
	jw_i64(w, "loan_share", q->loan_share);
	jw_i64(w, "payout", q->payout);
	jw_i64(w, "charges_total", q->charges_total);
	if (q->dollar > 0)
		jw_i64(w, "dollar", q->dollar);
}

static void
put_lines(struct json_writer *w, const struct price_quote *q)
{
	jw_array(w, "lines");
	for (uint32_t i = 0; i < q->levy_count; i++) {
		const struct levy_line *l = &q->levies[i];

		jw_object(w, NULL);
		jw_i64(w, "line", (int64_t)i + 1);
		jw_uuid(w, "levy_id", &l->levy.levy_id);
		jw_text(w, "code", l->levy.code);
		jw_text(w, "payee", l->levy.payee);
		jw_text(w, "base", levy_base_name(l->levy.base));
		jw_i64(w, "per_kg", l->levy.per_kg);
		jw_i64(w, "usd_micro", l->levy.usd_micro);
		jw_i64(w, "ref_micro", l->levy.ref_micro);
		jw_i64(w, "rate_bp", l->levy.rate_bp);
		jw_i64(w, "amount", l->amount);
		jw_end_object(w);
	}
	jw_end_array(w);
}

void
lot_new_body(struct buf *out, const struct lot_new *n)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "lot_id", &n->lot_id);
	jw_text(&w, "code", n->code);
	jw_uuid(&w, "site_id", &n->facts->site_id);
	jw_uuid(&w, "seller_id", &n->facts->seller.member_id);
	jw_uuid(&w, "recorded_by", &n->recorded_by);
	jw_i64(&w, "recorded_ms", n->now_ms);
	jw_i64(&w, "expires_ms", n->now_ms + n->facts->quote_ms);
	jw_text(&w, "method", lot_method_name(n->method));
	jw_text(&w, "tag", n->tag);
	jw_uuid(&w, "price_id", &n->facts->price_id);
	jw_text(&w, "price_source", n->facts->price_source);
	jw_text(&w, "mineral", n->facts->mineral);
	jw_text(&w, "typed_amount", n->amount);
	jw_text(&w, "typed_unit", n->unit);
	jw_i64(&w, "unit_version", n->unit_version);
	if (n->board_permille > 0)
		jw_i64(&w, "board_permille", n->board_permille);
	jw_bool(&w, "needs_second", n->needs_second);
	put_quote(&w, n->quote);
	if (n->quote->dollar > 0)
		jw_uuid(&w, "dollar_id", &n->facts->dollar_id);
	if (n->quote->loan_share > 0)
		jw_uuid(&w, "loan_id", &n->facts->loan_id);
	jw_uuid(&w, "request_key", &n->request_key);
	put_lines(&w, n->quote);
	jw_end_object(&w);
}

void
lot_set_body(struct buf *out, const struct lot_record *lot, const struct lot_change *c)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "lot_id", &lot->view.lot_id);
	jw_i64(&w, "version", lot->version);
	jw_text(&w, "state", lot_state_name(c->to));
	if (c->to == LOT_SOLD) {
		jw_i64(&w, "sold_ms", c->sold_ms);
		jw_uuid(&w, "loan_id", &c->loan_id);
		jw_i64(&w, "loan_share", lot->view.quote.loan_share);
		jw_i64(&w, "payout", lot->view.quote.payout);
		jw_i64(&w, "owed_after", c->owed_after);
		jw_uuid(&w, "payment_id", &c->payment_id);
		if (c->payment_code != NULL)
			jw_text(&w, "payment_code", c->payment_code);
		jw_text(&w, "receipt_code", c->receipt_code);
	}
	jw_end_object(&w);
}

void
lot_second_body(struct buf *out, const struct lot_record *lot, const struct lot_second *c)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "lot_id", &lot->view.lot_id);
	jw_i64(&w, "version", lot->version);
	jw_text(&w, "state", lot_state_name(c->agree ? LOT_QUOTED : LOT_REFUSED));
	jw_uuid(&w, "second_by", &c->by);
	jw_i64(&w, "second_ms", c->now_ms);
	jw_i64(&w, "expires_ms", c->now_ms + lot->quote_ms);
	jw_end_object(&w);
}

void
receipt_new_body(struct buf *out, const struct lot_record *lot,
                 const struct receipt_new *n)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "site_id", &lot->site_id);
	jw_text(&w, "code", n->code);
	jw_uuid(&w, "lot_id", &lot->view.lot_id);
	jw_uuid(&w, "member_id", &lot->view.seller_id);
	jw_i64(&w, "made_ms", n->made_ms);
	jw_text(&w, "lines", n->lines);
	jw_end_object(&w);
}
