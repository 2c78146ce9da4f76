/* channels_metrics - the numbers of USSD over HTTP or TCP and of the carriers of SMS, by
 * name.
 */
#include "gateway/gateway.h"
#include "lib/buf.h"

/* What counts, and at which byte of its struct. */
struct number {
	const char *name;
	size_t at;
};

static uint64_t
number_at(const void *counts, const struct number *n)
{
	return *(const uint64_t *)(const void *)((const char *)counts + n->at);
}

static void
put_type(struct buf *b, const char *name, const char *type)
{
	buf_printf(b, "# TYPE adit_%s %s\n", name, type);
}

static void
put_of(struct buf *b, const char *name, const char *channel, uint64_t value)
{
	buf_printf(b, "adit_%s{channel=\"%s\"} %llu\n", name, channel,
	           (unsigned long long)value);
}

static void
put_ussd(struct buf *b, const struct gateway *g)
{
	static const struct number numbers[] = {
		{ "ussd_http_hops_total", offsetof(struct http_ussd_counts, hops) },
		{ "ussd_http_events_total", offsetof(struct http_ussd_counts, events) },
		{ "ussd_http_refused_total", offsetof(struct http_ussd_counts, refused) },
		{ "ussd_http_peer_gone_total", offsetof(struct http_ussd_counts, gone) },
		{ "ussd_http_unsent_total", offsetof(struct http_ussd_counts, unsent) },
	};
	unsigned count = g->settings.ussd_http_count;

	for (size_t k = 0; count > 0 && k < sizeof numbers / sizeof numbers[0]; k++) {
		put_type(b, numbers[k].name, "counter");
		for (unsigned i = 0; i < count; i++)
			put_of(b, numbers[k].name, g->settings.ussd_http[i].name,
			       number_at(&g->http_ussd.counts[i], &numbers[k]));
	}
}

static void
put_routes(struct buf *b, const struct gateway *g)
{
	static const struct number numbers[] = {
		{ "carrier_sent_total", offsetof(struct carrier_route, count.taken) },
		{ "carrier_again_total", offsetof(struct carrier_route, count.again) },
		{ "carrier_refused_total",
		  offsetof(struct carrier_route, count.refused) },
		{ "carrier_failed_over_total",
		  offsetof(struct carrier_route, count.failed_over) },
	};
	unsigned count;
	const struct carrier_route *r = carriers_routes(g->sms_routes.carriers, &count);
	int64_t now = loop_clock(g->loop)->mono_ms;

	put_type(b, "carrier_up", "gauge");
	for (unsigned i = 0; i < count; i++)
		put_of(b, "carrier_up", r[i].carrier.name,
		       carrier_is_well(&r[i], now, g->settings.sms.failures));
	for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
		put_type(b, numbers[k].name, "counter");
		for (unsigned i = 0; i < count; i++)
			put_of(b, numbers[k].name, r[i].carrier.name,
			       number_at(&r[i], &numbers[k]));
	}
}

static void
put_received(struct buf *b, const struct gateway *g)
{
	static const struct number numbers[] = {
		{ "carrier_received_total",
		  offsetof(struct http_sms_in_counts, received) },
		{ "carrier_reports_total", offsetof(struct http_sms_in_counts, reports) },
		{ "carrier_received_refused_total",
		  offsetof(struct http_sms_in_counts, refused) },
	};
	unsigned count = g->settings.carrier_count;

	for (size_t k = 0; count > 0 && k < sizeof numbers / sizeof numbers[0]; k++) {
		put_type(b, numbers[k].name, "counter");
		for (unsigned i = 0; i < count; i++)
			put_of(b, numbers[k].name, g->settings.carriers[i].name,
			       number_at(&g->http_sms_in.counts[i], &numbers[k]));
	}
}

/* ---- the binds of an operator, each by itself ---- */

static void
put_bind(struct buf *b, const char *name, const struct smpp_carrier *c, unsigned i,
         uint64_t value)
{
	buf_printf(b, "adit_smpp_bind_%s{channel=\"%s\",bind=\"%u\"} %llu\n", name,
	           smpp_carrier_name(c), i, (unsigned long long)value);
}

static void
put_binds(struct buf *b, const struct smpp_carrier *c)
{
	struct smpp_carrier_counts n;

	for (unsigned i = 0; i < smpp_carrier_links(c); i++) {
		const struct smpp_session *s = smpp_carrier_session(c, i);

		put_bind(b, "up", c, i, s->where == SMPP_BOUND);
		put_bind(b, "waiting", c, i, s->window.queued);
		put_bind(b, "in_flight", c, i, s->window.in_flight);
		put_bind(b, "answer_ms", c, i, (uint64_t)s->window.lag_ms);
		put_bind(b, "parts_total", c, i, s->window.count.sent);
		put_bind(b, "throttled_total", c, i, s->window.count.throttled);
		put_bind(b, "losses_total", c, i, s->count.losses);
		put_bind(b, "refused_total", c, i, s->count.refused_binds);
	}
	smpp_carrier_read_counts(c, &n);
	put_of(b, "smpp_receipts_waiting", smpp_carrier_name(c),
	       n.promised > n.reported ? n.promised - n.reported : 0);
	put_of(b, "smpp_unreadable_total", smpp_carrier_name(c), n.unreadable);
}

static void
put_xmltcp(struct buf *b, const struct gateway *g)
{
	static const struct number numbers[] = {
		{ "xmltcp_hops_total", offsetof(struct xmltcp_session, count.hops) },
		{ "xmltcp_events_total", offsetof(struct xmltcp_session, count.notices) },
		{ "xmltcp_repeats_total",
		  offsetof(struct xmltcp_session, count.repeats) },
		{ "xmltcp_refused_total",
		  offsetof(struct xmltcp_session, count.refused) },
		{ "xmltcp_late_total", offsetof(struct xmltcp_session, count.late) },
		{ "xmltcp_faults_total", offsetof(struct xmltcp_session, count.faults) },
		{ "xmltcp_errors_total", offsetof(struct xmltcp_session, count.errors) },
		{ "xmltcp_strays_total", offsetof(struct xmltcp_session, count.strays) },
		{ "xmltcp_logins_total", offsetof(struct xmltcp_session, count.logins) },
		{ "xmltcp_refused_logins_total",
		  offsetof(struct xmltcp_session, count.refused_logins) },
		{ "xmltcp_losses_total", offsetof(struct xmltcp_session, count.losses) },
	};

	if (g->xmltcp_count == 0)
		return;
	put_type(b, "xmltcp_up", "gauge");
	for (unsigned i = 0; i < g->xmltcp_count; i++)
		put_of(b, "xmltcp_up", xmltcp_link_name(g->xmltcp[i]),
		       xmltcp_link_session(g->xmltcp[i])->where == XMLTCP_UP);
	put_type(b, "xmltcp_in_hand", "gauge");
	for (unsigned i = 0; i < g->xmltcp_count; i++)
		put_of(b, "xmltcp_in_hand", xmltcp_link_name(g->xmltcp[i]),
		       xmltcp_link_session(g->xmltcp[i])->in_hand);
	for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
		put_type(b, numbers[k].name, "counter");
		for (unsigned i = 0; i < g->xmltcp_count; i++)
			put_of(b, numbers[k].name, xmltcp_link_name(g->xmltcp[i]),
			       number_at(xmltcp_link_session(g->xmltcp[i]), &numbers[k]));
	}
}

void
channels_metrics(const struct gateway *g, struct buf *b)
{
	for (unsigned i = 0; i < g->smpp_count; i++)
		put_binds(b, g->smpp[i]);
	put_ussd(b, g);
	put_xmltcp(b, g);
	put_routes(b, g);
	put_received(b, g);
}
