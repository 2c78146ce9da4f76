#include "payments/flow/settle.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/settle_internal.h"
#include "payments/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SWEEP_MS 250

/* ---- lists ------------------------------------------------------------------------- */

void
list_push(struct op_list *list, struct settle_op *op)
{
	op->next = NULL;
	if (list->last != NULL)
		list->last->next = op;
	else
		list->first = op;
	list->last = op;
	list->count++;
}

struct settle_op *
list_pop(struct op_list *list)
{
	struct settle_op *op = list->first;

	if (op == NULL)
		return NULL;
	list->first = op->next;
	if (list->first == NULL)
		list->last = NULL;
	list->count--;
	op->next = NULL;
	return op;
}

size_t
list_legs(const struct op_list *list, size_t most)
{
	size_t n = 0;

	for (const struct settle_op *op = list->first; op != NULL && most > 0; most--) {
		n += op->op.leg_count;
		op = op->next;
	}
	return n;
}

/* ---- answers -------------------------------------------------------------------------
 */

static void
tell(struct settle_op *op, const struct settle_answer *answer)
{
	settle_cb *cb = op->cb;
	void *arg = op->arg;

	free(op);
	if (cb != NULL)
		cb(arg, answer);
}

void
settle_leave_deciding(struct settle_op *op)
{
	if (uuid_map_get(&op->s->deciding, &op->op.key) == op)
		uuid_map_take(&op->s->deciding, &op->op.key);
}

void
settle_answer_op(struct settle_op *op, enum op_result result, bool repeated)
{
	struct settle *s = op->s;
	struct settle_op *f = op->followers, *next;
	struct uuid content = op->content;
	struct settle_answer answer = { err_none(), result, repeated };

	settle_leave_deciding(op);
	s->counts.operations++;
	s->counts.queued--;
	if (result != OP_STALE && result != OP_CONFLICT && result != OP_INVALID)
		cache_add_key(s, op, result);
	tell(op, &answer);
	for (; f != NULL; f = next) {
		bool same = uuid_equal(&f->content, &content);

		next = f->next;
		f->followers = NULL;
		settle_answer_op(f, same ? result : OP_CONFLICT, same);
		s->counts.repeats++;
	}
}

void
settle_fail_op(struct settle_op *op, enum err_code code, enum fate fate, const char *what)
{
	struct settle *s = op->s;
	struct settle_op *f = op->followers, *next;
	struct settle_answer answer = { { code, fate, what }, OP_INVALID, false };

	settle_leave_deciding(op);
	s->counts.queued--;
	tell(op, &answer);
	for (; f != NULL; f = next) {
		next = f->next;
		f->followers = NULL;
		settle_fail_op(f, code, fate, what);
	}
}

/* ---- the pump: one look for work a turn
 * ------------------------------------------------ */

static bool
is_idle(const struct settle *s)
{
	return s->counts.queued == 0 && !settle_batches_in_flight(s);
}

static void
on_dropped(void *arg, const struct pg_reply *r)
{
	struct settle *s = arg;
	loop_cb *drained = s->drained;

	(void)r;
	s->lease_call = NULL;
	s->epoch = 0;
	s->drained = NULL;
	drained(s->drained_arg);
}

static void
finish_draining(struct settle *s)
{
	struct pg_args *a;

	if (s->lease_call != NULL)
		pg_cancel(&s->lease_call);
	timer_cancel(&s->lease_timer);
	a = pg_args_new();
	pg_i64(a, s->epoch);
	s->lease_call = pg_call(s->pg, &ledger_lease_drop, a, 1000, on_dropped, s);
	s->draining = false; /* once */
}

static void
pump(void *arg)
{
	struct settle *s = arg;
	struct settle_op *op;

	s->pump_timer = NULL;
	while ((op = list_pop(&s->refused)) != NULL)
		settle_fail_op(op, op->early.code, op->early.fate, op->early.what);
	settle_replay(s);
	if (s->full && !settle_batches_in_flight(s))
		cache_forget_balances(s);
	if (!s->replaying && s->epoch != 0) {
		if (!s->full)
			settle_form_batches(s);
		s->full = cache_is_full(s);
		for (struct lane *lane = s->lanes; lane != NULL; lane = lane->next)
			settle_load(s, lane);
	}
	if (s->draining && is_idle(s))
		finish_draining(s);
}

void
settle_wake(struct settle *s)
{
	if (s->pump_timer == NULL)
		s->pump_timer = timer_start(s->loop, 0, pump, s);
}

static void
sweep_list(struct settle *s, struct op_list *list, int64_t now)
{
	struct op_list keep = { 0 };
	struct settle_op *op;

	while ((op = list_pop(list)) != NULL) {
		if (op->deadline_ms > now)
			list_push(&keep, op);
		else
			settle_fail_op(
			    op, ERR_TIMEOUT, op->sent ? FATE_UNKNOWN : FATE_NOT,
			    op->sent ? "the commit's outcome is not known"
			             : "the ledger could not be reached in time");
	}
	*list = keep;
	if (keep.count > 0)
		settle_wake(s);
}

/* What is in flight goes on, but its caller is told in time that nobody knows yet. */
static void
tell_late_one(struct settle_op *op, int64_t now)
{
	static const struct settle_answer late = { { ERR_TIMEOUT, FATE_UNKNOWN,
		                                     "the commit takes too long" },
		                                   OP_INVALID,
		                                   false };
	settle_cb *cb = op->cb;

	if (cb == NULL || op->deadline_ms > now)
		return;
	op->cb = NULL;
	cb(op->arg, &late);
}

static void
tell_late(struct settle_op *op, int64_t now)
{
	tell_late_one(op, now);
	for (struct settle_op *f = op->followers; f != NULL; f = f->next)
		tell_late_one(f, now);
}

static void
sweep_in_flight(struct settle *s, int64_t now)
{
	for (int i = 0; i < BATCHES_IN_FLIGHT; i++) {
		for (struct settle_op *op = s->batches[i].ops.first; op != NULL;
		     op = op->next)
			tell_late(op, now);
	}
	for (int i = 0; i < REPLAYS_IN_FLIGHT; i++)
		if (s->replays[i].op != NULL)
			tell_late(s->replays[i].op, now);
}

/* Operations that wait for a writer or a database give up at their deadlines. */
static void
sweep(void *arg)
{
	struct settle *s = arg;
	int64_t now = loop_clock(s->loop)->mono_ms;

	s->sweep_timer = timer_start(s->loop, SWEEP_MS, sweep, s);
	sweep_in_flight(s, now);
	sweep_list(s, &s->failed, now);
	for (struct lane *lane = s->lanes; lane != NULL; lane = lane->next) {
		sweep_list(s, &lane->cold, now);
		sweep_list(s, &lane->ready, now);
		sweep_list(s, &lane->doubtful, now);
	}
	if (s->draining || s->replaying)
		settle_wake(s);
}

/* ---- life
 * ------------------------------------------------------------------------------ */

struct settle *
settle_new(struct loop *loop, struct pg *pg, const struct settle_options *o)
{
	struct settle *s = xzalloc(sizeof *s);

	s->loop = loop;
	s->pg = pg;
	s->options = *o;
	snprintf(s->holder, sizeof s->holder, "%s", o->holder != NULL ? o->holder : "");
	s->options.holder = s->holder;
	s->sweep_timer = timer_start(loop, SWEEP_MS, sweep, s);
	settle_lease_start(s);
	return s;
}

static void
fail_list(struct op_list *list, enum fate fate)
{
	struct settle_op *op;

	while ((op = list_pop(list)) != NULL)
		settle_fail_op(op, ERR_SHUTDOWN, op->sent ? FATE_UNKNOWN : fate,
		               "stopping");
}

static void
free_lane(struct lane *lane)
{
	pg_cancel(&lane->load);
	fail_list(&lane->cold, FATE_NOT);
	fail_list(&lane->loading, FATE_NOT);
	fail_list(&lane->ready, FATE_NOT);
	fail_list(&lane->doubtful, FATE_NOT);
	free(lane);
}

static void
stop_timers(struct settle *s)
{
	timer_cancel(&s->pump_timer);
	timer_cancel(&s->sweep_timer);
	timer_cancel(&s->lease_timer);
	timer_cancel(&s->retry_timer);
}

void
settle_free(struct settle *s)
{
	struct lane *lane;

	if (s == NULL)
		return;
	s->closed = true;
	stop_timers(s);
	pg_cancel(&s->lease_call);
	for (int i = 0; i < BATCHES_IN_FLIGHT; i++) {
		pg_cancel(&s->batches[i].call);
		fail_list(&s->batches[i].ops, FATE_UNKNOWN);
	}
	for (int i = 0; i < REPLAYS_IN_FLIGHT; i++) {
		pg_cancel(&s->replays[i].call);
		if (s->replays[i].op != NULL)
			settle_fail_op(s->replays[i].op, ERR_SHUTDOWN, FATE_UNKNOWN,
			               "stopping");
	}
	fail_list(&s->failed, FATE_UNKNOWN);
	while ((lane = s->lanes) != NULL) {
		s->lanes = lane->next;
		free_lane(lane);
	}
	fail_list(&s->refused, FATE_NOT); /* also what the callbacks above asked for */
	uuid_map_clear(&s->by_cooperative, NULL);
	uuid_map_clear(&s->deciding, NULL);
	timer_cancel(&s->pump_timer); /* an answer may have asked for it again */
	cache_free(s);
	free(s);
}

void
settle_drain(struct settle *s, loop_cb *cb, void *arg)
{
	s->drained = cb;
	s->drained_arg = arg;
	s->draining = s->closed = true;
	settle_wake(s);
}

bool
settle_is_leader(const struct settle *s)
{
	return s->epoch != 0;
}

void
settle_read_counts(const struct settle *s, struct settle_counts *out)
{
	*out = s->counts;
	out->in_flight = 0;
	for (int i = 0; i < BATCHES_IN_FLIGHT; i++)
		out->in_flight += s->batches[i].call != NULL;
}
