/*
 *   PAGE --loans--> each: READ --> COMMIT --done--> next
 *     ^                    ^--stale--'
 *     `--page done, more------'   none left --> END
 */
#include "payments/flow/moratorium_run.h"

#include "lib/log.h"
#include "payments/flow/loan_money.h"
#include "payments/flow/round.h"
#include "payments/store/moratoria.h"

#include <stdlib.h>

#define AT_ONCE 32
#define PAGE    200
#define PAGE_MS 60000

struct moratorium_run {
	struct flow_env *env;   /* borrowed */
	int32_t cooperative_id; /* 0: all */
	int64_t moment_ms;
	moratorium_run_cb *cb;
	void *arg;
	struct moratorium_counts counts;
	struct err err;
	struct moratorium_wait page[PAGE];
	struct round round;
};

struct moratorium_loan {
	struct payments_op op;
	struct moratorium_run *run;
	unsigned flight; /* in run->round */
	struct moratorium_wait wait;
	struct loan_record loan;
	struct loan_money money;
};

static void enter_read(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct moratorium_loan *l = (struct moratorium_loan *)op;
	struct moratorium_run *run = l->run;

	run->counts.loans++;
	if (op->answer.outcome == OUTCOME_FAIL) {
		run->counts.failed++;
		log_warn("moratorium", "loan_left", "code=%s reason=%s err=%s",
		         l->loan.view.code, op->answer.reason, op->answer.err.what);
	}
	round_landed(&run->round, l->flight);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct moratorium_loan *l = (struct moratorium_loan *)op;

	if (!loan_read(r, op->arena, &l->loan) || l->loan.view.state != LOAN_LIVE)
		call_end(op, OUTCOME_OK, "");
	else if (loan_money_open(&l->money, op->arena, &l->loan, &op->answer.err) < 0)
		call_fail(op, "bad_input");
	else
		call_go(op, &to_commit);
}

static void
enter_read(struct payments_op *op)
{
	struct moratorium_loan *l = (struct moratorium_loan *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &l->wait.loan_id);
	pg_null(a);
	pg_i64(a, l->run->moment_ms);
	call_ask(op, &loan_for_day, a, on_read);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct moratorium_loan *l = (struct moratorium_loan *)op;

	if (result == OP_STALE && op->retries++ < CALL_RETRIES) {
		call_go(op, &to_read);
		return;
	}
	/* conflict: told before, by a run that did not hear of it */
	if (result != OP_DONE && result != OP_CONFLICT) {
		call_fail(op, op_result_name(result));
		return;
	}
	l->run->counts.told++;
	call_end(op, OUTCOME_OK, "");
}

/* The new dates; where they stay, that these days count for nothing. */
static void
put_message(struct moratorium_loan *l, struct books *b)
{
	const struct loan_account *a = l->money.account;
	const struct account_row *next = loan_account_next(a);
	const struct moratorium_days *days = &l->wait.of.days;
	struct member to = books_borrower(&l->loan);
	bool inside = next != NULL && next->due >= days->from && next->due <= days->to;

	if (next == NULL)
		return;
	books_message(b, &to, inside ? "loan.paused" : "loan.holiday",
	              (struct text_value[]){
	                  { "code", l->loan.view.code },
	                  { "site", l->wait.of.site },
	                  { "from", books_day(b, days->from) },
	                  { "to", books_day(b, days->to) },
	                  { "amount", books_i64(b, account_row_open(next)) },
	                  { "due", books_day(b, next->due) },
	                  { "last", books_day(b, a->rows[a->row_count - 1].due) },
	                  { NULL, NULL } });
}

/* The rows as they were read are still stored beside the account's. */
static int
moved(const struct moratorium_loan *l)
{
	const struct loan_account *a = l->money.account;

	for (uint32_t i = 0; i < a->row_count && i < l->money.stored_count; i++)
		if (a->rows[i].due != l->money.stored[i].due)
			return a->rows[i].due - l->money.stored[i].due;
	return 0;
}

/* By how many days the dates moved; -1 with err. */
static int
tell_events(struct moratorium_loan *l, struct err *err)
{
	struct moratorium_days days = l->wait.of.days;
	struct loan_event told[MORATORIUM_EVENTS];
	uint32_t n;

	if (l->wait.later)
		days.policy = HOLIDAY_INTEREST_STOPS;
	n = moratorium_events(l->money.account, &days, told);
	for (uint32_t i = 0; i < n; i++)
		if (loan_money_tell(&l->money, told[i], err) < 0)
			return -1;
	return moved(l);
}

static void
enter_commit(struct payments_op *op)
{
	struct moratorium_loan *l = (struct moratorium_loan *)op;
	char id[UUID_TEXT_SIZE], loan[UUID_TEXT_SIZE];
	int days = tell_events(l, &op->answer.err);
	struct buf body;
	struct books b;

	if (days < 0) {
		call_fail(op, "bad_input");
		return;
	}
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "loan.moratorium",
	            NULL);
	books_key(&b, "moratorium/%s/%s", uuid_text(&l->wait.of.moratorium_id, id),
	          uuid_text(&l->wait.loan_id, loan));
	loan_money_put(&l->money, &b, NULL);
	body = books_body(&b, 200);
	moratorium_loan_body(&body, &l->wait, days, call_now(op));
	books_effect(&b, "moratorium_loan", &body);
	books_audit(&b, "loan.moratorium", &l->wait.loan_id, "%s: %d days",
	            l->loan.view.code, days);
	put_message(l, &b);
	call_submit(op, &b.op, on_commit);
}

static struct payments_op *
begin_loan(void *arg, unsigned row, unsigned flight)
{
	struct moratorium_run *run = arg;
	struct moratorium_loan *l =
	    call_new(run->env, "loan.moratorium", sizeof *l, tell);

	l->run = run;
	l->flight = flight;
	l->wait = run->page[row];
	l->op.who.cooperative_id = l->wait.of.cooperative_id;
	return call_begin(&l->op, &to_read);
}

static void
end(void *arg_run)
{
	struct moratorium_run *run = arg_run;
	moratorium_run_cb *cb = run->cb;
	void *arg = run->arg;
	struct moratorium_counts counts = run->counts;
	struct err err = run->err;

	if (counts.loans > 0)
		log_info("moratorium", "run", "loans=%llu told=%llu left=%llu",
		         (unsigned long long)counts.loans,
		         (unsigned long long)counts.told,
		         (unsigned long long)counts.failed);
	free(run);
	cb(arg, &err, &counts);
}

static void
on_page(void *arg, const struct pg_reply *r)
{
	struct moratorium_run *run = arg;
	unsigned count = 0;

	if (r->err.code != ERR_NONE)
		run->err = r->err;
	else
		for (int i = 0; i < r->rows && count < PAGE; i++)
			moratorium_wait_read(r, i, &run->page[count++]);
	round_read(&run->round, count);
}

static struct pg_op *
ask_page(void *arg)
{
	struct moratorium_run *run = arg;
	struct pg_args *a = pg_args_new();
	struct moratorium_wait after = { 0 };

	if (run->round.count > 0)
		after = run->page[run->round.count - 1];
	pg_i64(a, run->moment_ms);
	pg_i32(a, run->cooperative_id);
	pg_i32(a, after.of.cooperative_id);
	pg_uuid(a, &after.of.moratorium_id);
	pg_uuid(a, &after.loan_id);
	pg_i32(a, PAGE);
	return pg_call(run->env->pg, &moratorium_waiting, a, PAGE_MS, on_page, run);
}

struct moratorium_run *
moratorium_run_start(struct flow_env *env, int32_t cooperative_id, int64_t moment_ms,
                     moratorium_run_cb *cb, void *arg)
{
	struct moratorium_run *run = xzalloc(sizeof *run);

	*run = (struct moratorium_run){ .env = env,
		                        .cooperative_id = cooperative_id,
		                        .moment_ms = moment_ms,
		                        .cb = cb,
		                        .arg = arg,
		                        .err = err_none() };
	run->round.port =
	    (struct round_port){ PAGE, AT_ONCE, ask_page, begin_loan, end, run };
	round_begin(&run->round);
	return run;
}

void
moratorium_run_stop(struct moratorium_run **run)
{
	if (*run == NULL)
		return;
	round_stop(&(*run)->round);
	free(*run);
	*run = NULL;
}
