#include "payments/flow/fee_due.h"

#include "config/settings.h"
#include "lib/log.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/store/tariffs.h"

#include <stdlib.h>
#include <string.h>

#define REF     "fee_due"
#define LOOK_MS 10000
#define DAY_MS  86400000
#define MOST    100 /* accounts at a time: providers and currencies are few */

struct fee_due {
	struct flow_env *env; /* borrowed */
	int64_t moment_ms;
	loop_cb *cb;
	void *arg;
	struct fee_owed owed[MOST];
	unsigned count, next;
	struct pg_op *ask; /* in flight, or NULL, as is the next */
	struct payments_op *pay;
};

struct paying { /* one account */
	struct payments_op op;
	struct fee_due *run;
	struct fee_owed owed;
};

static void pay_next(struct fee_due *f);
static void enter_commit(struct payments_op *op);

static const struct call_step to_commit = { "commit", enter_commit };

static void
on_paid(struct payments_op *op)
{
	struct paying *p = (struct paying *)op;
	struct fee_due *f = p->run;

	log_info(REF, "fee_due", "cooperative=%d unit=%s amount=%lld of=%lld outcome=%s",
	         (int)op->who.cooperative_id, p->owed.unit, (long long)p->owed.amount,
	         (long long)p->owed.due,
	         op->answer.outcome == OUTCOME_OK ? "paid" : op->answer.reason);
	f->pay = NULL;
	pay_next(f);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	if (result == OP_DONE)
		call_end(op, OUTCOME_OK, "");
	else /* done that day, or the money went elsewhere meanwhile */
		call_fail(op, result == OP_CONFLICT ? "done" : "try_later");
}

/* The books know providers by the hash of their name alone. */
static const char *
name_of(const struct flow_env *env, const struct fee_owed *owed)
{
	for (unsigned i = 0; env->settings != NULL && i < env->settings->provider_count;
	     i++) {
		const char *name = env->settings->providers[i].name;
		struct account_ref cash = account_float(name, owed->unit);

		if (uuid_equal(&cash.owner, &owed->owner))
			return name;
	}
	return "a provider";
}

static void
enter_commit(struct payments_op *op)
{
	struct paying *p = (struct paying *)op;
	const struct fee_owed *o = &p->owed;
	char owner[UUID_TEXT_SIZE];
	struct books b;

	books_begin(&b, op->env, op->arena, op->who.cooperative_id, "fee.due", NULL);
	books_key(&b, "fee.due/%s/%s/%lld", uuid_text(&o->owner, owner), o->unit,
	          (long long)(p->run->moment_ms / DAY_MS));
	books_post(&b, account(ACC_FEE_DUE, &o->owner, o->unit),
	           account(ACC_FLOAT, &o->owner, o->unit), o->amount);
	books_audit(&b, "fee.due", &o->owner, "%s %s %lld of %lld", name_of(op->env, o),
	            o->unit, (long long)o->amount, (long long)o->due);
	call_submit(op, &b.op, on_commit);
}

static void
pay_next(struct fee_due *f)
{
	struct paying *p;

	if (f->next == f->count) {
		loop_cb *cb = f->cb;
		void *arg = f->arg;

		free(f);
		cb(arg);
		return;
	}
	p = call_new(f->env, "fee.due", sizeof *p, on_paid);
	p->run = f;
	p->owed = f->owed[f->next++];
	p->op.who.cooperative_id = p->owed.cooperative_id;
	f->pay = call_begin(&p->op, &to_commit);
}

static void
on_look(void *arg, const struct pg_reply *r)
{
	struct fee_due *f = arg;

	f->ask = NULL;
	if (r->err.code != ERR_NONE)
		log_warn(REF, "not_looked", "err=%s", err_name(r->err.code));
	while (r->err.code == ERR_NONE && f->count < MOST &&
	       fee_owed_read(r, (int)f->count, &f->owed[f->count]))
		f->count++;
	pay_next(f);
}

struct fee_due *
fee_due_start(struct flow_env *env, int32_t cooperative_id, int64_t moment_ms,
              loop_cb *cb, void *arg)
{
	struct fee_due *f = xzalloc(sizeof *f);
	struct pg_args *a = pg_args_new();

	f->env = env;
	f->moment_ms = moment_ms;
	f->cb = cb;
	f->arg = arg;
	pg_i32(a, cooperative_id);
	pg_i32(a, MOST);
	f->ask = pg_call(env->pg, &fees_owed, a, LOOK_MS, on_look, f);
	return f;
}

void
fee_due_stop(struct fee_due **f)
{
	if (*f == NULL)
		return;
	pg_cancel(&(*f)->ask);
	payments_cancel(&(*f)->pay);
	free(*f);
	*f = NULL;
}
