#include "gateway/channel/carriers.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "lib/msisdn.h"
#include "payments/flow/route.h"

#include <stdlib.h>
#include <string.h>

#define TICK_MS 200 /* how often what waits is looked at */
/* No call begins later: what takes longer than OUTBOX_PORT_MS in all, the outbox takes
 * for lost and sends once more. */
#define BEGIN_MS 30000

/* ---- pure ---- */

int
carrier_pick(const struct carrier_route *routes, unsigned n, const char *digits,
             uint32_t without)
{
	int best = CARRIER_NONE;
	size_t longest = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct carrier_route *r = &routes[i];
		size_t fits = route_fits(r->numbers, digits);

		if ((without >> i & 1) != 0 || (fits == 0 && r->numbers[0] != '\0'))
			continue;
		if (best != CARRIER_NONE &&
		    (r->cost > routes[best].cost ||
		     (r->cost == routes[best].cost && fits <= longest)))
			continue;
		best = (int)i;
		longest = fits;
	}
	return best;
}

bool
carrier_is_well(const struct carrier_route *r, int64_t mono_ms, int64_t failures)
{
	const struct carrier_health *h = &r->health;

	if (r->paused)
		return false;
	if (r->carrier.is_up != NULL && !r->carrier.is_up(r->carrier.ctx))
		return false;
	return h->failures < failures || (mono_ms >= h->open_until_ms && !h->probing);
}

void
carrier_note(struct carrier_health *h, enum sms_fate fate, int64_t mono_ms,
             int64_t failures, int64_t breaker_ms)
{
	h->probing = false;
	if (fate != SMS_AGAIN) {
		h->failures = 0;
		return;
	}
	if (h->failures < 1000000)
		h->failures++;
	if (h->failures >= failures)
		h->open_until_ms = mono_ms + breaker_ms;
}

/* ---- on the loop ---- */

struct job {
	struct job *next;      /* in line, or behind */
	struct job *next_open; /* of those that have begun */
	struct carriers *owner;
	char digits[MSISDN_MAX + 1];
	char *text;
	struct uuid reference;
	bool has_reference;
	uint32_t tried;   /* routes, by bit */
	unsigned at;      /* the route it is with */
	int64_t until_ms; /* how long it waits at most, where it waits */
	int64_t begin_by_ms;
	uint64_t number; /* in the order of arrival */
	bool from_line;  /* nobody of the line follows before its answer */
	carrier_cb *cb;
	void *arg;
};

struct carriers {
	struct loop *loop;
	const struct settings *settings;
	bool stopped;
	uint64_t arrived;
	bool line_busy[CARRIERS_MAX]; /* one of the line is at the carrier */
	unsigned count;
	struct carrier_route routes[CARRIERS_MAX];
	struct job *first, **last; /* in line, oldest first */
	struct job *open;          /* begun and not told: one a number */
	struct job *behind;        /* an earlier one to their number is, oldest first */
	struct timer *tick;
};

static int64_t
mono(const struct carriers *c)
{
	return loop_clock(c->loop)->mono_ms;
}

static void wake_in(struct carriers *c, int64_t ms);

static void
tell(struct job *j, const struct carrier_sent *sent)
{
	struct carriers *c = j->owner;
	carrier_cb *cb = j->cb;
	void *arg = j->arg;

	for (struct job **at = &c->open; *at != NULL; at = &(*at)->next_open) {
		if (*at == j) {
			*at = j->next_open;
			break;
		}
	}
	if (c->behind != NULL)
		wake_in(c, 0);
	free(j->text);
	free(j);
	cb(arg, sent);
}

static void
tell_again(struct job *j, const char *reason)
{
	struct carrier_sent sent = { SMS_AGAIN, true, "", reason, false };

	tell(j, &sent);
}

static void choose(struct job *j);
static void put_back(struct job *j);

static bool
holds(const struct carriers *c)
{
	return strcmp(c->settings->sms.dead, "hold") == 0;
}

static void
note(struct carriers *c, struct carrier_route *r, const struct carrier_sent *sent)
{
	const struct settings *s = c->settings;
	bool was_well = r->health.failures < s->sms.failures;

	carrier_note(&r->health, sent->of_this_one ? SMS_REFUSED : sent->fate, mono(c),
	             s->sms.failures, s->sms.breaker_ms);
	r->count.taken += sent->fate == SMS_TAKEN;
	r->count.refused += sent->fate == SMS_REFUSED;
	r->count.again += sent->fate == SMS_AGAIN;
	if (was_well && r->health.failures >= s->sms.failures)
		log_warn(r->carrier.name, "carrier_down", "why=%s", sent->reason);
}

static void
on_sent(void *arg, const struct carrier_sent *sent)
{
	struct job *j = arg;
	struct carriers *c = j->owner;
	struct carrier_route *r = &c->routes[j->at];

	note(c, r, sent);
	if (j->from_line) {
		j->from_line = false;
		c->line_busy[j->at] = false;
		wake_in(c, 0);
	}
	bool once_more = sent->fate == SMS_AGAIN && sent->surely_not && !c->stopped &&
	                 mono(c) < j->begin_by_ms;
	uint32_t tried = j->tried | 1u << j->at;
	if (once_more && holds(c) && !sent->of_this_one && mono(c) < j->until_ms) {
		put_back(j);
	} else if (once_more && !holds(c) &&
	           carrier_pick(c->routes, c->count, j->digits, tried) != CARRIER_NONE) {
		j->tried = tried;
		r->count.failed_over++;
		choose(j);
	} else {
		tell(j, sent);
	}
}

static void
send_by(struct job *j, int at)
{
	struct carriers *c = j->owner;
	struct carrier_route *r = &c->routes[at];
	struct carrier_sms sms = { j->digits, j->text,
		                   j->has_reference ? &j->reference : NULL };

	j->at = (unsigned)at;
	r->health.probing = r->health.failures >= c->settings->sms.failures;
	r->carrier.send(r->carrier.ctx, &sms, on_sent, j);
}

/* ---- one at a time to a number: calls side by side arrive in any order ---- */

static bool
is_open(const struct carriers *c, const char *digits)
{
	for (const struct job *j = c->open; j != NULL; j = j->next_open) {
		if (strcmp(j->digits, digits) == 0)
			return true;
	}
	return false;
}

static void
begin(struct job *j)
{
	struct carriers *c = j->owner;
	struct job **at = &c->behind;

	if (c->stopped || !is_open(c, j->digits)) {
		j->next_open = c->open;
		c->open = j;
		choose(j);
		return;
	}
	while (*at != NULL)
		at = &(*at)->next;
	*at = j;
	wake_in(c, TICK_MS);
}

/* Those whose number is free go on. */
static void
look_behind(struct carriers *c)
{
	struct job **at = &c->behind, *j;

	while ((j = *at) != NULL) {
		bool waits = is_open(c, j->digits);

		if (waits && mono(c) < j->until_ms) {
			at = &j->next;
			continue;
		}
		*at = j->next;
		j->next = NULL;
		if (waits)
			tell_again(j, "number_busy");
		else
			begin(j);
	}
}

/* ---- in line ---- */

static bool
somebody_waits_for(const struct carriers *c, int route)
{
	for (const struct job *j = c->first; j != NULL; j = j->next) {
		if ((int)j->at == route)
			return true;
	}
	return false;
}

/* One pass over the line: who may go goes, who waited too long is told; whoever stays
 * makes those behind it stay, of the same route.  One at a time, as calls side by side
 * arrive in any order. */
static void
on_tick(void *arg)
{
	struct carriers *c = arg;
	struct job *j, *next;
	uint32_t blocked = 0;

	c->tick = NULL;
	look_behind(c);
	j = c->first;
	c->first = NULL;
	c->last = &c->first;
	for (; j != NULL; j = next) {
		uint32_t bit = 1u << j->at;

		next = j->next;
		j->next = NULL;
		if ((blocked & bit) == 0 && !c->line_busy[j->at] &&
		    carrier_is_well(&c->routes[j->at], mono(c),
		                    c->settings->sms.failures)) {
			j->from_line = true;
			c->line_busy[j->at] = true;
			send_by(j, (int)j->at);
		} else if (mono(c) >= j->until_ms) {
			tell_again(j, "carrier_down");
		} else {
			blocked |= bit;
			*c->last = j;
			c->last = &j->next;
		}
	}
	if (c->first != NULL || c->behind != NULL)
		wake_in(c, TICK_MS);
}

static void
wake_in(struct carriers *c, int64_t ms)
{
	if (ms == 0)
		timer_cancel(&c->tick);
	if (c->tick == NULL && !c->stopped)
		c->tick = timer_start(c->loop, ms, on_tick, c);
}

static void
hold(struct job *j, int route)
{
	struct carriers *c = j->owner;

	j->at = (unsigned)route;
	*c->last = j;
	c->last = &j->next;
	wake_in(c, TICK_MS);
}

/* It was at the carrier before those that wait: it goes before them again.  Several that
 * were there at the same time come back in the order in which they left. */
static void
put_back(struct job *j)
{
	struct carriers *c = j->owner;
	struct job **at = &c->first;

	while (*at != NULL && (*at)->number < j->number)
		at = &(*at)->next;
	j->next = *at;
	*at = j;
	if (j->next == NULL)
		c->last = &j->next;
	wake_in(c, TICK_MS);
}

/* ---- pick ---- */

static bool
answers_well(const struct carrier_route *r, const struct carriers *c)
{
	return r->health.failures < c->settings->sms.failures;
}

static void
choose(struct job *j)
{
	struct carriers *c = j->owner;
	int best = carrier_pick(c->routes, c->count, j->digits, j->tried), at = best;

	if (best == CARRIER_NONE || c->stopped) {
		tell_again(j, c->stopped ? "stopping" : "no_carrier");
		return;
	}
	if (holds(c) &&
	    (c->line_busy[best] || somebody_waits_for(c, best) ||
	     !carrier_is_well(&c->routes[best], mono(c), c->settings->sms.failures))) {
		hold(j, best);
		return;
	}
	while (at != CARRIER_NONE &&
	       !carrier_is_well(&c->routes[at], mono(c), c->settings->sms.failures)) {
		j->tried |= 1u << at;
		at = carrier_pick(c->routes, c->count, j->digits, j->tried);
	}
	/* One whose connection is away knows best what to do with it. */
	if (at == CARRIER_NONE && !c->routes[best].paused &&
	    answers_well(&c->routes[best], c))
		at = best;
	if (at == CARRIER_NONE) {
		tell_again(j, "carrier_down");
		return;
	}
	c->routes[best].count.failed_over += at != best;
	send_by(j, at);
}

static void
on_turn(void *arg)
{
	begin(arg);
}

void
carriers_send(struct carriers *c, const struct carrier_sms *sms, carrier_cb *cb,
              void *arg)
{
	struct job *j = xzalloc(sizeof *j);

	j->owner = c;
	j->number = ++c->arrived;
	j->until_ms = mono(c) + c->settings->sms.hold_ms;
	j->begin_by_ms = mono(c) + BEGIN_MS;
	snprintf(j->digits, sizeof j->digits, "%s", sms->digits);
	j->text = xstrdup(sms->text);
	j->has_reference = sms->reference != NULL;
	if (j->has_reference)
		j->reference = *sms->reference;
	j->cb = cb;
	j->arg = arg;
	loop_next_turn(c->loop, on_turn, j);
}

/* ---- life ---- */

struct carriers *
carriers_new(struct loop *loop, const struct settings *settings)
{
	struct carriers *c = xzalloc(sizeof *c);

	c->loop = loop;
	c->settings = settings;
	c->last = &c->first;
	return c;
}

void
carriers_add(struct carriers *c, const struct carrier *carrier, const char *numbers,
             int64_t cost)
{
	struct carrier_route *r = &c->routes[c->count];

	if (c->count == CARRIERS_MAX)
		return;
	r->carrier = *carrier;
	r->numbers = numbers;
	r->cost = cost;
	c->count++;
}

bool
carriers_pause(struct carriers *c, const char *name, size_t n, bool paused)
{
	for (unsigned i = 0; i < c->count; i++) {
		const char *its = c->routes[i].carrier.name;

		if (strlen(its) != n || strncmp(its, name, n) != 0)
			continue;
		c->routes[i].paused = paused;
		return true;
	}
	return false;
}

void
carriers_stop(struct carriers *c)
{
	struct job *lists[] = { c->first, c->behind };

	c->stopped = true;
	timer_cancel(&c->tick);
	c->first = c->behind = NULL;
	c->last = &c->first;
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		for (struct job *j = lists[i], *next; j != NULL; j = next) {
			next = j->next;
			tell_again(j, "stopping");
		}
	}
}

void
carriers_free(struct carriers *c)
{
	free(c);
}

const struct carrier_route *
carriers_routes(const struct carriers *c, unsigned *n)
{
	*n = c->count;
	return c->routes;
}
