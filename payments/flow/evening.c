#include "payments/flow/evening.h"

#include "config/settings.h"
#include "lib/log.h"
#include "payments/flow/day_run.h"
#include "payments/flow/moratorium_run.h"
#include "payments/store/loans.h"

#include <stdlib.h>

#define REF     "evening"
#define CALL_MS 10000

struct evening {
	struct flow_env *env; /* borrowed */
	int64_t every_ms;
	struct timer *timer;
	struct pg_op *ask;
	struct moratorium_run *moratoria;
	struct day_run *run;
	int64_t moment_ms; /* of the run */
	int32_t cooperative_id, day;
};

static void look(void *arg);

static void
sleep_on(struct evening *e)
{
	e->timer = timer_start(e->env->loop, e->every_ms, look, e);
}

static void
on_noted(void *arg, const struct pg_reply *r)
{
	struct evening *e = arg;

	e->ask = NULL;
	if (r->err.code != ERR_NONE)
		sleep_on(e);
	else
		look(e);
}

static void
note(struct evening *e, const struct day_counts *c)
{
	struct pg_args *a = pg_args_new();

	pg_i32(a, e->cooperative_id);
	pg_i32(a, e->day);
	pg_i64(a, loop_clock(e->env->loop)->wall_ms);
	pg_i32(a, (int32_t)c->loans);
	pg_i32(a, (int32_t)c->written);
	pg_i32(a, (int32_t)c->penalties);
	pg_i32(a, (int32_t)c->reminders);
	e->ask = pg_call(e->env->pg, &day_done, a, CALL_MS, on_noted, e);
}

static void
on_run(void *arg, const struct err *err, const struct day_counts *c)
{
	struct evening *e = arg;

	e->run = NULL;
	log_info(REF, "day_run",
	         "cooperative=%d loans=%llu changed=%llu penalties=%llu reminders=%llu "
	         "left=%llu err=%s",
	         (int)e->cooperative_id, (unsigned long long)c->loans,
	         (unsigned long long)c->written, (unsigned long long)c->penalties,
	         (unsigned long long)c->reminders, (unsigned long long)c->failed,
	         err_name(err->code));
	if (err->code == ERR_NONE && c->failed == 0)
		note(e, c);
	else
		sleep_on(e);
}

static void
on_look(void *arg, const struct pg_reply *r)
{
	struct evening *e = arg;

	e->ask = NULL;
	if (r->err.code != ERR_NONE || r->rows == 0) {
		sleep_on(e);
		return;
	}
	e->cooperative_id = (int32_t)reply_i64(r, 0, 0);
	e->day = (int32_t)reply_i64(r, 0, 1);
	e->run = day_run_start(e->env, e->cooperative_id, e->moment_ms, on_run, e);
}

/* A moratorium does not wait for the evening. */
static void
on_moratoria(void *arg, const struct err *err, const struct moratorium_counts *counts)
{
	struct evening *e = arg;
	struct pg_args *a;

	(void)counts;
	e->moratoria = NULL;
	if (err->code != ERR_NONE) {
		sleep_on(e);
		return;
	}
	a = pg_args_new();
	pg_i64(a, e->moment_ms);
	pg_i32(a, (int32_t)e->env->settings->payments.evening_hour);
	e->ask = pg_call(e->env->pg, &days_waiting, a, CALL_MS, on_look, e);
}

static void
look(void *arg)
{
	struct evening *e = arg;

	e->timer = NULL;
	if (!settle_is_leader(e->env->settle)) {
		sleep_on(e);
		return;
	}
	e->moment_ms = loop_clock(e->env->loop)->wall_ms;
	e->moratoria = moratorium_run_start(e->env, 0, e->moment_ms, on_moratoria, e);
}

struct evening *
evening_start(struct flow_env *env, int64_t every_ms)
{
	struct evening *e = xzalloc(sizeof *e);

	e->env = env;
	e->every_ms = every_ms;
	sleep_on(e);
	return e;
}

void
evening_stop(struct evening **e)
{
	if (*e == NULL)
		return;
	timer_cancel(&(*e)->timer);
	pg_cancel(&(*e)->ask);
	moratorium_run_stop(&(*e)->moratoria);
	day_run_stop(&(*e)->run);
	free(*e);
	*e = NULL;
}
