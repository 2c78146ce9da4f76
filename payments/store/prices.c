#include "payments/store/prices.h"

#include "lib/json.h"
#include "payments/store/row.h"

const struct pg_statement price_facts = {
	"price_facts",
	"select a.roles, a.name, coalesce(r.paid_permille, k.paid_permille), c.currency, "
	"coalesce(p.fine_gram, 0), "
	"coalesce(p.paid_permille, r.paid_permille, k.paid_permille), p.confirmed_ms, "
	"p.source, s.name, "
	"coalesce(p.confirmed_ms < $3::bigint - k.price_hours::bigint * 3600000, false), "
	"w.price_id, w.fine_gram, y.name, coalesce(w.set_by = a.member_id, false), "
	"exists (select 1 from price_board q where q.cooperative_id = a.cooperative_id "
	"and q.request_key = $4::uuid), i.mineral, i.price_mg, "
	"d.price_id, coalesce(d.fine_gram, 0), i.quote, i.quote_num, i.quote_den, "
	"coalesce(p.usd_cents, 0), coalesce(w.usd_cents, 0) "
	"from members a "
	"join minerals i on i.mineral = case when $5::text <> '' then $5 else coalesce("
	"(select q.mineral from price_board q where q.cooperative_id = $1::integer "
	"and q.state = 'waiting' order by q.set_by = $2::uuid, q.set_ms limit 1), "
	"'gold') end "
	"join cooperatives c on c.cooperative_id = a.cooperative_id "
	"join trade_rules k on k.cooperative_id = a.cooperative_id "
	"left join mineral_rules r on r.cooperative_id = a.cooperative_id "
	"and r.mineral = i.mineral "
	"left join lateral (select z.* from price_board z "
	"where z.cooperative_id = a.cooperative_id and z.state = 'valid' "
	"and z.mineral = i.mineral "
	"order by z.confirmed_ms desc limit 1) p on true "
	"left join lateral (select z.* from price_board z "
	"where z.cooperative_id = a.cooperative_id and z.state = 'valid' "
	"and z.mineral = 'dollar' "
	"and z.confirmed_ms >= $3 - k.price_hours::bigint * 3600000 "
	"order by z.confirmed_ms desc limit 1) d on true "
	"left join members s on s.cooperative_id = p.cooperative_id "
	"and s.member_id = p.set_by "
	"left join price_board w on w.cooperative_id = a.cooperative_id "
	"and w.state = 'waiting' and w.mineral = i.mineral "
	"left join members y on y.cooperative_id = w.cooperative_id "
	"and y.member_id = w.set_by "
	"where a.cooperative_id = $1::integer and a.member_id = $2::uuid "
	"and a.state = 'active'"
};

const struct pg_statement price_by_id = {
	"price_by_id", "select state, set_by, confirmed_by, mineral from price_board "
	               "where cooperative_id = $1::integer and price_id = $2::uuid"
};

const struct pg_statement home_facts = {
	"home_facts",
	"select coalesce((select l.total - l.principal_paid - l.fee_paid from loans l "
	"where l.cooperative_id = a.cooperative_id and l.member_id = a.member_id "
	"and l.state = 'live'), 0), "
	"coalesce((select -x.balance - x.pending_debit from accounts x "
	"where x.cooperative_id = a.cooperative_id and x.account_id = $4::uuid), 0), "
	"coalesce((select p.fine_gram from price_board p join trade_rules k "
	"on k.cooperative_id = p.cooperative_id "
	"where p.cooperative_id = a.cooperative_id and p.state = 'valid' "
	"and p.mineral = 'gold' and p.confirmed_ms >= $3 - k.price_hours::bigint * "
	"3600000 "
	"order by p.confirmed_ms desc limit 1), 0), "
	"exists (select 1 from loans l where l.cooperative_id = a.cooperative_id "
	"and l.member_id = a.member_id "
	"and l.state in ('requested', 'seen', 'approved', 'ready', 'live')), "
	"(select coalesce(sum(l.lost - l.recovered), 0)::bigint from loans l "
	"where l.cooperative_id = a.cooperative_id and l.member_id = a.member_id "
	"and l.state = 'written_off') "
	"from members a where a.cooperative_id = $1::integer and a.member_id = $2::uuid"
};

const struct pg_statement float_facts = {
	"float_facts", "select a.roles, c.currency, k.provider from members a "
	               "join cooperatives c on c.cooperative_id = a.cooperative_id "
	               "join trade_rules k on k.cooperative_id = a.cooperative_id "
	               "where a.cooperative_id = $1::integer and a.member_id = $2::uuid "
	               "and a.state = 'active'"
};

#define OPEN_PAYOUT "and p.direction = 'out' and p.state not in ('paid', 'failed')"

const struct pg_statement float_balance = {
	"float_balance",
	"select coalesce(max(x.balance), 0), coalesce(max(x.pending_credit), 0), "
	/* What is open has a next try or waits for a person: each has an index. */
	"(select count(*) from payments p where p.cooperative_id = $1::integer "
	"and p.next_try_ms is not null " OPEN_PAYOUT ") "
	"+ (select count(*) from payments p where p.cooperative_id = $1 "
	"and p.next_try_ms is null and p.attention <> '' " OPEN_PAYOUT ") "
	"from accounts x where x.cooperative_id = $1 and x.account_id = $2::uuid"
};

bool
price_facts_read(const struct pg_reply *r, struct price_facts *out)
{
	if (r->rows == 0)
		return false;
	*out = (struct price_facts){
		.actor_roles = (unsigned)reply_i64(r, 0, 0),
		.rule_permille = (int32_t)reply_i64(r, 0, 2),
		.key_known = reply_bool(r, 0, 14),
		.dollar_id = reply_uuid(r, 0, 17),
		.quote_num = reply_i64(r, 0, 20),
		.quote_den = reply_i64(r, 0, 21),
		.view = { .price_mg = reply_i64(r, 0, 16),
		          .fine_gram = reply_i64(r, 0, 4),
		          .paid_permille = (int32_t)reply_i64(r, 0, 5),
		          .set_ms = reply_i64(r, 0, 6),
		          .stale = reply_bool(r, 0, 9),
		          .waiting_id = reply_uuid(r, 0, 10),
		          .waiting_fine_gram = reply_i64(r, 0, 11),
		          .waiting_own = reply_bool(r, 0, 13),
		          .dollar = reply_i64(r, 0, 18),
		          .usd_cents = reply_i64(r, 0, 22),
		          .waiting_cents = reply_i64(r, 0, 23) },
	};
	ROW_TEXT(r, 0, 1, out->actor_name);
	ROW_TEXT(r, 0, 15, out->view.mineral);
	ROW_TEXT(r, 0, 3, out->view.currency);
	ROW_TEXT(r, 0, 7, out->view.source);
	ROW_TEXT(r, 0, 8, out->view.set_by);
	ROW_TEXT(r, 0, 12, out->view.waiting_by);
	ROW_TEXT(r, 0, 19, out->view.quote);
	return true;
}

void
price_new_body(struct buf *out, const struct price_new *n)
{
	char text[UUID_TEXT_SIZE];
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_text(&w, "price_id", uuid_text(&n->price_id, text));
	jw_i64(&w, "fine_gram", n->fine_gram);
	jw_i64(&w, "paid_permille", n->paid_permille);
	jw_text(&w, "source", n->source);
	jw_text(&w, "mineral", n->mineral);
	jw_text(&w, "set_by", uuid_text(&n->set_by, text));
	jw_i64(&w, "set_ms", n->now_ms);
	if (n->usd_cents > 0) {
		jw_i64(&w, "usd_cents", n->usd_cents);
		jw_text(&w, "dollar_id", uuid_text(&n->dollar_id, text));
	}
	jw_text(&w, "request_key", uuid_text(&n->request_key, text));
	jw_end_object(&w);
}

void
price_decide_body(struct buf *out, const struct price_decision *d)
{
	char text[UUID_TEXT_SIZE];
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_text(&w, "price_id", uuid_text(&d->price_id, text));
	jw_text(&w, "state", d->confirm ? "valid" : "refused");
	jw_text(&w, "confirmed_by", uuid_text(&d->by, text));
	jw_i64(&w, "confirmed_ms", d->now_ms);
	jw_end_object(&w);
}
