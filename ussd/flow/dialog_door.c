/*
 * dialog_door - where hops come in: a copy joins the hop it repeats, another hop of a
 * busy number waits, the rest begin.
 */
#include "lib/arena.h"
#include "ussd/flow/dialog_hop.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dialog_row *
dialog_row(struct dialog *d, const char *digits)
{
	unsigned sum = 0;

	while (*digits != '\0')
		sum = sum * 31 + (unsigned char)*digits++;
	return &d->row[sum % DIALOG_ROWS];
}

/* The flow that this hop is a copy of, or must wait for; NULL if neither. */
static struct dialog_flow *
under_way(struct dialog *d, const struct hop *hop, bool *copy)
{
	struct dialog_flow *busy = NULL, *f;

	for (f = dialog_row(d, hop->msisdn.digits)->first; f != NULL; f = f->next) {
		if (f->callers == 0 ||
		    strcmp(f->hop.msisdn.digits, hop->msisdn.digits) != 0)
			continue;
		busy = f;
		*copy = f->hop.kind == hop->kind &&
		        strcmp(f->hop.session, hop->session) == 0 &&
		        strcmp(f->hop.hop_id, hop->hop_id) == 0 &&
		        f->hop.input_len == hop->input_len && hop->cumulative;
		if (*copy)
			return f;
	}
	*copy = false;
	return busy;
}

static struct dialog_flow *
take_spare(struct dialog *d)
{
	struct dialog_flow *f = d->spare;

	if (f == NULL)
		return xzalloc(sizeof *f);
	d->spare = f->next;
	d->spares--;
	f->next = NULL;
	return f;
}

void
dialog_flow_give_back(struct dialog *d, struct dialog_flow *f)
{
	sodium_memzero(f, offsetof(struct dialog_flow, menu));
	menu_state_clear(&f->menu);
	if (d->spares == DIALOG_SPARES) {
		free(f);
		return;
	}
	f->next = d->spare;
	d->spare = f;
	d->spares++;
}

static struct dialog_flow *
flow_new(struct dialog *d, const struct hop *hop)
{
	struct dialog_row *row = dialog_row(d, hop->msisdn.digits);
	struct dialog_flow *f = take_spare(d);

	f->dialog = d;
	f->hop = *hop;
	f->hop.input_len =
	    hop->input_len > HOP_INPUT_MAX ? HOP_INPUT_MAX : hop->input_len;
	memcpy(f->input, hop->input, f->hop.input_len);
	f->hop.input = f->input;
	f->began_ms = loop_clock(d->deps.env->loop)->mono_ms;
	f->prev = row->last;
	*(row->last != NULL ? &row->last->next : &row->first) = f;
	row->last = f;
	d->counts.in_flight++;
	return f;
}

void
dialog_hop(struct dialog *d, const struct hop *hop, dialog_cb *cb, void *arg)
{
	struct dialog_flow *f, *busy;
	bool answers = hop_is_answered(hop->kind);
	bool copy;

	d->counts.hops++;
	busy = answers ? under_way(d, hop, &copy) : NULL;
	if (busy != NULL && copy && busy->callers < DIALOG_COPIES) {
		d->counts.repeats++;
		busy->caller[busy->callers++] = (struct dialog_caller){ cb, arg };
		return;
	}
	f = flow_new(d, hop);
	f->caller[f->callers++] = (struct dialog_caller){ cb, arg };
	dialog_flow_start(f, busy != NULL);
}

void
dialog_push(struct dialog *d, const struct dialog_push *push, dialog_cb *cb, void *arg)
{
	struct hop hop = { .channel = push->channel,
		           .msisdn = push->msisdn,
		           .kind = HOP_PUSH,
		           .input = "" };
	struct dialog_flow *f, *busy;
	bool copy;

	snprintf(hop.session, sizeof hop.session, "%s", push->session);
	d->counts.pushes++;
	busy = under_way(d, &hop, &copy);
	f = flow_new(d, &hop);
	snprintf(f->push_screen, sizeof f->push_screen, "%s", push->screen);
	f->push_subject = push->subject;
	f->caller[f->callers++] = (struct dialog_caller){ cb, arg };
	dialog_flow_start(f, busy != NULL);
}

struct dialog *
dialog_new(const struct dialog_deps *deps)
{
	static const char purpose[] = "ussd cumulative input";
	struct dialog *d = xzalloc(sizeof *d);

	d->deps = *deps;
	crypto_generichash(d->key, sizeof d->key, (const uint8_t *)purpose,
	                   sizeof purpose - 1, deps->env->settings->pin.pepper,
	                   SETTINGS_PEPPER);
	return d;
}

static void
end_row(struct dialog_row *row)
{
	while (row->first != NULL) {
		struct dialog_flow *f = row->first;
		bool acts = f->action.op != NULL && f->action.kind->menu.changes;

		dialog_say(f, acts ? "dialog.unknown" : "dialog.down");
		dialog_flow_tell(f);
		dialog_flow_free(f);
	}
}

void
dialog_free(struct dialog *d)
{
	for (unsigned i = 0; i < DIALOG_ROWS; i++)
		end_row(&d->row[i]);
	while (d->spare != NULL) {
		struct dialog_flow *f = d->spare;

		d->spare = f->next;
		free(f);
	}
	sodium_memzero(d, sizeof *d);
	free(d);
}

void
dialog_set_menu(struct dialog *d, const struct menu_program *menu)
{
	d->deps.menu = menu;
}

void
dialog_read_counts(const struct dialog *d, struct dialog_counts *out)
{
	*out = d->counts;
}

const struct menu_action *
dialog_actions(size_t *count)
{
	return action_list(count);
}

const char *const *
dialog_facts(size_t *count)
{
	return person_names(count);
}
