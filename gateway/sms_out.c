/*
 * sms_out - one message.
 *
 *   PUSH --she answered------------------------------------------------------> told
 *     `--nothing to push, refused, unanswered--> SEND ------------------------> told
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
};

static void
tell(struct job *j, enum sms_fate fate, const char *carrier_id, const char *reason)
{
	struct sms_sent sent = { .fate = fate,
		                 .carrier_id = carrier_id,
		                 .reason = reason };
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
enter_send(struct job *j)
{
	static struct menu_out text;
	const struct clock *now = loop_clock(j->out->env->loop);
	const struct settings *st = j->out->env->settings;
	struct sms_text_facts about = { .service = st->ussd.service_code,
		                        .today = (int32_t)(now->wall_ms / DAY_MS),
		                        .code_key = st->pin.pepper };
	char ref[UUID_TEXT_SIZE];

	if (!sms_text(j->out->menus->program, j->m, &about, &text)) {
		log_error(uuid_text(&j->m->message_id, ref), "sms_no_text", "template=%s",
		          j->m->template);
		tell(j, SMS_REFUSED, "", "no_text");
		return;
	}
	struct carrier_sms sms = { j->m->msisdn, text.text, &j->m->message_id };
	carriers_send(j->out->carriers, &sms, on_sent, j);
	explicit_bzero(&text, sizeof text); /* it may hold a one-time code */
}

/* ---- asked on her phone ---- */

static void
tell_shown(struct job *j)
{
	struct sms_sent sent = {
		.fate = SMS_TAKEN, .shown = true, .carrier_id = "", .reason = "ussd"
	};
	outbox_sent_cb *cb = j->cb;
	void *arg = j->arg;

	free(j);
	cb(arg, &sent);
}

static void
on_pushed(void *arg, enum smpp_push_end how, const char *why)
{
	struct job *j = arg;

	j->out->pushing--;
	if (how == SMPP_PUSH_ANSWERED)
		tell_shown(j);
	else if (how == SMPP_PUSH_STOPPED)
		tell(j, SMS_AGAIN, "", why);
	else
		enter_send(j);
}

static void
on_turn(void *arg)
{
	struct job *j = arg;
	struct sms_out *o = j->out;
	int64_t most = o->env->settings->sms.concurrency / 2;
	struct dialog_push what;
	struct smpp_carrier *carrier = NULL;

	if (o->pushing < most)
		carrier = sms_push_choose(&o->push, j->m, &what);
	if (carrier == NULL) {
		enter_send(j);
		return;
	}
	o->pushing++;
	smpp_carrier_push(carrier, &what, on_pushed, j);
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
