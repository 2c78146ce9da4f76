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

/* On a turn of its own: it may tell at once. */
static void
on_turn(void *arg)
{
	static struct menu_out text;
	struct job *j = arg;
	const struct clock *now = loop_clock(j->out->env->loop);
	char ref[UUID_TEXT_SIZE];

	if (!sms_text(j->out->menus->program, j->m,
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
