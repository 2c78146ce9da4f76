#include "payments/flow/settle_internal.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "payments/store/ledger.h"

#include <stdlib.h>

#define LOAD_MAX 500 /* operations in one load */

static void
on_row(struct settle *s, const struct pg_reply *r, int row)
{
	struct uuid id = reply_uuid(r, row, 1);
	struct cached_account *a;
	struct cached_hold *h;

	if (reply_i64(r, row, 0) == LEDGER_ROW_ACCOUNT) {
		a = cache_account(s, &id);
		if (a == NULL || a->open)
			return;
		a->balance = reply_i64(r, row, 2);
		a->pending_debit = reply_i64(r, row, 3);
		a->pending_credit = reply_i64(r, row, 4);
		a->open = true;
	} else if (reply_i64(r, row, 0) == LEDGER_ROW_HOLD) {
		h = cache_hold(s, &id);
		if (h == NULL || h->exists)
			return;
		h->exists = true;
		h->amount = reply_i64(r, row, 2);
		h->resolved = (enum leg_kind)reply_i64(r, row, 3);
		h->debit = reply_uuid(r, row, 5);
		h->credit = reply_uuid(r, row, 6);
	}
}

/* What the database does not have is known, too: an account still to be opened, a hold
 * that never was. */
static void
know_all(struct settle *s, const struct settle_op *op)
{
	for (uint32_t i = 0; i < op->op.leg_count; i++) {
		const struct ledger_leg *leg = &op->op.legs[i];
		const struct account_ref *refs[2] = { &leg->debit, &leg->credit };

		for (int side = 0; side < 2; side++) {
			const struct uuid *id = &op->sides[2 * i + (uint32_t)side];

			if (cache_account(s, id) == NULL)
				cache_add_account(s, id)->rule =
				    account_rule(refs[side]->kind);
		}
		if (leg->kind >= LEG_CAPTURE && cache_hold(s, &leg->hold_id) == NULL)
			cache_add_hold(s, &leg->hold_id);
	}
}

static void
old_keys(struct settle *s, struct lane *lane, const struct pg_reply *r)
{
	for (struct settle_op *op = lane->loading.first; op != NULL; op = op->next) {
		for (int row = 0; row < r->rows; row++) {
			struct uuid id = reply_uuid(r, row, 1);
			struct settle_op then;

			if (reply_i64(r, row, 0) != LEDGER_ROW_KEY ||
			    !uuid_equal(&id, &op->op.key))
				continue;
			then = *op;
			then.content = reply_uuid(r, row, 5);
			cache_add_key(s, &then, (enum op_result)reply_i64(r, row, 2));
		}
	}
}

static void
on_load(void *arg, const struct pg_reply *r)
{
	struct lane *lane = arg;
	struct settle *s = lane->s;
	struct settle_op *op;

	lane->load = NULL;
	if (r->err.code == ERR_REFUSED)
		log_error("settle", "load_refused", "sqlstate=%s message=\"%s\"",
		          r->sqlstate, r->message);
	/* What was remembered when we asked is forgotten now: then this is not all. */
	if (r->err.code != ERR_NONE || lane->load_generation != s->generation) {
		while ((op = list_pop(&lane->loading)) != NULL)
			list_push(&lane->cold, op); /* until their deadlines */
		if (r->err.code == ERR_NONE)
			settle_wake(s);
		return;
	}
	for (op = lane->loading.first; op != NULL; op = op->next)
		know_all(s, op);
	for (int row = 0; row < r->rows; row++)
		on_row(s, r, row);
	old_keys(s, lane, r);
	while ((op = list_pop(&lane->loading)) != NULL) {
		op->looked_up = true;
		list_push(&lane->ready, op);
	}
	settle_wake(s);
}

struct load_ids {
	size_t keys, accounts, holds;
	struct uuid *key, *account, *hold;
};

static void
collect(struct settle *s, struct load_ids *ids, const struct settle_op *op)
{
	ids->key[ids->keys++] = op->op.key;
	for (uint32_t i = 0; i < op->op.leg_count; i++) {
		for (uint32_t side = 0; side < 2; side++) {
			if (cache_account(s, &op->sides[2 * i + side]) == NULL)
				ids->account[ids->accounts++] = op->sides[2 * i + side];
		}
		if (op->op.legs[i].kind >= LEG_CAPTURE &&
		    cache_hold(s, &op->op.legs[i].hold_id) == NULL)
			ids->hold[ids->holds++] = op->op.legs[i].hold_id;
	}
}

void
settle_load(struct settle *s, struct lane *lane)
{
	struct load_ids ids = { 0 };
	struct pg_args *a;
	struct settle_op *op;
	size_t legs;

	if (lane->load != NULL || lane->cold.count == 0)
		return;
	legs = list_legs(&lane->cold, LOAD_MAX) + 1;
	ids.key = xzalloc(LOAD_MAX * sizeof *ids.key);
	ids.account = xzalloc(2 * legs * sizeof *ids.account);
	ids.hold = xzalloc(legs * sizeof *ids.hold);
	while (lane->loading.count < LOAD_MAX && (op = list_pop(&lane->cold)) != NULL) {
		collect(s, &ids, op);
		list_push(&lane->loading, op);
	}
	lane->load_generation = s->generation;
	a = pg_args_new();
	pg_i32(a, lane->cooperative_id);
	pg_uuid_array(a, ids.key, ids.keys);
	pg_uuid_array(a, ids.account, ids.accounts);
	pg_uuid_array(a, ids.hold, ids.holds);
	lane->load = pg_call(s->pg, &ledger_load, a, CALL_MS, on_load, lane);
	free(ids.key);
	free(ids.account);
	free(ids.hold);
}
