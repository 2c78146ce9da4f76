/* channels_page - how each channel is, and pausing the binds of an operator.
 *
 * GET  /admin/channels                    a JSON object a line: one for each bind, then
 *                                         for each entry of USSD over HTTP, then for each
 *                                         carrier of SMS; `kind` tells them apart
 * POST /admin/channels/NAME/pause         nothing new leaves; the binds stay
 * POST /admin/channels/NAME/resume
 * POST /admin/channels/NAME/drain         what is under way ends, the binds end: until a
 *                                         restart
 *
 * NAME is an operator of `smpp` or a carrier; of a carrier a drain is a pause, as its
 * calls end by themselves.
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
	                  SETTINGS_USSD_HTTP_MAX + CARRIERS_MAX) *
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
	routes = carriers_routes(g->sms_routes.carriers, &n);
	for (unsigned i = 0; i < n; i++)
		put_carrier(&b, g, &routes[i]);
	http_reply_header(x, "Cache-Control", "no-store");
	http_answer(x, 200, "application/x-ndjson", b.at, b.len);
}

static void
on_drained(void *arg)
{
	log_info(smpp_carrier_name(arg), "channel_drained", "by=operator");
}

static bool
perform(struct smpp_carrier *c, const char *verb)
{
	if (strcmp(verb, "pause") == 0 || strcmp(verb, "resume") == 0)
		smpp_carrier_pause(c, verb[0] == 'p');
	else if (strcmp(verb, "drain") == 0)
		smpp_carrier_drain(c, on_drained, c);
	else
		return false;
	log_warn(smpp_carrier_name(c), "channel", "told=%s", verb);
	return true;
}

/* Of a carrier that has no binds. */
static bool
perform_carrier(struct gateway *g, const char *name, size_t n, const char *verb)
{
	bool resumes = strcmp(verb, "resume") == 0;

	if (!resumes && strcmp(verb, "pause") != 0 && strcmp(verb, "drain") != 0)
		return false;
	if (!carriers_pause(g->sms_routes.carriers, name, n, !resumes))
		return false;
	log_warn("carriers", "channel", "name=%.*s told=%s", (int)n, name, verb);
	return true;
}

void
channels_tell(void *gateway, struct http_exchange *x)
{
	struct gateway *g = gateway;
	const char *rest = http_path_rest(x);
	const char *slash = strchr(rest, '/');

	if (!may_ask(g, x))
		return;
	size_t n = slash == NULL ? 0 : (size_t)(slash - rest);
	struct smpp_carrier *bound = NULL;

	for (unsigned i = 0; slash != NULL && i < g->smpp_count; i++) {
		const char *name = smpp_carrier_name(g->smpp[i]);

		if (strlen(name) == n && strncmp(name, rest, n) == 0)
			bound = g->smpp[i];
	}
	if (slash != NULL && (bound != NULL ? perform(bound, slash + 1)
	                                    : perform_carrier(g, rest, n, slash + 1)))
		http_answer_text(x, 200, "done\n");
	else
		http_answer_text(x, 404,
		                 "no such channel, or not pause, resume or drain\n");
}
