#include "payments/flow/settle_internal.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "payments/store/ledger.h"

#include <stdlib.h>
#include <string.h>

bool
settle_batches_in_flight(const struct settle *s)
{
	for (int i = 0; i < BATCHES_IN_FLIGHT; i++) {
		if (s->batches[i].call != NULL)
			return true;
	}
	return false;
}

static unsigned
slot_of(const struct batch *b)
{
	return (unsigned)(b - b->s->batches);
}

static bool
all_looked_up(const struct op_list *ops)
{
	for (const struct settle_op *op = ops->first; op != NULL; op = op->next) {
		if (!op->looked_up)
			return false;
	}
	return true;
}

/* Its key is older than we remember: it is looked up, and those that follow it, too. */
static void
decide_again(struct lane *lane, struct settle_op *op)
{
	struct settle_op *f = op->followers, *next;

	settle_leave_deciding(op);
	op->followers = NULL;
	list_push(&lane->cold, op);
	for (; f != NULL; f = next) {
		next = f->next;
		list_push(&lane->cold, f);
	}
}

/* Guards that failed, a lost connection: all are told apart by replaying.  The other
 * batch in flight was decided on balances that counted on this one, so nothing new leaves
 * until both are through. */
static void
on_failed(struct batch *b, struct op_list *ops, const struct pg_reply *r)
{
	struct settle *s = b->s;
	bool old_keys = strcmp(r->sqlstate, "23505") == 0 && !all_looked_up(ops);
	struct settle_op *op;

	if (strcmp(r->sqlstate, "AD002") == 0)
		settle_lease_lost(s, b->epoch);
	else if (r->err.fate == FATE_UNKNOWN)
		settle_lease_anew(s);
	log_info("settle", old_keys ? "old_keys" : "replay",
	         "operations=%u err=%s sqlstate=%s message=\"%s\"", ops->count,
	         err_name(r->err.code), r->sqlstate, r->message);
	s->replaying = true; /* ends with forgetting what these batches left behind */
	while ((op = list_pop(ops)) != NULL) {
		op->sent = op->sent || r->err.fate == FATE_UNKNOWN;
		if (old_keys)
			decide_again(b->lane, op);
		else
			list_push(&s->failed, op);
	}
	settle_wake(s);
}

static void
on_batch(void *arg, const struct pg_reply *r)
{
	struct batch *b = arg;
	struct settle *s = b->s;
	struct op_list ops = b->ops;
	struct settle_op *op;

	b->call = NULL;
	b->ops = (struct op_list){ 0 };
	if (r->err.code == ERR_NONE) {
		while ((op = list_pop(&ops)) != NULL) {
			if (op->decided == OP_DONE)
				settle_is_true(s, op, slot_of(b));
			settle_answer_op(op, op->decided, false);
		}
		settle_wake(s);
		return;
	}
	on_failed(b, &ops, r);
}

/* A key that was answered, or is being decided, is not decided again. */
static bool
answered_before(struct settle *s, struct settle_op *op)
{
	struct cached_key *known = cache_key(s, &op->op.key);
	struct settle_op *leader;

	if (known != NULL) {
		bool same = uuid_equal(&known->content, &op->content);

		s->counts.repeats++;
		settle_answer_op(op, same ? known->result : OP_CONFLICT, same);
		return true;
	}
	leader = uuid_map_get(&s->deciding, &op->op.key);
	if (leader == NULL)
		return false;
	op->next = leader->followers;
	leader->followers = op;
	return true;
}

static bool
decide_next(struct settle *s, struct batch *b, struct settle_op *op)
{
	if (answered_before(s, op))
		return false;
	if (!cache_knows(s, op)) {
		list_push(&b->lane->cold, op);
		return false;
	}
	op->decided = settle_decide(s, op, slot_of(b));
	if (op->decided != OP_DONE && settle_is_doubtful(s, op, slot_of(b))) {
		list_push(&b->lane->doubtful, op);
		return false;
	}
	if (op->decided == OP_INVALID) {
		settle_answer_op(op, OP_INVALID, false);
		return false;
	}
	if (op->decided != OP_DONE)
		s->counts.refusals++;
	list_push(&b->ops, op);
	uuid_map_put(&s->deciding, &op->op.key, op);
	return true;
}

/* An account counts as open once a commit said so.  Until then every batch that touches
 * it opens it: the second waits for the first, and then finds it there. */
static size_t
accounts_to_open(struct settle *s, const struct settle_op *op,
                 struct ledger_opening *open, size_t count)
{
	for (uint32_t i = 0; i < 2 * op->op.leg_count; i++) {
		const struct ledger_leg *leg = &op->op.legs[i / 2];

		if (!cache_account(s, &op->sides[i])->open)
			open[count++] =
			    (struct ledger_opening){ op->sides[i],
				                     i % 2 ? &leg->credit : &leg->debit };
	}
	return count;
}

static void
send_batch(struct settle *s, struct batch *b)
{
	struct ledger_item *items = xzalloc(b->ops.count * sizeof *items);
	struct ledger_opening *open =
	    xzalloc((2 * list_legs(&b->ops, b->ops.count) + 1) * sizeof *open);
	struct ledger_batch rows = { .cooperative_id = b->lane->cooperative_id,
		                     .epoch = s->epoch,
		                     .items = items,
		                     .openings = open };

	for (struct settle_op *op = b->ops.first; op != NULL; op = op->next) {
		items[rows.item_count++] =
		    (struct ledger_item){ &op->op, op->sides, op->content, op->decided };
		if (op->decided == OP_DONE)
			rows.opening_count =
			    accounts_to_open(s, op, open, rows.opening_count);
	}
	b->epoch = s->epoch;
	b->call = pg_call(s->pg, &ledger_settle_batch, ledger_batch_args(&rows), CALL_MS,
	                  on_batch, b);
	s->counts.batches++;
	free(items);
	free(open);
}

static bool
lane_in_flight(const struct settle *s, const struct lane *lane)
{
	for (int i = 0; i < BATCHES_IN_FLIGHT; i++) {
		if (s->batches[i].call != NULL && s->batches[i].lane == lane)
			return true;
	}
	return false;
}

/* A refusal is for ever, so it must not rest on what may still fail: operations in doubt
 * wait until nothing is in flight, and nothing overtakes them. */
static void
form_batch(struct settle *s, struct batch *b, struct lane *lane)
{
	struct settle_op *op;

	if (lane->doubtful.count > 0 && lane_in_flight(s, lane))
		return;
	b->s = s;
	b->lane = lane;
	while (b->ops.count < s->options.batch_max &&
	       (op = list_pop(&lane->doubtful)) != NULL)
		decide_next(s, b, op);
	while (b->ops.count < s->options.batch_max &&
	       (op = list_pop(&lane->ready)) != NULL)
		decide_next(s, b, op);
	if (b->ops.count > 0)
		send_batch(s, b);
}

void
settle_form_batches(struct settle *s)
{
	for (int i = 0; i < BATCHES_IN_FLIGHT; i++) {
		/* round robin, so that a busy cooperative does not starve a quiet one */
		for (unsigned tried = 0;
		     s->batches[i].call == NULL && tried < s->lane_count; tried++) {
			struct lane *lane =
			    s->next_lane != NULL ? s->next_lane : s->lanes;

			s->next_lane = lane->next;
			form_batch(s, &s->batches[i], lane);
		}
	}
}
