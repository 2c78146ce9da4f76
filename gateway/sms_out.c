/*
 * sms_out - one message.
 *
 *   KNOW --currency known--> SEND --taken/again/refused--> told
 *     `--ask for the member--'
 */
#include "gateway/sms_out.h"

#include "gateway/sms_text.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/route.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000

struct job {
	struct sms_out *out;
	const struct message *m; /* borrowed; lives until told */
	outbox_sent_cb *cb;
	void *arg;
};

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

struct smpp_carrier *
sms_out_carrier(const struct sms_out *o, const char *digits)
{
	struct smpp_carrier *best = NULL;
	size_t longest = 0;

	for (unsigned i = 0; i < o->smpp_count; i++) {
		const char *numbers = o->env->settings->smpp[i].numbers;
		size_t n = route_fits(numbers, digits);

		if (n > longest || (best == NULL && numbers[0] == '\0')) {
			best = o->smpp[i];
			longest = n;
		}
	}
	return best;
}

static void
on_smpp_sent(void *arg, const struct sms_sent *sent)
{
	tell(arg, sent->fate, sent->carrier_id, sent->reason);
}

static void
on_sent(void *arg, const struct at_sent_answer *a)
{
	static const enum sms_fate fates[] = {
		[AT_TAKEN] = SMS_TAKEN,
		[AT_REFUSED] = SMS_REFUSED,
		[AT_AGAIN] = SMS_AGAIN,
	};

	tell(arg, fates[a->what], a->carrier_id, a->reason);
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
	struct smpp_carrier *smpp = sms_out_carrier(j->out, j->m->msisdn);
	struct smpp_sms sms = { j->m->msisdn, text.text, &j->m->message_id };
	if (smpp != NULL)
		smpp_carrier_send(smpp, &sms, on_smpp_sent, j);
	else
		at_send_text(j->out->at, j->m->msisdn, text.text, &j->m->message_id,
		             on_sent, j);
}

static void
on_member(void *arg, const struct payments_answer *a, const struct member *m)
{
	static const struct member stranger = { .currency = "" };
	struct job *j = arg;
	struct sms_out *o = j->out;

	if (a->outcome == OUTCOME_FAIL && strcmp(a->reason, "not_found") != 0) {
		tell(j, SMS_AGAIN, "", a->reason);
		return;
	}
	if (a->outcome != OUTCOME_FAIL && o->known < SMS_OUT_COOPERATIVES &&
	    recall(o, m->cooperative_id) == NULL)
		o->example[o->known++] = *m;
	enter_send(j, a->outcome == OUTCOME_FAIL ? &stranger : m);
}

static void
on_turn(void *arg)
{
	struct job *j = arg;

	enter_send(j, recall(j->out, j->m->cooperative_id));
}

void
sms_out_send(void *sms_out, const struct message *m, outbox_sent_cb *cb, void *arg)
{
	struct job *j = xzalloc(sizeof(*j));

	j->out = sms_out;
	j->m = m;
	j->cb = cb;
	j->arg = arg;
	if (recall(j->out, m->cooperative_id) != NULL)
		loop_next_turn(j->out->env->loop, on_turn, j);
	else
		payments_member_find(j->out->env, m->msisdn, m->cooperative_id, on_member,
		                     j);
}
