/*
 * redis - Redis from the event loop: hiredis async (0.14 and 1.x), with our own watchdog.
 *
 * One connection, RESP2.  Commands made while it is down fail at once, on the next turn,
 * with ERR_CONNECT: what is in Redis may vanish, so nobody should wait for it.  A silent
 * server is given watchdog_ms, then every waiting command gets ERR_TIMEOUT and the
 * connection is made anew with back-off and jitter.  Keeps the five promises of loop.h.
 */
#ifndef LIB_REDIS_H
#define LIB_REDIS_H

#include "lib/err.h"
#include "lib/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct redis;
struct redis_op;

/* address: "unix:/path" or "host:port". */
struct redis *redis_new(struct loop *loop, const char *address, int64_t watchdog_ms);
void redis_free(struct redis *r); /* waiting commands are answered ERR_SHUTDOWN first */
bool redis_is_up(const struct redis *r);

struct redis_reply {
	struct err err;   /* ERR_NONE, or ERR_REFUSED if Redis answered an error        */
	bool is_nil;      /* no such key                                                */
	const char *text; /* a string or status; "" otherwise                           */
	size_t len;
	int64_t integer; /* an integer answer                                          */
};

typedef void redis_cb(void *arg, const struct redis_reply *reply);

struct redis_op *redis_get(struct redis *r, const char *key, redis_cb *cb, void *arg);
/* SET key value PX ttl_ms.  cb may be NULL: nobody waits. */
struct redis_op *redis_set(struct redis *r, const char *key, const void *value, size_t n,
                           int64_t ttl_ms, redis_cb *cb, void *arg);
struct redis_op *redis_del(struct redis *r, const char *key, redis_cb *cb, void *arg);
/* INCR with a time to live set at the first: a fixed-window counter. */
struct redis_op *redis_count(struct redis *r, const char *key, int64_t window_ms,
                             redis_cb *cb, void *arg);
/* Any command, arguments with lengths. */
struct redis_op *redis_command(struct redis *r, int argc, const char *const *argv,
                               const size_t *lens, redis_cb *cb, void *arg);
void redis_cancel(struct redis_op **op); /* detaches */

#endif
