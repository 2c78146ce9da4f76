#include "payments/store/assets.h"

#include "lib/json.h"
#include "payments/store/row.h"

static const char *const state_names[ASSET_STATES] = { [ASSET_FREE] = "free",
	                                               [ASSET_ASKED] = "asked",
	                                               [ASSET_LEASED] = "leased",
	                                               [ASSET_OWNED] = "owned" };

const char *
asset_state_name(enum asset_state s)
{
	return state_names[s];
}

enum asset_state
asset_state_read(const struct pg_reply *r, int row, int col)
{
	return (enum asset_state)row_word(r, row, col, state_names, ASSET_STATES);
}

#define ASSET_ROWS                                                                       \
	"select s.asset_id, s.code, s.name, s.serial, s.cost, s.value, s.product, "      \
	"c.currency, s.state, coalesce(m.name, ''), s.loan_id, count(*) over () "        \
	"from assets s join cooperatives c on c.cooperative_id = s.cooperative_id "      \
	"left join loans l on l.cooperative_id = s.cooperative_id "                      \
	"and l.loan_id = s.loan_id "                                                     \
	"left join members m on m.cooperative_id = l.cooperative_id "                    \
	"and m.member_id = l.member_id "

const struct pg_statement asset_by_id = {
	"asset_by_id",
	ASSET_ROWS "where s.cooperative_id = $1::integer and s.asset_id = $2::uuid"
};

const struct pg_statement assets_of = { "assets_of", ASSET_ROWS
	                                "where s.cooperative_id = $1::integer "
	                                "and (not $2::boolean or s.state = 'free') "
	                                "order by s.state = 'owned', s.name, s.code "
	                                "offset $3::integer limit $4::integer" };

bool
asset_read(const struct pg_reply *r, int row, struct asset *out)
{
	if (row >= r->rows)
		return false;
	*out = (struct asset){
		.asset_id = reply_uuid(r, row, 0),
		.cost = reply_i64(r, row, 4),
		.value = reply_i64(r, row, 5),
		.state = asset_state_read(r, row, 8),
		.loan_id = reply_uuid(r, row, 10),
	};
	ROW_TEXT(r, row, 1, out->code);
	ROW_TEXT(r, row, 2, out->name);
	ROW_TEXT(r, row, 3, out->serial);
	ROW_TEXT(r, row, 6, out->product);
	ROW_TEXT(r, row, 7, out->currency);
	ROW_TEXT(r, row, 9, out->lessee);
	return true;
}

unsigned
assets_read_total(const struct pg_reply *r)
{
	return r->rows == 0 ? 0 : (unsigned)reply_i64(r, 0, 11);
}

void
asset_new_body(struct buf *out, const struct asset *a, const struct uuid *added_by,
               int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "asset_id", &a->asset_id);
	jw_text(&w, "code", a->code);
	jw_text(&w, "name", a->name);
	jw_text(&w, "serial", a->serial);
	jw_i64(&w, "cost", a->cost);
	jw_uuid(&w, "added_by", added_by);
	jw_i64(&w, "added_ms", now_ms);
	jw_end_object(&w);
}

void
asset_set_body(struct buf *out, const struct asset *a, enum asset_state to,
               const struct uuid *loan_id, int64_t value)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "asset_id", &a->asset_id);
	jw_uuid(&w, "loan_id", loan_id);
	jw_text(&w, "was", asset_state_name(a->state));
	jw_text(&w, "state", asset_state_name(to));
	jw_i64(&w, "value", value);
	jw_end_object(&w);
}
