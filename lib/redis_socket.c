/* The socket of the Redis connection.
 *
 * hiredis wants to write after each command.  Commands of one turn leave together, when
 * it ends; only what the socket does not take then waits for it to be writable. */
#include "lib/redis_internal.h"

#include <event2/event.h>
#include <stdlib.h>

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
	struct redis *r = arg;

	(void)fd;
	if (what & EV_WRITE)
		redisAsyncHandleWrite(r->ac);
	else
		redisAsyncHandleRead(r->ac);
}

static void
on_turn_end(void *arg)
{
	struct redis *r = arg;

	r->flush_queued = false;
	if (r->ac == NULL || !r->up)
		return;
	r->flushing = true;
	redisAsyncHandleWrite(r->ac);
	r->flushing = false;
}

static void
watch_reads(void *arg)
{
	struct redis *r = arg;

	event_add(r->readable, NULL);
}

static void
unwatch_reads(void *arg)
{
	struct redis *r = arg;

	event_del(r->readable);
}

static void
want_write(void *arg)
{
	struct redis *r = arg;

	if (!r->up || r->flushing) {
		event_add(r->writable, NULL);
	} else if (!r->flush_queued) {
		r->flush_queued = true;
		loop_turn_end(r->loop, on_turn_end, r);
	}
}

static void
unwatch_writes(void *arg)
{
	struct redis *r = arg;

	event_del(r->writable);
}

static void
unwatch(void *arg)
{
	struct redis *r = arg;

	event_free(r->readable);
	event_free(r->writable);
	r->readable = r->writable = NULL;
}

void
redis_socket_attach(struct redis *r, redisAsyncContext *ac)
{
	struct event_base *base = loop_base(r->loop);

	r->readable = event_new(base, ac->c.fd, EV_READ | EV_PERSIST, on_socket, r);
	r->writable = event_new(base, ac->c.fd, EV_WRITE | EV_PERSIST, on_socket, r);
	if (r->readable == NULL || r->writable == NULL)
		abort();
	ac->ev.data = r;
	ac->ev.addRead = watch_reads;
	ac->ev.delRead = unwatch_reads;
	ac->ev.addWrite = want_write;
	ac->ev.delWrite = unwatch_writes;
	ac->ev.cleanup = unwatch;
}
