#include "payments/store/loans.h"

#include "lib/json.h"
#include "payments/store/row.h"

#include <string.h>

static const char *const state_names[LOAN_STATES] = {
	[LOAN_REQUESTED] = "requested",
	[LOAN_SEEN] = "seen",
	[LOAN_APPROVED] = "approved",
	[LOAN_READY] = "ready",
	[LOAN_LIVE] = "live",
	[LOAN_CLOSED] = "closed",
	[LOAN_REFUSED] = "refused",
	[LOAN_UNPAID] = "unpaid",
	[LOAN_WRITTEN_OFF] = "written_off",
};

static const char *const every_names[] = {
	[EVERY_DAYS] = "DAYS", [EVERY_WEEKS] = "WEEKS", [EVERY_MONTHS] = "MONTHS"
};

const char *
loan_state_name(enum loan_state s)
{
	return state_names[s];
}

#define SALES_90D                                                                        \
	"(select coalesce(sum(t.net), 0) from lots t "                                   \
	"where t.cooperative_id = m.cooperative_id and t.seller_id = m.member_id "       \
	"and t.state = 'sold' and t.sold_ms > now.ms - 7776000000)"

#define LOANS_CLOSED                                                                     \
	"(select count(*) from loans x where x.cooperative_id = m.cooperative_id "       \
	"and x.member_id = m.member_id and x.state = 'closed')"

#define FIRST_NUMBER                                                                     \
	"(select n.msisdn from member_numbers n "                                        \
	"where n.cooperative_id = m.cooperative_id and n.member_id = m.member_id "       \
	"order by n.added_ms limit 1)"

enum { /* of LOAN_COLUMNS */
       C_COOP,
       C_LOAN,
       C_VERSION,
       C_CODE,
       C_MEMBER,
       C_STATE,
       C_PRINCIPAL,
       C_FEE,
       C_INSTALMENT,
       C_WEEKS,
       C_FIRST_DUE,
       C_LAST_DUE,
       C_FIRST_DAYS,
       C_SECOND,
       C_SHARE,
       C_FLOOR,
       C_REQUESTED,
       C_SEEN_BY,
       C_APPROVED_BY,
       C_PAYMENT,
       C_PAYMENT_CODE,
       C_HOLD,
       C_NAME,
       C_MSISDN,
       C_LANGUAGE,
       C_CURRENCY,
       C_PROVIDER,
       C_TODAY,
       C_ROLES,
       C_SALES,
       C_BEFORE,
       C_PRODUCT,
       C_APR,
       C_BOOKED,
       C_EVERY,
       C_EVERY_UNIT,
       C_PRINCIPAL_PAID,
       C_FEE_PAID,
       C_DEPOSIT,
       C_ASSET,
       C_ASSET_CODE,
       C_ASSET_NAME,
       C_ASSET_STATE,
       C_ASSET_COST,
       C_STANDING,
       C_PAST_DUE = C_STANDING,
       C_NEXT_DAY,
       C_NEXT_DUE,
       C_CONTRACT,
       C_EVENTS,
       C_GROUP,
       C_OFF_ASKED,
       C_TOTAL = C_STANDING
};

/* sales, loans before: what an officer wants to know of the member; roles: of who asks.
 */
#define LOAN_FIELDS(roles, sales, before)                                                \
	"l.cooperative_id, l.loan_id, l.version, l.code, l.member_id, l.state, "         \
	"l.principal, l.fee, l.instalment, l.weeks, l.first_due_day, l.last_due_day, "   \
	"l.first_due_days, l.needs_second, l.sale_share_permille, l.floor_permille, "    \
	"l.requested_ms, l.seen_by, l.approved_by, l.payment_id, l.payment_code, "       \
	"l.hold_id, m.name, " FIRST_NUMBER ", m.language, c.currency, t.provider, "      \
	"local_day(l.cooperative_id, now.ms), " roles ", " sales ", " before             \
	", l.product, l.apr_bp, l.booked, "                                              \
	"coalesce((l.contract->>'every')::integer, 1), "                                 \
	"coalesce(l.contract->>'every_unit', 'WEEKS'), l.principal_paid, l.fee_paid, "   \
	"l.deposit, s.asset_id, s.code, s.name, s.state, s.cost"

#define LOAN_COLUMNS LOAN_FIELDS("coalesce(a.roles, 0)", SALES_90D, LOANS_CLOSED)

#define LOAN_ASSET                                                                       \
	"left join assets s on s.cooperative_id = l.cooperative_id "                     \
	"and s.loan_id = l.loan_id "

#define LOAN_FROM                                                                        \
	" from (select $3::uuid as actor, $4::bigint as ms) now cross join loans l "     \
	"join members m on m.cooperative_id = l.cooperative_id "                         \
	"and m.member_id = l.member_id "                                                 \
	"join cooperatives c on c.cooperative_id = l.cooperative_id "                    \
	"join trade_rules t on t.cooperative_id = l.cooperative_id " LOAN_ASSET

/* Rows that are open, with what they still want; "w" names them. */
#define ROW_OPEN                                                                         \
	"w.principal + w.interest + w.fee + w.penalty - w.principal_paid "               \
	"- w.interest_paid - w.fee_paid - w.penalty_paid"

/* What is late, and the next row: the first due today or later, else the last open. */
#define STANDING                                                                         \
	"left join lateral (select sum(w.open) filter (where w.due_day < "               \
	"local_day(l.cooperative_id, now.ms)) as late, "                                 \
	"coalesce(min(w.due_day) filter (where w.due_day >= "                            \
	"local_day(l.cooperative_id, now.ms)), max(w.due_day)) as next "                 \
	"from (select w.due_day, " ROW_OPEN " as open from loan_rows w "                 \
	"where w.cooperative_id = l.cooperative_id and w.loan_id = l.loan_id) w "        \
	"where w.open > 0) d on true "

#define LOAN_PAPERS                                                                      \
	"l.contract::text, "                                                             \
	"coalesce((select jsonb_agg(e.body order by e.event) from loan_events e "        \
	"where e.cooperative_id = l.cooperative_id and e.loan_id = l.loan_id), "         \
	"'[]')::text"

/* Seldom a part of a group: only then all of the group is gathered. */
#define LOAN_GROUP                                                                       \
	"case when exists (select from loan_group_parts gp "                             \
	"where gp.cooperative_id = l.cooperative_id and gp.loan_id = l.loan_id) "        \
	"then loan_group_of(l.cooperative_id, l.loan_id) end"

#define LOAN_ROWS_WITH(more)                                                             \
	"select " LOAN_COLUMNS ", coalesce(d.late, 0)::bigint, coalesce(d.next, 0), "    \
	"coalesce((select sum(" ROW_OPEN ") from loan_rows w "                           \
	"where w.cooperative_id = l.cooperative_id and w.loan_id = l.loan_id "           \
	"and w.due_day = d.next), 0)::bigint, " LOAN_PAPERS                              \
	", " LOAN_GROUP more LOAN_FROM                                                   \
	"left join members a on a.cooperative_id = l.cooperative_id "                    \
	"and a.member_id = now.actor and a.state = 'active' " STANDING

#define LOAN_ROWS LOAN_ROWS_WITH("")
#define LOAN_OFF  LOAN_ROWS_WITH(", l.off_asked_by")
#define LOAN_CALL LOAN_ROWS_WITH(", l.call_asked_by")

const struct pg_statement loan_by_id = {
	"loan_by_id",
	LOAN_ROWS "where l.cooperative_id = $1::integer and l.loan_id = $2::uuid"
};

const struct pg_statement loan_off_by_id = {
	"loan_off_by_id",
	LOAN_OFF "where l.cooperative_id = $1::integer and l.loan_id = $2::uuid"
};

const struct pg_statement loan_off_by_code = {
	"loan_off_by_code",
	LOAN_OFF "where l.cooperative_id = $1::integer and l.code = $2::text"
};

const struct pg_statement loan_call_by_id = {
	"loan_call_by_id",
	LOAN_CALL "where l.cooperative_id = $1::integer and l.loan_id = $2::uuid"
};

const struct pg_statement loan_call_by_code = {
	"loan_call_by_code",
	LOAN_CALL "where l.cooperative_id = $1::integer and l.code = $2::text"
};

/* What only people ask for costs more than all the rest. */
const struct pg_statement loan_for_day = {
	"loan_for_day",
	"select " LOAN_FIELDS(
	    "0", "0::bigint",
	    "0::bigint") ", 0::bigint, 0, 0::bigint, " LOAN_PAPERS
	                 ", null::text" LOAN_FROM
	                 "where l.cooperative_id = $1::integer and l.loan_id = $2::uuid"
};

const struct pg_statement loan_by_key = {
	"loan_by_key",
	LOAN_ROWS "where l.cooperative_id = $1::integer and l.request_key = $2::uuid"
};

const struct pg_statement loan_of_member = {
	"loan_of_member", LOAN_ROWS
	"where l.cooperative_id = $1::integer and l.loan_id = (select "
	"y.loan_id from loans y "
	"where y.cooperative_id = $1 and y.member_id = $2::uuid "
	"order by y.state in ('requested', 'seen', 'approved', 'ready', 'live') desc, "
	"y.requested_ms desc limit 1)"
};

const struct pg_statement loans_live = {
	"loans_live", "select cooperative_id, loan_id from loans where state = 'live' "
	              "and (cooperative_id, loan_id) > ($1::integer, coalesce($2::uuid, "
	              "'00000000-0000-0000-0000-000000000000')) "
	              "and ($4::integer = 0 or cooperative_id = $4) "
	              "order by cooperative_id, loan_id limit $3::integer"
};

const struct pg_statement days_waiting = {
	"days_waiting", "select * from days_waiting($1::bigint, $2::integer)"
};

const struct pg_statement day_done = {
	"day_done", "select day_done($1::integer, $2::integer, $3::bigint, $4::integer, "
	            "$5::integer, $6::integer, $7::integer)"
};

#define LOAN_LIST                                                                        \
	"select " LOAN_COLUMNS ", count(*) over () from (select $2::uuid as actor, "     \
	"$3::bigint as ms) now cross join loans l "                                      \
	"join members m on m.cooperative_id = l.cooperative_id "                         \
	"and m.member_id = l.member_id "                                                 \
	"join cooperatives c on c.cooperative_id = l.cooperative_id "                    \
	"join trade_rules t on t.cooperative_id = l.cooperative_id "                     \
	"join members a on a.cooperative_id = l.cooperative_id "                         \
	"and a.member_id = $2::uuid " LOAN_ASSET                                         \
	"where l.cooperative_id = $1::integer and a.state = 'active' "
#define LOAN_PAGE " order by l.requested_ms offset $4::integer limit $5::integer"

const struct pg_statement loans_waiting = { "loans_waiting", LOAN_LIST
	                                    "and loan_waits_for(l, a)" LOAN_PAGE };

/* 2, 4 and 8: weigher, treasurer and officer; nobody hands over to himself. */
const struct pg_statement leases_ready = { "leases_ready", LOAN_LIST
	                                   "and l.state = 'ready' and a.roles & 14 <> 0 "
	                                   "and l.member_id <> a.member_id" LOAN_PAGE };

const struct pg_statement leases_out = { "leases_out", LOAN_LIST
	                                 "and l.state in ('live', 'written_off') "
	                                 "and s.state = 'leased' and a.roles & 12 <> 0 "
	                                 "and l.member_id <> a.member_id" LOAN_PAGE };

const struct pg_statement loan_payment_by_id = {
	"loan_payment_by_id",
	"select payment_id, code, amount, state from payments "
	"where cooperative_id = $1::integer and payment_id = $2::uuid "
	"and ($3::uuid is null or member_id = $3)"
};

const struct pg_statement officers_of = {
	"officers_of",
	"select m.member_id, " FIRST_NUMBER ", m.language from members m "
	"where m.cooperative_id = $1::integer and m.roles > 1 "
	"and m.roles & $2::integer <> 0 "
	"and m.state = 'active' and ($3::uuid is null or m.member_id <> $3) "
	"order by m.number limit 4"
};

void
loan_read_view(const struct pg_reply *r, int row, struct loan_view *v)
{
	*v = (struct loan_view){
		.loan_id = reply_uuid(r, row, C_LOAN),
		.state =
		    (enum loan_state)row_word(r, row, C_STATE, state_names, LOAN_STATES),
		.terms = { .principal = reply_i64(r, row, C_PRINCIPAL),
		           .fee = reply_i64(r, row, C_FEE),
		           .instalment = reply_i64(r, row, C_INSTALMENT),
		           .instalments = (uint32_t)reply_i64(r, row, C_WEEKS),
		           .every = (uint32_t)reply_i64(r, row, C_EVERY),
		           .every_unit = (enum every_unit)row_word(r, row, C_EVERY_UNIT,
		                                                   every_names, 3),
		           .apr_bp = reply_i64(r, row, C_APR),
		           .first_due_day = (int32_t)reply_i64(r, row, C_FIRST_DUE),
		           .last_due_day = (int32_t)reply_i64(r, row, C_LAST_DUE) },
		.requested_ms = reply_i64(r, row, C_REQUESTED),
		.needs_second = reply_bool(r, row, C_SECOND),
		.sales_90d = reply_i64(r, row, C_SALES),
		.loans_before = (unsigned)reply_i64(r, row, C_BEFORE),
	};
	v->terms.total = v->terms.principal + v->terms.fee;
	if (v->state == LOAN_LIVE)
		v->owed = v->terms.total - reply_i64(r, row, C_PRINCIPAL_PAID) -
		          reply_i64(r, row, C_FEE_PAID);
	v->deposit = reply_i64(r, row, C_DEPOSIT);
	v->asset.asset_id = reply_uuid(r, row, C_ASSET);
	v->asset.loan_id = v->loan_id;
	v->asset.cost = reply_i64(r, row, C_ASSET_COST);
	ROW_TEXT(r, row, C_ASSET_CODE, v->asset.code);
	ROW_TEXT(r, row, C_ASSET_NAME, v->asset.name);
	if (v->asset.code[0] != '\0')
		v->asset.state = asset_state_read(r, row, C_ASSET_STATE);
	ROW_TEXT(r, row, C_PRODUCT, v->product);
	ROW_TEXT(r, row, C_CODE, v->code);
	ROW_TEXT(r, row, C_CURRENCY, v->currency);
	ROW_TEXT(r, row, C_NAME, v->member_name);
	ROW_TEXT(r, row, C_MSISDN, v->msisdn);
	ROW_TEXT(r, row, C_PAYMENT_CODE, v->payment_code);
}

unsigned
loans_read_total(const struct pg_reply *r)
{
	return r->rows == 0 ? 0 : (unsigned)reply_i64(r, 0, C_TOTAL);
}

static void
free_document(void *p)
{
	json_free(p);
}

static struct json *
document(const struct pg_reply *r, int col, struct arena *arena)
{
	const char *text = reply_text(r, 0, col);
	struct json *doc = json_parse(text, strlen(text), NULL);

	if (doc != NULL)
		arena_defer(arena, free_document, doc);
	return doc;
}

bool
loan_read(const struct pg_reply *r, struct arena *arena, struct loan_record *out)
{
	if (r->rows == 0)
		return false;
	*out = (struct loan_record){
		.cooperative_id = (int32_t)reply_i64(r, 0, C_COOP),
		.version = (int32_t)reply_i64(r, 0, C_VERSION),
		.member_id = reply_uuid(r, 0, C_MEMBER),
		.seen_by = reply_uuid(r, 0, C_SEEN_BY),
		.approved_by = reply_uuid(r, 0, C_APPROVED_BY),
		.payment_id = reply_uuid(r, 0, C_PAYMENT),
		.hold_id = reply_uuid(r, 0, C_HOLD),
		.first_due_days = (uint32_t)reply_i64(r, 0, C_FIRST_DAYS),
		.sale_share_permille = (uint32_t)reply_i64(r, 0, C_SHARE),
		.floor_permille = (uint32_t)reply_i64(r, 0, C_FLOOR),
		.today = (int32_t)reply_i64(r, 0, C_TODAY),
		.actor_roles = (unsigned)reply_i64(r, 0, C_ROLES),
	};
	ROW_TEXT(r, 0, C_LANGUAGE, out->language);
	ROW_TEXT(r, 0, C_PROVIDER, out->provider);
	loan_read_view(r, 0, &out->view);
	out->booked = reply_i64(r, 0, C_BOOKED);
	out->view.past_due = reply_i64(r, 0, C_PAST_DUE);
	out->view.next_due_day = (int32_t)reply_i64(r, 0, C_NEXT_DAY);
	out->view.next_due = reply_i64(r, 0, C_NEXT_DUE);
	out->contract = document(r, C_CONTRACT, arena);
	out->events = document(r, C_EVENTS, arena);
	if (!reply_null(r, 0, C_GROUP))
		out->group = loan_group_read(reply_text(r, 0, C_GROUP), arena);
	out->view.in_group = out->group != NULL;
	return true;
}

void
officers_read(const struct pg_reply *r, struct officers *out)
{
	*out = (struct officers){ 0 };
	for (int i = 0; i < r->rows && i < OFFICERS_MAX; i++) {
		struct member *m = &out->at[out->count++];

		m->member_id = reply_uuid(r, i, 0);
		ROW_TEXT(r, i, 1, m->msisdn);
		ROW_TEXT(r, i, 2, m->language);
	}
}

void
loan_payment_code(const struct pg_reply *r, char *out, size_t cap)
{
	row_text(r, 0, 1, out, cap);
}

bool
loan_off_read(const struct pg_reply *r, struct arena *arena, struct loan_record *out,
              struct uuid *asked_by)
{
	if (!loan_read(r, arena, out))
		return false;
	*asked_by = reply_uuid(r, 0, C_OFF_ASKED);
	return true;
}
