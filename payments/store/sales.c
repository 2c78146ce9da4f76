#include "payments/store/sales.h"

#include "lib/json.h"
#include "payments/store/row.h"

#include <string.h>

static const char *const state_names[LOT_STATES] = { "quoted", "sold", "refused",
	                                             "expired" };
static const char *const method_names[LOT_METHODS] = { "xrf", "density", "touchstone",
	                                               "fire", "valuer" };

const char *
lot_state_name(enum lot_state s)
{
	return state_names[s];
}

const char *
lot_method_name(enum lot_method m)
{
	return method_names[m];
}

enum { /* of LOT_COLUMNS */
       C_COOP,
       C_LOT,
       C_VERSION,
       C_CODE,
       C_STATE,
       C_SELLER,
       C_SELLER_NAME,
       C_SELLER_NUMBER,
       C_SITE,
       C_TAG,
       C_METHOD,
       C_RECORDED,
       C_EXPIRES,
       C_CURRENCY,
       C_GROSS_MG,
       C_FINENESS,
       C_FINE_MG,
       C_FINE_GRAM,
       C_PAID,
       C_WORLD,
       C_GROSS,
       C_LEVIES,
       C_NET,
       C_SHARE,
       C_PAYOUT,
       C_RECEIPT,
       C_OWED_AFTER,
       C_PAYMENT_CODE,
       C_SITE_ID,
       C_PRICE_ID,
       C_SOURCE,
       C_EXPONENT,
       C_COOP_NAME,
       C_MINERAL,
       C_SYMBOL,
       C_PRICE_MG,
       C_AMOUNT,
       C_UNIT,
       C_BOARD,
       C_ABOVE,
       C_NEEDS_SECOND,
       C_SECONDED,
       C_RECORDED_ID,
       C_RECORDED_BY,
       C_DOLLAR,
       C_CHARGES,
       C_DOLLAR_SOURCE,
       C_TOTAL, /* of lists */
       C_LOAN = C_TOTAL,
       C_MSISDN,
       C_LANGUAGE,
       C_PROVIDER,
       C_LOCAL,
       C_ROLES,
       C_QUOTE_MINUTES,
       C_LEVY
};

#define LOT_COLUMNS                                                                      \
	"t.cooperative_id, t.lot_id, t.version, t.code, t.state, t.seller_id, m.name, "  \
	"m.number, s.code, t.tag, t.method, t.recorded_ms, t.expires_ms, c.currency, "   \
	"t.gross_mg, t.fineness, t.fine_mg, t.fine_gram, t.paid_permille, "              \
	"t.world_value, t.gross_value, t.levies_total, t.net, t.loan_share, t.payout, "  \
	"t.receipt_code, t.owed_after, t.payment_code, t.site_id, t.price_id, "          \
	"t.price_source, (select u.exponent from currencies u "                          \
	"where u.code = c.currency), c.code || ' ' || c.name, t.mineral, "               \
	"(select i.symbol from minerals i where i.mineral = t.mineral), t.price_mg, "    \
	"t.typed_amount, t.typed_unit, t.board_permille, t.above_world, "                \
	"t.needs_second, t.second_by is not null, t.recorded_by, w.name, "               \
	"coalesce(t.dollar, 0), t.charges_total, "                                       \
	"coalesce(dollar_source(t.cooperative_id, t.dollar_id), '')"

#define LOT_JOINS                                                                        \
	"join members m on m.cooperative_id = t.cooperative_id "                         \
	"and m.member_id = t.seller_id "                                                 \
	"join sites s on s.cooperative_id = t.cooperative_id "                           \
	"and s.site_id = t.site_id "                                                     \
	"join members w on w.cooperative_id = t.cooperative_id "                         \
	"and w.member_id = t.recorded_by "                                               \
	"join cooperatives c on c.cooperative_id = t.cooperative_id "

#define LEVY_COLUMNS                                                                     \
	"v.levy_id, v.code, v.payee, v.base, v.rate_bp, v.per_kg, v.usd_micro, "         \
	"v.ref_micro, v.amount"

#define LEVY_JOIN                                                                        \
	"left join lot_lines v on v.cooperative_id = t.cooperative_id "                  \
	"and v.lot_id = t.lot_id "

#define LOCAL_TIME(ms)                                                                   \
	"to_char(to_timestamp(" ms " / 1000.0) at time zone c.timezone, "                \
	"'YYYY-MM-DD HH24:MI:SS') || to_char(extract(epoch from "                        \
	"(to_timestamp(" ms " / 1000.0) at time zone c.timezone) - "                     \
	"(to_timestamp(" ms " / 1000.0) at time zone 'UTC')) / 36, 'SG0000')"

#define LOT_ROWS                                                                         \
	"select " LOT_COLUMNS ", (select l.loan_id from loans l "                        \
	"where l.cooperative_id = t.cooperative_id and l.member_id = t.seller_id "       \
	"and l.state = 'live'), "                                                        \
	"(select n.msisdn from member_numbers n "                                        \
	"where n.cooperative_id = m.cooperative_id and n.member_id = m.member_id "       \
	"order by n.added_ms limit 1), m.language, k.provider, " LOCAL_TIME(             \
	    "now.ms") ", coalesce(a.roles, 0), k.quote_minutes, " LEVY_COLUMNS           \
	              " from (select $3::uuid as actor, $4::bigint as ms) now cross "    \
	              "join "                                                            \
	              "lots t " LOT_JOINS                                                \
	              "join trade_rules k on k.cooperative_id = t.cooperative_id "       \
	              "left join members a on a.cooperative_id = t.cooperative_id "      \
	              "and a.member_id = now.actor and a.state = 'active' " LEVY_JOIN

const struct pg_statement lot_by_id = {
	"lot_by_id",
	LOT_ROWS "where t.cooperative_id = $1::integer and t.lot_id = $2::uuid "
	         "order by v.line"
};

const struct pg_statement lot_by_key = {
	"lot_by_key",
	LOT_ROWS "where t.cooperative_id = $1::integer and t.request_key = $2::uuid "
	         "order by v.line"
};

const struct pg_statement lots_of_seller = {
	"lots_of_seller",
	"select " LOT_COLUMNS ", count(*) over () from lots t " LOT_JOINS
	"where t.cooperative_id = $1::integer and t.seller_id = $2::uuid "
	"and t.state = 'quoted' and t.expires_ms > $3::bigint "
	"and (not t.needs_second or t.second_by is not null) "
	"order by t.recorded_ms desc, t.lot_id desc offset $5::integer "
	"limit $4::integer"
};

/* One that waits does not expire: the miner's minutes begin when both agreed.  After a
 * day it is forgotten. */
const struct pg_statement lots_for_second = {
	"lots_for_second",
	"select " LOT_COLUMNS ", count(*) over () from lots t " LOT_JOINS
	"where t.cooperative_id = $1::integer and t.state = 'quoted' "
	"and t.needs_second and t.second_by is null and t.recorded_by <> $2::uuid "
	"and t.seller_id <> $2 and t.recorded_ms > $3::bigint - 86400000 "
	"order by t.recorded_ms, t.lot_id offset $5::integer limit $4::integer"
};

const struct pg_statement trade_facts = {
	"trade_facts",
	"select a.roles, m.member_id, m.name, m.number, "
	"(select x.msisdn from member_numbers x where x.cooperative_id = "
	"m.cooperative_id "
	"and x.member_id = m.member_id order by x.added_ms limit 1), m.language, "
	"s.site_id, s.code, p.price_id, p.source, p.fine_gram, p.paid_permille, "
	"p.confirmed_ms < $5::bigint - k.price_hours::bigint * 3600000, "
	"k.quote_minutes, c.currency, l.loan_id, "
	"coalesce(l.total - l.principal_paid - l.fee_paid, 0), "
	"coalesce(l.sale_share_permille, 0), coalesce(l.floor_permille, 0), "
	"i.mineral, i.price_mg, i.unit, i.lot_max_mg, coalesce(r.deviation_permille, 0), "
	"x.mg_num, x.mg_den, x.version, coalesce(r.paid_permille, 1000), "
	"d.price_id, coalesce(d.fine_gram, 0), "
	"coalesce(d.confirmed_ms < $5 - k.price_hours::bigint * 3600000, false), "
	"v.levy_id, v.code, v.payee, v.base, v.rate_bp, v.per_kg, v.usd_micro, "
	"v.ref_micro "
	"from members a "
	"join cooperatives c on c.cooperative_id = a.cooperative_id "
	"join trade_rules k on k.cooperative_id = a.cooperative_id "
	"left join members m on m.cooperative_id = a.cooperative_id "
	"and m.member_id = member_named(a.cooperative_id, $3::text) "
	"left join lateral (select y.* from sites y "
	"where y.cooperative_id = a.cooperative_id and ($4::text = '' or y.code = "
	"upper($4)) "
	"order by y.added_ms, y.code limit 1) s on true "
	"left join minerals i on i.mineral = $6::text and i.traded "
	"left join mineral_rules r on r.cooperative_id = a.cooperative_id "
	"and r.mineral = i.mineral "
	"left join lateral (select z.* from weight_units z "
	"where z.cooperative_id = a.cooperative_id and z.code = $7::text "
	"order by z.version desc limit 1) x on true "
	"left join lateral (select z.* from price_board z "
	"where z.cooperative_id = a.cooperative_id and z.state = 'valid' "
	"and z.mineral = i.mineral "
	"order by z.confirmed_ms desc limit 1) p on true "
	"left join lateral (select z.* from price_board z "
	"where z.cooperative_id = a.cooperative_id and z.state = 'valid' "
	"and z.mineral = 'dollar' order by z.confirmed_ms desc limit 1) d on true "
	"left join loans l on l.cooperative_id = m.cooperative_id "
	"and l.member_id = m.member_id and l.state = 'live' "
	"left join levies v on v.cooperative_id = a.cooperative_id "
	"and v.from_day <= local_day(a.cooperative_id, $5) "
	"and (v.to_day is null or v.to_day >= local_day(a.cooperative_id, $5)) "
	"and (v.mineral is null or v.mineral = i.mineral) "
	"where a.cooperative_id = $1::integer and a.member_id = $2::uuid "
	"and a.state = 'active' order by v.position, v.code"
};

enum levy_base
levy_base(const struct pg_reply *r, int row, int col)
{
	const char *names[LEVY_BASES];

	for (int b = 0; b < LEVY_BASES; b++)
		names[b] = levy_base_name((enum levy_base)b);
	return (enum levy_base)row_word(r, row, col, names, LEVY_BASES);
}

void
levy_read(const struct pg_reply *r, int row, int col, struct levy *out)
{
	*out = (struct levy){ .levy_id = reply_uuid(r, row, col),
		              .base = levy_base(r, row, col + 3),
		              .rate_bp = (uint32_t)reply_i64(r, row, col + 4),
		              .per_kg = reply_i64(r, row, col + 5),
		              .usd_micro = reply_i64(r, row, col + 6),
		              .ref_micro = reply_i64(r, row, col + 7) };
	ROW_TEXT(r, row, col + 1, out->code);
	ROW_TEXT(r, row, col + 2, out->payee);
}

static void
read_levies(const struct pg_reply *r, int col, struct price_quote *q)
{
	for (int i = 0; i < r->rows && i < LEVIES_MAX; i++) {
		if (reply_null(r, i, col))
			break;
		levy_read(r, i, col, &q->levies[i].levy);
		q->levies[i].amount = reply_i64(r, i, col + 8);
		if (q->levies[i].levy.base == LEVY_PREMIUM)
			q->premiums_total += q->levies[i].amount;
		q->levy_count++;
	}
}

static void
read_quote(const struct pg_reply *r, int row, struct price_quote *q)
{
	*q = (struct price_quote){
		.gross_mg = reply_i64(r, row, C_GROSS_MG),
		.fineness = (int32_t)reply_i64(r, row, C_FINENESS),
		.fine_mg = reply_i64(r, row, C_FINE_MG),
		.fine_gram = reply_i64(r, row, C_FINE_GRAM),
		.price_mg = reply_i64(r, row, C_PRICE_MG),
		.above_world = reply_bool(r, row, C_ABOVE),
		.paid_permille = (int32_t)reply_i64(r, row, C_PAID),
		.world_value = reply_i64(r, row, C_WORLD),
		.gross_value = reply_i64(r, row, C_GROSS),
		.levies_total = reply_i64(r, row, C_LEVIES),
		.net = reply_i64(r, row, C_NET),
		.loan_share = reply_i64(r, row, C_SHARE),
		.payout = reply_i64(r, row, C_PAYOUT),
		.dollar = reply_i64(r, row, C_DOLLAR),
		.charges_total = reply_i64(r, row, C_CHARGES),
	};
}

void
lot_read_view(const struct pg_reply *r, int row, struct lot_view *v)
{
	*v = (struct lot_view){
		.lot_id = reply_uuid(r, row, C_LOT),
		.state =
		    (enum lot_state)row_word(r, row, C_STATE, state_names, LOT_STATES),
		.seller_id = reply_uuid(r, row, C_SELLER),
		.method = (enum lot_method)row_word(r, row, C_METHOD, method_names,
		                                    LOT_METHODS),
		.recorded_ms = reply_i64(r, row, C_RECORDED),
		.expires_ms = reply_i64(r, row, C_EXPIRES),
		.owed_after = reply_i64(r, row, C_OWED_AFTER),
		.board_permille = (int32_t)reply_i64(r, row, C_BOARD),
		.needs_second = reply_bool(r, row, C_NEEDS_SECOND),
		.seconded = reply_bool(r, row, C_SECONDED),
	};
	ROW_TEXT(r, row, C_MINERAL, v->mineral);
	ROW_TEXT(r, row, C_AMOUNT, v->typed_amount);
	ROW_TEXT(r, row, C_UNIT, v->typed_unit);
	ROW_TEXT(r, row, C_RECORDED_BY, v->recorded_by);
	read_quote(r, row, &v->quote);
	ROW_TEXT(r, row, C_CODE, v->code);
	ROW_TEXT(r, row, C_SELLER_NAME, v->seller_name);
	ROW_TEXT(r, row, C_SELLER_NUMBER, v->seller_number);
	ROW_TEXT(r, row, C_SITE, v->site);
	ROW_TEXT(r, row, C_TAG, v->tag);
	ROW_TEXT(r, row, C_CURRENCY, v->currency);
	ROW_TEXT(r, row, C_RECEIPT, v->receipt_code);
	ROW_TEXT(r, row, C_PAYMENT_CODE, v->payment_code);
}

unsigned
lots_read_total(const struct pg_reply *r)
{
	return r->rows == 0 ? 0 : (unsigned)reply_i64(r, 0, C_TOTAL);
}

bool
lot_read(const struct pg_reply *r, struct lot_record *out)
{
	if (r->rows == 0)
		return false;
	*out = (struct lot_record){
		.cooperative_id = (int32_t)reply_i64(r, 0, C_COOP),
		.version = (int32_t)reply_i64(r, 0, C_VERSION),
		.site_id = reply_uuid(r, 0, C_SITE_ID),
		.price_id = reply_uuid(r, 0, C_PRICE_ID),
		.recorded_id = reply_uuid(r, 0, C_RECORDED_ID),
		.quote_ms = reply_i64(r, 0, C_QUOTE_MINUTES) * 60000,
		.loan_id = reply_uuid(r, 0, C_LOAN),
		.exponent = (unsigned)reply_i64(r, 0, C_EXPONENT),
		.actor_roles = (unsigned)reply_i64(r, 0, C_ROLES),
	};
	lot_read_view(r, 0, &out->view);
	read_levies(r, C_LEVY, &out->view.quote);
	ROW_TEXT(r, 0, C_SYMBOL, out->symbol);
	ROW_TEXT(r, 0, C_MSISDN, out->msisdn);
	ROW_TEXT(r, 0, C_LANGUAGE, out->language);
	ROW_TEXT(r, 0, C_PROVIDER, out->provider);
	ROW_TEXT(r, 0, C_SOURCE, out->price_source);
	ROW_TEXT(r, 0, C_DOLLAR_SOURCE, out->dollar_source);
	ROW_TEXT(r, 0, C_LOCAL, out->made_local);
	ROW_TEXT(r, 0, C_COOP_NAME, out->cooperative);
	return true;
}

bool
trade_facts_read(const struct pg_reply *r, struct trade_facts *out)
{
	if (r->rows == 0)
		return false;
	*out = (struct trade_facts){
		.actor_roles = (unsigned)reply_i64(r, 0, 0),
		.has_seller = !reply_null(r, 0, 1),
		.has_site = !reply_null(r, 0, 6),
		.has_price = !reply_null(r, 0, 8),
		.price_stale = reply_bool(r, 0, 12),
		.seller = { .member_id = reply_uuid(r, 0, 1) },
		.site_id = reply_uuid(r, 0, 6),
		.price_id = reply_uuid(r, 0, 8),
		.quote_ms = reply_i64(r, 0, 13) * 60000,
		.loan_id = reply_uuid(r, 0, 15),
		.has_mineral = !reply_null(r, 0, 19),
		.valued = reply_null(r, 0, 20),
		.lot_max_mg = reply_i64(r, 0, 22),
		.deviation_permille = (int32_t)reply_i64(r, 0, 23),
		.has_unit = !reply_null(r, 0, 24),
		.unit = { .mg_num = reply_i64(r, 0, 24),
		          .mg_den = reply_i64(r, 0, 25),
		          .version = (int32_t)reply_i64(r, 0, 26) },
		.dollar_id = reply_uuid(r, 0, 28),
		.dollar_stale = reply_bool(r, 0, 30),
		.terms = { .dollar = reply_i64(r, 0, 29),
		           .fine_gram = reply_i64(r, 0, 10),
		           .price_mg = reply_i64(r, 0, 20),
		           .paid_permille =
		               (int32_t)reply_i64(r, 0, reply_null(r, 0, 11) ? 27 : 11),
		           .owed = reply_i64(r, 0, 16),
		           .loan_share_permille = (uint32_t)reply_i64(r, 0, 17),
		           .floor_permille = (uint32_t)reply_i64(r, 0, 18) },
	};
	ROW_TEXT(r, 0, 2, out->seller.name);
	ROW_TEXT(r, 0, 3, out->seller.number);
	ROW_TEXT(r, 0, 4, out->seller.msisdn);
	ROW_TEXT(r, 0, 5, out->seller.language);
	ROW_TEXT(r, 0, 7, out->site);
	ROW_TEXT(r, 0, 9, out->price_source);
	ROW_TEXT(r, 0, 14, out->currency);
	ROW_TEXT(r, 0, 19, out->mineral);
	ROW_TEXT(r, 0, 21, out->usual_unit);
	for (int i = 0; i < r->rows && i < LEVIES_MAX && !reply_null(r, i, 31); i++)
		levy_read(r, i, 31, &out->terms.levies[out->terms.levy_count++]);
	return true;
}
