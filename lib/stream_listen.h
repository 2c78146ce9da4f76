/*
 * stream_listen - connections that others make to us, for protocols that are not HTTP.
 *
 * Each is shown with the address it comes from; who wants it takes it (stream_take), else
 * it is closed.
 */
#ifndef LIB_STREAM_LISTEN_H
#define LIB_STREAM_LISTEN_H

#include "lib/stream.h"

struct stream_listener;

/* peer: the caller's address in digits.  True: fd is the callee's now. */
typedef bool stream_called(void *arg, int fd, const char *peer);

/* listen: "127.0.0.1:2776", "[::]:2776".  NULL with *err set: no such address, or it is
 * taken. */
struct stream_listener *stream_listen(struct loop *loop, const char *listen,
                                      stream_called *called, void *arg, struct err *err);
void stream_listener_free(struct stream_listener *l); /* NULL is fine */

#endif
