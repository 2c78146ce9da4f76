/*
 * metrics - the gateway's numbers, in Prometheus' text form.
 *
 *   COUNT what is open in the database --answer or none--> answer
 */
#include "gateway/gateway.h"
#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/http_tls.h"
#include "payments/store/overview.h"
#include "ussd/flow/dialog.h"

#include <stdlib.h>

#define TEXT_MAX 196608
#define OPEN_MS  1500

struct scrape {
	struct gateway *g;
	struct http_exchange *x;
	struct pg_op *pg;
};

static void
put_type(struct buf *b, const char *name, const char *type)
{
	buf_printf(b, "# TYPE adit_%s %s\n", name, type);
}

static void
put_number(struct buf *b, const char *name, const char *type, uint64_t value)
{
	put_type(b, name, type);
	buf_printf(b, "adit_%s %llu\n", name, (unsigned long long)value);
}

static void
put_state(struct buf *b, const struct gateway *g)
{
	put_number(b, "database_up", "gauge", pg_ready(g->reads) > 0);
	put_number(b, "redis_up", "gauge", redis_is_up(g->redis));
	put_number(b, "draining", "gauge", g->draining);
	put_number(b, "reload_ok", "gauge", g->reload.ok);
	put_number(b, "reloads_total", "counter", g->reload.done);
	put_number(b, "reloads_refused_total", "counter", g->reload.refused);
}

static void
put_tls(struct buf *b, const struct gateway *g)
{
	struct http_server_counts c;

	if (g->tls_server == NULL)
		return;
	http_server_read_counts(g->tls_server, &c);
	put_number(b, "tls_connections", "gauge", c.open);
	put_number(b, "tls_accepted_total", "counter", c.accepted);
	put_number(b, "tls_refused_total", "counter", c.no_tls);
	put_number(b, "tls_certificate_ends_seconds", "gauge",
	           (uint64_t)(http_tls_expires_ms(g->tls) / 1000));
}

static void
put_settle(struct buf *b, const struct gateway *g)
{
	struct settle_counts c;

	settle_read_counts(g->settle, &c);
	put_number(b, "settle_operations_total", "counter", c.operations);
	put_number(b, "settle_batches_total", "counter", c.batches);
	put_number(b, "settle_refusals_total", "counter", c.refusals);
	put_number(b, "settle_repeats_total", "counter", c.repeats);
	put_number(b, "settle_replays_total", "counter", c.replays);
	put_number(b, "settle_queued", "gauge", c.queued);
	put_number(b, "settle_in_flight", "gauge", c.in_flight);
	put_number(b, "settle_leader", "gauge", settle_is_leader(g->settle));
}

static void
put_phones(struct buf *b, const struct gateway *g)
{
	struct dialog_counts d;

	dialog_read_counts(g->dialog, &d);
	put_number(b, "hops_total", "counter", d.hops);
	put_number(b, "hops_repeated_total", "counter", d.repeats);
	put_number(b, "hops_resumed_total", "counter", d.resumes);
	put_number(b, "dialled_answers_total", "counter", d.dialled);
	put_number(b, "hops_late_total", "counter", d.late);
	put_number(b, "hops_failed_total", "counter", d.errors);
	put_number(b, "hops_in_flight", "gauge", d.in_flight);
	put_number(b, "hops_refused_total", "counter", g->at_ussd.count.refused);
	put_number(b, "hops_peer_gone_total", "counter", g->at_ussd.count.gone);
	put_number(b, "sms_received_total", "counter", g->at_sms.count.received);
	put_number(b, "callbacks_total", "counter", g->callback.count.taken);
	put_number(b, "paybill_total", "counter", g->paybill.count.taken);
	put_number(b, "paybill_refused_total", "counter", g->paybill.count.refused);
	put_number(b, "paybill_prompted_total", "counter", g->paybill.count.prompted);
	put_number(b, "received_total", "counter", g->received.count.taken);
	put_number(b, "received_refused_total", "counter", g->received.count.refused);
	put_number(b, "callbacks_refused_total", "counter", g->callback.count.refused);
	put_number(b, "callbacks_forged_total", "counter", g->callback.count.forged);
}

static void
put_outbox(struct buf *b, const struct gateway *g)
{
	struct outbox_counts c;

	outbox_read_counts(g->outbox, &c);
	put_number(b, "sms_sent_total", "counter", c.sent);
	put_number(b, "sms_again_total", "counter", c.again);
	put_number(b, "sms_refused_total", "counter", c.refused);
	put_number(b, "sms_given_up_total", "counter", c.given_up);
	put_number(b, "sms_delivered_total", "counter", c.delivered);
	put_number(b, "sms_undelivered_total", "counter", c.undelivered);
	put_number(b, "sms_sending", "gauge", c.sending);
}

static void
put_of_provider(struct buf *b, const struct rail_counts *r, const char *name,
                uint64_t value)
{
	buf_printf(b, "adit_provider_%s{provider=\"%s\"} %llu\n", name, r->provider,
	           (unsigned long long)value);
}

/* 1 serves, 0 does not; nothing where nobody tells. */
static void
put_serves(struct buf *b, const struct rail_counts *r)
{
	static const char *const names[] = { [PAY_OUT] = "out", [PAY_IN] = "in" };

	for (unsigned d = 0; d < 2; d++)
		if (r->serves[d] != SERVES_UNTOLD)
			buf_printf(
			    b,
			    "adit_provider_serves{provider=\"%s\",direction=\"%s\"} "
			    "%d\n",
			    r->provider, names[d], r->serves[d] == SERVES_YES);
}

static void
put_rails(struct buf *b, const struct gateway *g)
{
	struct rails_counts c;

	rails_read_counts(g->rails, &c);
	for (unsigned i = 0; i < c.count; i++) {
		const struct rail_counts *r = &c.at[i];
		put_of_provider(b, r, "open", rails_is_open(g->rails, r->provider));
		put_of_provider(b, r, "under_way", r->under_way);
		put_of_provider(b, r, "submits_total", r->submits);
		put_of_provider(b, r, "queries_total", r->queries);
		put_of_provider(b, r, "paid_total", r->paid);
		put_of_provider(b, r, "failed_total", r->failed);
		put_of_provider(b, r, "unknown_total", r->unknown);
		put_of_provider(b, r, "breaker_opened_total", r->breaker_opened);
		put_of_provider(b, r, "per_second", (uint64_t)r->per_second);
		put_of_provider(b, r, "paced_total", r->paced);
		put_serves(b, r);
	}
}

struct smpp_sums {
	uint64_t bound, in_flight, waiting, sent, throttled, lost, received, losses;
	int64_t lag_ms;
};

static void
put_of_smpp(struct buf *b, const char *channel, const char *name, uint64_t value)
{
	buf_printf(b, "adit_smpp_%s{channel=\"%s\"} %llu\n", name, channel,
	           (unsigned long long)value);
}

/* All binds of an operator together; `adit ctl show channels` tells them apart. */
static void
put_smpp(struct buf *b, const struct smpp_carrier *c)
{
	const char *name = smpp_carrier_name(c);
	struct smpp_sums n = { 0 };
	struct smpp_carrier_counts own;

	for (unsigned i = 0; i < smpp_carrier_links(c); i++) {
		const struct smpp_session *s = smpp_carrier_session(c, i);

		n.bound += s->where == SMPP_BOUND;
		n.in_flight += s->window.in_flight;
		n.waiting += s->window.queued;
		n.sent += s->window.count.sent;
		n.throttled += s->window.count.throttled;
		n.lost += s->window.count.lost;
		n.received += s->count.received;
		n.losses += s->count.losses;
		if (s->window.lag_ms > n.lag_ms)
			n.lag_ms = s->window.lag_ms;
	}
	put_of_smpp(b, name, "bound", n.bound);
	put_of_smpp(b, name, "in_flight", n.in_flight);
	put_of_smpp(b, name, "waiting", n.waiting);
	put_of_smpp(b, name, "answer_ms", (uint64_t)n.lag_ms);
	put_of_smpp(b, name, "parts_total", n.sent);
	put_of_smpp(b, name, "throttled_total", n.throttled);
	put_of_smpp(b, name, "unanswered_total", n.lost);
	put_of_smpp(b, name, "received_total", n.received);
	put_of_smpp(b, name, "losses_total", n.losses);
	smpp_carrier_read_counts(c, &own);
	put_of_smpp(b, name, "pushes_total", own.pushes);
	put_of_smpp(b, name, "pushes_answered_total", own.pushes_answered);
}

static void
put_turns(struct buf *b, const struct gateway *g)
{
	struct loop_turns t;
	uint64_t sum = 0;

	loop_read_turns(g->loop, &t);
	put_type(b, "turn_us", "histogram");
	for (unsigned i = 0; i < LOOP_TURN_BOUNDS; i++) {
		sum += t.up_to[i];
		buf_printf(b, "adit_turn_us_bucket{le=\"%lld\"} %llu\n",
		           (long long)loop_turn_bounds_us[i], (unsigned long long)sum);
	}
	sum += t.up_to[LOOP_TURN_BOUNDS];
	buf_printf(b,
	           "adit_turn_us_bucket{le=\"+Inf\"} %llu\nadit_turn_us_sum %llu\n"
	           "adit_turn_us_count %llu\n",
	           (unsigned long long)sum, (unsigned long long)t.busy_us,
	           (unsigned long long)sum);
}

/* Rows of overview_open: what is still to be done, by kind and state. */
static void
put_open(struct buf *b, const struct pg_reply *r)
{
	put_type(b, "open", "gauge");
	for (int i = 0; i < r->rows; i++)
		buf_printf(b, "adit_open{kind=\"%s\",state=\"%s\"} %lld\n",
		           reply_text(r, i, 0), reply_text(r, i, 1),
		           (long long)reply_i64(r, i, 2));
	put_type(b, "open_oldest_ms", "gauge");
	for (int i = 0; i < r->rows; i++)
		buf_printf(b, "adit_open_oldest_ms{kind=\"%s\",state=\"%s\"} %lld\n",
		           reply_text(r, i, 0), reply_text(r, i, 1),
		           (long long)reply_i64(r, i, 3));
}

static void
on_open(void *arg, const struct pg_reply *r)
{
	struct scrape *s = arg;
	struct http_exchange *x = s->x;
	static char text[TEXT_MAX];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	put_state(&b, s->g);
	put_tls(&b, s->g);
	put_settle(&b, s->g);
	put_phones(&b, s->g);
	put_outbox(&b, s->g);
	put_rails(&b, s->g);
	for (unsigned i = 0; i < s->g->smpp_count; i++)
		put_smpp(&b, s->g->smpp[i]);
	channels_metrics(s->g, &b);
	put_turns(&b, s->g);
	if (r->err.code == ERR_NONE)
		put_open(&b, r);
	free(s);
	http_answer(x, 200, "text/plain; version=0.0.4", b.at, b.len);
}

static void
on_gone(void *arg)
{
	struct scrape *s = arg;

	pg_cancel(&s->pg);
	free(s);
}

void
health_metrics(void *gateway, struct http_exchange *x)
{
	struct gateway *g = gateway;
	struct pg_args *a;

	if (!settings_allow(&g->settings.http.operators, http_peer(x))) {
		http_answer_text(x, 403, "this address may not read metrics\n");
		return;
	}
	struct scrape *s = xzalloc(sizeof(*s));
	s->g = g;
	s->x = x;
	http_on_gone(x, on_gone, s);
	a = pg_args_new();
	pg_i64(a, g->clock.wall_ms);
	s->pg = pg_call(g->reads, &overview_open, a, OPEN_MS, on_open, s);
}
