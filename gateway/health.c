/* health - how the gateway is: alive, ready, which version, and its numbers. */
#include "gateway/gateway.h"
#include "gateway/version.h"
#include "lib/buf.h"
#include "lib/json.h"

static void
answer_json(struct http_exchange *x, int status, struct buf *b)
{
	http_reply_header(x, "Cache-Control", "no-store");
	buf_putc(b, '\n');
	http_answer(x, status, "application/json", b->at, b->len);
}

void
health_live(void *gateway, struct http_exchange *x)
{
	(void)gateway;
	http_answer_text(x, 200, "alive\n");
}

void
health_ready(void *gateway, struct http_exchange *x)
{
	const struct gateway *g = gateway;
	char text[1024];
	struct buf b;
	struct json_writer w;
	bool database = pg_ready(g->reads) > 0;
	bool redis = redis_is_up(g->redis);
	bool writer = settle_is_leader(g->settle);
	bool ready = database && redis && writer && !g->draining;

	buf_init(&b, text, sizeof(text));
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_bool(&w, "ready", ready);
	jw_bool(&w, "database", database);
	jw_bool(&w, "redis", redis);
	jw_bool(&w, "writer", writer);
	jw_bool(&w, "draining", g->draining);
	jw_text(&w, "reload", g->reload.ok ? "ok" : g->reload.fault);
	jw_end_object(&w);
	answer_json(x, ready ? 200 : 503, &b);
}

void
health_version(void *gateway, struct http_exchange *x)
{
	static const char text[] = "{\"name\":\"adit\",\"version\":\"" ADIT_VERSION "\"}";
	char copy[sizeof(text) + 2];
	struct buf b;

	(void)gateway;
	buf_init(&b, copy, sizeof(copy));
	buf_puts(&b, text);
	answer_json(x, 200, &b);
}

static void
put_metric(struct buf *b, const char *name, const char *type, uint64_t value)
{
	buf_printf(b, "# TYPE adit_%s %s\nadit_%s %llu\n", name, type, name,
	           (unsigned long long)value);
}

static void
put_settle(struct buf *b, const struct gateway *g)
{
	struct settle_counts c;

	settle_read_counts(g->settle, &c);
	put_metric(b, "settle_operations_total", "counter", c.operations);
	put_metric(b, "settle_batches_total", "counter", c.batches);
	put_metric(b, "settle_refusals_total", "counter", c.refusals);
	put_metric(b, "settle_repeats_total", "counter", c.repeats);
	put_metric(b, "settle_replays_total", "counter", c.replays);
	put_metric(b, "settle_queued", "gauge", c.queued);
	put_metric(b, "settle_in_flight", "gauge", c.in_flight);
	put_metric(b, "settle_leader", "gauge", settle_is_leader(g->settle));
}

void
health_metrics(void *gateway, struct http_exchange *x)
{
	const struct gateway *g = gateway;
	char text[8192];
	struct buf b;

	if (!settings_allow(&g->settings.http.operators, http_peer(x))) {
		http_answer_text(x, 403, "this address may not read metrics\n");
		return;
	}
	buf_init(&b, text, sizeof(text));
	put_metric(&b, "database_up", "gauge", pg_ready(g->reads) > 0);
	put_metric(&b, "redis_up", "gauge", redis_is_up(g->redis));
	put_metric(&b, "reload_ok", "gauge", g->reload.ok);
	put_metric(&b, "reloads_total", "counter", g->reload.done);
	put_metric(&b, "reloads_refused_total", "counter", g->reload.refused);
	put_settle(&b, g);
	http_answer(x, 200, "text/plain; version=0.0.4", b.at, b.len);
}
