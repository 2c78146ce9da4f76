#include "payments/store/moratoria.h"

#include "lib/json.h"
#include "payments/store/row.h"

static const char *const interest_names[] = {
	[HOLIDAY_INTEREST_RUNS] = "RUNS",
	[HOLIDAY_INTEREST_STOPS] = "STOPS",
};

const struct pg_statement moratorium_today = {
	"moratorium_today",
	"select local_day($1::integer, $2::bigint), coalesce((select code from sites "
	"where cooperative_id = $1 and site_id = $3::uuid), '')"
};

const struct pg_statement moratoria_asked = {
	"moratoria_asked",
	"select q.cooperative_id, q.moratorium_id, q.site_id, q.asked_by, s.code, "
	"q.from_day, q.to_day, q.interest, (select count(*) from loans l join members m "
	"on m.cooperative_id = l.cooperative_id and m.member_id = l.member_id "
	"where l.cooperative_id = q.cooperative_id and l.state = 'live' "
	"and site_of(q.cooperative_id, m.site_id) = q.site_id) "
	"from moratoria q join sites s on s.cooperative_id = q.cooperative_id "
	"and s.site_id = q.site_id where q.cooperative_id = $1::integer "
	"and ($2::uuid is null or q.moratorium_id = $2) and q.state = 'asked' "
	"order by q.asked_ms offset $3::integer limit $4::integer"
};

const struct pg_statement moratorium_list = {
	"moratorium_list",
	"select c.code, s.code, (date '1970-01-01' + q.from_day)::text, "
	"(date '1970-01-01' + q.to_day)::text, q.interest, q.state, "
	"(select count(*) from moratorium_loans d where d.cooperative_id = "
	"q.cooperative_id and d.moratorium_id = q.moratorium_id), "
	"(select count(*) from moratorium_waits($2::bigint, q.cooperative_id) w "
	"where w.moratorium_id = q.moratorium_id) from moratoria q "
	"join sites s on s.cooperative_id = q.cooperative_id and s.site_id = q.site_id "
	"join cooperatives c on c.cooperative_id = q.cooperative_id "
	"where $1::text = '' or c.code = upper($1) "
	"order by c.code, q.from_day, s.code"
};

bool
moratorium_read(const struct pg_reply *r, int row, struct moratorium *out)
{
	if (row >= r->rows)
		return false;
	*out = (struct moratorium){
		.cooperative_id = (int32_t)reply_i64(r, row, 0),
		.moratorium_id = reply_uuid(r, row, 1),
		.site_id = reply_uuid(r, row, 2),
		.asked_by = reply_uuid(r, row, 3),
		.days = { .from = (int32_t)reply_i64(r, row, 5),
		          .to = (int32_t)reply_i64(r, row, 6),
		          .policy = (enum holiday_policy)row_word(r, row, 7,
		                                                  interest_names, 2) },
		.loans = (unsigned)reply_i64(r, row, 8),
	};
	ROW_TEXT(r, row, 4, out->site);
	return true;
}

void
moratorium_new_body(struct buf *out, const struct moratorium *m, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "moratorium_id", &m->moratorium_id);
	jw_uuid(&w, "site_id", &m->site_id);
	jw_i64(&w, "from_day", m->days.from);
	jw_i64(&w, "to_day", m->days.to);
	jw_text(&w, "interest", interest_names[m->days.policy]);
	jw_uuid(&w, "asked_by", &m->asked_by);
	jw_i64(&w, "asked_ms", now_ms);
	jw_end_object(&w);
}

void
moratorium_decide_body(struct buf *out, const struct uuid *moratorium_id, bool declared,
                       const struct uuid *by, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "moratorium_id", moratorium_id);
	jw_text(&w, "state", declared ? "declared" : "dropped");
	jw_uuid(&w, "decided_by", by);
	jw_i64(&w, "decided_ms", now_ms);
	jw_end_object(&w);
}

const struct pg_statement moratorium_waiting = {
	"moratorium_waiting",
	"select cooperative_id, moratorium_id, loan_id, site, from_day, to_day, "
	"interest, later from moratorium_waits($1::bigint, $2::integer) "
	"where (cooperative_id, moratorium_id, loan_id) > ($3::integer, "
	"coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'), "
	"coalesce($5::uuid, '00000000-0000-0000-0000-000000000000')) "
	"order by cooperative_id, moratorium_id, loan_id limit $6::integer"
};

void
moratorium_wait_read(const struct pg_reply *r, int row, struct moratorium_wait *out)
{
	*out = (struct moratorium_wait){
		.of = { .cooperative_id = (int32_t)reply_i64(r, row, 0),
		        .moratorium_id = reply_uuid(r, row, 1),
		        .days = { .from = (int32_t)reply_i64(r, row, 4),
		                  .to = (int32_t)reply_i64(r, row, 5),
		                  .policy = (enum holiday_policy)row_word(
		                      r, row, 6, interest_names, 2) } },
		.loan_id = reply_uuid(r, row, 2),
		.later = reply_bool(r, row, 7),
	};
	ROW_TEXT(r, row, 3, out->of.site);
}

void
moratorium_loan_body(struct buf *out, const struct moratorium_wait *w, int32_t days,
                     int64_t now_ms)
{
	struct json_writer j;

	jw_init(&j, out);
	jw_object(&j, NULL);
	jw_uuid(&j, "moratorium_id", &w->of.moratorium_id);
	jw_uuid(&j, "loan_id", &w->loan_id);
	jw_i64(&j, "days", days);
	jw_i64(&j, "told_ms", now_ms);
	jw_end_object(&j);
}
