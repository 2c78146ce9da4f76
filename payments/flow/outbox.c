/*
 * outbox - see outbox.h.  Reports are in report.c.
 *
 *   timer, nudge --> POLL --due cooperatives--> CLAIM --rows--> SEND --> NOTE
 *
 * Sends start no faster than sms.per_second; what was claimed meanwhile waits in line.
 */
#include "payments/flow/outbox.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "lib/msisdn.h"
#include "payments/flow/report.h"

#include <stdlib.h>
#include <string.h>

#define REF         "outbox"
#define CLAIM_MS    90000 /* longer than any port may take */
#define AGAIN_MS    2000  /* doubled with every try */
#define AGAIN_MAX   (30 * 60 * INT64_C(1000))
#define REASON_SIZE 48

struct letter {               /* a message in our hands */
	struct outbox *owner; /* NULL: the outbox is gone, the port still holds us */
	struct message m;     /* values: our copy */
	char *values;
	bool is_out; /* the port holds it */
	struct timer *wait;
	struct pg_op *pg;
	struct letter *next;
};

struct claim {
	struct outbox *owner;
	unsigned reserved;
	struct pg_op *pg;
	struct claim *next;
};

struct outbox {
	struct flow_env *env;
	struct sms_port port;
	struct pg_op *poll;
	bool poll_again, draining;
	struct timer *timer;
	struct claim *claims;
	struct letter *letters;
	struct reports *reports;
	unsigned under_way; /* letters, and those that a claim may still bring */
	bool is_full;
	int64_t next_slot_ms; /* mono: when the next send may start */
	struct outbox_counts count;
	loop_cb *drained;
	void *drained_arg;
};

static void on_timer(void *arg);
static void enter_poll(struct outbox *o);
static void on_poll(void *arg, const struct pg_reply *reply);
static void enter_claim(struct outbox *o, int32_t cooperative_id);
static void on_claim(void *arg, const struct pg_reply *reply);
static void enter_send(struct outbox *o, const struct message *m);
static void on_slot(void *arg);
static void on_sent(void *arg, const struct sms_sent *sent);
static void enter_note(struct letter *l, const struct sms_sent *sent);
static void on_note(void *arg, const struct pg_reply *reply);

/* ---- start and end
 * --------------------------------------------------------------------- */

struct outbox *
outbox_new(struct flow_env *env, const struct sms_port *port)
{
	struct outbox *o = xzalloc(sizeof *o);

	o->env = env;
	o->port = *port;
	o->reports = reports_new(env);
	enter_poll(o);
	return o;
}

static void
tell_if_drained(struct outbox *o)
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
	tell_if_drained(o);
}

static void
free_letter(struct letter *l)
{
	timer_cancel(&l->wait);
	pg_cancel(&l->pg);
	free(l->values);
	free(l);
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
	while (o->letters != NULL) {
		struct letter *l = o->letters;

		o->letters = l->next;
		l->owner = NULL;
		if (!l->is_out)
			free_letter(l);
	}
	reports_free(o->reports);
	free(o);
}

/* ---- when to look
 * ------------------------------------------------------------------------ */

static int64_t
wall(const struct outbox *o)
{
	return loop_clock(o->env->loop)->wall_ms;
}

static int64_t
pg_deadline(const struct outbox *o)
{
	return o->env->settings->pg.statement_ms;
}

static void
wake_in(struct outbox *o, int64_t delay_ms)
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

void
outbox_nudge(struct outbox *o)
{
	if (o != NULL)
		enter_poll(o);
}

bool
outbox_report(struct outbox *o, const char *carrier_id, enum report_state state,
              const char *reason)
{
	if (pg_ready(o->env->pg) == 0 || !reports_have_room(o->reports)) {
		log_warn(REF, "report_put_off", "carrier_id=%s", carrier_id);
		return false;
	}
	reports_take(o->reports, carrier_id, state == REPORT_DELIVERED, reason);
	return true;
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
	pg_i64(a, wall(o));
	o->poll = pg_call(o->env->pg, &messages_due, a, pg_deadline(o), on_poll, o);
}

static void
on_poll(void *arg, const struct pg_reply *reply)
{
	struct outbox *o = arg;

	o->poll = NULL;
	wake_in(o, o->env->settings->sms.poll_ms);
	if (reply->err.code != ERR_NONE) {
		log_warn(REF, "poll_failed", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	} else {
		o->count.polled_ms = wall(o);
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
	unsigned most = (unsigned)o->env->settings->sms.concurrency;
	struct uuid id = ids_uuid4(o->env->ids);
	struct claim *c;
	struct pg_args *a;

	if (o->under_way >= most) {
		o->is_full = true;
		return;
	}
	c = xzalloc(sizeof *c);
	c->owner = o;
	c->reserved = most - o->under_way;
	c->next = o->claims;
	o->claims = c;
	o->under_way += c->reserved;
	a = pg_args_new();
	pg_i32(a, cooperative_id);
	pg_uuid(a, &id);
	pg_i64(a, wall(o));
	pg_i64(a, wall(o) + CLAIM_MS);
	pg_i32(a, (int32_t)c->reserved);
	c->pg = pg_call(o->env->pg, &messages_claim, a, pg_deadline(o), on_claim, c);
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
			enter_send(o, &m);
		}
		o->is_full |= (unsigned)reply->rows >= c->reserved;
	}
	free(c);
	tell_if_drained(o);
}

/* ---- SEND
 * ---------------------------------------------------------------------------------- */

static void
enter_send(struct outbox *o, const struct message *m)
{
	struct letter *l = xzalloc(sizeof *l);
	int64_t mono = loop_clock(o->env->loop)->mono_ms;
	int64_t at = o->next_slot_ms > mono ? o->next_slot_ms : mono;

	l->owner = o;
	l->m = *m;
	l->values = xstrdup(m->values);
	l->m.values = l->values;
	l->next = o->letters;
	o->letters = l;
	o->under_way++;
	o->next_slot_ms = at + 1000 / o->env->settings->sms.per_second;
	l->wait = timer_start(o->env->loop, at - mono, on_slot, l);
}

static void
on_slot(void *arg)
{
	struct letter *l = arg;

	l->wait = NULL;
	l->is_out = true;
	l->owner->port.send(l->owner->port.ctx, &l->m, on_sent, l);
}

static void
on_sent(void *arg, const struct sms_sent *sent)
{
	struct letter *l = arg;

	l->is_out = false;
	if (l->owner == NULL)
		free_letter(l);
	else
		enter_note(l, sent);
}

/* ---- NOTE
 * ---------------------------------------------------------------------------------- */

static int64_t
again_after(int32_t attempts)
{
	int64_t wait = AGAIN_MS;

	for (int32_t i = 1; i < attempts && wait < AGAIN_MAX; i++)
		wait *= 2;
	return wait < AGAIN_MAX ? wait : AGAIN_MAX;
}

static const char *
state_after(struct letter *l, enum sms_fate fate)
{
	struct outbox_counts *n = &l->owner->count;

	switch (fate) {
	case SMS_TAKEN:
		n->sent++;
		return "sent";
	case SMS_REFUSED:
		n->refused++;
		return "failed";
	case SMS_AGAIN:
		break;
	}
	if (l->m.attempts >= l->owner->env->settings->sms.attempts_max) {
		n->given_up++;
		return "failed";
	}
	n->again++;
	return "queued";
}

static void
enter_note(struct letter *l, const struct sms_sent *sent)
{
	struct outbox *o = l->owner;
	const char *state = state_after(l, sent->fate);
	bool has_id = sent->carrier_id != NULL && sent->carrier_id[0] != '\0';
	char ref[UUID_TEXT_SIZE], masked[MSISDN_MAX + 1];
	struct pg_args *a = pg_args_new();

	log_info(uuid_text(&l->m.message_id, ref), "sms",
	         "to=%s template=%s state=%s try=%d reason=%s",
	         msisdn_mask(l->m.msisdn, masked), l->m.template, state,
	         (int)l->m.attempts, sent->reason == NULL ? "" : sent->reason);
	pg_i32(a, l->m.cooperative_id);
	pg_uuid(a, &l->m.message_id);
	pg_uuid(a, &l->m.claim);
	pg_i64(a, wall(o));
	pg_text(a, state);
	pg_text(a, has_id ? sent->carrier_id : NULL);
	pg_text_n(a, sent->reason == NULL ? "" : sent->reason,
	          sent->reason == NULL ? 0 : strnlen(sent->reason, REASON_SIZE));
	pg_i64(a, wall(o) + again_after(l->m.attempts));
	l->pg = pg_call(o->env->pg, &message_sent, a, pg_deadline(o), on_note, l);
}

static void
on_note(void *arg, const struct pg_reply *reply)
{
	struct letter *l = arg, **at;
	struct outbox *o = l->owner;

	l->pg = NULL;
	if (reply->err.code != ERR_NONE) /* sent again when the claim lapses */
		log_warn(REF, "not_noted", "why=%s message=\"%s\"",
		         err_name(reply->err.code), reply->message);
	for (at = &o->letters; *at != l;)
		at = &(*at)->next;
	*at = l->next;
	free_letter(l);
	o->under_way--;
	if (o->is_full)
		wake_in(o, 0);
	tell_if_drained(o);
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
