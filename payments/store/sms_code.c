#include "payments/store/sms_code.h"

#include "lib/json.h"
#include "payments/store/row.h"

#include <sodium.h>
#include <string.h>

const struct pg_statement sms_code_of_member = {
	"sms_code_of_member",
	"select code_id, member_id, msisdn, action, amount, made_ms, expires_ms "
	"from sms_codes where cooperative_id = $1::integer and member_id = $2::uuid "
	"and (state = 'open' or last_try = $3::uuid) "
	"order by coalesce(last_try = $3::uuid, false) desc limit 1"
};

const struct pg_statement sms_code_try = {
	"sms_code_try", "select * from sms_code_try($1::integer, $2::uuid, $3::text, "
	                "$4::bytea, $5::uuid, $6::bigint)"
};

const struct pg_statement sms_codes_forget = {
	"sms_codes_forget",
	"select coalesce(sum(sms_codes_forget(c.cooperative_id, $1::bigint, "
	"$2::integer)), 0) from cooperatives c where exists (select from sms_codes x "
	"where x.cooperative_id = c.cooperative_id and x.made_ms < $1)"
};

void
sms_code_new_body(struct buf *out, const struct sms_code *code,
                  const uint8_t hash[ONETIME_HASH])
{
	char text[UUID_TEXT_SIZE], hex[2 * ONETIME_HASH + 1];
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_text(&w, "code_id", uuid_text(&code->code_id, text));
	jw_text(&w, "member_id", uuid_text(&code->member_id, text));
	jw_text(&w, "msisdn", code->msisdn);
	jw_text(&w, "action", code->action);
	jw_i64(&w, "amount", code->amount);
	jw_text(&w, "hash", sodium_bin2hex(hex, sizeof hex, hash, ONETIME_HASH));
	jw_i64(&w, "made_ms", code->made_ms);
	jw_i64(&w, "expires_ms", code->expires_ms);
	jw_end_object(&w);
}

bool
sms_code_read(const struct pg_reply *r, struct sms_code *out)
{
	memset(out, 0, sizeof *out);
	if (r->rows == 0)
		return false;
	out->code_id = reply_uuid(r, 0, 0);
	out->member_id = reply_uuid(r, 0, 1);
	ROW_TEXT(r, 0, 2, out->msisdn);
	ROW_TEXT(r, 0, 3, out->action);
	out->amount = reply_i64(r, 0, 4);
	out->made_ms = reply_i64(r, 0, 5);
	out->expires_ms = reply_i64(r, 0, 6);
	return true;
}
