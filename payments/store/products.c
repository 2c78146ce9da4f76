#include "payments/store/products.h"

#include "lib/json.h"
#include "payments/store/row.h"

#include <stdlib.h>
#include <string.h>

enum { /* of PRODUCT_COLUMNS */
       C_ID,
       C_CODE,
       C_VERSION,
       C_KIND,
       C_NAME,
       C_NAME_SW,
       C_NAME_FR,
       C_ACTIVE,
       C_PHONE,
       C_POSITION,
       C_CURRENCY,
       C_MIN,
       C_MAX,
       C_TERMS_MIN,
       C_TERMS_USUAL,
       C_TERMS_MAX,
       C_CHOICE,
       C_FIRST_DAYS,
       C_SECOND,
       C_SHARE,
       C_FLOOR,
       C_DEPOSIT,
       C_BUYOUT,
       C_GROUP_MIN,
       C_GROUP_MAX,
       C_LIMIT_FIRST,
       C_LIMIT_LOAN,
       C_LIMIT_SALES,
       C_LIMIT_WEEKS,
       C_LIMIT_LATE,
       C_CONTRACT,
       C_GUARANTEE,
       C_PRODUCT_END,
       F_HAS_LOAN = C_PRODUCT_END, /* of loan_facts */
       F_CLOSED,
       F_LATE,
       F_SALES,
       F_TODAY,
       F_PROVIDER,
       F_NAME,
       F_MSISDN,
       F_LANGUAGE,
       F_MEMBER
};

#define PRODUCT_COLUMNS                                                                  \
	"p.product_id, p.code, p.version, p.kind, p.name, p.name_sw, p.name_fr, "        \
	"p.active, p.on_phone, p.position, c.currency, p.amount_min, p.amount_max, "     \
	"p.weeks_min, p.weeks_usual, p.weeks_max, "                                      \
	"array_to_string(p.term_choice, ' '), p.first_due_days, p.second_above, "        \
	"p.sale_share_permille, p.floor_permille, p.deposit_bp, p.buyout_bp, "           \
	"p.group_min, p.group_max, coalesce(p.limit_first, p.amount_max / 2), "          \
	"coalesce(p.limit_per_loan, p.amount_max / 4), p.limit_sales_permille, "         \
	"p.limit_sales_weeks, p.limit_per_late, p.contract::text, p.guarantee_bp"

const struct pg_statement products_newest = {
	"products_newest",
	"select " PRODUCT_COLUMNS " from loan_products p "
	"join cooperatives c on c.cooperative_id = p.cooperative_id "
	"where p.cooperative_id = $1::integer and ($2::text is null or p.code = $2) "
	"and p.version = (select max(x.version) from loan_products x "
	"where x.cooperative_id = p.cooperative_id and x.code = p.code) "
	"order by p.position, p.code"
};

const struct pg_statement product_cooperatives = {
	"product_cooperatives", "select cooperative_id, code, currency from cooperatives "
	                        "where $1::text is null or code = upper($1) order by "
	                        "cooperative_id"
};

const struct pg_statement loan_facts = {
	"loan_facts",
	"select " PRODUCT_COLUMNS ", exists (select 1 from loans o "
	"where o.cooperative_id = m.cooperative_id and o.member_id = m.member_id "
	"and o.state in ('requested', 'seen', 'approved', 'ready', 'live')), "
	"(select count(*) from loans x where x.cooperative_id = m.cooperative_id "
	"and x.member_id = m.member_id and x.state = 'closed'), "
	"late_instalments(m.cooperative_id, m.member_id, "
	"local_day(m.cooperative_id, now.ms)), "
	"(select coalesce(sum(t.net), 0)::bigint from lots t "
	"where t.cooperative_id = m.cooperative_id and t.seller_id = m.member_id "
	"and t.state = 'sold' "
	"and t.sold_ms > now.ms - p.limit_sales_weeks * 604800000::bigint), "
	"local_day(m.cooperative_id, now.ms), t.provider, m.name, "
	"(select n.msisdn from member_numbers n "
	"where n.cooperative_id = m.cooperative_id and n.member_id = m.member_id "
	"order by n.added_ms limit 1), m.language, m.member_id "
	"from (select $3::bigint as ms) now cross join members m "
	"join cooperatives c on c.cooperative_id = m.cooperative_id "
	"join trade_rules t on t.cooperative_id = m.cooperative_id "
	"join loan_products p on p.cooperative_id = m.cooperative_id and p.active "
	"and ($4::text is null and p.kind in ('working', 'emergency') or p.code = $4) "
	"where m.cooperative_id = $1::integer and m.member_id = $2::uuid "
	"and m.state = 'active' order by p.kind in ('working', 'emergency') desc, "
	"p.on_phone desc, p.position, p.code limit 1"
};

static void
read_choice(const char *text, struct loan_product *out)
{
	char *end;

	while (out->choices < TERM_CHOICES_MAX) {
		out->choice[out->choices] = (uint32_t)strtoul(text, &end, 10);
		if (end == text)
			return;
		out->choices++;
		text = end;
	}
}

static void
read_terms(const struct pg_reply *r, int row, struct loan_product *out)
{
	*out = (struct loan_product){
		.amount_min = reply_i64(r, row, C_MIN),
		.amount_max = reply_i64(r, row, C_MAX),
		.terms_min = (uint32_t)reply_i64(r, row, C_TERMS_MIN),
		.terms_usual = (uint32_t)reply_i64(r, row, C_TERMS_USUAL),
		.terms_max = (uint32_t)reply_i64(r, row, C_TERMS_MAX),
		.limit = { .first = reply_i64(r, row, C_LIMIT_FIRST),
		           .per_loan = reply_i64(r, row, C_LIMIT_LOAN),
		           .sales_permille = (uint32_t)reply_i64(r, row, C_LIMIT_SALES),
		           .sales_weeks = (uint32_t)reply_i64(r, row, C_LIMIT_WEEKS),
		           .per_late = reply_i64(r, row, C_LIMIT_LATE) },
		.first_due_days = (uint32_t)reply_i64(r, row, C_FIRST_DAYS),
		.second_above = reply_i64(r, row, C_SECOND),
		.sale_share_permille = (uint32_t)reply_i64(r, row, C_SHARE),
		.floor_permille = (uint32_t)reply_i64(r, row, C_FLOOR),
	};
	read_choice(reply_text(r, row, C_CHOICE), out);
}

bool
product_row_read(const struct pg_reply *r, int row, struct product *out, struct uuid *id)
{
	const char *contract = reply_text(r, row, C_CONTRACT);
	const char *kind = reply_text(r, row, C_KIND);
	struct json *doc = json_parse(contract, strlen(contract), NULL);
	struct diag fault;
	bool read;

	*out = (struct product){
		.version = (uint32_t)reply_i64(r, row, C_VERSION),
		.active = reply_bool(r, row, C_ACTIVE),
		.on_phone = reply_bool(r, row, C_PHONE),
		.position = (uint32_t)reply_i64(r, row, C_POSITION),
		.deposit_bp = (uint32_t)reply_i64(r, row, C_DEPOSIT),
		.buyout_bp = (uint32_t)reply_i64(r, row, C_BUYOUT),
		.group_min = (uint32_t)reply_i64(r, row, C_GROUP_MIN),
		.group_max = (uint32_t)reply_i64(r, row, C_GROUP_MAX),
		.guarantee_bp = (uint32_t)reply_i64(r, row, C_GUARANTEE),
	};
	for (unsigned k = 0; k < PRODUCT_KINDS; k++)
		if (strcmp(kind, product_kind_name((enum product_kind)k)) == 0)
			out->kind = (enum product_kind)k;
	ROW_TEXT(r, row, C_CODE, out->code);
	ROW_TEXT(r, row, C_NAME, out->names[PRODUCT_EN]);
	ROW_TEXT(r, row, C_NAME_SW, out->names[PRODUCT_SW]);
	ROW_TEXT(r, row, C_NAME_FR, out->names[PRODUCT_FR]);
	ROW_TEXT(r, row, C_CURRENCY, out->currency);
	read_terms(r, row, &out->terms);
	if (id != NULL)
		*id = reply_uuid(r, row, C_ID);
	read = contract_read(doc, &out->terms.contract, &fault) == 0;
	json_free(doc);
	return read;
}

bool
loan_facts_read(const struct pg_reply *r, struct loan_facts *out)
{
	if (r->rows == 0)
		return false;
	*out = (struct loan_facts){
		.borrower = { .has_loan = reply_bool(r, 0, F_HAS_LOAN),
		              .loans_closed = (uint32_t)reply_i64(r, 0, F_CLOSED),
		              .late = (uint32_t)reply_i64(r, 0, F_LATE),
		              .sales = reply_i64(r, 0, F_SALES) },
		.today = (int32_t)reply_i64(r, 0, F_TODAY),
		.member = { .member_id = reply_uuid(r, 0, F_MEMBER) },
	};
	ROW_TEXT(r, 0, C_CURRENCY, out->currency);
	ROW_TEXT(r, 0, F_PROVIDER, out->provider);
	ROW_TEXT(r, 0, F_NAME, out->member.name);
	ROW_TEXT(r, 0, F_MSISDN, out->member.msisdn);
	ROW_TEXT(r, 0, F_LANGUAGE, out->member.language);
	return product_row_read(r, 0, &out->product, &out->product_id);
}

void
product_new_body(struct buf *out, const struct uuid *id, const struct product *p,
                 uint32_t seen, int64_t now_ms)
{
	const struct loan_product *t = &p->terms;
	struct json_writer w;
	char text[UUID_TEXT_SIZE];

	jw_init(&w, out);
	jw_object(&w, NULL);
	jw_text(&w, "product_id", uuid_text(id, text));
	jw_text(&w, "code", p->code);
	jw_i64(&w, "seen", seen);
	jw_text(&w, "kind", product_kind_name(p->kind));
	jw_text(&w, "name", p->names[PRODUCT_EN]);
	jw_text(&w, "name_sw", p->names[PRODUCT_SW]);
	jw_text(&w, "name_fr", p->names[PRODUCT_FR]);
	jw_bool(&w, "active", p->active);
	jw_bool(&w, "on_phone", p->on_phone);
	jw_i64(&w, "position", p->position);
	jw_i64(&w, "amount_min", t->amount_min);
	jw_i64(&w, "amount_max", t->amount_max);
	jw_i64(&w, "terms_min", t->terms_min);
	jw_i64(&w, "terms_usual", t->terms_usual);
	jw_i64(&w, "terms_max", t->terms_max);
	jw_array(&w, "term_choice");
	for (uint32_t i = 0; i < t->choices; i++)
		jw_i64(&w, NULL, t->choice[i]);
	jw_end_array(&w);
	jw_i64(&w, "first_due_days", t->first_due_days);
	jw_i64(&w, "second_above", t->second_above);
	jw_i64(&w, "sale_share_permille", t->sale_share_permille);
	jw_i64(&w, "floor_permille", t->floor_permille);
	jw_i64(&w, "deposit_bp", p->deposit_bp);
	jw_i64(&w, "buyout_bp", p->buyout_bp);
	jw_i64(&w, "group_min", p->group_min);
	jw_i64(&w, "group_max", p->group_max);
	jw_i64(&w, "guarantee_bp", p->guarantee_bp);
	jw_i64(&w, "limit_first", t->limit.first);
	jw_i64(&w, "limit_per_loan", t->limit.per_loan);
	jw_i64(&w, "limit_sales_permille", t->limit.sales_permille);
	jw_i64(&w, "limit_sales_weeks", t->limit.sales_weeks);
	jw_i64(&w, "limit_per_late", t->limit.per_late);
	jw_object(&w, "contract");
	contract_write(&w, &t->contract);
	jw_end_object(&w);
	jw_i64(&w, "made_ms", now_ms);
	jw_end_object(&w);
}
