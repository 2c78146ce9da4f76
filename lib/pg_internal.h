/*
 * pg_internal - inside of pg: the pool, its connections and the calls.  For lib/pg*.c and
 * the scripted fake in tests alone.
 *
 * A call lives in pg->waiting until a connection takes it, then in that connection's
 * `sent` list until the answer to its sync came.  A connection:
 *
 *   DOWN --timer--> CONNECTING --> SETUP --> READY --broken or retired--> DOWN
 *     ^------------------'-----------'
 */
#ifndef LIB_PG_INTERNAL_H
#define LIB_PG_INTERNAL_H

#include "lib/backoff.h"
#include "lib/pg.h"

#include <libpq-fe.h>
#include <sys/queue.h>

#define PG_ARGS_MAX       64
#define PG_ARGS_MAX_BYTES (64u << 20)

struct pg_arg {
	size_t offset; /* into bytes */
	size_t len;
	bool null;
	bool binary;
};

struct pg_args {
	char *bytes;
	size_t len, cap;
	struct pg_arg v[PG_ARGS_MAX];
	size_t n;
	bool failed;
};

enum pg_stage { PG_PREPARE, PG_EXECUTE, PG_SYNC };

struct pg_op {
	TAILQ_ENTRY(pg_op) link;
	struct pg *pg;
	struct pg_conn *conn; /* NULL while waiting                      */
	const struct pg_statement *st;
	struct pg_args *args;   /* owned until sent                        */
	PGresult *result;       /* owned                                   */
	enum pg_stage stage;    /* which result comes next                 */
	struct timer *deadline; /* runs until the answer, even if nobody waits */
	bool overdue;           /* sent, and its caller was told ERR_TIMEOUT */
	pg_cb *cb;              /* NULL: nobody waits                      */
	void *arg;
};

TAILQ_HEAD(pg_ops, pg_op);

enum pg_conn_state { PG_DOWN, PG_CONNECTING, PG_SETUP, PG_READY };

struct pg_known {
	const struct pg_statement *st;
	bool prepared;
};

struct pg_conn {
	struct pg *pg;
	enum pg_conn_state state;
	PGconn *conn;
	struct event *ev;
	int ev_fd;
	short ev_what;
	struct timer *timer; /* reconnect, or the deadline of connecting */
	struct backoff backoff;
	struct pg_ops sent;
	unsigned in_flight;
	unsigned overdue;       /* sent calls that passed their deadline */
	bool retiring;          /* takes nothing more; starts over when empty */
	struct pg_known *known; /* open addressing by address */
	size_t known_count, known_cap;
};

#define PG_CONNECTIONS_MAX 16

struct pg {
	struct loop *loop;
	struct pg_options o;
	char *conninfo, *role; /* owned; what o points to */
	struct pg_conn conns[PG_CONNECTIONS_MAX];
	struct pg_ops waiting;
	bool pump_queued, freed;
};

void pg_conn_start(struct pg_conn *c);
/* Hands the call to libpq.  False: it was not sent, and the connection has failed. */
bool pg_conn_send(struct pg_conn *c, struct pg_op *op);
bool pg_conn_flush(struct pg_conn *c);
/* Drops the connection, answers what was sent on it, and comes back later. */
void pg_conn_fail(struct pg_conn *c, const char *why);
/* Frees libpq's side; the calls stay in `sent`. */
void pg_conn_close(struct pg_conn *c);

/* Unlinks and frees the call, then tells its caller. */
void pg_op_answer(struct pg_op *op, const struct pg_reply *reply);
void pg_op_fail(struct pg_op *op, enum err_code code, enum fate fate, const char *what);
void pg_pump(struct pg *pg);

#endif
