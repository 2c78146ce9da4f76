#include "lib/redis.h"

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "lib/redis_internal.h"

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_FIRST_MS 50
#define RETRY_MOST_MS  2000

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

	if (!ac || ac->err) {
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
	redis_socket_attach(r, ac);
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

/* RESP: "*2 $3 GET $4 s:{1", each part on a line of its own. */
static void
put_command(struct buf *b, int argc, const char *const *argv, const size_t *lens)
{
	buf_putc(b, '*');
	buf_put_i64(b, argc);
	for (int i = 0; i < argc; i++) {
		buf_puts(b, "\r\n$");
		buf_put_i64(b, (int64_t)lens[i]);
		buf_puts(b, "\r\n");
		buf_put(b, argv[i], lens[i]);
	}
	buf_puts(b, "\r\n");
}

#define FRAME_MAX 32 /* of a number and its line ends, over its digits */

static bool
send_command(struct redis *r, struct redis_op *op, int argc, const char *const *argv,
             const size_t *lens)
{
	size_t room = FRAME_MAX;
	struct buf b;

	for (int i = 0; i < argc; i++)
		room += lens[i] + FRAME_MAX;
	if (room > r->line_cap) {
		r->line = xrealloc(r->line, room);
		r->line_cap = room;
	}
	buf_init(&b, r->line, r->line_cap);
	put_command(&b, argc, argv, lens);
	return buf_ok(&b) &&
	       redisAsyncFormattedCommand(r->ac, on_reply, op, b.at, b.len) == REDIS_OK;
}

struct redis_op *
redis_command(struct redis *r, int argc, const char *const *argv, const size_t *lens,
              redis_cb *cb, void *arg)
{
	struct redis_op *op = new_op(r, cb, arg);

	if (r->up && send_command(r, op, argc, argv, lens)) {
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
	struct buf b;

	buf_init(&b, ttl, sizeof ttl);
	buf_put_i64(&b, ttl_ms);

	const char *const argv[] = { "SET", key, value, "PX", ttl };
	const size_t lens[] = { 3, strlen(key), n, 2, b.len };

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
	free(r->line);
	free(r);
}

/* Behind a start and a write that may be on their way. */
static void
destroy_soon(void *arg)
{
	struct redis *r = arg;

	loop_turn_end(r->loop, destroy, r);
}

void
redis_free(struct redis *r)
{
	if (!r || r->freed)
		return;
	r->freed = true;
	timer_cancel(&r->retry);
	drop(r, (struct err){ ERR_SHUTDOWN, FATE_UNKNOWN, "redis: stopping" });
	loop_next_turn(r->loop, destroy_soon, r);
}
