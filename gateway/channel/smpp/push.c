/*
 * smpp_push - a USSD session that we open on a phone, until its first answer.
 *
 *   ASK --a screen--> OPEN --taken--> WAIT --she types--> answered
 *    `--she is busy    |--refused      |--released
 *       `--> not <-----'               `--push_wait, the line broke--> unknown
 *
 * What follows her answer is a dialog like any other.  The session's number is ours, so
 * two that are open at a time never share one; the phone is part of the session's name,
 * so a number the network gave to another phone does not meet it.
 */
#include "gateway/channel/smpp/carrier_parts.h"
#include "lib/arena.h"
#include "lib/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 127

struct smpp_push {
	struct smpp_carrier *carrier;
	struct smpp_push *next;
	unsigned number;
	char session[HOP_SESSION_SIZE]; /* bind/phone/number, as hops come */
	char dialed[HOP_SESSION_SIZE];  /* the same with the dial's own id */
	uint64_t dial;
	char phone[MSISDN_MAX + 1];
	bool asking, sending; /* the dialog, the bind still has to answer us */
	struct timer *timer;
	smpp_push_cb *cb; /* NULL: told */
	void *arg;
};

/* ---- the end ---- */

static void
let_go(struct smpp_push *p)
{
	struct smpp_push **at = &p->carrier->pushes;

	if (p->cb != NULL || p->asking || p->sending)
		return;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	free(p);
}

/* May free p. */
static void
tell(struct smpp_push *p, enum smpp_push_end how, const char *why)
{
	struct smpp_carrier_counts *n = &p->carrier->count;
	smpp_push_cb *cb = p->cb;
	void *arg = p->arg;

	if (cb == NULL) {
		let_go(p);
		return;
	}
	timer_cancel(&p->timer);
	n->pushes_answered += how == SMPP_PUSH_ANSWERED;
	n->pushes_refused += how == SMPP_PUSH_NOT;
	n->pushes_silent += how == SMPP_PUSH_UNKNOWN;
	log_info(p->dialed, "push", "answered=%d why=%s", how == SMPP_PUSH_ANSWERED, why);
	p->cb = NULL;
	let_go(p);
	cb(arg, how, why);
}

/* ---- one push ---- */

static void
on_late(void *arg)
{
	struct smpp_push *p = arg;

	p->timer = NULL;
	tell(p, SMPP_PUSH_UNKNOWN, "no_answer");
}

static void
on_sent(void *arg, const struct carrier_sent *sent)
{
	struct smpp_push *p = arg;

	p->sending = false;
	if (sent->fate == SMS_TAKEN && p->cb != NULL)
		return;
	tell(p,
	     sent->fate == SMS_REFUSED || sent->surely_not ? SMPP_PUSH_NOT
	                                                   : SMPP_PUSH_UNKNOWN,
	     sent->reason);
}

static void
enter_open(struct smpp_push *p, const char *screen)
{
	struct smpp_carrier *c = p->carrier;
	struct smpp_live *live = smpp_in_live(c, p->session, true);
	struct smpp_ussd_out out;

	(void)smpp_ussd_push(c->ussd, (uint16_t)p->number, true, &out);
	out.phone = p->phone;
	out.number = c->settings->push;
	live->dial = p->dial;
	live->at_ms = loop_clock(c->deps.loop)->mono_ms;
	p->sending = true;
	smpp_out_push(c, &out, screen, on_sent, p);
}

static void
on_screen(void *arg, const struct dialog_reply *reply)
{
	struct smpp_push *p = arg;

	p->asking = false;
	if (p->cb == NULL || reply->end)
		tell(p, SMPP_PUSH_NOT, "not_now");
	else
		enter_open(p, reply->text);
}

/* One that no session of ours has, or 0. */
static unsigned
free_number(struct smpp_carrier *c)
{
	for (unsigned i = 0; i < NUMBER_MAX; i++) {
		const struct smpp_push *p = c->pushes;

		c->push_number = c->push_number % NUMBER_MAX + 1;
		while (p != NULL && p->number != c->push_number)
			p = p->next;
		if (p == NULL)
			return c->push_number;
	}
	return 0;
}

static void
on_refused(void *arg)
{
	struct smpp_push *p = arg;

	p->timer = NULL;
	tell(p, SMPP_PUSH_NOT, "no_bind");
}

void
smpp_carrier_push(struct smpp_carrier *c, const struct dialog_push *what,
                  smpp_push_cb *cb, void *arg)
{
	struct smpp_push *p = xzalloc(sizeof *p);
	struct dialog_push push = *what;

	p->carrier = c;
	p->number = free_number(c);
	p->dial = smpp_in_fresh_id(c);
	memcpy(p->phone, what->msisdn.digits, sizeof p->phone);
	snprintf(p->session, sizeof p->session, "%s/%s/%u", c->settings->name, p->phone,
	         p->number);
	snprintf(p->dialed, sizeof p->dialed, "%s/%s/%u/%llx", c->settings->name,
	         p->phone, p->number, (unsigned long long)p->dial);
	p->cb = cb;
	p->arg = arg;
	p->next = c->pushes;
	c->pushes = p;
	c->count.pushes++;
	if (p->number == 0 || !smpp_carrier_can_push(c)) {
		p->timer = timer_start(c->deps.loop, 0, on_refused, p);
		return;
	}
	p->timer = timer_start(c->deps.loop, c->settings->push_ms, on_late, p);
	p->asking = true;
	push.channel = "smpp";
	push.session = p->dialed;
	dialog_push(c->deps.dialog, &push, on_screen, p);
}

void
smpp_push_heard(struct smpp_carrier *c, const struct hop *hop)
{
	for (struct smpp_push *p = c->pushes; p != NULL; p = p->next) {
		if (p->cb == NULL || strcmp(p->dialed, hop->session) != 0)
			continue;
		if (hop->kind == HOP_CONTINUE)
			tell(p, SMPP_PUSH_ANSWERED, "answered");
		else
			tell(p, SMPP_PUSH_NOT, "released");
		return;
	}
}

/* ---- of the carrier ---- */

bool
smpp_carrier_can_push(const struct smpp_carrier *c)
{
	return c->settings->push[0] != '\0' && !c->push_ended && c->drained == NULL &&
	       smpp_carrier_is_up(c);
}

const char *
smpp_carrier_numbers(const struct smpp_carrier *c)
{
	return c->settings->numbers;
}

void
smpp_carrier_push_end(struct smpp_carrier *c, enum smpp_push_end how)
{
	struct smpp_push *p = c->pushes, *next;

	c->push_ended = true;
	for (; p != NULL; p = next) {
		next = p->next;
		if (p->cb != NULL)
			tell(p, how, "stopping");
	}
}
