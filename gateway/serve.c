/*
 * serve - start, run, end.
 *
 *   settings -> clients -> writer -> talk -> routes -> RUN --SIGTERM--> servers drain
 *      -> rails -> outbox -> binds -> writer -> END     (http.drain later: END anyway)
 *
 * A database or Redis that is away at the start is waited for while serving: hops say
 * "try again later" and /readyz says what is missing.
 */
#include "gateway/gateway.h"
#include "gateway/version.h"
#include "lib/http_tls.h"
#include "lib/log.h"
#include "payments/flow/batches.h"
#include "payments/flow/bulks.h"
#include "payments/flow/costs.h"
#include "payments/flow/evening.h"
#include "payments/flow/expire.h"
#include "payments/flow/preferences.h"
#include "payments/flow/prompt_size.h"
#include "payments/flow/refund_run.h"
#include "payments/flow/waits.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REF        "gateway"
#define EXPIRE_MS  5000 /* how often holds past their time are looked for */
#define EVENING_MS 60000
#define REFUND_MS  2000

static struct pg *
connect_pg(struct gateway *g, unsigned connections, unsigned in_flight)
{
	const struct settings *s = &g->settings;
	struct pg_options o = {
		.conninfo = s->pg.conninfo,
		.connections = connections,
		.in_flight = in_flight,
		.connect_ms = s->pg.connect_ms,
		.statement_ms = s->pg.statement_ms,
		.role = s->pg.role[0] == '\0' ? NULL : s->pg.role,
		.keyed = true,
	};

	return pg_new(g->loop, &o);
}

static void
start_clients(struct gateway *g)
{
	const struct settings *s = &g->settings;
	struct http_client_options http = {
		.connections = 64,
		.per_host = 16,
		.answer_max = 262144,
	};
	struct pinhash_options pin = {
		.threads = (unsigned)s->pin.threads,
		.memory_bytes = (size_t)s->pin.memory_bytes,
		.passes = (unsigned)s->pin.passes,
	};

	for (unsigned i = 0; i < s->provider_count; i++) {
		http.connections += (unsigned)s->providers[i].concurrency;
		http.per_host += (unsigned)s->providers[i].concurrency;
	}
	memcpy(pin.pepper, s->pin.pepper, sizeof(pin.pepper));
	g->reads = connect_pg(g, (unsigned)s->pg.connections, (unsigned)s->pg.in_flight);
	g->writes = connect_pg(g, 2, 4);
	g->redis = redis_new(g->loop, s->redis.address, s->redis.watchdog_ms);
	g->http = http_client_new(g->loop, &http);
	g->pinhash = pinhash_new(g->loop, &pin);
	explicit_bzero(&pin, sizeof(pin));
}

static void
start_writer(struct gateway *g)
{
	const struct settings *s = &g->settings;
	static char holder[160];
	size_t n = strlen(s->http.listen);
	char host[64] = "";

	gethostname(host, sizeof(host) - 1);
	/* Nobody else can listen there: who starts again after a crash is the same holder
	 * and need not wait until its own lease has run out. */
	if (n > 2 && strcmp(s->http.listen + n - 2, ":0") != 0)
		snprintf(holder, sizeof(holder), "%s/%s", host, s->http.listen);
	else
		snprintf(holder, sizeof(holder), "%s/%d", host, (int)getpid());
	struct settle_options o = {
		.batch_max = (unsigned)s->settle.batch_max,
		.queue_max = (unsigned)s->settle.queue_max,
		.cache_accounts = (unsigned)s->settle.cache_accounts,
		.lease_ms = s->settle.lease_ms,
		.holder = holder,
	};

	g->settle = settle_new(g->loop, g->writes, &o);
	g->env = (struct flow_env){
		.loop = g->loop,
		.ids = &g->ids,
		.pg = g->reads,
		.settle = g->settle,
		.http = g->http,
		.pinhash = g->pinhash,
		.settings = &g->settings,
	};
	g->env.waits = waits_new();
	g->env.costs = costs_new(&g->env, s->payments.poll_ms);
	g->env.prompt_sizes = prompt_sizes_new(&g->env, s->payments.poll_ms);
	g->env.preferences = preferences_new(&g->env, s->payments.poll_ms);
	g->expire = expire_start(&g->env, EXPIRE_MS);
	g->evening = evening_start(&g->env, EVENING_MS);
	g->refunds = refund_run_start(&g->env, REFUND_MS);
	g->batches = batches_start(&g->env, s->payments.poll_ms);
}

static int
start_server(struct gateway *g)
{
	const struct settings *s = &g->settings;
	struct http_server_options o = {
		.listen = s->http.listen,
		.routes = g->routes,
		.idle_ms = s->http.idle_ms,
		.answer_ms = s->http.answer_ms,
		.headers_max = HEADERS_MAX,
		.connections_max = (unsigned)s->http.connections,
	};
	struct err err;

	gateway_routes(g);
	g->server = http_server_new(g->loop, &o, &err);
	if (g->server == NULL) {
		log_error(REF, "listen_failed", "address=%s why=\"%s\"", s->http.listen,
		          err.what);
		return -1;
	}
	log_info(REF, "serving", "address=%s port=%d version=" ADIT_VERSION,
	         s->http.listen, http_server_port(g->server));
	return gateway_listen_tls(g);
}

static void
on_writer_drained(void *arg)
{
	struct gateway *g = arg;

	log_info(REF, "drained", "pid=%d", (int)getpid());
	loop_stop(g->loop);
}

static void
on_carriers_drained(void *arg)
{
	struct gateway *g = arg;

	settle_drain(g->settle, on_writer_drained, g);
}

static void
on_outbox_drained(void *arg)
{
	talk_drain(arg, on_carriers_drained);
}

static void
on_rails_drained(void *arg)
{
	struct gateway *g = arg;

	talk_end_pushes(g);
	outbox_drain(g->outbox, on_outbox_drained, g);
}

/* Whatever looks now and then for something to do; safe to repeat. */
static void
stop_looking(struct gateway *g)
{
	expire_stop(&g->expire);
	costs_free(g->env.costs);
	preferences_free(g->env.preferences);
	g->env.costs = NULL;
	prompt_sizes_free(g->env.prompt_sizes);
	g->env.prompt_sizes = NULL;
	g->env.preferences = NULL;
	evening_stop(&g->evening);
	refund_run_stop(&g->refunds);
	batches_stop(&g->batches);
	bulks_stop(&g->bulks);
}

static void
on_server_drained(void *arg)
{
	struct gateway *g = arg;

	if (--g->servers_left > 0)
		return;
	stop_looking(g);
	rails_drain(g->rails, on_rails_drained, g);
}

static void
on_drain_late(void *arg)
{
	struct gateway *g = arg;

	g->drain_timer = NULL;
	log_warn(REF, "drain_late", "after_ms=%lld",
	         (long long)g->settings.http.drain_ms);
	loop_stop(g->loop);
}

static void
on_stop_signal(void *arg)
{
	struct gateway *g = arg;

	if (g->draining)
		return;
	g->draining = true;
	log_info(REF, "draining", "pid=%d", (int)getpid());
	g->drain_timer =
	    timer_start(g->loop, g->settings.http.drain_ms, on_drain_late, g);
	g->servers_left = 1 + (g->tls_server != NULL);
	http_server_drain(g->server, on_server_drained, g);
	if (g->tls_server != NULL)
		http_server_drain(g->tls_server, on_server_drained, g);
}

static void
end(struct gateway *g)
{
	timer_cancel(&g->drain_timer);
	http_server_free(g->server);
	http_server_free(g->tls_server);
	http_tls_free(g->tls);
	talk_end(g);
	stop_looking(g);
	waits_free(g->env.waits);
	settle_free(g->settle);
	pinhash_free(g->pinhash);
	http_client_free(g->http);
	sms_routes_end(&g->sms_routes);
	redis_free(g->redis);
	pg_free(g->writes);
	pg_free(g->reads);
	loop_free(g->loop);
}

int
gateway_serve(const char *config_path)
{
	static struct gateway gateway;
	struct gateway *g = &gateway;
	struct settings_faults faults;

	g->config_path = config_path;
	if (settings_load(config_path, &g->settings, &faults) != 0) {
		settings_print_faults(stderr, &faults);
		return 2;
	}
	log_set_level((enum log_level)g->settings.log.level);
	log_set_json(g->settings.log.json);
	signal(SIGPIPE, SIG_IGN);
	clock_init(&g->clock);
	ids_init(&g->ids);
	g->loop = loop_new(&g->clock);
	g->reload.ok = true;
	start_clients(g);
	start_writer(g);
	if (talk_start(g) != 0 || start_server(g) != 0) {
		g->status = 2;
	} else {
		loop_on_signal(g->loop, SIGTERM, on_stop_signal, g);
		loop_on_signal(g->loop, SIGINT, on_stop_signal, g);
		loop_on_signal(g->loop, SIGHUP, gateway_reload, g);
		loop_run(g->loop);
	}
	end(g);
	return g->status;
}
