#include "payments/store/wallet.h"

const struct pg_statement wallet_room = {
	"wallet_room",
	"select day, starts_ms, used, per_payment, per_day, balance, minimum "
	"from wallet_room($1::integer, $2::uuid, $3::text, $4::text, "
	"$5::text, $6::bigint)"
};

bool
wallet_facts_read(const struct pg_reply *r, struct wallet_facts *out)
{
	if (r->rows != WALLET_DAYS)
		return false;
	*out = (struct wallet_facts){
		.today = (int32_t)reply_i64(r, 0, 0),
		.room = { .limits = { .per_payment = reply_i64(r, 0, 3),
		                      .per_day = reply_i64(r, 0, 4),
		                      .balance = reply_i64(r, 0, 5),
		                      .minimum = reply_i64(r, 0, 6) } },
	};
	for (int d = 0; d < WALLET_DAYS; d++) {
		out->starts_ms[d] = reply_i64(r, d, 1);
		out->room.used[d] = reply_i64(r, d, 2);
	}
	return true;
}

const struct pg_statement wallet_list = {
	"wallet_list",
	"select country, provider, currency, tier, valid_from::text, per_payment, "
	"per_day, "
	"balance, minimum, source from (select w.*, row_number() over (partition by "
	"country, provider, currency, tier order by valid_from desc) as newest "
	"from wallet_limits w where valid_from <= to_timestamp($1::bigint / "
	"1000.0)::date) w "
	"where newest = 1 order by country, provider, currency, tier"
};

const struct pg_statement wallet_holder = {
	"wallet_holder",
	"select m.cooperative_id, m.member_id from members m "
	"join cooperatives c on c.cooperative_id = m.cooperative_id "
	"where c.code = upper($1::text) and m.state = 'active' "
	"and (m.number = upper($2::text) or exists (select 1 "
	"from member_numbers n where n.cooperative_id = m.cooperative_id "
	"and n.member_id = m.member_id and n.msisdn = $2))"
};

void
wallet_tier_body(struct buf *out, const struct uuid *member_id, int tier)
{
	char text[UUID_TEXT_SIZE];

	buf_printf(out, "{\"member_id\":\"%s\",\"tier\":%d}", uuid_text(member_id, text),
	           tier);
}
