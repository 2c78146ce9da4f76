/* The scripted redis, with a small memory of its own. */
#include "lib/redis.h"

#include "lib/arena.h"
#include "tests/fake/fake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct redis {
	struct loop *loop;
	int64_t watchdog_ms;
};

struct redis_op {
	struct fake_call call;
	int argc;
	const char *const *argv; /* during the call only */
	const size_t *lens;
	bool is_nil;
	redis_cb *cb;
	void *arg;
};

struct entry {
	struct entry *next;
	char *key, *value;
	int64_t until_ms; /* 0: for ever */
};

static struct entry *memory;

static void
forget(struct entry **at)
{
	struct entry *e = *at;

	*at = e->next;
	free(e->key);
	free(e->value);
	free(e);
}

void
fake_redis_forget(void)
{
	while (memory)
		forget(&memory);
}

static struct entry **
find(const char *key)
{
	int64_t now = loop_clock(fake_loop())->mono_ms;
	struct entry **at = &memory;

	while (*at) {
		if ((*at)->until_ms > 0 && (*at)->until_ms <= now)
			forget(at);
		else if (strcmp((*at)->key, key) == 0)
			break;
		else
			at = &(*at)->next;
	}
	return at;
}

static void
put(const char *key, const char *value, size_t n, int64_t ttl_ms)
{
	struct entry **at = find(key);
	struct entry *e = *at;

	if (!e) {
		e = xzalloc(sizeof *e);
		e->key = xstrdup(key);
		*at = e;
	}
	free(e->value);
	e->value = xzalloc(n + 1);
	memcpy(e->value, value, n);
	e->until_ms = ttl_ms > 0 ? loop_clock(fake_loop())->mono_ms + ttl_ms : 0;
}

static struct answer
do_set(const struct redis_op *op)
{
	int64_t ttl = 0;

	for (int i = 3; i < op->argc; i++) {
		if (strcasecmp(op->argv[i], "NX") == 0 && *find(op->argv[1]))
			return answer_text(NULL);
		if (strcasecmp(op->argv[i], "PX") == 0 && i + 1 < op->argc)
			ttl = strtoll(op->argv[i + 1], NULL, 10);
		if (strcasecmp(op->argv[i], "EX") == 0 && i + 1 < op->argc)
			ttl = 1000 * strtoll(op->argv[i + 1], NULL, 10);
	}
	put(op->argv[1], op->argv[2], op->lens[2], ttl);
	return answer_text("OK");
}

/* INCR key [window]: the time to live is set with the first. */
static struct answer
do_incr(const struct redis_op *op)
{
	struct entry *e = *find(op->argv[1]);
	int64_t ttl = op->argc > 2 ? strtoll(op->argv[2], NULL, 10) : 0;
	struct answer a = { .integer = 1 };
	char text[24];

	if (e) {
		a.integer = strtoll(e->value, NULL, 10) + 1;
		ttl =
		    e->until_ms > 0 ? e->until_ms - loop_clock(fake_loop())->mono_ms : 0;
	}
	snprintf(text, sizeof text, "%" PRId64, a.integer);
	put(op->argv[1], text, strlen(text), ttl);
	return a;
}

static struct answer
fallback(struct fake_call *f, const struct script_call *call)
{
	const struct redis_op *op = (const struct redis_op *)f;
	struct entry **at;

	if (fake_redis_is_down())
		return answer_err(ERR_CONNECT, FATE_NOT);
	if (op->argc >= 3 && strcasecmp(op->argv[0], "SET") == 0)
		return do_set(op);
	if (op->argc >= 2 && strcasecmp(op->argv[0], "INCR") == 0)
		return do_incr(op);
	if (op->argc == 2 && strcasecmp(op->argv[0], "GET") == 0) {
		at = find(op->argv[1]);
		return answer_text(*at ? (*at)->value : NULL);
	}
	if (op->argc == 2 && strcasecmp(op->argv[0], "DEL") == 0) {
		at = find(op->argv[1]);
		if (!*at)
			return (struct answer){ .integer = 0 };
		forget(at);
		return (struct answer){ .integer = 1 };
	}
	fake_unexpected(call->name);
	return answer_err(ERR_INTERNAL, FATE_NOT);
}

static void
deliver(struct fake_call *f, const struct answer *a)
{
	struct redis_op *op = (struct redis_op *)f;
	char *text = a->text ? xstrdup(a->text) : NULL;
	struct redis_reply reply = { .err = a->err,
		                     .is_nil = !text && op->is_nil,
		                     .text = text ? text : "",
		                     .len = text ? strlen(text) : 0,
		                     .integer = a->integer };
	redis_cb *cb = op->cb;
	void *arg = op->arg;

	fake_end(f);
	free(op);
	if (cb)
		cb(arg, &reply);
	free(text);
}

struct redis *
redis_new(struct loop *loop, const char *address, int64_t watchdog_ms)
{
	struct redis *r = xzalloc(sizeof *r);

	(void)address;
	r->loop = loop;
	r->watchdog_ms = watchdog_ms;
	return r;
}

void
redis_free(struct redis *r)
{
	if (!r)
		return;
	fake_fail_all(r, ERR_SHUTDOWN, FATE_UNKNOWN);
	free(r);
}

bool
redis_is_up(const struct redis *r)
{
	(void)r;
	return !fake_redis_is_down();
}

struct redis_op *
redis_command(struct redis *r, int argc, const char *const *argv, const size_t *lens,
              redis_cb *cb, void *arg)
{
	struct redis_op *op = xzalloc(sizeof *op);
	char name[512];
	struct script_call call = { .name = name, .deadline_ms = r->watchdog_ms };

	snprintf(name, sizeof name, "%s %s", argv[0], argc > 1 ? argv[1] : "");
	if (argc > 2) {
		call.body = argv[2];
		call.body_len = lens[2];
	}
	op->call.owner = r;
	op->call.deliver = deliver;
	op->call.fallback = fallback;
	op->argc = argc;
	op->argv = argv;
	op->lens = lens;
	op->is_nil = strcasecmp(argv[0], "GET") == 0 || strcasecmp(argv[0], "SET") == 0;
	op->cb = cb;
	op->arg = arg;
	fake_begin(&op->call, &call);
	return cb ? op : NULL;
}

struct redis_op *
redis_get(struct redis *r, const char *key, redis_cb *cb, void *arg)
{
	const char *const argv[] = { "GET", key };
	const size_t lens[] = { 3, strlen(key) };

	return redis_command(r, 2, argv, lens, cb, arg);
}

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

struct redis_op *
redis_del(struct redis *r, const char *key, redis_cb *cb, void *arg)
{
	const char *const argv[] = { "DEL", key };
	const size_t lens[] = { 3, strlen(key) };

	return redis_command(r, 2, argv, lens, cb, arg);
}

struct redis_op *
redis_count(struct redis *r, const char *key, int64_t window_ms, redis_cb *cb, void *arg)
{
	char window[24];
	const char *const argv[] = { "INCR", key, window };
	size_t lens[] = { 4, strlen(key), 0 };

	snprintf(window, sizeof window, "%" PRId64, window_ms);
	lens[2] = strlen(window);
	return redis_command(r, 3, argv, lens, cb, arg);
}

void
redis_cancel(struct redis_op **op)
{
	if (!op || !*op)
		return;
	fake_end(&(*op)->call);
	free(*op);
	*op = NULL;
}
