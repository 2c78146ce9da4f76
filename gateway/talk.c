/* talk - what speaks to the world: menus, dialogs, channels, providers. */
#include "gateway/gateway.h"
#include "lib/log.h"
#include "payments/flow/bulks.h"
#include "ussd/flow/dialog.h"
#include "ussd/flow/sms_dialog.h"

#include <sodium.h>

static void
on_sent_now(void *arg, const struct carrier_sent *sent)
{
	(void)arg;
	if (sent->fate != SMS_TAKEN)
		log_warn("sms", "answer_not_sent", "why=%s", sent->reason);
}

/* An answer to somebody who is no member: nobody waits for it. */
static void
send_now(void *arg, const struct msisdn *to, const char *text)
{
	struct gateway *g = arg;
	struct carrier_sms sms = { to->digits, text, NULL };

	carriers_send(g->sms_routes.carriers, &sms, on_sent_now, g);
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

static bool
take_report(void *arg, const struct sms_report *r, report_cb *cb, void *cb_arg)
{
	struct gateway *g = arg;

	return outbox_report(g->outbox, r->carrier_id,
	                     r->fate == AT_DELIVERED ? REPORT_DELIVERED : REPORT_FAILED,
	                     r->reason[0] == '\0' ? r->status : r->reason, cb, cb_arg);
}

static bool
take_smpp_report(void *arg, const char *carrier_id, enum report_state state,
                 const char *reason, report_cb *cb, void *cb_arg)
{
	struct gateway *g = arg;

	return outbox_report(g->outbox, carrier_id, state, reason, cb, cb_arg);
}

static int
start_smpp(struct gateway *g)
{
	struct smpp_deps deps = {
		.loop = g->loop,
		.ids = &g->ids,
		.dialog = g->dialog,
		.sms_dialog = g->sms_dialog,
		.service_code = g->settings.ussd.service_code,
		.report = take_smpp_report,
		.report_arg = g,
	};

	for (unsigned i = 0; i < g->settings.smpp_count; i++) {
		const struct settings_smpp *s = &g->settings.smpp[i];
		struct err err;

		g->smpp[i] = smpp_carrier_new(&deps, s, &err);
		if (g->smpp[i] == NULL) {
			fprintf(stderr, "smpp: %s: %s\n", s->name, err.what);
			return -1;
		}
		g->smpp_count++;
	}
	return 0;
}

static void
start_carriers(struct gateway *g)
{
	struct sms_routes_deps deps = {
		.loop = g->loop,
		.settings = &g->settings,
		.http = g->http,
		.at = &g->at_send,
		.smpp = g->smpp,
		.smpp_count = g->smpp_count,
	};

	sms_routes_start(&g->sms_routes, &deps);
	g->sms_out.carriers = g->sms_routes.carriers;
	g->sms_out.push = (struct sms_push_carriers){ g->smpp, g->smpp_count };
}

static int
start_http_ussd(struct gateway *g)
{
	const char *wrong, *name;

	g->http_ussd = (struct http_ussd){
		.settings = &g->settings,
		.dialog = g->dialog,
		.loop = g->loop,
		.memory = &g->hop_memory,
		.http = g->http,
	};
	randombytes_buf(g->hop_memory.key, sizeof g->hop_memory.key);
	wrong = http_ussd_init(&g->http_ussd, &name);
	if (wrong == NULL)
		return 0;
	fprintf(stderr, "ussd_http: %s: %s\n", name, wrong);
	return -1;
}

static int
start_xmltcp(struct gateway *g)
{
	struct xmltcp_deps deps = {
		.loop = g->loop,
		.ids = &g->ids,
		.dialog = g->dialog,
		.memory = &g->hop_memory,
		.service_code = g->settings.ussd.service_code,
	};

	for (unsigned i = 0; i < g->settings.xmltcp_count; i++) {
		const char *fault = xmltcp_link_fault(&g->settings, i);
		struct err err = { .what = fault };

		if (fault == NULL)
			g->xmltcp[i] =
			    xmltcp_link_new(&deps, &g->settings.xmltcp[i], &err);
		if (g->xmltcp[i] == NULL) {
			fprintf(stderr, "xmltcp: %s: %s\n", g->settings.xmltcp[i].name,
			        err.what);
			return -1;
		}
		g->xmltcp_count++;
	}
	return 0;
}

static void
take_hint(void *arg, const char *provider, const struct provider_hint *hint,
          const char *body, size_t n)
{
	struct gateway *g = arg;

	rails_hint(g->rails, provider, hint, body, n);
}

static void
take_answer(void *arg, const char *provider, const struct uuid *question,
            const char *body, size_t n)
{
	struct gateway *g = arg;

	rails_answer(g->rails, provider, question, body, n);
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
	g->sms_out = (struct sms_out){ .env = &g->env, .menus = &g->menus };
	struct sms_port port = { .send = sms_out_send, .ctx = &g->sms_out };
	g->env.rails = g->rails = rails_new(&g->env);
	g->bulks = bulks_start(&g->env, g->settings.payments.poll_ms);
	g->env.outbox = g->outbox = outbox_new(&g->env, &port);
	start_dialogs(g);
	if (start_smpp(g) != 0)
		return -1;
	start_carriers(g);
	if (start_http_ussd(g) != 0 || start_xmltcp(g) != 0)
		return -1;
	g->at_ussd = (struct at_ussd){ .settings = &g->settings, .dialog = g->dialog };
	g->at_sms = (struct at_sms){
		.settings = &g->settings,
		.dialog = g->sms_dialog,
		.report = take_report,
		.report_arg = g,
	};
	g->http_sms_in = (struct http_sms_in){
		.env = &g->env,
		.settings = &g->settings,
		.dialog = g->sms_dialog,
		.ids = &g->ids,
		.report = take_report,
		.report_arg = g,
	};
	g->received = (struct received){ .settings = &g->settings, .env = &g->env };
	g->callback = (struct callback){
		.settings = &g->settings,
		.clock = &g->clock,
		.hint = take_hint,
		.answer = take_answer,
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

static void
end_pushes(struct gateway *g, enum smpp_push_end how)
{
	for (unsigned i = 0; i < g->smpp_count; i++)
		smpp_carrier_push_end(g->smpp[i], how);
}

void
talk_end_pushes(struct gateway *g)
{
	end_pushes(g, SMPP_PUSH_UNKNOWN);
}

static void
on_carrier_drained(void *arg)
{
	struct gateway *g = arg;

	if (--g->carriers_left == 0)
		g->carriers_drained(g);
}

void
talk_drain(struct gateway *g, loop_cb *cb)
{
	g->carriers_drained = cb;
	g->carriers_left = g->smpp_count + g->xmltcp_count;
	if (g->carriers_left == 0)
		loop_next_turn(g->loop, cb, g);
	for (unsigned i = 0; i < g->smpp_count; i++)
		smpp_carrier_drain(g->smpp[i], on_carrier_drained, g);
	for (unsigned i = 0; i < g->xmltcp_count; i++)
		xmltcp_link_drain(g->xmltcp[i], on_carrier_drained, g);
}

void
talk_end(struct gateway *g)
{
	if (g->dialog == NULL)
		return;
	bulks_stop(&g->bulks);
	rails_free(g->rails);
	if (g->sms_routes.carriers != NULL)
		carriers_stop(g->sms_routes.carriers);
	outbox_free(g->outbox);
	end_pushes(g, SMPP_PUSH_STOPPED);
	g->env.rails = NULL;
	g->env.outbox = NULL;
	dialog_free(g->dialog);
	sms_dialog_free(g->sms_dialog);
	for (unsigned i = 0; i < g->smpp_count; i++)
		smpp_carrier_free(g->smpp[i]);
	for (unsigned i = 0; i < g->xmltcp_count; i++)
		xmltcp_link_free(g->xmltcp[i]);
	menus_free(&g->menus_before);
	menus_free(&g->menus);
}
