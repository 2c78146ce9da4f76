#include "payments/flow/batches.h"

#include "config/settings.h"
#include "lib/log.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/means.h"
#include "payments/flow/outcome.h"
#include "payments/flow/parts.h"
#include "payments/store/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REF       "batches"
#define CALL_MS   10000
#define ROWS      32
#define AGAIN_MS  60000 /* a row that the float does not hold */
#define TRIES_MAX 60

#define FROM_OWED  "batch_owed"
#define FROM_MEANS "batch_div"
#define FROM_WAGES "batch_wage"

static const char *
purpose_of(const char *source)
{
	return strcmp(source, "owed") == 0    ? FROM_OWED
	       : strcmp(source, "wages") == 0 ? FROM_WAGES
	                                      : FROM_MEANS;
}

static struct account_ref
paid_from(const char *purpose, const struct uuid *member_id, const char *currency)
{
	if (strcmp(purpose, FROM_OWED) == 0)
		return account(ACC_MEMBER, member_id, currency);
	return account(strcmp(purpose, FROM_WAGES) == 0 ? ACC_WAGES : ACC_EQUITY, NULL,
	               currency);
}

/* ---- one row
 * ----------------------------------------------------------------------------- */

typedef void row_cb(void *arg, bool ok); /* false: the machinery failed, rest a while */

struct begin {
	struct payments_op op;
	struct batch_row row;
	struct payment payment;
	struct wallet_facts room;
	row_cb *cb;
	void *arg;
};

static void enter_room(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_room = { "room", enter_room };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct begin *b = (struct begin *)op;

	b->cb(b->arg, op->answer.outcome == OUTCOME_OK);
}

static void
on_waits(struct payments_op *op, const struct pg_reply *r)
{
	(void)r;
	call_end(op, OUTCOME_OK, "");
}

static void
wait_or_give_up(struct begin *b, const char *reason, bool again)
{
	struct pg_args *a = pg_args_new();

	log_info(b->row.code, "row_waits", "reason=%s again=%d", reason, again);
	pg_i32(a, b->row.cooperative_id);
	pg_uuid(a, &b->row.row_id);
	pg_text(a, reason);
	if (again && b->row.tries < TRIES_MAX)
		pg_i64(a, call_now(&b->op) + AGAIN_MS);
	else
		pg_null(a);
	call_ask(&b->op, &batch_row_waits, a, on_waits);
}

static void
on_room(struct payments_op *op, const struct pg_reply *r)
{
	if (wallet_facts_read(r, &((struct begin *)op)->room))
		call_go(op, &to_commit);
	else
		call_fail(op, "not_found");
}

static void
enter_room(struct payments_op *op)
{
	struct begin *b = (struct begin *)op;
	struct payment *p = &b->payment;
	const char *purpose = purpose_of(b->row.source);

	*p = (struct payment){ .direction = PAY_OUT,
		               .purpose_id = b->row.row_id,
		               .member_id = b->row.member_id,
		               .amount = b->row.amount };
	memcpy(p->purpose, purpose, strlen(purpose) + 1);
	memcpy(p->provider, b->row.provider, sizeof p->provider);
	memcpy(p->msisdn, b->row.msisdn, sizeof p->msisdn);
	memcpy(p->currency, b->row.currency, sizeof p->currency);
	parts_ask(op, p, on_room);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result ==
	    OP_NO_FUNDS) /* remembered under this key: the next try has its own */
		wait_or_give_up((struct begin *)op, "no_funds", true);
	else if (result == OP_DONE || result == OP_CONFLICT || result == OP_STALE)
		call_end(op, OUTCOME_OK, ""); /* begun, now or before, or stopped */
	else
		call_fail(op, "try_later");
}

static void
enter_commit(struct payments_op *op)
{
	struct begin *b = (struct begin *)op;
	struct batch_row *row = &b->row;
	struct member to = { .member_id = row->member_id };
	struct books books;
	struct buf body;
	char key[UUID_TEXT_SIZE];

	memcpy(to.msisdn, row->msisdn, sizeof to.msisdn);
	snprintf(to.language, sizeof to.language, "%s",
	         row->language[0] != '\0' ? row->language
	                                  : op->env->settings->ussd.language);
	books_begin(&books, op->env, op->arena, row->cooperative_id, "batch.pay",
	            &row->approved_by);
	books_key(&books, "batch.pay/%s/%d", uuid_text(&row->row_id, key),
	          (int)row->tries);
	body = books_body(&books, 160);
	batch_row_body(&body, &row->row_id, "paying", 0, "");
	books_effect(&books, "batch_row", &body);
	if (!parts_begin(&books, &b->room, &b->payment,
	                 paid_from(b->payment.purpose, &row->member_id, row->currency),
	                 &to)) {
		wait_or_give_up(b, "limit", false);
		return;
	}
	if (b->payment.not_before_ms == 0 &&
	    means_batch_max(op->env->settings, row->provider) > 0) {
		body = books_body(&books, 80);
		payment_for_bulk_body(&body, &b->payment.payment_id);
		books_effect(&books, "payment_for_bulk", &body);
	}
	books_audit(&books, "batch.pay", &row->batch_id, "%s %s %lld", row->code,
	            b->payment.code, (long long)row->amount);
	call_submit(op, &books.op, on_commit);
}

static struct payments_op *
begin_row(struct flow_env *env, const struct batch_row *row, row_cb *cb, void *arg)
{
	struct begin *b = call_new(env, "batch.pay", sizeof *b, tell);

	b->row = *row;
	b->op.who.cooperative_id = row->cooperative_id;
	b->cb = cb;
	b->arg = arg;
	return call_begin(&b->op, &to_room);
}

/* ---- all that are due
 * --------------------------------------------------------------------- */

struct batches {
	struct flow_env *env; /* borrowed */
	int64_t every_ms;
	struct timer *timer; /* in flight, or NULL, as are the next two */
	struct pg_op *ask;
	struct payments_op *beginning;
	int count, at;
	struct batch_row row[ROWS];
};

static void look(void *arg);

static void
sleep_on(struct batches *b)
{
	b->timer = timer_start(b->env->loop, b->every_ms, look, b);
}

static void
on_begun(void *arg, bool ok)
{
	struct batches *b = arg;

	b->beginning = NULL;
	if (ok && b->at < b->count)
		b->beginning = begin_row(b->env, &b->row[b->at++], on_begun, b);
	else if (ok && b->count == ROWS)
		look(b);
	else
		sleep_on(b);
}

static void
on_rows(void *arg, const struct pg_reply *r)
{
	struct batches *b = arg;

	b->ask = NULL;
	b->count = r->err.code == ERR_NONE && r->rows <= ROWS ? r->rows : 0;
	b->at = 0;
	for (int i = 0; i < b->count; i++)
		batch_row_read(r, i, &b->row[i]);
	if (b->count == 0)
		sleep_on(b);
	else
		on_begun(b, true);
}

static void
look(void *arg)
{
	struct batches *b = arg;
	struct pg_args *a;

	b->timer = NULL;
	if (!settle_is_leader(b->env->settle)) {
		sleep_on(b);
		return;
	}
	a = pg_args_new();
	pg_i64(a, loop_clock(b->env->loop)->wall_ms);
	pg_i32(a, ROWS);
	b->ask = pg_call(b->env->pg, &batch_rows_due, a, CALL_MS, on_rows, b);
}

struct batches *
batches_start(struct flow_env *env, int64_t every_ms)
{
	struct batches *b = xzalloc(sizeof *b);

	b->env = env;
	b->every_ms = every_ms;
	sleep_on(b);
	return b;
}

void
batches_stop(struct batches **handle)
{
	struct batches *b = *handle;

	if (b == NULL)
		return;
	*handle = NULL;
	timer_cancel(&b->timer);
	pg_cancel(&b->ask);
	if (b->beginning != NULL)
		payments_cancel(&b->beginning);
	free(b);
}

/* ---- the outcome
 * -------------------------------------------------------------------------- */

static int
put_batch(struct outcome_call *o, struct books *b, struct err *err)
{
	const struct payment *p = &o->payment;
	bool paid = o->to == PAY_PAID;
	int64_t left =
	    outcome_parts(o, b, paid_from(p->purpose, &p->member_id, p->currency));
	bool over = left > 0 || (paid && p->rest == 0);
	struct buf body = books_body(b, 200);

	(void)err;
	batch_row_body(&body, &p->purpose_id,
	               !over               ? NULL
	               : paid && left == 0 ? "paid"
	                                   : "failed",
	               paid ? p->amount : 0, paid ? "" : pay_reason_name(o->why.reason));
	books_effect(b, "batch_row", &body);
	books_audit(b, paid ? "batch.paid" : "batch.unpaid", &p->purpose_id, "%s",
	            p->code);
	if (paid || (over && strcmp(p->purpose, FROM_OWED) == 0))
		outcome_tell(o, b, paid ? "batch.paid" : "owed.unpaid",
		             paid ? p->amount : left);
	return 0;
}

const struct purpose purpose_batch_owed = { FROM_OWED, put_batch };
const struct purpose purpose_batch_means = { FROM_MEANS, put_batch };
const struct purpose purpose_batch_wages = { FROM_WAGES, put_batch };
