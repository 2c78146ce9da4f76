#include "lib/arena.h"
#include "lib/log.h"
#include "lib/pg_internal.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_FIRST_MS 50
#define RETRY_MOST_MS  2000

static void connect_step(struct pg_conn *c);
static void read_setup(struct pg_conn *c);
static void on_io(evutil_socket_t fd, short what, void *arg);

/* ---- events ---- */

static void
unwatch(struct pg_conn *c)
{
	if (c->ev)
		event_free(c->ev);
	c->ev = NULL;
}

/* libpq may change the socket while it connects. */
static void
watch(struct pg_conn *c, short what)
{
	int fd = PQsocket(c->conn);

	if (c->ev && c->ev_fd == fd && c->ev_what == what)
		return;
	unwatch(c);
	c->ev =
	    event_new(loop_base(c->pg->loop), fd, (short)(what | EV_PERSIST), on_io, c);
	if (!c->ev)
		abort();
	c->ev_fd = fd;
	c->ev_what = what;
	event_add(c->ev, NULL);
}

/* ---- down ---- */

void
pg_conn_close(struct pg_conn *c)
{
	unwatch(c);
	timer_cancel(&c->timer);
	PQfinish(c->conn);
	c->conn = NULL;
	c->state = PG_DOWN;
	c->retiring = false;
	free(c->known);
	c->known = NULL;
	c->known_count = c->known_cap = 0;
}

static void
on_retry(void *arg)
{
	struct pg_conn *c = arg;

	c->timer = NULL;
	pg_conn_start(c);
}

static void
retry_later(struct pg_conn *c)
{
	c->timer = timer_start(c->pg->loop,
	                       backoff_next(&c->backoff, RETRY_FIRST_MS, RETRY_MOST_MS),
	                       on_retry, c);
}

/* The server said why it ended the statement: its transaction is surely gone.  Else only
 * asking can tell. */
static void
answer_lost(struct pg_op *op)
{
	const char *state =
	    op->result ? PQresultErrorField(op->result, PG_DIAG_SQLSTATE) : NULL;
	struct pg_reply reply = { .err = { ERR_LOST, FATE_UNKNOWN,
		                           "database: the connection broke" },
		                  .message = "" };

	if (state) {
		reply.err.fate = FATE_NOT;
		reply.message = PQresultErrorField(op->result, PG_DIAG_MESSAGE_PRIMARY);
		snprintf(reply.sqlstate, sizeof reply.sqlstate, "%s", state);
	}
	pg_op_answer(op, &reply);
}

void
pg_conn_fail(struct pg_conn *c, const char *why)
{
	struct pg_op *op;

	log_warn("pg", c->state == PG_READY ? "pg_lost" : "pg_connect_failed",
	         "connection=%td in_flight=%u why=\"%s\"", c - c->pg->conns, c->in_flight,
	         why);
	pg_conn_close(c);
	retry_later(c);
	/* Callbacks may start and cancel calls, or free the pool, which answers the rest.
	 */
	while ((op = TAILQ_FIRST(&c->sent)))
		answer_lost(op);
}

/* Broken on libpq's word. */
static void
fail_by_libpq(struct pg_conn *c)
{
	char why[200];

	snprintf(why, sizeof why, "%s", PQerrorMessage(c->conn));
	why[strcspn(why, "\n")] = '\0';
	for (char *p = why; (p = strchr(p, '"'));) /* it is quoted in the log */
		*p = '\'';
	pg_conn_fail(c, why);
}

/* ---- connecting ---- */

static void
on_connect_deadline(void *arg)
{
	struct pg_conn *c = arg;

	c->timer = NULL;
	pg_conn_fail(c, "no connection in time");
}

static void
ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

void
pg_conn_start(struct pg_conn *c)
{
	/* The whole conninfo goes in as "dbname"; what follows overrides it. */
	const char *keys[] = { "fallback_application_name", "dbname", "client_encoding",
		               NULL };
	const char *values[] = { "adit", c->pg->o.conninfo, "UTF8", NULL };

	c->state = PG_CONNECTING;
	c->timer = timer_start(c->pg->loop, c->pg->o.connect_ms, on_connect_deadline, c);
	c->conn = PQconnectStartParams(keys, values, 1);
	if (!c->conn)
		abort();
	if (PQstatus(c->conn) == CONNECTION_BAD) {
		fail_by_libpq(c);
		return;
	}
	PQsetNoticeProcessor(c->conn, ignore_notice, NULL);
	watch(c, EV_WRITE);
}

static void
send_setup(struct pg_conn *c)
{
	static const char sql[] =
	    "select set_config('statement_timeout', $1, false),"
	    " set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', "
	    "false),"
	    " set_config('bytea_output', 'hex', false),"
	    " case when $3::boolean then set_config('enable_seqscan', 'off', false) ||"
	    " set_config('jit', 'off', false) end,"
	    " case when $2::text <> '' then set_config('role', $2, false) end";
	char timeout[24];
	const char *values[] = { timeout, c->pg->o.role, c->pg->o.keyed ? "t" : "f" };

	snprintf(timeout, sizeof timeout, "%" PRId64, c->pg->o.statement_ms);
	c->state = PG_SETUP;
	if (PQsetnonblocking(c->conn, 1) != 0 ||
	    !PQsendQueryParams(c->conn, sql, 3, NULL, values, NULL, NULL, 0)) {
		fail_by_libpq(c);
		return;
	}
	pg_conn_flush(c);
}

static void
connect_step(struct pg_conn *c)
{
	switch (PQconnectPoll(c->conn)) {
	case PGRES_POLLING_READING:
		watch(c, EV_READ);
		break;
	case PGRES_POLLING_WRITING:
		watch(c, EV_WRITE);
		break;
	case PGRES_POLLING_OK:
		send_setup(c);
		break;
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE:
		fail_by_libpq(c);
		break;
	}
}

static void
ready(struct pg_conn *c)
{
	if (!PQenterPipelineMode(c->conn)) {
		fail_by_libpq(c);
		return;
	}
	timer_cancel(&c->timer);
	c->backoff.tries = 0;
	c->state = PG_READY;
	log_info("pg", "pg_up", "connection=%td", c - c->pg->conns);
	pg_pump(c->pg);
}

static void
read_setup(struct pg_conn *c)
{
	while (!PQisBusy(c->conn)) {
		PGresult *res = PQgetResult(c->conn);
		bool ok = PQresultStatus(res) == PGRES_TUPLES_OK;

		PQclear(res);
		if (!res) {
			ready(c);
			return;
		}
		if (!ok) {
			fail_by_libpq(c);
			return;
		}
	}
}

/* ---- prepared statements: known by their address, per connection ---- */

static struct pg_known *
known_slot(struct pg_conn *c, const struct pg_statement *st)
{
	size_t i = ((uintptr_t)st / sizeof(void *)) & (c->known_cap - 1);

	while (c->known[i].st && c->known[i].st != st)
		i = (i + 1) & (c->known_cap - 1);
	return &c->known[i];
}

static struct pg_known *
known(struct pg_conn *c, const struct pg_statement *st)
{
	struct pg_known *old = c->known, *k;
	size_t old_cap = c->known_cap;

	if (2 * (c->known_count + 1) > c->known_cap) {
		c->known_cap = old_cap ? 2 * old_cap : 64;
		c->known = xzalloc(c->known_cap * sizeof(*c->known));
		for (size_t i = 0; i < old_cap; i++) {
			if (old[i].st)
				*known_slot(c, old[i].st) = old[i];
		}
		free(old);
	}
	k = known_slot(c, st);
	if (!k->st) {
		k->st = st;
		c->known_count++;
	}
	return k;
}

/* ---- sending ---- */

static bool
execute(struct pg_conn *c, const struct pg_op *op)
{
	const char *values[PG_ARGS_MAX];
	int lengths[PG_ARGS_MAX], formats[PG_ARGS_MAX];
	int n = op->args ? (int)op->args->n : 0;

	for (int i = 0; i < n; i++) {
		const struct pg_arg *v = &op->args->v[i];

		values[i] = v->null ? NULL : op->args->bytes + v->offset;
		lengths[i] = (int)v->len;
		formats[i] = v->binary;
	}
	return PQsendQueryPrepared(c->conn, op->st->name, n, values, lengths, formats, 0);
}

bool
pg_conn_send(struct pg_conn *c, struct pg_op *op)
{
	struct pg_known *k = known(c, op->st);

	op->stage = k->prepared ? PG_EXECUTE : PG_PREPARE;
	if ((!k->prepared &&
	     !PQsendPrepare(c->conn, op->st->name, op->st->sql, 0, NULL)) ||
	    !execute(c, op)) {
		fail_by_libpq(c); /* without its sync nothing of it can be committed */
		return false;
	}
	k->prepared = true;
	TAILQ_REMOVE(&op->pg->waiting, op, link);
	TAILQ_INSERT_TAIL(&c->sent, op, link);
	op->conn = c;
	c->in_flight++;
	pg_args_free(op->args);
	op->args = NULL;
	if (PQpipelineSync(c->conn))
		return true;
	fail_by_libpq(c);
	return false;
}

/* While there is something to flush the server may need us to read first: both ways are
 * watched. */
bool
pg_conn_flush(struct pg_conn *c)
{
	int r = PQflush(c->conn);

	if (r < 0) {
		fail_by_libpq(c);
		return false;
	}
	watch(c, r > 0 ? EV_READ | EV_WRITE : EV_READ);
	return true;
}

/* ---- answers ---- */

/* What the server's error means for the call, and for the connection: the longest prefix
 * comes first.  Whatever it is, the transaction did not happen. */
static const struct verdict {
	const char *prefix; /* of the sqlstate */
	enum err_code code;
	bool retire; /* only a new connection helps */
	const char *what;
} verdicts[] = {
	{ "57014", ERR_TIMEOUT, false, "database: statement timeout" },
	{ "57P", ERR_LOST, false, "database: going away" },
	{ "40", ERR_BUSY, false, "database: deadlock or conflict, try again" },
	{ "53", ERR_BUSY, false, "database: out of resources" },
	{ "55P03", ERR_BUSY, false, "database: a lock was not to be had" },
	{ "25006", ERR_BUSY, true, "database: read only" },
	{ "0A000", ERR_BUSY, true, "database: the table changed" },
	{ "26000", ERR_BUSY, true, "database: the statement is not there" },
	{ "42P05", ERR_BUSY, true, "database: the statement is there already" },
	{ "58", ERR_INTERNAL, false, "database: input or output failed" },
	{ "XX", ERR_INTERNAL, false, "database: internal error" },
	{ "", ERR_REFUSED, false, "database: refused" },
};

static struct err
judge(struct pg_conn *c, const char *state)
{
	const struct verdict *v = verdicts;

	while (strncmp(v->prefix, state, strlen(v->prefix)) != 0)
		v++;
	c->retiring |= v->retire;
	return (struct err){ v->code, FATE_NOT, v->what };
}

static void
answer_op(struct pg_conn *c, struct pg_op *op)
{
	const PGresult *res = op->result;
	const char *state, *message;
	struct pg_reply reply = { .err = err_none(), .message = "", .result = res };

	if (PQresultStatus(res) == PGRES_TUPLES_OK) {
		reply.rows = PQntuples(res);
	} else if (PQresultStatus(res) != PGRES_COMMAND_OK) {
		state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
		message = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
		snprintf(reply.sqlstate, sizeof reply.sqlstate, "%s", state ? state : "");
		reply.message = message ? message : "";
		reply.result = NULL;
		reply.err = judge(c, reply.sqlstate);
	}
	pg_op_answer(op, &reply);
}

/* An error stays: what follows it up to the sync is only "aborted".  An error may also
 * come after success, from the commit itself. */
static void
keep_result(struct pg_conn *c, struct pg_op *op, PGresult *res)
{
	ExecStatusType status = PQresultStatus(res);
	bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

	if (op->stage == PG_PREPARE && !good)
		known(c, op->st)->prepared = false;
	if ((op->stage == PG_PREPARE && good) || status == PGRES_PIPELINE_ABORTED) {
		PQclear(res);
		return;
	}
	PQclear(op->result);
	op->result = res;
}

/* A null result ends a statement; two more of them than there are statements would mean
 * that libpq and we disagree about whose answer comes next. */
#define NULLS_MAX 4

static bool
take_result(struct pg_conn *c, int *nulls)
{
	struct pg_op *op = TAILQ_FIRST(&c->sent);
	PGresult *res = PQgetResult(c->conn);

	if (!res) {
		if (op->stage != PG_SYNC)
			op->stage = op->stage == PG_PREPARE ? PG_EXECUTE : PG_SYNC;
		return ++*nulls <= NULLS_MAX;
	}
	*nulls = 0;
	if (PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
		PQclear(res);
		answer_op(c, op);
	} else if (PQstatus(c->conn) == CONNECTION_BAD &&
	           !PQresultErrorField(res, PG_DIAG_SQLSTATE)) {
		PQclear(res);
		return false;
	} else {
		keep_result(c, op, res);
	}
	return true;
}

static void
read_answers(struct pg_conn *c)
{
	struct pg *pg = c->pg;
	int nulls = 0;

	/* A callback may have freed the pool: then the connection is gone. */
	while (c->state == PG_READY && !TAILQ_EMPTY(&c->sent) && !PQisBusy(c->conn)) {
		if (!take_result(c, &nulls)) {
			fail_by_libpq(c);
			return;
		}
	}
	if (c->state == PG_READY && c->retiring && TAILQ_EMPTY(&c->sent)) {
		pg_conn_fail(c, "starting over: prepared statements are stale");
		return;
	}
	if (!pg->freed)
		pg_pump(pg);
}

static void
io(struct pg_conn *c, short what)
{
	if (c->state == PG_CONNECTING) {
		connect_step(c);
		return;
	}
	if ((what & EV_READ) && !PQconsumeInput(c->conn)) {
		if (c->state == PG_READY)
			read_answers(c);
		if (c->state != PG_DOWN)
			fail_by_libpq(c);
		return;
	}
	if (c->state == PG_SETUP && pg_conn_flush(c))
		read_setup(c);
	else if (c->state == PG_READY)
		read_answers(c);
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	struct pg_conn *c = arg;
	struct loop *loop = c->pg->loop;

	(void)fd;
	(void)loop_clock(loop);
	io(c, what);
	loop_rest(loop);
}
