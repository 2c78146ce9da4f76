#include "payments/store/owed.h"

#include "payments/store/row.h"

const struct pg_statement owed_facts = {
	"owed_facts",
	"select coalesce(a.roles, 0), n.msisdn, c.currency, k.provider, m.language, "
	"m.name, second_officer_above(m.cooperative_id), o.asked_by, "
	"coalesce(o.amount, 0), coalesce((select p.state = 'failed' from payments p "
	"where p.cooperative_id = m.cooperative_id and p.member_id = m.member_id "
	"and p.direction = 'out' and p.state in ('paid', 'failed') "
	"order by p.changed_ms desc, p.payment_id desc limit 1), false) "
	"from members m "
	"join lateral (select x.msisdn from member_numbers x "
	"where x.cooperative_id = m.cooperative_id and x.member_id = m.member_id "
	"order by x.added_ms limit 1) n on true "
	"join cooperatives c on c.cooperative_id = m.cooperative_id "
	"join trade_rules k on k.cooperative_id = m.cooperative_id "
	"left join members a on a.cooperative_id = m.cooperative_id "
	"and a.member_id = $2::uuid and a.state = 'active' "
	"left join owed_asks o on o.cooperative_id = m.cooperative_id "
	"and o.member_id = m.member_id and o.asked_ms > $4::bigint - 604800000 "
	"where m.cooperative_id = $1::integer and m.member_id = $3::uuid "
	"and m.state = 'active'"
};

const struct pg_statement owed_balances = {
	"owed_balances", "select coalesce(sum(-x.balance - x.pending_debit) "
	                 "filter (where x.account_id = $2::uuid), 0)::bigint, "
	                 "coalesce(sum(x.balance - x.pending_credit) "
	                 "filter (where x.account_id = $3::uuid), 0)::bigint "
	                 "from accounts x where x.cooperative_id = $1::integer "
	                 "and x.account_id in ($2, $3)"
};

bool
owed_facts_read(const struct pg_reply *r, struct owed_facts *out)
{
	if (r->rows == 0)
		return false;
	*out = (struct owed_facts){ .actor_roles = (unsigned)reply_i64(r, 0, 0) };
	ROW_TEXT(r, 0, 1, out->msisdn);
	ROW_TEXT(r, 0, 2, out->currency);
	ROW_TEXT(r, 0, 3, out->provider);
	ROW_TEXT(r, 0, 4, out->language);
	ROW_TEXT(r, 0, 5, out->name);
	out->second_above = reply_i64(r, 0, 6);
	if (!reply_null(r, 0, 7))
		out->asked_by = reply_uuid(r, 0, 7);
	out->asked_amount = reply_i64(r, 0, 8);
	out->failed = reply_bool(r, 0, 9);
	return true;
}

void
owed_balances_read(const struct pg_reply *r, struct owed_balances *out)
{
	*out = (struct owed_balances){ .owed = reply_i64(r, 0, 0),
		                       .cash = reply_i64(r, 0, 1) };
}

const struct pg_statement savings_balance = {
	"savings_balance", "select -x.balance, x.pending_debit from accounts x "
	                   "where x.cooperative_id = $1::integer and x.account_id = "
	                   "$2::uuid"
};

void
savings_read(const struct pg_reply *r, int64_t *balance, int64_t *held)
{
	*balance = r->rows == 0 ? 0 : reply_i64(r, 0, 0);
	*held = r->rows == 0 ? 0 : reply_i64(r, 0, 1);
}

const struct pg_statement owed_lines = {
	"owed_lines",
	"select a.roles, count(x.member_id) over (), x.member_id, x.name, x.msisdn, "
	"x.due "
	"from members a left join lateral (select m.member_id, m.number, m.name, "
	"n.msisdn, "
	"(-o.balance - o.pending_debit)::bigint as due from accounts o "
	"join cooperatives c on c.cooperative_id = o.cooperative_id "
	"join members m on m.cooperative_id = o.cooperative_id and m.member_id = o.owner "
	"join lateral (select y.msisdn from member_numbers y "
	"where y.cooperative_id = m.cooperative_id and y.member_id = m.member_id "
	"order by y.added_ms limit 1) n on true "
	"where o.cooperative_id = a.cooperative_id and o.kind = $3::integer "
	"and o.unit = c.currency and -o.balance - o.pending_debit > 0 "
	"and m.state = 'active') x on true "
	"where a.cooperative_id = $1::integer and a.member_id = $2::uuid "
	"and a.state = 'active' "
	"order by x.due desc, x.number offset $4::integer limit $5::integer"
};

unsigned
owed_lines_roles(const struct pg_reply *r)
{
	return r->rows == 0 ? 0 : (unsigned)reply_i64(r, 0, 0);
}

unsigned
owed_lines_total(const struct pg_reply *r)
{
	return r->rows == 0 ? 0 : (unsigned)reply_i64(r, 0, 1);
}

bool
owed_line_read(const struct pg_reply *r, int row, struct owed_line *out)
{
	if (row >= r->rows || reply_null(r, row, 2))
		return false;
	*out = (struct owed_line){ .member_id = reply_uuid(r, row, 2),
		                   .amount = reply_i64(r, row, 5) };
	ROW_TEXT(r, row, 3, out->name);
	ROW_TEXT(r, row, 4, out->msisdn);
	return true;
}

void
owed_out_body(struct buf *out, const struct uuid *member_id)
{
	char text[UUID_TEXT_SIZE];

	buf_printf(out, "{\"member_id\":\"%s\"}", uuid_text(member_id, text));
}

void
owed_ask_body(struct buf *out, const struct uuid *member_id, const struct uuid *by,
              int64_t amount, int64_t now_ms)
{
	char member[UUID_TEXT_SIZE], who[UUID_TEXT_SIZE];

	buf_printf(out,
	           "{\"member_id\":\"%s\",\"asked_by\":\"%s\",\"amount\":%lld,"
	           "\"asked_ms\":%lld}",
	           uuid_text(member_id, member), uuid_text(by, who), (long long)amount,
	           (long long)now_ms);
}

void
owed_agree_body(struct buf *out, const struct uuid *member_id, const struct uuid *by,
                int64_t amount)
{
	char member[UUID_TEXT_SIZE], who[UUID_TEXT_SIZE];

	buf_printf(out, "{\"member_id\":\"%s\",\"agreed_by\":\"%s\",\"amount\":%lld}",
	           uuid_text(member_id, member), uuid_text(by, who), (long long)amount);
}
