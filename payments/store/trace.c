#include "payments/store/trace.h"

/* By cooperative, so that each branch has an index. */
#define SMS_OUT                                                                          \
	"select m.created_ms as at_ms, 0 as step, 'sms' as kind, 'to' as way, "          \
	"m.template as name, m.state, 0::bigint as amount, '' as currency, "             \
	"coalesce(m.carrier_id, '') as by, m.reason as why from messages m "             \
	"where m.cooperative_id = c.cooperative_id and m.msisdn = $1::text "             \
	"and m.created_ms >= $2::bigint "

/* What a person has to read is read by `messages unread`. */
#define SMS_IN                                                                           \
	"select u.at_ms, 0, 'sms', 'from', 'unread ' || u.number, "                      \
	"case when u.seen_ms is null then 'waits' else 'seen' end, 0, '', u.channel, "   \
	"'' from unread_messages u where u.cooperative_id = c.cooperative_id "           \
	"and u.msisdn = $1 and u.at_ms >= $2 "

#define OF_PAYMENTS                                                                      \
	"where p.cooperative_id = c.cooperative_id and p.msisdn = $1 "                   \
	"and p.created_ms >= $2 "

#define PAYMENT                                                                          \
	"select p.created_ms, 0, 'payment', "                                            \
	"case p.direction when 'out' then 'to' else 'from' end, p.code, p.state, "       \
	"p.amount, p.currency, p.provider, p.reason from payments p " OF_PAYMENTS

#define SAID                                                                             \
	"select e.at_ms, e.event_id, 'said', '', p.code, "                               \
	"rtrim(e.kind || ' ' || e.verdict), 0, '', p.provider, e.said "                  \
	"from payments p join payment_events e on e.cooperative_id = p.cooperative_id "  \
	"and e.payment_id = p.payment_id " OF_PAYMENTS "and e.kind <> 'created' "

#define ARRIVAL                                                                          \
	"select a.arrived_ms, 0, 'arrival', 'from', a.code, a.state, a.amount, "         \
	"a.currency, a.provider, '' from arrivals a "                                    \
	"where a.cooperative_id = c.cooperative_id and a.msisdn = $1 "                   \
	"and a.arrived_ms >= $2 "

const struct pg_statement trace_number = {
	"trace_number",
	"select to_char(to_timestamp(t.at_ms / 1000) at time zone 'UTC', "
	"'YYYY-MM-DD HH24:MI:SS'), t.code, $3::text, t.kind, t.way, t.name, t.state, "
	"t.amount, t.currency, t.by, t.why "
	"from (select c.code, x.* from cooperatives c cross join lateral (" SMS_OUT
	"union all " SMS_IN "union all " PAYMENT "union all " SAID "union all " ARRIVAL
	") x where $4::text = '' or c.code = upper($4) "
	"order by x.at_ms desc, x.step desc limit 500) t order by t.at_ms, t.step"
};
