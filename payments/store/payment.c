#include "payments/store/payment.h"

#include "lib/json.h"
#include "payments/store/payment_columns.h"
#include "payments/store/row.h"

#include <string.h>

const struct pg_statement currency_exponent = {
	"currency_exponent", "select exponent from currencies where code = $1::text"
};

const struct pg_statement payments_due = {
	"payments_due",
	"select coop, rail, due from payments_due($1::bigint, $2::bigint, "
	"$3::integer) order by random()"
};

const struct pg_statement payments_claim = {
	"payments_claim",
	"select " PAYMENT_COLUMNS " from payments_claim($1::integer, $2::text, $3::uuid, "
	"$4::bigint, $5::bigint, $6::integer, $7::boolean, $8::bigint) p"
};

const struct pg_statement provider_pause = {
	"provider_pause",
	"select provider_pause($1::text, $2::boolean, $3::text, $4::text, $5::bigint)"
};

const struct pg_statement provider_overview = {
	"provider_overview",
	"select n.provider, coalesce(x.paused_by, ''), coalesce(x.note, ''), "
	"coalesce(x.at_ms, 0), "
	"count(p.payment_id) filter (where p.state = 'created'), "
	"count(p.payment_id) filter (where p.state in ('sent', 'accepted', 'unknown')), "
	"count(p.payment_id) filter (where p.attention <> ''), n.per_second "
	"from unnest($1::text[], $2::text[]) with ordinality n(provider, per_second, at) "
	"left join provider_pauses x using (provider) "
	"left join (select provider, payment_id, state, attention from payments "
	"where next_try_ms is not null union all "
	"select provider, payment_id, state, attention from payments where for_bulk "
	"union all select provider, payment_id, state, attention from payments "
	"where bulk_id is not null and next_try_ms is null and state not in ('paid', "
	"'failed')) p on p.provider = n.provider "
	"group by 1, 2, 3, 4, n.at, n.per_second order by n.at"
};

const struct pg_statement payment_sent = {
	"payment_sent",
	"select payment_sent($1::integer, $2::uuid, $3::uuid, $4::bigint, $5::bigint)"
};

const struct pg_statement payment_heard = {
	"payment_heard", "select payment_heard($1::integer, $2::uuid, $3::uuid, "
	                 "$4::bigint, $5::text, $6::text, $7::text, $8::text::jsonb)"
};

const struct pg_statement payment_event = {
	"payment_event", "select payment_event($1::integer, $2::uuid, $3::bigint, "
	                 "$4::text, $5::text, $6::text, $7::text)"
};

const struct pg_statement payment_by_reference = {
	"payment_by_reference",
	"select p.cooperative_id, p.payment_id, "
	"p.direction = 'out', u.exponent, p.currency, p.amount + p.rest "
	"from payments p join currencies u on u.code = p.currency "
	"where p.reference = $1::uuid and p.provider = $2::text"
};

const struct pg_statement payment_by_prefix = {
	"payment_by_prefix",
	"select p.reference from payments p where p.reference between $2::uuid and "
	"$3::uuid and p.provider = $1::text and p.direction = 'in' limit 1"
};

const struct pg_statement payment_by_till = {
	"payment_by_till",
	"select till_prompt($1::text, $2::text, $3::text, $4::bigint, $5::bigint)"
};

const struct pg_statement payment_hint = {
	"payment_hint",
	"select payment_hint($1::integer, $2::uuid, $3::bigint, $4::text, "
	"$5::text, $6::text, $7::text)"
};

const struct pg_statement payment_answer = {
	"payment_answer", "select payment_answer($1::integer, $2::uuid, $3::bigint, "
	                  "$4::integer, $5::text, $6::text)"
};

const struct pg_statement payment_posted = {
	"payment_posted",
	"select p.answer from payments p where p.cooperative_id = $1::integer "
	"and p.payment_id = $2::uuid"
};

const struct pg_statement payments_attention = {
	"payments_attention",
	"select code, why, said, state, direction, provider, purpose, "
	"member, msisdn, amount, currency, reference::text, "
	"since_ms from payments_attention($1::integer, $2::bigint)"
};

const struct pg_statement payment_propose = {
	"payment_propose", "select payment_ruling_propose($1::text, $2::text, $3::text, "
	                   "$4::text, $5::text, $6::bigint)"
};

const struct pg_statement payment_confirm = {
	"payment_confirm",
	"select payment_ruling_confirm($1::text, $2::text, $3::text, $4::bigint)"
};

const struct pg_statement payment_resume = {
	"payment_resume", "select payment_resume($1::text, $2::bigint)"
};

const struct pg_statement payment_settled = {
	"payment_settled", "select payment_settled($1::text, $3::text, $2::bigint)"
};

const struct pg_statement payment_seen = {
	"payment_seen", "select payment_seen($1::text, $2::bigint, $3::text)"
};

const struct pg_statement payment_payee = {
	"payment_payee",
	"select n.name, exists (select 1 from payment_releases r "
	"where r.cooperative_id = p.cooperative_id and r.payment_id = p.payment_id) "
	"from payments p cross join lateral (select payment_payee_name(p.cooperative_id, "
	"p.member_id, p.purpose_id) as name) n where n.name is not null "
	"and p.cooperative_id = $1::integer and p.payment_id = $2::uuid"
};

const struct pg_statement payment_payee_differs = {
	"payment_payee_differs",
	"select payment_payee_differs($1::integer, $2::uuid, $3::text, $4::bigint)"
};

const struct pg_statement payment_held = {
	"payment_held", "select payment_held($1::integer, $2::uuid, $3::uuid, "
	                "$4::bigint, $5::text, $6::text, $7::bigint)"
};

const struct pg_statement payment_release = {
	"payment_release",
	"select payment_release($1::text, $2::boolean, $3::text, $4::text, $5::bigint)"
};

const struct pg_statement payment_names = {
	"payment_names",
	"select coalesce(payment_payee_name(p.cooperative_id, p.member_id, "
	"p.purpose_id), ''), coalesce((select e.said from payment_events e "
	"where e.cooperative_id = p.cooperative_id and e.payment_id = p.payment_id "
	"and e.kind = 'name' order by e.event_id desc limit 1), '') "
	"from payments p where p.code = upper($1::text) and p.attention = 'name'"
};

static const char *const state_names[PAY_STATES] = {
	[PAY_CREATED] = "created", [PAY_SENT] = "sent", [PAY_ACCEPTED] = "accepted",
	[PAY_UNKNOWN] = "unknown", [PAY_PAID] = "paid", [PAY_FAILED] = "failed",
};

static const char *const direction_names[] = { [PAY_OUT] = "out", [PAY_IN] = "in" };

const char *
pay_state_name(enum pay_state s)
{
	return s < PAY_STATES ? state_names[s] : "";
}

const char *
verdict_kind_name(enum verdict_kind k)
{
	static const char *const names[] = {
		[VERDICT_UNKNOWN] = "unknown",     [VERDICT_ACCEPTED] = "accepted",
		[VERDICT_PENDING] = "pending",     [VERDICT_PAID] = "paid",
		[VERDICT_FAILED] = "failed",       [VERDICT_DUPLICATE] = "duplicate",
		[VERDICT_NOT_FOUND] = "not_found", [VERDICT_AUTH] = "auth",
		[VERDICT_DOWN] = "down",           [VERDICT_ASKED] = "asked",
		[VERDICT_FOLLOW] = "follow",
	};

	return k < sizeof names / sizeof *names ? names[k] : "unknown";
}

static void
put_uuid(struct json_writer *w, const char *key, const struct uuid *u)
{
	char text[UUID_TEXT_SIZE];

	if (uuid_is_nil(u))
		jw_null(w, key);
	else
		jw_text(w, key, uuid_text(u, text));
}

static void
put_plan(struct json_writer *w, const struct payment *p)
{
	jw_i64(w, "planned_day", p->planned_day);
	jw_i64(w, "not_before_ms", p->not_before_ms);
	jw_i64(w, "part", p->part);
	jw_i64(w, "rest", p->rest);
	put_uuid(w, "rest_hold_id", &p->rest_hold_id);
	jw_i64(w, "waits", p->waits);
}

void
payment_new_body(struct buf *out, const struct payment *p)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	put_uuid(&w, "payment_id", &p->payment_id);
	put_uuid(&w, "reference", &p->reference);
	jw_text(&w, "direction", direction_names[p->direction]);
	jw_text(&w, "provider", p->provider);
	jw_text(&w, "purpose", p->purpose);
	put_uuid(&w, "purpose_id", &p->purpose_id);
	put_uuid(&w, "member_id", &p->member_id);
	put_uuid(&w, "hold_id", &p->hold_id);
	jw_text(&w, "msisdn", p->msisdn);
	jw_i64(&w, "amount", p->amount);
	jw_text(&w, "currency", p->currency);
	jw_text(&w, "code", p->code);
	if (p->created_ms > 0)
		jw_i64(&w, "created_ms", p->created_ms);
	if (p->planned_day != 0)
		put_plan(&w, p);
	jw_end_object(&w);
}

void
payment_extra_body(struct buf *out, const struct payment *p)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	put_uuid(&w, "payment_id", &p->payment_id);
	jw_i64(&w, "extra", p->extra);
	jw_end_object(&w);
}

void
payment_for_bulk_body(struct buf *out, const struct uuid *payment_id)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	put_uuid(&w, "payment_id", payment_id);
	jw_end_object(&w);
}

void
payment_prompt_body(struct buf *out, const struct payment *p)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	put_uuid(&w, "payment_id", &p->payment_id);
	jw_text(&w, "msisdn", p->msisdn);
	jw_i64(&w, "at_ms", p->created_ms);
	jw_end_object(&w);
}

void
payment_outcome_body(struct buf *out, const struct payment *p, enum pay_state to,
                     const struct verdict *why)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	put_uuid(&w, "payment_id", &p->payment_id);
	if (!uuid_is_nil(&p->claim))
		put_uuid(&w, "claim", &p->claim);
	jw_text(&w, "state", pay_state_name(to));
	jw_text(&w, "provider_txn", why->provider_txn);
	jw_text(&w, "said", why->code);
	jw_text(&w, "reason", to == PAY_FAILED ? pay_reason_name(why->reason) : "");
	jw_end_object(&w);
}

void
payment_read(const struct pg_reply *r, int row, struct payment *out)
{
	memset(out, 0, sizeof *out);
	out->cooperative_id = (int32_t)reply_i64(r, row, 0);
	out->payment_id = reply_uuid(r, row, 1);
	out->reference = reply_uuid(r, row, 2);
	out->direction = (enum pay_direction)row_word(r, row, 3, direction_names, 2);
	ROW_TEXT(r, row, 4, out->provider);
	ROW_TEXT(r, row, 5, out->purpose);
	out->purpose_id = reply_uuid(r, row, 6);
	out->member_id = reply_uuid(r, row, 7);
	out->hold_id = reply_uuid(r, row, 8);
	ROW_TEXT(r, row, 9, out->msisdn);
	out->amount = reply_i64(r, row, 10);
	ROW_TEXT(r, row, 11, out->currency);
	ROW_TEXT(r, row, 12, out->code);
	out->state = (enum pay_state)row_word(r, row, 13, state_names, PAY_STATES);
	out->attempts = (int32_t)reply_i64(r, row, 14);
	out->ladder_step = (int32_t)reply_i64(r, row, 15);
	ROW_TEXT(r, row, 16, out->provider_txn);
	ROW_TEXT(r, row, 17, out->reason);
	out->created_ms = reply_i64(r, row, 18);
	out->exponent = (uint8_t)reply_i64(r, row, 19);
	out->sent_ms = reply_i64(r, row, 20);
	out->maybe_taken = reply_bool(r, row, 21);
	out->misses = (int32_t)reply_i64(r, row, 22);
	out->missing_ms = reply_i64(r, row, 23);
	ROW_TEXT(r, row, 24, out->attention);
	out->claim = reply_uuid(r, row, 25);
	out->part = (int32_t)reply_i64(r, row, 26);
	out->rest = reply_i64(r, row, 27);
	out->rest_hold_id = reply_uuid(r, row, 28);
	out->waits = (int32_t)reply_i64(r, row, 29);
	ROW_TEXT(r, row, 30, out->handle);
	out->answered = reply_bool(r, row, 31);
	out->back_reference = reply_uuid(r, row, 32);
	ROW_TEXT(r, row, 33, out->back_txn);
	out->extra = reply_i64(r, row, 34);
	out->back_amount = reply_i64(r, row, 35);
	out->in_bulk = reply_bool(r, row, 36);
}

struct pg_args *
payment_sent_args(const struct payment *p, int64_t now, int64_t until)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, p->cooperative_id);
	pg_uuid(a, &p->payment_id);
	pg_uuid(a, &p->claim);
	pg_i64(a, now);
	pg_i64(a, until);
	return a;
}

static void
put_changes(struct buf *out, const struct payment *p, const struct payment_note *note)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_text(&w, "state", pay_state_name(p->state));
	jw_bool(&w, "maybe_taken", p->maybe_taken);
	jw_i64(&w, "ladder_step", p->ladder_step);
	jw_i64(&w, "misses", p->misses);
	jw_i64(&w, "missing_ms", p->missing_ms);
	jw_text(&w, "reason", p->reason);
	jw_text(&w, "attention", p->attention);
	jw_text(&w, "handle", note->verdict->handle);
	jw_bool(&w, "answered", note->answered);
	if (note->next_try_ms > 0)
		jw_i64(&w, "next_try_ms", note->next_try_ms);
	jw_end_object(&w);
}

struct pg_args *
payment_heard_args(const struct payment *p, const struct payment_note *note)
{
	struct pg_args *a = pg_args_new();
	char set[768];
	struct buf b;

	buf_init(&b, set, sizeof set);
	put_changes(&b, p, note);
	pg_i32(a, p->cooperative_id);
	pg_uuid(a, &p->payment_id);
	pg_uuid(a, &p->claim);
	pg_i64(a, note->now);
	pg_text(a, note->kind);
	pg_text(a, verdict_kind_name(note->verdict->kind));
	pg_text(a, note->verdict->code);
	pg_text(a, set);
	return a;
}

struct pg_args *
payment_event_args(const struct payment *p, int64_t now, const char *kind,
                   const struct verdict *v, const char *detail)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, p->cooperative_id);
	pg_uuid(a, &p->payment_id);
	pg_i64(a, now);
	pg_text(a, kind);
	pg_text(a, verdict_kind_name(v->kind));
	pg_text(a, v->code);
	pg_text(a, detail);
	return a;
}
