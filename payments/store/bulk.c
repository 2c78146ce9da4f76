#include "payments/store/bulk.h"

#include "lib/buf.h"
#include "lib/json.h"
#include "payments/store/payment_columns.h"
#include "payments/store/row.h"

#include <string.h>

static const char *const names[BULK_STATES] = {
	[BULK_NEW] = "new",
	[BULK_SENT] = "sent",
	[BULK_MADE] = "made",
	[BULK_DONE] = "done",
	[BULK_APPROVING] = "approving",
	[BULK_APPROVED] = "approved",
	[BULK_REFUSED] = "refused",
};

const char *
bulk_state_name(enum bulk_state s)
{
	return s < BULK_STATES ? names[s] : "";
}

const struct pg_statement bulks_let_go = {
	"bulks_let_go", "select bulks_let_go($1::text[], $2::bigint)"
};

const struct pg_statement bulks_ready = {
	"bulks_ready", "select cooperative_id, batch_id, provider, code "
	               "from bulks_ready($1::text[], $2::integer[])"
};

const struct pg_statement bulk_gather = {
	"bulk_gather", "select " PAYMENT_COLUMNS " from bulk_gather($1::integer, "
	               "$2::uuid, $3::text, $4::uuid, $5::bigint, $6::integer) p"
};

const struct pg_statement bulk_form = {
	"bulk_form", "select bulk_form($1::integer, $2::uuid, $3::uuid, $4::text, "
	             "$5::uuid[], $6::uuid, $7::bigint)"
};

const struct pg_statement bulks_claim = {
	"bulks_claim",
	"select b.cooperative_id, b.bulk_id, b.provider, a.code, b.state, b.their_id, "
	"b.attempts, b.step, b.misses, b.missing_ms, b.maybe_made, b.refused, b.claim, "
	"n.lines, n.ended from bulks_claim($1::text[], $2::text[], $3::uuid[], "
	"$4::uuid, $5::bigint, $6::bigint, $7::integer) b join batches a on "
	"a.cooperative_id = "
	"b.cooperative_id and a.batch_id = b.batch_id cross join lateral (select "
	"count(*) as lines, count(*) filter (where p.state in ('paid', 'failed')) as "
	"ended from payments p where p.cooperative_id = b.cooperative_id and p.bulk_id "
	"= b.bulk_id) n"
};

const struct pg_statement bulk_lines = {
	"bulk_lines", "select " PAYMENT_COLUMNS " from payments p where p.cooperative_id "
	              "= $1::integer and p.bulk_id = $2::uuid order by p.payment_id"
};

const struct pg_statement bulk_mark = {
	"bulk_mark", "select bulk_mark($1::integer, $2::uuid, $3::uuid, $4::bigint, "
	             "$5::bigint, $6::text)"
};

const struct pg_statement bulk_take = {
	"bulk_take", "select " PAYMENT_COLUMNS " from bulk_take($1::integer, $2::uuid, "
	             "$3::uuid[], $4::text, $5::uuid, $6::bigint, $7::bigint) p"
};

const struct pg_statement bulk_heard = {
	"bulk_heard", "select bulk_heard($1::integer, $2::uuid, $3::uuid, $4::bigint, "
	              "$5::text, $6::text::jsonb)"
};

void
bulk_read(const struct pg_reply *r, int row, struct bulk *out)
{
	memset(out, 0, sizeof *out);
	out->cooperative_id = (int32_t)reply_i64(r, row, 0);
	out->bulk_id = reply_uuid(r, row, 1);
	ROW_TEXT(r, row, 2, out->provider);
	ROW_TEXT(r, row, 3, out->code);
	out->state = (enum bulk_state)row_word(r, row, 4, names, BULK_STATES);
	ROW_TEXT(r, row, 5, out->their_id);
	out->attempts = (int32_t)reply_i64(r, row, 6);
	out->step = (int32_t)reply_i64(r, row, 7);
	out->misses = (int32_t)reply_i64(r, row, 8);
	out->missing_ms = reply_i64(r, row, 9);
	out->maybe_made = reply_bool(r, row, 10);
	out->refused = reply_bool(r, row, 11);
	out->claim = reply_uuid(r, row, 12);
	out->lines = reply_i64(r, row, 13);
	out->ended = reply_i64(r, row, 14);
}

struct pg_args *
bulk_heard_args(const struct bulk *b, int64_t now, int64_t next_ms, const char *said)
{
	struct pg_args *a = pg_args_new();
	char set[600];
	struct json_writer w;
	struct buf out;

	buf_init(&out, set, sizeof set);
	jw_init(&w, &out);
	jw_object(&w, NULL);
	jw_text(&w, "state", bulk_state_name(b->state));
	jw_text(&w, "their_id", b->their_id);
	jw_i64(&w, "step", b->step);
	jw_i64(&w, "misses", b->misses);
	jw_i64(&w, "missing_ms", b->missing_ms);
	jw_bool(&w, "maybe_made", b->maybe_made);
	jw_bool(&w, "refused", b->refused);
	jw_text(&w, "attention", b->attention);
	if (b->state != BULK_REFUSED && b->state != BULK_DONE)
		jw_i64(&w, "next_ms", next_ms);
	jw_end_object(&w);
	pg_i32(a, b->cooperative_id);
	pg_uuid(a, &b->bulk_id);
	pg_uuid(a, &b->claim);
	pg_i64(a, now);
	pg_text(a, said);
	pg_text(a, set);
	return a;
}
