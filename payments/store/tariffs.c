#include "payments/store/tariffs.h"

#include "lib/json.h"
#include "payments/store/row.h"

#include <string.h>

const struct pg_statement tariff_bands = {
	"tariff_bands",
	"select up_to, fixed, share_bp, most from provider_tariff_of($2::text, "
	"$3::text, $4::text, date '1970-01-01' + local_day($1::integer, $5::bigint))"
};

const struct pg_statement tariffs_in_force = {
	"tariffs_in_force",
	"select t.provider, t.currency, t.direction, t.up_to, t.fixed, t.share_bp, "
	"t.most "
	"from provider_tariffs t where t.direction in ('out', 'in') and t.valid_from = "
	"(select max(x.valid_from) from provider_tariffs x where x.provider = t.provider "
	"and x.currency = t.currency and x.direction = t.direction "
	"and x.valid_from <= (to_timestamp($1::bigint / 1000.0) at time zone "
	"'UTC')::date) "
	"order by t.provider, t.currency, t.direction, t.up_to = 0, t.up_to"
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

const struct pg_statement fees_owed = {
	"fees_owed",
	"select d.cooperative_id, d.owner, d.unit, -d.balance, "
	"least(-d.balance - d.pending_debit, f.balance - f.pending_credit) "
	"from accounts d join accounts f on f.cooperative_id = d.cooperative_id "
	"and f.owner = d.owner and f.unit = d.unit and f.kind = 0 "
	"where d.kind = 21 and d.balance + d.pending_debit < 0 "
	"and f.balance - f.pending_credit > 0 and $1::integer in (0, d.cooperative_id) "
	"order by d.cooperative_id, d.account_id limit $2::integer"
};

bool
fee_owed_read(const struct pg_reply *r, int row, struct fee_owed *out)
{
	if (row >= r->rows)
		return false;
	*out = (struct fee_owed){ .cooperative_id = (int32_t)reply_i64(r, row, 0),
		                  .owner = reply_uuid(r, row, 1),
		                  .due = reply_i64(r, row, 3),
		                  .amount = reply_i64(r, row, 4) };
	ROW_TEXT(r, row, 2, out->unit);
	return true;
}

static struct tariff_band
read_band(const struct pg_reply *r, int row, int col)
{
	return (struct tariff_band){
		.up_to = reply_i64(r, row, col),
		.fixed = reply_i64(r, row, col + 1),
		.share_bp = (uint32_t)reply_i64(r, row, col + 2),
		.most = reply_i64(r, row, col + 3),
	};
}

static bool
same_tariff(const struct pg_reply *r, int a, int b)
{
	for (int col = 0; col < 3; col++)
		if (strcmp(reply_text(r, a, col), reply_text(r, b, col)) != 0)
			return false;
	return true;
}

void
tariffs_read(const struct pg_reply *r, int *row, struct tariff_of *out)
{
	int first = *row;

	*out = (struct tariff_of){ .in = strcmp(reply_text(r, first, 2), "in") == 0 };
	ROW_TEXT(r, first, 0, out->provider);
	ROW_TEXT(r, first, 1, out->currency);
	for (; *row < r->rows && same_tariff(r, first, *row); ++*row)
		if (out->tariff.count < TARIFF_BANDS_MAX)
			out->tariff.band[out->tariff.count++] = read_band(r, *row, 3);
	if (!tariff_check(&out->tariff))
		out->tariff.count = 0;
}

void
tariff_read(const struct pg_reply *r, struct tariff *out)
{
	*out = (struct tariff){ .count = 0 };
	if (r->rows > TARIFF_BANDS_MAX)
		return;
	for (int i = 0; i < r->rows; i++)
		out->band[i] = read_band(r, i, 0);
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
