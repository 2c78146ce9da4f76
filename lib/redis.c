#include "lib/redis.h"

#include "lib/arena.h"
#include "lib/backoff.h"
#include "lib/log.h"

#include <hiredis/adapters/libevent.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define RETRY_FIRST_MS 50
#define RETRY_MOST_MS  2000

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
	bool up;
	bool freed;
	struct timer *retry;
	struct timer *watchdog; /* while connecting or waiting for an answer */
	int64_t progress_ms;    /* when the server last did something        */
	struct backoff backoff;
	struct redis_ops waiting;
};

static void start(struct redis *r);

/* ---- answers ---- */

static void
answer(struct redis_op *op, const struct redis_reply *reply)
{
	redis_cb *cb = op->cb;

	TAILQ_REMOVE(&op->r->waiting, op, link);
	op->r = NULL;
	op->cb = NULL;
	if (cb)
		cb(op->arg, reply);
}

static void
answer_err(struct redis_op *op, struct err err)
{
	struct redis_reply reply = { .err = err, .is_nil = true, .text = "" };

	answer(op, &reply);
}

/* A transaction answers with a list; what counts is its last element. */
static const redisReply *
last_of(const redisReply *from)
{
	while (from->type == REDIS_REPLY_ARRAY && from->elements > 0)
		from = from->element[from->elements - 1];
	return from;
}

static struct redis_reply
read_reply(const redisReply *from)
{
	struct redis_reply to = { .err = err_none(), .text = "" };

	from = last_of(from);
	switch (from->type) {
	case REDIS_REPLY_ERROR:
		to.err = (struct err){ ERR_REFUSED, FATE_NOT, "redis: refused" };
		to.text = from->str;
		to.len = from->len;
		break;
	case REDIS_REPLY_STRING:
	case REDIS_REPLY_STATUS:
		to.text = from->str;
		to.len = from->len;
		break;
	case REDIS_REPLY_INTEGER:
		to.integer = from->integer;
		break;
	default:
		to.is_nil = true;
		break;
	}
	return to;
}

/* ---- down and up again ---- */

static void
on_retry(void *arg)
{
	struct redis *r = arg;

	r->retry = NULL;
	start(r);
}

/* hiredis is about to free, or has freed, the context. */
static void
forget_context(struct redis *r, const char *why)
{
	if (!r->ac)
		return;
	r->ac->data = NULL;
	r->ac = NULL;
	r->up = false;
	timer_cancel(&r->watchdog);
	if (r->freed)
		return;
	log_warn("redis", "redis_down", "why=\"%s\"", why);
	r->retry =
	    timer_start(r->loop, backoff_next(&r->backoff, RETRY_FIRST_MS, RETRY_MOST_MS),
	                on_retry, r);
}

/* We end it: everybody is told first, then hiredis lets go of its commands. */
static void
drop(struct redis *r, struct err err)
{
	redisAsyncContext *ac = r->ac;
	struct redis_op *op;

	forget_context(r, err.what);
	while ((op = TAILQ_FIRST(&r->waiting)))
		answer_err(op, err);
	if (ac)
		redisAsyncFree(ac);
}

static void
on_watchdog(void *arg)
{
	struct redis *r = arg;
	int64_t left = r->progress_ms + r->watchdog_ms - loop_clock(r->loop)->mono_ms;

	r->watchdog = NULL;
	if (r->up && TAILQ_EMPTY(&r->waiting))
		return;
	if (left > 0)
		r->watchdog = timer_start(r->loop, left, on_watchdog, r);
	else
		drop(r, (struct err){ ERR_TIMEOUT, FATE_UNKNOWN,
		                      "redis: the server is silent" });
}

static void
watch(struct redis *r)
{
	if (r->watchdog)
		return;
	r->watchdog = timer_start(r->loop, r->watchdog_ms, on_watchdog, r);
}

static void
on_connect(const redisAsyncContext *ac, int status)
{
	struct redis *r = ac->data;

	if (!r)
		return;
	if (status != REDIS_OK) {
		forget_context(r, ac->errstr);
		return;
	}
	r->up = true;
	r->backoff.tries = 0;
	r->progress_ms = loop_clock(r->loop)->mono_ms;
	log_info("redis", "redis_up", "version=hiredis-%d.%d", HIREDIS_MAJOR,
	         HIREDIS_MINOR);
}

static void
on_disconnect(const redisAsyncContext *ac, int status)
{
	(void)status;
	if (ac->data)
		forget_context(ac->data, ac->err ? ac->errstr : "closed");
}

static redisAsyncContext *
open_context(const char *address)
{
	const char *colon = strrchr(address, ':');
	char host[256];
	int port;

	if (strncmp(address, "unix:", 5) == 0)
		return redisAsyncConnectUnix(address + 5);
	if (!colon || (size_t)(colon - address) >= sizeof host)
		return NULL;
	snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
	port = (int)strtol(colon + 1, NULL, 10);
	return redisAsyncConnect(host, port);
}

static void
start(struct redis *r)
{
	redisAsyncContext *ac = open_context(r->address);

	if (!ac || ac->err || redisLibeventAttach(ac, loop_base(r->loop)) != REDIS_OK) {
		log_warn("redis", "redis_down", "why=\"%s\"",
		         ac ? ac->errstr : "address");
		if (ac)
			redisAsyncFree(ac);
		r->retry = timer_start(
		    r->loop, backoff_next(&r->backoff, RETRY_FIRST_MS, RETRY_MOST_MS),
		    on_retry, r);
		return;
	}
	ac->data = r;
	r->ac = ac;
	redisAsyncSetConnectCallback(ac, on_connect);
	redisAsyncSetDisconnectCallback(ac, on_disconnect);
	r->progress_ms = loop_clock(r->loop)->mono_ms;
	watch(r);
}

/* ---- commands ---- */

static void
on_reply(redisAsyncContext *ac, void *from, void *arg)
{
	struct redis_op *op = arg;
	struct redis *r = op->r;
	struct redis_reply reply;

	if (r && !from) { /* it broke */
		if (r->ac == ac)
			forget_context(r, ac->err ? ac->errstr : "closed");
		answer_err(op, (struct err){ ERR_LOST, FATE_UNKNOWN,
		                             "redis: the connection broke" });
	} else if (r) {
		r->progress_ms = loop_clock(r->loop)->mono_ms;
		reply = read_reply(from);
		answer(op, &reply);
		loop_rest(r->loop);
	}
	free(op);
}

static void
on_failed(void *arg)
{
	struct redis_op *op = arg;

	if (op->r)
		answer_err(op, op->err);
	free(op);
}

static struct redis_op *
new_op(struct redis *r, redis_cb *cb, void *arg)
{
	struct redis_op *op = xzalloc(sizeof *op);

	op->r = r;
	op->cb = cb;
	op->arg = arg;
	if (TAILQ_EMPTY(&r->waiting)) /* silence counts from here */
		r->progress_ms = loop_clock(r->loop)->mono_ms;
	TAILQ_INSERT_TAIL(&r->waiting, op, link);
	return op;
}

struct redis_op *
redis_command(struct redis *r, int argc, const char *const *argv, const size_t *lens,
              redis_cb *cb, void *arg)
{
	struct redis_op *op = new_op(r, cb, arg);
	const char *words[32];
	bool sent = false;

	if (argc <= 32 && r->up) {
		memcpy(words, argv, (size_t)argc * sizeof *words);
		sent = redisAsyncCommandArgv(r->ac, on_reply, op, argc, words, lens) ==
		       REDIS_OK;
	}
	if (sent) {
		watch(r);
	} else {
		op->err = (struct err){ ERR_CONNECT, FATE_NOT, "redis: not connected" };
		loop_next_turn(r->loop, on_failed, op);
	}
	return cb ? op : NULL;
}

struct redis_op *
redis_get(struct redis *r, const char *key, redis_cb *cb, void *arg)
{
	const char *const argv[] = { "GET", key };
	const size_t lens[] = { 3, strlen(key) };

	return redis_command(r, 2, argv, lens, cb, arg);
}

/* NOLINTBEGIN(readability-function-size): the command has this many parts */
struct redis_op *
redis_set(struct redis *r, const char *key, const void *value, size_t n, int64_t ttl_ms,
          redis_cb *cb, void *arg)
{
	char ttl[24];
	const char *const argv[] = { "SET", key, value, "PX", ttl };
	size_t lens[] = { 3, strlen(key), n, 2, 0 };

	snprintf(ttl, sizeof ttl, "%" PRId64, ttl_ms);
	lens[4] = strlen(ttl);
	return redis_command(r, 5, argv, lens, cb, arg);
}

/* NOLINTEND(readability-function-size) */

struct redis_op *
redis_del(struct redis *r, const char *key, redis_cb *cb, void *arg)
{
	const char *const argv[] = { "DEL", key };
	const size_t lens[] = { 3, strlen(key) };

	return redis_command(r, 2, argv, lens, cb, arg);
}

/* One transaction, so that no counter can be left without a time to live. */
struct redis_op *
redis_count(struct redis *r, const char *key, int64_t window_ms, redis_cb *cb, void *arg)
{
	static const char *const exec[] = { "EXEC" };
	static const size_t exec_len[] = { 4 };
	char window[24];

	snprintf(window, sizeof window, "%" PRId64, window_ms);
	if (r->up) {
		redisAsyncCommand(r->ac, NULL, NULL, "MULTI");
		redisAsyncCommand(r->ac, NULL, NULL, "SET %s 0 PX %s NX", key, window);
		redisAsyncCommand(r->ac, NULL, NULL, "INCR %s", key);
	}
	return redis_command(r, 1, exec, exec_len, cb, arg);
}

void
redis_cancel(struct redis_op **op)
{
	if (!op || !*op)
		return;
	(*op)->cb = NULL;
	*op = NULL;
}

/* ---- the client ---- */

static void
on_start(void *arg)
{
	struct redis *r = arg;

	if (!r->freed)
		start(r);
}

struct redis *
redis_new(struct loop *loop, const char *address, int64_t watchdog_ms)
{
	struct redis *r = xzalloc(sizeof *r);

	r->loop = loop;
	r->address = xstrdup(address);
	r->watchdog_ms = watchdog_ms > 0 ? watchdog_ms : 1000;
	TAILQ_INIT(&r->waiting);
	loop_next_turn(loop, on_start, r);
	return r;
}

bool
redis_is_up(const struct redis *r)
{
	return r->up;
}

static void
destroy(void *arg)
{
	struct redis *r = arg;

	drop(r, (struct err){ ERR_SHUTDOWN, FATE_NOT, "redis: stopping" });
	free(r->address);
	free(r);
}

void
redis_free(struct redis *r)
{
	if (!r || r->freed)
		return;
	r->freed = true;
	timer_cancel(&r->retry);
	drop(r, (struct err){ ERR_SHUTDOWN, FATE_UNKNOWN, "redis: stopping" });
	loop_next_turn(r->loop, destroy, r);
}
