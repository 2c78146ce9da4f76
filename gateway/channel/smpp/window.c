#include "gateway/channel/smpp/window.h"

#include "gateway/channel/smpp/pdu.h"
#include "gateway/channel/smpp/status.h"
#include "lib/backoff.h"

#include <string.h>

#define SECOND_MS       1000
#define SLOWER_FIRST_MS 500
#define SLOWER_MOST_MS  30000
#define FULL_FIRST_MS   2000
#define FULL_MOST_MS    60000
#define CONGESTED       80    /* of 100: above that we are slower */
#define CONGESTED_MS    10000 /* how long what the peer said counts */
#define GAP_MS          50    /* for each of 100 above it         */

void
smpp_window_init(struct smpp_window *w, const struct smpp_window_options *o,
                 uint64_t seed)
{
	memset(w, 0, sizeof *w);
	w->o = *o;
	if (w->o.per_second > SMPP_RATE_MAX)
		w->o.per_second = SMPP_RATE_MAX;
	w->chance = seed | 1;
	w->paused_until_ms = INT64_MIN;
	w->left_ms = INT64_MIN / 2;
	for (unsigned i = 0; i < SMPP_RATE_MAX; i++)
		w->slots[i] = INT64_MIN / 2;
	TAILQ_INIT(&w->urgent);
	TAILQ_INIT(&w->waiting);
	TAILQ_INIT(&w->flight);
	TAILQ_INIT(&w->finished);
}

void
smpp_window_add(struct smpp_window *w, struct smpp_send *send)
{
	send->place = w->places++;
	TAILQ_INSERT_TAIL(send->urgent ? &w->urgent : &w->waiting, send, link);
	w->queued++;
}

static void
finish(struct smpp_window *w, struct smpp_send *send, enum smpp_outcome outcome)
{
	send->outcome = outcome;
	TAILQ_INSERT_TAIL(&w->finished, send, link);
	w->count.taken += outcome == SMPP_TAKEN;
	w->count.refused += outcome == SMPP_REFUSED;
	w->count.later += outcome == SMPP_LATER;
	w->count.not_sent += outcome == SMPP_NOT_SENT;
	w->count.lost += outcome == SMPP_LOST;
}

/* ---- congestion ---- */

void
smpp_window_congestion(struct smpp_window *w, unsigned percent, int64_t now_ms)
{
	w->congestion = percent > 100 ? 100 : percent;
	w->congested_ms = now_ms;
}

unsigned
smpp_window_congested(const struct smpp_window *w, int64_t now_ms)
{
	return now_ms - w->congested_ms < CONGESTED_MS ? w->congestion : 0;
}

/* What the next part keeps from the last one. */
static int64_t
gap_ms(const struct smpp_window *w)
{
	return w->congestion > CONGESTED ? (w->congestion - CONGESTED) * GAP_MS : 0;
}

/* Until when the window is one, if nothing new is said. */
static int64_t
narrow_until(const struct smpp_window *w)
{
	return w->congestion > CONGESTED ? w->congested_ms + CONGESTED_MS : INT64_MIN;
}

/* ---- what may leave ---- */

static bool
has_rate(const struct smpp_window *w, int64_t now_ms)
{
	return w->o.per_second == 0 || now_ms - w->slots[w->slot] >= SECOND_MS;
}

static bool
may_send(const struct smpp_window *w, int64_t now_ms)
{
	bool narrow = now_ms < narrow_until(w);
	unsigned most = w->asking || narrow ? 1 : w->o.size;

	if (narrow && now_ms - w->left_ms < gap_ms(w))
		return false;
	return w->in_flight < most && now_ms >= w->paused_until_ms && has_rate(w, now_ms);
}

/* An earlier message to the same number has not been answered yet. */
static bool
must_wait(const struct smpp_window *w, const struct smpp_send *send)
{
	const struct smpp_send *before;

	TAILQ_FOREACH(before, &w->flight, link)
	{
		if (before->message != send->message && !before->urgent &&
		    strcmp(before->number, send->number) == 0)
			return true;
	}
	return false;
}

static struct smpp_send *
first_free(const struct smpp_window *w)
{
	struct smpp_send *send = TAILQ_FIRST(&w->urgent);

	if (send != NULL)
		return send;
	TAILQ_FOREACH(send, &w->waiting, link)
	{
		if (!must_wait(w, send))
			return send;
	}
	return NULL;
}

struct smpp_send *
smpp_window_pick(struct smpp_window *w, uint32_t sequence, int64_t now_ms)
{
	struct smpp_send *send = may_send(w, now_ms) ? first_free(w) : NULL;

	if (send == NULL)
		return NULL;
	TAILQ_REMOVE(send->urgent ? &w->urgent : &w->waiting, send, link);
	TAILQ_INSERT_TAIL(&w->flight, send, link);
	w->queued--;
	w->in_flight++;
	w->count.sent++;
	send->ordinal = ++w->ordinals;
	send->sent_ms = w->left_ms = now_ms;
	send->sequence = sequence;
	smpp_pdu_number(send->bytes, sequence);
	w->slots[w->slot] = now_ms;
	w->slot = w->o.per_second == 0 ? 0 : (w->slot + 1) % w->o.per_second;
	return send;
}

/* ---- what is answered ---- */

static void
put_back(struct smpp_window *w, struct smpp_send *send)
{
	struct smpp_sends *list = send->urgent ? &w->urgent : &w->waiting;
	struct smpp_send *after;

	w->queued++;
	TAILQ_FOREACH(after, list, link)
	{
		if (after->place > send->place)
			break;
	}
	if (after == NULL)
		TAILQ_INSERT_TAIL(list, send, link);
	else
		TAILQ_INSERT_BEFORE(after, send, link);
}

static void
slow_down(struct smpp_window *w, struct smpp_send *send, bool is_full, int64_t now_ms)
{
	bool is_news = send->ordinal > w->paused_after;

	w->count.throttled++;
	put_back(w, send);
	if (!is_news) /* sent before the pause began: it says nothing new */
		return;
	w->paused_until_ms =
	    now_ms + backoff_of(&w->chance, w->pauses,
	                        is_full ? FULL_FIRST_MS : SLOWER_FIRST_MS,
	                        is_full ? FULL_MOST_MS : SLOWER_MOST_MS);
	w->paused_after = w->ordinals;
	w->pauses++;
	w->asking = true;
}

static void
speed_up(struct smpp_window *w, const struct smpp_send *send)
{
	if (send->ordinal <= w->paused_after)
		return;
	w->asking = false;
	w->pauses = 0;
}

static void
keep_id(struct smpp_send *send, const char *id)
{
	size_t n = strnlen(id, sizeof send->message_id - 1);

	memcpy(send->message_id, id, n);
	send->message_id[n] = '\0';
}

bool
smpp_window_answer(struct smpp_window *w, const struct smpp_window_answer *a,
                   int64_t now_ms)
{
	enum smpp_meaning meaning = smpp_status_meaning(a->status);
	struct smpp_send *send;

	TAILQ_FOREACH(send, &w->flight, link)
	{
		if (send->sequence == a->sequence)
			break;
	}
	if (send == NULL) {
		w->count.stray++;
		return false;
	}
	TAILQ_REMOVE(&w->flight, send, link);
	w->in_flight--;
	w->lag_ms = now_ms - send->sent_ms;
	send->status = a->status;
	if (meaning == SMPP_MEANS_SLOWER || meaning == SMPP_MEANS_FULL) {
		slow_down(w, send, meaning == SMPP_MEANS_FULL, now_ms);
		return true;
	}
	speed_up(w, send);
	if (meaning == SMPP_MEANS_OK)
		keep_id(send, a->message_id);
	finish(w, send,
	       meaning == SMPP_MEANS_OK      ? SMPP_TAKEN
	       : meaning == SMPP_MEANS_NEVER ? SMPP_REFUSED
	                                     : SMPP_LATER);
	return true;
}

/* ---- what is given up ---- */

static void
lose(struct smpp_window *w, struct smpp_send *send)
{
	TAILQ_REMOVE(&w->flight, send, link);
	w->in_flight--;
	send->status = 0;
	finish(w, send, SMPP_LOST);
}

void
smpp_window_lose(struct smpp_window *w)
{
	w->congestion = 0; /* a new connection may lead to another machine */
	while (!TAILQ_EMPTY(&w->flight))
		lose(w, TAILQ_FIRST(&w->flight));
}

static void
give_up(struct smpp_window *w, struct smpp_sends *list, int64_t now_ms)
{
	struct smpp_send *send;

	while ((send = TAILQ_FIRST(list)) != NULL && send->deadline_ms <= now_ms) {
		TAILQ_REMOVE(list, send, link);
		w->queued--;
		finish(w, send, SMPP_NOT_SENT);
	}
}

void
smpp_window_empty(struct smpp_window *w)
{
	give_up(w, &w->urgent, INT64_MAX);
	give_up(w, &w->waiting, INT64_MAX);
}

bool
smpp_window_expire(struct smpp_window *w, int64_t now_ms)
{
	struct smpp_send *send;
	bool overdue = false;

	give_up(w, &w->urgent, now_ms);
	give_up(w, &w->waiting, now_ms);
	while ((send = TAILQ_FIRST(&w->flight)) != NULL &&
	       now_ms - send->sent_ms >= w->o.response_ms) {
		lose(w, send);
		overdue = true;
	}
	return overdue;
}

struct smpp_send *
smpp_window_finished(struct smpp_window *w)
{
	struct smpp_send *send = TAILQ_FIRST(&w->finished);

	if (send != NULL)
		TAILQ_REMOVE(&w->finished, send, link);
	return send;
}

/* ---- when ---- */

static void
sooner(int64_t *wake_ms, int64_t at_ms)
{
	if (at_ms < *wake_ms)
		*wake_ms = at_ms;
}

/* When congestion lets another go, if nothing is said until then. */
static int64_t
congestion_ends(const struct smpp_window *w)
{
	int64_t until = narrow_until(w);
	int64_t gap_ends = w->left_ms + gap_ms(w);

	return w->in_flight == 0 && gap_ends < until ? gap_ends : until;
}

int64_t
smpp_window_wake(const struct smpp_window *w, bool may_send)
{
	const struct smpp_send *u = TAILQ_FIRST(&w->urgent);
	const struct smpp_send *s = TAILQ_FIRST(&w->waiting);
	const struct smpp_send *f = TAILQ_FIRST(&w->flight);
	int64_t wake = INT64_MAX;

	if (u != NULL)
		sooner(&wake, u->deadline_ms);
	if (s != NULL)
		sooner(&wake, s->deadline_ms);
	if (f != NULL)
		sooner(&wake, f->sent_ms + w->o.response_ms);
	if (may_send && w->in_flight < (w->asking ? 1 : w->o.size) &&
	    first_free(w) != NULL) {
		int64_t at = w->paused_until_ms;

		if (congestion_ends(w) > at)
			at = congestion_ends(w);
		if (w->o.per_second > 0 && w->slots[w->slot] + SECOND_MS > at)
			at = w->slots[w->slot] + SECOND_MS;
		sooner(&wake, at);
	}
	return wake;
}
