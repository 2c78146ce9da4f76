#include "payments/store/unread.h"

const struct pg_statement unread_add = {
	"unread_add", "select unread_add($1::integer, $2::text, $3::text, $4::uuid, "
	              "$5::text, $6::text, $7::bigint)"
};

const struct pg_statement unread_seen = {
	"unread_seen", "select unread_seen($1::text, $2::bigint, $3::text, $4::bigint)"
};

const struct pg_statement unread_list = {
	"unread_list",
	"select u.number, c.code, coalesce(m.number, ''), u.msisdn, "
	"to_char(to_timestamp(u.at_ms / 1000) at time zone 'UTC', "
	"'YYYY-MM-DD HH24:MI'), u.body "
	"from unread_messages u "
	"join cooperatives c on c.cooperative_id = u.cooperative_id "
	"join members m on m.cooperative_id = u.cooperative_id "
	"and m.member_id = u.member_id "
	"where u.seen_ms is null and ($1::text = '' or c.code = upper($1)) "
	"order by u.at_ms, u.number limit 500"
};
