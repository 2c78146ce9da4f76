#include "lib/pg.h"

#include "lib/arena.h"
#include "lib/pg_internal.h"

#include <stdlib.h>
#include <string.h>

/* How long the server may take, past its own statement_timeout, to end a statement. */
#define GRACE_MS 1000

/* ---- one call ---- */

static void
unlink_op(struct pg_op *op)
{
	struct pg_conn *c = op->conn;

	timer_cancel(&op->deadline);
	if (!c) {
		TAILQ_REMOVE(&op->pg->waiting, op, link);
		return;
	}
	TAILQ_REMOVE(&c->sent, op, link);
	c->in_flight--;
	c->overdue -= op->overdue;
}

static void
free_op(struct pg_op *op)
{
	unlink_op(op);
	pg_args_free(op->args);
	PQclear(op->result);
	free(op);
}

/* The result is ours until the callback returned; the call is gone before. */
void
pg_op_answer(struct pg_op *op, const struct pg_reply *reply)
{
	pg_cb *cb = op->cb;
	void *arg = op->arg;
	PGresult *result = op->result;

	op->result = NULL;
	free_op(op);
	if (cb)
		cb(arg, reply);
	PQclear(result);
}

void
pg_op_fail(struct pg_op *op, enum err_code code, enum fate fate, const char *what)
{
	struct pg_reply reply = { .err = { code, fate, what }, .message = "" };

	pg_op_answer(op, &reply);
}

/* A sent call cannot be taken back: its caller is told, and the connection gets the time
 * the server needs to end the statement by itself. */
static void
on_deadline(void *arg)
{
	struct pg_op *op = arg;
	struct pg_reply reply = { .err = { ERR_TIMEOUT, FATE_UNKNOWN,
		                           "database: no answer in time" },
		                  .message = "" };
	pg_cb *cb = op->cb;
	void *cb_arg = op->arg;

	op->deadline = NULL;
	if (!op->conn) {
		pg_op_fail(op, ERR_TIMEOUT, FATE_NOT, "database: no connection in time");
		return;
	}
	if (op->overdue) {
		pg_conn_fail(op->conn, "the server does not end its statement");
		return;
	}
	op->overdue = true;
	op->conn->overdue++;
	op->deadline =
	    timer_start(op->pg->loop, op->pg->o.statement_ms + GRACE_MS, on_deadline, op);
	op->cb = NULL;
	if (cb)
		cb(cb_arg, &reply);
}

/* ---- spreading calls over connections ---- */

static bool
takes_calls(const struct pg_conn *c)
{
	return c->state == PG_READY && !c->retiring && c->overdue == 0 &&
	       c->in_flight < c->pg->o.in_flight;
}

static struct pg_conn *
least_busy(struct pg *pg)
{
	struct pg_conn *best = NULL;

	for (unsigned i = 0; i < pg->o.connections; i++) {
		struct pg_conn *c = &pg->conns[i];

		if (takes_calls(c) && (!best || c->in_flight < best->in_flight))
			best = c;
	}
	return best;
}

void
pg_pump(struct pg *pg)
{
	struct pg_conn *c;

	while (!pg->freed && !TAILQ_EMPTY(&pg->waiting)) {
		struct pg_op *op = TAILQ_FIRST(&pg->waiting);

		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): answering unlinks */
		if (op->args && op->args->failed) {
			pg_op_fail(
			    op, ERR_TOO_LONG, FATE_NOT,
			    "database: arguments too many, too large or with a NUL");
			continue;
		}
		c = least_busy(pg);
		if (!c)
			break;
		pg_conn_send(c, op);
	}
	for (unsigned i = 0; i < pg->o.connections && !pg->freed; i++) {
		if (pg->conns[i].state == PG_READY)
			pg_conn_flush(&pg->conns[i]);
	}
}

static void
on_pump(void *arg)
{
	struct pg *pg = arg;

	pg->pump_queued = false;
	pg_pump(pg);
}

struct pg_op *
pg_call(struct pg *pg, const struct pg_statement *st, struct pg_args *args,
        int64_t deadline_ms, pg_cb *cb, void *arg)
{
	struct pg_op *op = xzalloc(sizeof *op);

	op->pg = pg;
	op->st = st;
	op->args = args;
	op->cb = cb;
	op->arg = arg;
	op->deadline = timer_start(pg->loop, deadline_ms, on_deadline, op);
	TAILQ_INSERT_TAIL(&pg->waiting, op, link);
	if (!pg->pump_queued && !pg->freed) {
		pg->pump_queued = true;
		loop_turn_end(pg->loop, on_pump, pg);
	}
	return cb ? op : NULL;
}

void
pg_cancel(struct pg_op **handle)
{
	struct pg_op *op;

	if (!handle || !*handle)
		return;
	op = *handle;
	*handle = NULL;
	op->cb = NULL;
	if (!op->conn)
		free_op(op);
}

/* ---- the pool ---- */

static unsigned
clamp(unsigned v, unsigned low, unsigned high)
{
	if (v < low)
		return low;
	return v > high ? high : v;
}

static void
on_start(void *arg)
{
	struct pg *pg = arg;

	for (unsigned i = 0; i < pg->o.connections && !pg->freed; i++)
		pg_conn_start(&pg->conns[i]);
}

struct pg *
pg_new(struct loop *loop, const struct pg_options *options)
{
	struct pg *pg = xzalloc(sizeof *pg);

	pg->loop = loop;
	pg->o = *options;
	pg->conninfo = xstrdup(options->conninfo ? options->conninfo : "");
	pg->role = xstrdup(options->role ? options->role : "");
	pg->o.conninfo = pg->conninfo;
	pg->o.role = pg->role;
	pg->o.connections = clamp(options->connections, 1, PG_CONNECTIONS_MAX);
	pg->o.in_flight = clamp(options->in_flight, 1, 256);
	TAILQ_INIT(&pg->waiting);
	for (unsigned i = 0; i < pg->o.connections; i++) {
		pg->conns[i].pg = pg;
		TAILQ_INIT(&pg->conns[i].sent);
	}
	loop_next_turn(loop, on_start, pg);
	return pg;
}

unsigned
pg_ready(const struct pg *pg)
{
	unsigned n = 0;

	for (unsigned i = 0; i < pg->o.connections; i++)
		n += takes_calls(&pg->conns[i]);
	return n;
}

static void
answer_all(struct pg *pg)
{
	struct pg_op *op;

	for (unsigned i = 0; i < pg->o.connections; i++) {
		while ((op = TAILQ_FIRST(&pg->conns[i].sent)))
			/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): unlinked */
			pg_op_fail(op, ERR_SHUTDOWN, FATE_UNKNOWN, "database: stopping");
	}
	while ((op = TAILQ_FIRST(&pg->waiting)))
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): answering unlinks */
		pg_op_fail(op, ERR_SHUTDOWN, FATE_NOT, "database: stopping");
}

static void
destroy(void *arg)
{
	struct pg *pg = arg;

	answer_all(pg); /* calls made by the callbacks of pg_free */
	free(pg->conninfo);
	free(pg->role);
	free(pg);
}

/* Behind a pump that may be on its way. */
static void
destroy_soon(void *arg)
{
	struct pg *pg = arg;

	loop_turn_end(pg->loop, destroy, pg);
}

void
pg_free(struct pg *pg)
{
	if (!pg || pg->freed)
		return;
	pg->freed = true;
	for (unsigned i = 0; i < pg->o.connections; i++)
		pg_conn_close(&pg->conns[i]);
	answer_all(pg);
	loop_next_turn(pg->loop, destroy_soon, pg);
}
