#include "payments/store/trade.h"

const struct pg_statement trade_data = {
	"trade_data",
	"select 'levy', country || ' ' || code, coalesce(mineral, 'all'), "
	"(rate_bp / 100.0)::numeric(6, 2) || ' % of ' || base, "
	"(date '1970-01-01' + from_day)::text, "
	"coalesce((date '1970-01-01' + to_day)::text, ''), legal from country_levies "
	"union all select 'premium', standard, mineral, "
	"(usd_cents_per_kg / 100) || ' USD a kg', (date '1970-01-01' + from_day)::text, "
	"coalesce((date '1970-01-01' + to_day)::text, ''), source from standards "
	"order by 1, 2, 3, 5"
};

const struct pg_statement trade_list = {
	"trade_list", "select * from trade_rules_of($1::text, $2::bigint)"
};

const struct pg_statement trade_adopt = { "trade_adopt",
	                                  "select * from trade_adopt($1::text, $2::text, "
	                                  "$3::bigint)" };

const struct pg_statement trade_fee = {
	"trade_fee",
	"select * from trade_fee_set($1::text, $2::text, $3::text, $4::text, $5::text, "
	"$6::numeric, $7::numeric, $8::numeric, $9::numeric, $10::bigint)"
};

const struct pg_statement trade_unit = {
	"trade_unit",
	"select * from unit_set($1::text, $2::text, $3::numeric, $4::bigint)"
};

const struct pg_statement trade_rule = {
	"trade_rule", "select * from mineral_rule_set($1::text, $2::text, $3::numeric, "
	              "$4::numeric, $5::bigint)"
};
