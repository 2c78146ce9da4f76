/* channels_page - how each channel is, and pausing it.
 *
 * GET  /admin/channels             a JSON object a line: one for each bind, then for each
 *                                  entry of USSD over HTTP or TCP, then for each carrier
 *                                  of SMS; `kind` tells them apart
 * POST /admin/channels/NAME/pause  nothing new leaves or begins; the links stay
 * POST /admin/channels/NAME/resume
 * POST /admin/channels/NAME/drain  what is under way ends, the links end: until a restart
 *
 * NAME is an operator's or a carrier's; of a carrier a drain is a pause.
 */
#include "gateway/gateway.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "lib/log.h"

#include <string.h>

#define LINE_MAX_BYTES 768

static bool
may_ask(const struct gateway *g, struct http_exchange *x)
{
	if (settings_allow(&g->settings.http.operators, http_peer(x)))
		return true;
	http_answer_text(x, 403, "this address may not ask about channels\n");
	return false;
}

static void
put_bind(struct buf *b, const struct smpp_carrier *c, unsigned i, int64_t now_ms)
{
	const struct smpp_session *s = smpp_carrier_session(c, i);
	struct smpp_carrier_counts n;
	struct json_writer w;

	smpp_carrier_read_counts(c, &n);
	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "channel", smpp_carrier_name(c));
	jw_text(&w, "kind", "smpp");
	jw_i64(&w, "bind", i);
	jw_text(&w, "mode", smpp_mode_name(s->o.mode));
	jw_text(&w, "state", smpp_where_name(s->where));
	jw_text(&w, "why", s->where == SMPP_BOUND ? "" : s->why);
	jw_bool(&w, "paused", n.paused);
	jw_bool(&w, "throttled", s->window.asking);
	jw_i64(&w, "congestion", smpp_window_congested(&s->window, now_ms));
	jw_i64(&w, "window", s->window.o.size);
	jw_i64(&w, "in_flight", s->window.in_flight);
	jw_i64(&w, "waiting", s->window.queued);
	jw_i64(&w, "per_second", s->window.o.per_second);
	jw_i64(&w, "answer_ms", s->window.lag_ms);
	jw_i64(&w, "sent", (int64_t)s->window.count.sent);
	jw_i64(&w, "taken", (int64_t)s->window.count.taken);
	jw_i64(&w, "unanswered", (int64_t)s->window.count.lost);
	jw_i64(&w, "received", (int64_t)s->count.received);
	jw_i64(&w, "binds", (int64_t)s->count.binds);
	jw_i64(&w, "losses", (int64_t)s->count.losses);
	/* of all binds of the operator: receipts come by any of them */
	jw_i64(&w, "receipts_waiting",
	       n.promised > n.reported ? (int64_t)(n.promised - n.reported) : 0);
	jw_i64(&w, "sms_left", (int64_t)n.left);
	jw_i64(&w, "pushes", (int64_t)n.pushes);
	jw_i64(&w, "pushes_answered", (int64_t)n.pushes_answered);
	jw_i64(&w, "pushes_refused", (int64_t)n.pushes_refused);
	jw_i64(&w, "pushes_silent", (int64_t)n.pushes_silent);
	jw_end_object(&w);
	buf_putc(b, '\n');
}

static void
put_ussd(struct buf *b, const struct gateway *g, unsigned i)
{
	const struct settings_ussd_http *e = &g->settings.ussd_http[i];
	const struct http_ussd_counts *n = &g->http_ussd.counts[i];
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "channel", e->name);
	jw_text(&w, "kind", "ussd");
	jw_text(&w, "dialect", e->dialect[0] == '\0' ? e->name : e->dialect);
	jw_i64(&w, "hops", (int64_t)n->hops);
	jw_i64(&w, "events", (int64_t)n->events);
	jw_i64(&w, "refused", (int64_t)n->refused);
	jw_i64(&w, "peer_gone", (int64_t)n->gone);
	jw_i64(&w, "unsent", (int64_t)n->unsent);
	jw_end_object(&w);
	buf_putc(b, '\n');
}

static void
put_xmltcp(struct buf *b, const struct xmltcp_link *l)
{
	const struct xmltcp_session *s = xmltcp_link_session(l);
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "channel", xmltcp_link_name(l));
	jw_text(&w, "kind", "xmltcp");
	jw_text(&w, "state", xmltcp_where_name(s->where));
	jw_text(&w, "why", s->where == XMLTCP_UP ? "" : s->why);
	jw_bool(&w, "paused", s->paused);
	jw_i64(&w, "in_hand", s->in_hand);
	jw_i64(&w, "hops", (int64_t)s->count.hops);
	jw_i64(&w, "events", (int64_t)s->count.notices);
	jw_i64(&w, "refused", (int64_t)s->count.refused);
	jw_i64(&w, "late", (int64_t)s->count.late);
	jw_i64(&w, "faults", (int64_t)s->count.faults);
	jw_i64(&w, "errors", (int64_t)s->count.errors);
	jw_i64(&w, "logins", (int64_t)s->count.logins);
	jw_i64(&w, "losses", (int64_t)s->count.losses);
	jw_end_object(&w);
	buf_putc(b, '\n');
}

static void
put_carrier(struct buf *b, const struct gateway *g, const struct carrier_route *r)
{
	struct json_writer w;

	jw_init(&w, b);
	jw_object(&w, NULL);
	jw_text(&w, "channel", r->carrier.name);
	jw_text(&w, "kind", "sms");
	jw_bool(
	    &w, "up",
	    carrier_is_well(r, loop_clock(g->loop)->mono_ms, g->settings.sms.failures));
	jw_bool(&w, "paused", r->paused);
	jw_i64(&w, "cost", r->cost);
	jw_i64(&w, "failures_in_a_row", r->health.failures);
	jw_i64(&w, "sent", (int64_t)r->count.taken);
	jw_i64(&w, "again", (int64_t)r->count.again);
	jw_i64(&w, "refused", (int64_t)r->count.refused);
	jw_i64(&w, "failed_over", (int64_t)r->count.failed_over);
	jw_end_object(&w);
	buf_putc(b, '\n');
}

void
channels_list(void *gateway, struct http_exchange *x)
{
	static char text[(SETTINGS_SMPP_MAX * 3 * SETTINGS_SMPP_BINDS +
	                  SETTINGS_USSD_HTTP_MAX + SETTINGS_XMLTCP_MAX + CARRIERS_MAX) *
	                 LINE_MAX_BYTES];
	const struct gateway *g = gateway;
	int64_t now_ms = loop_clock(g->loop)->mono_ms;
	const struct carrier_route *routes;
	unsigned n;
	struct buf b;

	if (!may_ask(g, x))
		return;
	buf_init(&b, text, sizeof text);
	for (unsigned i = 0; i < g->smpp_count; i++) {
		for (unsigned k = 0; k < smpp_carrier_links(g->smpp[i]); k++)
			put_bind(&b, g->smpp[i], k, now_ms);
	}
	for (unsigned i = 0; i < g->settings.ussd_http_count; i++)
		put_ussd(&b, g, i);
	for (unsigned i = 0; i < g->xmltcp_count; i++)
		put_xmltcp(&b, g->xmltcp[i]);
	routes = carriers_routes(g->sms_routes.carriers, &n);
	for (unsigned i = 0; i < n; i++)
		put_carrier(&b, g, &routes[i]);
	http_reply_header(x, "Cache-Control", "no-store");
	http_answer(x, 200, "application/x-ndjson", b.at, b.len);
}

static void
on_drained(void *name)
{
	log_info(name, "channel_drained", "by=operator");
}

enum told { TOLD_NOTHING, TOLD_PAUSE, TOLD_RESUME, TOLD_DRAIN };

static enum told
read_verb(const char *verb)
{
	return strcmp(verb, "pause") == 0    ? TOLD_PAUSE
	       : strcmp(verb, "resume") == 0 ? TOLD_RESUME
	       : strcmp(verb, "drain") == 0  ? TOLD_DRAIN
	                                     : TOLD_NOTHING;
}

static bool
is_name(const char *name, const char *given, size_t n)
{
	return strlen(name) == n && strncmp(name, given, n) == 0;
}

/* False: nobody has that name. */
static bool
perform(struct gateway *g, const char *name, size_t n, enum told told)
{
	for (unsigned i = 0; i < g->smpp_count; i++) {
		if (!is_name(g->settings.smpp[i].name, name, n))
			continue;
		if (told == TOLD_DRAIN)
			smpp_carrier_drain(g->smpp[i], on_drained,
			                   g->settings.smpp[i].name);
		else
			smpp_carrier_pause(g->smpp[i], told == TOLD_PAUSE);
		return true;
	}
	for (unsigned i = 0; i < g->xmltcp_count; i++) {
		if (!is_name(g->settings.xmltcp[i].name, name, n))
			continue;
		if (told == TOLD_DRAIN)
			xmltcp_link_drain(g->xmltcp[i], on_drained,
			                  g->settings.xmltcp[i].name);
		else
			xmltcp_link_pause(g->xmltcp[i], told == TOLD_PAUSE);
		return true;
	}
	/* the calls of a carrier end by themselves */
	return carriers_pause(g->sms_routes.carriers, name, n, told != TOLD_RESUME);
}

void
channels_tell(void *gateway, struct http_exchange *x)
{
	struct gateway *g = gateway;
	const char *rest = http_path_rest(x);
	size_t n = strcspn(rest, "/");
	char name[32];
	enum told told = rest[n] == '/' ? read_verb(rest + n + 1) : TOLD_NOTHING;

	if (!may_ask(g, x))
		return;
	if (told == TOLD_NOTHING || !perform(g, rest, n, told)) {
		http_answer_text(x, 404,
		                 "no such channel, or not pause, resume or drain\n");
		return;
	}
	snprintf(name, sizeof name, "%.*s", (int)n, rest);
	log_warn(name, "channel", "told=%s", rest + n + 1);
	http_answer_text(x, 200, "done\n");
}
