#include "payments/store/tariffs.h"

#include "lib/json.h"

const struct pg_statement tariff_bands = {
	"tariff_bands",
	"select up_to, fixed, share_bp, most from provider_tariff_of($2::text, "
	"$3::text, $4::text, date '1970-01-01' + local_day($1::integer, $5::bigint))"
};

const struct pg_statement tariff_list = {
	"tariff_list",
	"select provider, currency, direction, valid_from::text, up_to, fixed, share_bp, "
	"most, source, set_by from provider_tariffs "
	"order by provider, currency, direction, valid_from, up_to = 0, up_to"
};

const struct pg_statement tariff_add = {
	"tariff_add",
	"select provider_tariff_add($1::text, $2::text, $3::text, $4::text::date, "
	"$5::bigint, $6::bigint, $7::integer, $8::bigint, $9::text, $10::text, "
	"$11::bigint)"
};

void
tariff_read(const struct pg_reply *r, struct tariff *out)
{
	*out = (struct tariff){ .count = 0 };
	if (r->rows > TARIFF_BANDS_MAX)
		return;
	for (int i = 0; i < r->rows; i++)
		out->band[i] = (struct tariff_band){
			.up_to = reply_i64(r, i, 0),
			.fixed = reply_i64(r, i, 1),
			.share_bp = (uint32_t)reply_i64(r, i, 2),
			.most = reply_i64(r, i, 3),
		};
	out->count = (unsigned)r->rows;
	if (!tariff_check(out))
		out->count = 0;
}

void
payment_fee_body(struct buf *out, const struct uuid *payment_id, int64_t fee, bool due,
                 int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "payment_id", payment_id);
	jw_i64(&w, "fee", fee);
	jw_bool(&w, "due", due);
	jw_i64(&w, "now_ms", now_ms);
	jw_end_object(&w);
}
