#include "payments/flow/bulk_gather.h"

#include "config/settings.h"
#include "lib/arena.h"
#include "lib/log.h"
#include "payments/flow/gate.h"
#include "payments/flow/outbox.h"
#include "payments/store/bulk.h"
#include "payments/store/payment.h"

#include <stdlib.h>
#include <string.h>

#define LINES_MAX 512

struct line {
	struct payment p;
	struct bulk_gather *gather;
	struct gate_pass *pass; /* in flight, or NULL */
	bool goes;
};

struct bulk_gather {
	const struct carry_means *means;
	struct bulk_ready ready;
	unsigned most, count, waiting; /* lines, and those at the gate or being held */
	struct uuid claim;
	struct line *line;
	struct pg_op *pg; /* in flight, or NULL */
	struct timer *soon;
	bulk_gather_cb *cb;
	void *arg;
};

static void enter_gather(void *arg);
static void on_gather(void *arg, const struct pg_reply *r);
static void on_gate(void *arg, const struct gate_answer *a);
static void one_less(struct bulk_gather *g);
static void enter_form(struct bulk_gather *g);
static void on_form(void *arg, const struct pg_reply *r);
static void end(struct bulk_gather *g);

static int64_t
now(const struct bulk_gather *g)
{
	return loop_clock(g->means->env->loop)->wall_ms;
}

static int64_t
pg_deadline(const struct bulk_gather *g)
{
	return g->means->env->settings->pg.statement_ms;
}

struct bulk_gather *
bulk_gather_start(const struct carry_means *means, const struct bulk_ready *ready,
                  unsigned most, bulk_gather_cb *cb, void *arg)
{
	struct bulk_gather *g = xzalloc(sizeof *g);

	g->means = means;
	g->ready = *ready;
	g->most = most < LINES_MAX ? most : LINES_MAX;
	g->claim = ids_uuid4(means->env->ids);
	g->cb = cb;
	g->arg = arg;
	g->soon = timer_start(means->env->loop, 0, enter_gather, g);
	return g;
}

void
bulk_gather_cancel(struct bulk_gather **handle)
{
	struct bulk_gather *g = handle == NULL ? NULL : *handle;

	if (g == NULL)
		return;
	*handle = NULL;
	timer_cancel(&g->soon);
	pg_cancel(&g->pg);
	for (unsigned i = 0; i < g->count; i++)
		gate_cancel(&g->line[i].pass);
	free(g->line);
	free(g);
}

/* ---- GATHER ---- */

static void
enter_gather(void *arg)
{
	struct bulk_gather *g = arg;
	struct pg_args *a = pg_args_new();

	g->soon = NULL;
	pg_i32(a, g->ready.cooperative_id);
	pg_uuid(a, &g->ready.batch_id);
	pg_text(a, g->ready.provider);
	pg_uuid(a, &g->claim);
	pg_i64(a, now(g) + g->means->claim_ms);
	pg_i32(a, (int32_t)g->most);
	g->pg = pg_call(g->means->env->pg, &bulk_gather, a, pg_deadline(g), on_gather, g);
}

static void
on_gather(void *arg, const struct pg_reply *r)
{
	struct bulk_gather *g = arg;
	struct gate *gate = g->means->gate;

	g->pg = NULL;
	if (r->err.code != ERR_NONE || r->rows == 0 || r->rows > LINES_MAX) {
		end(g);
		return;
	}
	g->count = (unsigned)r->rows;
	g->line = xzalloc(g->count * sizeof *g->line);
	g->waiting = 1; /* until all are under way */
	for (unsigned i = 0; i < g->count; i++) {
		struct line *l = &g->line[i];

		payment_read(r, (int)i, &l->p);
		l->gather = g;
		l->goes = gate == NULL || !gate_watches(gate, &l->p);
		if (l->goes)
			continue;
		g->waiting++;
		l->pass = gate_enter(gate, &l->p, on_gate, l);
	}
	one_less(g);
}

/* ---- GATES ---- */

static void
one_less(struct bulk_gather *g)
{
	if (--g->waiting == 0)
		enter_form(g);
}

/* It waits as any payout does, by itself.  Should that not be written, the claim lapses
 * and it comes to the gate again. */
static void
hold(struct line *l, const struct gate_answer *a)
{
	struct bulk_gather *g = l->gather;
	bool by_itself = a->word == GATE_FLOAT;
	struct pg_args *args = pg_args_new();

	pg_i32(args, l->p.cooperative_id);
	pg_uuid(args, &l->p.payment_id);
	pg_uuid(args, &l->p.claim);
	pg_i64(args, now(g));
	pg_text(args, by_itself ? GATE_FLOAT_LOW : "name");
	pg_text(args, a->said);
	if (by_itself)
		pg_i64(args, now(g) + g->means->float_ms);
	else
		pg_null(args);
	pg_call(g->means->env->pg, &payment_held, args, pg_deadline(g), NULL, NULL);
}

static void
on_gate(void *arg, const struct gate_answer *a)
{
	struct line *l = arg;

	l->pass = NULL;
	l->goes = a->word == GATE_GO;
	if (!l->goes) {
		hold(l, a);
		outbox_nudge(l->gather->means->env->outbox);
	}
	one_less(l->gather);
}

/* ---- FORM ---- */

static void
enter_form(struct bulk_gather *g)
{
	struct uuid id = ids_uuid4(g->means->env->ids), goes[LINES_MAX];
	struct pg_args *a;
	size_t n = 0;

	for (unsigned i = 0; i < g->count; i++)
		if (g->line[i].goes)
			goes[n++] = g->line[i].p.payment_id;
	if (n == 0) {
		end(g);
		return;
	}
	a = pg_args_new();
	pg_i32(a, g->ready.cooperative_id);
	pg_uuid(a, &id);
	pg_uuid(a, &g->ready.batch_id);
	pg_text(a, g->ready.provider);
	pg_uuid_array(a, goes, n);
	pg_uuid(a, &g->claim);
	pg_i64(a, now(g));
	g->pg = pg_call(g->means->env->pg, &bulk_form, a, pg_deadline(g), on_form, g);
}

static void
on_form(void *arg, const struct pg_reply *r)
{
	struct bulk_gather *g = arg;

	g->pg = NULL;
	if (r->err.code != ERR_NONE)
		log_warn(g->ready.code, "bulk_not_formed", "why=%s message=\"%s\"",
		         err_name(r->err.code), r->message);
	else
		log_info(g->ready.code, "bulk_formed", "provider=%s lines=%lld",
		         g->ready.provider, (long long)reply_i64(r, 0, 0));
	end(g);
}

static void
end(struct bulk_gather *g)
{
	bulk_gather_cb *cb = g->cb;
	void *arg = g->arg;

	bulk_gather_cancel(&g);
	cb(arg);
}
