#include "payments/store/preferences.h"

#include "payments/store/row.h"

const struct pg_statement preferences_all = {
	"preferences_all",
	"select 0, provider, 0 from provider_pauses "
	"union all select cooperative_id, provider, rank from provider_preferences"
};

const struct pg_statement preference_set = {
	"preference_set",
	"select provider_prefer($1::text, $2::text[], $3::text, $4::text, $5::bigint)"
};

void
preference_read(const struct pg_reply *r, int row, struct preference *out)
{
	*out = (struct preference){ .cooperative_id = (int32_t)reply_i64(r, row, 0),
		                    .rank = (int32_t)reply_i64(r, row, 2) };
	ROW_TEXT(r, row, 1, out->provider);
}
