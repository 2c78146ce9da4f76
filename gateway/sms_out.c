/*
 * sms_out - one message.
 *
 *   KNOW --currency known--> SEND --taken/again/refused--> told
 *     `--in line: ask for the member--'
 *
 * Answers of the books come in any order; so one member of a cooperative is asked for at
 * a time, and who came meanwhile waits behind.
 */
#include "gateway/sms_out.h"

#include "gateway/sms_text.h"
#include "lib/arena.h"
#include "lib/log.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000

struct job {
	struct sms_out *out;
	const struct message *m; /* borrowed; lives until told */
	outbox_sent_cb *cb;
	void *arg;
	struct job *next; /* in the line of those whose currency is asked for */
};

static void on_member(void *arg, const struct payments_answer *a, const struct member *m);

static const struct member *
recall(const struct sms_out *o, int32_t cooperative_id)
{
	for (unsigned i = 0; i < o->known; i++) {
		if (o->example[i].cooperative_id == cooperative_id)
			return &o->example[i];
	}
	return NULL;
}

static void
tell(struct job *j, enum sms_fate fate, const char *carrier_id, const char *reason)
{
	struct sms_sent sent = { fate, carrier_id, reason };
	outbox_sent_cb *cb = j->cb;
	void *arg = j->arg;

	free(j);
	cb(arg, &sent);
}

static void
on_sent(void *arg, const struct carrier_sent *a)
{
	tell(arg, a->fate, a->carrier_id, a->reason);
}

/* Only from a callback of the loop: it may tell at once. */
static void
enter_send(struct job *j, const struct member *member)
{
	static struct menu_out text;
	const struct clock *now = loop_clock(j->out->env->loop);
	char ref[UUID_TEXT_SIZE];

	if (!sms_text(j->out->menus->program, j->m, member,
	              j->out->env->settings->ussd.service_code,
	              (int32_t)(now->wall_ms / DAY_MS), &text)) {
		log_error(uuid_text(&j->m->message_id, ref), "sms_no_text", "template=%s",
		          j->m->template);
		tell(j, SMS_REFUSED, "", "no_text");
		return;
	}
	struct carrier_sms sms = { j->m->msisdn, text.text, &j->m->message_id };
	carriers_send(j->out->carriers, &sms, on_sent, j);
}

/* ---- whose currency is not known yet ---- */

static struct job **
first_of(struct sms_out *o, int32_t cooperative_id)
{
	struct job **at = &o->line;

	for (struct job *j = *at; j != NULL; j = *at) {
		if (j->m->cooperative_id == cooperative_id)
			break;
		at = &j->next;
	}
	return at;
}

static void
ask(struct job *j)
{
	payments_member_find(j->out->env, j->m->msisdn, j->m->cooperative_id, on_member,
	                     j);
}

/* Takes the first of them out of the line; NULL if there is none. */
static struct job *
take_first(struct sms_out *o, int32_t cooperative_id)
{
	struct job **at = first_of(o, cooperative_id), *j = *at;

	if (j != NULL)
		*at = j->next;
	return j;
}

/* The currency is known, or the books are away: for all who wait for it. */
static void
release(struct sms_out *o, int32_t cooperative_id, const char *away)
{
	const struct member *known = recall(o, cooperative_id);
	struct job *j;

	while ((j = take_first(o, cooperative_id)) != NULL) {
		if (away == NULL)
			enter_send(j, known);
		else
			tell(j, SMS_AGAIN, "", away);
	}
}

static void
on_member(void *arg, const struct payments_answer *a, const struct member *m)
{
	static const struct member stranger = { .currency = "" };
	struct job *j = arg;
	struct sms_out *o = j->out;
	int32_t cooperative_id = j->m->cooperative_id;
	bool is_found = a->outcome != OUTCOME_FAIL;

	if (!is_found && strcmp(a->reason, "not_found") != 0) {
		release(o, cooperative_id, a->reason);
		return;
	}
	(void)take_first(o, cooperative_id); /* j */
	if (is_found && o->known < SMS_OUT_COOPERATIVES &&
	    recall(o, m->cooperative_id) == NULL)
		o->example[o->known++] = *m;
	enter_send(j, is_found ? m : &stranger);
	if (recall(o, cooperative_id) != NULL)
		release(o, cooperative_id, NULL);
	else if ((j = *first_of(o, cooperative_id)) != NULL)
		ask(j);
}

/* Only from a callback of the loop. */
static void
enter_know(struct job *j)
{
	const struct member *known = recall(j->out, j->m->cooperative_id);
	struct job **line = first_of(j->out, j->m->cooperative_id), **end = line;

	if (known != NULL) { /* then nobody of its cooperative is in line */
		enter_send(j, known);
		return;
	}
	bool is_first = *line == NULL;
	while (*end != NULL)
		end = &(*end)->next;
	*end = j;
	if (is_first)
		ask(j);
}

static void
on_turn(void *arg)
{
	enter_know(arg);
}

void
sms_out_send(void *sms_out, const struct message *m, outbox_sent_cb *cb, void *arg)
{
	struct job *j = xzalloc(sizeof(*j));

	j->out = sms_out;
	j->m = m;
	j->cb = cb;
	j->arg = arg;
	loop_next_turn(j->out->env->loop, on_turn, j);
}
