/*
 * pg - PostgreSQL from the event loop: libpq in pipeline mode over a few connections.
 *
 * A call is one named statement, prepared on a connection at its first use there, sent in
 * its own implicit transaction (autocommit, one sync each).  Nothing is ever retried:
 * after a call whose connection broke, ERR_LOST / FATE_UNKNOWN says that it may have
 * happened. A call that never left is ERR_CONNECT / FATE_NOT.  Connections come back by
 * themselves with back-off and jitter; calls made while none is up wait for one until
 * their deadline. A passed deadline answers ERR_TIMEOUT (FATE_UNKNOWN if it was sent);
 * the connection then takes nothing new until the server has ended the statement by
 * statement_timeout, and is dropped if it does not.
 *
 * Never blocks.  Keeps the five promises of loop.h.
 */
#ifndef LIB_PG_H
#define LIB_PG_H

#include "lib/err.h"
#include "lib/ids.h"
#include "lib/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pg;
struct pg_op;

/* Statements are static objects: their address is their identity. */
struct pg_statement {
	const char *name; /* unique, for the server's log and EXPLAIN          */
	const char *sql;  /* with $1.. and explicit casts where types matter   */
};

struct pg_options {
	const char *conninfo; /* libpq form; empty means the PG* environment     */
	unsigned connections; /* 1..16                                           */
	unsigned in_flight;   /* calls in the pipeline of one connection, 1..256 */
	int64_t connect_ms;   /* deadline of one connection attempt              */
	int64_t statement_ms; /* statement_timeout on the server                 */
	const char *role;     /* SET ROLE after connecting; NULL for none        */
	/* Its statements find rows by their keys: no plan reads a table through, however
	 * small it was when the plan was made, and none is compiled. */
	bool keyed;
};

struct pg *pg_new(struct loop *loop,
                  const struct pg_options *options); /* copies options */
void pg_free(struct pg *pg); /* unanswered calls are answered ERR_SHUTDOWN first */
/* Connections that could take a call right now. */
unsigned pg_ready(const struct pg *pg);

/* Arguments of one call, built in order.  Sticky: too many or too large marks the call,
 * which then answers ERR_TOO_LONG.  Text and bytes are copied.  Arrays go in binary form.
 */
struct pg_args;
struct pg_args *pg_args_new(void); /* owned by the caller until pg_call takes it */
void pg_args_free(struct pg_args *a);
void pg_null(struct pg_args *a);
void pg_text(struct pg_args *a, const char *s); /* NULL is SQL null */
void pg_text_n(struct pg_args *a, const char *s, size_t n);
void pg_i64(struct pg_args *a, int64_t v); /* bigint                */
void pg_i32(struct pg_args *a, int32_t v); /* integer               */
void pg_bool(struct pg_args *a, bool v);
void pg_uuid(struct pg_args *a, const struct uuid *u); /* NULL is SQL null */
void pg_bytes(struct pg_args *a, const void *p, size_t n);
/* Arrays of n elements: bigint[], integer[], uuid[], text[], bytea[] (a NULL pointer in
 * texts is a null element; a nil uuid is a null element). */
void pg_i64_array(struct pg_args *a, const int64_t *v, size_t n);
void pg_i32_array(struct pg_args *a, const int32_t *v, size_t n);
void pg_uuid_array(struct pg_args *a, const struct uuid *v, size_t n);
void pg_text_array(struct pg_args *a, const char *const *v, size_t n);

struct pg_blob {
	const void *p; /* NULL is a null element */
	size_t n;
};

void pg_bytes_array(struct pg_args *a, const struct pg_blob *v, size_t n);

struct pg_reply {
	struct err err;   /* code ERR_NONE: rows are there, committed.  ERR_REFUSED: the
	                     server said no (FATE_NOT), see sqlstate; ERR_BUSY: it said no
	                     for a reason that passes (deadlock, no room, read only)  */
	char sqlstate[6]; /* "" unless the server answered an error */
	const char *message; /* the server's primary message, "" if none */
	int rows;
	const void *result; /* PGresult *; use the getters */
};

typedef void pg_cb(void *arg, const struct pg_reply *reply);

/* Takes `args` (may be NULL for none).  Calls cb exactly once; with a NULL cb nobody is
 * told and NULL is returned. */
struct pg_op *pg_call(struct pg *pg, const struct pg_statement *st, struct pg_args *args,
                      int64_t deadline_ms, pg_cb *cb, void *arg);
/* Detaches: the call may still happen on the server, nobody is told. */
void pg_cancel(struct pg_op **op);

/* Getters for a row and column, both from 0.  Results are in text form; what is null or
 * unreadable reads as 0, "", nil. */
bool reply_null(const struct pg_reply *r, int row, int col);
int64_t reply_i64(const struct pg_reply *r, int row, int col);
bool reply_bool(const struct pg_reply *r, int row, int col);
const char *reply_text(const struct pg_reply *r, int row, int col); /* never NULL */
struct uuid reply_uuid(const struct pg_reply *r, int row, int col);
/* Decodes \x... bytea into out (at most cap bytes); returns the length. */
size_t reply_bytes(const struct pg_reply *r, int row, int col, void *out, size_t cap);

#endif
