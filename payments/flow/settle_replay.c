#include "payments/flow/settle_internal.h"

#include "lib/log.h"
#include "payments/store/ledger.h"

#include <string.h>

#define RETRY_MS 200

static void
on_retry(void *arg)
{
	struct settle *s = arg;

	s->retry_timer = NULL;
	settle_wake(s);
}

static bool
worth_again(const struct pg_reply *r)
{
	return r->err.code != ERR_REFUSED || strncmp(r->sqlstate, "40", 2) == 0 ||
	       strncmp(r->sqlstate, "57", 2) == 0 || strcmp(r->sqlstate, "AD002") == 0 ||
	       strcmp(r->sqlstate, "25006") == 0;
}

static void
on_one(void *arg, const struct pg_reply *r)
{
	struct replay *slot = arg;
	struct settle *s = slot->s;
	struct settle_op *op = slot->op;

	slot->call = NULL;
	slot->op = NULL;
	settle_wake(s);
	if (r->err.code == ERR_NONE && r->rows == 1) {
		/* "repeated" here may only mean that the lost batch had been committed */
		settle_answer_op(op, (enum op_result)reply_i64(r, 0, 0),
		                 reply_bool(r, 0, 1) && !op->sent);
		return;
	}
	if (strcmp(r->sqlstate, "AD002") == 0)
		settle_lease_lost(s, slot->epoch);
	else if (r->err.fate == FATE_UNKNOWN)
		settle_lease_anew(s);
	if (!worth_again(r)) {
		log_error("settle", "refused", "kind=%s sqlstate=%s message=\"%s\"",
		          op->op.kind, r->sqlstate, r->message);
		settle_fail_op(op, ERR_INTERNAL, FATE_NOT,
		               "the database refuses the operation");
		return;
	}
	op->sent = op->sent || r->err.fate == FATE_UNKNOWN;
	list_push(&s->failed, op);
	if (s->retry_timer == NULL)
		s->retry_timer = timer_start(s->loop, RETRY_MS, on_retry, s);
}

static void
send_one(struct settle *s, struct replay *slot, struct settle_op *op)
{
	struct ledger_item item = { &op->op, op->sides, op->content, OP_DONE };

	slot->s = s;
	slot->op = op;
	slot->epoch = s->epoch;
	s->counts.replays++;
	slot->call = pg_call(s->pg, &ledger_settle_one,
	                     ledger_one_args(op->op.cooperative_id, s->epoch, &item),
	                     CALL_MS, on_one, slot);
}

/* Waits for the batches in flight, forgets the balances they were decided on, and asks
 * the database about each operation. */
void
settle_replay(struct settle *s)
{
	bool waiting = false;

	if (!s->replaying || settle_batches_in_flight(s) || s->retry_timer != NULL)
		return;
	for (int i = 0; i < REPLAYS_IN_FLIGHT; i++) {
		if (s->replays[i].call == NULL && s->failed.count > 0 && s->epoch != 0)
			send_one(s, &s->replays[i], list_pop(&s->failed));
		waiting = waiting || s->replays[i].call != NULL;
	}
	if (waiting || s->failed.count > 0)
		return;
	cache_forget_balances(s);
	s->replaying = false;
}
