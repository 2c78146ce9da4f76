#include "gateway/sms_routes.h"

#include "lib/arena.h"

#include <stdlib.h>
#include <string.h>

/* Africa's Talking costs more than whoever else is named, unless the settings say. */
#define COST_LAST 1000001

/* Somebody waits for the answer of a carrier with an interface of its own. */
struct waiting {
	carrier_cb *cb;
	void *arg;
};

static struct waiting *
wait_for(carrier_cb *cb, void *arg)
{
	struct waiting *w = xzalloc(sizeof *w);

	w->cb = cb;
	w->arg = arg;
	return w;
}

static void
pass(struct waiting *w, const struct carrier_sent *sent)
{
	struct waiting copy = *w;

	free(w);
	copy.cb(copy.arg, sent);
}

static void
on_at(void *arg, const struct at_sent_answer *a)
{
	static const enum sms_fate fates[] = {
		[AT_TAKEN] = SMS_TAKEN,
		[AT_REFUSED] = SMS_REFUSED,
		[AT_AGAIN] = SMS_AGAIN,
	};
	struct carrier_sent sent = { .fate = fates[a->what],
		                     .surely_not = a->surely_not,
		                     .carrier_id = a->carrier_id,
		                     .reason = a->reason };

	pass(arg, &sent);
}

static void
send_at(void *ctx, const struct carrier_sms *sms, carrier_cb *cb, void *arg)
{
	at_send_text(ctx, sms->digits, sms->text, sms->reference, on_at,
	             wait_for(cb, arg));
}

static const struct settings_carrier *
entry_of(const struct settings *s, const char *kind, const char *name)
{
	for (unsigned i = 0; i < s->carrier_count; i++) {
		const struct settings_carrier *c = &s->carriers[i];

		if (strcmp(c->kind, kind) == 0 &&
		    (name == NULL || strcmp(c->name, name) == 0))
			return c;
	}
	return NULL;
}

static void
add_at(struct sms_routes *r, const struct sms_routes_deps *d)
{
	const struct settings_carrier *e = entry_of(d->settings, "at", NULL);
	struct carrier at = { .name = "at", .send = send_at, .ctx = d->at };

	if (e != NULL)
		carriers_add(r->carriers, &at, e->numbers, e->cost);
	else if (d->settings->carrier_count == 0)
		carriers_add(r->carriers, &at, "", COST_LAST);
}

void
sms_routes_start(struct sms_routes *r, const struct sms_routes_deps *d)
{
	const struct settings *s = d->settings;

	r->carriers = carriers_new(d->loop, s);
	for (unsigned i = 0; i < d->smpp_count; i++) {
		const struct settings_carrier *e = entry_of(s, "smpp", s->smpp[i].name);
		struct carrier c = { .send = smpp_carrier_send,
			             .is_up = smpp_carrier_is_up,
			             .ctx = d->smpp[i] };

		snprintf(c.name, sizeof c.name, "%s", s->smpp[i].name);
		carriers_add(r->carriers, &c, e == NULL ? s->smpp[i].numbers : e->numbers,
		             e == NULL ? 0 : e->cost);
	}
	for (unsigned i = 0; i < s->carrier_count; i++) {
		const struct settings_carrier *e = &s->carriers[i];
		struct carrier c;

		if (strcmp(e->kind, "at") == 0 || strcmp(e->kind, "smpp") == 0)
			continue;
		r->http[i] = (struct http_sms){ s, e, d->http };
		http_sms_carrier(&r->http[i], &c);
		carriers_add(r->carriers, &c, e->numbers, e->cost);
	}
	add_at(r, d);
}

void
sms_routes_end(struct sms_routes *r)
{
	carriers_free(r->carriers);
	r->carriers = NULL;
}
