/* health - how the gateway is: alive, ready, which version, and its numbers. */
#include "gateway/gateway.h"
#include "gateway/version.h"
#include "lib/buf.h"
#include "lib/json.h"
#include "payments/flow/route.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void
health_config(void *gateway, struct http_exchange *x)
{
	const struct gateway *g = gateway;
	char *text = NULL;
	size_t n = 0;

	if (!settings_allow(&g->settings.http.operators, http_peer(x))) {
		http_answer_text(x, 403, "this address may not read settings\n");
		return;
	}
	FILE *out = open_memstream(&text, &n);
	settings_print(out, &g->settings);
	fclose(out);
	http_reply_header(x, "Cache-Control", "no-store");
	http_answer(x, 200, "text/plain; charset=utf-8", text, n);
	free(text);
}

/* One line for each provider that reaches the number: its prefix, its money, and whether
 * it takes new payments now. */
/* ?cooperative=1&amount=500000&currency=TZS&in=1, each of which may be left out; in: a
 * collection. */
static void
read_route_ask(const struct http_exchange *x, struct route_ask *ask, char currency[4])
{
	const char *query = http_query(x);
	char number[20];

	*ask = (struct route_ask){ .msisdn = http_path_rest(x) };
	if (form_get(query, strlen(query), "cooperative", number, sizeof number) > 0)
		ask->cooperative_id = (int32_t)strtol(number, NULL, 10);
	if (form_get(query, strlen(query), "amount", number, sizeof number) > 0)
		ask->amount = strtoll(number, NULL, 10);
	ask->in = form_get(query, strlen(query), "in", number, sizeof number) > 0 &&
	          strcmp(number, "1") == 0;
	if (form_get(query, strlen(query), "currency", currency, 4) < 0)
		currency[0] = '\0';
}

/* Is no earlier entry of this currency? */
static bool
is_first_of(const struct settings *s, unsigned entry)
{
	for (unsigned i = 0; i < entry; i++)
		if (strcmp(s->providers[i].currency, s->providers[entry].currency) == 0)
			return false;
	return true;
}

/* In the order in which they would be taken, and what that order hangs on. */
static void
put_routes(struct buf *b, const struct gateway *g, const struct route_ask *ask)
{
	struct route_candidate all[SETTINGS_PROVIDERS_MAX];
	unsigned n = route_candidates(&g->env, ask, all);

	for (unsigned i = 0; i < n; i++) {
		const struct route_candidate *c = &all[i];

		buf_printf(b, "%s currency=%s prefix=%.*s %s", c->provider->name,
		           ask->currency, (int)c->prefix, ask->msisdn,
		           c->paused ? "paused"
		           : c->open ? "open"
		                     : "closed");
		if (c->misfit)
			buf_puts(b, " not_so_much_at_once");
		if (c->rank != INT32_MAX)
			buf_printf(b, " preferred=%d", (int)c->rank);
		if (c->cost >= 0)
			buf_printf(b, " cost=%lld", (long long)c->cost);
		buf_puts(b, i == 0 ? " taken\n" : "\n");
	}
}

void
health_routes(void *gateway, struct http_exchange *x)
{
	struct route_ask ask;
	char currency[4];
	const struct gateway *g = gateway;
	const struct settings *s = &g->settings;
	const char *number = http_path_rest(x);
	char text[2048];
	struct buf b;

	if (!settings_allow(&s->http.operators, http_peer(x))) {
		http_answer_text(x, 403, "this address may not read routes\n");
		return;
	}
	if (strlen(number) < 8 || strlen(number) > 15 ||
	    strspn(number, "0123456789") != strlen(number)) {
		http_answer_text(x, 400, "8 to 15 digits with the country code\n");
		return;
	}
	read_route_ask(x, &ask, currency);
	buf_init(&b, text, sizeof text);
	for (unsigned i = 0; i < s->provider_count; i++) {
		const char *mine = s->providers[i].currency;

		if (currency[0] != '\0' && strcmp(currency, mine) != 0)
			continue;
		ask.currency = mine;
		if (is_first_of(s, i))
			put_routes(&b, g, &ask);
	}
	if (b.len == 0)
		buf_puts(&b, "no provider of the settings reaches it\n");
	http_answer_text(x, 200, b.at);
}
