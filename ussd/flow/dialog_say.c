#include "ussd/flow/dialog_hop.h"

#include "lib/log.h"

#include <stdio.h>
#include <string.h>

void
dialog_say(struct dialog_flow *f, const char *name)
{
	const struct flow_env *env = f->dialog->deps.env;
	const struct menu_program *m = f->dialog->deps.menu;
	const char *code = f->session.language[0] != '\0' ? f->session.language
	                                                  : env->settings->ussd.language;
	struct person p;
	struct menu_out out;

	person_of(&f->session, f->hop.msisdn.digits, env->settings->ussd.service_code,
	          loop_clock(env->loop)->wall_ms, &p);
	f->reply_end = true;
	if (menu_text(m, name, &p.facts, menu_language(m, code), &out))
		snprintf(f->reply, sizeof f->reply, "%s", out.text);
	else
		snprintf(f->reply, sizeof f->reply, "Please try again later.");
}

static void
on_told(void *arg, const struct payments_answer *answer)
{
	(void)arg;
	if (answer->outcome != OUTCOME_OK)
		log_warn("dialog", "outcome_not_told", "reason=%s", answer->reason);
}

void
dialog_tell_by_sms(struct dialog_flow *f)
{
	const struct session *s = &f->session;
	struct notify_ask ask = {
		.cooperative_id = s->cooperative_id,
		.member_id = s->member_id,
		.country = s->country,
		.currency = s->currency,
		.exponent = s->exponent,
		.msisdn = f->hop.msisdn.digits,
		.language = s->language,
		.template = "dialog.done",
		.values = "{}",
	};
	char key[64], id[UUID_TEXT_SIZE];
	int n;

	if (s->cooperative_id == 0)
		return;
	if (f->change.outcome == MENU_FAIL)
		ask.template = "dialog.failed";
	else if (strcmp(f->change.reason, "not_known") == 0)
		ask.template = "dialog.unknown";
	n = snprintf(key, sizeof key, "told/%s", uuid_text(&f->change.key, id));
	ask.key = uuid_from_name(key, (size_t)n);
	payments_notify(f->dialog->deps.env, &ask, on_told, NULL);
}

void
dialog_give_up(struct dialog_flow *f, const char *nothing_done)
{
	dialog_say(f, f->change.done ? "dialog.late" : nothing_done);
	if (f->change.done)
		dialog_tell_by_sms(f);
}
