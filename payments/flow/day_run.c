/*
 *   FEES --> MORATORIA --> PAGE --ids--> each loan: READ --> PUT --> COMMIT --done-->
 * next loan ^                       ^---------stale---'
 *                  `--page done, more------'      none left --> END
 */
#include "payments/flow/day_run.h"

#include "lib/log.h"
#include "payments/flow/fee_due.h"
#include "payments/flow/loan_money.h"
#include "payments/flow/moratorium_run.h"
#include "payments/flow/round.h"

#include <stdio.h>
#include <stdlib.h>

#define AT_ONCE       64
#define PAGE          500
#define PAGE_MS       60000
#define PENALTIES_MAX 8
#define REMIND_BEFORE 3 /* days */

struct place {
	int32_t cooperative_id;
	struct uuid loan_id;
};

struct day_run {
	struct flow_env *env;   /* borrowed */
	int32_t cooperative_id; /* 0: all */
	int64_t moment_ms;
	day_run_cb *cb;
	void *arg;
	struct day_counts counts;
	struct err err;
	struct place page[PAGE];
	struct fee_due *fees;             /* first */
	struct moratorium_run *moratoria; /* then  */
	struct round round;               /* then  */
};

struct day_loan {
	struct payments_op op;
	struct day_run *run;
	unsigned flight; /* in run->round */
	struct uuid loan_id;
	struct loan_record loan;
	struct loan_money money;
	unsigned penalties, reminders;
};

static void enter_read(struct payments_op *op);
static void enter_commit(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_commit = { "commit", enter_commit };

static void
tell(struct payments_op *op)
{
	struct day_loan *d = (struct day_loan *)op;
	struct day_run *run = d->run;

	run->counts.loans++;
	if (op->answer.outcome == OUTCOME_FAIL) {
		run->counts.failed++;
		log_warn("day", "loan_left", "code=%s reason=%s", d->loan.view.code,
		         op->answer.reason);
	}
	round_landed(&run->round, d->flight);
}

static void
on_read(struct payments_op *op, const struct pg_reply *r)
{
	struct day_loan *d = (struct day_loan *)op;
	uint32_t late;

	if (!loan_read(r, op->arena, &d->loan) || d->loan.view.state != LOAN_LIVE) {
		call_end(op, OUTCOME_OK, "");
		return;
	}
	if (loan_money_open(&d->money, op->arena, &d->loan, &op->answer.err) < 0) {
		call_fail(op, "bad_input");
		return;
	}
	late = loan_account_arrears_days(d->money.account);
	if (late > 0 && op->retries == 0)
		d->run->counts.late[late > 90 ? 3 : (late - 1) / 30]++;
	call_go(op, &to_commit);
}

static void
enter_read(struct payments_op *op)
{
	struct day_loan *d = (struct day_loan *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &d->loan_id);
	pg_null(a);
	pg_i64(a, d->run->moment_ms);
	call_ask(op, &loan_for_day, a, on_read);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct day_loan *d = (struct day_loan *)op;

	if (result == OP_DONE) {
		d->run->counts.written++;
		d->run->counts.penalties += d->penalties;
		d->run->counts.reminders += d->reminders;
	} else if (result == OP_STALE && op->retries++ < CALL_RETRIES) {
		call_go(op, &to_read);
		return;
	} else if (result != OP_CONFLICT) { /* conflict: that day was done before */
		call_fail(op, op_result_name(result));
		return;
	}
	call_end(op, OUTCOME_OK, "");
}

static int
tell_penalties(struct day_loan *d, int64_t *sum, struct err *err)
{
	struct loan_event due[PENALTIES_MAX];
	uint32_t n = loan_account_overdue(d->money.account, due, PENALTIES_MAX);

	*sum = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (loan_money_tell(&d->money, due[i], err) < 0)
			return -1;
		*sum += due[i].amount;
	}
	d->penalties = n;
	return 0;
}

static void
remind(struct day_loan *d, struct books *b, enum topic topic, const char *template,
       int64_t amount, int32_t day)
{
	struct member to = books_borrower(&d->loan);

	books_news(b, &to, topic, template,
	           (struct text_value[]){
	               { "code", d->loan.view.code },
	               { "amount", books_i64(b, amount) },
	               { "owed", books_i64(b, d->money.account->total.past_due_all) },
	               { "due", books_day(b, day) },
	               { NULL, NULL } });
	d->reminders++;
}

/* Some days before, on the day, and when a penalty was told: that one is no news that
 * STOP ends, as it says what was charged. */
static void
put_reminders(struct day_loan *d, struct books *b, int64_t penalty)
{
	const struct account_row *next = loan_account_next(d->money.account);
	int32_t ahead;

	d->reminders = 0;
	if (penalty > 0) {
		remind(d, b, TOPIC_NONE, "loan.late", penalty, d->loan.today);
		return;
	}
	if (next == NULL)
		return;
	ahead = next->due - d->loan.today;
	if (ahead == REMIND_BEFORE || ahead == 0)
		remind(d, b, TOPIC_LOAN, "loan.due", account_row_open(next), next->due);
}

static void
enter_commit(struct payments_op *op)
{
	struct day_loan *d = (struct day_loan *)op;
	char id[UUID_TEXT_SIZE];
	struct books b;
	int64_t penalty;

	if (tell_penalties(d, &penalty, &op->answer.err) < 0) {
		call_fail(op, "bad_input");
		return;
	}
	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "loan.day", NULL);
	books_key(&b, "loan.day/%s/%d", uuid_text(&d->loan_id, id), (int)d->loan.today);
	loan_money_put(&d->money, &b, NULL);
	put_reminders(d, &b, penalty);
	if (b.op.leg_count == 0 && d->penalties == 0 && d->reminders == 0) {
		call_end(op, OUTCOME_OK, "");
		return;
	}
	call_submit(op, &b.op, on_commit);
}

static struct payments_op *
begin_loan(void *arg, unsigned row, unsigned flight)
{
	struct day_run *run = arg;
	struct day_loan *d = call_new(run->env, "loan.day", sizeof *d, tell);

	d->run = run;
	d->flight = flight;
	d->op.who.cooperative_id = run->page[row].cooperative_id;
	d->loan_id = run->page[row].loan_id;
	return call_begin(&d->op, &to_read);
}

static void
end(void *arg_run)
{
	struct day_run *run = arg_run;
	day_run_cb *cb = run->cb;
	void *arg = run->arg;
	struct day_counts counts = run->counts;
	struct err err = run->err;

	free(run);
	cb(arg, &err, &counts);
}

static void
on_page(void *arg, const struct pg_reply *r)
{
	struct day_run *run = arg;
	unsigned count = 0;

	if (r->err.code != ERR_NONE)
		run->err = r->err;
	else
		for (int i = 0; i < r->rows && count < PAGE; i++)
			run->page[count++] = (struct place){ (int32_t)reply_i64(r, i, 0),
				                             reply_uuid(r, i, 1) };
	round_read(&run->round, count);
}

static struct pg_op *
ask_page(void *arg)
{
	struct day_run *run = arg;
	struct pg_args *a = pg_args_new();
	struct place after = { 0 };

	if (run->round.count > 0)
		after = run->page[run->round.count - 1];
	pg_i32(a, after.cooperative_id);
	pg_uuid(a, &after.loan_id);
	pg_i32(a, PAGE);
	pg_i32(a, run->cooperative_id);
	return pg_call(run->env->pg, &loans_live, a, PAGE_MS, on_page, run);
}

/* Before a loan's day is done its dates are those that hold. */
static void
on_moratoria(void *arg, const struct err *err, const struct moratorium_counts *counts)
{
	struct day_run *run = arg;

	run->moratoria = NULL;
	run->counts.failed += counts->failed;
	if (err->code != ERR_NONE) {
		run->err = *err;
		end(run);
	} else {
		round_begin(&run->round);
	}
}

static void
on_fees(void *arg)
{
	struct day_run *run = arg;

	run->fees = NULL;
	run->moratoria = moratorium_run_start(run->env, run->cooperative_id,
	                                      run->moment_ms, on_moratoria, run);
}

struct day_run *
day_run_start(struct flow_env *env, int32_t cooperative_id, int64_t moment_ms,
              day_run_cb *cb, void *arg)
{
	struct day_run *run = xzalloc(sizeof *run);

	*run = (struct day_run){ .env = env,
		                 .cooperative_id = cooperative_id,
		                 .moment_ms = moment_ms,
		                 .cb = cb,
		                 .arg = arg,
		                 .err = err_none() };
	run->round.port =
	    (struct round_port){ PAGE, AT_ONCE, ask_page, begin_loan, end, run };
	run->fees = fee_due_start(env, cooperative_id, moment_ms, on_fees, run);
	return run;
}

void
day_run_stop(struct day_run **run)
{
	if (*run == NULL)
		return;
	fee_due_stop(&(*run)->fees);
	moratorium_run_stop(&(*run)->moratoria);
	round_stop(&(*run)->round);
	free(*run);
	*run = NULL;
}

const struct day_counts *
day_run_counts(const struct day_run *run)
{
	return &run->counts;
}
