#include "gateway/cli/cli.h"
#include "lib/arena.h"
#include "payments/flow/payments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An answer may come early in a turn, which then still waits: so it waits little. */
#define TURN_MS 10

static struct pg *
connect_pg(struct cli_world *w, unsigned connections, enum cli_reach reach)
{
	const struct settings *s = w->settings;
	bool role = reach != CLI_OWNER && s->pg.role[0] != '\0';
	struct pg_options o = {
		.conninfo = s->pg.conninfo,
		.connections = connections,
		.in_flight = 4,
		.connect_ms = s->pg.connect_ms,
		.statement_ms = 60000,
		.role = role ? s->pg.role : NULL,
	};

	return pg_new(w->loop, &o);
}

static void
open_writer(struct cli_world *w)
{
	const struct settings *s = w->settings;
	struct settle_options settle = {
		.batch_max = (unsigned)s->settle.batch_max,
		.queue_max = (unsigned)s->settle.queue_max,
		.cache_accounts = 1024,
		.lease_ms = s->settle.lease_ms,
		.holder = "command line",
	};
	struct pinhash_options pin = {
		.threads = 1,
		.memory_bytes = (size_t)s->pin.memory_bytes,
		.passes = (unsigned)s->pin.passes,
	};

	memcpy(pin.pepper, s->pin.pepper, sizeof(pin.pepper));
	w->writes = connect_pg(w, 2, CLI_WRITES);
	w->env.settle = settle_new(w->loop, w->writes, &settle);
	w->env.pinhash = pinhash_new(w->loop, &pin);
	explicit_bzero(&pin, sizeof(pin));
}

struct cli_world *
cli_open(struct settings *s, enum cli_reach reach)
{
	struct cli_world *w = xzalloc(sizeof(*w));

	w->settings = s;
	log_set_level(LOG_LEVEL_WARN);
	clock_init(&w->clock);
	ids_init(&w->ids);
	w->loop = loop_new(&w->clock);
	w->env = (struct flow_env){
		.loop = w->loop,
		.ids = &w->ids,
		.pg = connect_pg(w, 1, reach),
		.settings = s,
	};
	if (reach == CLI_WRITES)
		open_writer(w);
	return w;
}

static void
on_drained(void *arg)
{
	struct cli_world *w = arg;

	w->answered = true;
}

void
cli_close(struct cli_world *w)
{
	if (w == NULL)
		return;
	if (w->env.settle != NULL) {
		w->answered = false;
		settle_drain(w->env.settle, on_drained, w);
		cli_await(w);
		settle_free(w->env.settle);
		pinhash_free(w->env.pinhash);
		pg_free(w->writes);
	}
	pg_free(w->env.pg);
	loop_free(w->loop);
	free(w);
}

void
cli_await(struct cli_world *w)
{
	while (!w->answered)
		loop_turn(w->loop, TURN_MS);
	w->answered = false;
}

void
cli_complain(const char *verb, const struct payments_answer *a)
{
	fprintf(stderr, "adit %s: %s%s%s\n", verb, a->reason,
	        a->err.code == ERR_NONE ? "" : ": ",
	        a->err.code == ERR_NONE ? "" : a->err.what);
}
