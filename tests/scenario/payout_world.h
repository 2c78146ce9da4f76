/*
 * payout_world - one payment, a database that holds its row, a provider that keeps a
 * book, and books that write down the end: the scripted world of test_payout.c, which is
 * the only one to include this.
 *
 * Money is what the provider's book says; the tests compare the two.
 */
#ifndef TESTS_SCENARIO_PAYOUT_WORLD_H
#define TESTS_SCENARIO_PAYOUT_WORLD_H

#include "tests/scenario/payout_row.h"
#include "tests/scenario/payout_types.h"

/* ---- the provider
 * ------------------------------------------------------------------------- */

static bool
spoils_before(enum spoil s)
{
	return s >= SPOIL_500_NOT;
}

static struct answer
spoiled(enum spoil s, struct answer good)
{
	static char half[2048];

	switch (s) {
	case SPOIL_HTML:
		good = answer_http(200, "<html>Request Rejected</html>");
		good.content_type = "text/html";
		return good;
	case SPOIL_TRUNCATED:
		snprintf(half, sizeof half, "%s", good.text);
		half[strlen(half) / 2] = '\0';
		if (half[0] == '\0')
			return answer_http(good.status, "{");
		return answer_http(good.status, half);
	case SPOIL_500:
	case SPOIL_500_NOT:
		return answer_http(500, "");
	case SPOIL_STRANGE:
		return answer_http(400, "{\"code\":\"INS-12345\"}");
	case SPOIL_AUTH:
		return answer_http(401, "");
	case SPOIL_BUSY:
		return answer_http(429, "");
	case SPOIL_DOWN:
		return answer_http(503, "{\"code\":\"SERVICE_UNAVAILABLE\"}");
	case SPOIL_NOTHING:
	case SPOILS:
		break;
	}
	return good;
}

static struct answer
provider_submit(struct world *w, const struct script_call *call)
{
	const struct nature *n = &w->nature;

	if (strcmp(script_header(call, "X-Reference-Id"), REFERENCE) != 0)
		w->book.other_reference = true;
	if (w->book.taken)
		return answer_http(409, "{\"code\":\"RESOURCE_ALREADY_EXIST\"}");
	if (w->book.downs++ < n->down)
		return answer_http(503, "{\"code\":\"SERVICE_UNAVAILABLE\"}");
	if (n->refuses != NULL) {
		static char body[64];

		snprintf(body, sizeof body, "{\"code\":\"%s\"}", n->refuses);
		return answer_http(500, body);
	}
	w->book.taken = true;
	w->book.submits++;
	return answer_http(202, "");
}

static struct answer
provider_query(struct world *w)
{
	const struct nature *n = &w->nature;
	bool ok = !n->fails;
	static char body[256];

	if (!w->book.taken || w->book.queries++ < n->hidden)
		return answer_http(404, "{\"code\":\"RESOURCE_NOT_FOUND\"}");
	if (w->book.queries - n->hidden > n->pending) {
		w->book.decided = true;
		w->book.paid = ok;
	}
	ok ^= w->lies;
	snprintf(body, sizeof body,
	         "{\"amount\":\"%s\",\"currency\":\"TZS\",\"status\":\"%s\"%s}",
	         n->amount == NULL ? "50000.00" : n->amount,
	         !w->book.decided ? "PENDING" : (ok ? "SUCCESSFUL" : "FAILED"),
	         w->book.decided && !ok ? ",\"reason\":\"EXPIRED\"" : "");
	return answer_http(200, body);
}

static struct answer
play_provider(void *arg, const struct script_call *call)
{
	struct world *w = arg;
	enum spoil s = ++w->answers == w->spoil_at ? w->spoil : SPOIL_NOTHING;
	struct answer good;

	if (spoils_before(s))
		good = answer_http(0, "");
	else if (strstr(call->name, "/token/") != NULL)
		good = answer_http(200,
		                   "{\"access_token\":\"tok\",\"token_type\":\"Bearer\","
		                   "\"expires_in\":3600}");
	else if (strncmp(call->name, "GET ", 4) == 0)
		good = provider_query(w);
	else
		good = provider_submit(w, call);
	return spoiled(s, good);
}

/* ---- start, die, end
 * ------------------------------------------------------------------------ */

static void
world_script(struct world *w)
{
	script_reset(w->loop);
	row_script(&w->row);
	script_handle("* https://momo.test/*", play_provider, w);
}

static void
world_settings(struct settings *s)
{
	struct settings_provider *p = &s->providers[0];

	settings_defaults(s);
	s->payments.poll_ms = 10000;
	s->provider_count = 1;
	snprintf(p->name, sizeof p->name, "mtn");
	snprintf(p->base_url, sizeof p->base_url, "https://momo.test");
	snprintf(p->target_environment, sizeof p->target_environment, "sandbox");
	snprintf(p->currency, sizeof p->currency, "TZS");
	p->scale = 2;
	snprintf(p->collection.user, sizeof p->collection.user, "user");
	snprintf(p->collection.key, sizeof p->collection.key, "key");
	snprintf(p->collection.subscription_key, sizeof p->collection.subscription_key,
	         "subscription");
	p->disbursement = p->collection;
	p->concurrency = 4;
	p->deadline_ms = 20000;
}

static void
world_start(struct world *w, const struct nature *n)
{
	memset(w, 0, sizeof *w);
	w->nature = *n;
	w->row.p.direction = n->direction;
	w->row.p.amount = 5000000;
	uuid_parse(PAYMENT_ID, sizeof PAYMENT_ID - 1, &w->row.p.payment_id);
	uuid_parse(REFERENCE, sizeof REFERENCE - 1, &w->row.p.reference);
	memcpy(w->row.p.provider, "mtn", sizeof "mtn");
	memcpy(w->row.p.msisdn, "255712000100", sizeof "255712000100");
	memcpy(w->row.p.currency, "TZS", sizeof "TZS");
	w->row.p.created_ms = START_MS;
	w->row.next_ms = START_MS;
	log_set_level(LOG_LEVEL_ERROR + 1);
	clock_init_virtual(&w->clock, START_MS);
	ids_init_seeded(&w->ids, 1);
	w->loop = loop_new(&w->clock);
	world_script(w);
	world_settings(&w->settings);
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

/* Until the payment is over, four hours at most, and then a while. */
static void
world_run(struct world *w)
{
	int64_t until = w->clock.wall_ms + 240 * MINUTE_MS;

	while (!row_is_over(&w->row) && w->clock.wall_ms < until)
		loop_turn(w->loop, 1000);
	until = w->clock.wall_ms + 3 * MINUTE_MS;
	while (w->clock.wall_ms < until)
		loop_turn(w->loop, 1000);
}

/* NULL if both sides agree and everything is over; else what is wrong. */
static const char *
world_fault(const struct world *w)
{
	if (w->book.other_reference)
		return "sent under another reference";
	if (w->book.submits > 1)
		return "taken twice";
	if (!row_is_over(&w->row))
		return "not over";
	if (w->row.books.times != 1)
		return "written down more or less than once";
	if (w->row.books.state != w->nature.end)
		return "another end than the provider's nature";
	if ((w->row.p.state == PAY_PAID) != w->book.paid)
		return "the two books disagree";
	if (w->row.next_ms != 0 || w->row.claim[0] != '\0')
		return "over, but still in the queue";
	return script_problem();
}

#endif
