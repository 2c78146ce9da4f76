/*
 * stream - one connection, TCP or TLS, for protocols that are neither HTTP nor ours.
 *
 * Bytes are given to `came` as they arrive; it says how many it has used, the rest comes
 * again with what follows.  A peer that does not read is cut off.  Deadlines are the
 * owner's: it closes what takes too long.  Keeps promise (ii) of loop.h: no callback from
 * inside the starting call, none after stream_close.
 */
#ifndef LIB_STREAM_H
#define LIB_STREAM_H

#include "lib/err.h"
#include "lib/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream;
struct stream_tls;

/* TLS 1.2 and later, the peer's certificate checked against ca_file ("": the system's)
 * and the name or address that is connected to.  NULL with *err set. */
struct stream_tls *stream_tls_new(const char *ca_file, struct err *err);
void stream_tls_free(struct stream_tls *tls); /* NULL is fine; after its streams */

struct stream_port {
	void (*opened)(void *arg); /* connected, and with TLS agreed */
	size_t (*came)(void *arg, const uint8_t *bytes, size_t n);
	/* Over: the stream is dead, do not close it.  why is static text. */
	void (*closed)(void *arg, const char *why);
	void *arg;
};

struct stream_options {
	const char *host; /* a name, or an address in digits */
	unsigned port;
	struct stream_tls *tls; /* NULL: plain; borrowed */
};

struct stream *stream_open(struct loop *loop, const struct stream_options *o,
                           const struct stream_port *port);
/* One that the peer made to us: connected, plain, fd the stream's; opened is not called.
 * Then as any other. */
struct stream *stream_take(struct loop *loop, int fd, const struct stream_port *port);
/* Copies. */
void stream_write(struct stream *s, const void *bytes, size_t n);
/* No callback comes any more.  flush: what was written leaves first, within a second. */
void stream_close(struct stream **s, bool flush);

#endif
