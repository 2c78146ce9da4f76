/* redis_internal - inside of redis: the client and its commands.  For lib/redis*.c alone.
 */
#ifndef LIB_REDIS_INTERNAL_H
#define LIB_REDIS_INTERNAL_H

#include "lib/backoff.h"
#include "lib/redis.h"

#include <hiredis/async.h>
#include <sys/queue.h>

struct event;

/* A command belongs to hiredis, or to the next turn's queue if it failed, until that
 * lets go of it; the caller may have been answered long before. */
struct redis_op {
	TAILQ_ENTRY(redis_op) link;
	struct redis *r; /* NULL: answered, only waiting to be let go */
	struct err err;  /* of a command that failed at once */
	redis_cb *cb;
	void *arg;
};

TAILQ_HEAD(redis_ops, redis_op);

struct redis {
	struct loop *loop;
	char *address;
	int64_t watchdog_ms;
	redisAsyncContext *ac; /* hiredis frees it after it broke; we only forget it */
	struct event *readable, *writable; /* of ac's socket */
	bool flush_queued; /* what was put in ac's buffer leaves when the turn ends */
	bool flushing;
	bool up;
	bool freed;
	struct timer *retry;
	struct timer *watchdog; /* while connecting or waiting for an answer */
	int64_t progress_ms;    /* when the server last did something        */
	struct backoff backoff;
	struct redis_ops waiting;
	char *line; /* where a command is written; as long as the longest was */
	size_t line_cap;
};

/* redis_socket.c: hiredis gets its events from r's loop until it lets go of ac. */
void redis_socket_attach(struct redis *r, redisAsyncContext *ac);

#endif
