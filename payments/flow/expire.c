/*
 *   SLEEP --timer--> LOOK --due holds--> RELEASE (one operation each) --> FORGET -->
 * SLEEP (once an hour: old codes)
 */
#include "payments/flow/expire.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "payments/store/ledger.h"
#include "payments/store/sms_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REF     "expire"
#define AT_ONCE 100
#define CALL_MS 10000
#define HOUR_MS (60 * 60 * INT64_C(1000))
/* An SMS is delivered again within days; who asks what became of a code does so within a
 * month or two. */
#define CODES_KEPT_MS (90 * 24 * HOUR_MS)
#define CODES_AT_ONCE 500 /* of each cooperative */

struct release { /* one operation in flight, or none */
	struct settle_op *op;
	char hold[UUID_TEXT_SIZE];
};

struct expire {
	struct flow_env *env; /* borrowed */
	int64_t every_ms;
	struct timer *timer;
	struct pg_op *ask;        /* the look, or forgetting */
	int64_t next_forget_mono; /* not before this */
	struct release releases[AT_ONCE];
};

static void look(void *arg);

static void
sleep_on(struct expire *e)
{
	e->timer = timer_start(e->env->loop, e->every_ms, look, e);
}

static void
on_released(void *arg, const struct settle_answer *a)
{
	struct release *r = arg;

	r->op = NULL;
	log_info(r->hold, "hold_expired", "err=%s result=%s", err_name(a->err.code),
	         op_result_name(a->result));
}

static struct account_ref
account_at(const struct pg_reply *r, int row, int col)
{
	struct account_ref ref = { .kind = (enum account_kind)reply_i64(r, row, col),
		                   .owner = reply_uuid(r, row, col + 1) };

	snprintf(ref.unit, sizeof ref.unit, "%s", reply_text(r, row, col + 2));
	return ref;
}

static void
release(struct expire *e, const struct pg_reply *r, int row)
{
	struct ledger_leg leg = { .kind = LEG_EXPIRE,
		                  .transfer_id = ids_uuid7(
		                      e->env->ids, loop_clock(e->env->loop)->wall_ms),
		                  .hold_id = reply_uuid(r, row, 1),
		                  .amount = reply_i64(r, row, 2),
		                  .debit = account_at(r, row, 3),
		                  .credit = account_at(r, row, 6) };
	struct operation op = { .cooperative_id = (int32_t)reply_i64(r, row, 0),
		                .kind = "hold.expire",
		                .legs = &leg,
		                .leg_count = 1 };
	struct release *rel = &e->releases[row];
	char key[60];

	if (rel->op != NULL)
		return; /* still under way from the last look */
	snprintf(key, sizeof key, "hold.expire/%s", uuid_text(&leg.hold_id, rel->hold));
	op.key = uuid_from_name(key, strlen(key));
	rel->op = settle_submit(e->env->settle, &op, CALL_MS, on_released, rel);
}

static void
on_forgotten(void *arg, const struct pg_reply *r)
{
	struct expire *e = arg;
	int64_t n = r->err.code == ERR_NONE && r->rows > 0 ? reply_i64(r, 0, 0) : 0;

	e->ask = NULL;
	if (n > 0)
		log_info(REF, "codes_forgotten", "codes=%lld", (long long)n);
	/* what failed, or was more than goes at once, does not wait for an hour */
	if (r->err.code == ERR_NONE && n == 0)
		e->next_forget_mono = loop_clock(e->env->loop)->mono_ms + HOUR_MS;
	sleep_on(e);
}

static void
forget(struct expire *e)
{
	const struct clock *now = loop_clock(e->env->loop);
	struct pg_args *a;

	if (now->mono_ms < e->next_forget_mono) {
		sleep_on(e);
		return;
	}
	a = pg_args_new();
	pg_i64(a, now->wall_ms - CODES_KEPT_MS);
	pg_i32(a, CODES_AT_ONCE);
	e->ask = pg_call(e->env->pg, &sms_codes_forget, a, CALL_MS, on_forgotten, e);
}

static void
on_look(void *arg, const struct pg_reply *r)
{
	struct expire *e = arg;

	e->ask = NULL;
	for (int row = 0; r->err.code == ERR_NONE && row < r->rows && row < AT_ONCE;
	     row++)
		release(e, r, row);
	forget(e);
}

static void
look(void *arg)
{
	struct expire *e = arg;
	struct pg_args *a;

	e->timer = NULL;
	if (!settle_is_leader(e->env->settle)) {
		sleep_on(e);
		return;
	}
	a = pg_args_new();
	pg_i64(a, loop_clock(e->env->loop)->wall_ms);
	pg_i32(a, AT_ONCE);
	e->ask = pg_call(e->env->pg, &ledger_due_holds, a, CALL_MS, on_look, e);
}

struct expire *
expire_start(struct flow_env *env, int64_t every_ms)
{
	struct expire *e = xzalloc(sizeof *e);

	e->env = env;
	e->every_ms = every_ms;
	sleep_on(e);
	return e;
}

void
expire_stop(struct expire **e)
{
	if (*e == NULL)
		return;
	timer_cancel(&(*e)->timer);
	pg_cancel(&(*e)->ask);
	for (int i = 0; i < AT_ONCE; i++)
		settle_cancel(&(*e)->releases[i].op);
	free(*e);
	*e = NULL;
}
