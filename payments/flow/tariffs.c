/*
 *   SLEEP --timer--> READ --tables--> DUES --what is owed--> TAKE (one operation each)
 *     ^________________________________________________________________|
 */
#include "payments/flow/tariffs.h"

#include "lib/arena.h"
#include "lib/log.h"
#include "payments/core/ledger.h"
#include "payments/store/tariffs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BANDS_MAX 1024
#define AT_ONCE   64
#define CALL_MS   10000

struct taking { /* one operation in flight, or none */
	struct settle_op *op;
	char owner[UUID_TEXT_SIZE];
};

struct tariffs {
	struct flow_env *env; /* borrowed */
	int64_t every_ms;
	struct timer *timer;
	struct pg_op *pg;
	size_t count;
	struct tariff_band bands[BANDS_MAX];
	struct taking takings[AT_ONCE];
};

static void enter_read(void *arg);
static void on_read(void *arg, const struct pg_reply *r);
static void enter_dues(struct tariffs *t);
static void on_dues(void *arg, const struct pg_reply *r);
static void enter_take(struct tariffs *t, const struct pg_reply *r, int row);
static void on_taken(void *arg, const struct settle_answer *a);

static void
sleep_on(struct tariffs *t)
{
	t->timer = timer_start(t->env->loop, t->every_ms, enter_read, t);
}

static void
enter_read(void *arg)
{
	struct tariffs *t = arg;

	t->timer = NULL;
	t->pg = pg_call(t->env->pg, &tariffs_all, pg_args_new(), CALL_MS, on_read, t);
}

static void
on_read(void *arg, const struct pg_reply *r)
{
	struct tariffs *t = arg;

	t->pg = NULL;
	if (r->err.code == ERR_NONE) {
		if (r->rows > BANDS_MAX)
			log_error("tariffs", "too_many", "bands=%d most=%d", r->rows,
			          BANDS_MAX);
		t->count = 0;
		for (int row = 0; row < r->rows && row < BANDS_MAX; row++)
			tariff_read(r, row, &t->bands[t->count++]);
	}
	if (settle_is_leader(t->env->settle))
		enter_dues(t);
	else
		sleep_on(t);
}

static void
enter_dues(struct tariffs *t)
{
	t->pg = pg_call(t->env->pg, &tariff_dues, pg_args_new(), CALL_MS, on_dues, t);
}

static void
on_dues(void *arg, const struct pg_reply *r)
{
	struct tariffs *t = arg;

	t->pg = NULL;
	for (int row = 0; r->err.code == ERR_NONE && row < r->rows && row < AT_ONCE;
	     row++)
		enter_take(t, r, row);
	sleep_on(t);
}

/* Taken twice it would be a debit balance, which the account refuses. */
static void
enter_take(struct tariffs *t, const struct pg_reply *r, int row)
{
	int64_t now = loop_clock(t->env->loop)->wall_ms;
	struct account_ref due = { .kind = ACC_PROVIDER_DUE,
		                   .owner = reply_uuid(r, row, 1) };
	struct ledger_leg leg = { .kind = LEG_POST,
		                  .transfer_id = ids_uuid7(t->env->ids, now),
		                  .amount = reply_i64(r, row, 3) };
	struct operation op = { .cooperative_id = (int32_t)reply_i64(r, row, 0),
		                .kind = "provider.fees",
		                .legs = &leg,
		                .leg_count = 1 };
	struct taking *k = &t->takings[row];

	if (k->op != NULL)
		return; /* still under way from the last look */
	snprintf(due.unit, sizeof due.unit, "%s", reply_text(r, row, 2));
	leg.debit = leg.credit = due;
	leg.credit.kind = ACC_FLOAT;
	uuid_text(&due.owner, k->owner);
	op.key = ids_uuid7(t->env->ids, now);
	k->op = settle_submit(t->env->settle, &op, CALL_MS, on_taken, k);
}

static void
on_taken(void *arg, const struct settle_answer *a)
{
	struct taking *k = arg;

	k->op = NULL;
	if (a->err.code != ERR_NONE || a->result != OP_DONE)
		log_warn(k->owner, "provider_fees_wait", "err=%s result=%s",
		         err_name(a->err.code), op_result_name(a->result));
}

struct tariffs *
tariffs_new(struct flow_env *env, int64_t every_ms)
{
	struct tariffs *t = xzalloc(sizeof *t);

	t->env = env;
	t->every_ms = every_ms;
	t->timer = timer_start(env->loop, 0, enter_read, t);
	return t;
}

void
tariffs_free(struct tariffs *t)
{
	if (t == NULL)
		return;
	timer_cancel(&t->timer);
	pg_cancel(&t->pg);
	for (int i = 0; i < AT_ONCE; i++)
		settle_cancel(&t->takings[i].op);
	free(t);
}

int64_t
tariffs_fee(const struct tariffs *t, const struct payment *p)
{
	struct tariff_for what = { p->provider, p->currency, p->direction == PAY_IN,
		                   p->amount, p->created_ms };

	return t == NULL ? 0
	                 : tariff_fee(tariff_find(t->bands, t->count, &what), p->amount);
}

int64_t
tariffs_cost(const struct tariffs *t, const char *provider, const char *currency,
             int64_t amount)
{
	struct tariff_for what = { .provider = provider,
		                   .currency = currency,
		                   .amount = amount };
	const struct tariff_band *b;

	if (t == NULL)
		return -1;
	what.at_ms = loop_clock(t->env->loop)->wall_ms;
	b = tariff_find(t->bands, t->count, &what);
	return b == NULL ? -1 : tariff_fee(b, amount);
}
