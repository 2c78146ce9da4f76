#include "payments/store/wallet.h"

#include "payments/store/row.h"

enum {
	C_DAY,
	C_STARTS,
	C_USED,
	C_IN_MONTH,
	C_IN_YEAR,
	C_USED_MONTH,
	C_USED_YEAR,
	C_PER_PAYMENT,
	C_PER_DAY,
	C_PER_MONTH,
	C_PER_YEAR,
	C_BALANCE,
	C_MINIMUM
};

const struct pg_statement wallet_room = {
	"wallet_room",
	"select day, starts_ms, used, in_month, in_year, used_month, used_year, "
	"per_payment, per_day, per_month, per_year, balance, minimum "
	"from wallet_room($1::integer, $2::uuid, $3::text, $4::text, $5::text, "
	"$6::bigint)"
};

bool
wallet_facts_read(const struct pg_reply *r, struct wallet_facts *out)
{
	if (r->rows != WALLET_DAYS)
		return false;
	*out = (struct wallet_facts){
		.today = (int32_t)reply_i64(r, 0, C_DAY),
		.room = { .limits = { .per_payment = reply_i64(r, 0, C_PER_PAYMENT),
		                      .per_day = reply_i64(r, 0, C_PER_DAY),
		                      .per_month = reply_i64(r, 0, C_PER_MONTH),
		                      .per_year = reply_i64(r, 0, C_PER_YEAR),
		                      .balance = reply_i64(r, 0, C_BALANCE),
		                      .minimum = reply_i64(r, 0, C_MINIMUM) },
		          .used_month = reply_i64(r, 0, C_USED_MONTH),
		          .used_year = reply_i64(r, 0, C_USED_YEAR) },
	};
	for (int d = 0; d < WALLET_DAYS; d++) {
		out->starts_ms[d] = reply_i64(r, d, C_STARTS);
		out->room.used[d] = reply_i64(r, d, C_USED);
		out->room.month_days += reply_bool(r, d, C_IN_MONTH) ? 1 : 0;
		out->room.year_days += reply_bool(r, d, C_IN_YEAR) ? 1 : 0;
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

const struct pg_statement prompt_limits_in_force = {
	"prompt_limits_in_force",
	"select distinct on (provider = '', provider, currency) provider, currency, "
	"least, most from prompt_limits "
	"where valid_from <= (to_timestamp($1::bigint / 1000.0) at time zone "
	"'UTC')::date "
	"order by provider = '', provider, currency, valid_from desc"
};

void
prompt_limit_read(const struct pg_reply *r, int row, struct prompt_limit *out)
{
	*out = (struct prompt_limit){ .bounds = { reply_i64(r, row, 2),
		                                  reply_i64(r, row, 3) } };
	ROW_TEXT(r, row, 0, out->provider);
	ROW_TEXT(r, row, 1, out->currency);
}

const struct pg_statement prompt_limit_list = {
	"prompt_limit_list",
	"select provider, currency, valid_from::text, least, most, source, set_by "
	"from prompt_limits order by currency, provider, valid_from"
};

const struct pg_statement prompt_limit_add = {
	"prompt_limit_add",
	"select prompt_limit_add($1::text, $2::text, $3::text::date, $4::bigint, "
	"$5::bigint, $6::text, $7::text, $8::bigint)"
};

const struct pg_statement wallet_holder = {
	"wallet_holder",
	"select c.cooperative_id, m.member_id from cooperatives c "
	"cross join lateral (select member_named(c.cooperative_id, $2::text) as "
	"member_id) m where c.code = upper($1::text) and m.member_id is not null"
};

const struct pg_statement wallet_tier_set = {
	"wallet_tier_set",
	"select wallet_tier_set($1::integer, $2::uuid, $3::integer, $4::bigint)"
};
