/*
 * outbox_letter - one message in our hands, see outbox.h.
 *
 *   SEND --the port's answer--> NOTE, with whatever else was answered meanwhile
 *
 * Sends start no faster than sms.per_second; what was claimed meanwhile waits in line.
 */
#include "payments/flow/outbox_internal.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "lib/msisdn.h"

#include <stdlib.h>
#include <string.h>

#define AGAIN_MS  2000 /* doubled with every try */
#define AGAIN_MAX (30 * 60 * INT64_C(1000))

static void wait_for_slot(struct outbox *o);
static void on_slot(void *arg);
static void on_sent(void *arg, const struct sms_sent *sent);
static void enter_note(struct outbox *o);
static void on_note(void *arg, const struct pg_reply *reply);

static void
free_letter(struct letter *l)
{
	free(l->carrier_id);
	free(l->values);
	free(l);
}

static void
unlink_letter(struct letter *l)
{
	if (l->prev != NULL)
		l->prev->next = l->next;
	else
		l->owner->letters = l->next;
	if (l->next != NULL)
		l->next->prev = l->prev;
}

void
letters_forget(struct outbox *o)
{
	for (unsigned i = 0; i < NOTES_CALLS; i++)
		pg_cancel(&o->notes[i].pg);
	timer_cancel(&o->slot);
	for (struct letter *l = o->letters, *next; l != NULL; l = next) {
		next = l->next;
		l->owner = NULL;
		if (!l->is_out)
			free_letter(l);
	}
}

static int64_t
mono_us(const struct outbox *o)
{
	return loop_clock(o->env->loop)->mono_ms * 1000;
}

/* ---- SEND
 * ---------------------------------------------------------------------------------- */

void
letter_send(struct outbox *o, const struct message *m)
{
	struct letter *l = xzalloc(sizeof *l);
	int64_t now_us = mono_us(o);

	l->owner = o;
	l->m = *m;
	l->values = xstrdup(m->values);
	l->m.values = l->values;
	l->next = o->letters;
	if (o->letters != NULL)
		o->letters->prev = l;
	o->letters = l;
	o->under_way++;
	l->slot_us = o->next_slot_us > now_us ? o->next_slot_us : now_us;
	o->next_slot_us = l->slot_us + 1000000 / o->env->settings->sms.per_second;
	if (o->line == NULL)
		o->line_end = &o->line;
	*o->line_end = l;
	o->line_end = &l->next_slot;
	wait_for_slot(o);
}

/* One timer for the line, not one a letter: those would overtake each other by what the
 * clock moves while they are set. */
static void
wait_for_slot(struct outbox *o)
{
	if (o->slot == NULL && o->line != NULL)
		o->slot = timer_start(o->env->loop,
		                      (o->line->slot_us - mono_us(o)) / 1000, on_slot, o);
}

static void
on_slot(void *arg)
{
	struct outbox *o = arg;
	int64_t until_us = mono_us(o) + 999; /* timers know no less than 1 ms */
	struct letter *l;

	o->slot = NULL;
	while ((l = o->line) != NULL && l->slot_us <= until_us) {
		o->line = l->next_slot;
		l->is_out = true;
		o->port.send(o->port.ctx, &l->m, on_sent, l);
	}
	wait_for_slot(o);
}

static int64_t
again_after(int32_t attempts)
{
	int64_t wait = AGAIN_MS;

	for (int32_t i = 1; i < attempts && wait < AGAIN_MAX; i++)
		wait *= 2;
	return wait < AGAIN_MAX ? wait : AGAIN_MAX;
}

static const char *
state_after(struct letter *l, const struct sms_sent *sent)
{
	struct outbox_counts *n = &l->owner->count;

	switch (sent->fate) {
	case SMS_TAKEN:
		n->sent++;
		return sent->shown ? "delivered" : "sent";
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

/* A word: letters of one cut off in their middle would spoil the note. */
static void
copy_word(char out[REASON_SIZE], const char *text)
{
	size_t n = 0;

	for (; text[n] != '\0' && n + 1 < REASON_SIZE; n++)
		out[n] = text[n] >= ' ' && text[n] < 0x7f ? text[n] : '?';
	out[n] = '\0';
}

static void
push_note(struct letter *l)
{
	struct outbox *o = l->owner;

	l->next_note = NULL;
	*o->to_note_end = l;
	o->to_note_end = &l->next_note;
}

static void
on_sent(void *arg, const struct sms_sent *sent)
{
	struct letter *l = arg;
	char ref[UUID_TEXT_SIZE], masked[MSISDN_MAX + 1];
	const char *reason = sent->reason == NULL ? "" : sent->reason;

	l->is_out = false;
	if (l->owner == NULL) {
		free_letter(l);
		return;
	}
	l->state = state_after(l, sent);
	if (sent->carrier_id != NULL && sent->carrier_id[0] != '\0')
		l->carrier_id = xstrdup(sent->carrier_id);
	copy_word(l->reason, reason);
	log_info(uuid_text(&l->m.message_id, ref), "sms",
	         "to=%s template=%s state=%s try=%d reason=%s",
	         msisdn_mask(l->m.msisdn, masked), l->m.template, l->state,
	         (int)l->m.attempts, reason);
	push_note(l);
	enter_note(l->owner);
}

/* ---- NOTE
 * ---------------------------------------------------------------------------------- */

/* The first that waits, and those behind it of the same cooperative. */
static unsigned
gather(struct outbox *o, struct letter **out)
{
	struct letter *l = o->to_note, *next;
	int32_t cooperative_id = l->m.cooperative_id;
	unsigned n = 0;

	o->to_note = NULL;
	o->to_note_end = &o->to_note;
	for (; l != NULL; l = next) {
		next = l->next_note;
		if (n == NOTES_MAX || l->m.cooperative_id != cooperative_id ||
		    (n > 0 && (l->alone || out[0]->alone)))
			push_note(l);
		else
			out[n++] = l;
	}
	return n;
}

static struct pg_args *
note_args(const struct outbox *o, struct letter *const *letters, unsigned n)
{
	struct uuid id[NOTES_MAX], claim[NOTES_MAX];
	const char *state[NOTES_MAX], *carrier_id[NOTES_MAX], *reason[NOTES_MAX];
	int64_t next[NOTES_MAX];
	struct pg_args *a = pg_args_new();

	for (unsigned i = 0; i < n; i++) {
		const struct letter *l = letters[i];

		id[i] = l->m.message_id;
		claim[i] = l->m.claim;
		state[i] = l->state;
		carrier_id[i] = l->carrier_id;
		reason[i] = l->reason;
		next[i] = outbox_wall(o) + again_after(l->m.attempts);
	}
	pg_i32(a, letters[0]->m.cooperative_id);
	pg_uuid_array(a, id, n);
	pg_uuid_array(a, claim, n);
	pg_i64(a, outbox_wall(o));
	pg_text_array(a, state, n);
	pg_text_array(a, carrier_id, n);
	pg_text_array(a, reason, n);
	pg_i64_array(a, next, n);
	return a;
}

static void
enter_note(struct outbox *o)
{
	for (unsigned i = 0; i < NOTES_CALLS && o->to_note != NULL; i++) {
		struct note *note = &o->notes[i];
		struct letter *letters[NOTES_MAX];
		unsigned n;

		if (note->pg != NULL)
			continue;
		n = gather(o, letters);
		note->owner = o;
		note->first = letters[0];
		for (unsigned k = 0; k < n; k++)
			letters[k]->next_note = k + 1 < n ? letters[k + 1] : NULL;
		note->pg = pg_call(o->env->pg, &messages_sent, note_args(o, letters, n),
		                   outbox_deadline(o), on_note, note);
	}
}

static void
on_note(void *arg, const struct pg_reply *reply)
{
	struct note *note = arg;
	struct outbox *o = note->owner;
	struct letter *l = note->first, *next;
	/* one may have spoilt it for the others */
	bool one_by_one = reply->err.code != ERR_NONE && reply->err.fate == FATE_NOT &&
	                  l->next_note != NULL;

	note->pg = NULL;
	note->first = NULL;
	if (reply->err.code != ERR_NONE) /* sent again when the claim lapses */
		log_warn(REF, one_by_one ? "noted_one_by_one" : "not_noted",
		         "why=%s message=\"%s\"", err_name(reply->err.code),
		         reply->message);
	for (; l != NULL; l = next) {
		next = l->next_note;
		if (one_by_one) {
			l->alone = true;
			push_note(l);
			continue;
		}
		unlink_letter(l);
		free_letter(l);
		o->under_way--;
	}
	enter_note(o);
	if (o->is_full)
		outbox_wake_in(o, 0);
	outbox_tell_if_drained(o);
}
