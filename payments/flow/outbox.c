/*
 * outbox - see outbox.h.  One message is in outbox_letter.c, reports are in report.c.
 *
 *   timer, nudge --> POLL --due cooperatives--> CLAIM --rows--> a letter each
 *   offer --> (its operation commits) --> take --> a letter
 */
#include "payments/flow/outbox_internal.h"

#include "lib/arena.h"
#include "lib/log.h"

#include <stdlib.h>

static void on_timer(void *arg);
static void enter_poll(struct outbox *o);
static void on_poll(void *arg, const struct pg_reply *reply);
static void enter_claim(struct outbox *o, int32_t cooperative_id);
static void on_claim(void *arg, const struct pg_reply *reply);

/* ---- start and end
 * --------------------------------------------------------------------- */

struct outbox *
outbox_new(struct flow_env *env, const struct sms_port *port)
{
	struct outbox *o = xzalloc(sizeof *o);

	o->env = env;
	o->port = *port;
	o->to_note_end = &o->to_note;
	o->reports = reports_new(env);
	enter_poll(o);
	return o;
}

void
outbox_tell_if_drained(struct outbox *o)
{
	loop_cb *cb = o->drained;

	if (cb == NULL || o->under_way > 0)
		return;
	o->drained = NULL;
	loop_next_turn(o->env->loop, cb, o->drained_arg);
}

void
outbox_drain(struct outbox *o, loop_cb *cb, void *arg)
{
	o->draining = true;
	o->drained = cb;
	o->drained_arg = arg;
	timer_cancel(&o->timer);
	pg_cancel(&o->poll);
	outbox_tell_if_drained(o);
}

void
outbox_free(struct outbox *o)
{
	if (o == NULL)
		return;
	timer_cancel(&o->timer);
	pg_cancel(&o->poll);
	while (o->claims != NULL) {
		struct claim *c = o->claims;

		o->claims = c->next;
		pg_cancel(&c->pg);
		free(c);
	}
	letters_forget(o);
	reports_free(o->reports);
	free(o);
}

/* ---- when to look
 * ------------------------------------------------------------------------ */

void
outbox_wake_in(struct outbox *o, int64_t delay_ms)
{
	if (o->draining)
		return;
	timer_cancel(&o->timer);
	o->timer = timer_start(o->env->loop, delay_ms, on_timer, o);
}

static void
on_timer(void *arg)
{
	struct outbox *o = arg;

	o->timer = NULL;
	enter_poll(o);
}

static unsigned
room(const struct outbox *o)
{
	unsigned most = (unsigned)o->env->settings->sms.concurrency;

	return most > o->under_way ? most - o->under_way : 0;
}

/* Places that were kept are free again: who came meanwhile found none. */
static void
look_if_full(struct outbox *o)
{
	if (o->is_full && room(o) > 0)
		outbox_wake_in(o, 0);
}

void
outbox_nudge(struct outbox *o)
{
	if (o == NULL)
		return;
	if (room(o) == 0)
		o->is_full = true; /* looked at when a place is free */
	else
		enter_poll(o);
}

bool
outbox_report(struct outbox *o, const char *carrier_id, enum report_state state,
              const char *reason, report_cb *cb, void *arg)
{
	if (pg_ready(o->env->pg) == 0 || !reports_have_room(o->reports)) {
		log_warn(REF, "report_put_off", "carrier_id=%s", carrier_id);
		return false;
	}
	return reports_take(o->reports, carrier_id, state == REPORT_DELIVERED, reason, cb,
	                    arg);
}

/* ---- what is written as ours
 * ------------------------------------------------------------- */

bool
outbox_offer(struct outbox *o, struct message *m)
{
	if (o == NULL || o->draining || room(o) == 0)
		return false;
	o->under_way++;
	m->claim = ids_uuid4(o->env->ids);
	m->claimed_until_ms = outbox_wall(o) + CLAIM_MS;
	m->attempts = 1;
	return true;
}

void
outbox_give_back(struct outbox *o)
{
	if (o == NULL)
		return;
	o->under_way--;
	look_if_full(o);
	outbox_tell_if_drained(o);
}

void
outbox_take(struct outbox *o, const struct message *m)
{
	if (o == NULL)
		return;
	o->under_way--; /* it counts as a letter now */
	letter_send(o, m);
}

/* ---- POLL
 * ---------------------------------------------------------------------------------- */

static void
enter_poll(struct outbox *o)
{
	struct pg_args *a;

	if (o->draining)
		return;
	if (o->poll != NULL) {
		o->poll_again = true;
		return;
	}
	o->poll_again = false;
	a = pg_args_new();
	pg_i64(a, outbox_wall(o));
	o->poll = pg_call(o->env->pg, &messages_due, a, outbox_deadline(o), on_poll, o);
}

static void
on_poll(void *arg, const struct pg_reply *reply)
{
	struct outbox *o = arg;

	o->poll = NULL;
	outbox_wake_in(o, o->env->settings->sms.poll_ms);
	if (reply->err.code != ERR_NONE) {
		log_warn(REF, "poll_failed", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	} else {
		o->count.polled_ms = outbox_wall(o);
		o->is_full = false;
		for (int row = 0; row < reply->rows; row++)
			enter_claim(o, (int32_t)reply_i64(reply, row, 0));
		reports_match(o->reports);
	}
	if (o->poll_again)
		enter_poll(o);
}

/* ---- CLAIM
 * --------------------------------------------------------------------------------- */

static void
enter_claim(struct outbox *o, int32_t cooperative_id)
{
	struct uuid id = ids_uuid4(o->env->ids);
	struct claim *c;
	struct pg_args *a;

	if (room(o) == 0) {
		o->is_full = true;
		return;
	}
	c = xzalloc(sizeof *c);
	c->owner = o;
	c->reserved = room(o);
	c->next = o->claims;
	o->claims = c;
	o->under_way += c->reserved;
	a = pg_args_new();
	pg_i32(a, cooperative_id);
	pg_uuid(a, &id);
	pg_i64(a, outbox_wall(o));
	pg_i64(a, outbox_wall(o) + CLAIM_MS);
	pg_i32(a, (int32_t)c->reserved);
	c->pg = pg_call(o->env->pg, &messages_claim, a, outbox_deadline(o), on_claim, c);
}

static void
on_claim(void *arg, const struct pg_reply *reply)
{
	struct claim *c = arg, **at;
	struct outbox *o = c->owner;
	struct message m;

	c->pg = NULL;
	for (at = &o->claims; *at != c;)
		at = &(*at)->next;
	*at = c->next;
	o->under_way -= c->reserved;
	if (reply->err.code != ERR_NONE) {
		log_warn(REF, "claim_failed", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	} else {
		for (int row = 0; row < reply->rows; row++) {
			message_read(reply, row, &m);
			letter_send(o, &m);
		}
		o->is_full |= (unsigned)reply->rows >= c->reserved;
	}
	free(c);
	look_if_full(o);
	outbox_tell_if_drained(o);
}

/* ---- what can be seen
 * ---------------------------------------------------------------------- */

void
outbox_read_counts(const struct outbox *o, struct outbox_counts *out)
{
	*out = o->count;
	out->sending = o->under_way;
	reports_read_counts(o->reports, &out->delivered, &out->undelivered,
	                    &out->unmatched);
}
