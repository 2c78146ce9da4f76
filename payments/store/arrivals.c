#include "payments/store/arrivals.h"

#include "lib/json.h"
#include "payments/store/row.h"

const struct pg_statement arrival_owner = {
	"arrival_owner",
	"select o.member_id, o.loan_id, n.msisdn, m.language "
	"from arrival_owner($1::integer, $2::text, $3::text) o "
	"join members m on m.cooperative_id = $1 and m.member_id = o.member_id "
	"join lateral (select x.msisdn from member_numbers x "
	"where x.cooperative_id = $1 and x.member_id = o.member_id "
	"order by x.added_ms limit 1) n on true"
};

#define ARRIVAL_ROWS                                                                     \
	"select arrival_id, source = 'till', provider, provider_txn, msisdn, "           \
	"reference, "                                                                    \
	"amount, currency, code, arrived_ms, member_id from arrivals "                   \
	"where cooperative_id = $1::integer "

const struct pg_statement arrival_by_id = {
	"arrival_by_id", ARRIVAL_ROWS "and state = 'unmatched' and arrival_id = $2::uuid"
};

const struct pg_statement arrival_by_number = {
	"arrival_by_number", ARRIVAL_ROWS
	"and source = 'push' and provider = $2::text and provider_txn = $3::text"
};

const struct pg_statement arrivals_unmatched = {
	"arrivals_unmatched", ARRIVAL_ROWS "and state = 'unmatched' order by arrived_ms "
	                                   "offset $2::integer limit $3::integer"
};

struct uuid
arrival_read_member(const struct pg_reply *r, int row)
{
	return reply_uuid(r, row, 10);
}

bool
arrival_read(const struct pg_reply *r, int row, struct arrival *out)
{
	if (row >= r->rows)
		return false;
	*out = (struct arrival){ .arrival_id = reply_uuid(r, row, 0),
		                 .till = reply_bool(r, row, 1),
		                 .amount = reply_i64(r, row, 6),
		                 .arrived_ms = reply_i64(r, row, 9) };
	ROW_TEXT(r, row, 2, out->provider);
	ROW_TEXT(r, row, 3, out->provider_txn);
	ROW_TEXT(r, row, 4, out->msisdn);
	ROW_TEXT(r, row, 5, out->reference);
	ROW_TEXT(r, row, 7, out->currency);
	ROW_TEXT(r, row, 8, out->code);
	return true;
}

void
arrival_new_body(struct buf *out, const struct arrival *a)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "arrival_id", &a->arrival_id);
	jw_text(&w, "source", a->till ? "till" : "push");
	jw_text(&w, "provider", a->provider);
	jw_text(&w, "provider_txn", a->provider_txn);
	jw_text(&w, "msisdn", a->msisdn);
	jw_text(&w, "reference", a->reference);
	jw_i64(&w, "amount", a->amount);
	jw_text(&w, "currency", a->currency);
	jw_text(&w, "code", a->code);
	jw_uuid(&w, "member_id", &a->member_id);
	jw_uuid(&w, "loan_id", &a->loan_id);
	jw_i64(&w, "arrived_ms", a->arrived_ms);
	jw_uuid(&w, "taken_by", &a->taken_by);
	jw_end_object(&w);
}

void
arrival_assign_body(struct buf *out, const struct arrival *a, const struct uuid *by,
                    int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "arrival_id", &a->arrival_id);
	jw_uuid(&w, "member_id", &a->member_id);
	jw_uuid(&w, "loan_id", &a->loan_id);
	jw_uuid(&w, "assigned_by", by);
	jw_i64(&w, "assigned_ms", now_ms);
	jw_end_object(&w);
}

void
arrival_back_body(struct buf *out, const struct uuid *arrival_id, const char *to,
                  const struct uuid *by, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "arrival_id", arrival_id);
	jw_text(&w, "state", to);
	if (by != NULL) {
		jw_uuid(&w, "returned_by", by);
		jw_i64(&w, "returned_ms", now_ms);
	}
	jw_end_object(&w);
}

void
arrival_taken_back_body(struct buf *out, const struct uuid *arrival_id, const char *was,
                        const struct uuid *by, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "arrival_id", arrival_id);
	jw_text(&w, "state", "returning");
	jw_text(&w, "was", was);
	jw_uuid(&w, "returned_by", by);
	jw_i64(&w, "returned_ms", now_ms);
	jw_end_object(&w);
}
