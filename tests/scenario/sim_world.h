/*
 * sim_world - one payment between the rails and the simulator, both in this process, in
 * virtual time: the world of test_torture.c, which is the only one to include this.
 *
 * The rails call through the scripted http_client, the simulator's own handlers answer,
 * and what it posts comes to the gateway's own page for callbacks.  So every codec meets
 * its own wire, and any answer can be spoiled.  The payment's row is that of
 * payout_row.h; money is what the simulator's book says.
 */
#ifndef TESTS_SCENARIO_SIM_WORLD_H
#define TESTS_SCENARIO_SIM_WORLD_H

#include "config/settings.h"
#include "gateway/webhook/callback.h"
#include "lib/log.h"
#include "payments/flow/rails.h"
#include "tests/fake/server.h"
#include "tests/scenario/payout_row.h"
#include "tests/sim/book.h"
#include "tests/sim/sim.h"

#define START_MS  INT64_C(1700000000000)
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define GATE      "https://gate.test/callback/it/word1"

enum spoil { /* what befalls one call to the provider */
	     SPOIL_NOTHING,
	     SPOIL_NOT_SENT,    /* no connection; it did not              */
	     SPOIL_LOST_BEFORE, /* reset; it did not                      */
	     SPOIL_500_BEFORE,  /* a bare 500; it did not                 */
	     SPOIL_BUSY,        /* 429; it did not                        */
	     SPOIL_STRANGE,     /* 400 and a word nobody knows; it did not */
	     SPOIL_TOKEN,       /* the token is unknown; in its own words */
	     SPOIL_LOST,        /* reset; it did                          */
	     SPOIL_LATE,        /* a moment before the deadline           */
	     SPOIL_SILENT,      /* nothing until the deadline; it did     */
	     SPOIL_500,         /* a bare 500; it did                     */
	     SPOIL_HTML,        /* 200 and a page; it did                 */
	     SPOIL_TRUNCATED,   /* half of the answer; it did             */
	     SPOIL_HUGE,        /* 300 KB; it did                         */
	     SPOIL_REDIRECT,    /* 307; it did                            */
	     SPOIL_TWICE,       /* the call comes there twice             */
	     SPOIL_EMPTY,       /* 200 and nothing; it did                */
	     SPOILS
};

struct wire { /* how a provider is set up */
	const char *codec, *currency;
	int64_t scale, version, amount;
	const char *country, *party, *market, *number; /* without its last two digits */
	bool pays_only;
	bool knows_no_key; /* a reference that comes again is paid again */
	bool is_mute;      /* calls nobody back                          */
	unsigned names_it; /* bits of flows that it names itself         */
};

struct nature { /* what the other side does with this payment */
	const char *about;
	const char *ending; /* of the number                          */
	const char *chaos;
	enum pay_state end;  /* undisturbed; PAY_UNKNOWN: a person's   */
	bool poor;           /* our account there holds nothing        */
	bool float_low;      /* the same, until it is filled; we ask before */
	bool other_name;     /* the wallet's: a person decides         */
	const char *decides; /* what people do when it is theirs: "release",
	                      * "by_hand", "by_hand_no"; NULL: nothing */
};

struct world {
	struct clock clock;
	struct loop *loop;
	struct ids ids;
	struct settings settings;
	struct flow_env env;
	struct rails *rails;
	struct callback callback;
	const struct wire *wire;
	const struct nature *nature;
	struct payout_row row;
	struct sim sim;
	struct http_route route[SIM_ROUTES_MAX], gate[2];
	unsigned answers; /* of the provider so far */
	unsigned spoil_at;
	enum spoil spoil;
	int64_t began_ms;
};

/* ---- the wire
 * ----------------------------------------------------------------------------- */

static struct answer
serve_as_told(struct world *w, const struct script_call *call, enum spoil s)
{
	static const char *const forged[] = { "Authorization: Bearer stale", NULL };
	const char *headers[16] = { NULL };
	struct script_call other = *call;
	unsigned n = 0;

	if (s == SPOIL_TWICE)
		(void)fake_serve(w->route, call);
	if (s != SPOIL_TOKEN || call->basic_auth != NULL)
		return fake_serve(w->route, call);
	for (const char *const *h = call->headers; *h != NULL && n < 15; h++)
		headers[n++] = strncmp(*h, "Authorization:", 14) == 0 ? forged[0] : *h;
	other.headers = headers;
	return fake_serve(w->route, &other);
}

/* It is done over there, and we hear something else. */
static struct answer
after(enum spoil s, struct answer good, const struct script_call *call)
{
	static char half[4096];

	switch ((int)s) {
	case SPOIL_LOST:
		return answer_err(ERR_LOST, FATE_UNKNOWN);
	case SPOIL_LATE:
		good.after_ms = call->deadline_ms - 1;
		return good;
	case SPOIL_SILENT:
		return answer_silence();
	case SPOIL_500:
		return answer_http(500, "");
	case SPOIL_HTML:
		good = answer_http(200, "<html>SUCCESSFUL</html>");
		good.content_type = "text/html";
		return good;
	case SPOIL_TRUNCATED:
		if (good.silent || good.text == NULL)
			return good;
		snprintf(half, sizeof half, "%s", good.text);
		half[strlen(half) / 2] = '\0';
		good.text = half[0] == '\0' ? "{" : half;
		return good;
	case SPOIL_HUGE:
		return answer_err(ERR_TOO_LONG, FATE_UNKNOWN);
	case SPOIL_REDIRECT:
		return answer_http(307, "");
	case SPOIL_EMPTY:
		return answer_http(200, "");
	default:
		return good;
	}
}

static struct answer
play_provider(void *arg, const struct script_call *call)
{
	struct world *w = arg;
	enum spoil s = ++w->answers == w->spoil_at ? w->spoil : SPOIL_NOTHING;

	switch ((int)s) {
	case SPOIL_NOT_SENT:
		return answer_err(ERR_CONNECT, FATE_NOT);
	case SPOIL_LOST_BEFORE:
		return answer_err(ERR_LOST, FATE_UNKNOWN);
	case SPOIL_500_BEFORE:
		return answer_http(500, "");
	case SPOIL_BUSY:
		return answer_http(429, "");
	case SPOIL_STRANGE:
		return answer_http(400, "{\"code\":\"INS-12345\"}");
	default:
		return after(s, serve_as_told(w, call, s), call);
	}
}

static struct answer
play_gate(void *arg, const struct script_call *call)
{
	return fake_serve(((struct world *)arg)->gate, call);
}

static void
to_rails(void *arg, const char *provider, const struct provider_hint *hint,
         const char *body, size_t n)
{
	rails_hint(((struct world *)arg)->rails, provider, hint, body, n);
}

static void
to_question(void *arg, const char *provider, const struct uuid *question,
            const char *body, size_t n)
{
	struct payout_row *r = &((struct world *)arg)->row;

	(void)provider;
	(void)question;
	snprintf(r->posted, sizeof r->posted, "%.*s", (int)n, body);
}

/* ---- who there is
 * ------------------------------------------------------------------------- */

#define COPY(field, text)                                                                \
	snprintf(field, sizeof field, "%s", (text) == NULL ? "" : (text))

static void
sim_start(struct world *w)
{
	/* making keys takes longer than all else */
	static struct airtel *kept;
	const char *wrong;
	struct err err;

	sim_defaults(&w->sim);
	w->sim.o.airtel_callback = w->sim.o.pawapay_callback = w->sim.o.vodacom_callback =
	    GATE;
	w->sim.o.airtel_hash_key = w->sim.o.daraja_passkey = "key";
	w->sim.o.daraja_party = "600999";
	w->sim.o.gateway = "https://gate.test";
	w->sim.o.currencies = w->wire->currency;
	if (w->nature->poor || w->nature->float_low)
		w->sim.o.float_minor = 0;
	w->sim.airtel = kept;
	ids_init_seeded(&w->sim.ids, 2);
	w->sim.loop = w->loop;
	w->sim.http = http_client_new(w->loop, &(struct http_client_options){ 0 });
	if (!sim_open(&w->sim, &err) ||
	    !chaos_set(&w->sim.chaos, w->nature->chaos, &wrong))
		abort();
	sim_routes(&w->sim, w->route);
	if (strcmp(w->wire->codec, "pawapay") !=
	    0) /* there it would be their signature's */
		airtel_key(&w->sim, w->settings.providers[0].public_key,
		           sizeof w->settings.providers[0].public_key);
	kept = w->sim.airtel;
}

static void
sim_end(struct world *w)
{
	w->sim.airtel = NULL;
	http_client_free(w->sim.http);
	sim_close(&w->sim);
}

static void
world_settings(struct world *w)
{
	struct settings *s = &w->settings;
	struct settings_provider *p = &s->providers[0];

	settings_defaults(s);
	s->payments.poll_ms = MINUTE_MS;
	COPY(s->callback.secret, "word1");
	s->provider_count = 1;
	COPY(p->name, "it");
	COPY(p->codec, w->wire->codec);
	COPY(p->base_url, "https://sim.test");
	COPY(p->callback_url, GATE);
	COPY(p->target_environment, "sandbox");
	COPY(p->currency, w->wire->currency);
	COPY(p->country, w->wire->country);
	COPY(p->party, w->wire->party);
	COPY(p->market, w->wire->market);
	COPY(p->origin, "coop.example");
	COPY(p->initiator, "adit");
	COPY(p->wallet_pin, "1234");
	COPY(p->passkey, "key");
	COPY(p->callback_key, strcmp(w->wire->codec, "airtel") == 0 ? "key" : "");
	p->scale = w->wire->scale;
	p->version = w->wire->version;
	COPY(p->collection.user, "adit");
	COPY(p->collection.key, "key");
	COPY(p->collection.subscription_key, "key");
	p->disbursement = p->collection;
	p->concurrency = 4;
	p->deadline_ms = 20000;
	p->float_ms = w->nature->float_low ? MINUTE_MS : 0;
	p->name_above = w->nature->other_name ? 1 : 0;
}

static void
payment_start(struct world *w, enum pay_direction d, const char *ending)
{
	struct payment *p = &w->row.p;

	memset(&w->row, 0, sizeof w->row);
	p->direction = d;
	p->payment_id = ids_uuid7(&w->ids, w->clock.wall_ms);
	p->reference = ids_uuid4(&w->ids);
	p->amount = w->wire->amount;
	p->created_ms = w->row.next_ms = w->began_ms = w->clock.wall_ms;
	COPY(p->provider, "it");
	COPY(p->currency, w->wire->currency);
	snprintf(p->msisdn, sizeof p->msisdn, "%s%s", w->wire->number, ending);
	w->row.payee = w->nature->other_name ? "Nobody Known" : NULL;
	w->answers = 0;
}

static void
world_start(struct world *w, const struct wire *wire, const struct nature *n)
{
	memset(w, 0, sizeof *w);
	w->wire = wire;
	w->nature = n;
	log_set_level(LOG_LEVEL_ERROR + 1);
	clock_init_virtual(&w->clock, START_MS);
	ids_init_seeded(&w->ids, 1);
	w->loop = loop_new(&w->clock);
	world_settings(w);
	script_reset(w->loop);
	row_script(&w->row);
	script_handle("* https://sim.test/*", play_provider, w);
	script_handle("* https://gate.test/*", play_gate, w);
	sim_start(w);
	w->callback.settings = &w->settings;
	w->callback.clock = &w->clock;
	w->callback.hint = to_rails;
	w->callback.answer = to_question;
	w->callback.arg = w;
	w->gate[0] = (struct http_route){ "*", "/callback/*", CALLBACK_BODY_MAX,
		                          callback_handle, &w->callback };
	w->env.loop = w->loop;
	w->env.ids = &w->ids;
	w->env.settings = &w->settings;
	w->env.pg = pg_new(w->loop, &(struct pg_options){ .connections = 1 });
	w->env.http = http_client_new(w->loop, &(struct http_client_options){ 0 });
	w->rails = rails_new(&w->env);
}

static void
world_end(struct world *w)
{
	rails_free(w->rails);
	http_client_free(w->env.http);
	pg_free(w->env.pg);
	sim_end(w);
	script_reset(w->loop);
	loop_free(w->loop);
}

/* The gateway dies and another starts; the network forgets what it was carrying. */
static void
world_restart(struct world *w)
{
	rails_free(w->rails);
	w->rails = rails_new(&w->env);
}

#endif
