/* talk - what speaks to the world: menus, dialogs, channels, providers. */
#include "gateway/gateway.h"
#include "lib/log.h"
#include "ussd/flow/dialog.h"
#include "ussd/flow/sms_dialog.h"

static void
on_sent_now(void *arg, const struct at_sent_answer *answer)
{
	(void)arg;
	if (answer->what != AT_TAKEN)
		log_warn("sms", "answer_not_sent", "why=%s", answer->reason);
}

/* An answer to somebody who is no member: nobody waits for it. */
static void
send_now(void *arg, const struct msisdn *to, const char *text)
{
	struct gateway *g = arg;

	at_send_text(&g->at_send, to->digits, text, NULL, on_sent_now, g);
}

static void
start_dialogs(struct gateway *g)
{
	struct dialog_deps dialog = {
		.env = &g->env,
		.redis = g->redis,
		.menu = g->menus.program,
	};
	struct sms_dialog_deps sms = {
		.env = &g->env,
		.redis = g->redis,
		.menu = g->menus.program,
		.send = send_now,
		.send_arg = g,
	};

	g->dialog = dialog_new(&dialog);
	g->sms_dialog = sms_dialog_new(&sms);
}

static void
take_report(void *arg, const struct sms_report *r)
{
	struct gateway *g = arg;

	if (r->fate == AT_ON_ITS_WAY)
		return;
	outbox_report(g->outbox, r->carrier_id,
	              r->fate == AT_DELIVERED ? REPORT_DELIVERED : REPORT_FAILED,
	              r->reason[0] == '\0' ? r->status : r->reason);
}

static void
take_hint(void *arg, const char *provider, const struct provider_hint *hint,
          const char *body, size_t n)
{
	struct gateway *g = arg;

	rails_hint(g->rails, provider, hint, body, n);
}

int
talk_start(struct gateway *g)
{
	static struct menu_diags diags;
	int loaded = menus_load(&g->settings, &g->menus, &diags);

	if (loaded != 0) {
		menus_print(stderr, &diags);
		return -1;
	}
	g->at_send = (struct at_send){ .settings = &g->settings, .http = g->http };
	g->sms_out =
	    (struct sms_out){ .env = &g->env, .menus = &g->menus, .at = &g->at_send };
	struct sms_port port = { .send = sms_out_send, .ctx = &g->sms_out };
	g->env.rails = g->rails = rails_new(&g->env);
	g->env.outbox = g->outbox = outbox_new(&g->env, &port);
	start_dialogs(g);
	g->at_ussd = (struct at_ussd){ .settings = &g->settings, .dialog = g->dialog };
	g->at_sms = (struct at_sms){
		.settings = &g->settings,
		.dialog = g->sms_dialog,
		.report = take_report,
		.report_arg = g,
	};
	g->received = (struct received){ .settings = &g->settings, .env = &g->env };
	g->callback = (struct callback){
		.settings = &g->settings,
		.clock = &g->clock,
		.hint = take_hint,
		.arg = g,
	};
	g->paybill = (struct paybill){
		.settings = &g->settings,
		.env = &g->env,
		.hint = take_hint,
		.arg = g,
	};
	g->receipt_page = (struct receipt_page){ .env = &g->env, .redis = g->redis };
	return 0;
}

void
talk_set_menus(struct gateway *g, struct menus *fresh)
{
	dialog_set_menu(g->dialog, fresh->program);
	sms_dialog_set_menu(g->sms_dialog, fresh->program);
	/* What is under way may still point into the menus it began with. */
	menus_free(&g->menus_before);
	g->menus_before = g->menus;
	g->menus = *fresh;
}

void
talk_end(struct gateway *g)
{
	if (g->dialog == NULL)
		return;
	rails_free(g->rails);
	outbox_free(g->outbox);
	g->env.rails = NULL;
	g->env.outbox = NULL;
	dialog_free(g->dialog);
	sms_dialog_free(g->sms_dialog);
	menus_free(&g->menus_before);
	menus_free(&g->menus);
}
