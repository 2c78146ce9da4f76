#include "payments/store/batch.h"

#include "lib/json.h"
#include "payments/store/row.h"

#include <string.h>

const struct pg_statement batch_make = {
	"batch_make",
	"select line, why, told from batch_make($1::text, $2::uuid, $3::text, "
	"$4::text, $5::text, $6::uuid, $7::text, $8::text::jsonb, $9::bigint)"
};

const struct pg_statement payment_again = {
	"payment_again", "select line, why, told from payment_again($1::text, $2::uuid, "
	                 "$3::text, $4::text, $5::bigint)"
};

const struct pg_statement batch_decide = {
	"batch_decide", "select batch_decide($1::text, $2::text, $3::text, $4::bigint)"
};

const struct pg_statement batch_overview = {
	"batch_overview",
	"select code, cooperative, name, source, state, made, approved, rows, total, "
	"currency, fresh, paying, paid, failed, cancelled, paid_sum "
	"from batch_overview($1::text)"
};

const struct pg_statement batch_lines = {
	"batch_lines",
	"select r.line, coalesce(m.number, ''), r.msisdn, r.provider, r.amount, r.paid, "
	"r.state, r.reason, r.note, r.payee, coalesce((select u.state || ' ' || "
	"u.their_id from payments p join bulks u on u.cooperative_id = p.cooperative_id "
	"and u.bulk_id = p.bulk_id where p.cooperative_id = r.cooperative_id and "
	"p.purpose_id = r.row_id order by p.part limit 1), '') "
	"from batches b join batch_rows r "
	"on r.cooperative_id = b.cooperative_id and r.batch_id = b.batch_id "
	"left join members m on m.cooperative_id = r.cooperative_id "
	"and m.member_id = r.member_id where b.code = upper($1::text) order by r.line"
};

const struct pg_statement batch_needs = {
	"batch_needs",
	"select r.provider, sum(r.amount)::bigint, b.currency, b.cooperative_id, "
	"b.source from batches b join batch_rows r on r.cooperative_id = "
	"b.cooperative_id "
	"and r.batch_id = b.batch_id where b.code = upper($1::text) and r.state = 'new' "
	"group by r.provider, b.currency, b.cooperative_id, b.source order by 1"
};

const struct pg_statement batch_currency = {
	"batch_currency", "select c.currency, u.exponent from cooperatives c "
	                  "join currencies u on u.code = c.currency "
	                  "where c.code = upper($1::text)"
};

const struct pg_statement batch_floats = {
	"batch_floats", "select coalesce(x.balance - x.pending_credit, 0) "
	                "from unnest($2::uuid[]) with ordinality n(account_id, at) "
	                "left join accounts x on x.cooperative_id = $1::integer "
	                "and x.account_id = n.account_id order by n.at"
};

const struct pg_statement batch_rows_due = {
	"batch_rows_due",
	"select cooperative_id, row_id, batch_id, source, member_id, msisdn, provider, "
	"amount, currency, tries, language, approved_by, code "
	"from batch_rows_due($1::bigint, $2::integer)"
};

const struct pg_statement batch_row_waits = {
	"batch_row_waits",
	"select batch_row_waits($1::integer, $2::uuid, $3::text, $4::bigint)"
};

void
batch_row_read(const struct pg_reply *r, int row, struct batch_row *out)
{
	memset(out, 0, sizeof *out);
	out->cooperative_id = (int32_t)reply_i64(r, row, 0);
	out->row_id = reply_uuid(r, row, 1);
	out->batch_id = reply_uuid(r, row, 2);
	ROW_TEXT(r, row, 3, out->source);
	out->member_id = reply_uuid(r, row, 4);
	ROW_TEXT(r, row, 5, out->msisdn);
	ROW_TEXT(r, row, 6, out->provider);
	out->amount = reply_i64(r, row, 7);
	ROW_TEXT(r, row, 8, out->currency);
	out->tries = (int32_t)reply_i64(r, row, 9);
	ROW_TEXT(r, row, 10, out->language);
	out->approved_by = reply_uuid(r, row, 11);
	ROW_TEXT(r, row, 12, out->code);
}

void
batch_row_body(struct buf *out, const struct uuid *row_id, const char *state,
               int64_t paid, const char *reason)
{
	char text[UUID_TEXT_SIZE];
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_text(&w, "row_id", uuid_text(row_id, text));
	if (state != NULL)
		jw_text(&w, "state", state);
	jw_i64(&w, "paid", paid);
	jw_text(&w, "reason", reason);
	jw_end_object(&w);
}
