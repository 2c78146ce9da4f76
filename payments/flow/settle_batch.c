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

static void
accounts_are_open(struct settle *s, const struct settle_op *op)
{
	for (uint32_t i = 0; i < 2 * op->op.leg_count; i++) {
		struct cached_account *a = cache_account(s, &op->sides[i]);

		if (a != NULL)
			a->open = true;
	}
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
				accounts_are_open(s, op);
			settle_answer_op(op, op->decided, false);
		}
		settle_wake(s);
		return;
	}
	/* Guards that failed, keys older than we remember, a lost connection: all are
	 * told apart by replaying.  The other batch in flight was decided on balances
	 * that counted on this one, so nothing new leaves until both are through. */
	if (strcmp(r->sqlstate, "AD002") == 0)
		settle_lease_lost(s);
	log_info("settle", "replay", "operations=%u err=%s sqlstate=%s message=\"%s\"",
	         ops.count, err_name(r->err.code), r->sqlstate, r->message);
	s->replaying = true;
	while ((op = list_pop(&ops)) != NULL) {
		op->sent = op->sent || r->err.fate == FATE_UNKNOWN;
		list_push(&s->failed, op);
	}
	settle_wake(s);
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
	HASH_FIND(hh, s->deciding, &op->op.key, sizeof op->op.key, leader);
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
	op->decided = settle_decide(s, op);
	if (op->decided == OP_INVALID) {
		settle_answer_op(op, OP_INVALID, false);
		return false;
	}
	if (op->decided != OP_DONE)
		s->counts.refusals++;
	list_push(&b->ops, op);
	HASH_ADD(hh, s->deciding, op.key, sizeof op->op.key, op);
	return true;
}

/* An account counts as open once a commit said so.  Until then every batch that touches it
 * opens it: the second waits for the first, and then finds it there. */
static size_t
accounts_to_open(struct settle *s, const struct settle_op *op, struct ledger_opening *open,
		 size_t count)
{
	for (uint32_t i = 0; i < 2 * op->op.leg_count; i++) {
		const struct ledger_leg *leg = &op->op.legs[i / 2];

		if (!cache_account(s, &op->sides[i])->open)
			open[count++] = (struct ledger_opening){
				op->sides[i], i % 2 ? &leg->credit : &leg->debit
			};
	}
	return count;
}

static void
send_batch(struct settle *s, struct batch *b)
{
	struct ledger_item *items = xzalloc(b->ops.count * sizeof *items);
	struct ledger_opening *open =
	    xzalloc(b->ops.count * 2 * OPERATION_LEGS_MAX * sizeof *open);
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
	b->call = pg_call(s->pg, &ledger_settle_batch, ledger_batch_args(&rows), CALL_MS,
	                  on_batch, b);
	s->counts.batches++;
	free(items);
	free(open);
}

static void
form_batch(struct settle *s, struct batch *b, struct lane *lane)
{
	struct settle_op *op;

	b->s = s;
	b->lane = lane;
	while (b->ops.count < s->options.batch_max &&
	       (op = list_pop(&lane->ready)) != NULL)
		decide_next(s, b, op);
	if (b->ops.count > 0)
		send_batch(s, b);
}

void
settle_form_batches(struct settle *s)
{
	unsigned lanes = HASH_COUNT(s->lanes);

	for (int i = 0; i < BATCHES_IN_FLIGHT; i++) {
		/* round robin, so that a busy cooperative does not starve a quiet one */
		for (unsigned tried = 0; s->batches[i].call == NULL && tried < lanes;
		     tried++) {
			struct lane *lane =
			    s->next_lane != NULL ? s->next_lane : s->lanes;

			s->next_lane = lane->hh.next;
			form_batch(s, &s->batches[i], lane);
		}
	}
}
