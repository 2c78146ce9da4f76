#include "payments/store/groups.h"

#include "lib/json.h"
#include "payments/store/row.h"

#include <stdio.h>
#include <string.h>

#define BP_WHOLE 10000

static const char *const state_names[GROUP_STATES] = { "forming", "seen", "approved",
	                                               "closed", "refused" };

enum { /* of a group's rows */
       C_GROUP,
       C_CODE,
       C_GROUP_NAME,
       C_PRODUCT,
       C_STATE,
       C_VERSION,
       C_TERMS,
       C_GUARANTEE_BP,
       C_MIN,
       C_MAX,
       C_CURRENCY,
       C_MADE_BY,
       C_SEEN_BY,
       C_APPROVED_BY,
       C_ROLES,
       C_MEMBER,
       C_NAME,
       C_MSISDN,
       C_LANGUAGE,
       C_AMOUNT,
       C_LOAN,
       C_LOAN_CODE,
       C_LOAN_STATE,
       C_OWED,
       C_PAST_DUE,
       C_HOLD,
       C_GUARANTEE,
       C_CALLED,
       C_SAVINGS
};

/* Savings: account kind 18. */
#define GROUP_ROWS                                                                       \
	"select g.group_id, g.code, g.name, g.product, g.state, g.version, g.terms, "    \
	"g.guarantee_bp, g.group_min, g.group_max, c.currency, g.made_by, g.seen_by, "   \
	"g.approved_by, coalesce(a.roles, 0), p.member_id, m.name, n.msisdn, "           \
	"m.language, p.amount, p.loan_id, l.code, l.state, "                             \
	"case when l.state = 'live' then l.total - l.principal_paid - l.fee_paid "       \
	"else 0 end, "                                                                   \
	"coalesce((select sum(w.principal + w.interest + w.fee + w.penalty "             \
	"- w.principal_paid - w.interest_paid - w.fee_paid - w.penalty_paid) "           \
	"from loan_rows w where w.cooperative_id = p.cooperative_id "                    \
	"and w.loan_id = p.loan_id and l.state = 'live' "                                \
	"and w.due_day < local_day(g.cooperative_id, $4::bigint)), 0)::bigint, "         \
	"p.hold_id, p.guarantee, p.called, "                                             \
	"coalesce((select -x.balance - x.pending_debit from accounts x "                 \
	"where x.cooperative_id = p.cooperative_id and x.owner = p.member_id "           \
	"and x.kind = 18 and x.unit = c.currency), 0)::bigint "                          \
	"from loan_groups g "                                                            \
	"join cooperatives c on c.cooperative_id = g.cooperative_id "                    \
	"left join members a on a.cooperative_id = g.cooperative_id "                    \
	"and a.member_id = $3::uuid and a.state = 'active' "                             \
	"left join loan_group_parts p on p.cooperative_id = g.cooperative_id "           \
	"and p.group_id = g.group_id "                                                   \
	"left join members m on m.cooperative_id = p.cooperative_id "                    \
	"and m.member_id = p.member_id "                                                 \
	"left join loans l on l.cooperative_id = p.cooperative_id "                      \
	"and l.loan_id = p.loan_id "                                                     \
	"left join lateral (select y.msisdn from member_numbers y "                      \
	"where y.cooperative_id = p.cooperative_id and y.member_id = p.member_id "       \
	"order by y.added_ms limit 1) n on true where g.cooperative_id = $1::integer "
#define IN_ORDER " order by p.added_ms, p.member_id"

const struct pg_statement group_by_id = { "group_by_id", GROUP_ROWS
	                                  "and g.group_id = $2::uuid" IN_ORDER };

const struct pg_statement group_of_member = {
	"group_of_member", GROUP_ROWS
	"and g.group_id = (select q.group_id from loan_group_parts q "
	"join loan_groups h on h.cooperative_id = q.cooperative_id "
	"and h.group_id = q.group_id "
	"where q.cooperative_id = $1 and q.member_id = $2::uuid "
	"and h.state in ('forming', 'seen', 'approved') "
	"order by q.loan_id is not null desc, h.made_ms desc limit 1)" IN_ORDER
};

const struct pg_statement group_of_loan = {
	"group_of_loan", GROUP_ROWS
	"and g.group_id = (select q.group_id from loan_group_parts q join loans k "
	"on k.cooperative_id = q.cooperative_id and k.loan_id = q.loan_id "
	"where q.cooperative_id = $1 and k.code = $2::text)" IN_ORDER
};

int64_t
group_guarantee(uint32_t guarantee_bp, int64_t amount)
{
	return amount / BP_WHOLE * guarantee_bp +
	       (amount % BP_WHOLE * guarantee_bp + BP_WHOLE - 1) / BP_WHOLE;
}

static void
read_part(const struct pg_reply *r, int row, struct group_part *p)
{
	*p = (struct group_part){ .member_id = reply_uuid(r, row, C_MEMBER),
		                  .amount = reply_i64(r, row, C_AMOUNT),
		                  .loan_id = reply_uuid(r, row, C_LOAN),
		                  .owed = reply_i64(r, row, C_OWED),
		                  .past_due = reply_i64(r, row, C_PAST_DUE),
		                  .hold_id = reply_uuid(r, row, C_HOLD),
		                  .guarantee = reply_i64(r, row, C_GUARANTEE),
		                  .called = reply_i64(r, row, C_CALLED),
		                  .savings = reply_i64(r, row, C_SAVINGS) };
	ROW_TEXT(r, row, C_NAME, p->name);
	ROW_TEXT(r, row, C_MSISDN, p->msisdn);
	ROW_TEXT(r, row, C_LANGUAGE, p->language);
	ROW_TEXT(r, row, C_LOAN_CODE, p->loan_code);
	ROW_TEXT(r, row, C_LOAN_STATE, p->loan_state);
}

bool
group_read(const struct pg_reply *r, struct group_view *g)
{
	if (r->rows == 0)
		return false;
	*g = (struct group_view){
		.group_id = reply_uuid(r, 0, C_GROUP),
		.state =
		    (enum group_state)row_word(r, 0, C_STATE, state_names, GROUP_STATES),
		.version = (int32_t)reply_i64(r, 0, C_VERSION),
		.terms = (unsigned)reply_i64(r, 0, C_TERMS),
		.guarantee_bp = (uint32_t)reply_i64(r, 0, C_GUARANTEE_BP),
		.members_min = (unsigned)reply_i64(r, 0, C_MIN),
		.members_max = (unsigned)reply_i64(r, 0, C_MAX),
		.made_by = reply_uuid(r, 0, C_MADE_BY),
		.seen_by = reply_uuid(r, 0, C_SEEN_BY),
		.approved_by = reply_uuid(r, 0, C_APPROVED_BY),
		.actor_roles = (unsigned)reply_i64(r, 0, C_ROLES),
	};
	ROW_TEXT(r, 0, C_CODE, g->code);
	ROW_TEXT(r, 0, C_GROUP_NAME, g->name);
	ROW_TEXT(r, 0, C_PRODUCT, g->product);
	ROW_TEXT(r, 0, C_CURRENCY, g->currency);
	for (int i = 0; i < r->rows && g->count < GROUP_MEMBERS_MAX; i++) {
		if (reply_null(r, i, C_MEMBER))
			continue;
		read_part(r, i, &g->part[g->count]);
		if (!uuid_is_nil(&g->part[g->count++].loan_id))
			g->agreed++;
	}
	return true;
}

/* 4 and 8: treasurer and officer. */
const struct pg_statement groups_open = {
	"groups_open",
	"select g.group_id, g.code, g.name, g.state, count(p.member_id), "
	"count(p.loan_id), coalesce(sum(p.amount), 0)::bigint, count(*) over () "
	"from members a join loan_groups g on g.cooperative_id = a.cooperative_id "
	"left join loan_group_parts p on p.cooperative_id = g.cooperative_id "
	"and p.group_id = g.group_id "
	"where a.cooperative_id = $1::integer and a.member_id = $2::uuid "
	"and a.state = 'active' and a.roles & 12 <> 0 "
	"and g.state in ('forming', 'seen', 'approved') "
	"group by g.group_id, g.code, g.name, g.state, g.made_ms "
	"order by g.made_ms desc offset $3::integer limit $4::integer"
};

void
group_list_read(const struct pg_reply *r, struct group_list *out)
{
	*out = (struct group_list){ 0 };
	for (int i = 0; i < r->rows && out->count < GROUPS_PAGE; i++) {
		struct group_line *g = &out->at[out->count++];

		g->group_id = reply_uuid(r, i, 0);
		ROW_TEXT(r, i, 1, g->code);
		ROW_TEXT(r, i, 2, g->name);
		g->state = (enum group_state)row_word(r, i, 3, state_names, GROUP_STATES);
		g->count = (unsigned)reply_i64(r, i, 4);
		g->agreed = (unsigned)reply_i64(r, i, 5);
		g->amount = reply_i64(r, i, 6);
		out->total = (unsigned)reply_i64(r, i, 7);
	}
}

static void
copy_text(const struct json *of, const char *key, char *out, size_t cap)
{
	const char *text = json_get_text(of, key);

	snprintf(out, cap, "%s", text == NULL ? "" : text);
}

static void
read_hold(const struct json *in, struct group_hold *h)
{
	const char *member = json_get_text(in, "member_id");
	const char *hold = json_get_text(in, "hold_id");

	if (member != NULL)
		uuid_parse(member, strlen(member), &h->member.member_id);
	if (hold != NULL)
		uuid_parse(hold, strlen(hold), &h->hold_id);
	json_get_i64(in, "amount", &h->amount);
	copy_text(in, "language", h->member.language, sizeof h->member.language);
	copy_text(in, "msisdn", h->member.msisdn, sizeof h->member.msisdn);
}

struct loan_group *
loan_group_read(const char *text, struct arena *arena)
{
	struct json *doc = text == NULL ? NULL : json_parse(text, strlen(text), NULL);
	const struct json *holds = json_get(doc, "holds");
	const char *id = json_get_text(doc, "group_id");
	struct loan_group *g = NULL;
	int64_t version = 0, open = 0;

	if (id != NULL) {
		g = arena_zalloc(arena, sizeof *g);
		uuid_parse(id, strlen(id), &g->group_id);
		json_get_i64(doc, "version", &version);
		json_get_i64(doc, "open", &open);
		g->version = (int32_t)version;
		g->others_open = (unsigned)open;
		copy_text(doc, "name", g->name, sizeof g->name);
		for (size_t i = 0; i < json_count(holds) && i < GROUP_MEMBERS_MAX; i++)
			read_hold(json_at(holds, i), &g->hold[g->count++]);
	}
	json_free(doc);
	return g;
}

/* ---- bodies of effects ---- */

static void
begin(struct json_writer *w, struct buf *out, const struct uuid *group_id,
      int32_t version)
{
	jw_init(w, out);
	jw_object(w, NULL);
	jw_uuid(w, "group_id", group_id);
	if (version > 0)
		jw_i64(w, "version", version);
}

void
group_new_body(struct buf *out, const struct group_new *n)
{
	struct json_writer w;

	begin(&w, out, &n->group_id, 0);
	jw_text(&w, "code", n->code);
	jw_text(&w, "name", n->name);
	jw_text(&w, "product", n->product->code);
	jw_i64(&w, "terms", n->terms);
	jw_i64(&w, "guarantee_bp", n->product->guarantee_bp);
	jw_i64(&w, "group_min", n->product->group_min);
	jw_i64(&w, "group_max", n->product->group_max);
	jw_uuid(&w, "made_by", &n->made_by);
	jw_i64(&w, "made_ms", n->now_ms);
	jw_end_object(&w);
}

void
group_add_body(struct buf *out, const struct uuid *group_id, int32_t version,
               const struct uuid *member_id, int64_t amount, int64_t now_ms)
{
	struct json_writer w;

	begin(&w, out, group_id, version);
	jw_uuid(&w, "member_id", member_id);
	jw_i64(&w, "amount", amount);
	jw_i64(&w, "added_ms", now_ms);
	jw_end_object(&w);
}

void
group_join_body(struct buf *out, const struct uuid *group_id, int32_t version,
                const struct uuid *member_id, const struct uuid *loan_id)
{
	struct json_writer w;

	begin(&w, out, group_id, version);
	jw_uuid(&w, "member_id", member_id);
	jw_uuid(&w, "loan_id", loan_id);
	jw_end_object(&w);
}

void
group_set_body(struct buf *out, const struct uuid *group_id, int32_t version,
               const struct group_change *c)
{
	struct json_writer w;

	begin(&w, out, group_id, version);
	if (c->state != NULL)
		jw_text(&w, "state", c->state);
	jw_uuid(&w, "seen_by", &c->seen_by);
	jw_uuid(&w, "approved_by", &c->approved_by);
	jw_uuid(&w, "refused_by", &c->refused_by);
	jw_uuid(&w, "called_for", &c->called_for);
	if (c->decided_ms != 0)
		jw_i64(&w, "decided_ms", c->decided_ms);
	jw_array(&w, "parts");
	for (unsigned i = 0; i < c->count; i++) {
		jw_object(&w, NULL);
		jw_uuid(&w, "member_id", &c->held[i].member_id);
		jw_uuid(&w, "hold_id", &c->held[i].hold_id);
		jw_i64(&w, "guarantee", c->held[i].amount);
		jw_i64(&w, "called", c->held[i].called);
		jw_end_object(&w);
	}
	jw_end_array(&w);
	jw_end_object(&w);
}

void
group_call_asked_body(struct buf *out, const struct uuid *loan_id, int32_t version,
                      const struct uuid *by, int64_t now_ms)
{
	struct json_writer w;

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_uuid(&w, "loan_id", loan_id);
	jw_i64(&w, "version", version);
	jw_uuid(&w, "asked_by", by);
	jw_i64(&w, "asked_ms", now_ms);
	jw_end_object(&w);
}

void
group_pull_body(struct buf *out, const struct uuid *group_id)
{
	char text[UUID_TEXT_SIZE];

	buf_printf(out, "{\"group_id\":\"%s\"}", uuid_text(group_id, text));
}
