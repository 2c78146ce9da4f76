#include "payments/store/message.h"

#include "lib/json.h"
#include "payments/store/row.h"

#include <string.h>

const struct pg_statement messages_due = {
	"messages_due", "select * from messages_due($1::bigint) order by random()"
};

const struct pg_statement messages_claim = {
	"messages_claim",
	"select m.cooperative_id, m.message_id, m.member_id, m.msisdn, m.language, "
	"m.template, m.text_values, coalesce(m.topic, ''), m.created_ms, m.attempts, "
	"m.claim, "
	"c.country, c.currency, u.exponent "
	"from messages_claim($1::integer, $2::uuid, $3::bigint, $4::bigint, "
	"$5::integer) m join cooperatives c on c.cooperative_id = m.cooperative_id "
	"join currencies u on u.code = c.currency order by m.created_ms, m.message_id"
};

const struct pg_statement messages_sent = {
	"messages_sent",
	"select messages_sent($1::integer, $2::uuid[], $3::uuid[], $4::bigint, "
	"$5::text[], $6::text[], $7::text[], $8::bigint[])"
};

const struct pg_statement messages_reported = {
	"messages_reported",
	"select * from messages_reported($1::text[], $2::text[], $3::text[], $4::bigint)"
};

const struct pg_statement message_reports_match = {
	"message_reports_match",
	"select coalesce(sum(message_reports_match(c.cooperative_id, $1::bigint, "
	"$2::bigint)), 0), (select count(*) from message_reports where cooperative_id = "
	"0) "
	"from cooperatives c "
	"where exists (select from message_reports where cooperative_id = 0)"
};

void
message_new_body(struct buf *out, const struct message *m)
{
	char text[UUID_TEXT_SIZE];
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_text(&w, "message_id", uuid_text(&m->message_id, text));
	if (!uuid_is_nil(&m->member_id))
		jw_text(&w, "member_id", uuid_text(&m->member_id, text));
	jw_text(&w, "msisdn", m->msisdn);
	jw_text(&w, "language", m->language);
	jw_text(&w, "template", m->template);
	jw_raw(&w, "values", m->values == NULL ? "{}" : m->values);
	if (m->topic != TOPIC_NONE)
		jw_text(&w, "topic", topic_name(m->topic));
	if (m->created_ms > 0)
		jw_i64(&w, "created_ms", m->created_ms);
	if (!uuid_is_nil(&m->claim)) {
		jw_uuid(&w, "claim", &m->claim);
		jw_i64(&w, "claimed_until_ms", m->claimed_until_ms);
	}
	jw_end_object(&w);
}

void
message_read(const struct pg_reply *r, int row, struct message *out)
{
	memset(out, 0, sizeof *out);
	out->cooperative_id = (int32_t)reply_i64(r, row, 0);
	out->message_id = reply_uuid(r, row, 1);
	out->member_id = reply_uuid(r, row, 2);
	ROW_TEXT(r, row, 3, out->msisdn);
	ROW_TEXT(r, row, 4, out->language);
	ROW_TEXT(r, row, 5, out->template);
	out->values = reply_text(r, row, 6);
	out->topic = topic_by_name(reply_text(r, row, 7));
	out->created_ms = reply_i64(r, row, 8);
	out->attempts = (int32_t)reply_i64(r, row, 9);
	out->claim = reply_uuid(r, row, 10);
	ROW_TEXT(r, row, 11, out->country);
	ROW_TEXT(r, row, 12, out->currency);
	out->exponent = (unsigned)reply_i64(r, row, 13);
}
