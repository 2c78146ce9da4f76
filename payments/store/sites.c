#include "payments/store/sites.h"

#include "lib/json.h"
#include "payments/store/row.h"

const struct pg_statement sites_of = {
	"sites_of",
	"select s.site_id, s.code, left(s.name, 40), "
	"coalesce((select site_of(m.cooperative_id, m.site_id) = s.site_id from members "
	"m "
	"where m.cooperative_id = s.cooperative_id and m.member_id = $2::uuid), false), "
	"count(*) over () from sites s where s.cooperative_id = $1::integer "
	"order by s.code offset $3::integer limit $4::integer"
};

void
sites_read(const struct pg_reply *r, struct site_list *out)
{
	*out = (struct site_list){ 0 };
	for (int i = 0; i < r->rows && i < SITES_PAGE; i++) {
		struct site *s = &out->at[out->count++];

		s->site_id = reply_uuid(r, i, 0);
		ROW_TEXT(r, i, 1, s->code);
		ROW_TEXT(r, i, 2, s->name);
		s->here = reply_bool(r, i, 3);
		out->total = (unsigned)reply_i64(r, i, 4);
	}
}

void
member_site_body(struct buf *out, const struct uuid *member_id,
                 const struct uuid *site_id, const struct uuid *by, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "member_id", member_id);
	jw_uuid(&w, "site_id", site_id);
	jw_uuid(&w, "set_by", by);
	jw_i64(&w, "set_ms", now_ms);
	jw_end_object(&w);
}

const struct pg_statement site_list = {
	"site_list",
	"select c.code, s.code, s.name, count(distinct m.member_id), "
	"count(distinct l.loan_id) from sites s "
	"join cooperatives c on c.cooperative_id = s.cooperative_id "
	"left join members m on m.cooperative_id = s.cooperative_id "
	"and m.state = 'active' and site_of(m.cooperative_id, m.site_id) = s.site_id "
	"left join loans l on l.cooperative_id = m.cooperative_id "
	"and l.member_id = m.member_id and l.state = 'live' "
	"where $1::text = '' or c.code = upper($1) "
	"group by c.code, s.code, s.name order by c.code, s.code"
};

const struct pg_statement site_add = {
	"site_add", "select site_add($1::text, $2::uuid, $3::text, $4::text, $5::bigint)"
};

const struct pg_statement member_site_set = {
	"member_site_set",
	"select member_site_set($1::text, $2::text, $3::text, $4::bigint)"
};
