#include "payments/flow/refund_run.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/refund.h"

#include <stdlib.h>
#include <string.h>

#define REF     "refund"
#define LOOK_MS 10000

struct refund_run {
	struct flow_env *env; /* borrowed */
	int64_t every_ms;
	struct timer *timer; /* in flight, or NULL, as are the next two */
	struct pg_op *ask;
	struct payments_op *pay;
};

static void look(void *arg);

static void
sleep_on(struct refund_run *r)
{
	r->timer = timer_start(r->env->loop, r->every_ms, look, r);
}

static void
on_paid(void *arg, const struct payments_answer *a)
{
	struct refund_run *r = arg;

	r->pay = NULL;
	log_info(REF, "refund", "outcome=%s reason=%s",
	         a->outcome == OUTCOME_PENDING ? "sent" : "not_sent", a->reason);
	if (strcmp(a->reason, "try_later") == 0 || strcmp(a->reason, "not_known") == 0)
		sleep_on(r);
	else
		look(r);
}

static void
on_look(void *arg, const struct pg_reply *reply)
{
	struct refund_run *r = arg;
	struct uuid id;

	r->ask = NULL;
	if (reply->err.code != ERR_NONE || reply->rows == 0) {
		sleep_on(r);
		return;
	}
	id = reply_uuid(reply, 0, 1);
	r->pay =
	    payments_refund_pay(r->env, (int32_t)reply_i64(reply, 0, 0), &id, on_paid, r);
}

static void
look(void *arg)
{
	struct refund_run *r = arg;

	r->timer = NULL;
	if (settle_is_leader(r->env->settle))
		r->ask =
		    pg_call(r->env->pg, &refund_next, pg_args_new(), LOOK_MS, on_look, r);
	else
		sleep_on(r);
}

struct refund_run *
refund_run_start(struct flow_env *env, int64_t every_ms)
{
	struct refund_run *r = xzalloc(sizeof *r);

	r->env = env;
	r->every_ms = every_ms;
	sleep_on(r);
	return r;
}

void
refund_run_stop(struct refund_run **r)
{
	if (*r == NULL)
		return;
	timer_cancel(&(*r)->timer);
	pg_cancel(&(*r)->ask);
	payments_cancel(&(*r)->pay);
	free(*r);
	*r = NULL;
}
