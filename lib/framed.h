/*
 * framed - what a client of a protocol of frames stands on: a connection that gives whole
 * frames, a clock, and an end.
 *
 * The owner holds a machine that decides (a session).  It tells the machine what happens
 * - opened, came, lost - and after each of these `work` is called, which does all that
 * the machine asks for (framed_connect, framed_write, framed_close ...) and says when to
 * look again.  No callback comes from inside one of these functions.
 */
#ifndef LIB_FRAMED_H
#define LIB_FRAMED_H

#include "lib/stream.h"
#include "lib/wakeup.h"

struct framed_port {
	/* Bytes of the frame that begins there: 0 while nobody can say, -1 if no frame
	 * has that length, which is a loss: nobody knows where the next one begins. */
	int32_t (*length)(const uint8_t *bytes, size_t n);
	/* A longer frame is a loss too; 64 KiB at most, as a stream keeps no more. */
	size_t most;
	const char *no_length; /* why, of both: static text */
	void (*opened)(void *arg);
	/* One frame, which is dead when the callback returns. */
	void (*came)(void *arg, const uint8_t *frame, size_t n);
	/* The connection is gone, or was never made; why is static text. */
	void (*lost)(void *arg, const char *why);
	/* Monotonic ms at which to call again at the latest; INT64_MAX: when something
	 * happens. */
	int64_t (*work)(void *arg);
	void *arg;
};

/* To look at, from outside. */
struct framed {
	struct loop *loop;
	struct framed_port port;
	struct stream *stream; /* NULL: no connection */
	struct wakeup wake;
	loop_cb *ended;
	void *ended_arg;
};

/* Borrows loop, copies *port; work is called on the next turn. */
void framed_start(struct framed *f, struct loop *loop, const struct framed_port *port);
/* No callback comes any more, and what was not sent is not. */
void framed_stop(struct framed *f);
int64_t framed_now(const struct framed *f); /* monotonic ms */

/* ---- the connection: there is one at most, a new one ends that before ---- */

void framed_connect(struct framed *f, const struct stream_options *o);
/* One that the peer made to us; opened is not called. */
void framed_adopt(struct framed *f, int fd);
/* Copies; dropped where there is no connection. */
void framed_write(struct framed *f, const void *bytes, size_t n);
/* What was written leaves first.  lost is not called. */
void framed_close(struct framed *f);

/* ---- the machine ---- */

/* Something was asked of it: work is called soon. */
void framed_poke(struct framed *f);
/* It was told to come to its end: cb(arg), once, when framed_over is called. */
void framed_drain(struct framed *f, loop_cb *cb, void *arg);
void framed_over(struct framed *f);

#endif
