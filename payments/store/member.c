#include "payments/store/member.h"

#include "payments/store/row.h"

#include <string.h>

#define COOPERATIVE_COLUMNS                                                              \
	"c.cooperative_id, c.code, c.name, c.country, c.currency, "                      \
	"u.exponent"

/* behind cooperatives c; a sub-select costs a statement's set-up half as much again */
#define THEIR_CURRENCY "join currencies u on u.code = c.currency "

#define MEMBER_COLUMNS                                                                   \
	COOPERATIVE_COLUMNS                                                              \
	", m.member_id, coalesce(m.number, ''), m.name, n.msisdn, m.language, m.roles, " \
	"m.state, m.pin_tries >= 3, m.news"

#define STATE_COLUMN 12

const struct pg_statement member_by_msisdn = {
	"member_by_msisdn",
	"select " MEMBER_COLUMNS ", count(*) over () from member_numbers n "
	"join members m on m.cooperative_id = n.cooperative_id "
	"and m.member_id = n.member_id "
	"join cooperatives c on c.cooperative_id = n.cooperative_id " THEIR_CURRENCY
	"where n.msisdn = $1::text and ($2::integer = 0 or n.cooperative_id = $2) "
	"order by m.state <> 'active', m.joined_ms, m.cooperative_id limit 1"
};

/* Each part of a statement is set up anew at each call, so what only officers need is
 * asked apart, and the few rows are put in order here: member_dials_row. */
const struct pg_statement member_dials = {
	"member_dials",
	"select " MEMBER_COLUMNS ", 0, "
	"(select count(*) from lots t where t.cooperative_id = m.cooperative_id "
	"and t.seller_id = m.member_id and t.state = 'quoted' "
	"and t.expires_ms > $2::bigint and (not t.needs_second or t.second_by is not "
	"null)), m.joined_ms "
	"from member_numbers n "
	"join members m on m.cooperative_id = n.cooperative_id "
	"and m.member_id = n.member_id "
	"join cooperatives c on c.cooperative_id = n.cooperative_id " THEIR_CURRENCY
	"where n.msisdn = $1::text"
};

int
member_dials_row(const struct pg_reply *r)
{
	int64_t best[3] = { INT64_MAX, 0, 0 };
	int chosen = 0;

	for (int row = 0; row < r->rows; row++) {
		const int64_t rank[3] = {
			strcmp(reply_text(r, row, STATE_COLUMN), "active") != 0,
			reply_i64(r, row, MEMBER_FIELDS + 1), /* joined */
			reply_i64(r, row, 0),                 /* cooperative */
		};
		int at = 0;

		while (at < 2 && rank[at] == best[at])
			at++;
		if (rank[at] < best[at]) {
			memcpy(best, rank, sizeof best);
			chosen = row;
		}
	}
	return chosen;
}

const struct pg_statement member_decides = {
	"member_decides",
	"select (select count(*) from loans l join members m "
	"on m.cooperative_id = $1::integer and m.member_id = $2::uuid "
	"where l.cooperative_id = $1 and l.state in ('requested', 'seen') "
	"and loan_waits_for(l, m)), "
	"case when $3::integer & 8 = 0 then 0 else (select count(*) from price_board p "
	"where p.cooperative_id = $1 and p.state = 'waiting' and p.set_by <> $2) end"
};

const struct pg_statement member_by_id = {
	"member_by_id",
	"select " MEMBER_COLUMNS ", 1 from members m "
	"join member_numbers n on n.cooperative_id = m.cooperative_id "
	"and n.member_id = m.member_id "
	"join cooperatives c on c.cooperative_id = m.cooperative_id " THEIR_CURRENCY
	"where m.cooperative_id = $1::integer and m.member_id = $2::uuid "
	"order by n.added_ms limit 1"
};

const struct pg_statement member_search = {
	"member_search",
	"select " MEMBER_COLUMNS ", 1 from members m "
	"join lateral (select * from member_numbers x "
	"where x.cooperative_id = m.cooperative_id and x.member_id = m.member_id "
	"order by x.msisdn <> $2, x.added_ms limit 1) n on true "
	"join cooperatives c on c.cooperative_id = m.cooperative_id " THEIR_CURRENCY
	"where m.cooperative_id = $1::integer and m.state = 'active' "
	"and (strpos(lower(m.name), lower($2::text)) > 0 or m.number = upper($2) "
	"or ($3::text <> '' and strpos(n.msisdn, $3) > 0)) "
	"order by m.number offset $4::integer limit $5::integer"
};

const struct pg_statement cooperative_by_code = { "cooperative_by_code",
	                                          "select " COOPERATIVE_COLUMNS
	                                          " from cooperatives c " THEIR_CURRENCY
	                                          "where c.code = upper($1::text)" };

const struct pg_statement member_begin = {
	"member_begin", "select member_begin($1, $2, $3, $4, $5, $6, $7)"
};

const struct pg_statement member_activate = { "member_activate",
	                                      "select member_activate($1, $2, $3)" };

const struct pg_statement member_pin_try = {
	"member_pin_try",
	"select pin_hash, tries_left, next_hash, proved_ms from member_pin_try($1, $2)"
};

const struct pg_statement member_pin_right = {
	"member_pin_right", "select member_pin_right($1, $2, $3, $4)"
};

const struct pg_statement member_pin_next = { "member_pin_next",
	                                      "select member_pin_next($1, $2, $3, $4)" };

const struct pg_statement member_pin_commit = { "member_pin_commit",
	                                        "select member_pin_commit($1, $2, $3)" };

const struct pg_statement member_language = {
	"member_language",
	"update members set language = $3::text "
	"where cooperative_id = $1::integer and member_id = $2::uuid returning 1"
};

const struct pg_statement member_news = {
	"member_news", "select * from member_news($1::text, $2::text, $3::boolean)"
};

void
cooperative_read(const struct pg_reply *r, int row, struct cooperative *out)
{
	*out = (struct cooperative){ .cooperative_id = (int32_t)reply_i64(r, row, 0),
		                     .exponent = (unsigned)reply_i64(r, row, 5) };
	ROW_TEXT(r, row, 1, out->code);
	ROW_TEXT(r, row, 2, out->name);
	ROW_TEXT(r, row, 3, out->country);
	ROW_TEXT(r, row, 4, out->currency);
}

void
member_read(const struct pg_reply *r, int row, struct member *out)
{
	static const char *const states[] = { "pending", "active", "closed" };

	*out = (struct member){ .cooperative_id = (int32_t)reply_i64(r, row, 0),
		                .exponent = (unsigned)reply_i64(r, row, 5),
		                .member_id = reply_uuid(r, row, 6),
		                .roles = (unsigned)reply_i64(r, row, 11),
		                .locked = reply_bool(r, row, 13),
		                .news = reply_bool(r, row, 14),
		                .cooperatives = (unsigned)reply_i64(r, row, 15) };
	ROW_TEXT(r, row, 1, out->cooperative_code);
	ROW_TEXT(r, row, 2, out->cooperative_name);
	ROW_TEXT(r, row, 3, out->country);
	ROW_TEXT(r, row, 4, out->currency);
	ROW_TEXT(r, row, 7, out->number);
	ROW_TEXT(r, row, 8, out->name);
	ROW_TEXT(r, row, 9, out->msisdn);
	ROW_TEXT(r, row, 10, out->language);
	out->state = (enum member_state)row_word(r, row, STATE_COLUMN, states, 3);
}
