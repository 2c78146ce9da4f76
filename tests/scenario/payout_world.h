/*
 * payout_world - one payment, a database that holds its row, a provider that keeps a
 * book, and books that write down the end: the scripted world of test_payout.c, which is
 * the only one to include this.
 *
 * The row follows the guards of payments/schema/020_payments.sql.  Money is what the
 * provider's book says; the tests compare the two.
 */
#ifndef TESTS_SCENARIO_PAYOUT_WORLD_H
#define TESTS_SCENARIO_PAYOUT_WORLD_H

#include "tests/scenario/payout_types.h"

/* ---- the row
 * ---------------------------------------------------------------------------- */

static bool
is_over(const struct world *w)
{
	return w->row.p.state == PAY_PAID || w->row.p.state == PAY_FAILED;
}

static bool
is_due(const struct world *w, int64_t now, int64_t pull_delay)
{
	const struct payment *p = &w->row.p;

	return w->row.next_ms != 0 && w->row.next_ms <= now && w->row.until_ms <= now &&
	       (p->state != PAY_CREATED || p->direction == PAY_OUT ||
	        p->created_ms + pull_delay <= now);
}

static struct answer
play_due(void *arg, const struct script_call *call)
{
	struct world *w = arg;

	return is_due(w, arg_i64(call, 0), arg_i64(call, 1)) ? answer_rows("1|mtn|1\n")
	                                                     : answer_rows(NULL);
}

static struct answer
play_claim(void *arg, const struct script_call *call)
{
	struct world *w = arg;
	const struct payment *p = &w->row.p;
	const char *submits = script_arg(call, 6);

	if (!is_due(w, arg_i64(call, 3), arg_i64(call, 7)) ||
	    (p->state == PAY_CREATED && submits[0] != 't'))
		return answer_rows(NULL);
	memcpy(w->row.claim, script_arg(call, 2), sizeof w->row.claim);
	w->row.until_ms = arg_i64(call, 4);
	w->row.hinted = false;
	return rows(
	    "1|" PAYMENT_ID "|" REFERENCE "|%s|mtn|test|" PAYMENT_ID "|\\N|" PAYMENT_ID
	    "|255712000100|5000000|TZS|ABC123|%s|%d|%d||%s|%lld|2|"
	    "%lld|%s|%d|%lld|%s|%s|1|0|\\N|0||f|\\N||0\n",
	    p->direction == PAY_OUT ? "out" : "in", pay_state_name(p->state),
	    (int)p->attempts, (int)p->ladder_step, p->reason, (long long)p->created_ms,
	    (long long)p->sent_ms, p->maybe_taken ? "t" : "f", (int)p->misses,
	    (long long)p->missing_ms, p->attention, w->row.claim);
}

static bool
claim_is_ours(const struct world *w, const struct script_call *call)
{
	return w->row.claim[0] != '\0' && strcmp(script_arg(call, 2), w->row.claim) == 0;
}

static struct answer
play_sent(void *arg, const struct script_call *call)
{
	struct world *w = arg;

	if (!claim_is_ours(w, call) || w->row.p.state != PAY_CREATED)
		return answer_rows("f\n");
	w->row.p.state = PAY_SENT;
	w->row.p.attempts++;
	w->row.p.sent_ms = arg_i64(call, 3);
	w->row.p.misses = 0;
	w->row.p.missing_ms = 0;
	w->row.until_ms = arg_i64(call, 4);
	return answer_rows("t\n");
}

static enum pay_state
state_by_name(const char *name)
{
	for (unsigned s = 0; s < PAY_STATES; s++)
		if (strcmp(pay_state_name((enum pay_state)s), name) == 0)
			return (enum pay_state)s;
	abort();
}

static struct answer
play_heard(void *arg, const struct script_call *call)
{
	struct world *w = arg;
	struct payment *p = &w->row.p;
	const char *set = script_arg(call, 7);
	struct json *doc = json_parse(set, strlen(set), NULL);
	int64_t n = 0;

	if (!claim_is_ours(w, call)) {
		json_free(doc);
		return answer_rows("f\n");
	}
	if (!is_over(w)) {
		p->state = state_by_name(json_get_text(doc, "state"));
		snprintf(p->reason, sizeof p->reason, "%s", json_get_text(doc, "reason"));
	}
	json_bool(json_get(doc, "maybe_taken"), &p->maybe_taken);
	json_get_i64(doc, "ladder_step", &n);
	p->ladder_step = (int32_t)n;
	json_get_i64(doc, "misses", &n);
	p->misses = (int32_t)n;
	json_get_i64(doc, "missing_ms", &p->missing_ms);
	snprintf(p->attention, sizeof p->attention, "%s",
	         json_get_text(doc, "attention"));
	w->row.next_ms = 0;
	json_get_i64(doc, "next_try_ms", &w->row.next_ms);
	if (w->row.hinted && w->row.next_ms > arg_i64(call, 3))
		w->row.next_ms = arg_i64(call, 3);
	w->row.hinted = false;
	w->row.claim[0] = '\0';
	w->row.until_ms = 0;
	w->contradicted |= strcmp(script_arg(call, 4), "contradiction") == 0;
	json_free(doc);
	return answer_rows("t\n");
}

static struct answer
play_hint(void *arg, const struct script_call *call)
{
	struct world *w = arg;
	const char *claims = script_arg(call, 3);
	int64_t now = arg_i64(call, 2);

	if (w->row.p.state == PAY_CREATED ||
	    (is_over(w) &&
	     (claims[0] == '\0' || strcmp(claims, pay_state_name(w->row.p.state)) == 0)))
		return answer_rows("\n");
	w->row.hinted = w->row.until_ms > now;
	if (is_over(w) || w->row.next_ms > now)
		w->row.next_ms = now;
	return answer_rows("\n");
}

/* ---- our books: a purpose that writes the end
 * ------------------------------------------- */

static const struct pg_statement books_write = { "books_write", "" };

struct recording {
	purpose_cb *cb;
	void *arg;
};

static void
on_books(void *arg, const struct pg_reply *reply)
{
	struct recording r = *(struct recording *)arg;
	struct err err = reply->err;

	free(arg);
	r.cb(r.arg, &err);
}

static void
record(struct flow_env *env, const struct payment *p, enum pay_state to,
       const struct verdict *why, purpose_cb *cb, void *arg)
{
	struct recording *r = calloc(1, sizeof *r);
	struct pg_args *a = pg_args_new();

	(void)p;
	(void)why;
	r->cb = cb;
	r->arg = arg;
	pg_text(a, pay_state_name(to));
	pg_call(env->pg, &books_write, a, 5000, on_books, r);
}

const struct purpose *
purpose_by_name(const char *name)
{
	static const struct purpose test = { "test", record };

	return strcmp(name, "test") == 0 ? &test : NULL;
}

static struct answer
play_books(void *arg, const struct script_call *call)
{
	struct world *w = arg;
	enum pay_state to = state_by_name(script_arg(call, 0));

	if (is_over(w)) /* the operation's key was seen: the first answer */
		return answer_rows("t\n");
	w->books.times++;
	w->books.state = to;
	w->row.p.state = to;
	w->row.next_ms = 0;
	w->row.claim[0] = '\0';
	w->row.until_ms = 0;
	return answer_rows("t\n");
}

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

static struct answer
play_found(void *arg, const struct script_call *call)
{
	(void)arg;
	return strcmp(script_arg(call, 0), REFERENCE) == 0
	           ? answer_rows("1|" PAYMENT_ID "\n")
	           : answer_rows(NULL);
}

/* ---- start, die, end
 * ------------------------------------------------------------------------ */

static void
world_script(struct world *w)
{
	script_reset(w->loop);
	script_handle("payments_due", play_due, w);
	script_handle("payments_claim", play_claim, w);
	script_handle("payment_sent", play_sent, w);
	script_handle("payment_heard", play_heard, w);
	script_handle("payment_by_reference", play_found, w);
	script_handle("payment_hint", play_hint, w);
	script_handle("books_write", play_books, w);
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

	while (!is_over(w) && w->clock.wall_ms < until)
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
	if (!is_over(w))
		return "not over";
	if (w->books.times != 1)
		return "written down more or less than once";
	if (w->books.state != w->nature.end)
		return "another end than the provider's nature";
	if ((w->row.p.state == PAY_PAID) != w->book.paid)
		return "the two books disagree";
	if (w->row.next_ms != 0 || w->row.claim[0] != '\0')
		return "over, but still in the queue";
	return script_problem();
}

#endif
