#include "payments/store/tariffs.h"

#include "payments/store/row.h"

#include <string.h>

const struct pg_statement tariffs_all = {
	"tariffs_all", "select provider, direction, currency, from_ms, upto, fixed, "
	               "rate_bp, least, most, "
	               "set_by, note, set_ms from provider_tariffs "
	               "order by provider, direction desc, currency, from_ms, upto"
};

const struct pg_statement tariff_set = {
	"tariff_set",
	"select provider_tariff_set($1::text, $2::text, $3::text, $4::bigint, "
	"$5::text::jsonb, $6::text, $7::text, $8::bigint)"
};

const struct pg_statement tariff_dues = {
	"tariff_dues",
	"select a.cooperative_id, a.owner, a.unit, -a.balance from cooperatives c "
	"join accounts a on a.cooperative_id = c.cooperative_id and a.kind = 21 "
	"where a.balance < 0 order by 1, 2 limit 64"
};

void
tariff_read(const struct pg_reply *r, int row, struct tariff_band *out)
{
	*out = (struct tariff_band){ .in = strcmp(reply_text(r, row, 1), "in") == 0,
		                     .from_ms = reply_i64(r, row, 3),
		                     .upto = reply_i64(r, row, 4),
		                     .fixed = reply_i64(r, row, 5),
		                     .rate_bp = (int32_t)reply_i64(r, row, 6),
		                     .least = reply_i64(r, row, 7),
		                     .most = reply_i64(r, row, 8) };
	ROW_TEXT(r, row, 0, out->provider);
	ROW_TEXT(r, row, 2, out->currency);
}
