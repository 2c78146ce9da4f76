#include "payments/flow/settle_internal.h"

#include "lib/log.h"
#include "payments/store/ledger.h"

static void take(void *arg);
static void renew(void *arg);

static void
again_in(struct settle *s, int64_t ms, loop_cb *what)
{
	timer_cancel(&s->lease_timer);
	s->lease_timer = timer_start(s->loop, ms, what, s);
}

static void
on_taken(void *arg, const struct pg_reply *r)
{
	struct settle *s = arg;

	s->lease_call = NULL;
	if (r->err.code != ERR_NONE || r->rows != 1) {
		log_warn("settle", "lease_unanswered",
		         "err=%s sqlstate=%s message=\"%s\"", err_name(r->err.code),
		         r->sqlstate, r->message);
		again_in(s, 500, take);
		return;
	}
	s->epoch = reply_i64(r, 0, 0);
	if (s->epoch == 0) {
		log_info("settle", "standby", "writer=\"%s\"", reply_text(r, 0, 1));
		again_in(s, s->options.lease_ms / 3, take);
		return;
	}
	log_info("settle", "writer", "epoch=%lld", (long long)s->epoch);
	again_in(s, s->options.lease_ms / 3, renew);
	settle_wake(s);
}

static void
take(void *arg)
{
	struct settle *s = arg;
	struct pg_args *a = pg_args_new();

	s->lease_timer = NULL;
	pg_text(a, s->holder);
	pg_i64(a, s->options.lease_ms);
	s->lease_call = pg_call(s->pg, &ledger_lease_take, a, CALL_MS, on_taken, s);
}

static void
on_renewed(void *arg, const struct pg_reply *r)
{
	struct settle *s = arg;

	s->lease_call = NULL;
	if (r->err.code == ERR_NONE && r->rows == 0) {
		settle_lease_lost(s, s->epoch);
		return;
	}
	/* without an answer we stay the writer: if another took over, the epoch stops us
	 */
	again_in(s, s->options.lease_ms / 3, renew);
}

static void
renew(void *arg)
{
	struct settle *s = arg;
	struct pg_args *a = pg_args_new();

	s->lease_timer = NULL;
	pg_i64(a, s->epoch);
	pg_i64(a, s->options.lease_ms);
	s->lease_call = pg_call(s->pg, &ledger_lease_renew, a, CALL_MS, on_renewed, s);
}

/* Another writer took over: what we remember is no longer true, and it stays in charge
 * for at least a lease. */
void
settle_lease_lost(struct settle *s, int64_t epoch)
{
	if (s->epoch != epoch)
		return; /* an epoch of ours that we gave up ourselves */
	log_warn("settle", "lease_lost", "epoch=%lld", (long long)s->epoch);
	s->epoch = 0;
	s->replaying = true; /* ends with forgetting every balance */
	pg_cancel(&s->lease_call);
	again_in(s, s->options.lease_ms, take);
}

/* Taking the lease waits for every statement of the old epoch that still runs, and fences
 * those that did not begin: what a replay then finds stays true. */
void
settle_lease_anew(struct settle *s)
{
	if (s->epoch == 0)
		return; /* it is being taken already */
	s->epoch = 0;
	s->replaying = true;
	pg_cancel(&s->lease_call);
	again_in(s, 0, take);
}

void
settle_lease_start(struct settle *s)
{
	again_in(s, 0, take);
}
