#include "payments/store/refunds.h"

#include "lib/json.h"
#include "payments/store/row.h"

const struct pg_statement refund_by_id = {
	"refund_by_id",
	"select r.refund_id, r.source_id, r.arrival, r.code, r.amount, r.currency, "
	"coalesce(p.provider, a.provider), coalesce(p.msisdn, a.msisdn), "
	"coalesce(p.purpose, ''), p.purpose_id, coalesce(p.state, a.state), "
	"p.reference, coalesce(p.provider_txn, a.provider_txn, ''), "
	"coalesce(p.member_id, a.member_id), coalesce(m.language, ''), "
	"coalesce(p.purpose in ('repay_in', 'group_in'), a.loan_id is not null), "
	"r.confirmed_by, coalesce(p.amount, a.amount) from refunds r "
	"left join payments p on not r.arrival and p.cooperative_id = r.cooperative_id "
	"and p.payment_id = r.source_id "
	"left join arrivals a on r.arrival and a.cooperative_id = r.cooperative_id "
	"and a.arrival_id = r.source_id "
	"left join members m on m.cooperative_id = r.cooperative_id "
	"and m.member_id = coalesce(p.member_id, a.member_id) "
	"where r.cooperative_id = $1::integer and r.refund_id = $2::uuid "
	"and r.state = 'confirmed'"
};

const struct pg_statement refund_loans = {
	"refund_loans",
	"select s.loan_id, s.event, (l.state <> 'closed' or not exists (select from "
	"loans "
	"o where o.cooperative_id = l.cooperative_id and o.member_id = l.member_id "
	"and o.loan_id <> l.loan_id and o.state in ('requested', 'seen', 'approved', "
	"'ready', 'live'))) and not exists (select from loan_group_parts g "
	"join loan_groups n on n.cooperative_id = g.cooperative_id "
	"and n.group_id = g.group_id where g.cooperative_id = l.cooperative_id "
	"and g.loan_id = l.loan_id and n.state = 'closed') "
	"from loan_sources s join loans l on l.cooperative_id = s.cooperative_id "
	"and l.loan_id = s.loan_id "
	"where s.cooperative_id = $1::integer and s.source_id = $2::uuid "
	"order by s.loan_id"
};

const struct pg_statement refund_next = {
	"refund_next", "select cooperative_id, refund_id from refunds "
	               "where state = 'confirmed' order by confirmed_ms limit 1"
};

const struct pg_statement refund_ask = {
	"refund_ask", "select refund_ask($1::integer, $2::text, $3::text, $4::text, "
	              "$5::text, $6::bigint)"
};

const struct pg_statement refund_answer = {
	"refund_answer", "select refund_answer($1::integer, $2::text, $3::text, "
	                 "$4::text, $5::boolean, $6::bigint)"
};

const struct pg_statement refund_look = {
	"refund_look", "select why, refund_id, code, name, msisdn, amount, asked, mine "
	               "from refund_look($1::integer, $2::text, $3::uuid)"
};

const struct pg_statement refund_refuse = {
	"refund_refuse",
	"select refund_refuse($1::integer, $2::uuid, $3::text, $4::bigint)"
};

const struct pg_statement refund_list = {
	"refund_list",
	"select c.code, r.code, r.state, r.reason, r.amount, r.currency, "
	"coalesce(p.code, ''), "
	"a.number, coalesce(b.number, ''), r.note, r.changed_ms from refunds r "
	"join cooperatives c on c.cooperative_id = r.cooperative_id "
	"left join payments p on p.cooperative_id = r.cooperative_id "
	"and p.payment_id = r.payment_id "
	"join members a on a.cooperative_id = r.cooperative_id "
	"and a.member_id = r.asked_by "
	"left join members b on b.cooperative_id = r.cooperative_id "
	"and b.member_id = r.confirmed_by "
	"where $1::text in ('', c.code) order by r.asked_ms desc limit 1000"
};

bool
refund_read(const struct pg_reply *r, struct refund *out)
{
	if (r->rows == 0)
		return false;
	*out = (struct refund){
		.refund_id = reply_uuid(r, 0, 0),
		.source_id = reply_uuid(r, 0, 1),
		.arrival = reply_bool(r, 0, 2),
		.amount = reply_i64(r, 0, 4),
		.purpose_id = reply_uuid(r, 0, 9),
		.reference = reply_uuid(r, 0, 11),
		.member_id = reply_uuid(r, 0, 13),
		.paid_loan = reply_bool(r, 0, 15),
		.confirmed_by = reply_uuid(r, 0, 16),
		.brought = reply_i64(r, 0, 17),
	};
	ROW_TEXT(r, 0, 3, out->code);
	ROW_TEXT(r, 0, 5, out->currency);
	ROW_TEXT(r, 0, 6, out->provider);
	ROW_TEXT(r, 0, 7, out->msisdn);
	ROW_TEXT(r, 0, 8, out->purpose);
	ROW_TEXT(r, 0, 10, out->state);
	ROW_TEXT(r, 0, 12, out->provider_txn);
	ROW_TEXT(r, 0, 14, out->language);
	return true;
}

const char *
refund_view_read(const struct pg_reply *r, struct refund_view *out)
{
	*out = (struct refund_view){ .refund_id = reply_uuid(r, 0, 1),
		                     .amount = reply_i64(r, 0, 5),
		                     .asked = reply_bool(r, 0, 6),
		                     .mine = reply_bool(r, 0, 7) };
	ROW_TEXT(r, 0, 2, out->code);
	ROW_TEXT(r, 0, 3, out->name);
	ROW_TEXT(r, 0, 4, out->msisdn);
	return reply_text(r, 0, 0);
}

void
refund_loan_read(const struct pg_reply *r, int row, struct refund_loan *out)
{
	*out = (struct refund_loan){ .loan_id = reply_uuid(r, row, 0),
		                     .event = (uint32_t)reply_i64(r, row, 1),
		                     .free = reply_bool(r, row, 2) };
}

void
loan_source_body(struct buf *out, const struct uuid *source_id,
                 const struct uuid *loan_id, uint32_t event)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "source_id", source_id);
	jw_uuid(&w, "loan_id", loan_id);
	jw_i64(&w, "event", event);
	jw_end_object(&w);
}

void
payment_back_body(struct buf *out, const struct payment *p, const struct uuid *source_id)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "payment_id", &p->payment_id);
	jw_uuid(&w, "back_of", source_id);
	jw_uuid(&w, "back_reference", &p->back_reference);
	jw_text(&w, "back_txn", p->back_txn);
	jw_end_object(&w);
}

void
refund_pay_body(struct buf *out, const struct refund *r, const struct payment *p,
                const struct refund_loan *loans, unsigned count, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "refund_id", &r->refund_id);
	jw_uuid(&w, "payment_id", &p->payment_id);
	jw_array(&w, "loans");
	for (unsigned i = 0; i < count; i++)
		jw_uuid(&w, NULL, &loans[i].loan_id);
	jw_end_array(&w);
	jw_i64(&w, "now_ms", now_ms);
	jw_end_object(&w);
}

void
refund_end_body(struct buf *out, const struct uuid *payment_id, const char *state,
                int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "payment_id", payment_id);
	jw_text(&w, "state", state);
	jw_i64(&w, "now_ms", now_ms);
	jw_end_object(&w);
}
